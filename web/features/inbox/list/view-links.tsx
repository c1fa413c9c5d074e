// The views that a team uses most, in two columns below the search.
import type { ConversationCounts } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import type { InboxPlace } from '../place.ts';
import { countOf, isView, noView, shownCount, teamViews } from './views.ts';

export function ViewLinks({ place, counts }: { place: InboxPlace; counts: ConversationCounts | undefined }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <nav aria-label={t('inbox.views')} className="-mx-2 grid grid-cols-2 gap-x-2">
      {teamViews.map(view => {
        const { name, icon: Icon, filter } = view;
        const isCurrent = isView(view, place.search);
        const count = shownCount(countOf(counts, name), number);
        const isHot = name === 'closing' && count !== undefined;
        return (
          <Link
            key={name}
            to="."
            replace
            // The one that is shown already leads back to all.
            search={{ ...place.search, ...noView, ...(isCurrent ? {} : filter) }}
            aria-current={isCurrent ? 'page' : undefined}
            title={name === 'closing' ? t('inbox.closingWords') : undefined}
            className={cx(
              'flex h-control-s items-center gap-2 rounded-control px-2 text-13',
              isCurrent ? 'bg-selected font-medium text-accent-text' : 'text-muted hover:bg-hover hover:text-text',
            )}
          >
            <Icon size={14} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
            <span className="cut flex-1">{t(`inbox.view.${name}`)}</span>
            {count !== undefined && (
              <span className={cx('num flex-none', isHot && 'font-strong text-warning')}>{count}</span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
