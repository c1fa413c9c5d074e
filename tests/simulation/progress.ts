// How far a long run has come, in a file, so that it can be played in several sittings.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { noTotal, type Total } from './play.ts';

export interface Progress {
  /** The seeds from `from` on are played, up to the one before `next`. */
  from: number;
  next: number;
  seconds: number;
  total: Total;
  failed: number[];
}

/** Gives what is kept in the file; where there is none, a beginning. */
export async function readProgress(file: string | undefined, from: number): Promise<Progress> {
  const text = file && (await readFile(file, 'utf8').catch(ignoreMissing));
  if (!text) return { from, next: from, seconds: 0, total: noTotal, failed: [] };
  const kept = JSON.parse(text) as Progress;
  // A file of before something was counted.
  kept.total = { ...noTotal, ...kept.total };
  if (kept.from !== from)
    throw new Error(`${file} tells of seeds from ${kept.from} on: give --from ${kept.from}, or another file.`);
  return kept;
}

/** Replaces the file as a whole, so that a kill leaves an old one or a new one. */
export async function writeProgress(file: string | undefined, progress: Progress): Promise<void> {
  if (!file) return;
  await writeFile(`${file}.new`, `${JSON.stringify(progress)}\n`);
  await rename(`${file}.new`, file);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
