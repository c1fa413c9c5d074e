// Marks seen messages as read, and a line shows where the unread messages began.

import type { Conversation, Message } from '@recado/client';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { markRead, unmarkUnread } from '../../../data/conversations.ts';
import { useAction } from '../../../kit/use-action.ts';

const isUnread = ({ direction, status }: Message) => direction === 'inbound' && status === 'received';

/** Whether this window is visible and has the focus. */
const useFocused = (): boolean =>
  useSyncExternalStore(
    listener => {
      const names = ['focus', 'blur', 'visibilitychange'] as const;
      for (const name of names) addEventListener(name, listener, true);
      return () => {
        for (const name of names) removeEventListener(name, listener, true);
      };
    },
    () => document.visibilityState === 'visible' && document.hasFocus(),
  );

interface Given {
  messages: readonly Message[] | undefined;
  /** Whether the newest message is on the screen. */
  isAtEnd: boolean;
  /** Whether the person may mark messages as read. */
  may: boolean;
}

export interface UnreadFrom {
  id: string;
  count: number;
}

/** Marks as read; the answer is where the unread ones began when the conversation was opened or left. */
export function useReading({ messages, isAtEnd, may }: Given): UnreadFrom | undefined {
  const isSeen = useFocused() && isAtEnd;
  const [from, setFrom] = useState<UnreadFrom>();
  /** Whether a line shows unread messages that nobody has seen yet. */
  const isPending = useRef(false);
  const unread = messages?.filter(isUnread) ?? [];
  const [first] = unread;
  const last = unread.at(-1);
  const isLoaded = messages !== undefined;
  const isOpened = useRef(false);
  /** When the newest message came that somebody has seen. */
  const seenUntil = useRef('');
  const newest = messages?.at(-1)?.created_at ?? '';

  useEffect(() => {
    if (!isLoaded) return;
    const isFirst = !isOpened.current;
    isOpened.current = true;
    // Older ones that were loaded are not new, whether they are marked yet or not.
    const isNew = isFirst || (!isSeen && first !== undefined && first.created_at > seenUntil.current);
    if (first && !isPending.current && isNew) {
      isPending.current = true;
      setFrom({ id: first.id, count: unread.length });
    } else if (first && isPending.current && !isSeen)
      setFrom(known => known && { ...known, count: Math.max(known.count, unread.length) });
    if (!isSeen) return;
    isPending.current = false;
    seenUntil.current = newest;
  }, [isLoaded, first, isSeen, unread.length, newest]);

  const { mutate } = useAction({ act: markRead });
  const marked = useRef<string>(undefined);
  useEffect(() => {
    if (!may || !isSeen || last === undefined || marked.current === last.id) return;
    marked.current = last.id;
    mutate(last.id);
  }, [may, isSeen, last, mutate]);
  return from;
}

/** Removes the mark that a conversation is unread once it is opened: somebody looks at it again. */
export function useUnmarking(
  { id, unread_count: count }: Conversation,
  messages: Given['messages'],
  may: boolean,
): void {
  const { mutate } = useAction({ act: unmarkUnread });
  const countAtFirst = useRef(count);
  const isDone = useRef(false);
  useEffect(() => {
    if (!messages || isDone.current) return;
    isDone.current = true;
    // Where messages are unread, their receipts remove it.
    if (may && countAtFirst.current > 0 && !messages.some(isUnread)) mutate(id);
  }, [id, messages, may, mutate]);
}
