// The tables workspace, person, membership, setup_token and login_failure.

import { deleteExpired } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** A person with an e-mail address here. */
export interface Identity {
  personId: string;
  passwordHash: string;
  secondFactor: boolean;
  /** Encrypted. */
  totpSecret: string | null;
  /** The last used of the workspaces that the person may enter; null for a person whom the operator disabled. */
  workspaceId: string | null;
}

export async function findIdentity(db: Queryable, email: string): Promise<Identity | undefined> {
  const [row] = await db.query<Identity>(sql`
    select p.id as "personId", p.password_hash as "passwordHash", p.totp_confirmed_at is not null as "secondFactor",
      p.totp_secret as "totpSecret", m.workspace_id as "workspaceId"
    from person p left join lateral (
      select workspace_id from membership where person_id = p.id and disabled_at is null and removed_at is null and p.disabled_at is null
      order by used_at desc nulls last, created_at limit 1) m on true
    where p.email = ${email}`);
  return row;
}

/**
 * Records that a session in the workspace is opened, and locks the membership until the transaction ends; false if
 * the person may no longer enter.
 */
export async function noteUse(tx: Queryable, personId: string, workspaceId: string, now: Date): Promise<boolean> {
  const rows = await tx.query(sql`update membership set used_at = ${now}
    where person_id = ${personId} and workspace_id = ${workspaceId} and disabled_at is null and removed_at is null returning person_id`);
  return rows.length > 0;
}

/**
 * Whether the proven password is still current, and the person not disabled. Locked until the transaction ends: a
 * later change also ends the sessions that exist by then.
 */
export async function holdPassword(tx: Queryable, { personId, passwordHash }: Identity): Promise<boolean> {
  const rows = await tx.query(
    sql`select 1 from person where id = ${personId} and password_hash = ${passwordHash} and disabled_at is null for share`,
  );
  return rows.length > 0;
}

/**
 * Locks a person until the transaction ends: no other password, session or workspace entry meanwhile. Lock order:
 * before any membership, as login does.
 */
export async function lockPerson(tx: Queryable, personId: string): Promise<void> {
  await tx.query(sql`select 1 from person where id = ${personId} for no key update`);
}

/** The workspaces that a person may enter. */
export async function workspacesOf(db: Queryable, personId: string): Promise<{ id: string; name: string }[]> {
  return db.query<{
    id: string;
    name: string;
  }>(sql`select w.id, w.name from membership m join workspace w on w.id = m.workspace_id
    where m.person_id = ${personId} and m.disabled_at is null and m.removed_at is null order by w.id`);
}

export async function anyPerson(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ there: boolean }>(sql`select exists (select 1 from person) as there`);
  return row?.there ?? false;
}

/** Blocks parallel setups until the transaction ends. */
export async function lockSetup(tx: Queryable): Promise<void> {
  await tx.query(sql`lock table setup_token in exclusive mode`);
}

export async function addSetupToken(db: Queryable, hash: Buffer): Promise<void> {
  await db.query(sql`insert into setup_token (hash) values (${hash})`);
}

/** Whether the token is valid for setup, and there are no people yet. */
export async function isSetupOpen(db: Queryable, hash: Buffer): Promise<boolean> {
  const [row] = await db.query<{ open: boolean }>(sql`
    select exists (select 1 from setup_token where hash = ${hash}) and not exists (select 1 from person) as open`);
  return row?.open ?? false;
}

/** Uses up the token; false if it does not exist. All other tokens end too. */
export async function takeSetupToken(tx: Queryable, hash: Buffer): Promise<boolean> {
  const rows = await tx.query(
    sql`delete from setup_token where exists (select 1 from setup_token where hash = ${hash}) returning hash`,
  );
  return rows.length > 0;
}

