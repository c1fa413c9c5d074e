// The metrics of queues: for one account, for one workspace, and for the metrics of the whole installation.
import { type HoldReason, type LaneKind, laneKinds } from '@recado/contract';
import { isAlive } from '../../engine/worker-store.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { currentCounts, firstQueued } from '../messages/index.ts';

export interface WorkspaceStats {
  waiting: number;
  active: number;
  unknown: number;
  completed: number;
  failed: number;
  calls_per_minute: number;
  p50: number | null;
  p95: number | null;
  workers: number;
  lanes: { kind: LaneKind; due: number; workers: number }[];
}

/** Whether messages of an account are due; what is scheduled for a moment that has passed is, too: only a claim queues it. */
const isDue = (account: Fragment, now: Fragment) => sql`exists (
  select 1 from ${firstQueued(account)} q where q.ready_at <= ${now}
  union all select 1 from open_message o where o.account_id = ${account} and o.state = 'scheduled' and o.ready_at <= ${now})`;

/** Whether an attempt was a call: not one that was claimed and never made, for want of its file, of time or of a worker. */
const wasCall = (attempt: Fragment) => sql`is_call(${attempt}.class) is not false`;

/** The queue of a workspace. A worker counts for a lane only where it serves the routes of what is due there. */
export async function workspaceStats(db: Queryable, workspaceId: string, now: Date | null): Promise<WorkspaceStats> {
  // Bounds that the planner can see: behind present() it takes a third of the table for recent, and reads all of it.
  const since = (span: string) => sql`coalesce(${now}::timestamptz, now()) - ${span}::interval`;
  const [row] = await db.query<WorkspaceStats>(sql`
    with t as (select clock(${now}) as now),
    -- Linked accounts count for no worker: each is served where its session is.
    mine as materialized (select id, case when not needs_session then route end as route, deleted_at from account where workspace_id = ${workspaceId}),
    open as (select
        coalesce(sum(c.messages) filter (where c.status in ('scheduled', 'queued')), 0) as waiting,
        coalesce(sum(c.messages) filter (where c.status = 'sending'), 0) as active,
        coalesce(sum(c.messages) filter (where c.status = 'unknown'), 0) as unknown
      from ${currentCounts(sql`workspace_id = ${workspaceId}`)} c),
    done as (select coalesce(sum(c.accepted), 0) as completed, coalesce(sum(c.messages) filter (where c.status = 'failed'), 0) as failed from (
      select accepted, messages, status from message_count
        where workspace_id = ${workspaceId} and quarter >= counted_quarter(${since('24 hours')}) and direction = 'outbound'
      union all
      select accepted, messages, status from message_delta
        where workspace_id = ${workspaceId} and quarter >= counted_quarter(${since('24 hours')}) and direction = 'outbound') c),
    calls as (select coalesce(sum(c.n), 0)::float / 5 as per_minute from mine i cross join lateral (
      select count(*) as n from attempt a where a.account_id = i.id and a.started_at > ${since('5 minutes')}
        and ${wasCall(sql`a`)}) c),
    waits as (select percentile_cont(array[0.5, 0.95]) within group (order by w.seconds) as p from (
      select greatest(0, extract(epoch from a.started_at - greatest(m.created_at, m.send_at)))::float as seconds
      from mine i cross join lateral (select a.message_id, a.token, a.started_at from attempt a
        where a.account_id = i.id and a.started_at > ${since('1 hour')} and ${wasCall(sql`a`)}
          and (a.number = 1 or not exists (select 1 from attempt b
            where b.token > a.message_id and b.token < a.token and ${wasCall(sql`b`)}))
        order by a.started_at desc limit (select greatest(20, 2000 / count(*)) from mine)) a
      join message m on m.id = a.message_id) w),
    work as materialized (
      select 'send' as kind, i.route from mine i, t where i.deleted_at is null and ${isDue(sql`i.id`, sql`t.now`)}
      union all
      select 'receive', i.route from mine i where exists (select 1 from inbound_payload p where p.lane_key = i.id and p.processed_at is null)
      union all
      select 'read', i.route from mine i, t where i.deleted_at is null
        and exists (select 1 from read_mark r where r.account_id = i.id and r.due_at <= t.now)
      union all
      select 'fetch', i.route from mine i, t where i.deleted_at is null
        and exists (select 1 from media f where f.account_id = i.id and f.status = 'pending' and f.due_at <= t.now)),
    serving as (select k.kind, w.id from worker w, unnest(w.kinds) k(kind) where ${isAlive}
      and not exists (select 1 from work d where d.kind = k.kind and d.route <> all (w.routes)))
    select open.*, done.*, calls.per_minute as calls_per_minute, waits.p[1] as p50, waits.p[2] as p95,
      (select count(*) from worker where ${isAlive}) as workers,
      (select jsonb_agg(jsonb_build_object('kind', k.kind,
          'due', (select count(*) from work w where w.kind = k.kind),
          'workers', (select count(*) from serving s where s.kind = k.kind)) order by k.place)
        from unnest(${[...laneKinds]}::text[]) with ordinality k(kind, place)) as lanes
    from open, done, calls, waits`);
  return row as WorkspaceStats;
}

export interface InstallationStats {
  waiting: { status: string; priority: string; n: number }[];
  oldest: { priority: string; seconds: number }[];
  held: { reason: string; n: number }[];
  open_payloads: number;
  open_read_marks: number;
  open_media: number;
  due_lanes: number;
  workers: number;
  event_lag_seconds: number;
  undelivered: number;
  duplicated: number;
  stuck: number;
}

