// The table api_key.
import type { KeyScope } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import type { KeyRow } from './key.ts';

export interface LiveKey {
  id: string;
  name: string;
  workspaceId: string;
  scopes: KeyScope[];
  seesNumbers: boolean;
  /** The accounts that it may use; null for all. */
  accounts: string[] | null;
  /** Whether it is allowed from the caller's address. */
  fromThere: boolean;
  /** Whether its last use was recorded a minute ago or more. */
  stale: boolean;
}

/** The valid keys of these hashes, in their order. A test key may use the Sandbox only. */
export async function findKeys(
  db: Queryable,
  asked: readonly { hash: Buffer; address: string }[],
  now: Date,
): Promise<(LiveKey | undefined)[]> {
  const rows = await db.query<LiveKey & { n: number }>(sql`
    select u.n, k.id, k.name, k.workspace_id as "workspaceId", k.scopes, k.sees_numbers as "seesNumbers",
      case when k.test then array(select a.id from account a where a.workspace_id = k.workspace_id and a.simulated
        and (k.accounts is null or a.id = any (k.accounts))) else k.accounts end as accounts,
      k.addresses is null or exists (select 1 from unnest(k.addresses) range where u.address <<= range) as "fromThere",
      k.last_used_at is null or k.last_used_at < ${now}::timestamptz - interval '1 minute' as stale
    from unnest(${asked.map(({ hash }) => hash)}::bytea[], ${asked.map(({ address }) => address)}::inet[]) with ordinality u(hash, address, n)
    join api_key k on k.hash = u.hash
    where k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})`);
  const byPlace = new Map(rows.map(row => [row.n, row]));
  return asked.map((_, index) => byPlace.get(index + 1));
}

/** Records that these keys were used. */
export async function noteUse(db: Queryable, ids: readonly string[], now: Date): Promise<void> {
  await db.query(sql`update api_key set last_used_at = ${now} where id in (
    select id from api_key where id = any (${ids}::uuid[]) order by id for update skip locked)`);
}

export interface NewKeyRow {
  id: string;
  name: string;
  hash: Buffer;
  hint: string;
  test: boolean;
  scopes: readonly string[];
  seesNumbers: boolean;
  accounts: string[] | undefined;
  addresses: string[] | undefined;
  createdBy: string;
  expiresAt: string | undefined;
}

export async function insertKey(tx: Queryable, workspaceId: string, key: NewKeyRow, now: Date): Promise<void> {
  await tx.query(sql`insert into api_key (id, workspace_id, name, hash, hint, test, scopes, sees_numbers, accounts, addresses, created_by, created_at, expires_at)
    values (${key.id}, ${workspaceId}, ${key.name}, ${key.hash}, ${key.hint}, ${key.test}, ${key.scopes}, ${key.seesNumbers}, ${key.accounts ?? null}::uuid[],
      ${key.addresses ?? null}::text[]::inet[], ${key.createdBy}, ${now}, ${key.expiresAt ?? null}::timestamptz)`);
}

const columns = sql`k.id, k.name, k.hint, k.test, k.scopes, k.sees_numbers, k.accounts, k.addresses::text[], k.created_by, p.name as creator,
  k.created_at, k.expires_at, k.revoked_at, k.last_used_at`;
const tables = sql`api_key k left join person p on p.id = k.created_by`;

export async function findKey(db: Queryable, workspaceId: string, id: string): Promise<KeyRow | undefined> {
  const [row] = await db.query<KeyRow>(
    sql`select ${columns} from ${tables} where k.workspace_id = ${workspaceId} and k.id = ${id}`,
  );
  return row;
}

/** A page of keys, newest first, including revoked ones. */
export async function listKeys(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<{ rows: KeyRow[]; total: number }> {
  const rows = await db.query<KeyRow>(sql`select ${columns} from ${tables} where k.workspace_id = ${workspaceId}
    ${page.after ? sql`and k.id < ${page.after[0]}` : sql``} order by k.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from api_key where workspace_id = ${workspaceId} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** The rights of a valid key; undefined if it is none. */
export async function keyRights(
  db: Queryable,
  workspaceId: string,
  id: string,
  now: Date,
): Promise<{ scopes: KeyScope[]; accounts: string[] | null } | undefined> {
  const [row] = await db.query<{ scopes: KeyScope[]; accounts: string[] | null }>(sql`select k.scopes,
      case when k.test then array(select a.id from account a where a.workspace_id = k.workspace_id and a.simulated
        and (k.accounts is null or a.id = any (k.accounts))) else k.accounts end as accounts
    from api_key k where k.workspace_id = ${workspaceId} and k.id = ${id} and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > ${now})`);
  return row;
}

export async function renameKey(tx: Queryable, workspaceId: string, id: string, name: string): Promise<boolean> {
  const rows = await tx.query(
    sql`update api_key set name = ${name} where workspace_id = ${workspaceId} and id = ${id} returning id`,
  );
  return rows.length > 0;
}

/** Revokes a key at once. Returns whether it was valid; undefined if it does not exist. */
export async function revokeKey(
  tx: Queryable,
  workspaceId: string,
  id: string,
  now: Date,
): Promise<boolean | undefined> {
  const where = sql`workspace_id = ${workspaceId} and id = ${id}`;
  const revoked = await tx.query(
    sql`update api_key set revoked_at = ${now} where ${where} and revoked_at is null returning id`,
  );
  if (revoked.length > 0) return true;
  const known = await tx.query(sql`select 1 from api_key where ${where}`);
  return known.length > 0 ? false : undefined;
}
