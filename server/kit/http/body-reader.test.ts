import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type BodyLimits, type BodyOptions, bodyReader } from './body-reader.ts';

/** A reader whose bodies have the same options. */
function readerOf(limits: BodyLimits, options: BodyOptions) {
  const read = bodyReader(limits);
  return (body: PassThrough, owner?: string) => read(body, { ...options, owner }, bytes => bytes);
}

test('a body arrives byte for byte, and a larger one than any is refused', async () => {
  const read = readerOf({ free: 4, together: 100 }, { largest: 10 });
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
  const read = readerOf({ free: 4, together: 12 }, { largest: 100 });
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

test('the large bodies of one owner have a lower ceiling, and leave room for others', async () => {
  const read = readerOf({ free: 0, together: 100, perOwner: 10 }, { largest: 100 });
  const send = (size: number, owner: string) => {
    const body = new PassThrough();
    const bytes = read(body, owner);
    body.end(Buffer.alloc(size));
    return bytes;
  };
  const slow = new PassThrough();
  const never = read(slow, 'a');
  slow.write(Buffer.alloc(8));
  await expect.poll(() => slow.readableLength).toBe(0);
  await expect(send(3, 'a')).rejects.toMatchObject({ status: 503 });
  expect((await send(10, 'b')).length).toBe(10);
  slow.destroy();
  await expect(never).rejects.toMatchObject({ status: 400 });
  expect((await send(10, 'a')).length).toBe(10);
});

test('a body counts until it is used', async () => {
  const read = bodyReader({ free: 0, together: 10 });
  let free = (): void => {};
  const used = new Promise<void>(resolve => {
    free = resolve;
  });
  const body = () => {
    const stream = new PassThrough();
    stream.end(Buffer.alloc(8));
    return stream;
  };
  const first = read(body(), { largest: 100 }, () => used);
  await expect.poll(() => read(body(), { largest: 100 }, () => 'read').catch(error => error.status)).toBe(503);
  free();
  await first;
  expect(await read(body(), { largest: 100 }, () => 'read')).toBe('read');
});
