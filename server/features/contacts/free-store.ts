// Removes what deleted fields and deleted labels leave behind, in chunks.
import { call } from '../../kit/db/call.ts';
import { sweepInChunks } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';

const atOnce = 1_000;

/** Takes the values of deleted fields from contacts. */
export async function freeFields(db: Queryable, now: () => Date | null): Promise<void> {
  const step = async () => {
    const [row] = await call(db, 'free_fields', { p_most: atOnce });
    return [{ done: row?.free_fields ? 1 : 0 }];
  };
  await sweepInChunks(now, step, 1);
}

/** Takes deleted labels from contacts and conversations. */
export async function freeLabelled(db: Queryable, now: () => Date | null): Promise<void> {
  const step = async () => {
    const [row] = await call(db, 'free_labelled', { p_most: atOnce });
    return [{ done: row?.free_labelled ? 1 : 0 }];
  };
  await sweepInChunks(now, step, 1);
}
