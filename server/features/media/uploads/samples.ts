// A stored file for another use than a message: as the sample of a template, or on a simulated phone.
import type { Database } from '../../../kit/db/database.ts';
import type { Caller } from '../../../kit/http/routes.ts';
import type { MediaUpload } from '../../../ports/channel.ts';
import { findSendable } from '../files/store.ts';
import type { MediaService } from '../files/store-file.ts';
import { openContent } from './channel-uploads.ts';

/** How long a file may take to be read, in milliseconds. */
const patienceMs = 60_000;

/** Opens a stored file of a caller; a sentence says why it cannot be used. */
export const fileOpener =
  (db: Database, service: MediaService) =>
  async (caller: Caller, id: string): Promise<MediaUpload | string> => {
    const file = await findSendable(db, caller.workspaceId, id);
    const isSeen = file && (!caller.accounts || file.account_id === null || caller.accounts.includes(file.account_id));
    if (!isSeen) return 'File not found.';
    if (file.status !== 'stored' || file.sha256 === null || file.mime_type === null)
      return `The file is ${file.status}. Only a stored file can be used.`;
    const { content, size } = await openContent(service)(
      caller.workspaceId,
      file.sha256,
      AbortSignal.timeout(patienceMs),
    );
    return { stream: content, size, mimeType: file.mime_type, fileName: file.file_name ?? 'file' };
  };
