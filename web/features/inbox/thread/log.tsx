// The messages of a conversation: the newest at the bottom, and only those near the screen in the page.
import type { ConversationChange, Message, Note } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { ArrowDown, MessagesSquare } from 'lucide-react';
import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../../components/states.tsx';
import { useMe } from '../../../data/me.ts';
import { loadNewer, loadOlder, showNewest } from '../../../data/thread.ts';
import type { Stretch } from '../../../data/thread-cache.ts';
import { useConnection } from '../../../kit/live.ts';
import { useDraft } from '../composer/draft.ts';
import type { OutgoingMessage } from '../composer/outgoing.ts';
import { OutgoingBubble } from '../composer/outgoing-bubble.tsx';
import { useDayWords } from '../days.ts';
import { NotePaper } from '../notes/paper.tsx';
import { ChangeLine } from './change-line.tsx';
import { canBeQuoted, type LogContext, MessageRow } from './message-row.tsx';
import { Notice } from './notice.tsx';
import { firstMeanwhile, guessOf, type Row, rowsOf, twinsOf } from './rows.ts';
import { useLogKeys } from './use-log-keys.ts';
import { useReading } from './use-reading.ts';
import { useSwipe } from './use-swipe.ts';

interface Props {
  conversationId: string;
  stretch: Stretch;
  /** What became of the conversation, the oldest first. */
  changes: readonly ConversationChange[];
  /** What we wrote for each other, the oldest first. */
  notes: readonly Note[];
  outgoing: readonly OutgoingMessage[];
  /** The message or note that is chosen; the log goes to it. */
  chosen: string | undefined;
  /** The message or note to go to, a new object for each time. */
  target: { id: string } | undefined;
  mayRead: boolean;
  context: Omit<LogContext, 'onPick'>;
}

/** So near to the end, new messages are followed. */
const nearEnd = 64;
/** So near to an edge, the next page is read. */
const nearEdge = 12;
/** A page that could not be read is read at the next step of the scroll, or when the connection is back. */
const untilNextTime = () => {};

export function Log({ conversationId, stretch, changes, notes, outgoing, chosen, target, mayRead, context }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const unread = useReading({
    messages: stretch.messages,
    isAtEnd: isAtEnd && !stretch.hasNewer,
    may: mayRead,
  });
  const me = useMe().person?.id;
  const twins = useTwins(stretch.messages, outgoing, me);
  const cameFrom = useMeanwhile(conversationId, stretch.messages, notes, me);
  const rows = useMemo(
    () =>
      rowsOf({
        messages: stretch.messages,
        changes,
        notes,
        outgoing,
        hasOlder: stretch.hasOlder,
        hasNewer: stretch.hasNewer,
        unreadFrom: unread?.id,
        cameFrom,
        twins,
        me,
      }),
    [stretch, changes, notes, outgoing, unread?.id, cameFrom, twins, me],
  );
  // Opened at the newest message, or at the one in the address.
  const opensAtEnd = useRef(chosen === undefined);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => guessOf(rows[index]),
    // Drawn from the top first, the log would read older pages at once.
    initialOffset: () => (opensAtEnd.current ? rows.reduce((sum, row) => sum + guessOf(row), 0) : 0),
    getItemKey: index => rows[index]?.key ?? index,
    overscan: 8,
    paddingStart: 16,
    paddingEnd: 16,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearEnd,
    onChange: instance => setAtEnd(instance.isAtEnd(nearEnd)),
  });
  const onScroll = useKeptEnd(scroller, virtualizer);
  const items = virtualizer.getVirtualItems();

  const toEnd = useCallback(async () => {
    if (stretch.hasNewer) await showNewest(client, conversationId);
    requestAnimationFrame(() => virtualizer.scrollToEnd());
  }, [client, conversationId, stretch.hasNewer, virtualizer]);

  useLayoutEffect(() => {
    if (opensAtEnd.current) virtualizer.scrollToEnd();
  }, [virtualizer]);
  // What somebody sends is seen.
  const sent = outgoing.length;
  const sentBefore = useRef(sent);
  useEffect(() => {
    if (sent > sentBefore.current) void toEnd();
    sentBefore.current = sent;
  }, [sent, toEnd]);
  // Goes to a message or note once it is loaded.
  const reached = useRef<{ id: string }>(undefined);
  useEffect(() => {
    const index = target === undefined ? -1 : rows.findIndex(({ key }) => key === target.id);
    if (index === -1 || reached.current === target) return;
    reached.current = target;
    virtualizer.scrollToIndex(index, { align: 'center' });
  }, [target, rows, virtualizer]);

  const first = items[0]?.index ?? rows.length;
  const last = items.at(-1)?.index ?? 0;
  const connection = useConnection();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that failed is read again with the connection.
  useEffect(() => {
    if (stretch.hasOlder && first < nearEdge) loadOlder(client, conversationId).catch(untilNextTime);
  }, [client, conversationId, stretch, first, connection]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    if (stretch.hasNewer && last > rows.length - nearEdge) loadNewer(client, conversationId).catch(untilNextTime);
  }, [client, conversationId, stretch, last, rows.length, connection]);

  const [picking, setPicking] = useState<string>();
  const shared = useMemo((): LogContext => ({ ...context, onPick: setPicking }), [context]);
  const { reachable, keys, onFocus } = useLogKeys({ rows, virtualizer, scroller, context: shared });
  const swipe = useSwipe(index => {
    const row = rows[index];
    if (row?.kind === 'message' && context.mayWrite && canBeQuoted(row.message))
      return () => context.onReply(row.message);
  });
  const missed = useMissed(stretch.messages, isAtEnd);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="log"
        data-pane
        aria-live="off"
        aria-label={t('inbox.log', { name: context.name })}
        onKeyDown={(event: KeyboardEvent<HTMLElement>) => keys(event)}
        onFocus={onFocus}
        onScroll={onScroll}
        {...swipe}
        className="flex min-h-0 flex-1 flex-col overflow-x-hidden overflow-y-auto [overflow-anchor:none]"
      >
        {rows.length === 0 && (
          <div className="m-auto">
            <Empty icon={MessagesSquare} title={t('inbox.noMessages')}>
              {t('inbox.noMessagesWords')}
            </Empty>
          </div>
        )}
        <div className="relative mt-auto w-full flex-none" style={{ blockSize: virtualizer.getTotalSize() }}>
          {items.map(({ key, index, start }) => {
            const row = rows[index];
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                <div className="mx-auto flex w-full max-w-220 flex-col px-3 pb-0.5 md:px-6">
                  {row && (
                    <RowView
                      row={row}
                      unreadCount={unread?.count ?? 0}
                      chosen={chosen}
                      reachable={reachable}
                      picking={picking}
                      context={shared}
                    />
                  )}
                </div>
              </div>
            );
          })}
        </div>
      </div>
      {(!isAtEnd || stretch.hasNewer) && (
        <button
          type="button"
          onClick={() => void toEnd()}
          className="absolute end-6 bottom-4 inline-flex h-8 items-center gap-1.5 rounded-full bg-raised px-3 text-13 font-medium shadow-float hover:bg-hover"
        >
          <ArrowDown size={16} strokeWidth={1.75} aria-hidden="true" />
          {missed > 0 ? t('inbox.newMessages', { count: missed }) : t('inbox.toNewest')}
        </button>
      )}
    </div>
  );
}

