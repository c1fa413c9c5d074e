import { expect, test } from 'vitest';
import { isWhole, offset } from '../setup/rotation.ts';
import { fuzz, summary } from './run.ts';

const count = isWhole ? 1_500 : 200;
const seed = offset % 2 ** 31;

test(`${count} requests by chance: no exit, no failure, and every answer as the document says`, async () => {
  const outcome = await fuzz(count, seed);
  console.log(summary(outcome, seed));
  expect(outcome.failures).toEqual([]);
});
