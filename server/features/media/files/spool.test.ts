import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSpool } from './spool.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-spool-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the room that is left is looked at every 4 MiB, however small the files are', async () => {
  let looks = 0;
  let full = false;
  const spool = await openSpool(folder, async () => {
    looks += 1;
    return full;
  });
  const take = () => spool.take(Readable.from([Buffer.alloc(512 * 1024)]), 1e9);
  for (let file = 0; file < 16; file++) await (await take()).remove();
  expect(looks).toBe(2);
  full = true;
  for (let file = 0; file < 7; file++) await (await take()).remove();
  // After one file found the disk full, each checks.
  for (let file = 0; file < 3; file++) await expect(take()).rejects.toMatchObject({ code: 'storage_full' });
  full = false;
  await (await take()).remove();
  expect(looks).toBe(6);
  expect(await readdir(folder)).toEqual([]);
});
