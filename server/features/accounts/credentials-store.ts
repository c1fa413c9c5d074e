// The credentials in the tables account and meta_app. All secrets are encrypted here.
import { channelsWith } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The credentials for the calls of an account. */
export interface AccountCredentials {
  /** Encrypted. */
  accessToken: string;
  /** The app of the token; null for an account whose credentials are in the configuration. Its secret is encrypted. */
  app: { id: string; appSecret: string } | null;
  /** Which of several messaging accounts of the number its messages are of. */
  messagingAccountId: string | undefined;
}

/** The credentials of an account, also of a deleted one; undefined if it has no access token. */
export async function findCallCredentials(db: Queryable, accountId: string): Promise<AccountCredentials | undefined> {
  type Row = Pick<AccountCredentials, 'app'> & { access_token: string | null; messaging_account_id: string | null };
  const [row] = await db.query<Row>(sql`select access_token, messaging_account_id,
      (select jsonb_build_object('id', m.id, 'appSecret', m.app_secret) from meta_app m where m.id = meta_app_id) as app
    from account where id = ${accountId}`);
  if (!row || row.access_token === null) return undefined;
  const { access_token: accessToken, messaging_account_id: messagingAccountId, app } = row;
  return { accessToken, app, messagingAccountId: messagingAccountId ?? undefined };
}

export interface AppRow {
  id: string;
  workspaceId: string;
  appId: string;
  /** The app in the URL of its webhooks. */
  name: string;
  /** Encrypted. */
  appSecret: string;
  /** Encrypted. */
  verifyToken: string;
  refused: string[];
}

const appColumns = sql`coalesce(refused_fields, '{}') as refused, id, workspace_id as "workspaceId", app_id as "appId", name, app_secret as "appSecret", verify_token as "verifyToken"`;

/** The app with this name in the URL of its webhooks. */
export async function findAppByName(db: Queryable, name: string): Promise<AppRow | undefined> {
  const [row] = await db.query<AppRow>(sql`select ${appColumns} from meta_app where name = ${name}`);
  return row;
}

export interface ChangedCredentials {
  accounts: string[];
  /** The names of apps. */
  apps: string[];
  /** The time at the database, to ask from the next time. */
  now: string;
}

/** The accounts and apps whose credentials have changed since a time at the database, or shortly before it. */
export async function changedCredentials(db: Queryable, since: string | undefined): Promise<ChangedCredentials> {
  // A transaction may commit a while after it has taken the time.
  const after = sql`coalesce(${since ?? null}::timestamptz - interval '1 minute', 'infinity')`;
  const [row] = await db.query<ChangedCredentials>(sql`select clock_timestamp()::text as now,
    array(select a.id::text from account a where a.access_token is not null and (a.credentials_changed_at > ${after}
      or exists (select 1 from meta_app m where m.id = a.meta_app_id and m.changed_at > ${after}))) as accounts,
    array(select m.name from meta_app m where m.changed_at > ${after}) as apps`);
  if (!row) throw new Error('a query for changed credentials returned no row');
  return row;
}

/** Accounts with credentials of their own, of a workspace or of all, the oldest first. */
export async function listConnected(
  db: Queryable,
  workspaceId: string | undefined,
  most: number,
): Promise<{ id: string; workspace_id: string; name: string }[]> {
  return db.query(sql`select id, workspace_id, name from account where access_token is not null and deleted_at is null
    and (${workspaceId ?? null}::uuid is null or workspace_id = ${workspaceId ?? null}) order by id limit ${most}`);
}

/** An app without its secrets. */
export interface SavedApp {
  id: string;
  name: string;
  /** The fields of webhooks that the channel refused to it. */
  refused: string[];
}

/** Keeps the fields of webhooks that the channel refused to an app. */
export async function saveRefusedFields(tx: Queryable, id: string, refused: readonly string[]): Promise<void> {
  await tx.query(sql`update meta_app set refused_fields = ${[...refused]}::text[] where id = ${id}`);
}

