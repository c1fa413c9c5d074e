// The table reconciliation: what the channel says that a day cost, beside what was counted.
import type { Queryable } from '../../kit/db/database.ts';
import { all, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';

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
    sql`r.workspace_id = ${workspaceId}`,
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
