// Stores whose server or disk fails: typed errors, bounded retries, and nothing left half done.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { diskStorage } from '../../server/adapters/storage/disk.ts';
import { type Storage, StorageError } from '../../server/ports/storage.ts';
import { mountSmallDisk, noSmallDisk } from '../faults/small-disk.ts';
import { type Backend, openCloudinary, openS3 } from './backends.ts';
import { collect, contentOf, keyOf, MiB, readAll, streamOf } from './content.ts';
import { httpAnswer } from './fault-proxy.ts';

const contentType = 'image/png';
const short = { connect: 300, call: 300, idle: 300 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof StorageError ? error.code : error),
  );

/** Calls every method once; the result of each. */
const allOf = (storage: Storage, data: Buffer) => [
  codeOf(storage.put(keyOf(data), streamOf(data), { contentType })),
  codeOf(storage.read(keyOf(data))),
  codeOf(storage.head(keyOf(data))),
  codeOf(storage.remove(keyOf(data))),
  codeOf(collect(storage.list())),
];
const five = (code: string) => Array(5).fill(code);

const slowDown = httpAnswer(
  '503 Slow Down',
  'application/xml',
  '<Error><Code>SlowDown</Code><Message>x</Message></Error>',
);
const denied = httpAnswer(
  '403 Forbidden',
  'application/xml',
  '<Error><Code>AccessDenied</Code><Message>x</Message></Error>',
);

describe.each([
  ['s3', openS3],
  ['cloudinary', openCloudinary],
] as const)('%s', { timeout: 120_000 }, (name, open) => {
  async function opened(
    options = {},
  ): Promise<{ storage: Storage; proxy: NonNullable<Backend['proxy']>; backend: Backend }> {
    const backend = await open(options);
    cleanups.push(backend.close);
    if (!backend.proxy) throw new Error('There is no proxy.');
    return { storage: backend.storage, proxy: backend.proxy, backend };
  }

  test('one that is down or never answers is unavailable, and the source of a put is ended', async () => {
    const { storage, proxy } = await opened({ timeouts: short });
    const data = contentOf(9 * MiB);
    proxy.set({ kind: 'silent' });
    expect(await Promise.all(allOf(storage, data))).toEqual(five('unavailable'));
    await proxy.close();
    const source = streamOf(data);
    expect(await codeOf(storage.put(keyOf(data), source, { contentType }))).toBe('unavailable');
    expect(source.destroyed).toBe(true);
    expect(await Promise.all(allOf(storage, data))).toEqual(five('unavailable'));
  });

  test('one that refuses us is denied, and not asked again', async () => {
    const { storage, proxy } = await opened();
    proxy.set({ kind: 'answer', text: denied, times: 1_000 });
    for (const size of [100, 9 * MiB]) {
      const before = proxy.answered();
      expect(await codeOf(storage.put(keyOf(contentOf(size)), streamOf(contentOf(size)), { contentType }))).toBe(
        'denied',
      );
      expect(proxy.answered()).toBe(before + 1);
    }
    expect(await Promise.all(allOf(storage, contentOf(10)))).toEqual(five('denied'));
  });

  test('an overloaded store gets a limited number of retries', async () => {
    const { storage, proxy } = await opened();
    const data = contentOf(100_000);
    proxy.set({ kind: 'answer', text: slowDown, times: 2 });
    expect((await storage.put(keyOf(data), streamOf(data), { contentType })).size).toBe(data.length);
    proxy.set({ kind: 'answer', text: slowDown, times: 1_000 });
    const before = proxy.answered();
    expect(await codeOf(storage.head(keyOf(data)))).toBe('unavailable');
    expect(proxy.answered()).toBe(before + 3);
  });

  test('a connection that is cut once at any tenth of an upload does not show', async () => {
    const { storage, proxy, backend } = await opened();
    const data = contentOf(10 * MiB);
    const before = proxy.bytesUp();
    await storage.put(keyOf(data), streamOf(data), { contentType });
    const whole = proxy.bytesUp() - before;
    expect(whole).toBeGreaterThan(data.length);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      await storage.remove(keyOf(data));
      proxy.set({ kind: 'cut_up', after: Math.max(1, Math.floor((whole * tenth) / 10)), times: 1 });
      expect([tenth, await codeOf(storage.put(keyOf(data), streamOf(data), { contentType }))]).toEqual([tenth, 'done']);
      proxy.set({ kind: 'none' });
      expect((await readAll((await storage.read(keyOf(data))).content)).equals(data)).toBe(true);
    }
    expect(await backend.leftBehind()).toEqual([]);
  });

  test('connections that are cut each time fail the upload', async () => {
    const { storage, proxy } = await opened();
    const data = contentOf(10 * MiB);
    for (const after of [1, 100_000, 3 * MiB]) {
      proxy.set({ kind: 'cut_up', after, times: 1_000 });
      expect([after, await codeOf(storage.put(keyOf(data), streamOf(data), { contentType }))]).toEqual([
        after,
        'unavailable',
      ]);
      proxy.set({ kind: 'none' });
      expect(await codeOf(storage.head(keyOf(data)))).toBe('not_found');
    }
  });

  test('a reading that is cut at any tenth ends with an error, never as if it were whole', async () => {
    const { storage, proxy } = await opened();
    const data = contentOf(4 * MiB);
    await storage.put(keyOf(data), streamOf(data), { contentType });
    for (let tenth = 1; tenth < 10; tenth += 1) {
      proxy.set({ kind: 'cut_down', after: Math.floor((data.length * tenth) / 10), times: 1_000 });
      const reading = storage.read(keyOf(data)).then(({ content }) => readAll(content));
      expect([tenth, await codeOf(reading)]).toEqual([tenth, 'unavailable']);
      proxy.set({ kind: 'none' });
    }
  });

  if (name === 's3')
    test('a bucket that is misnamed is denied: its files do not look deleted', async () => {
      const { storage } = await opened({ bucket: 'other' });
      expect(await Promise.all(allOf(storage, contentOf(10)))).toEqual(five('denied'));
    });
});

