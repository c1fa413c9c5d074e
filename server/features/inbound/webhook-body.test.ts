import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { bodyReader } from './webhook-body.ts';

test('a body arrives byte for byte, and a larger one than any is rejected', async () => {
  const read = bodyReader({ largest: 10, free: 4, together: 100 });
  const body = new PassThrough();
  const whole = read(body);
  body.write(Buffer.from([0xff, 0x00]));
  body.end(Buffer.from([0xfe]));
  expect(await whole).toEqual(Buffer.from([0xff, 0x00, 0xfe]));
  const large = new PassThrough();
  const refused = read(large);
  large.write(Buffer.alloc(11));
  await expect(refused).rejects.toMatchObject({ status: 413 });
});

test('of bodies that do not end, large ones have a ceiling together, and small ones are read all the same', async () => {
  const read = bodyReader({ largest: 100, free: 4, together: 12 });
  const slow = new PassThrough();
  const never = read(slow);
  slow.write(Buffer.alloc(16));
  await expect.poll(() => slow.readableLength).toBe(0);
  const other = new PassThrough();
  const refused = read(other);
  other.write(Buffer.alloc(5));
  await expect(refused).rejects.toMatchObject({ status: 503, retryAfterSeconds: 5 });
  const small = new PassThrough();
  small.end(Buffer.alloc(4));
  expect((await read(small)).length).toBe(4);
  slow.destroy();
  await expect(never).rejects.toThrow();
  const next = new PassThrough();
  next.end(Buffer.alloc(16));
  expect((await read(next)).length).toBe(16);
});
