// Keeps temporary files of tests in memory if there is room: there are many, and most are synced.
import { accessSync, constants, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const memory = '/dev/shm';
/** The need of a whole run, with a margin. */
const roomInBytes = 6 * 1024 ** 3;
/** The statfs type of a memory file system on Linux. */
const tmpfs = 0x01021994;

/** Points `tmpdir()` to a folder in memory, for this process and its children, unless TMPDIR is set. */
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
