// Giving out what waits for teams. It is a function of rows, so any process may do it, as often as it likes.
import { sweepInChunks } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { endChoices, followHours } from './availability-store.ts';
import { assignWaiting, freeOffline, freeUnanswered, queueNew, teamsToServe } from './queue-store.ts';

/** Gives out what waits for the teams of a workspace, or of all. Each team has a transaction of its own. */
export async function giveOut(db: Queryable, now: () => Date | null, workspaceId?: string): Promise<void> {
  for (const id of await teamsToServe(db, workspaceId)) await assignWaiting(db, id, now());
}

const atOnce = 500;

/** Applies hours that begin or end, and choices and deadlines that end. New conversations come to their team. Then gives out. */
export async function sweepTeams(db: Queryable, now: () => Date | null): Promise<void> {
  for (const step of [followHours, endChoices, freeUnanswered, freeOffline, queueNew])
    await sweepInChunks(now, async () => [{ done: await step(db, now(), atOnce) }], atOnce);
  await giveOut(db, now);
}
