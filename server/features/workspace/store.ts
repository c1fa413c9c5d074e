// The table workspace.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface WorkspaceRow {
  id: string;
  name: string;
  keep_messages_days: number | null;
  keep_media_days: number | null;
  created_at: Date;
}

export async function findWorkspace(db: Queryable, id: string): Promise<WorkspaceRow | undefined> {
  const [row] = await db.query<WorkspaceRow>(
    sql`select id, name, keep_messages_days, keep_media_days, created_at from workspace where id = ${id}`,
  );
  return row;
}

/** Changes the given fields; null days keep messages forever. */
export async function updateWorkspace(
  tx: Queryable,
  id: string,
  name: string | undefined,
  keep: { messages_days?: number | null | undefined; media_days?: number | null | undefined },
): Promise<void> {
  const { messages_days: messages, media_days: media } = keep;
  await tx.query(sql`update workspace set name = coalesce(${name ?? null}, name),
      keep_messages_days = case when ${messages !== undefined} then ${messages ?? null}::int else keep_messages_days end,
      keep_media_days = case when ${media !== undefined} then ${media ?? null}::int else keep_media_days end
    where id = ${id}`);
}
