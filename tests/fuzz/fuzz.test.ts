import { expect, test } from 'vitest';
import { fuzz, summary } from './run.ts';

test('1,500 requests by chance: no exit, no failure, and every answer as the document says', async () => {
  const seed = Date.now() % 2 ** 31;
  const outcome = await fuzz(1_500, seed);
  console.log(summary(outcome, seed));
  expect(outcome.failures).toEqual([]);
});
