// The table request.
import type { RequestOutcome } from '@recado/contract';
import { deleteExpired } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { all, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';

/** A request that was answered. */
export interface AnsweredRequest {
  id: string;
  workspaceId: string;
  at: Date;
  method: string;
  path: string;
  status: number;
  code: string | null;
  durationMs: number;
  callerKind: 'person' | 'api_key';
  callerId: string;
  address: string;
  requestId: string;
}

/**
 * Writes answered requests. Nobody waits for the disk: a crash of the server may take the last ones. A workspace that
 * was removed meanwhile keeps none.
 */
export async function insertRequests(tx: Queryable, rows: readonly AnsweredRequest[]): Promise<void> {
  await tx.query(sql`set local synchronous_commit = off`);
  await tx.query(sql`
    insert into request (id, workspace_id, at, method, path, status, code, duration_ms, caller_kind, caller_id, address,
      request_id)
    select r.* from unnest(${rows.map(row => row.id)}::uuid[], ${rows.map(row => row.workspaceId)}::uuid[],
      ${rows.map(row => row.at)}::timestamptz[], ${rows.map(row => row.method)}::text[],
      ${rows.map(row => row.path)}::text[], ${rows.map(row => row.status)}::smallint[],
      ${rows.map(row => row.code)}::text[], ${rows.map(row => row.durationMs)}::int[],
      ${rows.map(row => row.callerKind)}::text[], ${rows.map(row => row.callerId)}::uuid[],
      ${rows.map(row => row.address)}::text[], ${rows.map(row => row.requestId)}::text[]) r(id, workspace_id)
    where exists (select 1 from workspace w where w.id = r.workspace_id)`);
}

export interface RequestRow {
  id: string;
  at: Date;
  method: string;
  path: string;
  status: number;
  code: string | null;
  duration_ms: number;
  caller_kind: 'person' | 'api_key';
  caller_id: string;
  caller_name: string | null;
  address: string;
  request_id: string;
}

export interface RequestFilter {
  outcome: RequestOutcome | undefined;
  slowerThanMs: number | undefined;
  method: string | undefined;
  path: string | undefined;
  callerKind: 'person' | 'api_key' | undefined;
  callerId: string | undefined;
  requestId: string | undefined;
  from: string | undefined;
  until: string | undefined;
}

const matching = (workspaceId: string, filter: RequestFilter) =>
  all([
    sql`r.workspace_id = ${workspaceId}`,
    filter.outcome === 'refused' && sql`r.status >= 400 and r.status < 500`,
    filter.outcome === 'failed' && sql`r.status >= 500`,
    filter.slowerThanMs !== undefined && sql`r.duration_ms >= ${filter.slowerThanMs}`,
    filter.method !== undefined && sql`r.method = ${filter.method}`,
    filter.path !== undefined && sql`strpos(r.path, ${filter.path}) > 0`,
    filter.callerKind !== undefined && sql`r.caller_kind = ${filter.callerKind}`,
    filter.callerId !== undefined && sql`r.caller_id = ${filter.callerId}`,
    filter.requestId !== undefined && sql`r.request_id = ${filter.requestId}`,
    filter.from !== undefined && sql`r.at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`r.at < ${filter.until}::timestamptz`,
  ]);

/** A page of the log, newest first. */
export async function listRequests(
  db: Queryable,
  workspaceId: string,
  filter: RequestFilter,
  page: PageRequest,
): Promise<{ rows: RequestRow[]; total: number }> {
  const where = matching(workspaceId, filter);
  const after = page.after ? sql`and r.id < ${page.after[0]}` : sql``;
  const rows = await db.query<RequestRow>(sql`
    select r.id, r.at, r.method, r.path, r.status, r.code, r.duration_ms, r.caller_kind, r.caller_id,
      coalesce(p.name, k.name) as caller_name, r.address, r.request_id
    from (select r.* from request r where ${where} ${after}
      order by r.id desc limit ${page.limit + 1} offset ${page.offset}) r
    left join person p on r.caller_kind = 'person' and p.id = r.caller_id
    left join api_key k on r.caller_kind = 'api_key' and k.id = r.caller_id
    order by r.id desc`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from request r where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Deletes requests from before this time. Returns whether there may be more. */
export const deleteOldRequests = (db: Queryable, before: Date): Promise<boolean> =>
  deleteExpired(db, sql`request`, sql`at < ${before}`);
