// Which part of a large set a run plays: a different one for each commit, or all with TEST_ALL=1.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Whether this run plays every set as a whole: `npm run test:all`. */
export const isWhole = process.env.TEST_ALL === '1';

/** Selects the part. Set TEST_OFFSET to repeat another run's part. */
export const offset = readOffset();

/** Printed by a failed test, so that its part can be repeated. */
export const howToRepeat = isWhole ? 'TEST_ALL=1' : `TEST_OFFSET=${offset}`;

function readOffset(): number {
  const given = process.env.TEST_OFFSET;
  if (given === undefined) return Number.parseInt(readCommit().slice(0, 8), 16);
  const value = Number(given);
  if (!Number.isInteger(value) || value < 0) throw new Error(`TEST_OFFSET is not a whole number: ${given}`);
  return value;
}

/** The hash of the commit; zeros if there is no git. */
function readCommit(): string {
  const cwd = join(import.meta.dirname, '../..');
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '00000000';
  }
}

/** One variant for this run; all of them with TEST_ALL=1. */
export const rotatingOne = <Variant>(variants: readonly Variant[]): readonly Variant[] =>
  isWhole ? variants : variants.slice(offset % variants.length).slice(0, 1);

/**
 * Every `parts`-th item, at least one of each group. Neighbouring groups start at different positions, so that a run
 * meets every position somewhere.
 */
export function rotatingPart<Item>(groups: readonly (readonly Item[])[], parts: number): Item[] {
  if (isWhole) return groups.flat();
  return groups.flatMap((items, group) => {
    const chosen = items.filter((_, position) => (group + position + offset) % parts === 0);
    return chosen.length > 0 ? chosen : items.slice((group + offset) % items.length).slice(0, 1);
  });
}
