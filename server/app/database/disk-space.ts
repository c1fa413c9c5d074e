// Watches the disk of the data folder. Writers stop while the database still has space to go on.
import { stat, statfs } from 'node:fs/promises';
import { StartError } from '../../kit/start-error.ts';
import type { EmbeddedPostgresLog } from './embedded-postgres/index.ts';

/** The disk of the embedded database. */
export interface DiskRoom {
  /** Whether less space is free than the database needs. */
  isFull(): boolean;
  /** The same, measured now: for callers that are about to write a lot. */
  isFullNow(): Promise<boolean>;
  freeBytes(): number;
  close(): void;
}

const MiB = 1024 * 1024;
/** PostgreSQL writes WAL files of 16 MiB and stops if it cannot create one: reserve a few. */
const needed = 64 * MiB;
/** Faster than the busiest sender can write the reserved space. */
const lookEveryMs = 250;

/**
 * Watches the disk of this folder from now on.
 * @throws StartError if it is already full
 */
export async function watchStorage(folder: string, log: EmbeddedPostgresLog): Promise<DiskRoom> {
  let free = await freeBytesOf(folder);
  if (free < needed)
    throw new StartError(
      `The disk of the data folder ${folder} is full (${inMiB(free)} MiB free, ${inMiB(needed)} MiB needed): free some space, or choose another with DATA_DIR.`,
    );

  async function look(): Promise<void> {
    const wasFull = free < needed;
    free = await freeBytesOf(folder);
    const isFull = free < needed;
    if (isFull && !wasFull)
      log.warn(
        `The disk of the data folder ${folder} is full (${inMiB(free)} MiB free, ${inMiB(needed)} MiB needed): Recado accepts and sends nothing until there is space.`,
      );
    if (wasFull && !isFull) log.warn(`The disk of the data folder ${folder} has space again: Recado continues.`);
  }

  let looking = false;
  let blind = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: Error) => {
        // Keep the last known value.
        if (!blind) log.warn(`The disk of the data folder ${folder} cannot be checked: ${error.message}`);
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
 * For commands that write much beside the embedded database. The returned function tells whether so many more bytes
 * leave the space that the database needs. On another disk it is always true.
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
