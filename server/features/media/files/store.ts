// The table media: uploaded and inbound files.
import type { ListMediaQuery, MediaDirection, MediaKind, MediaStatus } from '@recado/contract';
import type { Queryable } from '../../../kit/db/database.ts';
import { all, sql } from '../../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../../kit/http/routes.ts';
import type { HeldFile } from './store-file.ts';

export interface MediaRow {
  id: string;
  workspace_id: string;
  account_id: string | null;
  message_id: string | null;
  note_id: string | null;
  direction: MediaDirection;
  status: MediaStatus;
  kind: MediaKind;
  sha256: string | null;
  size: number | null;
  mime_type: string | null;
  file_name: string | null;
  declared_type: string | null;
  width: number | null;
  height: number | null;
  thumbnail_sha256: string | null;
  error_code: string | null;
  error_title: string | null;
  created_by: string | null;
  created_at: Date;
  stored_at: Date | null;
}

const columns = sql`m.id, m.workspace_id, m.account_id, m.message_id, m.note_id, m.direction, m.status, m.kind, m.sha256, m.size, m.mime_type,
  m.file_name, m.declared_type, m.width, m.height, m.error_code, m.error_title, m.created_by, m.created_at, m.stored_at,
  (select c.sha256 from media_content c where c.workspace_id = m.workspace_id and c.sha256 = m.thumbnail_sha256
    and c.stored_at is not null) as thumbnail_sha256`;

export interface NewMedia {
  id: string;
  fileName: string | undefined;
  declaredType: string | undefined;
  createdBy: string;
}

/** Inserts the row of an uploaded file; false if it exists. `adopt` its content in the same transaction. */
export async function insertMedia(tx: Queryable, media: NewMedia, kept: HeldFile, now: Date | null): Promise<boolean> {
  const rows =
    await tx.query(sql`insert into media (id, workspace_id, direction, status, kind, sha256, size, mime_type, file_name, declared_type,
      width, height, thumbnail_sha256, created_by, created_at, stored_at)
    values (${media.id}, ${kept.workspaceId}, 'uploaded', 'stored', ${kept.kind}, ${kept.sha256}, ${kept.size}, ${kept.mimeType},
      ${media.fileName ?? null}, ${media.declaredType ?? null}, ${kept.width ?? null}, ${kept.height ?? null}, ${kept.thumbnailSha256 ?? null},
      ${media.createdBy}, coalesce(${now}::timestamptz, now()), coalesce(${now}::timestamptz, now()))
    on conflict (id) do nothing returning id`);
  return rows.length > 0;
}

/** A file of a workspace, if the caller may see it. */
export async function findMedia(db: Queryable, workspaceId: string, id: string): Promise<MediaRow | undefined> {
  const [row] = await db.query<MediaRow>(
    sql`select ${columns} from media m where m.workspace_id = ${workspaceId} and m.id = ${id}`,
  );
  return row;
}

/** A file that a message may carry, if the caller may see it. A file of a note is for the team alone. */
export async function findSendable(db: Queryable, workspaceId: string, id: string): Promise<MediaRow | undefined> {
  const row = await findMedia(db, workspaceId, id);
  return row?.note_id === null ? row : undefined;
}

/** A page of files, newest first. */
export async function listMedia(
  db: Queryable,
  workspaceId: string,
  filter: Pick<ListMediaQuery, 'kind' | 'status' | 'direction'>,
  page: PageRequest,
): Promise<{ rows: MediaRow[]; total: number }> {
  const where = all([
    sql`m.workspace_id = ${workspaceId}`,
    filter.kind !== undefined && sql`m.kind = ${filter.kind}`,
    filter.status !== undefined && sql`m.status = ${filter.status}`,
    filter.direction !== undefined && sql`m.direction = ${filter.direction}`,
  ]);
  const rows = await db.query<MediaRow>(sql`select ${columns} from media m where ${where}
    ${page.after ? sql`and m.id < ${page.after[0]}` : sql``} order by m.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from media m where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Deletes the row of a file and returns its contents. Locks it first, so that messages about to use it wait. */
export async function deleteMedia(
  tx: Queryable,
  workspaceId: string,
  id: string,
): Promise<{ sha256: string | null; thumbnail_sha256: string | null } | undefined> {
  const [row] = await tx.query<{ sha256: string | null; thumbnail_sha256: string | null }>(
    sql`delete from media where workspace_id = ${workspaceId} and id = ${id} returning sha256, thumbnail_sha256`,
  );
  return row;
}

/**
 * Locks files for messages that will be sent with them. A file that is being deleted is gone by now, or its deletion
 * waits and then sees the messages. Returns those that exist and may be sent. Lock order: first of all.
 */
export async function lockForMessages(
  tx: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.query<{ id: string }>(sql`select id from media
    where workspace_id = ${workspaceId} and id = any (${ids}::uuid[]) and note_id is null order by id for key share`);
  return new Set(rows.map(row => row.id));
}

/**
 * Locks the files of these inbound messages and returns their UUIDs, without those that a message is just being
 * accepted with. The caller has locked the messages.
 */
export async function lockFilesOf(tx: Queryable, messageIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`select id from media where message_id = any (${messageIds}::uuid[])
    order by id for update skip locked`);
  return rows.map(row => row.id);
}

/**
 * Deletes these files of removed messages, and returns how many. The others lose their message; maintenance deletes
 * them, and unused contents, when no message needs them.
 */
export async function removeFilesOf(
  tx: Queryable,
  messageIds: readonly string[],
  removed: readonly string[],
): Promise<number> {
  const rows = await tx.query(sql`delete from media where id = any (${removed}::uuid[]) returning id`);
  await tx.query(sql`update media set message_id = null where message_id = any (${messageIds}::uuid[])`);
  return rows.length;
}
