// The owner of a conversation: the facts that a request to change it needs, and the change.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface ControlledThread {
  contactId: string;
  accountId: string;
  channel: string;
  numberId: string;
}

/** The conversation with its account; undefined if there is none. */
export async function controlledThread(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<ControlledThread | undefined> {
  const [row] = await db.query<ControlledThread>(sql`select v.contact_id as "contactId", a.id as "accountId", a.channel,
      a.phone_number_id as "numberId"
    from conversation v join account a on a.id = v.account_id
    where v.workspace_id = ${workspaceId} and v.id = ${id} and a.deleted_at is null`);
  return row;
}

/** Notes the owner after a request. Null: the next owner is unknown until a message tells. */
export async function noteOwner(
  tx: Queryable,
  id: string,
  { owner, role }: { owner: 'us' | 'other' | null; role: string | undefined },
  now: Date | null,
): Promise<void> {
  await tx.query(sql`update conversation set owner = ${owner}, owner_role = ${role ?? null}, owned_at = clock(${now})
    where id = ${id}`);
}
