// Why messages wait and why they failed, counted by reason: by the kept counts, and by what single messages wait for.
import type { WaitingReason } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { currentCounts, firstQueued } from '../messages/index.ts';

/** So many messages of an account are looked at one by one. */
const mostSingle = 10_000;
/** So many failed messages are grouped by their error. */
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

/** The lanes with something waiting: the kept counts, what holds them, and what is left of the rate. */
const lanesOf = (workspaceId: string, accountId: string | undefined): Fragment => sql`
  select a.id, t.now, l.day, l.held_until > t.now as is_held, c.scheduled, quiet_end(a, t.now) as quiet_until,
    hold.reason as hold_reason, nullif(hold.until, 'infinity') as hold_until, greatest(0, c.queued - held.n) as queued,
    greatest(0, c.urgent - held.urgent) as urgent, rate.slots,
    next_slot_at(l.window_at, l.window_n, a.rate_seconds * interval '1 second', t.now, rate.slots) as next_at,
    unserved_reason(a) as unserved
  from t cross join (
    select account_id, coalesce(sum(messages) filter (where status = 'scheduled'), 0) as scheduled,
      coalesce(sum(messages) filter (where status = 'queued'), 0) as queued,
      coalesce(sum(messages) filter (where status = 'queued' and priority = 0), 0) as urgent
    from ${currentCounts(sql`${ofWorkspace(workspaceId, accountId)} and status in ('scheduled', 'queued')`)} k
    group by 1 having sum(messages) > 0) c
  join account a on a.id = c.account_id join lane l on l.account_id = a.id
  cross join lateral lane_hold(a, l, t.now) hold
  cross join lateral (select a.rate_messages - l.in_flight
    - rate_used(l.window_at, l.window_n, a.rate_seconds * interval '1 second', t.now) as slots) rate
  cross join lateral (select count(*) as n, count(*) filter (where x.priority = 0) as urgent from (
    select o.priority from open_message o where o.account_id = a.id and o.state = 'held' limit ${mostSingle}) x) held`;

/** Messages that may leave although the lane is held: high priority in quiet hours, or with a slot of a full day. */
const freeOf = sql`
  select l.*, case when hold_reason = 'daily_limit' then least(queued, placed.n) when hold_reason is not null then 0
    when quiet_until is not null then urgent else queued end as free
  from lanes l cross join lateral (select count(*) as n from (select 1 from open_message o
    where l.hold_reason = 'daily_limit' and o.account_id = l.id and o.head and o.state = 'queued'
      and o.usage_day is not null and o.usage_day = l.day and (not l.is_held or o.ready_at > l.now) limit ${mostSingle}) x) placed`;

/** What single messages wait for, where their lane is not held. */
const ownOf = sql`
  select f.id, x.reason, count(*) as messages, min(x.until) as until
  from free f cross join lateral (
    select coalesce(o.wait_reason, 'next') as reason, o.until
      from (values (0::smallint), (1::smallint), (2::smallint)) p(priority) cross join lateral (
        select o.wait_reason, o.ready_at as until from open_message o where o.account_id = f.id and o.head and o.state = 'queued' and o.priority = p.priority
          and o.ready_at > f.now limit ${mostSingle}) o
      where f.quiet_until is null or p.priority = 0) x
  where f.free > 0 and f.hold_reason is null group by 1, 2`;

/** How many stand behind another message of their conversation, where nothing else keeps them. */
const behindOf = sql`
  select r.id, least(r.n, b.n) as n from rest r cross join lateral (select count(*) as n from (
      select 1 from open_message o where o.account_id = r.id and not o.head and o.state = 'queued' limit ${mostSingle}) x) b
  where r.n > 0 and r.stop is null`;

/**
 * The reasons of what waits, by account. What holds a whole lane is counted by the kept counts; only the messages that wait
 * for something of their own are read, and how many stand behind another of their conversation.
 */
export async function reasonCounts(
  db: Queryable,
  workspaceId: string,
  accountId: string | undefined,
  storageFull: boolean,
  now: Date | null,
): Promise<ReasonCount[]> {
  return db.query<ReasonCount>(sql`
    with t as materialized (select clock(${now}) as now),
    lanes as materialized (${lanesOf(workspaceId, accountId)}),
    free as materialized (${freeOf}),
    own as materialized (${ownOf}),
    rest as materialized (
      select f.id, f.next_at, greatest(0, f.free - coalesce((select sum(o.messages) from own o where o.id = f.id), 0)) as n,
        case when ${storageFull}::boolean then 'storage_full' when f.unserved is not null then f.unserved
          when f.slots <= 0 then 'rate_limit' end as stop from free f),
    behind as materialized (${behindOf}),
    held as materialized (
      select l.id, x.wait_reason as reason, count(*) as n, min(nullif(x.ready_at, 'infinity')) as until
      from lanes l cross join lateral (select o.wait_reason, o.ready_at from open_message o
        where o.account_id = l.id and o.state = 'held' limit ${mostSingle}) x group by 1, 2)
    select x.id as account_id, x.reason, x.messages::bigint as messages, x.until from (
      select id, n as messages, until, reason from held
      union all
      select l.id, l.scheduled, (select o.ready_at from open_message o where o.account_id = l.id and o.state = 'scheduled'
          order by o.ready_at limit 1), 'scheduled' from lanes l where l.scheduled > 0
      union all
      select id, queued - free, case when hold_reason is null then quiet_until else hold_until end,
        coalesce(hold_reason, 'quiet_hours') from free
      union all
      select id, messages, until, reason from own
      union all
      select id, n, null, 'conversation_order' from behind
      union all
      select r.id, r.n - coalesce((select b.n from behind b where b.id = r.id), 0),
        case when r.stop = 'rate_limit' then r.next_at end, coalesce(r.stop, 'next') from rest r) x
    where x.messages > 0 order by x.messages desc, x.id, x.reason limit 500`);
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
      where m.workspace_id = ${workspaceId} and m.status = 'failed' and m.direction = 'outbound'
        ${accountId === undefined ? sql`` : sql`and m.account_id = ${accountId}`}
        ${from === undefined ? sql`` : sql`and m.created_at >= ${from}`} ${until === undefined ? sql`` : sql`and m.created_at < ${until}`}
      order by m.created_at desc limit ${mostFailed}) f
    where f.error_code is not null group by 1 order by 3 desc, 1 limit 100`);
}
