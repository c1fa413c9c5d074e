// What a search has found: people, and messages with their words marked.
import type { Conversation, FoundMessage } from '@recado/client';
import { readSearch, searchOperators, searchValues } from '@recado/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SearchX, StickyNote } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../components/button.tsx';
import { Chip, Chips } from '../../../components/choose.tsx';
import { Avatar } from '../../../components/marks.tsx';
import { Empty, Failed, Loading, SkeletonLines } from '../../../components/states.tsx';
import { foundConversationsQuery } from '../../../data/conversations.ts';
import { foundMessagesQuery, searchSettingQuery } from '../../../data/search.ts';
import { useFormat } from '../../../kit/format.ts';
import { contentTypes } from '../content-types.ts';
import { useDayWords } from '../days.ts';
import { useContactName } from '../names.ts';
import type { InboxPlace } from '../place.ts';
import { isShown, placeOf } from './hit.ts';
import { Marked } from './marked.tsx';
import { TextsNotice } from './texts-notice.tsx';

/** Offered to narrow a search down. */
const offers = ['has:image', 'has:document', 'in:notes', 'is:open', 'assignee:me', 'from:me'];

export function SearchResults({ place, q, hasTexts }: { place: InboxPlace; q: string; hasTexts: boolean }) {
  const { t } = useTranslation();
  const { tokens, words } = readSearch(q);
  const text = words.join(' ');
  const isAsked = tokens.length > 0 || hasTexts;
  const people = useQuery({ ...foundConversationsQuery(text), enabled: text !== '' && tokens.length === 0 });
  const isReady = useQuery(searchSettingQuery).data?.ready !== false || text === '';
  const messages = useInfiniteQuery({
    ...foundMessagesQuery(q, isReady),
    enabled: isAsked && (text === '' || hasTexts),
  });
  const persons = tokens.length === 0 && text !== '' ? (people.data?.data ?? []) : [];
  const hits = messages.data?.pages.flatMap(page => page.data) ?? [];
  const write = (next: string) => void place.change({ q: next.trim() === '' ? undefined : next.trim() });
  const isPending = (messages.isPending && messages.isEnabled) || (people.isPending && people.isEnabled);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="border-b border-border px-4 py-2">
        <Chips isRow label={t('inbox.find.narrow')}>
          {tokens.map(token => (
            <Chip
              key={token.start}
              pressed
              removable
              onClick={() => write(`${q.slice(0, token.start)}${q.slice(token.end)}`)}
            >
              <code>{`${token.operator}:${token.value}`}</code>
            </Chip>
          ))}
          {offers
            .filter(offer => !q.includes(offer))
            .map(offer => (
              <Chip key={offer} pressed={false} onClick={() => write(`${offer} ${q}`)}>
                <code>{offer}</code>
              </Chip>
            ))}
        </Chips>
      </div>
      {text !== '' && <TextsNotice />}
      {messages.isError && (
        <Failed title={t('inbox.find.failed')} error={messages.error} retry={() => void messages.refetch()} />
      )}
      {isPending && (
        <div className="p-4">
          <Loading>
            <SkeletonLines />
          </Loading>
        </div>
      )}
      {!isPending && !messages.isError && isReady && persons.length + hits.length === 0 && (
        <div role="status">
          <Empty icon={SearchX} title={t('inbox.nothingFits')}>
            {t('inbox.find.nothing', { text: q })}
          </Empty>
        </div>
      )}
      {persons.length > 0 && (
        <Section title={t('inbox.find.people')} count={people.data?.page.total ?? persons.length}>
          {persons.map(row => (
            <Person key={row.id} row={row} place={place} words={words} />
          ))}
        </Section>
      )}
      {hits.length > 0 && (
        <Section title={t('inbox.find.messages')} count={messages.data?.pages[0]?.page.total ?? hits.length}>
          {hits.map(hit => (
            <Hit key={hit.message_id ?? hit.note_id} hit={hit} place={place} words={words} />
          ))}
        </Section>
      )}
      {messages.hasNextPage && (
        <p className="px-4 pb-3 ps-17">
          <LinkButton onClick={() => void messages.fetchNextPage()}>{t('inbox.find.more')}</LinkButton>
        </p>
      )}
      <Help />
    </div>
  );
}

