// Filters beside the views: the account, a label, and how long people wait.
import { useQuery } from '@tanstack/react-query';
import { ListFilter } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { CutNote } from '../../../components/list-table.tsx';
import { Menu, MenuChoice, MenuRule } from '../../../components/menu.tsx';
import { accountsQuery } from '../../../data/accounts.ts';
import { labelsQuery } from '../../../data/labels.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import type { InboxPlace } from '../place.ts';

/** The waits to choose from, in minutes. */
const waits = [10, 30, 60, 240];

export function FilterMenu({ place, isTeam }: { place: InboxPlace; isTeam: boolean }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const { search, change } = place;
  const whole = useQuery(accountsQuery).data;
  const accounts = whole?.rows ?? [];
  const labels = useQuery(labelsQuery('conversation')).data ?? [];
  const account = accounts.find(({ id }) => id === search.account);
  const label = labels.find(({ id }) => id === search.label);
  const atLeast = (minutes: number) => t('inbox.waitsAtLeast', { time: duration(minutes * 60) });
  const wait = search.unanswered ? atLeast(search.unanswered) : undefined;
  const chosen = [account?.name, label?.name, wait].filter(Boolean).join(' · ');
  if (accounts.length < 2 && labels.length === 0 && !isTeam && chosen === '') return null;
  const either = (value: string) => (value === '' ? undefined : value);
  const waited = search.unanswered ? String(search.unanswered) : '';
  const minutes = [...new Set([...waits, ...(search.unanswered ? [search.unanswered] : [])])].sort((a, b) => a - b);
  return (
    <Menu
      label={t('inbox.filters')}
      trigger={
        <button
          type="button"
          title={t('inbox.filters')}
          aria-label={chosen ? t('inbox.filtered', { name: chosen }) : t('inbox.filters')}
          className={cx(
            buttonLook('quiet'),
            'min-w-0 gap-1.5 text-muted hover:text-text',
            chosen ? 'max-w-36 px-2 text-13 text-accent-text!' : 'w-control px-0!',
          )}
        >
          <ListFilter size={17} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
          {chosen && <bdi className="cut leading-5">{chosen}</bdi>}
        </button>
      }
    >
      {accounts.length > 1 && (
        <MenuChoice
          label={t('inbox.account')}
          value={search.account ?? ''}
          options={[
            { value: '', label: t('inbox.allAccounts') },
            ...accounts.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={value => void change({ account: either(value) })}
        />
      )}
      <CutNote whole={whole} />
      {labels.length > 0 && (
        <>
          {accounts.length > 1 && <MenuRule />}
          <MenuChoice
            label={t('inbox.label')}
            value={search.label ?? ''}
            options={[
              { value: '', label: t('inbox.anyLabel') },
              ...labels.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={value => void change({ label: either(value) })}
          />
        </>
      )}
      {(accounts.length > 1 || labels.length > 0) && <MenuRule />}
      <MenuChoice
        label={t('inbox.waitsOver')}
        value={waited}
        options={[
          { value: '', label: t('inbox.anyWait') },
          ...minutes.map(count => ({ value: String(count), label: atLeast(count) })),
        ]}
        onChange={value => void change({ unanswered: value === '' ? undefined : Number(value) })}
      />
    </Menu>
  );
}
