// The table reconciliation: what the channel says that a day cost, beside what was counted.
import type { Queryable } from '../../kit/db/database.ts';
import { all, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';

export interface ReconciliationRow {
  id: string;
  account_id: string;
  day: string;
  counted: number;
  told: number;
  amount: string;
  told_amount: string | null;
  compared_at: Date;
}

/** Newest days first; one row more than the limit, and how many there are. */
export async function listReconciliations(
  db: Queryable,
  workspaceId: string,
  accountId: string | undefined,
  page: PageRequest,
): Promise<{ rows: ReconciliationRow[]; total: number }> {
  const isAsked = all([
    sql`r.workspace_id = ${workspaceId} and (r.counted > 0 or r.told > 0)`,
    accountId !== undefined && sql`r.account_id = ${accountId}`,
  ]);
  const [day, id] = page.after ?? [];
  const rows = await db.query<ReconciliationRow>(sql`
    select r.id, r.account_id, r.day::text as day, r.counted, r.told, trim_scale(r.amount)::text as amount,
      trim_scale(r.told_amount)::text as told_amount, r.compared_at
    from reconciliation r where ${all([
      isAsked,
      day !== undefined && id !== undefined && sql`(r.day, r.id) < (${day}::date, ${id}::uuid)`,
    ])} order by r.day desc, r.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ n: number }>(
    sql`select count(*) as n from (select 1 from reconciliation r where ${isAsked} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.n ?? 0 };
}

export interface DueDay {
  accountId: string;
  workspaceId: string;
  numberId: string;
  businessId: string;
  phone: string | null;
  /** The first and the last day that was not compared yet, in UTC. */
  from: string;
  until: string;
}

/** How many days back a comparison goes, and how many days late the channel's figures are. */
const [mostBack, late] = [31, 2];

/** The billed accounts with days that are not compared yet. There must be a rate card. */
export const dueDays = (db: Queryable, now: Date | null): Promise<DueDay[]> =>
  db.query<DueDay>(sql`
    with t as materialized (select (clock(${now}) at time zone 'UTC')::date as today)
    select a.id as "accountId", a.workspace_id as "workspaceId", a.phone_number_id as "numberId",
      a.business_id as "businessId", a.phone, d.first::text as "from", (t.today - ${late}::int)::text as until
    from account a cross join t
    cross join lateral (select greatest(t.today - ${mostBack}::int, coalesce(
      (select max(r.day) + 1 from reconciliation r where r.account_id = a.id),
      (select min(c.day) from cost_count c where c.workspace_id = a.workspace_id and c.account_id = a.id))) as first) d
    where not a.simulated and not a.needs_session and a.deleted_at is null and a.business_id is not null
      and exists (select 1 from cost_count c where c.account_id = a.id and c.workspace_id = a.workspace_id)
      and d.first <= t.today - ${late}::int
    order by a.id`);

/** What was counted of an account in days of UTC: delivered messages, and their cost by the rate card. */
export const countedDays = (db: Queryable, due: DueDay): Promise<{ day: string; counted: number; amount: string }[]> =>
  db.query<{ day: string; counted: number; amount: string }>(sql`
    select d::date::text as day, x.counted, x.amount
    from generate_series(${due.from}::date, ${due.until}::date, interval '1 day') d
    cross join lateral (select count(*)::int as counted, trim_scale(coalesce(sum(m.charge_amount), 0))::text as amount
      from message m where m.charge_day is not null and m.workspace_id = ${due.workspaceId} and m.account_id = ${due.accountId}
        and m.created_at >= d::timestamp at time zone 'UTC' - interval '31 days'
        and m.created_at < (d + interval '1 day')::timestamp at time zone 'UTC'
        and m.delivered_at >= d::timestamp at time zone 'UTC'
        and m.delivered_at < (d + interval '1 day')::timestamp at time zone 'UTC') x`);

export interface Compared {
  day: string;
  counted: number;
  amount: string;
  told: number;
  toldAmount: string | null;
}

export async function storeCompared(db: Queryable, due: DueDay, days: readonly Compared[], at: Date): Promise<void> {
  await db.query(sql`
    insert into reconciliation (id, workspace_id, account_id, day, counted, amount, told, told_amount, compared_at)
    select u.id, ${due.workspaceId}, ${due.accountId}, u.day, u.counted, u.amount, u.told, u.told_amount, ${at}
    from unnest(${days.map(() => newUuid(at.getTime()))}::uuid[], ${days.map(({ day }) => day)}::date[],
      ${days.map(({ counted }) => counted)}::bigint[], ${days.map(({ amount }) => amount)}::numeric[],
      ${days.map(({ told }) => told)}::bigint[], ${days.map(({ toldAmount }) => toldAmount)}::numeric[])
      u(id, day, counted, amount, told, told_amount)
    on conflict (account_id, day) do nothing`);
}
