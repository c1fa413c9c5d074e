// Which files are still needed: by messages, saved replies and notes.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { toId, toUuid } from '../../kit/ids.ts';

/** Whether a message that has not left yet, or may have to be sent again, carries this file, or a saved reply or a note has it. */
export async function needsMedia(db: Queryable, workspaceId: string, mediaId: string): Promise<boolean> {
  const rows =
    await db.query(sql`select 1 from message where workspace_id = ${workspaceId} and open_file = ${toId('media', mediaId)}
    union all select 1 from saved_reply where workspace_id = ${workspaceId} and files @> array[${mediaId}::uuid]
    union all select 1 from media where workspace_id = ${workspaceId} and id = ${mediaId} and note_id is not null limit 1`);
  return rows.length > 0;
}

/** Which of these files such a message carries, or a saved reply has. */
export async function neededOf(db: Queryable, workspaceId: string, mediaIds: readonly string[]): Promise<Set<string>> {
  if (mediaIds.length === 0) return new Set();
  const rows = await db.query<{ id: string }>(sql`select distinct open_file as id from message
    where workspace_id = ${workspaceId} and open_file = any (${mediaIds.map(id => toId('media', id))})`);
  const saved = await db.query<{ id: string }>(sql`select distinct f.id from saved_reply r, unnest(r.files) f(id)
    where r.workspace_id = ${workspaceId} and r.files && ${[...mediaIds]}::uuid[]`);
  return new Set([...rows.map(row => toUuid(row.id)), ...saved.map(({ id }) => id)]);
}
