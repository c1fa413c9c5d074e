// A file as the API shows it.
import type { Media } from '@recado/contract';
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
  error: row.error_code === null ? null : { code: row.error_code, title: row.error_title ?? row.error_code },
  created_at: row.created_at.toISOString(),
  stored_at: row.stored_at?.toISOString() ?? null,
});
