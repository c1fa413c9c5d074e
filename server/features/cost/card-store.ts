// The tables rate_card and rate.
import type { RateCardKind, RateCardState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { newUuid } from '../../kit/ids.ts';
import type { RateFile } from './rate-file.ts';

export interface CardRow {
  id: string;
  kind: RateCardKind;
  name: string;
  currency: string;
  valid_from: string;
  valid_until: string | null;
  file_name: string;
  markets: number;
  rates: number;
  state: RateCardState;
  created_at: Date;
  used_at: Date | null;
}

/** A card ends where the next one of its kind begins; of two of one day the later import counts. */
const cards = (today: string, of: ReturnType<typeof sql>) => sql`
  select c.id, c.kind, c.name, c.currency, c.valid_from::text, nullif(n.begins - 1, c.valid_from - 1)::text as valid_until, c.file_name,
    r.markets, r.rates, c.created_at, c.used_at,
    case when c.state = 'draft' then 'draft' when c.valid_from > ${today}::date then 'coming'
      when n.begins <= ${today}::date then 'ended' else 'current' end as state
  from rate_card c
  left join lateral (select o.valid_from as begins from rate_card o where o.workspace_id = c.workspace_id
    and o.state = 'used' and c.state = 'used' and o.kind = c.kind and (o.valid_from, o.number) > (c.valid_from, c.number)
    order by o.valid_from, o.number limit 1) n on true
  cross join lateral (select count(distinct o.market)::int as markets, count(*)::int as rates from rate o
    where o.card_id = c.id) r
  where ${of} order by c.valid_from desc, c.number desc`;

export const listCards = (db: Queryable, workspaceId: string, today: string): Promise<CardRow[]> =>
  db.query<CardRow>(cards(today, sql`c.workspace_id = ${workspaceId}`));

export const findCard = async (
  db: Queryable,
  workspaceId: string,
  id: string,
  today: string,
): Promise<CardRow | undefined> =>
  (await db.query<CardRow>(cards(today, sql`c.workspace_id = ${workspaceId} and c.id = ${id}`)))[0];

export interface NewCard {
  name: string;
  fileName: string;
  fileHash: Buffer;
  validFrom: string;
  createdBy: string;
}

/** Stores a card as a draft. Returns its id. */
export async function insertCard(tx: Queryable, workspaceId: string, card: NewCard, file: RateFile): Promise<string> {
  const id = newUuid();
  await tx.query(sql`insert into rate_card (id, workspace_id, kind, name, currency, valid_from, file_name, file_hash, state,
      created_by, created_at)
    values (${id}, ${workspaceId}, ${file.kind}, ${card.name}, ${file.currency}, ${card.validFrom}, ${card.fileName},
      ${card.fileHash}, 'draft', ${card.createdBy}, clock_timestamp())`);
  await tx.query(sql`insert into rate (card_id, workspace_id, market, category, tier_from, amount)
    select ${id}::uuid, ${workspaceId}::uuid, u.* from unnest(${file.rates.map(({ market }) => market)}::text[],
      ${file.rates.map(({ category }) => category)}::text[], ${file.rates.map(({ tierFrom }) => tierFrom)}::bigint[],
      ${file.rates.map(({ amount }) => amount)}::numeric[]) u`);
  return id;
}

/** Takes a draft into use. Returns whether it was one. */
export async function useCard(tx: Queryable, id: string): Promise<boolean> {
  const rows = await tx.query(sql`update rate_card set state = 'used', used_at = clock_timestamp()
    where id = ${id} and state = 'draft' returning 1`);
  return rows.length > 0;
}

/** Deletes a draft, with its rates. Returns whether it was one. */
export async function deleteCard(tx: Queryable, id: string): Promise<boolean> {
  const rows = await tx.query(sql`delete from rate_card where id = ${id} and state = 'draft' returning 1`);
  return rows.length > 0;
}

export interface ChangeRow {
  market: string;
  category: string;
  tier_from: number;
  before: string | null;
  after: string | null;
  percent: number | null;
  odd: boolean;
  messages: number;
}

/** The card of the same kind that is in use on the day before this one begins, or on that day. */
export async function cardBefore(db: Queryable, workspaceId: string, card: CardRow): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(sql`select id from rate_card where workspace_id = ${workspaceId}
    and state = 'used' and kind = ${card.kind} and valid_from <= ${card.valid_from}::date and id <> ${card.id}
    order by valid_from desc, number desc limit 1`);
  return row?.id;
}

/** The messages of the last 28 days by market of a card, and what they cost with its rates. */
const usage = (workspaceId: string, cardId: string, today: string) => sql`
  select market_of(${cardId}::uuid, k.market, k.region) as market, c.category, sum(c.messages)::bigint as messages,
    sum(c.messages) filter (where c.kind <> 'free') as billed
  from (select o.country, o.category, o.kind, sum(o.messages) as messages from cost o
    where o.workspace_id = ${workspaceId} and o.day > ${today}::date - 28 and o.day <= ${today}::date
    group by 1, 2, 3) c
  cross join lateral (select o.market, o.region from calling_code o where o.country = c.country
    order by o.valid_from desc limit 1) k
  group by 1, 2`;

/** What a card changes, rate by rate: odd ones first, then those of most messages. */
export const changesOf = (
  db: Queryable,
  workspaceId: string,
  cardId: string,
  beforeId: string | null,
  today: string,
): Promise<ChangeRow[]> =>
  db.query<ChangeRow>(sql`
    with used as materialized (${usage(workspaceId, cardId, today)}),
    pairs as (
      select market, category, tier_from, b.amount as before, a.amount as after
      from (select * from rate where card_id = ${cardId}) a
      full join (select * from rate where card_id = ${beforeId}::uuid) b using (market, category, tier_from))
    select p.market, p.category, p.tier_from, trim_scale(p.before)::text as before, trim_scale(p.after)::text as after,
      case when p.before > 0 then round((p.after / p.before - 1) * 100, 1)::float8 end as percent,
      coalesce(p.before > 0 and (p.after >= 3 * p.before or p.after * 3 <= p.before) or p.before = 0 and p.after > 0, false)
        as odd,
      coalesce(u.messages, 0) as messages
    from pairs p left join used u on u.market = p.market and u.category = p.category
    order by odd desc, messages desc, p.market, p.category, p.tier_from`);

/** What the billed messages of the last 28 days cost with the first tier of a card. */
export async function monthWith(db: Queryable, workspaceId: string, cardId: string, today: string): Promise<string> {
  const [row] = await db.query<{ amount: string }>(sql`
    select trim_scale(coalesce(sum(u.billed * r.amount), 0))::text as amount from (${usage(workspaceId, cardId, today)}) u
    join rate r on r.card_id = ${cardId} and r.market = u.market and r.category = u.category and r.tier_from = 1`);
  return row?.amount ?? '0';
}
