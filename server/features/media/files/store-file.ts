// Keeping a file: spooled, looked at, measured against the limits, and put into the store unless it is there already.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { MediaKind } from '@recado/contract';
import type { Database, Queryable } from '../../../kit/db/database.ts';
import { refuseCommon } from '../../../kit/errors.ts';
import type { Clock } from '../../../kit/time.ts';
import { type Storage, StorageError, type Stores, storageKey } from '../../../ports/storage.ts';
import { madeOf } from '../conversion/conversion-store.ts';
import { type Picture, type Pictures, rasters } from '../conversion/pictures.ts';
import { type VoiceNotes, voiceSources } from '../conversion/voice-notes.ts';
import { refuse } from '../errors.ts';
import * as contents from './content-store.ts';
import { servedType } from './file-headers.ts';
import { type KindLimits, mostBytes, naturalKind } from './kinds.ts';
import { plainTexts, sniffType } from './sniff.ts';
import { type Spool, type Spooled, tooLarge } from './spool.ts';
import { storeRefusal } from './store-error.ts';

export interface KeepNeeds {
  /** The engine's: whether a content is still needed is asked of all accounts. */
  engineDb: Database;
  clock: Clock;
  stores: Stores;
  spool: Spool;
  /** Looks at images; undefined where there is nothing that could. */
  pictures: Pictures | undefined;
  /** Makes voice notes. */
  voices: VoiceNotes;
  /** What the channels take of each kind. */
  limits: KindLimits;
  /** What no file may exceed. */
  maxFileBytes: number;
  /** How many bytes a workspace may have; 0 for any number. */
  quotaBytes: number;
}

export interface FileToKeep {
  workspaceId: string;
  stream: Readable;
  /** What its sender calls it: only a hint at what it is. */
  fileName: string | undefined;
  declaredType: string | undefined;
  limitBytes: number;
  /** As which it is to be sent, or came; the one that its type is sent as if not given. */
  kind?: MediaKind | undefined;
  /** Whether the channel's rules for its kind hold: for what is to be sent, not for what came. */
  toBeSent?: boolean;
}

/**
 * A content that is in the store, and is held there until `adopt` or `giveUp`, for an hour at most.
 */
