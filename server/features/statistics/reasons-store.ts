// Why messages wait and why they failed, counted by reason: by the kept counts, and by what single messages wait for.
import type { WaitingReason } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { afterLane, currentCounts, firstQueued, firstReason, laneWaits, ofLane } from '../messages/index.ts';

/** At most this many messages of an account are looked at one by one. */
const mostSingle = 10_000;
/** At most this many failed messages are grouped by their error. */
const mostFailed = 100_000;

export interface WaitingCounts {
  queued: number;
  scheduled: number;
  sending: number;
  unknown: number;
  oldest_seconds: number | null;
}

export interface ReasonCount {
  account_id: string;
  reason: WaitingReason;
  messages: number;
  until: Date | null;
}

const ofWorkspace = (workspaceId: string, accountId: string | undefined): Fragment =>
  sql`workspace_id = ${workspaceId} ${accountId === undefined ? sql`` : sql`and account_id = ${accountId}`} and direction = 'outbound'`;

/** How much waits, is under way or unknown, and since when the oldest is due. */
export async function waitingCounts(
  db: Queryable,
  workspaceId: string,
  accountId: string | undefined,
  now: Date | null,
): Promise<WaitingCounts> {
  const [row] = await db.query<WaitingCounts>(sql`
    with c as materialized (
      select account_id, status, sum(messages) as n from ${currentCounts(ofWorkspace(workspaceId, accountId))} k
      where status in ('scheduled', 'queued', 'sending', 'unknown') group by 1, 2 having sum(messages) > 0)
    select coalesce(sum(n) filter (where status = 'queued'), 0)::bigint as queued,
      coalesce(sum(n) filter (where status = 'scheduled'), 0)::bigint as scheduled,
      coalesce(sum(n) filter (where status = 'sending'), 0)::bigint as sending,
      coalesce(sum(n) filter (where status = 'unknown'), 0)::bigint as unknown,
      (select extract(epoch from t - min(q.ready_at))::float from clock(${now}) t, c a
        cross join lateral ${firstQueued(sql`a.account_id`)} q where a.status = 'queued' and q.ready_at <= t group by t) as oldest_seconds
    from c`);
  return row as WaitingCounts;
}

/** The message that is due for longest: for how long, at which account, and why most of its messages wait. */
export async function oldestDue(
  db: Queryable,
  workspaceId: string,
  storageFull: boolean,
  now: Date | null,
): Promise<{ seconds: number; account_name: string; reason: WaitingReason | null } | undefined> {
  const [oldest] = await db.query<{ id: string; account_name: string; seconds: number }>(sql`
    select a.id, a.name as account_name, extract(epoch from t - q.ready_at)::float as seconds
    from clock(${now}) t, account a cross join lateral ${firstQueued(sql`a.id`)} q
    where a.workspace_id = ${workspaceId} and a.deleted_at is null and q.ready_at <= t
    order by q.ready_at limit 1`);
  if (!oldest) return undefined;
  const [most] = await reasonCounts(db, workspaceId, oldest.id, storageFull, now);
  return { seconds: oldest.seconds, account_name: oldest.account_name, reason: most?.reason ?? null };
}

/** The lanes with something waiting, and how much by the kept counts. */
const lanesOf = (workspaceId: string, accountId: string | undefined): Fragment => sql`
  select account_id as id, coalesce(sum(messages) filter (where status = 'scheduled'), 0)::bigint as scheduled,
    array[coalesce(sum(messages) filter (where status = 'queued' and priority = 0), 0),
      coalesce(sum(messages) filter (where status = 'queued' and priority = 1), 0),
      coalesce(sum(messages) filter (where status = 'queued' and priority = 2), 0)]::bigint[] as queued
  from ${currentCounts(sql`${ofWorkspace(workspaceId, accountId)} and status in ('scheduled', 'queued')`)} k
  group by 1 having sum(messages) > 0`;

const priorities = sql`(values (0::smallint), (1::smallint), (2::smallint)) p(priority)`;

/** The place of the first reason of a head that is due, by account and priority. */
const plainOf = (storageFull: boolean): Fragment => sql`
  select n.id, p.priority, x.place, hold.reason as hold_reason from t cross join lanes n join account a on a.id = n.id
  join lane l on l.account_id = n.id cross join ${priorities}
  cross join lateral (select 'queued' as state, true as head, t as ready_at, null as wait_reason, p.priority, 1 as kind,
    null::date as usage_day, null::timestamptz as resolve_by) m
  cross join lateral (select false as applies, null::timestamptz as until) behind
  ${laneWaits}
  cross join lateral ${firstReason(storageFull)} x`;

/**
 * Messages with a reason of their own, read one by one: held ones, ones due by their schedule or behind another, and heads
 * that wait for a moment, have their place of the day, or are of a restricted kind.
 */
