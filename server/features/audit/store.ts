// Reads the table audit_entry.
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';

export interface AuditRow {
  /** The place in the log. */
  id: number;
  public_id: string;
  at: Date;
  actor_kind: 'person' | 'api_key' | 'nobody' | 'system';
  actor_id: string | null;
  actor_name: string | null;
  action: string;
  target_kind: string | null;
  target_id: string | null;
  address: string | null;
  request_id: string | null;
  detail: Record<string, unknown>;
}

export interface AuditFilter {
  actorId: string | undefined;
  /** An action, or with a trailing dot all actions with that prefix. */
  action: string | undefined;
  targetId: string | undefined;
  from: string | undefined;
  until: string | undefined;
}

const columns = sql`e.id, e.public_id, e.at, e.actor_kind, e.actor_id, coalesce(p.name, k.name) as actor_name, e.action, e.target_kind,
  e.target_id, e.address, e.request_id, case when r.reason is null then e.detail
    else e.detail - 'has_reason' || jsonb_build_object('reason', r.reason) end as detail`;

const named = (entries: Fragment) => sql`select ${columns} from (${entries}) e
  left join person p on e.actor_kind = 'person' and p.id = e.actor_id
  left join api_key k on e.actor_kind = 'api_key' and k.id = e.actor_id
  left join audit_reason r on r.entry = e.id order by e.id desc`;

/** Two comparisons: under row-level security starts_with uses no index. The slash follows the dot in ASCII. */
const beginsWith = (beginning: string): Fragment =>
  sql`e.action >= ${beginning} and e.action < ${beginning.replace(/\.$/, '/')}`;

const matching = (workspaceId: string, filter: AuditFilter): Fragment =>
  all([
    sql`e.workspace_id = ${workspaceId}`,
    filter.actorId !== undefined && sql`e.actor_id = ${filter.actorId}`,
    filter.action !== undefined &&
      (filter.action.endsWith('.') ? beginsWith(filter.action) : sql`e.action = ${filter.action}`),
    filter.targetId !== undefined && sql`e.target_id = ${filter.targetId}`,
    filter.from !== undefined && sql`e.at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`e.at < ${filter.until}::timestamptz`,
  ]);

/** A page of the log, newest first. */
export async function listEntries(
  db: Queryable,
  workspaceId: string,
  filter: AuditFilter,
  page: PageRequest,
): Promise<{ rows: AuditRow[]; total: number }> {
  const where = matching(workspaceId, filter);
  const after = page.after ? sql`and e.id < ${page.after[0]}` : sql``;
  const rows = await db.query<AuditRow>(
    named(
      sql`select e.* from audit_entry e where ${where} ${after} order by e.id desc limit ${page.limit + 1} offset ${page.offset}`,
    ),
  );
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from audit_entry e where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** The current snapshot, for use by later statements. */
export async function snapshot(db: Queryable): Promise<string> {
  const [row] = await db.query<{ snapshot: string }>(sql`select pg_current_snapshot()::text as snapshot`);
  return row?.snapshot ?? '';
}

/** The newest entries below an id that the snapshot contains. */
export async function entriesBelow(
  db: Queryable,
  workspaceId: string,
  filter: AuditFilter,
  moment: string,
  below: number,
  max: number,
): Promise<AuditRow[]> {
  return db.query<AuditRow>(
    named(sql`select e.* from audit_entry e where ${matching(workspaceId, filter)} and e.id < ${below}
      and pg_visible_in_snapshot(e.xid, ${moment}::pg_snapshot) order by e.id desc limit ${max}`),
  );
}
