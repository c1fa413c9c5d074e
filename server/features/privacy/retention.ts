// Retention: deletes expired data in batches.
import { audit } from '../../kit/audit.ts';
import { type Database, isStorageFull } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import { deleteExpiredPayloads, moveToDeadLetters } from '../inbound/index.ts';
import { removeOldNotes } from '../notes/index.ts';
import { keepingWorkspaces, removeOld } from './remove-store.ts';
import { goRound } from './round-robin.ts';

const atOnce = 500;
const rawAtOnce = 500;
/** The full batches of one sweep, so that it does not delay others for long. */
const pieces = 4;

/**
 * Returns the maintenance task that deletes data past its workspace's retention: messages with all their data,
 * notes, and raw webhooks. Payloads that none of `apps` can process become dead letters first. The task returns whether there
 * may be more, and audits deletions in the same transaction.
 */
export function messageRetention(
  db: Database,
  apps: readonly string[],
  clock: Clock,
  log: Logger,
): () => Promise<boolean> {
  let last: string | undefined;

  const deleteChunk = (id: string, days: number, now: Date | null): Promise<number> =>
    db.transaction(async tx => {
      const messages = await removeOld(tx, id, days, atOnce, now);
      const notes = await removeOldNotes(tx, id, days, atOnce, now);
      const actor = {
        kind: 'system',
        workspaceId: id,
        id: undefined,
        address: undefined,
        requestId: undefined,
      } as const;
      const detail = { messages, ...(notes > 0 && { notes }), days };
      if (messages + notes > 0) await audit(tx, actor, { action: 'messages.forgotten', detail });
      return Math.max(messages, notes);
    });

  return async () => {
    const now = clock.sqlNow();
    const round = await goRound(await keepingWorkspaces(db), last, pieces, async ({ id, days }) => {
      try {
        return (await deleteChunk(id, days, now)) === atOnce;
      } catch (error) {
        // A failing database, unlike a failing workspace, would fail the others too.
        if (isStorageFull(error) || !(await db.answers())) throw error;
        log.warn({ err: error, workspace: id }, 'expired messages of a workspace could not be deleted; retrying later');
        return false;
      }
    });
    last = round.last;
    const unread = await moveToDeadLetters(db, apps, rawAtOnce, now);
    for (const { app, payloads } of unread)
      log.warn({ app, payloads }, 'webhooks of an app that is not configured became dead letters');
    const moreRaw = await deleteExpiredPayloads(db, 5_000, now);
    return round.more || moreRaw || unread.length > 0;
  };
}
