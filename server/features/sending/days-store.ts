// Locking the days of accounts, before anything is counted in them.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/**
 * Locks the day of the account of a message, so that what follows counts in it undisturbed; in the order of every
 * statement. Gives the time that it is then, and the account, in a list that is empty where there is no such message.
 */
export async function lockDayOf(
  tx: Queryable,
  workspaceId: string,
  messageId: string,
  now: Date | null,
): Promise<{ accounts: string[]; at: Date | null }> {
  const rows = await tx.query<{ id: string }>(
    sql`select account_id as id from message where id = ${messageId} and workspace_id = ${workspaceId}`,
  );
  const accounts = rows.map(row => row.id);
  return { accounts, at: await lockDays(tx, accounts, now) };
}

/** Locks the days of these accounts. Gives the time that it is then. */
export async function lockDays(tx: Queryable, accounts: string[], now: Date | null): Promise<Date | null> {
  const [locked] = await tx.query<{ at: Date }>(sql`select lock_days(${accounts}::uuid[], ${now}) as at`);
  return locked?.at ?? now;
}

/**
 * Locks the days of all accounts that have written to a contact, before it is deleted: what is just being accepted for it,
 * or is to be tried again, is there by then and can be cancelled, or finds the contact deleted.
 */
export async function lockDaysOfContact(
  tx: Queryable,
  workspaceId: string,
  contactId: string,
  now: Date | null,
): Promise<void> {
  await tx.query(sql`select lock_days(array(select account_id from conversation
    where workspace_id = ${workspaceId} and contact_id = ${contactId}), ${now})`);
}
