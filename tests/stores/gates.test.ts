// Many calls at once: slow readers keep only their own slots, and excess calls are rejected before they begin.
import { PassThrough, type Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatedStorage } from '../../server/adapters/storage/gated.ts';
import { storeProblem } from '../../server/features/media/files/store-error.ts';
import { type Backend, openDisk, openS3 } from './backends.ts';
import { contentOf, keyOf, MiB, newWorkspace, readAll, sha256, streamOf } from './content.ts';

const contentType = 'image/png';
let disk: Backend;
let s3: Backend;
beforeAll(async () => {
  disk = await openDisk();
  s3 = await openS3();
});
afterAll(async () => {
  await disk.close();
  await s3.close();
});

/** Destroys a body, and waits until it has closed. */
const givenUp = (body: Readable) => new Promise(resolve => body.once('close', resolve).destroy());

test('sixty downloads that nobody reads keep neither puts nor questions waiting', async () => {
  const data = contentOf(12 * MiB);
  const key = keyOf(data);
  await s3.storage.put(key, streamOf(data), { contentType });
  const bodies: Readable[] = [];
  for (let each = 0; each < 60; each++) bodies.push((await s3.storage.read(key)).content);
  const other = contentOf(1_000);
  await s3.storage.put(keyOf(other), streamOf(other), { contentType });
  expect(await s3.storage.head(key)).toMatchObject({ size: data.length });
  expect((await readAll((await s3.storage.read(keyOf(other))).content)).equals(other)).toBe(true);
  for (const body of bodies) body.destroy();
}, 60_000);

test('reads have places, of which a workspace gets its share; they are free when the body has ended or is given up', async () => {
  const storage = gatedStorage(disk.storage, { puts: 1, waitingPuts: 0, reads: 3, readsOfOne: 2 });
  const data = contentOf(200_000);
  const [one, other] = [newWorkspace(), newWorkspace()].map(workspace => `${workspace}/${sha256(data)}`);
  if (!one || !other) throw new Error('two keys are needed');
  for (const key of [one, other]) await storage.put(key, streamOf(data), { contentType });
  const [first, second] = [await storage.read(one), await storage.read(one)];
  await expect(storage.read(one)).rejects.toMatchObject({ code: 'busy' });
  const third = await storage.read(other);
  await expect(storage.read(other)).rejects.toMatchObject({ code: 'busy' });
  expect(storeProblem(await storage.read(other).catch(error => error))).toMatchObject({
    code: 'media_store_busy',
    status: 503,
    retryAfterSeconds: 5,
  });
  expect((await readAll(first.content)).equals(data)).toBe(true);
  await givenUp(second.content);
  const again = [await storage.read(one), await storage.read(other)];
  for (const { content } of [third, ...again]) await givenUp(content);
  // A missing file takes no slot.
  for (let each = 0; each < 5; each++)
    await expect(storage.read(keyOf(Buffer.from('none')))).rejects.toMatchObject({ code: 'not_found' });
});

test('puts wait for their turn, so many of them', async () => {
  const storage = gatedStorage(disk.storage, { puts: 1, waitingPuts: 1, reads: 1, readsOfOne: 1 });
  const [slow, waiting, refused] = [contentOf(1_000), contentOf(1_000), contentOf(1_000)];
  const source = new PassThrough();
  const first = storage.put(keyOf(slow), source, { contentType });
  const second = storage.put(keyOf(waiting), streamOf(waiting), { contentType });
  const stream = streamOf(refused);
  await expect(storage.put(keyOf(refused), stream, { contentType })).rejects.toMatchObject({ code: 'busy' });
  expect(stream.destroyed).toBe(true);
  await expect(storage.head(keyOf(waiting))).rejects.toMatchObject({ code: 'not_found' });
  source.end(slow);
  expect(await first).toMatchObject({ size: 1_000 });
  expect(await second).toMatchObject({ size: 1_000 });
  await storage.put(keyOf(refused), streamOf(refused), { contentType });
});

test('a store that answers with another part than was asked for is not believed', async () => {
  const data = contentOf(5_000);
  const key = keyOf(data);
  await s3.storage.put(key, streamOf(data), { contentType });
  const answers = [
    `HTTP/1.1 200 OK\r\ncontent-length: 5000\r\nconnection: close\r\n\r\n${'x'.repeat(5_000)}`,
    `HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-99/5000\r\ncontent-length: 100\r\nconnection: close\r\n\r\n${'x'.repeat(100)}`,
    `HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 100-150/5000\r\ncontent-length: 51\r\nconnection: close\r\n\r\n${'x'.repeat(51)}`,
  ];
  for (const text of answers) {
    s3.proxy?.set({ kind: 'answer', text, times: 1 });
    await expect(s3.storage.read(key, { range: { start: 100, end: 199 } })).rejects.toMatchObject({
      code: 'unavailable',
    });
  }
  const part = await s3.storage.read(key, { range: { start: 4_900, end: 9_000 } });
  expect((await readAll(part.content)).equals(data.subarray(4_900))).toBe(true);
});
