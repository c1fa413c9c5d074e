// The table self_check.
import type { Check } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface SelfCheckRow {
  run: string;
  by_kind: 'person' | 'api_key';
  by_id: string;
  by_name: string | null;
  checks: Check[];
  began_at: Date;
  ended_at: Date | null;
}

/** Whether a workspace is the first of the installation, whose owners may know its host. As the engine. */
export async function isFirstWorkspace(engineDb: Queryable, workspaceId: string): Promise<boolean> {
  const [first] = await engineDb.query<{ id: string }>(sql`select id from workspace order by created_at, id limit 1`);
  return first?.id === workspaceId;
}

/** The last run of a workspace. */
export async function findSelfCheck(db: Queryable, workspaceId: string): Promise<SelfCheckRow | undefined> {
  const [row] = await db.query<SelfCheckRow>(sql`
    select s.run, s.by_kind, s.by_id, coalesce(p.name, k.name) as by_name, s.checks, s.began_at, s.ended_at
    from self_check s left join person p on s.by_kind = 'person' and p.id = s.by_id
    left join api_key k on s.by_kind = 'api_key' and k.id = s.by_id
    where s.workspace_id = ${workspaceId}`);
  return row;
}

/** Begins a run in the place of the last one; false while that one is under way. */
export async function beginSelfCheck(
  tx: Queryable,
  workspaceId: string,
  run: { id: string; kind: 'person' | 'api_key'; by: string; now: Date; overSince: Date },
): Promise<boolean> {
  const { id, kind, by, now, overSince } = run;
  const rows = await tx.query(sql`
    insert into self_check as s (workspace_id, run, by_kind, by_id, began_at)
    values (${workspaceId}, ${id}, ${kind}, ${by}, ${now})
    on conflict (workspace_id) do update set run = excluded.run, by_kind = excluded.by_kind, by_id = excluded.by_id,
      began_at = excluded.began_at, checks = '[]', ended_at = null
    where s.ended_at is not null or s.began_at < ${overSince} returning 1`);
  return rows.length > 0;
}

/** Adds a check that has ended, unless another run has begun. */
export async function addCheck(db: Queryable, workspaceId: string, run: string, check: Check): Promise<void> {
  await db.query(sql`update self_check set checks = checks || ${JSON.stringify([check])}::jsonb
    where workspace_id = ${workspaceId} and run = ${run}`);
}

export async function endSelfCheck(db: Queryable, workspaceId: string, run: string, now: Date): Promise<void> {
  await db.query(sql`update self_check set ended_at = ${now} where workspace_id = ${workspaceId} and run = ${run}`);
}
