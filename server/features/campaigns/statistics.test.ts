import { expect, test } from 'vitest';
import { differ, shareOf } from './statistics.ts';

test('a rate has an interval that holds it, and nobody has no rate', () => {
  const share = shareOf(131, 1_081);
  expect(share.rate).toBeCloseTo(0.1212, 4);
  expect([share.low, share.high].map(value => Number(value?.toFixed(3)))).toEqual([0.103, 0.142]);
  expect(shareOf(0, 10)).toMatchObject({ rate: 0, low: 0 });
  expect(shareOf(0, 10).high).toBeGreaterThan(0.2);
  expect(shareOf(0, 0)).toEqual({ n: 0, of: 0, rate: null, low: null, high: null });
});

test('two rates differ only where chance hardly explains it', () => {
  expect(differ(shareOf(131, 1_081), shareOf(104, 1_075))).toBe(false);
  expect(differ(shareOf(200, 1_081), shareOf(104, 1_075))).toBe(true);
  expect(differ(shareOf(0, 0), shareOf(1, 2))).toBeNull();
});
