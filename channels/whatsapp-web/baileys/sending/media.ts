// Files of messages: encrypted and uploaded, or fetched, decrypted and checked.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  downloadContentFromMessage,
  encryptedStream,
  getAudioDuration,
  getUrlFromDirectPath,
  proto,
  type WASocket,
} from 'baileys';
import type { Log } from '../../log.ts';
import type { ProcessSettings, SessionCalls, WebFetched, WebFile, WebUploaded } from '../../protocol.ts';
import { errorText } from '../../redact.ts';
import { isFileHost } from '../../url.ts';
import { isConnectionError, statusOf } from '../errors.ts';

interface MediaParts {
  sock: WASocket;
  settings: ProcessSettings;
  log: Log;
}

type Upload = SessionCalls['upload'];
type Fetch = SessionCalls['fetch'];

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** How long a sound lasts, in seconds. Undefined for another file, and for one whose length is not known. */
const secondsOf = async ({ kind, path }: Upload['args'], log: Log): Promise<number | undefined> => {
  if (kind !== 'audio') return undefined;
  try {
    const seconds = await getAudioDuration(path);
    return seconds === undefined ? undefined : Math.max(1, Math.round(seconds));
  } catch (error) {
    log('info', 'The length of a sound is not known', { error });
    return undefined;
  }
};

/** Encrypts a file and uploads it. */
export const uploadFile = async ({ sock, settings, log }: MediaParts, args: Upload['args']): Promise<WebUploaded> => {
  let encrypted: string | undefined;
  try {
    const seconds = await secondsOf(args, log);
    const stream = await encryptedStream({ url: args.path }, args.kind);
    encrypted = stream.encFilePath;
    const { mediaUrl, directPath } = await sock.waUploadToServer(encrypted, {
      mediaType: args.kind,
      fileEncSha256B64: base64(stream.fileEncSha256),
      timeoutMs: settings.ackMs,
    });
    return {
      class: 'uploaded',
      file: {
        kind: args.kind,
        url: mediaUrl,
        directPath,
        mediaKey: base64(stream.mediaKey),
        fileSha256: base64(stream.fileSha256),
        fileEncSha256: base64(stream.fileEncSha256),
        size: stream.fileLength,
        mimeType: args.mimeType,
        seconds,
        picture: args.picture,
      },
    };
  } catch (error) {
    return { class: 'not_sent', code: 'upload_failed', title: errorText(error) };
  } finally {
    if (encrypted) await rm(encrypted, { force: true });
  }
};

class TooLarge extends Error {}

/** Counts and checks the bytes on their way. */
const createMeter = (maxBytes: number) => {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      if (size > maxBytes) done(new TooLarge());
      else done(null, chunk);
    },
  });
  return { stream, read: () => ({ size, sha256: hash.digest('base64') }) };
};

const mediaField = {
  image: 'imageMessage',
  video: 'videoMessage',
  audio: 'audioMessage',
  document: 'documentMessage',
  sticker: 'stickerMessage',
} as const;

/** Asks the phone to upload a file again, and returns its new place. Undefined if the phone has it no more. */
const askAgain = async ({ sock, settings, log }: MediaParts, file: WebFile): Promise<WebFile | undefined> => {
  if (!file.message) return undefined;
  const { id, remoteJid, fromMe, participant } = file.message;
  const field = mediaField[file.kind];
  const content = { mediaKey: Buffer.from(file.mediaKey, 'base64'), directPath: file.directPath, url: file.url };
  const key = { id, remoteJid, fromMe, participant: participant ?? null };
  let timer: NodeJS.Timeout | undefined;
  // The library would wait for ever for a phone that is off.
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The phone did not respond in time.')), settings.ackMs);
  });
  try {
    // The library takes the host of the new place from there.
    await sock.refreshMediaConn(false);
    const asked = sock.updateMediaMessage({ key, message: proto.Message.fromObject({ [field]: content }) });
    const updated = (await Promise.race([asked, tooLate])).message?.[field];
    return updated
      ? { ...file, url: updated.url ?? undefined, directPath: updated.directPath ?? undefined }
      : undefined;
  } catch (error) {
    log('info', 'The phone did not upload a file again', { error });
    return undefined;
  } finally {
    clearTimeout(timer);
  }
};

/** Where the library would fetch the file from. */
const addressOf = ({ url, directPath }: WebFile): string | undefined => {
  if (!directPath) return url;
  return getUrlFromDirectPath(directPath, url && URL.canParse(url) ? new URL(url).host : undefined);
};

const download = async ({ settings }: MediaParts, file: WebFile, maxBytes: number): Promise<WebFetched> => {
  const address = addressOf(file);
  if (!address || !isFileHost(address, settings.url))
    return { class: 'rejected', code: 'foreign_address', title: 'The file is not at WhatsApp.' };
  const path = join(settings.folder, `web-${randomUUID()}`);
  try {
    const place = { mediaKey: Buffer.from(file.mediaKey, 'base64'), url: address };
    const meter = createMeter(maxBytes);
    await pipeline(await downloadContentFromMessage(place, file.kind), meter.stream, createWriteStream(path));
    const { size, sha256 } = meter.read();
    if (file.fileSha256 && file.fileSha256 !== sha256) {
      await rm(path, { force: true });
      return { class: 'try_again', code: 'checksum', title: 'The file is not the one that was sent.' };
    }
    return { class: 'found', path, size, mimeType: file.mimeType, sha256 };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
};

const tooLarge: WebFetched = { class: 'rejected', code: 'too_large', title: 'The file is larger than allowed.' };

/** Fetches a file into the shared folder. If WhatsApp has it no more, the phone is asked once. */
export const fetchFile = async (parts: MediaParts, { file, maxBytes }: Fetch['args']): Promise<WebFetched> => {
  if (file.size !== undefined && file.size > maxBytes) return tooLarge;
  let place = file;
  let hasAsked = false;
  for (;;) {
    try {
      return await download(parts, place, maxBytes);
    } catch (error) {
      if (error instanceof TooLarge) return tooLarge;
      const status = statusOf(error);
      const isGone = status === 404 || status === 410 || status === 403;
      if (!isGone) {
        const code = isConnectionError(error) ? 'not_connected' : 'download_failed';
        return { class: 'try_again', code, title: errorText(error) };
      }
      const again = hasAsked ? undefined : await askAgain(parts, place);
      if (!again)
        return { class: 'gone', code: String(status), title: 'WhatsApp and the phone have the file no more.' };
      place = again;
      hasAsked = true;
    }
  }
};
