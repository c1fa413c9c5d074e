// Which lists an event makes old. They are read again at most so often, however many events come.
import type { RecadoEvent } from '@recado/client';
import type { QueryClient } from '@tanstack/react-query';

export interface Invalidation {
  take(event: Pick<RecadoEvent, 'type'>): void;
}

/** The first keys of the queries that show what events of a group change. */
const keysOf: Record<string, readonly string[]> = {
  message: ['queue', 'statistics', 'accounts'],
  account: ['accounts', 'queue'],
  template: ['templates'],
};

/** The first events of a burst are gathered for a moment, the next for longer. */
const gatherMs = 100;
const pauseMs = 2_000;

/** Marks lists as old after events, until the signal. Lists of a hidden tab wait until somebody sees it. */
export function invalidation(client: QueryClient, signal: AbortSignal): Invalidation {
  const old = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = 0;

  function readAgain(): void {
    timer = undefined;
    if (document.visibilityState === 'hidden') return;
    lastAt = Date.now();
    for (const key of old) void client.invalidateQueries({ queryKey: [key] });
    old.clear();
  }

  function plan(): void {
    if (old.size === 0 || timer !== undefined) return;
    timer = setTimeout(readAgain, Math.max(gatherMs, lastAt + pauseMs - Date.now()));
  }
  document.addEventListener('visibilitychange', plan, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));

  return {
    take({ type }) {
      for (const key of keysOf[type.slice(0, type.indexOf('.'))] ?? []) old.add(key);
      plan();
    },
  };
}
