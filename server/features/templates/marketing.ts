// Which templates go to the channel's endpoint for marketing, by their latest category.
import type { Database } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import { marketingChoice } from './store.ts';

/** How long a process may use what it has read: another process does not tell it about a change. */
const keptMs = 2_000;
const mostKept = 5_000;

export type Marketing = 'prefer' | 'only' | undefined;

/** Creates the lookup of this process. */
export function marketingRoutes(db: Database, clock: Clock) {
  const kept = new Map<string, { readAt: number; choice: Marketing }>();
  return async (accountId: string, content: unknown): Promise<Marketing> => {
    const { name, language } = content as { name?: unknown; language?: { code?: unknown } };
    const code = language?.code;
    if (typeof name !== 'string' || typeof code !== 'string') return undefined;
    const key = JSON.stringify([accountId, name, code]);
    const readAt = clock.now();
    const known = kept.get(key);
    if (known && readAt >= known.readAt && readAt < known.readAt + keptMs) return known.choice;
    const choice = await marketingChoice(db, accountId, name, code);
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, { readAt, choice });
    return choice;
  };
}
