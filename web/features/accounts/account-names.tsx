// The accounts of a person, an invitation or a key, by name.
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { CutNote } from '../../components/list-table.tsx';
import { accountsQuery, useAccounts } from '../../data/accounts.ts';
import { useMay } from '../../data/me.ts';
import { useFormat } from '../../kit/format.ts';

/** Null stands for all. */
export function AccountNames({ ids }: { ids: string[] | null }) {
  const { t } = useTranslation();
  const { list } = useFormat();
  const mayRead = useMay('accounts.read');
  const accounts = useQuery({ ...accountsQuery, enabled: mayRead }).data?.rows;
  if (ids === null) return t('people.allAccounts');
  // Nobody knows yet whether it is deleted.
  if (accounts === undefined && mayRead) return '…';
  const names = ids.map(id => accounts?.find(account => account.id === id)?.name ?? t('people.deletedAccount'));
  return <bdi>{list(names)}</bdi>;
}

interface ChoiceProps {
  label: string;
  /** Null stands for all. */
  value: string[] | null;
  onChange: (value: string[] | null) => void;
}

/** All accounts, or some of them. */
export function AccountChoice({ label, value, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  const accounts = useAccounts(useMay('accounts.read'));
  const whole = useQuery({ ...accountsQuery, enabled: false }).data;
  const group = useId();
  const toggle = (id: string, on: boolean) =>
    onChange(on ? [...(value ?? []), id] : (value ?? []).filter(each => each !== id));
  return (
    <fieldset className="grid gap-2 text-text">
      <legend className="mb-1.5 text-13 font-medium">{label}</legend>
      <label className="flex items-start gap-2">
        <input type="radio" name={group} className="check" checked={value === null} onChange={() => onChange(null)} />
        {t('people.allAccounts')}
      </label>
      <label className="flex items-start gap-2">
        <input type="radio" name={group} className="check" checked={value !== null} onChange={() => onChange([])} />
        {t('people.someAccounts')}
      </label>
      {value !== null && (
        <ul className="ms-6 grid max-h-48 gap-2 overflow-y-auto">
          {accounts.map(({ id, name }) => (
            <li key={id}>
              <label className="flex items-start gap-2">
                <input
                  type="checkbox"
                  className="check"
                  checked={value.includes(id)}
                  onChange={event => toggle(id, event.target.checked)}
                />
                <bdi>{name}</bdi>
              </label>
            </li>
          ))}
        </ul>
      )}
      {value !== null && <CutNote whole={whole} />}
    </fieldset>
  );
}
