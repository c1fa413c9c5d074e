// Whether WhatsApp's 24-hour window of a conversation is open, to the second.
import type { Account, Conversation } from '@recado/client';
import { useEffect, useState } from 'react';

/** Timers hold less than 25 days. */
const longestTimerMs = 2 ** 31 - 1;

/** A linked phone has no window: it may write at any time, as its owner may. */
export const hasWindow = (account: Account | undefined): boolean => account?.capabilities.window ?? true;

/** Turns to false at the moment when the window closes, without a word from the server. */
export function useWindowOpen({ window: { open, until } }: Pick<Conversation, 'window'>): boolean {
  const [now, setNow] = useState(Date.now);
  const end = until === null ? undefined : Date.parse(until);
  useEffect(() => {
    setNow(Date.now());
    if (end === undefined) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(Math.max(0, end - Date.now() + 1), longestTimerMs));
    return () => clearTimeout(timer);
  }, [end]);
  return end === undefined ? open : now <= end;
}
