// The rows of the list: only those near the screen are in the page. j and k go through them, e marks as read.
import type { Conversation } from '@recado/client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccounts } from '../../../data/accounts.ts';
import { markAllRead } from '../../../data/conversations.ts';
import { useMay } from '../../../data/me.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { useAction } from '../../../kit/use-action.ts';
import type { InboxPlace } from '../place.ts';
import { ConversationRow } from './conversation-row.tsx';
import { useHeldOrder } from './use-held-order.ts';

interface Props {
  rows: readonly Conversation[];
  place: InboxPlace;
  hasMore: boolean;
  onMore: () => void;
}

const rowHeight = 60;
/** So many rows before the end, the next page is read. */
const nearEnd = 20;

export function ConversationList({ rows, place, hasMore, onMore }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [isPointed, setPointed] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  const { rows: shown, waiting, release } = useHeldOrder(rows, isPointed || isScrolled);
  const accounts = useAccounts();
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => shown[index]?.id ?? index,
    overscan: 6,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onMore` is new for each render
  useEffect(() => {
    if (hasMore && last > shown.length - nearEnd) onMore();
  }, [hasMore, last, shown.length]);
  useListKeys({ rows: shown, place, goTo: index => virtualizer.scrollToIndex(index) });

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
        <div role="list" className="relative" style={{ blockSize: virtualizer.getTotalSize() }}>
          {items.map(({ key, index, start }) => {
            const row = shown[index];
            return (
              // biome-ignore lint/a11y/useSemanticElements: see the list
              <div
                key={key}
                role="listitem"
                aria-posinset={index + 1}
                aria-setsize={hasMore ? -1 : shown.length}
                className="absolute inset-x-0 top-0 h-15"
                style={{ transform: `translateY(${start}px)` }}
              >
                {row && (
                  <ConversationRow
                    row={row}
                    search={place.search}
                    isOpen={row.id === place.conversationId}
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

interface KeysGiven {
  rows: readonly Conversation[];
  place: InboxPlace;
  goTo: (index: number) => void;
}

function useListKeys({ rows, place, goTo }: KeysGiven): void {
  const mayRead = useMay('messages.update');
  const read = useAction({ act: markAllRead });
  const at = rows.findIndex(({ id }) => id === place.conversationId);
  const open = (index: number) => {
    const row = rows[index];
    if (!row) return;
    goTo(index);
    void place.open(row.id);
  };
  const row = rows[at];
  useHotkeys({
    next: () => open(at + 1),
    previous: () => open(Math.max(0, at - 1)),
    ...(mayRead && row?.last_message && row.unread_count > 0 && { markRead: () => read.mutate(row.id) }),
  });
}
