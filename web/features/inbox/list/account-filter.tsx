// The account whose conversations are shown.
import { useQuery } from '@tanstack/react-query';
import { ListFilter } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { CutNote } from '../../../components/list-table.tsx';
import { Menu, MenuChoice } from '../../../components/menu.tsx';
import { accountsQuery } from '../../../data/accounts.ts';
import { cx } from '../../../kit/class-names.ts';
import type { InboxPlace } from '../place.ts';

export function AccountFilter({ place }: { place: InboxPlace }) {
  const { t } = useTranslation();
  const whole = useQuery(accountsQuery).data;
  const accounts = whole?.rows ?? [];
  const chosen = accounts.find(({ id }) => id === place.search.account);
  if (accounts.length < 2) return null;
  const options = [
    { value: '', label: t('inbox.allAccounts') },
    ...accounts.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Menu
      label={t('inbox.account')}
      trigger={
        <button
          type="button"
          title={t('inbox.account')}
          aria-label={chosen ? t('inbox.accountChosen', { name: chosen.name }) : t('inbox.account')}
          className={cx(
            buttonLook('quiet'),
            'min-w-0 gap-1.5 text-muted hover:text-text',
            chosen ? 'max-w-36 px-2 text-13 text-accent-text!' : 'w-control px-0!',
          )}
        >
          <ListFilter size={17} strokeWidth={1.75} aria-hidden="true" />
          {chosen && <bdi className="cut leading-5">{chosen.name}</bdi>}
        </button>
      }
    >
      <MenuChoice
        label={t('inbox.account')}
        value={place.search.account ?? ''}
        options={options}
        onChange={account => void place.change({ account: account === '' ? undefined : account })}
      />
      <CutNote whole={whole} />
    </Menu>
  );
}
