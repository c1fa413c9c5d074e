// The head of the list: its title with all views, search, and the views with their counts. All of them are in the address.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chip, Chips } from '../../../components/choose.tsx';
import { Input, SearchMark } from '../../../components/field.tsx';
import { Kbd } from '../../../components/marks.tsx';
import { conversationCountsQuery } from '../../../data/conversations.ts';
import { useIsTeam } from '../../../data/people.ts';
import { useFormat } from '../../../kit/format.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import type { InboxPlace } from '../place.ts';
import { FilterMenu } from './filter-menu.tsx';
import { SortLine } from './sort-line.tsx';
import { ViewLinks } from './view-links.tsx';
import { ViewMenu } from './view-menu.tsx';
import { chipViews, countOf, isView, noView, shownCount } from './views.ts';

interface Props {
  place: InboxPlace;
  /** Whether texts of messages can be searched. */
  hasTexts: boolean;
  /** Whether the list has results of a search: they have an order of their own. */
  isSearch: boolean;
  actions: ReactNode;
}

export function ListHead({ place, hasTexts, isSearch, actions }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useHotkeys({ search: () => input.current?.focus() });
  const { t } = useTranslation();
  const { number } = useFormat();
  const { search, change } = place;
  const counts = useQuery(conversationCountsQuery(search.account)).data;
  const isTeam = useIsTeam();
  return (
    <>
      <header className="flex min-h-bar flex-none items-center gap-1 border-b border-border ps-4 pe-3">
        <ViewMenu place={place} isTeam={isTeam} counts={counts} />
        <FilterMenu place={place} isTeam={isTeam} />
        {actions}
      </header>
      <div className="grid flex-none gap-2 px-4 pt-3 pb-2">
        <SearchField place={place} label={t(hasTexts ? 'inbox.searchTexts' : 'inbox.search')} input={input} />
        {isTeam ? (
          <ViewLinks place={place} counts={counts} />
        ) : (
          <Chips isRow label={t('inbox.views')}>
            <Chip pressed={isView({ filter: {} }, search)} onClick={() => void change(noView)}>
              {t('inbox.view.all')}
            </Chip>
            {chipViews.map(view => (
              <Chip
                key={view.name}
                pressed={isView(view, search)}
                count={shownCount(countOf(counts, view.name), number)}
                onClick={() => void change({ ...noView, ...(!isView(view, search) && view.filter) })}
              >
                {t(`inbox.view.${view.name}`)}
              </Chip>
            ))}
          </Chips>
        )}
      </div>
      {!isSearch && (isTeam || search.order !== undefined) && <SortLine place={place} />}
    </>
  );
}

interface FieldProps {
  place: InboxPlace;
  label: string;
  input: RefObject<HTMLInputElement | null>;
}

function SearchField({ place, label, input }: FieldProps) {
  const { search, change } = place;
  const [text, setText] = useState(search.q ?? '');
  const settled = useSettled(text.trim());
  const q = settled === '' ? undefined : settled.slice(0, 100);
  // Once it has rested, what is typed goes into the address.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `change` is new for each address
  useEffect(() => {
    if (q !== search.q) void change({ q });
  }, [q]);
  // Another filter may have been chosen by a link.
  useEffect(() => {
    setText(typed => (search.q === undefined && typed.trim() !== '' ? '' : typed));
  }, [search.q]);
  return (
    <div className="relative">
      <SearchMark />
      <Input
        ref={input}
        type="search"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={event => {
          if (event.key !== 'Escape' || text === '') return;
          event.stopPropagation();
          setText('');
        }}
        placeholder={label}
        aria-label={label}
        className="ps-8.5 pe-8 [&::-webkit-search-cancel-button]:hidden"
      />
      <span className="pointer-events-none absolute end-1.5 top-[calc(50%-10px)] max-md:hidden" aria-hidden="true">
        <Kbd>/</Kbd>
      </span>
    </div>
  );
}
