// The first run after the owner: an account, the first message, and the same from a program.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { useTitle } from '../../components/page.tsx';
import { recado } from '../../kit/client.ts';
import { useMe } from '../../kit/me.ts';
import { useAction } from '../../kit/use-action.ts';
import { AccountStep } from './account-step.tsx';
import { FirstRunFrame } from './frame.tsx';
import { MessageStep, type Sent } from './message-step.tsx';
import { ProgramStep } from './program-step.tsx';
import { useSandbox } from './sandbox.ts';
import type { WelcomeStep } from './search.ts';
import { endWelcome } from './skipped.ts';

export function FirstRunPage() {
  const { t } = useTranslation();
  const { workspace } = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/welcome' });
  const sandbox = useSandbox();
  const [sent, setSent] = useState<Sent>();
  const step = sandbox.data ? (search.step ?? 2) : 2;
  useTitle(t('firstRun.title'));
  const make = useAction({
    act: () =>
      recado.keys.create({
        name: t('firstRun.program.keyName'),
        scopes: ['messages.create', 'messages.read'],
        test: true,
      }),
    changes: [['keys']],
    onDone: () => go(4),
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
          onProgram={() => make.mutate()}
          onInbox={leave}
        />
      )}
      {step === 4 && sandbox.data && (
        <ProgramStep
          account={sandbox.data}
          sent={sent}
          secret={make.data?.key}
          makingKey={make.isPending}
          onMake={() => make.mutate()}
          onInbox={leave}
        />
      )}
    </FirstRunFrame>
  );
}
