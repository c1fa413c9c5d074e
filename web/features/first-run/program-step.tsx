// An API key for programs, shown once, with the first message as curl and with the SDK.

import type { Account } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { CodeBlock, CopyField } from '../../components/code.tsx';
import { TryKey } from '../../components/message/try-key.tsx';
import { programsFor } from '../../components/programs.ts';
import { lastRecipientQuery } from '../../data/messages.ts';
import { openWindow } from '../inbox/index.ts';
import { Narrow } from './frame.tsx';
import type { Sent } from './message-step.tsx';

interface Props {
  account: Account;
  sent: Sent | undefined;
  /** The key, only right after it was made. */
  secret: string | undefined;
  makingKey: boolean;
  onMake: () => void;
  onInbox: () => void;
}

export function ProgramStep({ account, sent, secret, makingKey, onMake, onInbox }: Props) {
  const { t } = useTranslation();
  const last = useQuery({ ...lastRecipientQuery(account.id), enabled: sent === undefined });
  const to = sent?.to ?? last.data ?? '+55 11 98765-4321';
  const body = sent?.body ?? t('firstRun.message.first');
  return (
    <Narrow>
      <div>
        <h1 className="text-28/9 tracking-tight">{t('firstRun.program.title')}</h1>
        <p className="mt-1 text-muted">
          {t(secret === undefined ? 'firstRun.program.intro' : 'firstRun.program.once')}
        </p>
      </div>
      {secret === undefined ? (
        <Button kind="primary" icon={KeyRound} busy={makingKey} onClick={onMake}>
          {t('firstRun.message.key')}
        </Button>
      ) : (
        <CopyField text={secret} label={t('firstRun.program.key')} />
      )}
      {secret === undefined ? (
        <>
          <p className="text-13 text-muted">{t('firstRun.program.gone')}</p>
          <CodeBlock tabs={programsFor({ accountId: account.id, to, body })} />
        </>
      ) : (
        <TryKey
          secret={secret}
          accountId={account.id}
          to={to}
          body={body}
          prepare={() => openWindow({ accountId: account.id, number: to }, t('firstRun.message.opening'))}
        />
      )}
      <Button kind={secret === undefined ? 'line' : 'primary'} onClick={onInbox}>
        {t('firstRun.inbox')}
      </Button>
    </Narrow>
  );
}
