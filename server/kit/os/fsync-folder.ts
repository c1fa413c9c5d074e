// Syncs a folder, so that new names in it survive a power failure.
import { open } from 'node:fs/promises';

/** Flushes a folder's entries to disk: files created or renamed in it are there after a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