/** At most this many are counted, as it is read every few seconds. */
const mostUndelivered = 10_000;

/** The metrics of the whole installation, each by a kept count or an index of open messages. */
export async function installationStats(db: Queryable, now: Date | null): Promise<InstallationStats> {
  const [row] = await db.query<InstallationStats>(sql`
    with t as (select clock(${now}) as now),
    waiting as (select c.status, case c.priority when 0 then 'high' when 1 then 'normal' else 'low' end as priority, sum(c.messages) as n
      from ${currentCounts(sql`true`)} c where c.status in ('scheduled', 'queued', 'sending', 'unknown')
      group by c.status, c.priority having sum(c.messages) <> 0),
    oldest as (select case x.priority when 0 then 'high' when 1 then 'normal' else 'low' end as priority,
        extract(epoch from t.now - min(x.ready_at))::float as seconds
      from t, account a cross join lateral (
        select q.priority, q.ready_at from ${firstQueued(sql`a.id`)} q
        union all
        select o.priority, min(o.ready_at) from open_message o where o.account_id = a.id and o.state = 'scheduled' and o.ready_at <= t.now
        group by 1) x
      where x.ready_at <= t.now group by x.priority, t.now)
    select
      (select coalesce(jsonb_agg(x), '[]') from waiting x) as waiting,
      (select coalesce(jsonb_agg(x), '[]') from oldest x) as oldest,
      (select coalesce(jsonb_agg(x), '[]') from (select l.held_reason as reason, count(*) as n
        from t, lane l join account a on a.id = l.account_id
        where l.held_until > t.now and a.deleted_at is null group by 1) x) as held,
      (select count(*) from inbound_payload where processed_at is null) as open_payloads,
      (select count(*) from read_mark r join account a on a.id = r.account_id where a.deleted_at is null) as open_read_marks,
      (select count(*) from media where status = 'pending') as open_media,
      (select count(*) from lane l, t where ${isDue(sql`l.account_id`, sql`t.now`)}) as due_lanes,
      (select count(*) from worker where ${isAlive}) as workers,
      longest_transaction() as event_lag_seconds,
      -- Most of these stay so for good: who has another number by now.
      (select count(*) from (select 1 from t, message m where m.status = 'sent' and m.reported_at > '-infinity' and m.reported_at > t.now - interval '7 days'
        limit ${mostUndelivered}) x) as undelivered,
      (select count(*) from message where duplicated_at is not null) as duplicated,
      (select count(*) from open_message where stuck_at is not null
        and (state in ('queued', 'held', 'scheduled') or state = 'unknown' and stuck_at >= resolve_by)) as stuck`);
  return row as InstallationStats;
}

export interface QueueRow {
  high: number;
  normal: number;
  low: number;
  scheduled: number;
  sending: number;
  unknown: number;
  oldest_seconds: number | null;
  sent_in_window: number;
  hold_reason: HoldReason | null;
  hold_until: Date | null;
  next_send_at: Date | null;
}

/** What waits in the queue of an account, and what holds it. */
export async function queueOf(db: Queryable, accountId: string, now: Date | null): Promise<QueueRow | undefined> {
  const [row] = await db.query<QueueRow>(sql`
    select c.*, case when f.ready_at <= t then extract(epoch from t - f.ready_at)::float end as oldest_seconds,
      l.in_flight + rate_used(l.window_at, l.window_n, a.rate_seconds * interval '1 second', t) as sent_in_window,
      h.reason as hold_reason, nullif(h.until, 'infinity') as hold_until,
      coalesce(case when l.held_until > t then nullif(l.held_until, 'infinity') else h.until end,
        case when h.reason is null and c.high + c.normal + c.low = 0 then s.ready_at end,
        least(case when f.ready_at > t then f.ready_at end, case when f.ready_at is null then d.ready_at end)) as next_send_at
    from clock(${now}) t, account a join lane l on l.account_id = a.id
    cross join lateral (
      select coalesce(sum(messages) filter (where status = 'queued' and priority = 0), 0) as high,
        coalesce(sum(messages) filter (where status = 'queued' and priority = 1), 0) as normal,
        coalesce(sum(messages) filter (where status = 'queued' and priority = 2), 0) as low,
        coalesce(sum(messages) filter (where status = 'scheduled'), 0) as scheduled,
        coalesce(sum(messages) filter (where status = 'sending'), 0) as sending,
        coalesce(sum(messages) filter (where status = 'unknown'), 0) as unknown
      from ${currentCounts(sql`workspace_id = a.workspace_id and account_id = a.id`)} x) c
    cross join lateral (select min(q.ready_at) as ready_at from ${firstQueued(sql`a.id`)} q) f
    left join lateral (select o.ready_at from open_message o where o.account_id = a.id and o.state = 'scheduled'
      order by o.ready_at limit 1) s on true
    left join lateral (select o.ready_at from open_message o where o.account_id = a.id and o.state = 'held'
      and o.ready_at < 'infinity' order by o.ready_at limit 1) d on true
    cross join lateral (select case when o.reason is not null then o.reason when quiet_end(a, t) is not null then 'quiet_hours' end as reason,
      case when o.reason is not null then o.until else quiet_end(a, t) end as until from lane_hold(a, l, t) o) h
    where a.id = ${accountId}`);
  return row;
}
