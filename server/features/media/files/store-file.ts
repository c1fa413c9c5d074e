// Stores a file: spools it, detects its type, checks the limits, and puts it unless the store has it.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { MediaKind } from '@recado/contract';
import type { Database, Queryable } from '../../../kit/db/database.ts';
import { commonProblem } from '../../../kit/errors.ts';
import type { Clock } from '../../../kit/time.ts';
import { type Storage, StorageError, type Stores, storageKey } from '../../../ports/storage.ts';
import { madeOf } from '../conversion/conversion-store.ts';
import { type Picture, type Pictures, rasters } from '../conversion/pictures.ts';
import { type VoiceNotes, voiceSources } from '../conversion/voice-notes.ts';
import { problem } from '../errors.ts';
import * as contents from './content-store.ts';
import { servedType } from './file-headers.ts';
import { type KindLimits, mostBytes, naturalKind } from './kinds.ts';
import { plainTexts, sniffType } from './sniff.ts';
import { type Spool, type Spooled, tooLarge } from './spool.ts';
import { storeProblem } from './store-error.ts';

export interface MediaService {
  /** The engine's connection: whether a content is in use depends on all accounts. */
  engineDb: Database;
  clock: Clock;
  stores: Stores;
  spool: Spool;
  /** Processes images; undefined if not available. */
  pictures: Pictures | undefined;
  /** Converts voice notes. */
  voices: VoiceNotes;
  /** The channels' limits for each kind. */
  limits: KindLimits;
  /** The size limit of any file, in bytes. */
  maxFileBytes: number;
  /** The quota of a workspace in bytes; 0 is unlimited. */
  quotaBytes: number;
}

export interface FileToStore {
  workspaceId: string;
  stream: Readable;
  /** The sender's file name: only a hint at its type. */
  fileName: string | undefined;
  declaredType: string | undefined;
  limitBytes: number;
  /** The kind to send it as, or that it came as; the default kind of its type if not given. */
  kind?: MediaKind | undefined;
  /** Whether the channel's rules for its kind apply: for outgoing files, not for inbound ones. */
  toBeSent?: boolean;
}

/** A content in the store, held there until `adopt` or `giveUp`, for an hour at most. */
export interface HeldFile {
  workspaceId: string;
  sha256: string;
  size: number;
  mimeType: string;
  kind: MediaKind;
  width: number | undefined;
  height: number | undefined;
  thumbnailSha256: string | undefined;
}

/**
 * Puts a stream into the store. On any error nothing is left of it. The caller must either insert the row that names
 * the content and `adopt` it in the same transaction, or call `giveUp`.
 * @throws AppError media_empty, media_too_large, media_type_not_allowed, media_quota_exceeded, media_store_…
 */
export async function storeFile(needs: MediaService, file: FileToStore): Promise<HeldFile> {
  const spooled = await needs.spool.take(file.stream, spoolLimit(needs, file));
  try {
    return await storeSpooled(needs, file, spooled);
  } finally {
    await spooled.remove();
  }
}

/** The most bytes to read of a file. */
export function spoolLimit(
  { maxFileBytes, limits }: Pick<MediaService, 'maxFileBytes' | 'limits'>,
  { limitBytes, kind, toBeSent }: Pick<FileToStore, 'limitBytes' | 'kind' | 'toBeSent'>,
): number {
  // A larger image can be converted to a sticker.
  const ofKind =
    kind === 'sticker'
      ? Math.max(mostBytes(limits.sticker), mostBytes(limits.image))
      : mostBytes(limits[kind ?? 'document']);
  return Math.min(maxFileBytes, limitBytes, toBeSent ? ofKind : Number.POSITIVE_INFINITY);
}

