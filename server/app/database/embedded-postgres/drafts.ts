// Folders in the making: whoever is killed while one is filled leaves a name that the next start removes.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders are filled under a name that a later start removes, and get their own when they are complete. */
export async function makeDraft(dataDir: string): Promise<string> {
  const draft = join(dataDir, `postgres-new-${randomBytes(6).toString('hex')}`);
  await mkdir(draft, { mode: 0o700 });
  return draft;
}

export async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('postgres-new-')) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}