export interface KeptFile {
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
 * Takes a stream into the store. Whatever it throws, nothing is left of it. Who calls has to write the row that names
 * the content and `adopt` it in the same transaction, or to `giveUp`.
 * @throws AppError media_empty, media_too_large, media_type_not_allowed, media_quota_exceeded, media_store_…
 */
export async function keepFile(needs: KeepNeeds, file: FileToKeep): Promise<KeptFile> {
  const spooled = await needs.spool.take(file.stream, spoolLimit(needs, file));
  try {
    return await keepSpooled(needs, file, spooled);
  } finally {
    await spooled.remove();
  }
}

/** How much of a file is read at most. */
export function spoolLimit(
  { maxFileBytes, limits }: Pick<KeepNeeds, 'maxFileBytes' | 'limits'>,
  { limitBytes, kind, toBeSent }: Pick<FileToKeep, 'limitBytes' | 'kind' | 'toBeSent'>,
): number {
  // A sticker may be made of an image that is larger.
  const ofKind =
    kind === 'sticker'
      ? Math.max(mostBytes(limits.sticker), mostBytes(limits.image))
      : mostBytes(limits[kind ?? 'document']);
  return Math.min(maxFileBytes, limitBytes, toBeSent ? ofKind : Number.POSITIVE_INFINITY);
}

/** The second half of `keepFile`, for who has something to ask between. The spooled file stays. */
export async function keepSpooled(
  needs: KeepNeeds,
  file: Omit<FileToKeep, 'stream'>,
  spooled: Spooled,
): Promise<KeptFile> {
  const { workspaceId } = file;
  if (spooled.size === 0) throw refuse('media_empty');
  const sniffed = await sniffType(spooled.head, file.declaredType, file.fileName);
  const isVoiceSource = voiceSources.includes(sniffed) && (await needs.voices.available());
  const kind = file.kind ?? (isVoiceSource ? 'audio' : naturalKind(sniffed, needs.limits));
  const made = file.toBeSent && kind === 'sticker' ? await stickerOf(needs, spooled, sniffed) : undefined;
  const mimeType = made ? 'image/webp' : file.toBeSent ? sentType(needs.limits, kind, sniffed) : sniffed;
  const { sha256, size } = made ? { sha256: made.sha256, size: made.bytes.length } : spooled;
  if (file.toBeSent) demandFit(needs.limits, { kind, mimeType, size, isVoiceSource });
  await keepContent(needs, { workspaceId, sha256, size, mimeType }, made ? made.bytes : { path: spooled.path });
  const seen = await needs.pictures?.look(spooled.path, sniffed);
  const look = made ? { width: 512, height: 512, thumbnail: seen?.thumbnail } : seen;
  const thumbnailSha256 = look?.thumbnail && (await keepThumbnail(needs, workspaceId, look.thumbnail));
  return { workspaceId, sha256, size, mimeType, kind, width: look?.width, height: look?.height, thumbnailSha256 };
}

/**
 * Another image that is to be a sticker is made one; undefined where it is one, or may be one and nothing can look at it now.
 * @throws AppError media_type_not_allowed, unavailable
 */
async function stickerOf({ pictures }: KeepNeeds, { path }: Spooled, sniffed: string): Promise<Picture | undefined> {
  if (!rasters.has(sniffed)) return undefined;
  const made = await pictures?.sticker(path, sniffed);
  if (made === 'impossible')
    throw refuse(
      'media_type_not_allowed',
      'Recado cannot convert this image to a sticker: it is unreadable or too large.',
    );
  if (made === undefined && pictures && sniffed !== 'image/webp')
    throw refuseCommon('unavailable', 'Recado cannot convert images at the moment.', {
      retryAfterSeconds: 10,
    });
  return made === 'fits' ? undefined : made;
}

/** A text of a finer type goes as a plain one where the channels know only that. */
function sentType(limits: KindLimits, kind: MediaKind, sniffed: string): string {
  const { mimeTypes } = limits[kind];
  return !mimeTypes.includes(sniffed) && plainTexts.has(sniffed) && mimeTypes.includes('text/plain')
    ? 'text/plain'
    : sniffed;
}

function demandFit(
  limits: KindLimits,
  { kind, mimeType, size, isVoiceSource }: { kind: MediaKind; mimeType: string; size: number; isVoiceSource: boolean },
): void {
  const { mimeTypes } = limits[kind];
  const most = mostBytes(limits[kind]);
  if (!mimeTypes.includes(mimeType) && !(kind === 'audio' && isVoiceSource))
    throw refuse('media_type_not_allowed', `The file is ${mimeType}; kind ${kind} accepts ${mimeTypes.join(', ')}.`);
  if (size > most) throw tooLarge(most);
}

/** A picture of it is worth having, but no reason to fail. */
async function keepThumbnail(
  needs: KeepNeeds,
  workspaceId: string,
  thumbnail: { sha256: string; bytes: Buffer },
): Promise<string | undefined> {
  const { sha256, bytes } = thumbnail;
  try {
    const content = { workspaceId, sha256, size: bytes.length, mimeType: 'image/webp' };
    await keepContent(needs, content, bytes);
    return sha256;
  } catch {
    return undefined;
  }
}

/** How often it is looked whether a content that is being removed has gone, and for how long at most. */
const lookAgainMs = 200;
const mostLooks = 50;
/** Well within the hour for which a content is held. */
const putDeadlineMs = 50 * 60_000;

/** Holds a content, and puts it where it is not there yet. */
export async function keepContent(
  needs: KeepNeeds,
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
      // Where whoever was at it has died, we end it.
      await dropContent(needs, content).catch(() => false);
      await new Promise<void>(resolve => clock.after(lookAgainMs, resolve));
      continue;
    }
    const { store: seen, stored } = held;
    let noted: Awaited<ReturnType<typeof contents.noteStored>>;
    try {
      if (stored && (await isThere(stores, seen, content))) return;
      // What is not where its row says goes where new files go.
      const store = stored ? stores.current : seen;
      await put(await stores.open(store), content, source);
      noted = await contents.noteStored(engineDb, content, { seen, store }, clock.sqlNow());
    } catch (error) {
      // Not removed at once: a store that did not take it will hardly do that, and the next try may come soon. Where the
      // file is there nevertheless, the upkeep removes it, or the next try has it.
      await contents.letGo(engineDb, content).catch(() => {});
      throw storeRefusal(error);
    }
    if (noted === 'noted') return;
    // Where it was cleared away or moved meanwhile, it is looked at and put once more.
    if (noted === 'elsewhere') await contents.letGo(engineDb, content);
  }
  throw refuseCommon('unavailable', 'Another request is deleting the same file.', { retryAfterSeconds: 5 });
}

