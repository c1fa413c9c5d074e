// What every store promises, told once and shown on each: disk, S3, Cloudinary, and with TEST_ALL=1 CloudFront.
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Storage, StorageError } from '../../server/ports/storage.ts';
import { type Backend, backends } from './backends.ts';
import { brokenStream, collect, contentOf, keyOf, MiB, newWorkspace, readAll, sha256, streamOf } from './content.ts';

const contentType = 'image/png';
const tenths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Texts that are not keys, and would be dangerous as paths or URLs. */
const notKeys = (key: string): string[] => [
  '',
  '/',
  '..',
  '../../etc/passwd',
  `../${key}`,
  `/${key}`,
  `${key}/`,
  `${key}/..`,
  `${key}/../../x`,
  `./${key}`,
  key.replace('/', '//'),
  key.replace('/', '/../'),
  key.replace('/', '\\'),
  key.replace('/', '%2f'),
  key.replace('/', '%252f'),
  key.toUpperCase(),
  `${key}\0`,
  `${key}\n`,
  ` ${key}`,
  `${key}?x=1`,
  `${key}#x`,
  `${key}x`,
  key.slice(0, -1),
  key.slice(37),
  key.slice(0, 36),
  key.slice(0, 37),
  `.incoming/${key.slice(37)}`,
  `${key.slice(0, 36)}/${'z'.repeat(64)}`,
  `${'*'.repeat(36)}/${key.slice(37)}`,
  '\\\\host\\share',
  'C:\\windows',
  'file:///etc/passwd',
  `${key.slice(0, 35)}０/${key.slice(37)}`,
];

