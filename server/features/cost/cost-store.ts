// Reads what messages cost: the sums of a month, its forecast, free messages, and conversations.
import type { Charge } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, sql } from '../../kit/db/sql.ts';
import { toId } from '../../kit/ids.ts';
import { isBilled } from './settings-store.ts';

/** The zone in which a caller asks for this month: of the account, or of most billed ones. */
export async function costToday(
  db: Queryable,
  workspaceId: string,
  accountId: string | undefined,
  now: Date | null,
): Promise<string> {
  const [row] = await db.query<{ today: string }>(sql`
    select (clock(${now}) at time zone coalesce((select a.time_zone from account a where ${all([
      sql`a.workspace_id = ${workspaceId}`,
      accountId === undefined ? isBilled : sql`a.id = ${accountId}`,
    ])} group by 1 order by count(*) desc, 1 limit 1), 'UTC'))::date::text as today`);
  return row?.today ?? '';
}

export interface Sums {
  part: 'all' | 'category' | 'account' | 'country' | 'template' | 'day';
  category: string | null;
  account_id: string | null;
  country: string | null;
  template: string | null;
  day: string | null;
  messages: number;
  charged: number;
  free: number;
  estimating: number;
  unrated: number;
  amount: string;
  estimated: string;
}

/** The months that a query is about: those of the accounts that the caller sees. */
export interface CostRange {
  workspaceId: string;
  accountId: string | undefined;
  /** The first day of the month. */
  month: string;
}

const inMonth = ({ workspaceId, accountId, month }: CostRange) =>
  all([
    sql`c.workspace_id = ${workspaceId} and c.day >= ${month}::date
      and c.day < (${month}::date + interval '1 month')::date`,
    accountId !== undefined && sql`c.account_id = ${accountId}`,
  ]);

/** The sums of a month: of all, and by each part. */
export const sumsOf = (db: Queryable, range: CostRange): Promise<Sums[]> =>
  db.query<Sums>(sql`
    select case grouping(c.day, c.category, c.account_id, c.country, c.template) when 31 then 'all' when 23 then 'category'
        when 27 then 'account' when 29 then 'country' when 30 then 'template' else 'day' end as part,
      c.category, c.account_id, c.country, c.template, c.day::text as day, sum(c.messages) as messages,
      coalesce(sum(c.messages) filter (where c.kind = 'charged'), 0) as charged,
      coalesce(sum(c.messages) filter (where c.kind = 'free'), 0) as free,
      coalesce(sum(c.messages) filter (where c.kind = 'estimated'), 0) as estimating,
      coalesce(sum(c.messages) filter (where c.kind = 'unrated'), 0) as unrated,
      trim_scale(sum(c.amount + c.surcharge))::text as amount,
      trim_scale(coalesce(sum(c.amount + c.surcharge) filter (where c.kind = 'estimated'), 0))::text as estimated
    from cost c where ${inMonth(range)}
    group by grouping sets ((), (c.category), (c.account_id), (c.country), (c.template), (c.day, c.category))
    having sum(c.messages) <> 0 order by sum(c.amount + c.surcharge) desc, c.day, c.category, c.country, c.account_id`);

export interface Forecast {
  low: string;
  expected: string;
  high: string;
}

/**
 * What a month will cost: what it costs so far, and for each day that is left a quartile of the same weekdays of the last
 * eight weeks. Today counts for what is left of it. Undefined in the first week.
 */
export async function forecastOf(db: Queryable, range: CostRange, today: string): Promise<Forecast | undefined> {
  const { workspaceId, accountId } = range;
  const [row] = await db.query<Forecast & { known: boolean }>(sql`
    with daily as materialized (
      select c.day, sum(c.amount + c.surcharge) as spent from cost c
      where ${all([
        sql`c.workspace_id = ${workspaceId} and c.day >= least(${today}::date - 56, ${range.month}::date)
          and c.day < (${range.month}::date + interval '1 month')::date`,
        accountId !== undefined && sql`c.account_id = ${accountId}`,
      ])} group by 1),
    begun as (select min(day) as first from daily where spent <> 0),
    weekday as materialized (
      select extract(dow from d)::int as dow, percentile_disc(0.25) within group (order by coalesce(y.spent, 0)) as low,
        percentile_disc(0.5) within group (order by coalesce(y.spent, 0)) as middle,
        percentile_disc(0.75) within group (order by coalesce(y.spent, 0)) as high
      from begun, generate_series(greatest(begun.first, ${today}::date - 56), ${today}::date - 1, interval '1 day') d
      left join daily y on y.day = d::date group by 1),
    ahead as (
      select d::date as day, w.*, coalesce(y.spent, 0) as known
      from generate_series(${today}::date, (${range.month}::date + interval '1 month')::date - 1, interval '1 day') d
      join weekday w on w.dow = extract(dow from d)::int left join daily y on y.day = d::date),
    so_far as (select coalesce(sum(spent), 0) as spent from daily where day >= ${range.month}::date)
    select trim_scale(s.spent + coalesce(sum(greatest(a.low - a.known, 0)), 0))::text as low,
      trim_scale(s.spent + coalesce(sum(greatest(a.middle - a.known, 0)), 0))::text as expected,
      trim_scale(s.spent + coalesce(sum(greatest(a.high - a.known, 0)), 0))::text as high,
      coalesce((select first <= ${today}::date - 7 from begun), false) as known
    from so_far s left join ahead a on true group by s.spent`);
  return row?.known ? { low: row.low, expected: row.expected, high: row.high } : undefined;
}

