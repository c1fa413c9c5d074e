// The tables session and refresh_token.
import type { ConversationLimit, Role } from '@recado/contract';
import { deleteExpired } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { all, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';

export interface Session {
  id: string;
  workspaceId: string;
  personId: string;
}

export type LiveSession = Session & {
  /** Of the person. */
  name: string;
  role: Role;
  accounts: string[] | null;
  conversations: ConversationLimit;
  seesNumbers: boolean;
};

const live = (now: Date) =>
  sql`s.revoked_at is null and s.expires_at > ${now} and m.disabled_at is null and m.removed_at is null`;

/** The valid sessions of these ids, in the order of the ids. */
export async function findSessions(
  db: Queryable,
  ids: readonly string[],
  now: Date,
): Promise<(LiveSession | undefined)[]> {
  const rows = await db.query<LiveSession>(sql`
    select s.id, s.person_id as "personId", s.workspace_id as "workspaceId", m.role, m.accounts,
      m.conversations, m.sees_numbers as "seesNumbers", p.name
    from session s join membership m on m.workspace_id = s.workspace_id and m.person_id = s.person_id
    join person p on p.id = s.person_id
    where s.id = any (${[...new Set(ids)]}::uuid[]) and ${live(now)}`);
  const byId = new Map(rows.map(row => [row.id, row]));
  return ids.map(id => byId.get(id));
}

/**
 * Whether a session is open, locked until the transaction ends: a password change, which ends it, comes before or
 * after.
 */
export async function holdSession(tx: Queryable, id: string): Promise<boolean> {
  await tx.query(sql`select 1 from person where id = (select person_id from session where id = ${id}) for share`);
  const rows = await tx.query(sql`select 1 from session where id = ${id} and revoked_at is null`);
  return rows.length > 0;
}

export interface NewSession extends Session {
  address: string | undefined;
  userAgent: string | undefined;
}

export async function insertSession(db: Queryable, session: NewSession, now: Date, expiresAt: Date): Promise<void> {
  await db.query(sql`insert into session (id, workspace_id, person_id, address, user_agent, created_at, renewed_at, expires_at)
    values (${session.id}, ${session.workspaceId}, ${session.personId}, ${session.address ?? null}, ${session.userAgent ?? null},
      ${now}, ${now}, ${expiresAt})`);
}

export async function insertRefreshToken(db: Queryable, sessionId: string, hash: Buffer, now: Date): Promise<void> {
  await db.query(sql`insert into refresh_token (hash, session_id, created_at) values (${hash}, ${sessionId}, ${now})`);
}

/** removed: whether the person may no longer enter the workspace. */
export type TokenSession = Session & { live: boolean; used: boolean; removed: boolean };

const ofToken = (hash: Buffer, now: Date) => sql`
  select s.id, s.workspace_id as "workspaceId", s.person_id as "personId", r.used_at is not null as used, ${live(now)} as live,
    m.removed_at is not null or m.disabled_at is not null as removed
  from refresh_token r join session s on s.id = r.session_id
  join membership m on m.workspace_id = s.workspace_id and m.person_id = s.person_id
  where r.hash = ${hash}`;

/** The session of a refresh token: whether it is open, and whether the token was used. */
export async function findRefreshToken(db: Queryable, hash: Buffer, now: Date): Promise<TokenSession | undefined> {
  const [row] = await db.query<TokenSession>(ofToken(hash, now));
  return row;
}

/** The same, locked until the transaction ends. */
export async function lockRefreshToken(tx: Queryable, hash: Buffer, now: Date): Promise<TokenSession | undefined> {
  const [row] = await tx.query<TokenSession>(sql`${ofToken(hash, now)} for update of r, s`);
  return row;
}

/** Marks a refresh token as used and extends its session. */
export async function renewSession(tx: Queryable, id: string, hash: Buffer, now: Date, expiresAt: Date): Promise<void> {
  await tx.query(sql`update refresh_token set used_at = ${now} where hash = ${hash}`);
  await tx.query(sql`update session set renewed_at = ${now}, expires_at = ${expiresAt} where id = ${id}`);
}

/** Ends a session; false if it had ended. */
export async function revokeSession(tx: Queryable, id: string, now: Date): Promise<boolean> {
  const rows = await tx.query(
    sql`update session set revoked_at = ${now} where id = ${id} and revoked_at is null returning id`,
  );
  return rows.length > 0;
}

/** Ends all sessions of a person, except one. Returns how many. */
export async function revokeSessionsOf(
  tx: Queryable,
  personId: string,
  now: Date,
  butFor?: string | undefined,
): Promise<number> {
  const rows = await tx.query(sql`update session set revoked_at = ${now}
    where person_id = ${personId} and revoked_at is null and id is distinct from ${butFor ?? null}::uuid returning id`);
  return rows.length;
}

/** Ends a person's sessions in one workspace. Returns how many. */
export async function revokeSessionsIn(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  now: Date,
): Promise<number> {
  const rows = await tx.query(sql`update session set revoked_at = ${now}
    where workspace_id = ${workspaceId} and person_id = ${personId} and revoked_at is null returning id`);
  return rows.length;
}

export interface SessionRow {
  id: string;
  address: string | null;
  user_agent: string | null;
  created_at: Date;
  renewed_at: Date;
  expires_at: Date;
}

/** The open sessions of a person, newest first. */
export async function listSessions(
  db: Queryable,
  personId: string,
  page: PageRequest,
  now: Date,
): Promise<{ rows: SessionRow[]; total: number }> {
  const where = sql`s.person_id = ${personId} and s.revoked_at is null and s.expires_at > ${now}`;
  const rows =
    await db.query<SessionRow>(sql`select s.id, s.address, s.user_agent, s.created_at, s.renewed_at, s.expires_at
    from session s where ${where} ${page.after ? sql`and s.id < ${page.after[0]}` : sql``}
    order by s.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from session s where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

export interface WorkspaceSessionRow extends SessionRow {
  person_id: string;
  person_name: string;
}

/** The open sessions in a workspace, of one person or of all, newest first. */
export async function listSessionsIn(
  db: Queryable,
  workspaceId: string,
  personId: string | undefined,
  page: PageRequest,
  now: Date,
): Promise<{ rows: WorkspaceSessionRow[]; total: number }> {
  const where = all([
    sql`s.workspace_id = ${workspaceId} and s.revoked_at is null and s.expires_at > ${now}`,
    personId !== undefined && sql`s.person_id = ${personId}`,
  ]);
  const rows = await db.query<WorkspaceSessionRow>(sql`
    select s.id, s.address, s.user_agent, s.created_at, s.renewed_at, s.expires_at, s.person_id, p.name as person_name
    from session s join person p on p.id = s.person_id
    where ${where} ${page.after ? sql`and s.id < ${page.after[0]}` : sql``}
    order by s.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from session s where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Whose an open session in a workspace is; undefined if there is none. */
export async function personOfSession(
  db: Queryable,
  workspaceId: string,
  id: string,
  now: Date,
): Promise<string | undefined> {
  const [row] = await db.query<{ personId: string }>(sql`select s.person_id as "personId" from session s
    where s.id = ${id} and s.workspace_id = ${workspaceId} and s.revoked_at is null and s.expires_at > ${now}`);
  return row?.personId;
}

/** The addresses of a person's sessions, open ones and those that ended within a week. */
export async function addressesOf(db: Queryable, email: string): Promise<string[]> {
  const rows = await db.query<{ address: string }>(sql`select distinct s.address
    from session s join person p on p.id = s.person_id where p.email = ${email} and s.address is not null`);
  return rows.map(({ address }) => address);
}

/** The workspace of a person's session; undefined if it does not exist. */
export async function workspaceOfSession(db: Queryable, id: string, personId: string): Promise<string | undefined> {
  const [row] = await db.query<{ workspaceId: string }>(
    sql`select workspace_id as "workspaceId" from session where id = ${id} and person_id = ${personId}`,
  );
  return row?.workspaceId;
}

/** Deletes one batch of sessions that ended before `ended`. Returns whether there may be more. */
export const deleteEndedSessions = (db: Queryable, ended: Date): Promise<boolean> =>
  deleteExpired(db, sql`session`, sql`expires_at < ${ended} or revoked_at < ${ended}`);

/** Deletes one batch of refresh tokens that were used before `used`. Returns whether there may be more. */
export const deleteUsedTokens = (db: Queryable, used: Date): Promise<boolean> =>
  deleteExpired(db, sql`refresh_token`, sql`used_at < ${used}`);
