// The table media_upload: channel ids of uploaded contents by media type and type of message; and the files that messages carry.

import { deleteExpired } from '../../../kit/db/chunks.ts';
import type { Queryable } from '../../../kit/db/database.ts';
import { sql } from '../../../kit/db/sql.ts';
import type { MediaKind } from '../../../ports/channel.ts';
import type { Format } from '../conversion/conversion-store.ts';

/** The file of a message that is about to be sent. */
export interface OutgoingFile {
  workspace_id: string;
  status: string;
  sha256: string | null;
  size: number | null;
  mime_type: string;
  file_name: string | null;
  /** In pixels, of a picture that was looked at. */
  width: number | null;
  height: number | null;
  thumbnail_sha256: string | null;
  /** The hash of its conversion, if it needs one and that exists. */
  converted_sha256: string | null;
  /** Its id at the channel for this account. */
  channel_media_id: string | null;
}

/**
 * The file with this id in the message's workspace, and its conversion if it needs one, which has the given type.
 * Ignores an upload with which this message already failed: the upload may be the cause.
 */
export async function findOutgoing(
  db: Queryable,
  { messageId, mediaId, kind }: { messageId: string; mediaId: string; kind: MediaKind },
  made: { format: Format; mimeType: string } | undefined,
  now: Date | null,
): Promise<OutgoingFile | undefined> {
  const format = made?.format ?? null;
  const [row] = await db.query<OutgoingFile>(sql`
    select f.workspace_id, f.status, f.sha256, f.size, coalesce(f.mime_type, 'application/octet-stream') as mime_type, f.file_name,
      f.width, f.height, f.thumbnail_sha256, t.converted_sha256, u.channel_media_id
    from message m join media f on f.workspace_id = m.workspace_id and f.id = ${mediaId} and f.note_id is null
    left join media_conversion t on t.workspace_id = f.workspace_id and t.sha256 = f.sha256 and t.format = ${format}
    left join media_upload u on u.account_id = m.account_id
      and u.sha256 = case when ${format}::text is null then f.sha256 else t.converted_sha256 end
      and u.mime_type = coalesce(${made?.mimeType ?? null}, f.mime_type, 'application/octet-stream') and u.kind = ${kind} and u.expires_at > clock(${now})
      and not exists (select 1 from attempt a where a.token > m.id and a.token <= token_of(m.id, 65535) and a.status = 'failed' and a.started_at >= u.made_at)
    where m.id = ${messageId}`);
  return row;
}

/** Stores the channel's id of a content of this type for an account, until it expires. */
export async function saveUpload(
  db: Queryable,
  upload: {
    accountId: string;
    sha256: string;
    mimeType: string;
    kind: MediaKind;
    channelMediaId: string;
    lastsMs: number;
  },
  now: Date | null,
): Promise<void> {
  await db.query(sql`insert into media_upload (account_id, sha256, mime_type, kind, channel_media_id, made_at, expires_at)
    select ${upload.accountId}, ${upload.sha256}, ${upload.mimeType}, ${upload.kind}, ${upload.channelMediaId}, t, t + ${upload.lastsMs} * interval '1 millisecond'
    from clock(${now}) t
    on conflict (account_id, sha256, mime_type, kind) do update set channel_media_id = excluded.channel_media_id, made_at = excluded.made_at,
      expires_at = excluded.expires_at`);
}

/** Deletes an id that the channel no longer knows. */
export async function deleteUpload(db: Queryable, accountId: string, channelMediaId: string): Promise<void> {
  await db.query(
    sql`delete from media_upload where account_id = ${accountId} and channel_media_id = ${channelMediaId}`,
  );
}

/** Deletes one batch of expired ids. Returns whether there may be more. */
export const deleteExpiredUploads = (db: Queryable, now: Date | null): Promise<boolean> =>
  deleteExpired(db, sql`media_upload`, sql`expires_at < clock(${now})`);
