// What a round has to tell: queued in its transaction, so that each is told once.
import type { Queryable } from '../../kit/db/database.ts';
import { dropWaiting, dueRepeats, queueNews } from './delivery-store.ts';
import type { Changes } from './round.ts';

/** Queues what a round changed, and what is due to be told again. */
export async function tellChanges(tx: Queryable, { opened, cleared }: Changes, now: Date): Promise<void> {
  await dropWaiting(tx, cleared);
  await queueNews(tx, 'cleared', cleared, now);
  const idsOf = (unstable: boolean) => opened.filter(alert => alert.unstable === unstable).map(({ id }) => id);
  await queueNews(tx, 'firing', idsOf(false), now);
  await queueNews(tx, 'unstable', idsOf(true), now);
  await queueNews(tx, 'repeat', await dueRepeats(tx, now), now);
}
