// A folder of this process alone. A killed process leaves its folder behind; the next one to start removes it.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDead, processMark } from './process-mark.ts';

/** Makes a folder of this process in `parent`, and removes those of dead processes. Returns its path. */
export async function makeProcessFolder(parent: string): Promise<string> {
  const self = processMark(process.pid);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent))
    if (isDead(name.slice(0, name.lastIndexOf('.')), self))
      await rm(join(parent, name), { recursive: true, force: true });
  return mkdtemp(join(parent, `${self}.`));
}
