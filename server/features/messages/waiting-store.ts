// Reads why messages wait, and their place in the line of their account.

import type { WaitingReason } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { expectedAt, farthest, type Line } from './expected-at.ts';
import type { Waiting } from './message.ts';
import { firstReason, laneWaits } from './waiting-reasons-store.ts';

/** Why a message waits, until when, how many leave before it, and when it leaves itself. */
export async function waitingOf(
  db: Queryable,
  id: string,
  storageFull: boolean,
  now: Date | null,
): Promise<Waiting | undefined> {
  const [row] = await waitingOfSome(db, [id], storageFull, now);
  if (!row) return undefined;
  const { id: _, ...waiting } = row;
  return waiting;
}

/** The same of several messages. The answer leaves out messages that do not wait. */
export async function waitingOfSome(
  db: Queryable,
  ids: readonly string[],
  storageFull: boolean,
  now: Date | null,
): Promise<({ id: string } & Waiting)[]> {
  const rows = await db.query<Waiting & { id: string; line: Line | null }>(sql`
    with x as materialized (select * from ${reasonsOf(sql`m.id = any (${[...ids]}::uuid[])`, storageFull, now)} x),
    lines as materialized (${linesOf(sql`(select distinct x.account_id from x where x.state = 'queued') a`)})
    select x.id, x.reason, x.until, x.line,
      case when x.state = 'queued' then least(coalesce(n.place - 1, ${farthest}), ${farthest}) end::int as ahead
    from x left join lines n on n.id = x.id`);
  return rows.map(({ line, ...row }) => ({ ...row, expected_at: expectedAt(row, line) }));
}

/**
 * The messages of accounts in the order in which they leave: by priority, and of one priority the first of each
 * conversation, then the second of each, as the next one of a conversation goes to the end of the line. Reads at most the
 * first heads and the oldest others of each account.
 */
const linesOf = (accounts: Fragment): Fragment => sql`
    select y.id, row_number() over (partition by y.account_id order by y.priority, y.round, y.ready_at nulls last, y.seq) as place
    from (
      select h.account_id, h.id, h.priority, 0 as round, h.ready_at, h.seq from ${accounts} cross join lateral ${headsOf} h
      union all
      select f.account_id, f.id, f.priority, f.number - (f.priority is distinct from h.priority)::int, h.ready_at, coalesce(h.seq, f.seq)
      from ${accounts} cross join lateral (
        select o.*, row_number() over (partition by o.conversation_id, o.priority order by o.seq) as number from (
          select o.account_id, o.id, o.conversation_id, o.priority, o.seq from open_message o
          where o.account_id = a.account_id and not o.head and o.state = 'queued' order by o.seq limit ${farthest}) o) f
      left join lateral (select o.priority, o.ready_at, o.seq from open_message o
        where o.conversation_id = f.conversation_id and o.head and o.state = 'queued' limit 1) h on true) y`;

const headsOf = sql`(select o.* from (values (0::smallint), (1::smallint), (2::smallint)) p(priority) cross join lateral (
        select o.account_id, o.id, o.priority, o.ready_at, o.seq from open_message o
        where o.account_id = a.account_id and o.priority = p.priority and o.head and o.state = 'queued'
        order by o.ready_at, o.seq limit ${farthest}) o limit ${farthest})`;

/** Counts the messages before one in its conversation to this. */
const mostOfConversation = 1_000;

const inMs = (time: Fragment) => sql`extract(epoch from ${time}) * 1000`;

/** What decides when a message leaves, for `expectedAt`. Null where only its outcome is open. */
const lineOf = (storageFull: boolean): Fragment => sql`case when m.state <> 'unknown' then jsonb_build_object(
      'now', ${inMs(sql`t`)},
      'stopped', ${storageFull}::boolean or unserved.reason is not null
        or hold.reason is not null and hold.until is not distinct from 'infinity',
      'lane_from', case when hold.reason <> 'daily_limit' then ${inMs(sql`nullif(hold.until, 'infinity')`)} end,
      'own_from', ${inMs(sql`greatest(case when m.head then nullif(m.ready_at, 'infinity') end, behind.until,
        case when t < l.held_kinds[m.kind] then nullif(l.held_kinds[m.kind], 'infinity') end)`)},
      'rate', jsonb_build_object('messages', a.rate_messages, 'ms', a.rate_seconds * 1000, 'in_flight', l.in_flight,
        'ends', coalesce((select jsonb_agg(jsonb_build_array(${inMs(sql`w.at`)}, w.n) order by w.at)
          from unnest(l.window_at, l.window_n) w(at, n) where w.at > t - a.rate_seconds * interval '1 second'), '[]')),
      'jitter_ms', a.jitter_ms,
      'new_per_day', a.new_per_day,
      'quiet', case when m.priority > 0 and a.quiet_from <> a.quiet_until then jsonb_build_object(
        'until', ${inMs(sql`((here.at::date + (here.at::time >= a.quiet_until)::int) + a.quiet_until) at time zone a.time_zone`)},
        'ms', ${inMs(sql`a.quiet_until - a.quiet_from`)}) end,
      'day', case when (a.per_day is not null or a.warm_up_start is not null) and m.usage_day is distinct from here.at::date
        then jsonb_build_object('sent', case when l.day = here.at::date then l.sent else 0 end,
          'tomorrow', ${inMs(sql`(here.at::date + 1)::timestamp at time zone a.time_zone`)},
          'limits', array(select day_limit(a, here.at::date + d) from generate_series(0, 60) d order by d)) end,
      'pair', case when a.recipient_burst is not null then jsonb_build_object(
        'full_at', (select ${inMs(sql`greatest(v.recipient_full_at, t)`)} from conversation v where v.id = m.conversation_id),
        'burst', a.recipient_burst, 'ms', a.recipient_seconds * 1000,
        'before', (h.state is not distinct from 'queued')::int + (select count(*) from (select 1 from open_message o
          where o.conversation_id = m.conversation_id and not o.head and o.state = 'queued'
            and (o.priority, o.seq) < (m.priority, m.seq) order by o.priority, o.seq limit ${mostOfConversation}) o)) end) end`;

/** The open messages that match, with why each waits, and what decides when it leaves; no calls under way. */
const reasonsOf = (which: Fragment, storageFull: boolean, now: Date | null): Fragment => sql`(
    select m.*, x.reason, x.until, ${lineOf(storageFull)} as line
    from clock(${now}) t cross join open_message m join account a on a.id = m.account_id join lane l on l.account_id = m.account_id
    left join open_message h on h.conversation_id = m.conversation_id and h.head and h.id <> m.id
      and (h.state <> 'unknown' or h.ready_at > t)
    cross join lateral (select h.id is not null as applies, case when h.state <> 'sending' and h.ready_at > t then h.ready_at end as until) behind
    ${laneWaits}
    cross join lateral (select t at time zone a.time_zone as at) here
    cross join lateral ${firstReason(storageFull)} x
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
