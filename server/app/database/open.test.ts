// A data folder that lost a part of itself is reported, not completed as if it were new.
import { chmod, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../config/config.ts';
import { type Foundation, joinFoundation, openFoundation } from './open.ts';

let dataDir: string;
let opened: Foundation | undefined;
const log = { info: () => {}, warn: () => {} };
const secretKey = 'n7Yx0pT3cVq9mZs2Lk5wRb8uHd1fGj4a';
const config = (more: Record<string, string> = {}) => readConfig({ DATA_DIR: dataDir, ...more });

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'recado-foundation-'));
  await chmod(dataDir, 0o711);
});

afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

test('a first start that was broken off before the database was made is completed', async () => {
  await writeFile(join(dataDir, 'secret-key'), `${secretKey}\n`);
  opened = await openFoundation(config(), log);
  expect(opened.secretKey).toBe(secretKey);
});

test('a database whose secret key is missing gets no new one, neither by a start nor by a command beside one', async () => {
  opened = await openFoundation(config({ SECRET_KEY: secretKey }), log);
  await expect(joinFoundation(config(), log)).rejects.toThrow(/The secret key .* is missing.*set SECRET_KEY/);
  await opened.close();
  opened = undefined;
  await expect(openFoundation(config(), log)).rejects.toThrow(/The secret key .* is missing.*set SECRET_KEY/);
  expect(await readdir(dataDir)).not.toContain('secret-key');
});

test('a database that is gone from its place is not replaced by an empty one', async () => {
  await (await openFoundation(config(), log)).close();
  const [place, aside] = [join(dataDir, 'postgres'), join(dataDir, 'aside')];
  await rename(place, aside);
  const refusal = /There is no database in .*postgres\.log shows that there was one/;
  await expect(openFoundation(config(), log)).rejects.toThrow(refusal);
  await expect(joinFoundation(config(), log)).rejects.toThrow(refusal);
  expect(await readdir(dataDir)).not.toContain('postgres');
  await rename(aside, place);
  opened = await openFoundation(config(), log);
});
