// The table workspace.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface WorkspaceRow {
  id: string;
  name: string;
  keep_messages_days: number | null;
  keep_media_days: number | null;
  auto_close_days: number | null;
  close_reasons: string[];
  created_at: Date;
}

export async function findWorkspace(db: Queryable, id: string): Promise<WorkspaceRow | undefined> {
  const [row] = await db.query<WorkspaceRow>(
    sql`select id, name, keep_messages_days, keep_media_days, auto_close_days, close_reasons, created_at
      from workspace where id = ${id}`,
  );
  return row;
}

/** Changes the given fields; null days keep messages for ever, and conversations open. */
export async function updateWorkspace(
  tx: Queryable,
  id: string,
  change: {
    name?: string | undefined;
    retention?: { messages_days?: number | null | undefined; media_days?: number | null | undefined } | undefined;
    auto_close_days?: number | null | undefined;
    close_reasons?: string[] | undefined;
  },
): Promise<void> {
  const { name, retention: { messages_days: messages, media_days: media } = {}, auto_close_days: close } = change;
  await tx.query(sql`update workspace set name = coalesce(${name ?? null}, name),
      keep_messages_days = case when ${messages !== undefined} then ${messages ?? null}::int else keep_messages_days end,
      keep_media_days = case when ${media !== undefined} then ${media ?? null}::int else keep_media_days end,
      auto_close_days = case when ${close !== undefined} then ${close ?? null}::int else auto_close_days end,
      close_reasons = coalesce(${change.close_reasons ?? null}::text[], close_reasons)
    where id = ${id}`);
}
