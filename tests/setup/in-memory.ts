// Temporary files of tests in memory, where the machine has room: they are many, and most of them are synced.
import { accessSync, constants, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const memory = '/dev/shm';
/** What a whole run takes, with a margin. */
const roomInBytes = 6 * 1024 ** 3;
/** How statfs names a file system in memory on Linux. */
const tmpfs = 0x01021994;

/** Makes `tmpdir()` a folder in memory, for this process and those it starts; TMPDIR decides where it is set. */
export function useMemoryForFiles(): void {
  if (process.env.TMPDIR === undefined && hasRoom()) process.env.TMPDIR = memory;
}

function hasRoom(): boolean {
  try {
    accessSync(memory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(memory);
    return isInMemory(memory) && bavail * bsize > roomInBytes && freemem() > roomInBytes;
  } catch {
    return false;
  }
}

export const isInMemory = (folder: string): boolean => statfsSync(folder).type === tmpfs;
