// Draft folders: if a process dies while it fills one, the next start removes it by its name.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Creates a folder under a draft name. Rename it when it is complete; a later start removes drafts. */
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
