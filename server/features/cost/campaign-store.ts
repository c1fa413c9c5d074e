// What campaigns cost, and what they would.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface CampaignSpend {
  currency: string;
  amount: string;
  /** Of it, what no receipt has confirmed. */
  estimated: string;
  /** The cap that holds it; null for none. */
  cap: string | null;
  /** From 0 to 1 and above; null without a cap. */
  share: number | null;
}

/** What a campaign costs so far, beside its own cap or that of the workspace. Undefined without a rate card. */
export async function campaignSpend(
  db: Queryable,
  workspaceId: string,
  campaignId: string,
  ownCap: string | null,
): Promise<CampaignSpend | undefined> {
  const [row] = await db.query<CampaignSpend>(sql`
    select s.currency, trim_scale(x.amount)::text as amount, trim_scale(x.estimated)::text as estimated,
      trim_scale(k.cap)::text as cap, (x.amount / k.cap)::float8 as share
    from cost_setting s
    cross join lateral (select coalesce(${ownCap}::numeric, s.campaign_cap) as cap) k
    cross join lateral (select coalesce(sum(c.amount + c.surcharge), 0) as amount,
        coalesce(sum(c.amount + c.surcharge) filter (where c.kind = 'estimated'), 0) as estimated
      from cost c where c.campaign_id = ${campaignId}) x
    where s.workspace_id = ${workspaceId} and s.currency is not null`);
  return row;
}

/** People who would get a message of a category from an account. `country`: empty where it is not known. */
export interface Audience {
  accountId: string;
  country: string;
  category: string;
  people: number;
}

export interface Estimate {
  currency: string;
  /** What it costs if everybody gets the message. */
  high: string;
  /** The people whose messages have a rate. */
  people: number;
  without: { country: string; people: number }[];
}

/** What messages would cost with the card of today. Undefined without a card, or where the channel bills none of them. */
export async function estimateCost(
  db: Queryable,
  workspaceId: string,
  audience: readonly Audience[],
  now: Date | null,
): Promise<Estimate | undefined> {
  const rows = await db.query<{ currency: string; country: string; people: number; amount: string | null }>(sql`
    select s.currency, u.country, u.people, (u.people * (r.amount * (1 + coalesce(k.surcharge_percent, 0) / 100)
        + coalesce(k.surcharge_fixed, 0)))::text as amount
    from unnest(${audience.map(({ accountId }) => accountId)}::uuid[], ${audience.map(({ country }) => country)}::text[],
      ${audience.map(({ category }) => category)}::text[], ${audience.map(({ people }) => people)}::bigint[])
      u(account_id, country, category, people)
    join account a on a.id = u.account_id and not a.simulated and not a.needs_session
    join cost_setting s on s.workspace_id = a.workspace_id
    cross join lateral (select (clock(${now}) at time zone a.time_zone)::date as today) t
    cross join lateral card_on(a.workspace_id, t.today) c
    left join cost_account k on k.account_id = a.id
    left join lateral (select o.market, o.region from calling_code o where o.country = u.country
      and o.valid_from <= t.today order by o.valid_from desc limit 1) p on true
    left join rate r on r.card_id = c.id and r.market = market_of(c.id, p.market, p.region)
      and r.category = u.category and r.tier_from = 1
    where a.workspace_id = ${workspaceId}`);
  const [first] = rows;
  if (!first) return undefined;
  const rated = rows.filter(({ amount }) => amount !== null);
  const [sum] = await db.query<{ high: string }>(sql`
    select trim_scale(coalesce(sum(u), 0))::text as high from unnest(${rated.map(({ amount }) => amount)}::numeric[]) u`);
  const without = new Map<string, number>();
  for (const { amount, country, people } of rows)
    if (amount === null) without.set(country, (without.get(country) ?? 0) + people);
  return {
    currency: first.currency,
    high: sum?.high ?? '0',
    people: rated.reduce((total, { people }) => total + people, 0),
    without: [...without].map(([country, people]) => ({ country, people })),
  };
}
