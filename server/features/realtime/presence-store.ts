// Finds the conversation that a person wants to be present in.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The account of a conversation; undefined if the caller has no such conversation. */
export async function accountOf(
  db: Queryable,
  workspaceId: string,
  conversationId: string,
): Promise<string | undefined> {
  const [row] = await db.query<{ account_id: string }>(
    sql`select account_id from conversation where workspace_id = ${workspaceId} and id = ${conversationId}`,
  );
  return row?.account_id;
}
