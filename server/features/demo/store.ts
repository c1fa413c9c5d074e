// Which account has the demo data, and what is left of it after its people are erased.
import type { Database, Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The account of the demo data, also where its removal has begun. */
export async function findDemo(db: Queryable, workspaceId: string): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(
    sql`select id from account where workspace_id = ${workspaceId} and demo = 'present'`,
  );
  return row?.id;
}

/** Marks an account as the demo; false if another one is. */
export async function markDemo(db: Queryable, workspaceId: string, accountId: string): Promise<boolean> {
  const rows = await db.query(sql`update account set demo = 'present' where workspace_id = ${workspaceId}
    and id = ${accountId} and not exists (select 1 from account where workspace_id = ${workspaceId} and demo = 'present')
    returning id`);
  return rows.length > 0;
}

/**
 * Removes the counts, events and attempts of a deleted account without conversations. Its row stays, for receipts that come late; no list shows it.
 */
export async function forgetDemo(db: Pick<Database, 'transaction'>, accountId: string): Promise<void> {
  await db.transaction(async tx => {
    await tx.query(sql`select 1 from lane where account_id = ${accountId} for update`);
    await tx.query(sql`delete from message_delta where account_id = ${accountId}`);
    await tx.query(sql`delete from message_count where account_id = ${accountId}`);
    await tx.query(sql`delete from message_gauge where account_id = ${accountId}`);
    await tx.query(sql`delete from message_last_day where account_id = ${accountId}`);
    await tx.query(sql`delete from list_delta where account_id = ${accountId}`);
    await tx.query(sql`delete from list_count where account_id = ${accountId}`);
    await tx.query(sql`delete from daily_usage where account_id = ${accountId}`);
    await tx.query(sql`delete from daily_received where account_id = ${accountId}`);
    await tx.query(sql`delete from event where account_id = ${accountId}`);
    await tx.query(sql`update account set demo = 'removed', name = 'Removed demo' where id = ${accountId}`);
  });
}
