// Files uploaded by businesses and sent by people: bytes in a folder, and a journal of their metadata.
import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import { openLineFile, readLineFile } from '../kit/line-file.ts';
import { headBytes, isAnimated, isVoiceNote, largestFile } from './media-kinds.ts';

const day = 24 * 3_600_000;
const lifetime = { uploaded: 30 * day, inbound: 7 * day, linked: 30 * day };

const mediaEntry = z.object({
  at: z.string(),
  id: z.string(),
  source: z.enum(['uploaded', 'inbound', 'linked']),
  phone_number_id: z.string(),
  mime_type: z.string(),
  sha256: z.string(),
  size: z.number(),
  file_name: z.string().nullable(),
  animated: z.boolean(),
  /** Whether it can be sent as a voice note. */
  voice_note: z.boolean().default(false),
  expires_at: z.string(),
  /** The message whose link was fetched. */
  wamid: z.string().optional(),
});

/** One file: uploaded by a business, sent by a person, or fetched from the link of a message. `sha256` is in hex. */
export type MediaEntry = z.infer<typeof mediaEntry>;

type About = Pick<MediaEntry, 'source' | 'phone_number_id' | 'mime_type' | 'file_name' | 'wamid'>;

/** A complete file on disk without an owner yet. */
export type Received = { id: string; size: number; sha256: string; animated: boolean; voice_note: boolean };

export type MediaStore = {
  /** Writes a stream to disk, never whole in memory. @throws the stream's error; leaves nothing */
  receive(stream: Readable): Promise<Received>;
  /** Resolves when the file is on disk and its id is known. */
  keep(received: Received, about: About): Promise<MediaEntry>;
  discard(received: Received): Promise<void>;
  /** The file; undefined if unknown, deleted or expired. */
  find(id: string): MediaEntry | undefined;
  /** The file that was fetched for this message. */
  fetchedFor(wamid: string): MediaEntry | undefined;
  /** The bytes, or those from `start` to `end` (both included). */
  read(id: string, range?: { start?: number; end?: number }): ReadStream;
  remove(id: string): Promise<void>;
  /** Every file ever stored, in order. */
  entries(): readonly MediaEntry[];
  close(): Promise<void>;
};

/** Whether this is a file id: 18 digits beginning with 77, so that it cannot be a phone number id. */
export const isMediaId = (id: string): boolean => /^77\d{16}$/.test(id);

/** Reads the journal, and deletes incomplete, deleted and expired files. */
export const openMediaStore = async (dataDir: string, clock: Clock, ids: Ids): Promise<MediaStore> => {
  const folder = join(dataDir, 'media');
  const journalPath = join(dataDir, 'media.jsonl');
  await mkdir(folder, { recursive: true });
  const entries: MediaEntry[] = [];
  const alive = new Map<string, MediaEntry>();
  const fetched = new Map<string, MediaEntry>();
  const remember = (entry: MediaEntry) => {
    entries.push(entry);
    alive.set(entry.id, entry);
    if (entry.wamid !== undefined) fetched.set(entry.wamid, entry);
  };
  for await (const line of readLineFile(journalPath)) {
    const entry = mediaEntry.safeParse(line);
    if (entry.success) remember(entry.data);
    else alive.delete(String((line as { deleted?: unknown } | null)?.deleted));
  }
  const find = (id: string) => {
    const entry = alive.get(id);
    return entry !== undefined && Date.parse(entry.expires_at) > clock.now() ? entry : undefined;
  };
  for (const name of await readdir(folder)) if (find(name) === undefined) await rm(join(folder, name));
  const journal = await openLineFile(journalPath, { sync: true });
  const pathOf = (id: string) => join(folder, id);
  const partOf = (id: string) => join(folder, `${id}.part`);

  return {
    receive: async stream => {
      const id = `77${ids.digits('file', 16)}`;
      try {
        return { id, ...(await writeTo(partOf(id), stream)) };
      } catch (error) {
        await rm(partOf(id), { force: true });
        throw error;
      }
    },
    keep: async ({ id, size, sha256, animated, voice_note }, about) => {
      await rename(partOf(id), pathOf(id));
      const now = clock.now();
      const entry: MediaEntry = {
        at: new Date(now).toISOString(),
        id,
        ...about,
        sha256,
        size,
        animated,
        voice_note,
        expires_at: new Date(now + lifetime[about.source]).toISOString(),
      };
      await journal.append(entry);
      remember(entry);
      return entry;
    },
    discard: ({ id }) => rm(partOf(id), { force: true }),
    find,
    fetchedFor: wamid => fetched.get(wamid),
    read: (id, range = {}) => createReadStream(pathOf(id), range),
    remove: async id => {
      await journal.append({ deleted: id });
      alive.delete(id);
      await rm(pathOf(id), { force: true });
    },
    entries: () => entries,
    close: journal.close,
  };
};

const writeTo = async (path: string, stream: Readable): Promise<Omit<Received, 'id'>> => {
  // The loop below reports the failure; this only prevents an unhandled error.
  stream.on('error', () => {});
  const handle = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    let head = Buffer.alloc(0);
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes)]);
      size += chunk.length;
      // An oversized file is rejected by its size; do not write the rest to disk.
      if (size <= largestFile) await handle.appendFile(chunk);
    }
    await handle.datasync();
    return { size, sha256: hash.digest('hex'), animated: isAnimated(head), voice_note: isVoiceNote(head) };
  } finally {
    await handle.close();
  }
};