/** The app of a workspace with this id at Meta, without its secrets. */
export async function findApp(db: Queryable, workspaceId: string, appId: string): Promise<SavedApp | undefined> {
  const [row] = await db.query<SavedApp>(sql`select id, name, coalesce(refused_fields, '{}') as refused
    from meta_app where workspace_id = ${workspaceId} and app_id = ${appId}`);
  return row;
}

/** Inserts an app unless the workspace has it. */
export async function insertApp(tx: Queryable, app: Omit<AppRow, 'refused'>): Promise<void> {
  await tx.query(sql`insert into meta_app (id, workspace_id, app_id, name, app_secret, verify_token)
    values (${app.id}, ${app.workspaceId}, ${app.appId}, ${app.name}, ${app.appSecret}, ${app.verifyToken})
    on conflict (workspace_id, app_id) do nothing`);
}

export async function updateApp(tx: Queryable, app: Pick<AppRow, 'id' | 'appSecret' | 'verifyToken'>): Promise<void> {
  await tx.query(sql`update meta_app set app_secret = ${app.appSecret}, verify_token = ${app.verifyToken},
    changed_at = clock_timestamp() where id = ${app.id}`);
}

export interface StoredCredentials {
  numberId: string;
  businessId: string | null;
  /** Encrypted; null for an account whose credentials are in the configuration. */
  accessToken: string | null;
  app: AppRow | undefined;
}

/** The credentials of an account that is not deleted. */
export async function findCredentials(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<StoredCredentials | undefined> {
  type Row = Omit<StoredCredentials, 'app'> & { appId: string | null };
  const [row] = await db.query<Row>(sql`select phone_number_id as "numberId", business_id as "businessId",
    access_token as "accessToken", meta_app_id as "appId" from account
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null`);
  if (!row) return undefined;
  const { appId, ...found } = row;
  const [app] = await db.query<AppRow>(sql`select ${appColumns} from meta_app where id = ${appId}`);
  return { ...found, app };
}

/** Saves another access token of an account, and the app that it is of. */
export async function saveAccessToken(
  tx: Queryable,
  workspaceId: string,
  id: string,
  { accessToken, appId }: { accessToken: string; appId: string },
): Promise<boolean> {
  const rows = await tx.query(sql`update account set access_token = ${accessToken}, meta_app_id = ${appId},
      credentials_changed_at = clock_timestamp(), updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`);
  return rows.length > 0;
}

const hasCredentials = sql`channel = any (${channelsWith('credentials')})`;

/** Whether an account of any workspace that has credentials has this number. */
export async function isNumberTaken(engine: Queryable, numberId: string): Promise<boolean> {
  const rows = await engine.query(
    sql`select 1 from account where ${hasCredentials} and phone_number_id = ${numberId} and deleted_at is null`,
  );
  return rows.length > 0;
}

/** Which of these numbers an account of any workspace that has credentials has. */
export async function takenNumbers(engine: Queryable, numberIds: string[]): Promise<Set<string>> {
  const rows = await engine.query<{ id: string }>(sql`select phone_number_id as id from account
    where ${hasCredentials} and phone_number_id = any (${numberIds}) and deleted_at is null`);
  return new Set(rows.map(({ id }) => id));
}

/** Whether another workspace has an account with credentials in this business account. */
export async function isBusinessTaken(engine: Queryable, workspaceId: string, businessId: string): Promise<boolean> {
  const rows = await engine.query(sql`select 1 from account where ${hasCredentials} and business_id = ${businessId}
    and workspace_id <> ${workspaceId} and deleted_at is null limit 1`);
  return rows.length > 0;
}

/** After new credentials: ends the trouble of an account, except of its number, unless the channel has flagged it. */
export async function endCredentialTrouble(tx: Queryable, id: string, now: Date | null): Promise<void> {
  await tx.query(sql`update account set status_reason = number_trouble, resumed_at = clock(${now}),
      status = case when number_trouble is null then 'connected' else 'needs_attention' end,
      warning = null, ended_at = null, updated_at = clock_timestamp()
    where id = ${id} and (status = 'needs_attention' or ended_at is not null) and deleted_at is null
      and not exists (select 1 from lane where account_id = ${id} and held_until = 'infinity' and held_reason = 'flagged')`);
}