/** Whether a content is where its row says, or may be: it can have been removed there, or the store been changed for another. */
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

async function demandRoom(tx: Queryable, { quotaBytes }: KeepNeeds, content: contents.ContentKey & { size: number }) {
  if (quotaBytes === 0) return;
  const used = await contents.countBytes(tx, content.workspaceId);
  if (used + content.size <= quotaBytes || (await contents.hasContent(tx, content))) return;
  throw quotaExceeded(quotaBytes, used);
}

export const quotaExceeded = (quotaBytes: number, used: number) =>
  refuse('media_quota_exceeded', `The workspace may have ${quotaBytes} bytes of files, and has ${used}.`);

const partsOf = ({ workspaceId, sha256, thumbnailSha256 }: KeptFile): contents.ContentKey[] =>
  [sha256, ...(thumbnailSha256 ? [thumbnailSha256] : [])].map(hash => ({ workspaceId, sha256: hash }));

/**
 * Lets go of a kept file in the transaction that wrote the row which names it.
 * @throws AppError unavailable where it was not held any more and has gone
 */
export async function adopt(tx: Queryable, kept: KeptFile): Promise<void> {
  // Always in the same order, so that two who adopt the same do not wait for each other.
  for (const key of partsOf(kept).sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)))
    if (!(await contents.letGo(tx, key)))
      throw refuseCommon('unavailable', 'Storing the file took too long.', { retryAfterSeconds: 1 });
}

/** Lets go of a kept file that no row will name, and removes it where nothing else needs it. */
export async function giveUp(needs: KeepNeeds, kept: KeptFile): Promise<void> {
  for (const key of partsOf(kept)) await release(needs, key);
}

async function release(needs: KeepNeeds, key: contents.ContentKey): Promise<void> {
  await contents.letGo(needs.engineDb, key);
  await dropContent(needs, key);
}

/** Removes a content that nothing needs: first the file, then the row, so that it can be begun again at any point. */
export async function dropContent(
  { engineDb, clock, stores }: Pick<KeepNeeds, 'engineDb' | 'clock' | 'stores'>,
  key: contents.ContentKey,
): Promise<boolean> {
  const begun = await contents.beginDrop(engineDb, key, clock.sqlNow());
  if (!begun) return false;
  const made = await madeOf(engineDb, key);
  try {
    const storage = await stores.open(begun.store);
    await storage.remove(storageKey(key.workspaceId, key.sha256));
  } catch (error) {
    await contents.putOffDrop(engineDb, key, clock.sqlNow()).catch(() => {});
    throw error;
  }
  await contents.endDrop(engineDb, key);
  // What was made of it to be sent is needed by nothing else. What goes wrong here the next round of upkeep ends.
  for (const sha256 of made)
    await dropContent({ engineDb, clock, stores }, { workspaceId: key.workspaceId, sha256 }).catch(() => false);
  return true;
}
