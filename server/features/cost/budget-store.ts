// The budget of a campaign: what its caps leave, which a transaction reserves before it queues messages.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { spentInMonth } from './cap-store.ts';

/** The cap that leaves a campaign the least. */
export interface Budget {
  of: 'campaign' | 'workspace' | 'account';
  currency: string;
  cap: string;
  /** What counts for the cap: what was spent, and the estimates of messages in the queue. */
  amount: string;
  /** Below 0 where more is reserved than the cap allows. */
  left: string;
}

/** Whose budget it is. `ownCap`: the cap that the campaign itself names. */
export interface Spender {
  workspaceId: string;
  campaignId: string;
  accountIds: readonly string[];
  ownCap: string | null;
}

/** What the caps of a campaign, its workspace and its accounts leave. Undefined without a cap or a rate card. */
export async function budgetOf(
  db: Queryable,
  { workspaceId, campaignId, accountIds, ownCap }: Spender,
  now: Date | null,
): Promise<Budget | undefined> {
  const [row] = await db.query<Budget>(sql`
    select x.of, s.currency, trim_scale(x.cap)::text as cap, trim_scale(x.amount)::text as amount,
      trim_scale(x.cap - x.amount)::text as left
    from cost_setting s
    cross join lateral (
      select 'campaign' as of, coalesce(${ownCap}::numeric, s.campaign_cap) as cap, (select coalesce(sum(c.amount
        + c.surcharge), 0) from cost c where c.campaign_id = ${campaignId}) as amount
      where coalesce(${ownCap}::numeric, s.campaign_cap) is not null
      union all
      select 'workspace', s.cap, (select coalesce(sum(p.spent), 0) from (${spentInMonth(now)}
        where n.workspace_id = s.workspace_id) p) where s.cap is not null
      union all
      select 'account', coalesce(c.cap, s.account_cap), p.spent from (${spentInMonth(now)}
        where n.id = any (${[...accountIds]}::uuid[]) and not n.simulated and not n.needs_session) p
      left join cost_account c on c.account_id = p.id where coalesce(c.cap, s.account_cap) is not null) x
    where s.workspace_id = ${workspaceId} and s.currency is not null order by x.cap - x.amount, x.of limit 1`);
  return row;
}

/**
 * The budget of a campaign, which nobody else reserves until the end of the transaction. It holds the lanes of the
 * campaign and its row.
 */
export async function lockBudget(tx: Queryable, spender: Spender, now: Date | null): Promise<Budget | undefined> {
  if (!(await budgetOf(tx, spender, now))) return undefined;
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended('budget ' || ${spender.workspaceId}::text, 0))`);
  return budgetOf(tx, spender, now);
}

/** A message to be priced. Ids are UUIDs. */
export interface Priced {
  id: string;
  workspaceId: string;
  accountId: string;
  contactId: string;
  address: string;
  category: string | undefined;
}

/** How many of these messages, in their order, a sum pays for; and what the first of the others costs. */
export async function paidFor(
  tx: Queryable,
  messages: readonly Priced[],
  left: string,
  now: Date | null,
): Promise<{ paid: number; needs: string | null }> {
  const column = <Value>(pick: (message: Priced) => Value) => messages.map(pick);
  const [row] = await tx.query<{ paid: number; needs: string | null }>(sql`
    with charges as materialized (select price_messages(array_agg(row(u.id, u.w, u.a, u.c, u.address, u.category, null,
        clock(${now}), clock(${now}), null, null)::charge_fact order by u.n)) as list
      from unnest(${column(m => m.id)}::uuid[], ${column(m => m.workspaceId)}::uuid[], ${column(m => m.accountId)}::uuid[],
        ${column(m => m.contactId)}::uuid[], ${column(m => m.address)}::text[],
        ${column(m => m.category ?? 'service')}::text[]) with ordinality u(id, w, a, c, address, category, n)),
    priced as (select u.n, coalesce(u.charge_amount + coalesce(u.charge_surcharge, 0), 0) as price
      from charges, unnest(charges.list) with ordinality u(charge_day, charge_card, charge_amount, charge_surcharge,
        charge_category, charge_country, charge_type, n)),
    summed as (select n, price, sum(price) over (order by n) <= ${left}::numeric as is_paid from priced)
    select count(*) filter (where is_paid)::int as paid, trim_scale((select price from summed where not is_paid
      order by n limit 1))::text as needs from summed`);
  return row ?? { paid: 0, needs: null };
}
