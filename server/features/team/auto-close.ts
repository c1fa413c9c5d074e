// Closes conversations that have been quiet for as long as their workspace says.
import { sweepInChunks } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { closeQuiet } from './state-store.ts';

/** Closes the quiet conversations, each once: the row says that it is open. */
export async function autoClose(db: Queryable, now: () => Date | null): Promise<void> {
  await sweepInChunks(now, async () => [{ done: await closeQuiet(db, now()) }]);
}