const most = 100;

function Section({ title, count, children }: { title: string; count: number; children: React.ReactNode }) {
  const { number } = useFormat();
  return (
    <section aria-label={title} className="py-2">
      <h2 className="flex justify-between px-4 py-1.5 text-13 font-medium text-muted">
        {title}
        <span className="num">{count > most ? `${number(most)}+` : number(count)}</span>
      </h2>
      <ul>{children}</ul>
    </section>
  );
}

const look =
  'relative grid grid-cols-[32px_minmax(0,1fr)_auto] gap-x-3 px-4 py-2 hover:bg-hover focus-visible:-outline-offset-2 aria-[current=true]:bg-selected';

function Person({ row, place, words }: { row: Conversation; place: InboxPlace; words: readonly string[] }) {
  const name = useContactName()(row.contact);
  const days = useDayWords();
  return (
    <li>
      <Link
        to="/inbox/$conversationId"
        params={{ conversationId: row.id }}
        search={{ ...place.search, message: undefined, note: undefined, find: undefined, side: 'none' }}
        aria-current={row.id === place.conversationId && place.search.message === undefined ? 'true' : undefined}
        className={look}
      >
        <Avatar name={name} />
        <bdi className="cut self-center">
          <Marked text={name} words={words} />
        </bdi>
        <time className="num text-12 text-faint" dateTime={row.last_message_at}>
          {days.short(row.last_message_at)}
        </time>
      </Link>
    </li>
  );
}

function Hit({ hit, place, words }: { hit: FoundMessage; place: InboxPlace; words: readonly string[] }) {
  const { t } = useTranslation();
  const name = useContactName()({ ...hit.contact, username: null, user_id: null });
  const days = useDayWords();
  const Icon = hit.type === null ? StickyNote : contentTypes[hit.type].icon;
  return (
    <li>
      <Link
        to="/inbox/$conversationId"
        params={{ conversationId: hit.conversation_id }}
        search={{
          ...place.search,
          ...placeOf(hit),
          find: words.length > 0 ? words.join(' ') : undefined,
          side: 'none',
        }}
        aria-current={isShown(hit, place.search) ? 'true' : undefined}
        className={look}
      >
        <Avatar name={name} />
        <span className="min-w-0">
          <span className="flex min-w-0 gap-1.5">
            <bdi className="cut font-medium">{name}</bdi>
            {hit.direction === 'outbound' && (
              <span className="cut text-muted">
                {hit.author === null ? t('inbox.find.ours') : t('inbox.find.wrote', { name: hit.author })}
              </span>
            )}
          </span>
          <span className="line-clamp-2 text-13 text-muted wrap-anywhere">
            {Icon && <Icon size={13} strokeWidth={1.75} aria-hidden="true" className="me-1 inline" />}
            {hit.type === null && <span className="sr-only">{t('inbox.find.note')} </span>}
            {hit.text === null ? (
              hit.type !== null && t(`contentType.inbox.${hit.type}`)
            ) : (
              <Marked text={hit.text} words={words} />
            )}
          </span>
        </span>
        <time className="num text-12 text-faint" dateTime={hit.created_at}>
          {days.short(hit.created_at)}
        </time>
      </Link>
    </li>
  );
}

function Help() {
  const { t } = useTranslation();
  const valuesOf = (operator: (typeof searchOperators)[number]) =>
    operator === 'is' || operator === 'has' || operator === 'in'
      ? searchValues[operator].join(', ')
      : t(`inbox.find.help.${operator}`);
  return (
    <section className="border-t border-border px-4 py-4">
      <h2 className="pb-2 text-13 font-medium text-muted">{t('inbox.find.what')}</h2>
      <dl className="grid grid-cols-[88px_minmax(0,1fr)] gap-y-1 text-13">
        {searchOperators.map(operator => (
          <div key={operator} className="contents">
            <dt>
              <code>{operator}:</code>
            </dt>
            <dd className="text-muted">{valuesOf(operator)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
