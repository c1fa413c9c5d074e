// The figures of queues: for one workspace, and for the metrics of the whole installation.
import type { Queryable } from '../../kit/db.ts';
import { sql } from '../../kit/sql.ts';

export interface WorkspaceFigures {
  waiting: number;
  active: number;
  unknown: number;
  completed: number;
  failed: number;
  calls_per_minute: number;
  p50: number | null;
  p95: number | null;
  workers: number;
  due_send: number;
  due_receive: number;
  due_read: number;
  due_fetch: number;
  for_send: number;
  for_receive: number;
  for_read: number;
  for_fetch: number;
}

const alive = sql`seen_at > clock_timestamp() - interval '10 seconds'`;

/** The queue of a workspace. A worker counts for a lane only where it serves the channels of what is due there. */
export async function workspaceFigures(
  db: Queryable,
  workspaceId: string,
  now: Date | null,
): Promise<WorkspaceFigures> {
  // Bounds that the planner can see: behind present() it takes a third of the table for recent, and reads all of it.
  const since = (span: string) => sql`coalesce(${now}::timestamptz, now()) - ${span}::interval`;
  const [row] = await db.query<WorkspaceFigures>(sql`
    with t as (select present(${now}) as now),
    mine as materialized (select id, channel, deleted_at from account where workspace_id = ${workspaceId}),
    open as (select
        count(*) filter (where m.status in ('scheduled', 'queued')) as waiting, count(*) filter (where m.status = 'sending') as active,
        count(*) filter (where m.status = 'unknown') as unknown
      from message m where m.workspace_id = ${workspaceId} and m.status collate "C" in ('scheduled', 'queued', 'sending', 'unknown')),
    done as (select count(*) filter (where m.sent_at is not null) as completed, count(*) filter (where m.status = 'failed') as failed
      from message m where m.workspace_id = ${workspaceId} and m.direction = 'outbound' and m.created_at > ${since('24 hours')}),
    calls as (select count(*)::float / 5 as per_minute from attempt a
      where a.started_at > ${since('5 minutes')} and a.account_id in (select id from mine)),
    waits as (select percentile_cont(array[0.5, 0.95]) within group (order by w.seconds) as p from (
      select greatest(0, extract(epoch from a.started_at - greatest(m.created_at, m.send_at)))::float as seconds
      from attempt a join message m on m.id = a.message_id
      where a.number = 1 and a.started_at > ${since('1 hour')} and a.account_id in (select id from mine)) w),
    -- What is scheduled for a moment that has passed is due too: only a claim puts it into the queue.
    work as materialized (
      select 'send' as kind, i.channel from mine i, t where i.deleted_at is null and exists (select 1 from message m
        where m.account_id = i.id and m.status = 'queued' and m.due_at <= t.now
        union all select 1 from message m where m.account_id = i.id and m.status = 'scheduled' and m.due_at <= t.now)
      union all
      select 'receive', i.channel from mine i where exists (select 1 from inbound_payload p where p.lane_key = i.id and p.processed_at is null)
      union all
      select 'read', i.channel from mine i, t where i.deleted_at is null
        and exists (select 1 from read_mark r where r.account_id = i.id and r.due_at <= t.now)
      union all
      select 'fetch', i.channel from mine i, t where i.deleted_at is null
        and exists (select 1 from media f where f.account_id = i.id and f.status = 'pending' and f.due_at <= t.now)),
    due as (select count(*) filter (where kind = 'send') as send, count(*) filter (where kind = 'receive') as receive,
      count(*) filter (where kind = 'read') as read, count(*) filter (where kind = 'fetch') as fetch from work),
    serving as (select k.kind, w.id from worker w, unnest(w.kinds) k(kind) where ${alive}
      and not exists (select 1 from work d where d.kind = k.kind and d.channel <> all (w.channels)))
    select open.*, done.*, calls.per_minute as calls_per_minute, waits.p[1] as p50, waits.p[2] as p95,
      (select count(*) from worker where ${alive}) as workers,
      due.send as due_send, due.receive as due_receive, due.read as due_read, due.fetch as due_fetch,
      (select count(*) from serving where kind = 'send') as for_send,
      (select count(*) from serving where kind = 'receive') as for_receive,
      (select count(*) from serving where kind = 'read') as for_read,
      (select count(*) from serving where kind = 'fetch') as for_fetch
    from open, done, calls, waits, due`);
  return row as WorkspaceFigures;
}

export interface Gauges {
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
  doubled: number;
  stuck: number;
}

/** What the metrics show of the whole installation; each figure by an index of what is open. */
export async function gauges(db: Queryable, now: Date | null): Promise<Gauges> {
  const [row] = await db.query<Gauges>(sql`
    with t as (select present(${now}) as now),
    open as materialized (select status, case priority when 0 then 'high' when 1 then 'normal' else 'low' end as priority, due_at, stuck_at
      from message where status in ('scheduled', 'queued', 'sending', 'unknown'))
    select
      (select coalesce(jsonb_agg(x), '[]') from (select status, priority, count(*) as n from open group by 1, 2) x) as waiting,
      (select coalesce(jsonb_agg(x), '[]') from (select priority, extract(epoch from t.now - min(due_at))::float as seconds
        from open, t where status in ('queued', 'scheduled') and due_at <= t.now group by 1, t.now) x) as oldest,
      (select coalesce(jsonb_agg(x), '[]') from (select held_reason as reason, count(*) as n from lane, t
        where kind = 'send' and held_until > t.now group by 1) x) as held,
      (select count(*) from inbound_payload where processed_at is null) as open_payloads,
      (select count(*) from read_mark r join account a on a.id = r.account_id where a.deleted_at is null) as open_read_marks,
      (select count(*) from media where status = 'pending') as open_media,
      (select count(*) from lane l, t where l.kind = 'send'
        and exists (select 1 from message m where m.account_id = l.key and m.status = 'queued' and m.due_at <= t.now
          union all select 1 from message m where m.account_id = l.key and m.status = 'scheduled' and m.due_at <= t.now)) as due_lanes,
      (select count(*) from worker where ${alive}) as workers,
      longest_transaction() as event_lag_seconds,
      (select count(*) from message where status = 'sent' and reported_at is not null) as undelivered,
      (select count(*) from message where doubled_at is not null) as doubled,
      (select count(*) from open where status = 'queued' and stuck_at is not null) as stuck`);
  return row as Gauges;
}
