// Folds the costs, and compares the spend of the month with the caps.
import { sweepInChunks } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The most rows of changes that a step adds up at once. */
const rowsAtOnce = 20_000;

/** What the month of each account costs so far, by its clock. */
export const spentInMonth = (now: Date | null) => sql`
  select n.id, m.month, coalesce((select sum(t.amount + t.surcharge) from cost t
      where t.workspace_id = n.workspace_id and t.account_id = n.id and t.day >= m.month
        and t.day < (m.month + interval '1 month')::date), 0) as spent
  from account n
  cross join lateral (select date_trunc('month', clock(${now}) at time zone n.time_zone)::date as month) m`;

/** Says of each workspace and account with a cap, or of those of one workspace, how far it is. The change is an event. */
export async function judgeCaps(db: Queryable, now: Date | null, workspaceId: string | null = null): Promise<void> {
  await db.query(sql`insert into cost_account (account_id, workspace_id)
    select a.id, a.workspace_id from cost_setting s join account a on a.workspace_id = s.workspace_id
    where s.account_cap is not null and not a.simulated and not a.needs_session and a.deleted_at is null
      and not exists (select 1 from cost_account c where c.account_id = a.id)
      and (${workspaceId}::uuid is null or s.workspace_id = ${workspaceId})
    on conflict do nothing`);
  await db.query(sql`
    update cost_account c set month = x.month, warned = x.warned, reached = x.reached
    from (select p.id, p.month, coalesce(p.spent >= k.cap * 0.8, false) as warned, coalesce(p.spent >= k.cap, false) as reached
      from cost_account o left join cost_setting s on s.workspace_id = o.workspace_id
      cross join lateral (select coalesce(o.cap, s.account_cap) as cap) k
      cross join lateral (${spentInMonth(now)} where n.id = o.account_id) p
      where (k.cap is not null or o.warned or o.reached) and (${workspaceId}::uuid is null or o.workspace_id = ${workspaceId})) x
    where c.account_id = x.id and (c.month, c.warned, c.reached) is distinct from (x.month, x.warned, x.reached)`);
  await db.query(sql`
    update cost_setting c set month = x.month, warned = x.warned, reached = x.reached
    from (select o.workspace_id, coalesce(p.month, date_trunc('month', clock(${now}))::date) as month,
        coalesce(p.spent >= o.cap * 0.8, false) as warned, coalesce(p.spent >= o.cap, false) as reached
      from cost_setting o
      cross join lateral (select max(q.month) as month, sum(q.spent) as spent
        from (${spentInMonth(now)} where n.workspace_id = o.workspace_id) q) p
      where (o.cap is not null or o.warned or o.reached) and (${workspaceId}::uuid is null or o.workspace_id = ${workspaceId})) x
    where c.workspace_id = x.workspace_id
      and (c.month, c.warned, c.reached) is distinct from (x.month, x.warned, x.reached)`);
}

/** A step of each sweep: folds the costs, then judges the caps. */
export async function costMaintenance(db: Queryable, now: () => Date | null): Promise<void> {
  await sweepInChunks(now, () => db.query(sql`select roll_up_costs() as done`), rowsAtOnce);
  await judgeCaps(db, now());
}

export interface CapRow {
  account_id: string | null;
  amount: string;
  spent: string;
  warned: boolean;
  reached: boolean;
}

/** The caps that a caller sees, with what this month costs. */
export const capsOf = (db: Queryable, workspaceId: string, now: Date | null): Promise<CapRow[]> =>
  db.query<CapRow>(sql`
    select null::uuid as account_id, trim_scale(s.cap)::text as amount, trim_scale(p.spent)::text as spent,
      p.spent >= s.cap * 0.8 as warned, p.spent >= s.cap as reached
    from cost_setting s cross join lateral (select coalesce(sum(q.spent), 0) as spent
      from (${spentInMonth(now)} where n.workspace_id = s.workspace_id) q) p
    where s.workspace_id = ${workspaceId} and s.cap is not null and (select every_account())
    union all
    select a.id, trim_scale(k.cap)::text, trim_scale(p.spent)::text, p.spent >= k.cap * 0.8, p.spent >= k.cap
    from account a left join cost_account c on c.account_id = a.id left join cost_setting s on s.workspace_id = a.workspace_id
    cross join lateral (select coalesce(c.cap, s.account_cap) as cap) k
    cross join lateral (${spentInMonth(now)} where n.id = a.id) p
    where a.workspace_id = ${workspaceId} and k.cap is not null and not a.simulated and not a.needs_session
      and a.deleted_at is null`);
