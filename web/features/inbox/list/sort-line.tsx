// In which order the list stands, and a choice of another.
import { ArrowUpDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Menu, MenuChoice } from '../../../components/menu.tsx';
import type { InboxPlace } from '../place.ts';

const sorts = ['newest', 'longest_waiting', 'window_closing'] as const;

export function SortLine({ place }: { place: InboxPlace }) {
  const { t } = useTranslation();
  const sort = place.search.order ?? 'newest';
  return (
    <div className="flex flex-none items-center justify-between border-b border-border px-4 pb-1.5 text-12 text-muted">
      <span>{t(`inbox.sort.${sort}`)}</span>
      <Menu
        label={t('inbox.sort.label')}
        trigger={
          <button
            type="button"
            className="-me-1.5 flex h-6 items-center gap-1 rounded-control px-1.5 hover:bg-hover hover:text-text"
          >
            <ArrowUpDown size={13} strokeWidth={1.75} aria-hidden="true" />
            {t('inbox.sort.label')}
          </button>
        }
      >
        <MenuChoice
          label={t('inbox.sort.label')}
          value={sort}
          options={sorts.map(value => ({ value, label: t(`inbox.sort.${value}`) }))}
          onChange={value => void place.change({ order: value === 'newest' ? undefined : value })}
        />
      </Menu>
    </div>
  );
}
