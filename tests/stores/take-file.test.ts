// A local file that becomes a file of the disk store: a second name for the same bytes, not a copy.
import { mkdtemp, readdir, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diskStorage } from '../../server/adapters/storage/disk.ts';
import type { Storage } from '../../server/ports/storage.ts';
import { mountSmallDisk, noSmallDisk } from '../faults/small-disk.ts';
import { collect, contentOf, keyOf, readAll } from './content.ts';

let folder: string;
let storage: Storage;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-take-'));
  storage = await diskStorage(join(folder, 'media'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const data = contentOf(100_000);
const key = keyOf(data);
const pathOf = () => join(folder, 'media', key.slice(0, 36), key.slice(37, 39), key.slice(37));
const drafts = () => readdir(join(folder, 'media/.incoming'));
async function spooled(bytes = data): Promise<string> {
  const path = join(folder, 'spooled');
  await writeFile(path, bytes, { mode: 0o600 });
  return path;
}
const take = (path: string, size = data.length) => storage.takeFile?.(key, path, size);
const stored = async () => readAll((await storage.read(key)).content);

test('it is there under its key, without being written again, and stays when its first name goes', async () => {
  const path = await spooled();
  expect(await take(path)).toBe(true);
  expect((await stat(pathOf())).ino).toBe((await stat(path)).ino);
  await unlink(path);
  expect((await stored()).equals(data)).toBe(true);
  expect((await stat(pathOf())).mode & 0o777).toBe(0o600);
  expect(await drafts()).toEqual([]);
});

test('taken twice, and in the place of one that was damaged', async () => {
  const path = await spooled();
  for (let n = 0; n < 2; n++) expect(await take(path)).toBe(true);
  await unlink(path);
  await writeFile(pathOf(), 'damaged');
  expect(await take(await spooled())).toBe(true);
  expect((await stored()).equals(data)).toBe(true);
  expect(await drafts()).toEqual([]);
});

test('one of another size, or that is no file, is not taken, and nothing is left', async () => {
  await expect(take(await spooled(data.subarray(1)))).rejects.toMatchObject({ code: 'mismatch' });
  await expect(take(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'unavailable' });
  await expect(storage.takeFile?.('../x', await spooled(), data.length)).rejects.toMatchObject({ code: 'invalid_key' });
  expect(await drafts()).toEqual([]);
  expect(await collect(storage.list())).toEqual([]);
});

test.skipIf(noSmallDisk)('one on another disk has to be put', async () => {
  const disk = mountSmallDisk(1);
  try {
    const path = join(disk.path, 'spooled');
    await writeFile(path, data);
    expect(await take(path)).toBe(false);
    expect(await drafts()).toEqual([]);
  } finally {
    disk.close();
  }
});
