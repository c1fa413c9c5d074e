// Which account has the demo data of its workspace.
import { isDuplicateOf, type Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The account of the demo data, also where its removal has begun. */
export async function findDemo(db: Queryable, workspaceId: string): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(
    sql`select id from account where workspace_id = ${workspaceId} and demo = 'present'`,
  );
  return row?.id;
}

/** Marks an account as the demo; false if another one is, or becomes it meanwhile. */
export async function markDemo(db: Queryable, workspaceId: string, accountId: string): Promise<boolean> {
  try {
    const rows = await db.query(sql`update account set demo = 'present'
      where workspace_id = ${workspaceId} and id = ${accountId} returning id`);
    return rows.length > 0;
  } catch (error) {
    if (isDuplicateOf('account_demo', error)) return false;
    throw error;
  }
}

/**
 * Ends the demo of a deleted account. If nothing is left of it, no list shows the account; its row stays, for receipts that
 * come late. Otherwise it is a deleted account like others.
 */
export async function endDemo(tx: Queryable, accountId: string, isEmpty: boolean): Promise<void> {
  await tx.query(
    isEmpty
      ? sql`update account set demo = 'removed', name = 'Removed demo' where id = ${accountId}`
      : sql`update account set demo = null where id = ${accountId}`,
  );
}
