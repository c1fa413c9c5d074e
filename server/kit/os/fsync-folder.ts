// What makes a new name in a folder last.
import { open } from 'node:fs/promises';

/** Writes the names of a folder to the disk, so that a file which was made or renamed in it is there after a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
