// Why a message waits, out of all that could keep it back.

import type { WaitingReason } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import type { Waiting } from './message.ts';

/**
 * Why a message waits, until when, and how many leave before it: what its lane says, then its conversation, then its own row,
 * as they were written where the reason was found. Without room on the disk, or without a worker, nothing is claimed at all;
 * of the two the disk comes first, as on a full one no worker can give a heartbeat.
 */
export async function waitingOf(
  db: Queryable,
  id: string,
  storageFull: boolean,
  now: Date | null,
): Promise<Waiting | undefined> {
  const [row] = await db.query<Waiting>(sql`
    select x.reason, x.until, case when x.state = 'queued' then ahead.n end as ahead
    from ${reasonsOf(sql`m.id = ${id}`, storageFull, now)} x
    -- The heads of other conversations that leave before it, and what stands before it in its own.
    left join lateral (select (select count(*) from (select 1 from open_message o
        where o.account_id = x.account_id and o.head and o.state = 'queued' and o.id <> x.id and o.conversation_id <> x.conversation_id
          and (o.priority < x.priority or o.priority = x.priority and (not x.head or (o.ready_at, o.seq) < (x.ready_at, x.seq)))
        limit 10000) y) + (select count(*) from (select 1 from open_message o
        where o.conversation_id = x.conversation_id and o.state = 'queued' and (o.priority, o.seq) < (x.priority, x.seq)
        limit 10000) y) as n) ahead on true`);
  return row && { ...row, ahead: row.ahead === null ? null : Math.min(row.ahead, 10_000) };
}

/** Why some messages wait, and until when. Those that do not wait are not in the answer. */
export async function waitingOfSome(
  db: Queryable,
  ids: readonly string[],
  storageFull: boolean,
  now: Date | null,
): Promise<{ id: string; reason: WaitingReason; until: Date | null }[]> {
  return db.query(
    sql`select x.id, x.reason, x.until from ${reasonsOf(sql`m.id = any (${[...ids]}::uuid[])`, storageFull, now)} x`,
  );
}

/** The open messages that match, with why each waits; no calls under way. */
const reasonsOf = (which: Fragment, storageFull: boolean, now: Date | null): Fragment => sql`(
    select m.*, x.reason, x.until
    from clock(${now}) t cross join open_message m join account a on a.id = m.account_id join lane l on l.account_id = m.account_id
    left join open_message h on h.conversation_id = m.conversation_id and h.head and h.id <> m.id
      and (h.state <> 'unknown' or h.ready_at > t)
    cross join lane_hold(a, l, t) hold
    left join lateral (select quiet_end(a, t) as until) quiet on true
    -- The slots of the rate, where no claim has found out yet that they are taken.
    cross join lateral (select x.slots, next_slot_at(l.window_at, l.window_n, a.rate_seconds * interval '1 second', t, x.slots) as next_at
      from (select a.rate_messages - l.in_flight
        - rate_used(l.window_at, l.window_n, a.rate_seconds * interval '1 second', t) as slots) x) rate
    left join lateral (select unserved_reason(a) as reason) unserved on true
    cross join lateral (select * from (values
      (1, m.state = 'unknown', 'unknown_outcome', case when m.resolve_by > t then m.resolve_by end),
      (2, m.state = 'held' and m.ready_at > t, m.wait_reason, nullif(m.ready_at, 'infinity')),
      (2, m.state = 'scheduled' and m.ready_at > t, 'scheduled', m.ready_at),
      -- A message with a slot of a full day may leave, unless its lane is held all the same.
      (3, hold.reason is not null and (hold.reason <> 'daily_limit' or m.usage_day is distinct from l.day
          or l.held_until > t and m.ready_at <= t),
        hold.reason, nullif(case when m.usage_day = l.day then l.held_until else hold.until end, 'infinity')),
      (4, t < l.held_kinds[m.kind] and m.state = 'queued', 'restricted', l.held_kinds[m.kind]),
      (5, quiet.until is not null and m.priority > 0, 'quiet_hours', quiet.until),
      (6, m.head and m.ready_at > t, coalesce(m.wait_reason, 'next'), m.ready_at),
      (7, ${storageFull}::boolean, 'storage_full', null),
      (8, unserved.reason is not null, unserved.reason, null),
      (9, rate.slots <= 0, 'rate_limit', rate.next_at),
      (10, h.id is not null, 'conversation_order', case when h.state <> 'sending' and h.ready_at > t then h.ready_at end),
      (11, true, 'next', null)) r(place, applies, reason, until) where r.applies order by r.place limit 1) x
    where ${which} and m.state <> 'sending')`;

/** Examines at most this many open messages per account and state. */
const mostLookedAt = 10_000;

/**
 * Whether a message `m` waits for the time for which it is scheduled: no other reason comes before this one. Looked up for
 * each message: as a join, all that is open would be read for a page.
 */
export const isScheduled = (now: Date | null): Fragment =>
  sql`(select o.state = 'scheduled' and o.ready_at > clock(${now}) from open_message o where o.id = m.id)`;

/** The ids of messages that wait for a reason, by an index for each kind of open messages that may. */
export const waitingFor = (
  workspaceId: string,
  accountId: string | undefined,
  { reason, storageFull, now }: { reason: WaitingReason; storageFull: boolean; now: Date | null },
): Fragment => {
  const some = (is: Fragment, order: Fragment) => sql`(select o.id, o.ready_at, o.wait_reason from open_message o
    where o.account_id = a.id and ${is} order by ${order} limit ${mostLookedAt})`;
  // A scheduled or held message that is due waits like a queued one.
  const scheduled = sql`(select o.id from ${some(sql`o.state = 'scheduled'`, sql`o.ready_at`)} o
    where o.ready_at <= clock(${now}))`;
  const held = sql`(select o.id from ${some(sql`o.state = 'held'`, sql`o.ready_at`)} o
    where o.wait_reason = ${reason} or o.ready_at <= clock(${now}))`;
  const open = sql`select x.id from account a cross join lateral (
      (select o.id from ${some(sql`o.head and o.state = 'queued'`, sql`o.priority, o.ready_at, o.seq`)} o)
      union all (select o.id from ${some(sql`not o.head and o.state = 'queued'`, sql`o.seq`)} o)
      union all ${scheduled}
      union all ${held}
      union all (select o.id from open_message o where o.account_id = a.id and o.state = 'unknown' limit ${mostLookedAt})) x
    where a.workspace_id = ${workspaceId} ${accountId === undefined ? sql`` : sql`and a.id = ${accountId}`}`;
  return sql`(select x.id from ${reasonsOf(sql`m.id = any (array(${open}))`, storageFull, now)} x where x.reason = ${reason})`;
};
