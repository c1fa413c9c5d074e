// Passes files between Recado and a session process, by a folder of both.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { WebFetched } from '@recado/whatsapp-web';
import type { MediaFetch, MediaUpload, UploadOutcome } from '../../../ports/channel.ts';
import { hexOf } from './values.ts';

/** Rejects more bytes than the file has. */
const bounded = (size: number) => {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      done(seen > size ? new Error('The file is longer than it should be.') : null, chunk);
    },
  });
};

/** Writes a file to the folder for `use`, and removes it afterwards. Never throws. */
export async function withUploadFile(
  folder: string,
  { stream, size }: Pick<MediaUpload, 'stream' | 'size'>,
  use: (path: string) => Promise<UploadOutcome>,
): Promise<UploadOutcome> {
  const path = join(folder, `upload-${randomUUID()}`);
  try {
    await pipeline(stream, bounded(size), createWriteStream(path, { mode: 0o600 }));
    return await use(path);
  } catch (error) {
    stream.destroy();
    const title = error instanceof Error ? error.message : String(error);
    return { class: 'not_sent', code: 'media_not_read', title };
  } finally {
    await rm(path, { force: true });
  }
}

/** A fetched file as a stream. The file is removed when the stream closes. Never throws. */
export async function fetchedFile(folder: string, fetched: WebFetched): Promise<MediaFetch> {
  if (fetched.class !== 'found') return fetched;
  const { path, size, mimeType, sha256 } = fetched;
  try {
    // The session process parses what strangers send: it may name no file outside of the folder.
    if (dirname(await realpath(path)) !== (await realpath(folder))) throw new Error('The file is in another folder.');
  } catch (error) {
    return { class: 'try_again', code: 'file_missing', title: error instanceof Error ? error.message : String(error) };
  }
  const stream = createReadStream(path);
  stream.once('close', () => void rm(path, { force: true }).catch(() => {}));
  return {
    class: 'found',
    stream,
    mimeType: mimeType ?? 'application/octet-stream',
    size,
    sha256: hexOf(sha256),
    fileName: undefined,
  };
}
