// Retention: deletes expired data in batches.
import { audit } from '../../kit/audit.ts';
import { type Database, isStorageFull } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import { deleteExpiredPayloads, moveToDeadLetters } from '../inbound/index.ts';
import { removeOldNotes } from '../notes/index.ts';
import { keepingWorkspaces, lockRetention, removeOld } from './remove-store.ts';
import { goRound } from './round-robin.ts';

const atOnce = 500;
const unreadAtOnce = 500;
const rawAtOnce = 5_000;
/** How long one sweep deletes while more is left, in milliseconds: the other tasks of the sweep wait for it. */
const budgetMs = 1_000;

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
  // How far each workspace and lane is, while more is left. A batch goes on there, and passes neither messages that stay,
  // such as undelivered ones, nor the dead index entries of earlier batches.
  const reached = new Map<string, Date>();
  const places = new Map<string, number>();

  /** Deletes a batch, and returns whether it was full. */
  const deleteChunk = async (id: string, now: Date | null): Promise<boolean> => {
    const from = reached.get(id);
    reached.delete(id);
    const { found, messages, notes, at } = await db.transaction(async tx => {
      // Somebody may have changed it since the list was read, or the last batch.
      const days = await lockRetention(tx, id);
      if (days === null) return { found: 0, messages: 0, notes: 0, at: undefined };
      const { found, removed: messages, last: at } = await removeOld(tx, id, days, atOnce, now, from);
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
      return { found, messages, notes, at };
    });
    const isFull = found === atOnce && messages > 0;
    if (isFull && at) reached.set(id, at);
    return isFull || notes === atOnce;
  };

  return async () => {
    const now = clock.sqlNow();
    const end = clock.elapsed() + budgetMs;
    const goesOn = () => clock.elapsed() < end;
    const round = await goRound(await keepingWorkspaces(db), last, goesOn, async ({ id }) => {
      try {
        return await deleteChunk(id, now);
      } catch (error) {
        // A failing database, unlike a failing workspace, would fail the others too.
        if (isStorageFull(error) || !(await db.answers())) throw error;
        log.warn({ err: error, workspace: id }, 'expired messages of a workspace could not be deleted; retrying later');
        return false;
      }
    });
    last = round.last;
    const unread = await moveToDeadLetters(db, apps, unreadAtOnce, now);
    for (const { app, payloads } of unread)
      log.warn({ app, payloads }, 'webhooks of an app that is not configured became dead letters');
    let moreRaw: boolean;
    do moreRaw = await deleteExpiredPayloads(db, rawAtOnce, now, places);
    while (moreRaw && goesOn());
    return round.more || moreRaw || unread.length > 0;
  };
}
