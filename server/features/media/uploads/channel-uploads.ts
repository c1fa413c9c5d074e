// Uploads files to a channel, once per account, content and type, in parallel to sending.
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { semaphore } from '../../../kit/async/semaphore.ts';
import type { Database } from '../../../kit/db/database.ts';
import { AppError } from '../../../kit/errors.ts';
import type { Logger } from '../../../kit/log.ts';
import type { Clock } from '../../../kit/time.ts';
import {
  type Channels,
  CredentialsError,
  type FilePicture,
  type MediaKind,
  type UploadOutcome,
} from '../../../ports/channel.ts';
import { StorageError } from '../../../ports/storage.ts';
import type { Format } from '../conversion/conversion-store.ts';
import type { ConversionResult, ConversionSource } from '../conversion/convert.ts';
import { voiceNoteType } from '../conversion/voice-notes.ts';
import { readContent } from '../files/read-content.ts';
import { storeProblem } from '../files/store-error.ts';
import type { MediaService } from '../files/store-file.ts';
import { deleteUpload, findOutgoing, type OutgoingFile, saveUpload } from './channel-upload-store.ts';

/** Why a message cannot be sent with its file: an outcome of its call, though the call never began. */
type Trouble = Exclude<UploadOutcome, { class: 'uploaded' }>;

/** A message that carries a file. */
export interface FileOrder {
  messageId: string;
  accountId: string;
  channel: string;
  numberId: string;
  /** The UUID of the file. */
  mediaId: string;
  /** The type of message that carries it. */
  kind: MediaKind;
  /** The format to convert it to, if any. */
  format?: Format | undefined;
}

/**
 * The state of a message's file.
 * - ready: at the channel
 * - waiting: being uploaded; `ended` resolves when that is over, and tells whether to check again at once.
 *   `hindrance` is the problem of the last try, if the store caused it
 * - failed: the message cannot be sent with it, for this reason
 */
export type FileState =
  | { state: 'ready'; channelMediaId: string; fileName: string | undefined }
  | { state: 'waiting'; ended: Promise<{ lookAgain: boolean }>; hindrance: Hindrance | undefined }
  | { state: 'failed'; trouble: Trouble };

export interface ChannelUploads {
  /** Starts to upload the file if it is not at the channel; does not wait for it. */
  bring(order: FileOrder): Promise<FileState>;
  /** The channel rejected the id: deletes it. Returns whether it was just uploaded; then a retry is pointless. */
  forgetUploadId(accountId: string, channelMediaId: string): Promise<{ isFresh: boolean }>;
  /** Aborts running uploads. */
  close(): Promise<void>;
}

export interface ChannelUploadNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  channels: Channels;
  /** Reads a content of a workspace. @throws StorageError */
  read: (workspaceId: string, sha256: string, signal: AbortSignal) => Promise<{ content: Readable; size: number }>;
  /** Converts a file. @throws StorageError, and the reason of the signal */
  convert: (source: ConversionSource, as: Format, signal: AbortSignal) => Promise<ConversionResult>;
}

/** Why a file cannot be uploaded for now, in our words. */
interface Hindrance {
  code: string;
  title: string;
}

type Result = { channelMediaId: string } | { trouble: Trouble } | { later: Hindrance | undefined };

interface Upload {
  ended: Promise<Result>;
  /** The messages released meanwhile. */
  waiting: Set<string>;
}

const uploadsAtOnce = 4;
/** An upload has a minute, plus a second for each so many bytes. */
const slowestBytesASecond = 256 * 1024;
/** How long a failed upload's reason is kept for its released messages. */
const keptMs = 600_000;
const freshMs = 300_000;
/** Trouble of the whole account, which holds it: only one message reports it, as for a single call. */
const ofAccount: ReadonlySet<string> = new Set(['account_error', 'flagged', 'throttled']);
/** Reporting it later would hold the account again, though the trouble may be over. */
const ofAccountKeptMs = 60_000;

/** The channel keeps an upload this much longer than we rely on it. */
const marginMs = 86_400_000;
const leastMs = 600_000;
const closeMs = 1_000;

const gone: Trouble = {
  class: 'rejected',
  code: 'media_gone',
  title: "The message's file no longer exists.",
};

const unreadableCredentials = ({ message }: CredentialsError): Trouble => ({
  class: 'account_error',
  code: 'credentials_unreadable',
  title: message,
});

const noteOf: Record<Format, string> = { voice: 'voice_note', sticker: 'sticker' };

const typeOf: Record<Format, string> = { voice: voiceNoteType, sticker: 'image/webp' };