/** The second half of `storeFile`, for callers that check something in between. The spooled file stays. */
export async function storeSpooled(
  needs: MediaService,
  file: Omit<FileToStore, 'stream'>,
  spooled: Spooled,
): Promise<HeldFile> {
  const { workspaceId } = file;
  if (spooled.size === 0) throw problem('media_empty');
  const sniffed = await sniffType(spooled.head, file.declaredType, file.fileName);
  const isVoiceSource = voiceSources.includes(sniffed) && (await needs.voices.available());
  const kind = file.kind ?? (isVoiceSource ? 'audio' : naturalKind(sniffed, needs.limits));
  const made = file.toBeSent && kind === 'sticker' ? await stickerOf(needs, workspaceId, spooled, sniffed) : undefined;
  const mimeType = made ? 'image/webp' : file.toBeSent ? sentType(needs.limits, kind, sniffed) : sniffed;
  const { sha256, size } = made ? { sha256: made.sha256, size: made.bytes.length } : spooled;
  if (file.toBeSent) demandSupported(needs.limits, { kind, mimeType, size, isVoiceSource });
  const found = await needs.pictures?.look(workspaceId, spooled.path, sniffed);
  if (found === 'truncated' && file.toBeSent && kind === 'image')
    throw problem('media_type_not_allowed', 'This picture is truncated: its file ends too early. Upload all of it.');
  await storeContent(needs, { workspaceId, sha256, size, mimeType }, made ? made.bytes : { path: spooled.path });
  const seen = found === 'truncated' ? undefined : found;
  const look = made ? { width: 512, height: 512, thumbnail: seen?.thumbnail } : seen;
  const thumbnailSha256 = look?.thumbnail && (await storeThumbnail(needs, workspaceId, look.thumbnail));
  return { workspaceId, sha256, size, mimeType, kind, width: look?.width, height: look?.height, thumbnailSha256 };
}

/**
 * Converts an image to a sticker. Undefined if it already is one, or may be one and no process can check now.
 * @throws AppError media_type_not_allowed, unavailable
 */
async function stickerOf(
  { pictures }: MediaService,
  workspaceId: string,
  { path }: Spooled,
  sniffed: string,
): Promise<Picture | undefined> {
  if (!rasters.has(sniffed)) return undefined;
  const made = await pictures?.sticker(workspaceId, path, sniffed);
  if (made === 'impossible')
    throw problem(
      'media_type_not_allowed',
      'This image cannot be converted to a sticker: it cannot be decoded, or is too large.',
    );
  if (made === undefined && pictures && sniffed !== 'image/webp')
    throw commonProblem(
      'unavailable',
      'Image processing is not available now, so the image was not converted to a sticker.',
      {
        retryAfterSeconds: 10,
      },
    );
  return made === 'fits' ? undefined : made;
}

/** A specific text type is sent as plain text if the channel knows only that. */
function sentType(limits: KindLimits, kind: MediaKind, sniffed: string): string {
  const { mimeTypes } = limits[kind];
  return !mimeTypes.includes(sniffed) && plainTexts.has(sniffed) && mimeTypes.includes('text/plain')
    ? 'text/plain'
    : sniffed;
}

function demandSupported(
  limits: KindLimits,
  { kind, mimeType, size, isVoiceSource }: { kind: MediaKind; mimeType: string; size: number; isVoiceSource: boolean },
): void {
  const { mimeTypes } = limits[kind];
  const most = mostBytes(limits[kind]);
  if (!mimeTypes.includes(mimeType) && !(kind === 'audio' && isVoiceSource))
    throw problem('media_type_not_allowed', `This is ${mimeType}; a ${kind} must be ${mimeTypes.join(', ')}.`);
  if (size > most) throw tooLarge(most);
}

/** A thumbnail is optional: do not fail without it. */
async function storeThumbnail(
  needs: MediaService,
  workspaceId: string,
  thumbnail: { sha256: string; bytes: Buffer },
): Promise<string | undefined> {
  const { sha256, bytes } = thumbnail;
  try {
    const content = { workspaceId, sha256, size: bytes.length, mimeType: 'image/webp' };
    await storeContent(needs, content, bytes);
    return sha256;
  } catch {
    return undefined;
  }
}

/** How often to check whether a content's removal has ended. */
const lookAgainMs = 200;
const mostLooks = 50;
/** Well within the hour for which a content is held. */
const putDeadlineMs = 50 * 60_000;

/** Holds a content, and puts it if it is missing. */
export async function storeContent(
  needs: MediaService,
  content: { workspaceId: string; sha256: string; size: number; mimeType: string },
  source: Buffer | { path: string },
): Promise<void> {
  const { engineDb, clock, stores } = needs;
  for (let look = 0; look < mostLooks; look++) {
    const held = await engineDb.transaction(async tx => {
      await demandRoom(tx, needs, content);
      return contents.holdContent(tx, { ...content, store: stores.current }, clock.sqlNow());
    });
    if (!held) {
      // If the process that was removing it died, finish the removal.
      await dropContent(needs, content).catch(() => false);
      await new Promise<void>(resolve => clock.after(lookAgainMs, resolve));
      continue;
    }
    const { store: seen, stored } = held;
    let noted: Awaited<ReturnType<typeof contents.noteStored>>;
    try {
      if (stored && (await isThere(stores, seen, content))) return;
      // A content that is not where its row says goes to the store for new files.
      const store = stored ? stores.current : seen;
      await put(await stores.open(store), content, source);
      noted = await contents.noteStored(engineDb, content, { seen, store }, clock.sqlNow());
    } catch (error) {
      // Do not remove it now: a failing store would hardly delete it, and a retry may come soon. If the file exists
      // after all, maintenance removes it or the retry uses it.
      await contents.letGo(engineDb, content).catch(() => {});
      throw storeProblem(error);
    }
    if (noted === 'noted') return;
    // If it was removed or moved meanwhile, check and put again.
    if (noted === 'elsewhere') await contents.letGo(engineDb, content);
  }
  throw commonProblem('unavailable', 'The same file is being deleted.', { retryAfterSeconds: 5 });
}

