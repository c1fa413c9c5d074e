// The rows of the list: only those near the screen are in the page. Tab reaches one of them, arrows go to the others.
import type { Conversation } from '@recado/client';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccounts } from '../../../data/accounts.ts';
import { markAllRead, markUnread } from '../../../data/conversations.ts';
import { useMay } from '../../../data/me.ts';
import { useIsTeam } from '../../../data/people.ts';
import { hotkeyAt, useHotkeys } from '../../../kit/hotkeys.ts';
import { useAction } from '../../../kit/use-action.ts';
import { usePicked } from '../bulk/picked.tsx';
import { OpenConversation } from '../open/part.ts';
import type { InboxPlace } from '../place.ts';
import { ConversationRow } from './conversation-row.tsx';
import { hasFacts } from './row-facts.tsx';
import { useHeldOrder } from './use-held-order.ts';

interface Props {
  rows: readonly Conversation[];
  place: InboxPlace;
  hasMore: boolean;
  onMore: () => void;
}

const rowHeight = 60;
/** Of a row that says how long somebody waits. */
const factsHeight = 82;
/** How many rows before the end the next page is read. */
const nearEnd = 20;

export function ConversationList({ rows, place, hasMore, onMore }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [isPointed, setPointed] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const { rows: shown, waiting, release } = useHeldOrder(rows, isPointed || isScrolled || isFocused);
  const accounts = useAccounts();
  const picked = usePicked();
  const isTeam = useIsTeam();
  const { current, setCurrent, moveTo } = useCurrentRow(shown, place.conversationId, scroller, isFocused);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => (isTeam && shown[index] && hasFacts(shown[index]) ? factsHeight : rowHeight),
    getItemKey: index => shown[index]?.id ?? index,
    overscan: 6,
    // The row that Tab reaches is in the page, however far the list is scrolled.
    rangeExtractor: range =>
      [...new Set([...defaultRangeExtractor(range), current])]
        .filter(index => index < shown.length)
        .sort((a, b) => a - b),
  });
  const items = virtualizer.getVirtualItems();
  const last = virtualizer.range?.endIndex ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onMore` is new for each render
  useEffect(() => {
    if (hasMore && last > shown.length - nearEnd) onMore();
  }, [hasMore, last, shown.length]);
  const isDrawn = items.length > 0;
  useEffect(() => {
    if (!isDrawn) return;
    // Somebody opens a row soon. A failure is told there.
    const frame = requestAnimationFrame(() => void OpenConversation.preload().catch(() => undefined));
    return () => cancelAnimationFrame(frame);
  }, [isDrawn]);
  const goTo = (index: number) => {
    virtualizer.scrollToIndex(index);
    moveTo(index);
  };
  useListKeys({ rows: shown, place, current: isFocused || picked.isOn ? shown[current]?.id : undefined, goTo });
  const press = (event: KeyboardEvent) => {
    const name = hotkeyAt('list', event);
    const end = shown.length - 1;
    if (name === 'conversationBefore') goTo(Math.max(0, current - 1));
    else if (name === 'conversationAfter') goTo(Math.min(end, current + 1));
    else if (name === 'firstConversation') goTo(0);
    else if (name === 'lastConversation') goTo(end);
    // Enter follows the link of the row.
    else return;
    event.preventDefault();
  };

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {waiting > 0 && (
        <button
          type="button"
          onClick={() => {
            release();
            virtualizer.scrollToOffset(0);
          }}
          className="absolute inset-x-0 top-2 z-1 mx-auto inline-flex h-control-s w-fit items-center gap-1.5 rounded-full bg-accent px-3 text-13 font-medium text-on-solid shadow-float hover:bg-accent-hover"
        >
          <ArrowUp size={14} strokeWidth={2} aria-hidden="true" />
          {t('inbox.newRows', { count: waiting })}
        </button>
      )}
      <div
        ref={scroller}
        onPointerEnter={({ pointerType }) => setPointed(pointerType === 'mouse')}
        onPointerLeave={() => setPointed(false)}
        onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop > 0)}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: rows that are not in the page would break the numbers of a ul */}
        <div
          role="list"
          onKeyDown={press}
          onFocus={({ target }) => {
            setFocused(target.matches(':focus-visible'));
            const row = target.closest<HTMLElement>('[data-index]')?.dataset.index;
            if (row !== undefined) setCurrent(shown[Number(row)]?.id);
          }}
          onBlur={() => setFocused(false)}
          className="relative"
          style={{ blockSize: virtualizer.getTotalSize() }}
        >
          {items.map(({ key, index, start, size }) => {
            const row = shown[index];
            return (
              // biome-ignore lint/a11y/useSemanticElements: see the list
              <div
                key={key}
                role="listitem"
                data-index={index}
                aria-posinset={index + 1}
                aria-setsize={hasMore ? -1 : shown.length}
                className="absolute inset-x-0 top-0"
                style={{ blockSize: size, transform: `translateY(${start}px)` }}
              >
                {row && (
                  <ConversationRow
                    row={row}
                    search={place.search}
                    isOpen={row.id === place.conversationId}
                    isTeam={isTeam}
                    isReachable={index === current}
                    pick={picked.isOn ? picked.isAll || picked.ids.has(row.id) : undefined}
                    onPick={picked.toggle}
                    accountName={
                      accounts.length > 1 && place.search.account === undefined
                        ? accounts.find(({ id }) => id === row.account_id)?.name
                        : undefined
                    }
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The row that Tab reaches: where the focus was last, else the open conversation, else the first. */
function useCurrentRow(
  rows: readonly Conversation[],
  openId: string | undefined,
  scroller: RefObject<HTMLDivElement | null>,
  isFocused: boolean,
) {
  const [id, setCurrent] = useState(openId);
  useEffect(() => setCurrent(openId), [openId]);
  const at = rows.findIndex(row => row.id === id);
  const current =
    at === -1
      ? Math.max(
          0,
          rows.findIndex(row => row.id === openId),
        )
      : at;
  /** The row to be focused once it is in the page. */
  const wanted = useRef<number>(undefined);
  const focus = (index: number) =>
    scroller.current
      ?.querySelector<HTMLElement>(`[data-index="${index}"] [data-row-focus]`)
      ?.focus({ preventScroll: true });
  useLayoutEffect(() => {
    // A row that becomes one to pick, or is none any more, is drawn anew: the focus fell out of the page with it.
    const isLost = isFocused && document.activeElement === document.body;
    const index = wanted.current ?? (isLost ? current : undefined);
    wanted.current = undefined;
    if (index !== undefined) focus(index);
  });
  const moveTo = (index: number) => {
    wanted.current = index;
    setCurrent(rows[index]?.id);
    // It may be the current one already: then nothing is drawn again.
    focus(index);
  };
  return { current, setCurrent, moveTo };
}

interface KeysGiven {
  rows: readonly Conversation[];
  place: InboxPlace;
  /** The conversation whose row has the focus. */
  current: string | undefined;
  goTo: (index: number) => void;
}

function useListKeys({ rows, place, current, goTo }: KeysGiven): void {
  const mayRead = useMay('messages.update');
  const read = useAction({ act: markAllRead });
  const unread = useAction({ act: markUnread });
  const { isOn: isPicking, toggle } = usePicked();
  const at = rows.findIndex(({ id }) => id === (current ?? place.conversationId));
  // One that has left the filter, as it was read: the next has its place.
  const before = useRef(-1);
  useEffect(() => {
    if (at !== -1) before.current = at;
  }, [at]);
  const hasLeft = at === -1 && place.conversationId !== undefined;
  /** Goes to a row, and opens it: unless rows are being picked, which an open conversation would end. */
  const open = (index: number) => {
    const row = rows[index];
    if (!row) return;
    goTo(index);
    if (!isPicking) void place.open(row.id);
  };
  const row = rows[at];
  const next = () => open(hasLeft ? Math.max(0, before.current) : at + 1);
  const previous = () => open(Math.max(0, (hasLeft ? before.current : at) - 1));
  useHotkeys({
    pick: mayRead && row ? () => toggle(row.id) : undefined,
    next,
    previous,
    nextOfView: next,
    previousOfView: previous,
    ...(mayRead && !isPicking && row && row.unread_count > 0 && { markRead: () => read.mutate(row.id) }),
    ...(mayRead && row?.unread_count === 0 && { markUnread: () => unread.mutate(row.id) }),
  });
}
