// The calls that this process made in the last minute, with their outcomes: a database may come back without them.
import type { Clock } from '../../kit/time.ts';
import type { AttemptResult } from './store.ts';

export interface RecentCalls {
  /** Keeps an outcome that the database has recorded. */
  keep(result: AttemptResult): void;
  of(token: string): AttemptResult | undefined;
  tokens(): string[];
}

const minuteMs = 60_000;

/**
 * Forgets only while outcomes are recorded: a failover of any length takes nothing from the minute before it. Keeps them
 * for two minutes at most.
 */
export function recentCalls(clock: Clock): RecentCalls {
  let [earlier, latest] = [new Map<string, AttemptResult>(), new Map<string, AttemptResult>()];
  let began = clock.elapsed();
  return {
    keep(result) {
      if (clock.elapsed() - began > minuteMs) {
        [earlier, latest] = [latest, new Map()];
        began = clock.elapsed();
      }
      latest.set(result.token, result);
    },
    of: token => latest.get(token) ?? earlier.get(token),
    tokens: () => [...earlier.keys(), ...latest.keys()],
  };
}