describe.each(backends)('%s', { timeout: 60_000 }, (name, open) => {
  let backend: Backend;
  let storage: Storage;
  beforeAll(async () => {
    backend = await open();
    storage = backend.storage;
  });
  afterAll(() => backend.close());

  const put = (data: Buffer, key = keyOf(data)) => storage.put(key, streamOf(data), { contentType });
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'done',
      (error: unknown) => (error instanceof StorageError ? error.code : error),
    );

  // Cloudinary accepts no empty file.
  const sizes = [0, 1, 1_000, 5 * MiB - 1, 5 * MiB, 5 * MiB + 1, 6 * MiB, 10 * MiB, 17 * MiB + 3];
  test.each(name === 'cloudinary' ? sizes.slice(1) : sizes)('%i bytes come back as they were', async size => {
    const data = contentOf(size);
    const key = keyOf(data);
    for (const known of [{}, { size }]) {
      expect(await storage.put(key, streamOf(data), { contentType, ...known })).toEqual({ size, sha256: sha256(data) });
      const read = await storage.read(key);
      expect([read.size, read.length]).toEqual([size, size]);
      expect((await readAll(read.content)).equals(data)).toBe(true);
    }
    const head = await storage.head(key);
    expect(head.size).toBe(size);
    expect(Math.abs(head.modified.getTime() - Date.now())).toBeLessThan(60_000);
    await storage.remove(key);
    await storage.remove(key);
    expect(await codeOf(storage.head(key))).toBe('not_found');
    expect(await codeOf(storage.read(key))).toBe('not_found');
    expect(await codeOf(storage.read(key, { range: { start: 0, end: 0 } }))).toBe('not_found');
  });

  test('ranges come as they are asked for, and those that are none are rejected', async () => {
    const data = contentOf(100_000);
    const key = keyOf(data);
    await put(data);
    for (const [start, end] of [
      [0, undefined],
      [0, 0],
      [1, 1],
      [99_999, 99_999],
      [99_999, undefined],
      [0, 99_999],
      [50_000, 1_000_000],
      [12_345, 67_890],
    ] as const) {
      const read = await storage.read(key, { range: { start, ...(end !== undefined && { end }) } });
      const expected = data.subarray(start, end === undefined ? undefined : end + 1);
      expect([read.size, read.length]).toEqual([data.length, expected.length]);
      expect((await readAll(read.content)).equals(expected)).toBe(true);
    }
    for (const range of [
      { start: 100_000 },
      { start: 100_000, end: 100_001 },
      { start: 5, end: 4 },
      { start: -1 },
      { start: 0.5 },
      { start: 0, end: Number.NaN },
      { start: Number.MAX_SAFE_INTEGER + 1 },
    ])
      expect([range, await codeOf(storage.read(key, { range }))]).toEqual([range, 'out_of_range']);
  });

  test('a stream that is not read to its end is destroyed without harm', async () => {
    const data = contentOf(4 * MiB);
    await put(data);
    for (let time = 0; time < 20; time += 1) {
      const { content } = await storage.read(keyOf(data));
      content.destroy();
      await once(content, 'close');
    }
    const controller = new AbortController();
    const { content } = await storage.read(keyOf(data), { signal: controller.signal });
    controller.abort(new Error('the reader has gone'));
    await expect(readAll(content)).rejects.toThrow('the reader has gone');
  });

  test('a content that is not what its key or size says is not stored, and harms nothing that is', async () => {
    for (const size of [1_000, 12 * MiB]) {
      const data = contentOf(size);
      const other = Buffer.from(data);
      other[size - 1] = (other[size - 1] ?? 0) ^ 1;
      const options = { contentType };
      expect(await codeOf(storage.put(keyOf(data), streamOf(other), options))).toBe('mismatch');
      expect(await codeOf(storage.put(keyOf(data), streamOf(data.subarray(1)), options))).toBe('mismatch');
      expect(await codeOf(storage.put(keyOf(data), streamOf(data), { ...options, size: size - 1 }))).toBe('mismatch');
      expect(await codeOf(storage.put(keyOf(data), streamOf(data), { ...options, size: size + 1 }))).toBe('mismatch');
      expect(await codeOf(storage.head(keyOf(data)))).toBe('not_found');
      await put(data);
      expect(await codeOf(storage.put(keyOf(data), streamOf(other), options))).toBe('mismatch');
      expect((await readAll((await storage.read(keyOf(data))).content)).equals(data)).toBe(true);
      await storage.remove(keyOf(data));
    }
    expect(await backend.leftBehind()).toEqual([]);
  });

  test.each(tenths)('a source that breaks after %i tenths leaves nothing', async tenth => {
    const data = contentOf(16 * MiB);
    const trouble = new Error('the sender has gone');
    const source = brokenStream(data, Math.floor((data.length * tenth) / 10), () => Promise.reject(trouble));
    expect(await codeOf(storage.put(keyOf(data), source, { contentType }))).toBe(trouble);
    expect(await codeOf(storage.head(keyOf(data)))).toBe('not_found');
    expect(await backend.leftBehind()).toEqual([]);
  });

  test.each(tenths)('an abort after %i tenths leaves nothing, and ends a source that has stopped', async tenth => {
    const data = contentOf(16 * MiB);
    const controller = new AbortController();
    const reason = new Error('nobody waits any more');
    const source = brokenStream(data, Math.floor((data.length * tenth) / 10), () => {
      setImmediate(() => controller.abort(reason));
      return new Promise(() => {});
    });
    const { signal } = controller;
    expect(await codeOf(storage.put(keyOf(data), source, { contentType, signal }))).toBe(reason);
    expect(source.destroyed).toBe(true);
    expect(await codeOf(storage.head(keyOf(data)))).toBe('not_found');
    expect(await backend.leftBehind()).toEqual([]);
  });

  test('an abort that came before is seen at once', async () => {
    const data = contentOf(10);
    const signal = AbortSignal.abort(new Error('too late'));
    const source = streamOf(data);
    await expect(storage.put(keyOf(data), source, { contentType, signal })).rejects.toThrow('too late');
    expect(source.destroyed).toBe(true);
    await put(data);
    await expect(storage.read(keyOf(data), { signal })).rejects.toThrow('too late');
  });

  test('two concurrent puts of one key store it once', async () => {
    const data = contentOf(7 * MiB);
    const results = await Promise.all(Array.from({ length: 5 }, () => put(data)));
    expect(new Set(results.map(result => result.sha256))).toEqual(new Set([sha256(data)]));
    expect((await readAll((await storage.read(keyOf(data))).content)).equals(data)).toBe(true);
    expect(await backend.leftBehind()).toEqual([]);
  });

  test('files are listed with their sizes, of one workspace or of all, over more than a page', async () => {
    const mine = newWorkspace();
    const others = newWorkspace();
    // A disk has no pages, those of a bucket have 1,000 files, and the Cloudinary of the tests has 50.
    const length = { disk: 60, s3: 1_005, cloudfront: 1_005, cloudinary: 105 }[name];
    const contents = Array.from({ length }, (_, at) => Buffer.from(`content ${at}`));
    const fill = backend.fill ?? ((key: string, data: Buffer) => put(data, key));
    for (let at = 0; at < contents.length; at += 15)
      await Promise.all(contents.slice(at, at + 15).map(data => fill(keyOf(data, mine), data)));
    const foreign = contentOf(2_000);
    await put(foreign, keyOf(foreign, others));
    const listed = await collect(storage.list(mine));
    const expected = contents.map(data => `${keyOf(data, mine)} ${data.length}`);
    expect(listed.map(({ key, size }) => `${key} ${size}`).sort()).toEqual(expected.sort());
    expect((await collect(storage.list(others))).map(({ key }) => key)).toEqual([keyOf(foreign, others)]);
    const all = new Set((await collect(storage.list())).map(({ key }) => key));
    expect(all.has(keyOf(foreign, others)) && listed.every(({ key }) => all.has(key))).toBe(true);
    expect(await collect(storage.list(newWorkspace()))).toEqual([]);
  });

  test('every method rejects an invalid key without a call', async () => {
    const data = contentOf(10);
    const before = backend.proxy?.bytesUp();
    for (const key of notKeys(keyOf(data))) {
      const source = streamOf(data);
      const codes = await Promise.all([
        codeOf(storage.put(key, source, { contentType })),
        codeOf(storage.read(key)),
        codeOf(storage.head(key)),
        codeOf(storage.remove(key)),
        codeOf((async () => storage.link(key, { seconds: 60, contentType, disposition: 'inline' }))()),
      ]);
      expect([key, ...codes]).toEqual([key, ...Array(5).fill('invalid_key')]);
      expect(source.destroyed).toBe(true);
    }
    for (const id of ['', '..', '.incoming', '*', newWorkspace().toUpperCase()])
      expect(await codeOf(collect(storage.list(id)))).toBe('invalid_key');
    expect(backend.proxy?.bytesUp()).toBe(before);
  });

  test('nothing of uploads is left that an hour-old look would find', async () => {
    const upload = new PassThrough();
    const data = contentOf(3 * MiB);
    const putting = storage.put(keyOf(data), upload, { contentType });
    upload.write(data.subarray(0, 2 * MiB));
    if (name === 'disk' || name === 'cloudinary')
      expect(await storage.removeLeftovers(new Date(Date.now() - 3_600_000))).toBe(0);
    upload.end(data.subarray(2 * MiB));
    expect((await putting).size).toBe(data.length);
    await storage.remove(keyOf(data));
  });
});
