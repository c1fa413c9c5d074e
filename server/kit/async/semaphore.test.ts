// The gate lets so many in at once, and the others in their order.
import { expect, test } from 'vitest';
import { manualClock } from '../time.ts';
import { semaphore, semaphores } from './semaphore.ts';

test('at most so many are at work, the others follow in their order, and a failure frees its place', async () => {
  const pass = semaphore(2);
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

test('work that waits too long fails without a place, and does not delay the work behind it', async () => {
  const clock = manualClock(0);
  const pass = semaphore(1, { clock, ms: 100, problem: () => new Error('too long') });
  let end = () => {};
  const first = pass(
    () =>
      new Promise<void>(resolve => {
        end = resolve;
      }),
  );
  const late = expect(pass(async () => 'late')).rejects.toThrow('too long');
  clock.advance(60);
  const next = pass(async () => 'next');
  clock.advance(60);
  await late;
  end();
  await first;
  await expect(next).resolves.toBe('next');
  clock.advance(1_000);
  await expect(pass(async () => 'again')).resolves.toBe('again');
});

test('each key has its own semaphore while work uses it', async () => {
  let made = 0;
  const pass = semaphores(() => {
    made++;
    return semaphore(1);
  });
  let end = () => {};
  const held = pass(
    'a',
    () =>
      new Promise<void>(resolve => {
        end = resolve;
      }),
  );
  const behind = pass('a', async () => 'behind');
  await expect(pass('b', async () => 'beside')).resolves.toBe('beside');
  end();
  await held;
  await expect(behind).resolves.toBe('behind');
  expect(made).toBe(2);
  await expect(pass('a', async () => 'anew')).resolves.toBe('anew');
  expect(made).toBe(3);
});
