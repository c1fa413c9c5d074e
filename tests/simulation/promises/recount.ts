// Counters equal a recount, and days have taken no more than they may.

import { type Fragment, sql } from '../../../server/kit/db/sql.ts';
import { toUuid } from '../../../server/kit/ids.ts';
import type { Played } from '../played.ts';
import { isByHand, isCall, type Rows, uuidsOf } from '../rows.ts';
import { termAt } from './settings.ts';

const isHistory = (what: string): boolean =>
  [
    'sent of a day',
    'sent to a conversation',
    'received in a conversation',
    'received of an account',
    'taken by the channel',
    'delivered in time',
  ].includes(what) || what.startsWith('of all days');

/** What was used of the limits of days: of past ones, and of those that the lanes are at. */
const days = sql`(
  select account_id, day, sent, conversations_opened as opened from daily_usage
  union all
  select account_id, day, sent, conversations_opened from lane where day is not null)`;

export async function miscounts(
  { world, accounts, clockSet, erasures }: Played,
  { attempts }: Rows,
): Promise<string[]> {
  const uuids = uuidsOf(accounts);
  const still = accounts.filter(({ terms }) => terms.every(({ zone }) => zone === 'UTC')).map(({ id }) => toUuid(id));
  const there = accounts.flatMap(account => (account.deleted ? [] : account.numberId));
  const rows = await world.database.query<{ what: string; counted: number; recount: number }>(sql`
    select what, n::int as counted, 0 as recount from check_queue()
    union all
    -- A message sent again by hand counts anew. A change of zone moves days into one another. A message whose
    -- outcome was unknown keeps its place, also if a late record says that no call was made.
    select 'sent of a day', d.sent, least(greatest(d.sent, s.fewest), s.most)
      from ${days} d cross join lateral (
        select count(*) filter (where x.is_call)::int as fewest, count(*)::int as most from (
          select e.message_id, again.n, bool_or(${isCall}) as is_call from logged_event e cross join lateral (
            select count(*) as n from events_of(array[e.message_id]) where number < e.number and ${isByHand}) again
          where e.account_id = d.account_id and e.message_id in (select id from message) and e.type = 'message.sending' and (e.at at time zone 'UTC')::date = d.day
          group by 1, 2) x
        where x.is_call or exists (select 1 from events_of(array[x.message_id]) f
          where (f.type = 'message.unknown' or f.type = 'message.failed' and f.data->>'code' = 'unknown_outcome'))) s
      where d.account_id = any (${still})
    union all
    select 'sent to a conversation', v.sent_count, (select count(*) from message m where m.conversation_id = v.id and m.direction = 'outbound')::int
      from conversation v where v.account_id = any (${uuids})
    union all
    select 'received in a conversation', v.received_count, (select count(*) from message m where m.conversation_id = v.id and m.direction = 'inbound' and m.type <> 'system')::int
      from conversation v where v.account_id = any (${uuids})
    union all
    select 'unread', v.unread_count, (select count(*) from message m where m.conversation_id = v.id and m.direction = 'inbound' and m.status = 'received')::int
      from conversation v where v.account_id = any (${uuids})
    union all
    select 'received of an account', coalesce(sum(r.received), 0)::int, (select count(*) from message m where m.account_id = a.id and m.direction = 'inbound' and m.type <> 'system')::int
      from account a left join daily_received r on r.account_id = a.id where a.id = any (${uuids}) group by a.id
    union all
    select 'there now as ' || s.status, s.kept, s.recount from (
      select status, sum(kept)::int as kept, sum(recount)::int as recount from (
        select status, messages as kept, 0 as recount from message_gauge where account_id = any (${uuids})
        union all select status, present, 0 from message_delta where account_id = any (${uuids})
        union all select status, 0, count(*)::int from message where account_id = any (${uuids}) group by 1) x group by 1) s
    union all
    select 'in stretches as ' || s.status, sum(s.kept)::int, sum(s.recount)::int from (
      select status, span, messages as kept, 0 as recount from message_span where account_id = any (${uuids})
      union all select status, span, present, 0 from message_delta where account_id = any (${uuids}) and span is not null
      union all select status, seq / 512, 0, 1 from message where account_id = any (${uuids}) and direction = 'outbound'
        and source is null and status in ('queued', 'sending', 'sent', 'delivered', 'read', 'played')) s group by s.status, s.span
    union all
    select 'of all days as ' || s.status, s.kept, s.recount from (
      select status, sum(kept)::int as kept, sum(recount)::int as recount from (
        select status, messages as kept, 0 as recount from message_count where account_id = any (${uuids})
        union all select status, messages, 0 from message_delta where account_id = any (${uuids})
        union all select status, 0, count(*)::int from message where account_id = any (${uuids}) group by 1) x group by 1) s
    union all
    select 'taken by the channel', s.kept, s.recount from (
      select (select coalesce(sum(accepted), 0) from (
          select accepted from message_count where account_id = any (${uuids})
          union all select accepted from message_delta where account_id = any (${uuids})) c)::int as kept,
        (select count(sent_at) from message where account_id = any (${uuids}))::int as recount) s
    union all
    select 'delivered in time', s.kept, s.recount from (
      select (select coalesce(sum(n), 0) from (
          select n from latency_count where stage = 'network' and span = 'hour' and account_id = any (${uuids})
          union all select n from latency_delta where stage = 'network' and account_id = any (${uuids})) c)::int as kept,
        (select count(*) from message where account_id = any (${uuids}) and direction = 'outbound' and not imported
          and delivered_at is not null and sent_at is not null)::int as recount) s
    union all
    select 'list of ' || s.list, s.kept, s.recount from (
      select list, sum(kept)::int as kept, sum(recount)::int as recount from (
        select list, entries as kept, 0 as recount from list_count where account_id = any (${uuids})
        union all select list, entries, 0 from list_delta where account_id = any (${uuids})
        union all select 'conversations', 0, count(*)::int from conversation where account_id = any (${uuids})
        union all select 'unread', 0, count(*)::int from conversation where account_id = any (${uuids}) and unread_count > 0) x group by 1) s
    union all
    select 'dead-lettered items', (select count(*) from dead_letter where item->>'numberId' is null or item->>'numberId' = any (${there}))::int, 0`);
  const broken = rows
    // Counts of the moment stay when somebody is erased.
    .filter(({ what, counted, recount }) =>
      erasures.size > 0 && isHistory(what) ? counted < recount : counted !== recount,
    )
    .map(row => `${row.what}: counted ${row.counted}, recounted ${row.recount}`);
  // Whose first word comes about when we open the conversation may count, or not. So may who is only ever claimed and not
  // called: that opens the conversation, though it gives back the place of the day.
  // The channel's times have whole seconds, so the end of the 24 hours is not exact either.
  const opened = (claim: Fragment, slack: Fragment, hours: Fragment) => sql`(
    select count(distinct m.conversation_id) from logged_event e join message m on m.id = e.message_id
    where e.account_id = d.account_id and ${claim} and (e.at at time zone 'UTC')::date = d.day
      and not exists (select 1 from message o where o.conversation_id = m.conversation_id and o.direction = 'inbound' and o.type <> 'system'
        and o.created_at between e.at - ${hours} and e.at + ${slack}))::int`;
  const fewest = opened(isCall, sql`interval '5 minutes'`, sql`interval '24:00:05'`);
  const most = opened(sql`e.type = 'message.sending'`, sql`interval '-5 minutes'`, sql`interval '23:59:55'`);
  const used = await world.database.query<{
    account_id: string;
    day: string;
    sent: number;
    opened: number;
    fewest: number;
    most: number;
  }>(sql`
    select d.account_id, d.day::text as day, d.sent, d.opened, ${fewest} as fewest, ${most} as most
    from ${days} d where d.account_id = any (${still})`);
  for (const day of used) {
    const account = accounts.find(({ id }) => toUuid(id) === day.account_id);
    if (!account) continue;
    const ofDay = attempts.filter(
      ({ account_id: id, started_at: at }) => id === day.account_id && at.toISOString().startsWith(day.day),
    );
    // The limits in force when something was claimed that day, where that is known of all.
    const terms =
      erasures.size > 0 ? account.terms : ofDay.flatMap(({ token }) => termAt(account, token) ?? account.terms);
    const highest = (limits: (number | null)[]) =>
      Math.max(0, ...limits.map(limit => limit ?? Number.POSITIVE_INFINITY));
    if (day.sent > highest(terms.map(({ perDay }) => perDay))) broken.push(`a day sent ${day.sent}`);
    if (day.opened > highest(terms.map(({ newPerDay }) => newPerDay)))
      broken.push(`a day opened ${day.opened} conversations`);
    // They are counted while there is a limit for them.
    const isCounted = account.terms.every(({ newPerDay }) => newPerDay !== null);
    if (!clockSet && ((isCounted && day.opened < day.fewest) || (erasures.size === 0 && day.opened > day.most)))
      broken.push(`opened on a day: counted ${day.opened}, recounted ${day.fewest} to ${day.most}`);
  }
  return broken;
}
