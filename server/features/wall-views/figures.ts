// What the screen of a wall view shows, by the readers of the statistics.
import type { WallFigures } from '@recado/contract';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import { addUp, countMessages, oldestDue, readResponses, waitingCounts } from '../statistics/index.ts';
import { frameOf, troubledAccounts, type WallViewRow } from './store.ts';

export interface FigureNeeds {
  db: ScopedDatabase;
  clock: Clock;
  storageFull: () => boolean;
}

/** The figures of a wall view at this moment. */
export async function wallFigures(needs: FigureNeeds, view: WallViewRow): Promise<WallFigures> {
  const { db, clock, storageFull } = needs;
  const { workspace_id: workspaceId } = view;
  const scope = { workspaceId, accounts: view.accounts ?? undefined };
  const [mine, lists] = [db.within(scope), db.listsWithin(scope, view.id)];
  const now = new Date(clock.now());
  const { workspace_name, today, before } = await frameOf(mine, view, now);
  const ofToday = { from: today, until: now, zone: view.time_zone, accountIds: undefined, compare: false };
  const [sinceMidnight, usual, waiting, oldest, responses, troubled] = await Promise.all([
    countMessages(lists, workspaceId, { from: today, until: undefined }),
    countMessages(lists, workspaceId, { from: before, until: today }),
    waitingCounts(mine, workspaceId, undefined, clock.sqlNow()),
    oldestDue(mine, workspaceId, storageFull(), clock.sqlNow()),
    readResponses(lists, workspaceId, ofToday, clock.sqlNow()),
    troubledAccounts(mine, workspaceId),
  ]);
  const day = addUp(sinceMidnight, today, now);
  return {
    workspace_name,
    at: now.toISOString(),
    time_zone: view.time_zone,
    by_status: day.by_status,
    queued: waiting.queued,
    sending: waiting.sending,
    unknown: waiting.unknown,
    unanswered: { conversations: responses.waiting.n, oldest_at: responses.waiting.oldest_at },
    first_response: { conversations: responses.answered.n, median_seconds: responses.answered.p50_seconds },
    failure_rate: day.failure_rate,
    usual_failure_rate: addUp(usual, before, today).failure_rate,
    oldest_due: oldest ?? null,
    troubled_accounts: troubled,
  };
}