/** Keeps the newest message in sight while the log becomes lower or higher, if it was at its end. */
function useKeptEnd(
  scroller: RefObject<HTMLDivElement | null>,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
): () => void {
  const isHeld = useRef(true);
  useEffect(() => {
    const { current: log } = scroller;
    if (!log) return;
    let height = log.clientHeight;
    const observer = new ResizeObserver(() => {
      if (log.clientHeight !== height && isHeld.current) virtualizer.scrollToEnd();
      height = log.clientHeight;
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, [scroller, virtualizer]);
  return () => {
    const { current: log } = scroller;
    if (log) isHeld.current = log.scrollHeight - log.scrollTop - log.clientHeight < nearEnd;
  };
}

/** The stored messages that are shown as those on their way. */
function useTwins(
  messages: readonly Message[],
  outgoing: readonly OutgoingMessage[],
  me: string | undefined,
): ReadonlySet<string> {
  const seenAt = useRef(new Map<string, string | undefined>());
  for (const { localId } of outgoing)
    if (!seenAt.current.has(localId)) seenAt.current.set(localId, messages.at(-1)?.id);
  return useMemo(() => twinsOf(outgoing, messages, seenAt.current, me), [outgoing, messages, me]);
}

/** The first message or note of ours that came while a text is being written. */
function useMeanwhile(
  conversationId: string,
  messages: readonly Message[],
  notes: readonly Note[],
  me: string | undefined,
): string | undefined {
  const { text, seen } = useDraft(conversationId);
  return text === '' ? undefined : firstMeanwhile({ messages, notes, seen, me });
}

/** How many messages of the person came while an earlier part was shown. */
function useMissed(messages: readonly Message[], isAtEnd: boolean): number {
  const [seen, setSeen] = useState<string>();
  const newest = messages.at(-1)?.id;
  useEffect(() => {
    if (isAtEnd) setSeen(newest);
  }, [isAtEnd, newest]);
  const at = messages.findLastIndex(({ id }) => id === seen);
  if (isAtEnd || at === -1) return 0;
  return messages.slice(at + 1).filter(({ direction }) => direction === 'inbound').length;
}

interface RowProps {
  row: Row;
  unreadCount: number;
  chosen: string | undefined;
  reachable: string | undefined;
  picking: string | undefined;
  context: LogContext;
}

function RowView({ row, unreadCount, chosen, reachable, picking, context }: RowProps) {
  const { t } = useTranslation();
  const days = useDayWords();
  switch (row.kind) {
    case 'day':
      return <div className="self-center pt-4 pb-1 text-12 font-medium text-muted">{days.long(row.at)}</div>;
    case 'unread':
      return <div className="unread-line">{t('inbox.newMessages', { count: unreadCount })}</div>;
    case 'came':
      return <div className="unread-line is-warning">{t('inbox.cameMeanwhile')}</div>;
    case 'notice':
      return <Notice message={row.message} name={context.name} onDetails={context.onDetails} />;
    case 'change':
      return <ChangeLine change={row.change} name={context.name} />;
    case 'note':
      return <NotePaper note={row.note} isChosen={row.key === chosen} />;
    case 'outgoing':
      return <OutgoingBubble outgoing={row.outgoing} onEdit={context.onEdit} onTemplates={context.onTemplates} />;
    default:
      return (
        <MessageRow
          message={row.message}
          isNext={row.isNext}
          isChosen={row.key === chosen}
          isReachable={row.key === reachable}
          isPicking={row.key === picking}
          context={context}
        />
      );
  }
}
