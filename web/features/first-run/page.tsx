// The first run after the owner: an account, the first message, and the same from a program.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { useTitle } from '../../components/page.tsx';
import { accountsQuery, sandboxOf } from '../../data/accounts.ts';
import { createKey } from '../../data/keys.ts';
import { useMe } from '../../data/me.ts';
import { endWelcome } from '../../data/welcome.ts';
import { useAction } from '../../kit/use-action.ts';
import { AccountStep } from './account-step.tsx';
import { FirstRunFrame } from './frame.tsx';
import { MessageStep, type Sent } from './message-step.tsx';
import { ProgramStep } from './program-step.tsx';
import type { WelcomeStep } from './search.ts';

export function FirstRunPage() {
  const { t } = useTranslation();
  const { workspace } = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/welcome' });
  const sandbox = useQuery({ ...accountsQuery, select: sandboxOf });
  const [sent, setSent] = useState<Sent>();
  const step = sandbox.data ? (search.step ?? 2) : 2;
  useTitle(t('firstRun.title'));
  const make = useAction({
    ...createKey,
    onDone: () => go(4),
  });
  const makeKey = () =>
    make.mutate({
      name: t('firstRun.program.keyName'),
      scopes: ['accounts.read', 'messages.create', 'messages.read'],
      test: true,
    });
  const go = (next: WelcomeStep) => void navigate({ to: '/welcome', search: { step: next } });
  const leave = () => {
    endWelcome(workspace.id);
    void navigate({ to: '/inbox' });
  };
  return (
    <FirstRunFrame
      step={step}
      action={
        <Button size="small" onClick={leave}>
          {t('firstRun.skip')}
        </Button>
      }
    >
      {step === 2 && <AccountStep sandbox={sandbox} onContinue={() => go(3)} />}
      {step === 3 && sandbox.data && (
        <MessageStep
          account={sandbox.data}
          sent={sent}
          onSent={setSent}
          makingKey={make.isPending}
          onProgram={makeKey}
          onInbox={leave}
        />
      )}
      {step === 4 && sandbox.data && (
        <ProgramStep
          account={sandbox.data}
          sent={sent}
          secret={make.data?.key}
          makingKey={make.isPending}
          onMake={makeKey}
          onInbox={leave}
        />
      )}
    </FirstRunFrame>
  );
}
