// Why a message waits, out of all that could keep it back.

import { isAlive } from '../../engine/worker-store.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { Waiting } from './message.ts';

/**
 * Why a message waits, until when, and how many leave before it: the first reason in the order in which the claim asks.
 * Without room on the disk, or without a worker, the claim does not ask at all; of the two the disk comes first, as on a
 * full one no worker can give a sign of life.
 */
export async function waitingOf(
  db: Queryable,
  id: string,
  storageFull: boolean,
  now: Date | null,
): Promise<Waiting | undefined> {
  const [row] = await db.query<Waiting & { reason: Waiting['reason'] | null }>(sql`
    select case
        when m.status = 'unknown' then 'receipt'
        when m.status = 'scheduled' and m.due_at > t then 'scheduled'
        when l.held_until > t and l.held_reason <> 'daily_limit' then l.held_reason
        when day.is_full and m.budget_day is distinct from day.today then 'daily_limit'
        when quiet.until is not null and m.priority > 0 then 'quiet_hours'
        when m.due_at > t then coalesce(m.wait_reason, 'in_line')
        when ${storageFull} then 'storage_full'
        when not served.there then 'no_worker'
        when pace.free <= 0 then 'pace'
        when blocked.id is not null or beside.there then 'conversation_order'
        else 'in_line' end as reason,
      case
        when m.status = 'unknown' then case when m.settle_at > t then m.settle_at end
        when m.status = 'scheduled' and m.due_at > t then m.due_at
        when l.held_until > t and l.held_reason <> 'daily_limit' then nullif(l.held_until, 'infinity')
        when day.is_full and m.budget_day is distinct from day.today
          then (day.today + 1)::timestamp at time zone a.time_zone
        when quiet.until is not null and m.priority > 0 then quiet.until
        when m.due_at > t and m.wait_reason = 'conversation_order' then case when blocked.due_at > t then blocked.due_at end
        when m.due_at > t then m.due_at
        when ${storageFull} or not served.there then null
        when pace.free <= 0 then next_end(pace.ends, pace.places, pace.free) + a.rate_seconds * interval '1 second'
        when blocked.status in ('queued', 'unknown') and blocked.due_at > t then blocked.due_at
        when l.held_until > t then l.held_until end as until,
      case when m.status = 'queued' then ahead.n end as ahead
    from present(${now}) t, message m join account a on a.id = m.account_id
    join lane l on l.kind = 'send' and l.key = m.account_id
    left join lateral (select quiet_end(a, t) as until) quiet on true
    -- Held or not: what has its place of the day does not wait for the next, and the lane looks for it at times.
    cross join lateral (select o.today, d.sent >= day_limit(a, o.today) as is_full
      from (select (t at time zone a.time_zone)::date as today) o
      left join account_day d on d.account_id = a.id and d.day = o.today) day
    left join lateral (select exists (select 1 from worker
      where ${isAlive} and 'send' = any (kinds) and a.channel = any (channels)) as there) served on true
    -- The places of the rate, where no claim has found out yet that they are taken, or calls of which no end is known have them.
    left join lateral (
      select (a.rate_messages - coalesce(sum(w.n), 0))::int as free,
        coalesce(array_agg(w.at order by w.at) filter (where w.at is not null), '{}') as ends,
        coalesce(array_agg(w.n order by w.at) filter (where w.at is not null), '{}') as places
      from (select u.at, u.n from unnest(l.window_at, l.window_n) u(at, n)
        union all select k.ended_at, 1 from attempt k where k.token = any (l.calls) and (k.class in ('handed_back', 'expired', 'media')) is not true) w
      where w.at is null or w.at > t - a.rate_seconds * interval '1 second') pace on true
    left join lateral (
      select o.id, o.status, o.due_at from message o
      where o.conversation_id = m.conversation_id and o.id <> m.id
        and (o.status = 'sending' or (o.status = 'unknown' and o.due_at > t)
          or (o.status = 'queued' and (o.priority, o.seq) < (m.priority, m.seq)))
      order by o.status = 'queued', o.priority, o.seq limit 1) blocked on true
    -- A message to the same person is called again, and nothing is known of that call, though the one before may have settled it.
    left join lateral (select exists (
      select 1 from attempt k join message o on o.id = k.message_id
      where k.token = any (l.calls) and k.status = 'sending' and k.number > 1 and k.started_at > t - interval '1 minute'
        and o.conversation_id = m.conversation_id) as there) beside on true
    left join lateral (select count(*) as n from (
      select 1 from message o where o.account_id = m.account_id and o.status = 'queued' and o.wait_reason is null
        and (o.priority, o.turn, o.seq) < (m.priority, m.turn, m.seq) limit 10000) x) ahead on true
    where m.id = ${id} and m.status in ('scheduled', 'queued', 'unknown')`);
  return row?.reason ? { reason: row.reason, until: row.until, ahead: row.ahead } : undefined;
}
