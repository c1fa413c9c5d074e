// Opens conversations again whose snooze is over.
import { sweepInChunks } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { openSnoozed } from './state-store.ts';

/** Opens the conversations whose snooze is over, each once: the row says that it is snoozed, and until when. */
export async function endSnoozes(db: Queryable, now: () => Date | null): Promise<void> {
  await sweepInChunks(now, async () => [{ done: await openSnoozed(db, now()) }]);
}