/** The file as it is uploaded after conversion. */
function converted<File extends OutgoingFile>(file: File, format: Format, sha256: string): File {
  const isMade = sha256 !== file.sha256;
  const name = format === 'voice' ? 'voice.ogg' : 'sticker.webp';
  return { ...file, sha256, mime_type: typeOf[format], file_name: isMade ? name : file.file_name };
}

/** Returns the uploads of this process. */
export function channelUploads(needs: ChannelUploadNeeds): ChannelUploads {
  const { db, clock, channels, log } = needs;
  const running = new Map<string, Upload>();
  const failures = new Map<string, { trouble: Trouble; at: number }>();
  /** Problems by file and format. */
  const hindrances = new Map<string, Hindrance & { at: number }>();
  const fresh = new Map<string, number>();
  const pass = semaphore(uploadsAtOnce);
  const over = new AbortController();
  let endings = 0;

  function begin(key: string, order: FileOrder, file: OutgoingFile & { sha256: string }): Upload {
    const waiting = new Set<string>();
    const ended = bringConverted(order, file).then(result => {
      running.delete(key);
      endings += 1;
      dropExpired();
      hindrances.delete(key);
      if ('later' in result && result.later) hindrances.set(key, { ...result.later, at: clock.now() });
      if ('trouble' in result) {
        const { trouble } = result;
        const told = ofAccount.has(trouble.class) ? [...waiting].slice(0, 1) : waiting;
        for (const messageId of told) failures.set(messageId, { trouble, at: clock.now() });
      }
      return result;
    });
    const made = { ended, waiting };
    running.set(key, made);
    return made;
  }

  async function look(order: FileOrder): Promise<OutgoingFile | undefined> {
    const { format } = order;
    const made = format && { format, mimeType: typeOf[format] };
    for (;;) {
      const before = endings;
      const file = await findOutgoing(db, order, made, clock.sqlNow());
      // An upload that ended meanwhile is neither running nor visible to this lookup.
      if (endings === before || file?.channel_media_id !== null) return file;
    }
  }

  function dropExpired(): void {
    for (const [id, { trouble, at }] of failures) {
      const most = ofAccount.has(trouble.class) ? ofAccountKeptMs : keptMs;
      if (at < clock.now() - most) failures.delete(id);
    }
    for (const [key, { at }] of hindrances) if (at < clock.now() - keptMs) hindrances.delete(key);
    for (const [id, at] of fresh) if (at < clock.now() - freshMs) fresh.delete(id);
  }

  /** Converts first, which takes no upload slot. Never throws. */
  async function bringConverted(order: FileOrder, file: OutgoingFile & { sha256: string }): Promise<Result> {
    const { format } = order;
    if (format === undefined) return pass(() => upload(order, file));
    try {
      const made = file.converted_sha256 === null ? await convertFile(file, format) : { sha256: file.converted_sha256 };
      return 'trouble' in made ? made : await pass(() => upload(order, converted(file, format, made.sha256)));
    } catch (error) {
      return resultOf(error, order);
    }
  }

  async function convertFile(
    file: OutgoingFile & { sha256: string },
    format: Format,
  ): Promise<{ sha256: string } | { trouble: Trouble }> {
    const { workspace_id: workspaceId, sha256, mime_type: mimeType, size } = file;
    const source = { workspaceId, sha256, mimeType, size: size ?? 0 };
    const made = await needs.convert(source, format, over.signal);
    if (made.outcome === 'converted') return made;
    const { title } = made;
    if (made.outcome === 'impossible')
      return { trouble: { class: 'rejected', code: `not_a_${noteOf[format]}`, title } };
    // Another worker may have the converter, and the quota may be raised.
    const code = made.outcome === 'full' ? 'media_quota_exceeded' : `no_${noteOf[format]}s_here`;
    return { trouble: { class: 'not_sent', code, title } };
  }

  /** The result of an error for the message. */
  function resultOf(error: unknown, order: FileOrder): Result {
    if (error instanceof StorageError && error.code === 'not_found') return { trouble: gone };
    if (error instanceof CredentialsError) return { trouble: unreadableCredentials(error) };
    // The store may recover; the message is valid.
    log.warn({ err: error, account: order.accountId }, 'a file could not be uploaded to the channel');
    const refusal = storeProblem(error);
    return { later: refusal instanceof AppError ? { code: refusal.code, title: refusal.message } : undefined };
  }

  /** Never throws. */
  async function upload(order: FileOrder, file: OutgoingFile & { sha256: string }): Promise<Result> {
    const end = new AbortController();
    const cancel = clock.after(60_000 + (1_000 * (file.size ?? 0)) / slowestBytesASecond, () => end.abort());
    try {
      const result = await bringOver(order, file, AbortSignal.any([end.signal, over.signal]));
      if ('trouble' in result && end.signal.aborted)
        return {
          trouble: { class: 'not_sent', code: 'media_upload_timeout', title: 'The upload did not end in time.' },
        };
      if ('channelMediaId' in result) fresh.set(result.channelMediaId, clock.now());
      return result;
    } catch (error) {
      return resultOf(error, order);
    } finally {
      cancel();
    }
  }

  function pictureOf(file: OutgoingFile, signal: AbortSignal): FilePicture | undefined {
    const { workspace_id: workspaceId, width, height, thumbnail_sha256: sha256 } = file;
    if (width === null || height === null) return undefined;
    return {
      width,
      height,
      async thumbnail() {
        if (sha256 === null) return undefined;
        try {
          return await buffer((await needs.read(workspaceId, sha256, signal)).content);
        } catch (error) {
          log.info({ err: error }, 'a thumbnail could not be read; the picture is sent without it');
          return undefined;
        }
      },
    };
  }

  async function bringOver(
    order: FileOrder,
    file: OutgoingFile & { sha256: string },
    signal: AbortSignal,
  ): Promise<Result> {
    const channel = await channels.of(order);
    signal.throwIfAborted();
    const { content: stream, size } = await needs.read(file.workspace_id, file.sha256, signal);
    let broken: unknown;
    stream.on('error', error => {
      broken = error;
    });
    const { sha256, mime_type: mimeType } = file;
    const fileName = file.file_name ?? 'file';
    const answer = await channel.uploadMedia(order.numberId, {
      stream,
      size,
      mimeType,
      fileName,
      kind: order.kind,
      isVoice: order.format === 'voice',
      ...(order.format === undefined && { picture: pictureOf(file, signal) }),
    });
    if (answer.class === 'uploaded') {
      const { channelMediaId, expiresAt } = answer;
      const upload = { accountId: order.accountId, sha256, mimeType, kind: order.kind, channelMediaId };
      // By duration: the database's clock may differ, and an id that expires at once would be uploaded forever.
      const lastsMs = Math.max(leastMs, expiresAt.getTime() - Date.now() - marginMs);
      await saveUpload(db, { ...upload, lastsMs }, clock.sqlNow());
      return { channelMediaId };
    }
    if (broken instanceof StorageError) throw broken;
    over.signal.throwIfAborted();
    // With any outcome of the upload, the message itself was not sent.
    const isOver = answer.class === 'unknown' || answer.class === 'unavailable';
    return { trouble: isOver ? { ...answer, class: 'not_sent' } : answer };
  }

  return {
    async bring(order) {
      dropExpired();
      const failure = failures.get(order.messageId);
      failures.delete(order.messageId);
      if (failure) return { state: 'failed', trouble: failure.trouble };
      const file = await look(order);
      if (file?.status !== 'stored' || file.sha256 === null) return { state: 'failed', trouble: gone };
      const fileName = file.file_name ?? undefined;
      if (file.channel_media_id !== null) return { state: 'ready', channelMediaId: file.channel_media_id, fileName };
      const key = `${order.accountId} ${file.sha256} ${order.kind} ${order.format ?? file.mime_type}`;
      const made = running.get(key) ?? begin(key, order, { ...file, sha256: file.sha256 });
      made.waiting.add(order.messageId);
      const isToLook = (result: Result) => 'channelMediaId' in result || failures.has(order.messageId);
      const ended = made.ended.then(result => ({ lookAgain: isToLook(result) }));
      return { state: 'waiting', ended, hindrance: hindrances.get(key) };
    },
    async forgetUploadId(accountId, channelMediaId) {
      await deleteUpload(db, accountId, channelMediaId);
      dropExpired();
      return { isFresh: fresh.has(channelMediaId) };
    },
    async close() {
      over.abort(new Error('The program is stopping.'));
      // An upload that only waits for the channel's response cannot be aborted.
      const patience = new Promise<void>(resolve => setTimeout(resolve, closeMs).unref());
      await Promise.race([Promise.all([...running.values()].map(each => each.ended)), patience]);
    },
  };
}

/** Reads a content from its store. */
export const openContent =
  (needs: Pick<MediaService, 'engineDb' | 'stores'>): ChannelUploadNeeds['read'] =>
  (workspaceId, sha256, signal) =>
    readContent(needs, { workspaceId, sha256 }, { signal });
