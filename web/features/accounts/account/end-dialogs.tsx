// Clearing the queue of an account, and deleting it by typing its name.

import type { Account } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
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
  const waiting = useWaiting(account.id);
  const count = waiting ?? 0;
  const clear = useAction({
    ...clearQueue,
    done: ({ count: cancelled }) => t('accounts.cleared', { count: cancelled }),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={waiting === undefined ? t('accounts.clear') : t('accounts.clearTitle', { count, name: account.name })}
      keep={t('accounts.clearKeep')}
      confirm={t('accounts.clear')}
      busy={clear.isPending}
      impossible={waiting === undefined ? t('state.loading') : count === 0 ? t('accounts.nothingWaits') : undefined}
      onConfirm={() => clear.mutate(account.id)}
      onClose={onClose}
    >
      <p>{t('accounts.clearWords')}</p>
    </ConfirmDialog>
  );
}

export function DeleteDialog({ account, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const count = useWaiting(account.id);
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
    <ConfirmDialog
      title={t('accounts.deleteTitle', { name: account.name })}
      keep={t('accounts.keep')}
      confirm={t('accounts.delete')}
      busy={remove.isPending}
      impossible={isNamed ? undefined : t('accounts.typeFirst')}
      onConfirm={() => remove.mutate(account.id)}
      onClose={onClose}
    >
      <p>{count !== undefined && t('accounts.deleteWords', { count })}</p>
      <Field label={t('accounts.typeName')}>
        <Input
          autoFocus
          autoComplete="off"
          placeholder={account.name}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
      </Field>
    </ConfirmDialog>
  );
}
