// The credentials in the tables account and meta_app. All secrets are encrypted here.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The encrypted access token of an account, also of a deleted one; undefined if it has none. */
export async function findAccessToken(db: Queryable, accountId: string): Promise<string | undefined> {
  const [row] = await db.query<{ access_token: string | null }>(
    sql`select access_token from account where id = ${accountId}`,
  );
  return row?.access_token ?? undefined;
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
}

const appColumns = sql`id, workspace_id as "workspaceId", app_id as "appId", name, app_secret as "appSecret", verify_token as "verifyToken"`;

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
    array(select a.id::text from account a where a.access_token is not null and a.credentials_changed_at > ${after}) as accounts,
    array(select m.name from meta_app m where m.changed_at > ${after}) as apps`);
  if (!row) throw new Error('a query for changed credentials returned no row');
  return row;
}