/** Whether a content is, or may be, where its row says: it may have been deleted there, or the store replaced. */
async function isThere(
  stores: Stores,
  store: string,
  { workspaceId, sha256, size }: contents.ContentKey & { size: number },
): Promise<boolean> {
  const storage = await stores.open(store).catch((error: unknown) => {
    if (error instanceof StorageError && error.code === 'denied' && store !== stores.current) return undefined;
    throw error;
  });
  if (!storage) return false;
  try {
    return (await storage.head(storageKey(workspaceId, sha256))).size === size;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'not_found') return false;
    throw error;
  }
}

async function put(
  storage: Storage,
  { workspaceId, sha256, size, mimeType }: { workspaceId: string; sha256: string; size: number; mimeType: string },
  source: Buffer | { path: string },
): Promise<void> {
  const key = storageKey(workspaceId, sha256);
  if ('path' in source && (await storage.takeFile?.(key, source.path, size))) return;
  const stream = 'path' in source ? createReadStream(source.path) : Readable.from([source]);
  await storage.put(key, stream, {
    contentType: servedType(mimeType),
    size,
    signal: AbortSignal.timeout(putDeadlineMs),
  });
}

async function demandRoom(
  tx: Queryable,
  { quotaBytes }: MediaService,
  content: contents.ContentKey & { size: number },
) {
  if (quotaBytes === 0) return;
  const used = await contents.countBytes(tx, content.workspaceId);
  if (used + contents.countedBytes(content.size) <= quotaBytes || (await contents.hasContent(tx, content))) return;
  throw quotaExceeded(quotaBytes, used);
}

export const quotaExceeded = (quotaBytes: number, used: number) =>
  problem('media_quota_exceeded', `The workspace has ${used} of its ${quotaBytes} bytes for files.`);

const partsOf = ({ workspaceId, sha256, thumbnailSha256 }: HeldFile): contents.ContentKey[] =>
  [sha256, ...(thumbnailSha256 ? [thumbnailSha256] : [])].map(hash => ({ workspaceId, sha256: hash }));

/**
 * Ends the hold in the transaction that inserted the row with the content.
 * @throws AppError unavailable if the hold expired and the content is gone
 */
export async function adopt(tx: Queryable, kept: HeldFile): Promise<void> {
  // A fixed order, so that two callers with the same contents do not deadlock.
  for (const key of partsOf(kept).sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)))
    if (!(await contents.letGo(tx, key)))
      throw commonProblem('unavailable', 'Storing the file took too long.', { retryAfterSeconds: 1 });
}

/** Ends the hold of a file without a row, and removes the content if it is unused. */
export async function giveUp(needs: MediaService, kept: HeldFile): Promise<void> {
  for (const key of partsOf(kept)) await release(needs, key);
}

async function release(needs: MediaService, key: contents.ContentKey): Promise<void> {
  await contents.letGo(needs.engineDb, key);
  await dropContent(needs, key);
}

/** Removes an unused content: first the file, then the row, so that it can be repeated after any interruption. */
export async function dropContent(
  { engineDb, clock, stores }: Pick<MediaService, 'engineDb' | 'clock' | 'stores'>,
  key: contents.ContentKey,
): Promise<boolean> {
  const begun = await contents.beginDrop(engineDb, key, clock.sqlNow());
  if (!begun) return false;
  const made = await madeOf(engineDb, key);
  try {
    const storage = await stores.open(begun.store);
    await storage.remove(storageKey(key.workspaceId, key.sha256));
  } catch (error) {
    await contents.deferDrop(engineDb, key, clock.sqlNow()).catch(() => {});
    throw error;
  }
  await contents.endDrop(engineDb, key);
  // Its conversions have no other use. Maintenance finishes what fails here.
  for (const sha256 of made)
    await dropContent({ engineDb, clock, stores }, { workspaceId: key.workspaceId, sha256 }).catch(() => false);
  return true;
}
