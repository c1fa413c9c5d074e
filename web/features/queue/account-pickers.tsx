// In the head of the queue: whose messages are shown, and pausing an account.

import type { Account } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, Pause } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { CutNote } from '../../components/list-table.tsx';
import { Menu, MenuChoice, MenuItem } from '../../components/menu.tsx';
import { accountsQuery, pauseAccount } from '../../data/accounts.ts';
import { useMay } from '../../data/me.ts';
import { useAction } from '../../kit/use-action.ts';

interface PickerProps {
  accounts: readonly Account[];
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}

export function AccountPicker({ accounts, chosen, onChoose }: PickerProps) {
  const { t } = useTranslation();
  const whole = useQuery(accountsQuery).data;
  if (accounts.length < 2 && chosen === undefined) return null;
  const name = accounts.find(({ id }) => id === chosen)?.name;
  return (
    <Menu
      label={t('queue.account')}
      trigger={
        <Button kind="line">
          <bdi className="cut max-w-40">{name ?? t('queue.allAccounts')}</bdi>
          <ChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      }
    >
      <MenuChoice
        label={t('queue.account')}
        value={chosen ?? ''}
        options={[
          { value: '', label: t('queue.allAccounts') },
          ...accounts.map(({ id, name: label }) => ({ value: id, label })),
        ]}
        onChange={value => onChoose(value === '' ? undefined : value)}
      />
      <CutNote whole={whole} />
    </Menu>
  );
}

export function PausePicker({ accounts }: { accounts: readonly Account[] }) {
  const { t } = useTranslation();
  const mayManage = useMay('accounts.manage');
  const whole = useQuery(accountsQuery).data;
  const pause = useAction({
    ...pauseAccount,
    done: account => t('accounts.paused', { name: account.name }),
  });
  const running = accounts.filter(({ status }) => status === 'connected');
  if (!mayManage || running.length === 0) return null;
  return (
    <Menu
      label={t('queue.pause')}
      trigger={
        <Button kind="line" icon={Pause} busy={pause.isPending} aria-label={t('queue.pause')}>
          <span className="hidden md:inline">{t('queue.pause')}</span>
        </Button>
      }
    >
      {running.map(account => (
        <MenuItem key={account.id} onSelect={() => pause.mutate(account.id)}>
          <bdi>{account.name}</bdi>
        </MenuItem>
      ))}
      <CutNote whole={whole} />
    </Menu>
  );
}
