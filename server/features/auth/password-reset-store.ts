// The table password_reset.

import { deleteExpired } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface Reset {
  personId: string;
  email: string;
  name: string;
}

/** Replaces the person's token. */
export async function putReset(
  tx: Queryable,
  personId: string,
  hash: Buffer,
  madeBy: string | undefined,
  expiresAt: Date,
): Promise<void> {
  await tx.query(sql`insert into password_reset (person_id, hash, made_by, expires_at)
    values (${personId}, ${hash}, ${madeBy ?? null}, ${expiresAt})
    on conflict (person_id) do update set hash = excluded.hash, made_by = excluded.made_by, expires_at = excluded.expires_at`);
}

/** The person whose password a token may set. */
export async function findReset(db: Queryable, hash: Buffer, now: Date): Promise<Reset | undefined> {
  const [row] = await db.query<Reset>(sql`select p.id as "personId", p.email, p.name
    from password_reset r join person p on p.id = r.person_id where r.hash = ${hash} and r.expires_at > ${now}`);
  return row;
}

/** Uses up a token, with its person locked; false if it no longer exists. Of several parallel uses one wins. */
export async function takeReset(tx: Queryable, personId: string, hash: Buffer): Promise<boolean> {
  await tx.query(sql`select 1 from person where id = ${personId} for update`);
  return dropReset(tx, hash);
}

/** Ends a link that an administrator handed over: it must not give access to workspaces that the person joins later. */
export async function dropHandedOver(tx: Queryable, personId: string): Promise<void> {
  await tx.query(sql`delete from password_reset where person_id = ${personId} and made_by is not null`);
}

/** Ends the link of a person, by mail or handed over. */
export async function dropResetOf(tx: Queryable, personId: string): Promise<void> {
  await tx.query(sql`delete from password_reset where person_id = ${personId}`);
}

/** Ends links for a member, and those that the member created for others of the workspace. */
export async function dropResetsOfMember(tx: Queryable, workspaceId: string, personId: string): Promise<void> {
  await tx.query(sql`delete from password_reset where person_id = ${personId} or (made_by = ${personId}
    and person_id in (select person_id from membership where workspace_id = ${workspaceId}))`);
}

/** Ends one link; false if it no longer exists or was replaced. */
export async function dropReset(tx: Queryable, hash: Buffer): Promise<boolean> {
  const rows = await tx.query(sql`delete from password_reset where hash = ${hash} returning hash`);
  return rows.length > 0;
}

/** Deletes one batch of expired links. Returns whether there may be more. */
export const deleteExpiredResets = (db: Queryable, now: Date): Promise<boolean> =>
  deleteExpired(db, sql`password_reset`, sql`expires_at <= ${now}`);
