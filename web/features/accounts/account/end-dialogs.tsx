// Clearing the queue of an account, and deleting it by typing its name.

import type { Account } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { accountQueueQuery, clearQueue, deleteAccount } from '../../../data/accounts.ts';
import { useAction } from '../../../kit/use-action.ts';
import { queuedOf } from '../reason.ts';

interface Props {
  account: Account;
  onClose: () => void;
}

function useWaiting(id: string): number | undefined {
  const queue = useQuery(accountQueueQuery(id)).data;
  return queue && queuedOf(queue) + queue.scheduled;
}

export function ClearDialog({ account, onClose }: Props) {
  const { t } = useTranslation();
  const count = useWaiting(account.id) ?? 0;
  const clear = useAction({
    ...clearQueue,
    done: ({ count: cancelled }) => t('accounts.cleared', { count: cancelled }),
    onDone: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('accounts.clearTitle', { count, name: account.name })}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('accounts.clearKeep')}
          </Button>
          <Button
            kind="danger-solid"
            busy={clear.isPending}
            impossible={count === 0 ? t('accounts.nothingWaits') : undefined}
            onClick={() => clear.mutate(account.id)}
          >
            {t('accounts.clear')}
          </Button>
        </>
      }
    >
      <p>{t('accounts.clearWords')}</p>
    </Dialog>
  );
}

export function DeleteDialog({ account, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const count = useWaiting(account.id) ?? 0;
  const [typed, setTyped] = useState('');
  const remove = useAction({
    ...deleteAccount,
    done: t('accounts.deleted', { name: account.name }),
    async onDone() {
      await navigate({ to: '/accounts' });
    },
  });
  const isNamed = typed.trim() === account.name.trim();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('accounts.deleteTitle', { name: account.name })}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('accounts.keep')}
          </Button>
          <Button
            kind="danger-solid"
            busy={remove.isPending}
            impossible={isNamed ? undefined : t('accounts.typeFirst')}
            onClick={() => remove.mutate(account.id)}
          >
            {t('accounts.delete')}
          </Button>
        </>
      }
    >
      <p>{t('accounts.deleteWords', { count })}</p>
      <Field label={t('accounts.typeName')}>
        <Input
          autoFocus
          autoComplete="off"
          placeholder={account.name}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
      </Field>
    </Dialog>
  );
}