/** The free service messages of each billed account in a month, and how many days of it are over. */
export const freeMessagesOf = (db: Queryable, range: CostRange): Promise<{ account_id: string; used: number }[]> =>
  db.query<{ account_id: string; used: number }>(sql`
    select a.id as account_id, coalesce(sum(c.messages), 0) as used
    from account a left join cost c on c.account_id = a.id and c.category = 'service' and c.kind = 'free' and ${inMonth(range)}
    where ${all([
      sql`a.workspace_id = ${range.workspaceId} and ${isBilled}`,
      range.accountId !== undefined && sql`a.id = ${range.accountId}`,
    ])} group by 1 order by 1`);

export interface CardInUse {
  id: string;
  name: string;
  valid_from: string;
  is_old: boolean;
}

/** The card in use on a day. It is old a week into a quarter that begins after it. */
export async function cardInUse(db: Queryable, workspaceId: string, today: string): Promise<CardInUse | undefined> {
  const [row] = await db.query<CardInUse>(sql`
    select c.id, c.name, c.valid_from::text as valid_from,
      c.valid_from < date_trunc('quarter', ${today}::date - 7)::date as is_old
    from card_on(${workspaceId}::uuid, ${today}::date) o join rate_card c on c.id = o.id`);
  return row;
}

interface ChargeRow extends Omit<Charge, 'rate_card_id'> {
  card_id: string;
}

/** What a message costs; null if nothing, or without a rate card. */
export async function chargeOf(db: Queryable, messageId: string): Promise<Charge | null> {
  const [row] = await db.query<ChargeRow>(sql`
    select q.kind, trim_scale(m.charge_amount + coalesce(m.charge_surcharge, 0))::text as amount,
      trim_scale(coalesce(m.charge_surcharge, 0))::text as surcharge, c.currency, m.charge_category as category,
      nullif(m.charge_country, '') as country, market_of(c.id, k.market, k.region) as market,
      m.charge_day::text as day, c.id as card_id
    from message m
    join rate_card c on c.number = m.charge_card
    cross join lateral (select charge_kind(m.charge_day, m.charge_type, m.charge_amount, m.status, m.delivered_at) as kind) q
    left join lateral (select o.market, o.region from calling_code o where o.country = m.charge_country
      and o.valid_from <= m.charge_day order by o.valid_from desc limit 1) k on true
    where m.id = ${messageId} and q.kind is not null`);
  if (!row) return null;
  const { card_id: card, ...charge } = row;
  return { ...charge, rate_card_id: toId('rate_card', card) };
}

export interface ConversationCost {
  conversations: number;
  amount: string;
  median: string | null;
  p90: string | null;
}

/** What conversations cost: the sum of their messages that were accepted in a range. */
export async function conversationCost(
  db: Queryable,
  workspaceId: string,
  range: { from: Date; until: Date; accountId: string | undefined; conversationId: string | undefined },
): Promise<ConversationCost> {
  const [row] = await db.query<ConversationCost>(sql`
    with each as (
      select m.conversation_id, sum(m.charge_amount + coalesce(m.charge_surcharge, 0)) as amount from message m
      where ${all([
        sql`m.workspace_id = ${workspaceId} and m.created_at >= ${range.from} and m.created_at < ${range.until}`,
        range.accountId !== undefined && sql`m.account_id = ${range.accountId}`,
        range.conversationId !== undefined && sql`m.conversation_id = ${range.conversationId}`,
      ])} and m.charge_amount is not null group by 1)
    select count(*)::int as conversations, trim_scale(coalesce(sum(amount), 0))::text as amount,
      trim_scale(percentile_disc(0.5) within group (order by amount))::text as median,
      trim_scale(percentile_disc(0.9) within group (order by amount))::text as p90 from each`);
  return row ?? { conversations: 0, amount: '0', median: null, p90: null };
}
