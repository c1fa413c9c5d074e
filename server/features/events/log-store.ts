// Reads the event log in order. Ids are taken before a COMMIT, so a reader by id alone would miss events: the order is
// (xid, id), and readers stay below the oldest transaction that still runs.
import type { Database, Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { type EventRow, eventUuid, numberIn, type Position } from './event.ts';
import { messagesAbout } from './message-store.ts';
import type { Subject } from './subject.ts';

const columns = sql`e.xid::text as xid, e.id, e.workspace_id, e.type, e.account_id, e.message_id, e.number, e.data, e.at`;

/** The row of the log that an event is in: see the table event. */
export const rowOf = (id: number): number => id - (id % 1_024);

/**
 * The first events after a position, in order. The rows come in the order of their index, so nothing but the row of the
 * position bounds them; of that row, the events up to the position are read in addition. Where the planner sorts instead,
 * the id keeps the events of a row in order: without it the limit would cut a row anywhere.
 */
function firstOf(where: Fragment, after: Position | undefined, limit: number): Fragment {
  const rows = after ? sql`${where} and (e.xid, e.row_id) >= (${after.xid}::xid8, ${rowOf(after.id)}::bigint)` : where;
  const before = after ? after.id - rowOf(after.id) + 1 : 0;
  const beyond = after ? sql`where (e.x, e.id) > (${after.xid}::xid8, ${after.id}::bigint)` : sql``;
  return sql`select * from (select ${columns}, e.xid as x from logged_event e where ${rows}
    order by e.xid, e.row_id, e.id limit ${limit + before}) e ${beyond} order by e.x, e.id limit ${limit}`;
}

/** The last events before a position, newest first; the newest of all where there is none. */
const lastOf = (where: Fragment, before: Position | undefined, limit: number): Fragment =>
  sql`select ${columns} from logged_event e where ${all([
    where,
    before && sql`(e.xid, e.row_id) <= (${before.xid}::xid8, ${rowOf(before.id)}::bigint)`,
    before && sql`(e.xid, e.id) < (${before.xid}::xid8, ${before.id}::bigint)`,
  ])} order by e.xid desc, e.row_id desc, e.id desc limit ${limit}`;

const isSettled = sql`e.xid < pg_snapshot_xmin(pg_current_snapshot())`;

/** The next events of some types after a position, in order. */
export const readTypes = (
  engine: Queryable,
  types: readonly string[],
  after: Position,
  limit: number,
): Promise<EventRow[]> =>
  engine.query<EventRow>(firstOf(sql`${isSettled} and e.type = any (${[...types]}::text[])`, after, limit));

/** The newest event that can be read now; the begin of the log where it is empty. */
export async function newestReadable(engine: Queryable): Promise<Position> {
  const [row] = await engine.query<Position>(sql`
    select e.xid::text as xid, e.id + coalesce(cardinality(e.messages), 1) - 1 as id from event e
    where ${isSettled} order by e.xid desc, e.id desc limit 1`);
  return row ?? { xid: '0', id: 0 };
}

/** The next events of all workspaces after a position, in order. `pending`: there are more, perhaps not readable yet. */
export async function readLog(
  db: Queryable,
  after: Position,
  limit: number,
): Promise<{ rows: EventRow[]; pending: boolean }> {
  const rows = await db.query<EventRow>(firstOf(isSettled, after, limit));
  return { rows, pending: rows.length === limit || (await hasMore(db, rows.at(-1) ?? after)) };
}

/** Whether there are committed events after a position: a transaction that began before them may still hide them. */
export async function hasMore(engine: Queryable, after: Position): Promise<boolean> {
  const [row] = await engine.query<{ more: boolean }>(
    sql`select has_events_after(${after.xid}::xid8, ${after.id}::bigint) as more`,
  );
  return row?.more === true;
}

/**
 * Whether committed events follow a position, readable or not, and the end of the readable ones. `pending`: more events
 * follow that end.
 */
export async function skipLog(
  db: Queryable,
  after: Position,
): Promise<{ found: boolean; edge: Position; pending: boolean }> {
  const [row] = await db.query<{ found: boolean; xid: string; pending: boolean }>(sql`
    select e.found, e.xid::text as xid, e.found and has_events_after(e.xid, 0) as pending
    from (select has_events_after(${after.xid}::xid8, ${after.id}::bigint) as found,
      pg_snapshot_xmin(pg_current_snapshot()) as xid offset 0) e`);
  return row
    ? { found: row.found, edge: { xid: row.xid, id: 0 }, pending: row.pending }
    : { found: false, edge: after, pending: false };
}

/** Tells the processes that listen that there are new events. */
export async function notify(db: Queryable): Promise<void> {
  await db.query(sql`notify recado_events`);
}

/** The position behind all events that can be read now. */
export async function edge(db: Queryable): Promise<Position> {
  const [row] = await db.query<Position>(sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xid, 0 as id`);
  return row ?? { xid: '0', id: 0 };
}

/** The position of an event of a workspace by its UUID; undefined where the log no longer has it. */
export async function positionOf(db: Queryable, workspaceId: string, uuid: string): Promise<Position | undefined> {
  const number = numberIn(uuid);
  if (number === undefined) return undefined;
  const [row] = await db.query<Position & { at: Date }>(
    sql`select e.xid::text as xid, e.id, e.at from logged_event e
      where e.row_id = ${rowOf(number)} and e.id = ${number} and e.workspace_id = ${workspaceId}`,
  );
  return row && eventUuid(row) === uuid ? { xid: row.xid, id: row.id } : undefined;
}

/** These events of one workspace, in no order. It leaves out events that are gone. */
export async function eventsById(db: Queryable, workspaceId: string, ids: readonly number[]): Promise<EventRow[]> {
  const rows = [...new Set(ids.map(rowOf))];
  return db.query<EventRow>(sql`select ${columns} from logged_event e
    where e.row_id = any (${rows}::bigint[]) and e.id = any (${[...ids]}::bigint[]) and e.workspace_id = ${workspaceId}`);
}

/** Within this, `at` and the order of the log may differ. */
const atMayDiffer = sql`interval '5 minutes'`;

/** A position of the log before all events of a time and later; undefined where that is its begin. */
export async function positionBefore(db: Queryable, workspaceId: string, at: Date): Promise<Position | undefined> {
  const [row] =
    await db.query<Position>(sql`select e.xid::text as xid, e.id from logged_event e where e.workspace_id = ${workspaceId}
    and e.about_message and e.at < ${at}::timestamptz - ${atMayDiffer} order by e.at desc limit 1`);
  return row;
}

/** A position of the log behind all events from before a time; undefined where that is its end. */
async function positionBehind(db: Queryable, workspaceId: string, at: string): Promise<Position | undefined> {
  const [row] =
    await db.query<Position>(sql`select e.xid::text as xid, e.id from logged_event e where e.workspace_id = ${workspaceId}
    and e.about_message and e.at >= ${at}::timestamptz + ${atMayDiffer} order by e.at limit 1`);
  return row;
}

/** The newest event of a workspace that can be read now. */
export async function newestOf(db: Queryable, workspaceId: string): Promise<(Position & { at: Date }) | undefined> {
  const [row] = await db.query<Position & { at: Date }>(sql`select e.xid::text as xid, e.id, e.at from logged_event e
    where e.workspace_id = ${workspaceId} and ${isSettled} order by e.xid desc, e.row_id desc, e.id desc limit 1`);
  return row;
}

export interface EventFilter {
  workspaceId: string;
  types: readonly string[];
  accountId?: string | undefined;
  /** Only events of these accounts (UUIDs): what a caller is limited to. */
  accounts: readonly string[] | undefined;
  subject?: Subject | undefined;
  from?: string | undefined;
  until?: string | undefined;
}

/** Events of a subject by their indexes: of its messages with rows of their own and in rows of many, and its own. */
async function isAbout(db: Queryable, subject: Subject): Promise<Fragment> {
  const { messages, events } = await messagesAbout(db, subject);
  const rows = [...new Set(events.map(rowOf))];
  const own = sql`not e.about_message and e.data ->> ${`${subject.kind}_id`} = ${subject.id}`;
  return sql`((e.row_message_id = any (${messages}::uuid[]) or e.row_id = any (${rows}::bigint[]))
    and e.message_id = any (${messages}::uuid[]) ${subject.kind === 'message' ? sql`` : sql`or ${own}`})`;
}

async function matching(db: Queryable, filter: EventFilter): Promise<Fragment> {
  const { workspaceId, types, accountId, accounts, subject, from, until } = filter;
  const begin = from === undefined ? undefined : await positionBefore(db, workspaceId, new Date(from));
  const end = until === undefined ? undefined : await positionBehind(db, workspaceId, until);
  return all([
    sql`e.workspace_id = ${workspaceId}`,
    sql`e.type = any (${[...types]}::text[])`,
    accountId !== undefined && sql`e.account_id = ${accountId}`,
    accounts !== undefined && sql`e.account_id = any (${[...accounts]}::uuid[])`,
    subject && (await isAbout(db, subject)),
    from !== undefined && sql`e.at >= ${from}::timestamptz`,
    until !== undefined && sql`e.at < ${until}::timestamptz`,
    begin && sql`e.xid >= ${begin.xid}::xid8`,
    end && sql`e.xid <= ${end.xid}::xid8`,
    isSettled,
  ]);
}

/** The events of one workspace after a position, in order; from the oldest where there is none. */
export async function eventsOf(
  db: Queryable,
  filter: EventFilter,
  after: Position | undefined,
  limit: number,
): Promise<EventRow[]> {
  return db.query<EventRow>(firstOf(await matching(db, filter), after, limit));
}

/**
 * The same of a subject, whose messages and events are read as of one moment: a message that comes in between would be
 * passed over.
 */
export const eventsAbout = (
  db: Pick<Database, 'transaction'>,
  filter: EventFilter & { subject: Subject },
  after: Position | undefined,
  limit: number,
): Promise<EventRow[]> =>
  db.transaction(async tx => {
    await tx.query(sql`set transaction isolation level repeatable read, read only`);
    return eventsOf(tx, filter, after, limit);
  });

/** The events of one workspace before a position, newest first; from the newest where there is none. */
export async function eventsBefore(
  db: Queryable,
  filter: EventFilter,
  before: Position | undefined,
  limit: number,
): Promise<EventRow[]> {
  return db.query<EventRow>(lastOf(await matching(db, filter), before, limit));
}

/** Deletes some old events that are about no message. Returns whether there may be more. */
export async function deleteExpiredEvents(engine: Queryable, now: Date | null): Promise<boolean> {
  const max = 5_000;
  const [row] = await engine.query<{ n: number }>(sql`
    with gone as (
      delete from event where id = any (array(
        select id from event where message_id is null and messages is null and type <> 'account.notice_received'
          and at < clock(${now}) - interval '30 days' order by at limit ${max}))
      returning 1)
    select count(*)::int as n from gone`);
  return row?.n === max;
}
