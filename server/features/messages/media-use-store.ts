// Which messages still need a file.
import type { Queryable } from '../../kit/db.ts';
import { toId } from '../../kit/ids.ts';
import { sql } from '../../kit/sql.ts';

/** Whether a message that has not left yet, or may have to be sent again, carries this file. */
export async function needsMedia(db: Queryable, workspaceId: string, mediaId: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from message
    where workspace_id = ${workspaceId} and status collate "C" in ('scheduled', 'queued', 'sending', 'unknown') and direction = 'outbound'
      and type in ('image', 'video', 'audio', 'document', 'sticker') and content->>'id' = ${toId('media', mediaId)} limit 1`);
  return rows.length > 0;
}
