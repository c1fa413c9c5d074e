// The head of the list: search, and filters as chips with counts. All of them are in the address.
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
import type { InboxSearch } from '../search.ts';
import { AccountFilter } from './account-filter.tsx';

interface Props {
  place: InboxPlace;
  actions: ReactNode;
}

const most = 10_000;

/** The chips, in their order: of the state, and of what a conversation has. */
const chips = [
  ['mine', { state: 'open', assignee: 'me' }],
  ['unassigned', { state: 'open', assignee: 'nobody' }],
  ['open', { state: 'open' }],
  ['unread', { unread: true }],
  ['waiting', { waiting: true }],
  ['not_sent', { not_sent: true }],
  ['snoozed', { state: 'snoozed' }],
  ['closed', { state: 'closed' }],
] as const;
type ChipName = (typeof chips)[number][0];

/** Without any of them. */
export const noChip = {
  state: undefined,
  assignee: undefined,
  team: undefined,
  unread: undefined,
  waiting: undefined,
  not_sent: undefined,
};

export function ListHead({ place, actions }: Props) {
  const search = useRef<HTMLInputElement>(null);
  useHotkeys({ search: () => search.current?.focus() });
  const { t } = useTranslation();
  const { number } = useFormat();
  const { search: chosen, change } = place;
  const counts = useQuery(conversationCountsQuery(chosen.account)).data;
  const countOf = (name: ChipName) => {
    // Closed ones want nobody.
    const count = name === 'closed' ? 0 : (counts?.[name] ?? 0);
    if (count === 0) return undefined;
    return count > most ? `${number(most)}+` : number(count);
  };
  const isTeam = useIsTeam();
  const shown = isTeam ? chips : chips.filter(([name]) => name !== 'mine' && name !== 'unassigned');
  const isPressed = (filter: Partial<InboxSearch>) =>
    (Object.keys(noChip) as (keyof typeof noChip)[]).every(key => chosen[key] === filter[key]);
  return (
    <>
      <header className="flex min-h-bar flex-none items-center gap-1 border-b border-border ps-4 pe-3">
        <h1 className="min-w-0 flex-1">{t('inbox.title')}</h1>
        <AccountFilter place={place} />
        {actions}
      </header>
      <div className="grid flex-none gap-2.5 px-4 pt-3 pb-2">
        <SearchField place={place} input={search} />
        <Chips isRow label={t('inbox.filters')}>
          <Chip pressed={isPressed({})} onClick={() => void change(noChip)}>
            {t('inbox.filter.all')}
          </Chip>
          {shown.map(([name, filter]) => (
            <Chip
              key={name}
              pressed={isPressed(filter)}
              count={countOf(name)}
              onClick={() => void change({ ...noChip, ...(!isPressed(filter) && filter) })}
            >
              {t(`inbox.filter.${name}`)}
            </Chip>
          ))}
        </Chips>
      </div>
    </>
  );
}

function SearchField({ place, input }: { place: InboxPlace; input: RefObject<HTMLInputElement | null> }) {
  const { t } = useTranslation();
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
        placeholder={t('inbox.search')}
        aria-label={t('inbox.search')}
        className="ps-8.5 pe-8 [&::-webkit-search-cancel-button]:hidden"
      />
      <span className="pointer-events-none absolute end-1.5 top-[calc(50%-10px)] max-md:hidden" aria-hidden="true">
        <Kbd>/</Kbd>
      </span>
    </div>
  );
}