describe('disk', { timeout: 60_000 }, () => {
  async function folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'recado-disk-store-'));
    cleanups.push(() => rm(made, { recursive: true, force: true }));
    return made;
  }

  test.skipIf(noSmallDisk)('that is full refuses with nothing half left, and goes on when there is room', async () => {
    const disk = mountSmallDisk(8);
    cleanups.push(disk.close);
    const storage = await diskStorage(join(disk.path, 'media'));
    const small = contentOf(1_000);
    await storage.put(keyOf(small), streamOf(small), { contentType });
    for (const size of [9 * MiB, 30 * MiB]) {
      const data = contentOf(size);
      expect(await codeOf(storage.put(keyOf(data), streamOf(data), { contentType }))).toBe('full');
      expect(await codeOf(storage.head(keyOf(data)))).toBe('not_found');
    }
    await disk.fill(0);
    const data = contentOf(2 * MiB);
    expect(await codeOf(storage.put(keyOf(data), streamOf(data), { contentType }))).toBe('full');
    expect((await readAll((await storage.read(keyOf(small))).content)).equals(small)).toBe(true);
    expect(await readdir(join(disk.path, 'media/.incoming'))).toEqual([]);
    disk.clear();
    expect(await codeOf(storage.put(keyOf(data), streamOf(data), { contentType }))).toBe('done');
  });

  test('nobody else may read what is kept', async () => {
    const media = join(await folder(), 'media');
    const storage = await diskStorage(media);
    const data = contentOf(100);
    await storage.put(keyOf(data), streamOf(data), { contentType });
    const [workspaceId = '', sha = ''] = keyOf(data).split('/');
    for (const [path, mode] of [
      ['.', 0o700],
      ['.incoming', 0o700],
      [workspaceId, 0o700],
      [join(workspaceId, sha.slice(0, 2)), 0o700],
      [join(workspaceId, sha.slice(0, 2), sha), 0o600],
    ] as const)
      expect([path, (await stat(join(media, path))).mode & 0o777]).toEqual([path, mode]);
  });

  test('what a killed process was writing is removed at the next start, and what a living one writes is not', async () => {
    const media = await folder();
    const writer = () =>
      spawn(process.execPath, ['--conditions=recado-source', join(import.meta.dirname, 'put-forever.mjs'), media]);
    const drafts = () => readdir(join(media, '.incoming'));
    const children = [writer(), writer()];
    cleanups.push(() => children.map(child => child.kill('SIGKILL')));
    await Promise.all(children.map(child => once(child.stdout, 'data')));
    expect(await drafts()).toHaveLength(2);
    await diskStorage(media);
    expect(await drafts()).toHaveLength(2);
    const [first] = children;
    first?.kill('SIGKILL');
    if (first) await once(first, 'exit');
    const storage = await diskStorage(media);
    expect(await drafts()).toHaveLength(1);
    children[1]?.kill('SIGKILL');
    if (children[1]) await once(children[1], 'exit');
    expect(await storage.removeLeftovers(new Date())).toBe(1);
    expect(await drafts()).toEqual([]);
    expect(await collect(storage.list())).toEqual([]);
  });

  test('what another machine left is removed when it is a day old', async () => {
    const media = await folder();
    const storage = await diskStorage(media);
    const [old, young] = ['old', 'young'].map(name => join(media, '.incoming', `ffffffffffff.1.2.${name}`));
    for (const path of [old, young]) await writeFile(path ?? '', 'half');
    const yesterday = new Date(Date.now() - 90_000_000);
    await utimes(old ?? '', yesterday, yesterday);
    expect(await storage.removeLeftovers(new Date())).toBe(1);
    expect(await readdir(join(media, '.incoming'))).toEqual(['ffffffffffff.1.2.young']);
  });

  test('a folder that is none, or is gone, is unavailable', async () => {
    const media = await folder();
    await writeFile(join(media, 'file'), '');
    expect(await codeOf(diskStorage(join(media, 'file/media')))).toBe('unavailable');
    const storage = await diskStorage(join(media, 'gone'));
    await rm(join(media, 'gone'), { recursive: true });
    expect(await Promise.all(allOf(storage, contentOf(10)))).toEqual(five('unavailable'));
  });

  test('a folder that is missing or empty is not taken for a new store where files should be in it', async () => {
    const media = await folder();
    const hasFiles = async () => true;
    for (const path of [media, join(media, 'media')])
      expect(await codeOf(diskStorage(path, hasFiles))).toBe('unavailable');
    expect(await readdir(media)).toEqual([]);
    const data = contentOf(10);
    const storage = await diskStorage(media);
    await storage.put(keyOf(data), streamOf(data), { contentType });
    expect(await codeOf(diskStorage(media, hasFiles))).toBe('done');
    // As if someone copied only visible files.
    await rm(join(media, '.incoming'), { recursive: true });
    expect(await codeOf(diskStorage(media, hasFiles))).toBe('done');
  });
});
