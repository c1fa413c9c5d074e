// A file as the API shows it.
import type { Media, MediaStatus, ShownFile } from '@recado/contract';
import { toId } from '../../../kit/ids.ts';
import type { MediaRow } from './store.ts';

export const presentMedia = (row: MediaRow): Media => ({
  id: toId('media', row.id),
  direction: row.direction,
  status: row.status,
  kind: row.kind,
  mime_type: row.mime_type,
  size: row.size,
  sha256: row.sha256,
  width: row.width,
  height: row.height,
  has_thumbnail: row.thumbnail_sha256 !== null,
  filename: row.file_name,
  declared_type: row.declared_type,
  account_id: row.account_id && toId('account', row.account_id),
  message_id: row.message_id && toId('message', row.message_id),
  note_id: row.note_id && toId('note', row.note_id),
  error: row.error_code === null ? null : { code: row.error_code, title: row.error_title ?? row.error_code },
  created_at: row.created_at.toISOString(),
  stored_at: row.stored_at?.toISOString() ?? null,
});

/** A file as it is read with the message or the note that has it. */
export interface FileRow {
  id: string;
  status: MediaStatus;
  mime_type: string | null;
  size: number | null;
  file_name: string | null;
  width: number | null;
  height: number | null;
  has_thumbnail: boolean;
  error_code: string | null;
  error_title: string | null;
}

/** A file as the API shows it with the message or the note that has it. */
export const presentFile = (file: FileRow): ShownFile => ({
  id: toId('media', file.id),
  status: file.status,
  mime_type: file.mime_type,
  size: file.size,
  filename: file.file_name,
  width: file.width,
  height: file.height,
  has_thumbnail: file.has_thumbnail,
  error: file.error_code === null ? null : { code: file.error_code, title: file.error_title ?? '' },
});