const singleOf = sql`
  select n.id, o.state, o.head, o.priority, o.kind, o.ready_at, o.wait_reason, o.usage_day
    from lanes n cross join t join lane l on l.account_id = n.id cross join lateral (
      (select x.* from open_message x where x.account_id = n.id and x.state = 'held' limit ${mostSingle})
      union all
      -- A claim queues what is due.
      (select x.* from open_message x where x.account_id = n.id and x.state = 'scheduled' and x.ready_at <= t limit ${mostSingle})
      union all
      (select x.* from open_message x where x.account_id = n.id and not x.head and x.state = 'queued'
        and (t < any (l.held_kinds) or exists (select 1 from plain f where f.id = n.id and f.place >= ${afterLane})) limit ${mostSingle})
      union all
      (select x.* from plain p cross join lateral (
        select x.* from open_message x where x.account_id = n.id and x.head and x.state = 'queued' and x.priority = p.priority
          and x.ready_at > t limit ${mostSingle}) x
        where p.id = n.id and (p.place > ${ofLane} or p.hold_reason = 'daily_limit'))
      union all
      (select x.* from open_message x where t >= all (l.held_kinds) and x.account_id = n.id and x.head and x.state = 'queued'
        and x.usage_day is not null and x.usage_day = l.day and x.ready_at <= t limit ${mostSingle})
      union all
      (select x.* from ${priorities} cross join lateral (
        select x.* from open_message x where t < any (l.held_kinds) and x.account_id = n.id and x.head and x.state = 'queued'
          and x.priority = p.priority and x.ready_at <= t order by x.ready_at, x.seq limit ${mostSingle}) x)) o`;

/** Alike ones together, with what the kept counts have beyond them: heads that are due. */
const groupsOf = sql`
  select id, state, head, priority, kind, ready_at > t as is_later, min(ready_at) as ready_at, wait_reason, usage_day,
    null::timestamptz as resolve_by, count(*) as messages
  from single cross join t group by id, state, head, priority, kind, ready_at > t, wait_reason, usage_day
  union all
  select n.id, 'queued', true, p.priority, 1, false, t, null, null, null,
    n.queued[p.priority + 1] - (select count(*) from single s
      where s.id = n.id and s.priority = p.priority and s.state <> 'scheduled')
  from lanes n cross join t cross join ${priorities}
  union all
  select n.id, 'scheduled', false, 1, 1, true, s.ready_at, null, null, null,
    n.scheduled - (select count(*) from single s where s.id = n.id and s.state = 'scheduled')
  from lanes n cross join t cross join lateral (select o.ready_at from open_message o
    where o.account_id = n.id and o.state = 'scheduled' and o.ready_at > t order by o.ready_at limit 1) s`;

/**
 * The reasons of what waits, by account. Alike messages are judged together, by the order of reasons that single messages
 * have too; most are only counted, by the kept counts.
 */
export async function reasonCounts(
  db: Queryable,
  workspaceId: string,
  accountId: string | undefined,
  storageFull: boolean,
  now: Date | null,
): Promise<ReasonCount[]> {
  return db.query<ReasonCount>(sql`
    with t as materialized (select clock(${now}) as t),
    lanes as materialized (${lanesOf(workspaceId, accountId)}),
    plain as materialized (${plainOf(storageFull)}),
    single as materialized (${singleOf}),
    groups as materialized (${groupsOf})
    select m.id as account_id, x.reason, sum(m.messages)::bigint as messages, min(x.until) as until
    from t cross join groups m join account a on a.id = m.id join lane l on l.account_id = m.id
    cross join lateral (select m.state = 'queued' and not m.head as applies, null::timestamptz as until) behind
    ${laneWaits}
    cross join lateral ${firstReason(storageFull)} x
    where m.messages > 0 group by 1, 2 order by 3 desc, 1, 2 limit 500`);
}

/** Errors of failed messages of a range, by code. */
export async function errorCounts(
  db: Queryable,
  workspaceId: string,
  range: { from: Date | undefined; until: Date | undefined; accountId: string | undefined },
): Promise<{ code: string; title: string; messages: number }[]> {
  const { from, until, accountId } = range;
  return db.query(sql`select f.error_code as code, max(f.error_title) as title, count(*)::int as messages from (
      select m.error_code, m.error_title from message m
      where m.workspace_id = ${workspaceId} and m.listed_status = 'failed' and m.direction = 'outbound'
        ${accountId === undefined ? sql`` : sql`and m.account_id = ${accountId}`}
        ${from === undefined ? sql`` : sql`and m.created_at >= ${from}`} ${until === undefined ? sql`` : sql`and m.created_at < ${until}`}
      order by m.created_at desc limit ${mostFailed}) f
    where f.error_code is not null group by 1 order by 3 desc, 1 limit 100`);
}
