// The table hook.
import type { HookFormat, HookOutcome, HookVariable } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { PageRequest } from '../../kit/http/routes.ts';

/** What people set of a hook. */
export interface HookSettings {
  name: string;
  account_id: string;
  contacts: string[];
  template: string | null;
  language: string | null;
  variables: HookVariable[] | null;
  format: HookFormat | null;
  tells_resolved: boolean;
  group_s: number;
  limit_n: number;
  limit_s: number;
}

export interface HookRow extends HookSettings {
  id: string;
  workspace_id: string;
  token_end: string;
  created_by_kind: 'person' | 'api_key';
  created_by: string;
  created_at: Date;
}

export interface ShownHook extends HookRow {
  calls: number;
  last_at: Date | null;
  last_outcome: HookOutcome | null;
}

const columns = sql`h.id, h.workspace_id, h.name, h.token_end, h.account_id, h.contacts, h.template, h.language, h.variables,
  h.format, h.tells_resolved, h.group_s, h.limit_n, h.limit_s, h.created_by_kind, h.created_by, h.created_at`;

/** With what its calls say of it. */
const shown = (now: Date) => sql`select ${columns}, (select count(*)::int from hook_call c where c.hook_id = h.id
      and c.at > ${now}::timestamptz - interval '1 day') as calls, l.at as last_at, l.outcome as last_outcome
  from hook h left join lateral (select c.at, c.outcome from hook_call c where c.hook_id = h.id order by c.seq desc limit 1) l
    on true`;

/** Keeps a new hook, unless there are `most`. Returns whether it did. */
export async function insertHook(
  tx: Queryable,
  row: Omit<HookRow, 'created_at'> & { hash: Buffer },
  most: number,
  now: Date,
): Promise<boolean> {
  // One at a time, so that the count holds.
  await tx.query(sql`select 1 from workspace where id = ${row.workspace_id} for no key update`);
  const rows =
    await tx.query(sql`insert into hook (id, workspace_id, name, hash, token_end, account_id, contacts, template,
      language, variables, format, tells_resolved, group_s, limit_n, limit_s, created_by_kind, created_by, created_at)
    select ${row.id}, ${row.workspace_id}, ${row.name}, ${row.hash}, ${row.token_end}, ${row.account_id},
      ${row.contacts}::uuid[], ${row.template}, ${row.language}, ${row.variables}::text[], ${row.format},
      ${row.tells_resolved}, ${row.group_s}, ${row.limit_n}, ${row.limit_s}, ${row.created_by_kind}, ${row.created_by}, ${now}
    where (select count(*) from hook where workspace_id = ${row.workspace_id}) < ${most} returning 1`);
  return rows.length > 0;
}

export async function updateHook(tx: Queryable, id: string, row: HookSettings): Promise<void> {
  await tx.query(sql`update hook set name = ${row.name}, account_id = ${row.account_id}, contacts = ${row.contacts}::uuid[],
      template = ${row.template}, language = ${row.language}, variables = ${row.variables}::text[], format = ${row.format},
      tells_resolved = ${row.tells_resolved}, group_s = ${row.group_s}, limit_n = ${row.limit_n}, limit_s = ${row.limit_s}
    where id = ${id}`);
}

/** Gives a hook another token: the former one ends. */
export async function replaceToken(tx: Queryable, id: string, hash: Buffer, end: string): Promise<void> {
  await tx.query(sql`update hook set hash = ${hash}, token_end = ${end} where id = ${id}`);
}

/** Revokes a hook, with its calls. Returns whether there was one. */
export async function deleteHook(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await tx.query(sql`delete from hook where workspace_id = ${workspaceId} and id = ${id} returning 1`);
  return rows.length > 0;
}

export async function findHook(
  db: Queryable,
  workspaceId: string,
  id: string,
  now: Date,
): Promise<ShownHook | undefined> {
  const [row] = await db.query<ShownHook>(sql`${shown(now)} where h.workspace_id = ${workspaceId} and h.id = ${id}`);
  return row;
}

/** A page of hooks, oldest first. */
export async function listHooks(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
  now: Date,
): Promise<{ rows: ShownHook[]; total: number }> {
  const rows = await db.query<ShownHook>(sql`${shown(now)} where h.workspace_id = ${workspaceId}
    ${page.after ? sql`and h.id > ${page.after[0]}` : sql``} order by h.id limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from hook where workspace_id = ${workspaceId}`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** The hook of a token, of any workspace. */
export async function findByHash(db: Queryable, hash: Buffer): Promise<HookRow | undefined> {
  const [row] = await db.query<HookRow>(sql`select ${columns} from hook h where h.hash = ${hash}`);
  return row;
}

/** A hook of any workspace, for its lane. Holds it until the end of the transaction. */
export async function lockHook(tx: Queryable, id: string): Promise<HookRow | undefined> {
  const [row] = await tx.query<HookRow>(sql`select ${columns} from hook h where h.id = ${id} for no key update`);
  return row;
}

/** How many of these contacts a workspace has. */
export async function countContacts(tx: Queryable, workspaceId: string, contacts: readonly string[]): Promise<number> {
  const [row] = await tx.query<{ n: number }>(sql`select count(*) as n from contact where workspace_id = ${workspaceId}
    and deleted_at is null and id = any (${contacts}::uuid[])`);
  return row?.n ?? 0;
}

/** The contacts that these have become: two contacts may turn out to be one person. */
export async function presentContacts(db: Queryable, contacts: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select coalesce(c.merged_into, x.id) as id
    from unnest(${contacts}::uuid[]) with ordinality x(id, place) left join contact c on c.id = x.id order by x.place`);
  return [...new Set(rows.map(({ id }) => id))];
}

/** No hook writes to these contacts any more. */
export async function leaveHooks(tx: Queryable, workspaceId: string, contacts: readonly string[]): Promise<void> {
  await tx.query(sql`update hook set contacts = array(select c from unnest(contacts) c where c <> all (${contacts}::uuid[]))
    where workspace_id = ${workspaceId} and contacts && ${contacts}::uuid[]`);
}
