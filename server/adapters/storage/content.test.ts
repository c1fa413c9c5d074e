// Reading from a store: a stalled store breaks the stream, a slow reader does not.
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countedContent } from './content.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});
const turn = () => new Promise(resolve => setImmediate(resolve));
const piece = Buffer.alloc(65_536);

test('a reader may pause for as long as it wants, and a store may not', async () => {
  const source = new PassThrough({ highWaterMark: 1_000_000 });
  const out = countedContent(source, 10 * piece.length, undefined, 30_000);
  for (let each = 0; each < 5; each++) source.write(piece);
  await turn();
  expect(source.isPaused()).toBe(true);
  vi.advanceTimersByTime(300_000);
  await turn();
  expect(out.destroyed).toBe(false);
  let error: unknown;
  out.on('error', thrown => {
    error = thrown;
  });
  out.resume();
  await turn();
  vi.advanceTimersByTime(29_000);
  source.write(piece);
  await turn();
  vi.advanceTimersByTime(29_000);
  expect(out.destroyed).toBe(false);
  vi.advanceTimersByTime(1_000);
  await turn();
  expect(error).toMatchObject({ name: 'StorageError', code: 'unavailable' });
  expect(vi.getTimerCount()).toBe(0);
});
