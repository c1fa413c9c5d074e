// The tables of people and sessions: workspace, person, membership, setup_token, refresh_token, login_failure.
import type { Role } from '@recado/contract';
import type { Queryable } from '../../kit/db.ts';
import { sql } from '../../kit/sql.ts';

export interface Member {
  personId: string;
  workspaceId: string;
  role: Role;
  passwordHash: string;
}

export async function findMember(db: Queryable, email: string): Promise<Member | undefined> {
  const [row] = await db.query<Member>(sql`
    select p.id as "personId", m.workspace_id as "workspaceId", m.role, p.password_hash as "passwordHash"
    from person p join membership m on m.person_id = p.id
    where p.email = ${email} order by m.created_at limit 1`);
  return row;
}

export async function anyPerson(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ there: boolean }>(sql`select exists (select 1 from person) as there`);
  return row?.there ?? false;
}

/** Holds back other first owners until the end of the transaction. */
export async function lockSetup(tx: Queryable): Promise<void> {
  await tx.query(sql`lock table setup_token in exclusive mode`);
}

export async function addSetupToken(db: Queryable, hash: Buffer): Promise<void> {
  await db.query(sql`insert into setup_token (hash) values (${hash})`);
}

/** Takes the token back; false where there is no such token. All other tokens end with it. */
export async function takeSetupToken(tx: Queryable, hash: Buffer): Promise<boolean> {
  const rows = await tx.query(
    sql`delete from setup_token where exists (select 1 from setup_token where hash = ${hash}) returning hash`,
  );
  return rows.length > 0;
}

export async function insertOwner(
  tx: Queryable,
  owner: { personId: string; workspaceId: string; email: string; name: string; passwordHash: string },
): Promise<void> {
  await tx.query(sql`insert into workspace (id, name) values (${owner.workspaceId}, ${`Workspace of ${owner.name}`})`);
  await tx.query(sql`insert into person (id, email, name, password_hash)
    values (${owner.personId}, ${owner.email}, ${owner.name}, ${owner.passwordHash})`);
  await tx.query(sql`insert into membership (workspace_id, person_id, role)
    values (${owner.workspaceId}, ${owner.personId}, 'owner')`);
}

export interface Session {
  id: string;
  family: string;
  workspaceId: string;
  personId: string;
}

export async function insertRefreshToken(
  db: Queryable,
  session: Session,
  hash: Buffer,
  expiresAt: Date,
): Promise<void> {
  await db.query(sql`insert into refresh_token (id, family, workspace_id, person_id, hash, expires_at)
    values (${session.id}, ${session.family}, ${session.workspaceId}, ${session.personId}, ${hash}, ${expiresAt})`);
}

export async function lockRefreshToken(
  tx: Queryable,
  hash: Buffer,
  now: Date,
): Promise<(Session & { role: Role; spent: boolean; over: boolean }) | undefined> {
  const [row] = await tx.query<Session & { role: Role; spent: boolean; over: boolean }>(sql`
    select r.id, r.family, r.workspace_id as "workspaceId", r.person_id as "personId", m.role,
      r.used_at is not null as spent, r.revoked_at is not null or r.expires_at < ${now} as over
    from refresh_token r join membership m on m.workspace_id = r.workspace_id and m.person_id = r.person_id
    where r.hash = ${hash} for update of r`);
  return row;
}

export async function useRefreshToken(tx: Queryable, id: string, now: Date): Promise<void> {
  await tx.query(sql`update refresh_token set used_at = ${now} where id = ${id}`);
}

export async function revokeFamily(tx: Queryable, family: string, now: Date): Promise<void> {
  await tx.query(sql`update refresh_token set revoked_at = ${now} where family = ${family} and revoked_at is null`);
}

/**
 * Counts a login of an address as failed until it turns out otherwise, so that logins at the same time cannot slip by.
 * Gives the id of the count, and when the fifth failure before it was, where that lies within the window.
 */
export async function reserveFailure(
  tx: Queryable,
  address: string,
  at: Date,
  since: Date,
): Promise<{ id: number; fifth: Date | undefined }> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${address}, 1))`);
  await tx.query(sql`delete from login_failure where failed_at <= ${since}`);
  const [fifth] = await tx.query<{ at: Date }>(sql`select failed_at as at from login_failure
    where address = ${address} order by id desc offset 4 limit 1`);
  const [own] = await tx.query<{ id: number }>(
    sql`insert into login_failure (address, failed_at) values (${address}, ${at}) returning id`,
  );
  return { id: own?.id ?? 0, fifth: fifth?.at };
}

export async function forgiveFailure(db: Queryable, id: number): Promise<void> {
  await db.query(sql`delete from login_failure where id = ${id}`);
}

export async function personName(db: Queryable, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ name: string }>(sql`select name from person where id = ${id}`);
  return row?.name;
}
