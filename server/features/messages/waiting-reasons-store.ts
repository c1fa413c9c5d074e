// Why a message waits, out of all that could keep it back. This order of the reasons is the only one.
import { type Fragment, sql } from '../../kit/db/sql.ts';

/**
 * What may keep back the messages of an account `a` with the lane `l` at `t`: the hold of the lane, the quiet hours, the
 * missing worker, and the slots of the rate, where no claim has found yet that they are taken.
 */
export const laneWaits: Fragment = sql`
    cross join lateral lane_hold(a, l, t) hold
    left join lateral (select quiet_end(a, t) as until) quiet on true
    cross join lateral (select x.slots, next_slot_at(l.window_at, l.window_n, a.rate_seconds * interval '1 second', t, x.slots) as next_at
      from (select a.rate_messages - l.in_flight
        - rate_used(l.window_at, l.window_n, a.rate_seconds * interval '1 second', t) as slots) x) rate
    left join lateral (select unserved_reason(a) as reason) unserved on true`;

/** The place of the hold of a lane in the order of reasons, and the first place after all that holds a whole lane. */
export const ofLane = 3;
export const afterLane = 10;

/**
 * The first reason that applies to `m`, and until when it does: what its lane says, then the message itself, then its
 * conversation. Without room on the disk, or without a worker, nothing is claimed at all; of the two the disk comes first,
 * as on a full one no worker can give a heartbeat. `m` is an open message, or what many have in common: its state, head,
 * ready_at, wait_reason, priority, kind, usage_day and resolve_by. `behind`: whether another of its conversation goes first,
 * and when that one is due.
 */
export const firstReason = (storageFull: boolean): Fragment => sql`(
    select r.place, r.reason, r.until from (values
      (1, m.state = 'unknown', 'unknown_outcome', case when m.resolve_by > t then m.resolve_by end),
      (2, m.state = 'held' and m.ready_at > t, m.wait_reason, nullif(m.ready_at, 'infinity')),
      (2, m.state = 'scheduled' and m.ready_at > t, 'scheduled', m.ready_at),
      -- A message with a slot of a full day may leave, unless its lane is held all the same.
      (${ofLane}, hold.reason is not null and (hold.reason <> 'daily_limit' or m.usage_day is distinct from l.day
          or l.held_until > t and m.ready_at <= t),
        hold.reason, nullif(case when m.usage_day = l.day then l.held_until else hold.until end, 'infinity')),
      (4, t < l.held_kinds[m.kind] and m.state = 'queued', 'restricted', l.held_kinds[m.kind]),
      (5, quiet.until is not null and m.priority > 0, 'quiet_hours', quiet.until),
      (6, m.head and m.ready_at > t, coalesce(m.wait_reason, 'next'), m.ready_at),
      (7, ${storageFull}::boolean, 'storage_full', null),
      (8, unserved.reason is not null, unserved.reason, null),
      (9, rate.slots <= 0, 'rate_limit', rate.next_at),
      (${afterLane}, behind.applies, 'conversation_order', behind.until),
      (11, true, 'next', null)) r(place, applies, reason, until) where r.applies order by r.place limit 1)`;
