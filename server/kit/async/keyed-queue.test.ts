import { expect, test } from 'vitest';
import { keyedQueue } from './keyed-queue.ts';

test('one of a key at a time, others beside it, and none waits behind a full line', async () => {
  const inLine = keyedQueue(2);
  const done: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => async () => {
    await new Promise<void>(resolve => ends.push(resolve));
    done.push(name);
    return name;
  };
  const first = inLine('a', work('first'));
  const second = inLine('a', work('second'));
  const other = inLine('b', async () => 'beside');
  expect(await inLine('a', work('third'))).toBeUndefined();
  expect(await other).toBe('beside');
  expect(ends.length).toBe(1);
  ends.shift()?.();
  expect(await first).toBe('first');
  await expect.poll(() => ends.length).toBe(1);
  ends.shift()?.();
  expect(await second).toBe('second');
  expect(done).toEqual(['first', 'second']);
});

test('a piece that fails lets the next come', async () => {
  const inLine = keyedQueue(2);
  const failing = inLine('a', async () => Promise.reject(new Error('no')));
  const next = inLine('a', async () => 'next');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
});