/** Creates a person; false if the address is taken by now. */
export async function insertPerson(
  tx: Queryable,
  person: { id: string; email: string; name: string; passwordHash: string },
): Promise<boolean> {
  const rows = await tx.query(sql`insert into person (id, email, name, password_hash)
    values (${person.id}, ${person.email}, ${person.name}, ${person.passwordHash}) on conflict (email) do nothing returning id`);
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

export interface Count {
  subject: string;
  at: Date;
  /** Earlier counts are ignored. */
  since: Date;
  most: number;
  /** Whether the outcome is pending. */
  underWay: boolean;
  /** Tries pending since before this are abandoned. */
  goneSince: Date;
}

/**
 * Counts one if there are fewer than `most` in the window; parallel counts cannot exceed it. Returns the id of the
 * count, or why there is none: `oldest` must leave the window first; it is undefined if it is enough that pending
 * tries end.
 */
export async function count(tx: Queryable, asked: Count): Promise<{ id: number } | { oldest: Date | undefined }> {
  const { subject, at, since, most, underWay, goneSince } = asked;
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${subject}, 1))`);
  await tx.query(sql`delete from login_failure where subject = ${subject} and failed_at <= ${since}`);
  const counted = await tx.query<{ at: Date; going: boolean }>(sql`
    select failed_at as at, under_way and failed_at > ${goneSince} as going from login_failure
    where subject = ${subject} order by id desc limit ${most}`);
  if (counted.length >= most) return { oldest: counted.some(({ going }) => going) ? undefined : counted.at(-1)?.at };
  const [own] = await tx.query<{ id: number }>(sql`insert into login_failure (subject, failed_at, under_way)
    values (${subject}, ${at}, ${underWay}) returning id`);
  return { id: own?.id ?? 0 };
}

/** Marks pending tries as failed. */
export async function failTries(db: Queryable, ids: readonly number[]): Promise<void> {
  await db.query(sql`update login_failure set under_way = false where id = any (${ids}::bigint[])`);
}

export async function forgiveFailures(db: Queryable, ids: readonly number[]): Promise<void> {
  await db.query(sql`delete from login_failure where id = any (${ids}::bigint[])`);
}

/** Deletes all failures of a subject, and of those that begin with it. */
export async function forgiveSubject(tx: Queryable, subject: string): Promise<void> {
  await tx.query(sql`delete from login_failure where subject = ${subject} or starts_with(subject, ${`${subject} `})`);
}

/** Disables or enables a person for the operator. Undefined if nobody has this address. */
export async function setDisabled(
  tx: Queryable,
  email: string,
  at: Date | null,
): Promise<{ id: string; name: string; changed: boolean } | undefined> {
  const [row] = await tx.query<{ id: string; name: string; disabled: boolean }>(
    sql`select id, name, disabled_at is not null as disabled from person where email = ${email} for update`,
  );
  if (!row) return undefined;
  const changed = row.disabled !== (at !== null);
  if (changed) await tx.query(sql`update person set disabled_at = ${at} where id = ${row.id}`);
  return { id: row.id, name: row.name, changed };
}

export async function personName(db: Queryable, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ name: string }>(sql`select name from person where id = ${id}`);
  return row?.name;
}

export async function findPerson(db: Queryable, id: string): Promise<{ name: string; email: string } | undefined> {
  const [row] = await db.query<{ name: string; email: string }>(sql`select name, email from person where id = ${id}`);
  return row;
}

export async function workspaceName(db: Queryable, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ name: string }>(sql`select name from workspace where id = ${id}`);
  return row?.name;
}

export async function setPassword(tx: Queryable, personId: string, hash: string): Promise<void> {
  await tx.query(sql`update person set password_hash = ${hash} where id = ${personId}`);
  await tx.query(sql`delete from password_reset where person_id = ${personId}`);
}

/** Deletes one batch of failures up to `before`. Returns whether there may be more. */
export const deleteOldFailures = (db: Queryable, before: Date): Promise<boolean> =>
  deleteExpired(db, sql`login_failure`, sql`failed_at <= ${before}`);
