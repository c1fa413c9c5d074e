// The disk of the data folder: watched, so that what would fill it stops while the database still has room to go on.
import { stat, statfs } from 'node:fs/promises';
import { StartError } from '../../kit/start-error.ts';
import type { EmbeddedPostgresLog } from './embedded-postgres/index.ts';

/** The disk under the embedded database. */
export interface DiskRoom {
  /** Whether there is less room than the database needs to go on. */
  isFull(): boolean;
  /** The same, by a look at this moment: for who is about to take much of what is free. */
  isFullNow(): Promise<boolean>;
  freeBytes(): number;
  close(): void;
}

const MiB = 1024 * 1024;
/** PostgreSQL takes its log in files of 16 MiB, and stops altogether where one cannot be made: room for a few. */
const needed = 64 * MiB;
/** Shorter than it takes the busiest sender to write what is kept free. */
const lookEveryMs = 250;

/**
 * Watches the disk of this folder from now on.
 * @throws StartError where it is full already
 */
export async function watchStorage(folder: string, log: EmbeddedPostgresLog): Promise<DiskRoom> {
  let free = await freeBytesOf(folder);
  if (free < needed)
    throw new StartError(
      `The disk of the data folder ${folder} is full (${inMiB(free)} MiB free, ${inMiB(needed)} MiB needed): make room, or choose another with DATA_DIR.`,
    );

  async function look(): Promise<void> {
    const wasFull = free < needed;
    free = await freeBytesOf(folder);
    const isFull = free < needed;
    if (isFull && !wasFull)
      log.warn(
        `The disk of the data folder ${folder} is full (${inMiB(free)} MiB free, ${inMiB(needed)} MiB needed): nothing is accepted and no call is begun until there is room.`,
      );
    if (wasFull && !isFull) log.warn(`The disk of the data folder ${folder} has room again: Recado goes on.`);
  }

  let looking = false;
  let blind = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: Error) => {
        // What was seen last holds on.
        if (!blind) log.warn(`The disk of the data folder ${folder} cannot be looked at: ${error.message}`);
        blind = true;
      })
      .finally(() => {
        looking = false;
      });
  }, lookEveryMs).unref();
  return {
    isFull: () => free < needed,
    isFullNow: async () => (await freeBytesOf(folder)) < needed,
    freeBytes: () => free,
    close: () => clearInterval(timer),
  };
}

/**
 * For who writes much into a folder, beside the embedded database of a data folder: tells whether so many bytes more leave
 * that the room that it needs. On another disk they always do.
 */
export async function roomBeside(dataDir: string, folder: string): Promise<(bytes: number) => Promise<boolean>> {
  const [ours, other] = await Promise.all([stat(dataDir), stat(folder)]);
  if (ours.dev !== other.dev) return async () => true;
  return async bytes => (await freeBytesOf(dataDir)) >= needed + bytes;
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const inMiB = (bytes: number) => Math.floor(bytes / MiB);
