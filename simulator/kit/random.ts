// Where the simulator's ids, scripted delays and orders come from: a seed, or chance.
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openLineFile, readLineFile } from './line-file.ts';

export type Random = {
  /** At most 64 bytes. Each purpose has a sequence of its own, so that other traffic cannot change it. */
  bytes(purpose: string, count: number): Buffer;
  /** An integer from 0 to `limit` - 1. */
  below(purpose: string, limit: number): number;
};

/** Without a seed all is random. With one, `run` tells the runs on one data folder apart, so that no id repeats. */
const createRandom = (seed: string | null, run = 1): Random => {
  const drawn = new Map<string, number>();
  const bytes = (purpose: string, count: number) => {
    if (seed === null) return randomBytes(count);
    const nth = drawn.get(purpose) ?? 0;
    drawn.set(purpose, nth + 1);
    return createHash('sha512')
      .update(JSON.stringify([seed, run, purpose, nth]))
      .digest()
      .subarray(0, count);
  };
  return { bytes, below: (purpose, limit) => bytes(purpose, 6).readUIntBE(0, 6) % limit };
};

/** Opens the random source of this run; a seeded one counts its runs in the data folder. */
export const openRandom = async (dataDir: string, seed: string | null): Promise<Random> => {
  if (seed === null) return createRandom(null);
  const path = join(dataDir, 'runs.jsonl');
  let run = 1;
  for await (const _ of readLineFile(path)) run++;
  const file = await openLineFile(path);
  await file.append({ run, seed });
  await file.close();
  return createRandom(seed, run);
};

/** The values in another order. */
export const shuffle = <Value>(values: readonly Value[], random: Random): Value[] => {
  const left = [...values];
  const shuffled: Value[] = [];
  while (left.length > 0) shuffled.push(...left.splice(random.below('order', left.length), 1));
  return shuffled;
};
