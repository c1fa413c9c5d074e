// The gate lets so many in at once, and the others in their order.
import { expect, test } from 'vitest';
import { gate } from './gate.ts';

test('at most so many are at work, the others follow in their order, and a failure frees its place', async () => {
  const pass = gate(2);
  const begun: number[] = [];
  const ends: ((value: number | Promise<number>) => void)[] = [];
  const works = [0, 1, 2, 3].map(number =>
    pass(() => {
      begun.push(number);
      return new Promise<number>(resolve => {
        ends[number] = resolve;
      });
    }),
  );
  const failed = expect(works[1]).rejects.toThrow('broken');
  expect(begun).toEqual([0, 1]);
  ends[1]?.(Promise.reject(new Error('broken')));
  await failed;
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.(10);
  await expect(works[0]).resolves.toBe(10);
  expect(begun).toEqual([0, 1, 2, 3]);
  ends[2]?.(12);
  ends[3]?.(13);
  await expect(Promise.all([works[2], works[3]])).resolves.toEqual([12, 13]);
  await expect(pass(async () => 'again')).resolves.toBe('again');
});
