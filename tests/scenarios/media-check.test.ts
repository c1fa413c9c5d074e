// What `media check --repair` must not do: lose a file that somebody is at work with, or believe a store that is not there.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buildApp } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../server/app/config/config.ts';
import { type OpenedStores, openStores } from '../../server/app/storage.ts';
import { openSpool, type Spool } from '../../server/features/media/files/spool.ts';
import { checkMedia } from '../../server/features/media/maintenance/check.ts';
import { tidyMedia } from '../../server/features/media/maintenance/maintenance.ts';
import { moveMedia } from '../../server/features/media/maintenance/move.ts';
import { type Database, openDatabase } from '../../server/kit/db/database.ts';
import { sql } from '../../server/kit/db/sql.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { type Storage, StorageError } from '../../server/ports/storage.ts';
import { until } from '../faults/processes.ts';
import { runRecado } from '../setup/command.ts';
import { fileOf, makers, sha256, write } from '../setup/media-files.ts';
import { type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
let bucket: { close(): Promise<unknown> };
let settings: Record<string, string>;
let stores: OpenedStores;
let engineDb: Database;
let spool: Spool;

beforeAll(async () => {
  const app = buildApp({ logger: false });
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace(/\/$/, '');
  await fetch(`${url}/files`, { method: 'PUT' });
  bucket = { close: () => app.close() };
  const env = {
    MEDIA_STORE: 'disk',
    AWS_S3_BUCKET: 'files',
    AWS_S3_ENDPOINT: url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  };
  scenario = await startScenario({ env });
  settings = { ...env, DATABASE_URL: scenario.databaseUrl, SECRET_KEY: secretKey, DATA_DIR: scenario.dataDir };
  stores = await openStores(readConfig(settings));
  const connection = { connectionString: scenario.databaseUrl };
  engineDb = openDatabase({ connection, role: 'recado_engine', name: 'test', max: 4 }, openLog('silent'));
  spool = await openSpool(join(scenario.dataDir, 'media-spool'));
});
afterAll(async () => {
  await stores.close();
  await engineDb.close();
  await scenario.close();
  await bucket.close();
});

const pdf = (size = 5_000) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)]);

async function upload(bytes: Buffer): Promise<{ id: string; sha256: string }> {
  const form = new FormData();
  form.append('file', new Blob([bytes as Buffer<ArrayBuffer>]), 'file.bin');
  const headers = { authorization: `Bearer ${await scenario.token()}` };
  const answer = await fetch(`${scenario.recado.url}/api/v1/media`, { method: 'POST', headers, body: form });
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; sha256: string };
}

async function content(id: string): Promise<Buffer | number> {
  const headers = { authorization: `Bearer ${await scenario.token()}` };
  const answer = await fetch(`${scenario.recado.url}/api/v1/media/${id}/content`, { headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return answer.status === 200 ? bytes : answer.status;
}

const statusOf = async (id: string) => (await scenario.api('GET', `/api/v1/media/${id}`)).body.status;
const folder = () => join(scenario.dataDir, 'media');

async function pathOf(sha256: string): Promise<string> {
  const [row] = await scenario.sql<{ id: string }>('select id from workspace');
  return join(folder(), row?.id ?? '', sha256.slice(0, 2), sha256);
}

async function deleteAll(): Promise<void> {
  await scenario.sql('delete from media');
  await tidyMedia({ engineDb, clock: realClock, stores }, error => {
    throw error;
  });
}

/** How many sessions wait for a lock. */
const waiting = async () =>
  (await scenario.sql(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
    .length;

const needs = () => ({ engineDb, clock: realClock, stores, spool });

/** The check with a store on the disk in which something happens at the first look. */
async function checkWhile(happens: (look: () => Promise<unknown>) => Promise<unknown>) {
  const disk = await stores.open('disk');
  let first = true;
  const watched: Storage = {
    ...disk,
    async head(key) {
      if (!first) return disk.head(key);
      first = false;
      await happens(() => disk.head(key).catch(() => undefined));
      throw new StorageError('not_found', 'There was no such file.');
    },
  };
  const opened = { ...stores, open: async (name: string) => (name === 'disk' ? watched : stores.open(name)) };
  return checkMedia(
    { ...needs(), stores: opened },
    {
      stores: ['disk', 's3'],
      repair: true,
      force: false,
      foreign: false,
      tell: () => {},
      progress: () => {},
      signal: new AbortController().signal,
    },
  );
}

test('a content that is moved while the check looks for it stays where it is then', async () => {
  const bytes = pdf();
  const { id } = await upload(bytes);
  const result = await checkWhile(() =>
    moveMedia(needs(), {
      to: 's3',
      tell: () => {},
      progress: () => {},
      signal: new AbortController().signal,
    }),
  );
  expect(result).toMatchObject({ contents: 1, lost: 0, strays: 0 });
  expect(await statusOf(id)).toBe('stored');
  expect(await content(id)).toEqual(bytes);
  await deleteAll();
});

test('a content that is deleted and uploaded again while the check looks for it stays', async () => {
  const bytes = pdf();
  const { id } = await upload(bytes);
  let again = '';
  const result = await checkWhile(async () => {
    expect((await scenario.api('DELETE', `/api/v1/media/${id}`)).status).toBe(204);
    again = (await upload(bytes)).id;
  });
  expect(result).toMatchObject({ contents: 1, lost: 0 });
  expect(await statusOf(again)).toBe('stored');
  expect(await content(again)).toEqual(bytes);
  await deleteAll();
});

test('a copy that is one too many is not removed under who moves the content there', async () => {
  const bytes = pdf();
  const { id, sha256 } = await upload(bytes);
  const [row] = await scenario.sql<{ id: string }>('select id from workspace');
  const s3 = await stores.open('s3');
  await s3.put(`${row?.id}/${sha256}`, Readable.from([bytes]), { contentType: 'application/pdf' });
  let moved: Promise<unknown> | undefined;
  let over = false;
  const watched: Storage = {
    ...s3,
    async remove(key) {
      const { signal } = new AbortController();
      moved ??= moveMedia(needs(), { to: 's3', tell: () => {}, progress: () => {}, signal }).finally(() => {
        over = true;
      });
      await until('the move waits or is over', 9, async () => over || (await waiting()) === 1);
      await s3.remove(key);
    },
  };
  const opened = { ...stores, open: async (name: string) => (name === 's3' ? watched : stores.open(name)) };
  // How long the transaction in which it is removed may wait for the store.
  const patience: string[] = [];
  const watchedDb: Database = {
    ...engineDb,
    transaction: work =>
      engineDb.transaction(async tx => {
        const result = await work(tx);
        const [row] = await tx.query<{ ms: string }>(
          sql`select current_setting('idle_in_transaction_session_timeout') as ms`,
        );
        patience.push(row?.ms ?? '');
        return result;
      }),
  };
  const result = await checkMedia(
    { ...needs(), engineDb: watchedDb, stores: opened },
    {
      stores: ['disk', 's3'],
      repair: true,
      force: false,
      foreign: false,
      tell: () => {},
      progress: () => {},
      signal: new AbortController().signal,
    },
  );
  expect(result).toMatchObject({ lost: 0, strays: 1, failed: 0 });
  expect(await moved).toMatchObject({ moved: 1, failed: 0 });
  expect(patience).toEqual(['0']);
  expect(await content(id)).toEqual(bytes);
  await deleteAll();
});

test('where a store seems not to be there nothing is mended, and what was given up comes back with it', async () => {
  const all = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const bytes = pdf();
      return { ...(await upload(bytes)), bytes };
    }),
  );
  const away = `${folder()}-away`;
  await rename(folder(), away);
  const unmounted = await runRecado(settings, ['media', 'check', '--repair', '--force']);
  expect(unmounted).toMatchObject({ code: 1 });
  expect(unmounted.err).toContain(`create the folder ${folder()}/.incoming.`);
  await mkdir(join(folder(), '.incoming'), { recursive: true });
  const found = await runRecado(settings, ['media', 'check', '--repair']);
  expect(found).toMatchObject({ code: 1 });
  expect(found.err).toContain('8 of 8 contents are not in disk');
  for (const { id } of all) expect(await statusOf(id)).toBe('stored');

  expect(await runRecado(settings, ['media', 'check', '--repair', '--force'])).toMatchObject({ code: 0 });
  for (const { id } of all) expect(await statusOf(id)).toBe('failed');
  expect(await runRecado(settings, ['media', 'check'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('8 lost (8 known), 0 strays'),
  });

  await rm(folder(), { recursive: true });
  await rename(away, folder());
  expect(await runRecado(settings, ['media', 'check'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('0 lost, 8 found elsewhere or again, 0 strays'),
  });
  expect(await runRecado(settings, ['media', 'check', '--repair'])).toMatchObject({ code: 0 });
  for (const { id, bytes } of all) {
    expect((await scenario.api('GET', `/api/v1/media/${id}`)).body).toMatchObject({ status: 'stored', error: null });
    expect(await content(id)).toEqual(bytes);
  }
  await deleteAll();
});

test('what is in another store than its row says is found there', async () => {
  const bytes = pdf();
  const { id, sha256 } = await upload(bytes);
  await scenario.sql(`update media_content set store = 's3' where sha256 = $1`, [sha256]);
  expect(await runRecado(settings, ['media', 'check', '--repair'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('0 lost, 1 found elsewhere or again, 0 strays'),
  });
  expect(await content(id)).toEqual(bytes);
  await deleteAll();
});

test('a lost file that came with a message is stored again, and its message says so', async () => {
  const bytes = makers.document.make();
  const look = await write(scenario, 'document', bytes);
  const id = String(fileOf(await look())?.id);
  const words = async () => (await look()).events.map(({ type }: { type: string }) => type);
  const retry = () => scenario.api('POST', `/api/v1/media/${id}/retry`);
  const lose = async () => {
    await rm(await pathOf(sha256(bytes)));
    expect(await runRecado(settings, ['media', 'check', '--repair'])).toMatchObject({ code: 0 });
    expect(await statusOf(id)).toBe('failed');
  };
  await lose();
  expect((await retry()).status).toBe(202);
  await scenario.settle();
  expect(await statusOf(id)).toBe('stored');
  expect(await content(id)).toEqual(bytes);
  expect(await words()).toEqual(['message.received', 'media.stored', 'media.stored']);

  // One that waits to be fetched again is there as soon as somebody uploads the same.
  await lose();
  scenario.simulator.setMediaFault(() => 'server-error');
  expect((await retry()).status).toBe(202);
  await scenario.settle();
  expect(await statusOf(id)).toBe('pending');
  await upload(bytes);
  expect(await statusOf(id)).toBe('stored');
  expect(await content(id)).toEqual(bytes);
  scenario.simulator.setMediaFault(null);
  await deleteAll();
});

test('a file that its store has lost is put again by who uploads the same', async () => {
  const bytes = pdf();
  const { id, sha256 } = await upload(bytes);
  await rm(await pathOf(sha256));
  expect(await content(id)).toBe(410);
  const second = await upload(bytes);
  for (const each of [id, second.id]) expect(await content(each)).toEqual(bytes);

  // Also one that was said to be lost by then.
  await rm(await pathOf(sha256));
  expect(await runRecado(settings, ['media', 'check', '--repair'])).toMatchObject({ code: 0 });
  expect(await statusOf(id)).toBe('failed');
  const third = await upload(bytes);
  for (const each of [id, second.id, third.id]) {
    expect(await statusOf(each)).toBe('stored');
    expect(await content(each)).toEqual(bytes);
  }

  // And one whose row names a store that is not set any more.
  await scenario.sql(`update media_content set store = 'cloudinary' where sha256 = $1`, [sha256]);
  const fourth = await upload(bytes);
  expect(await content(fourth.id)).toEqual(bytes);
  await deleteAll();
  await mkdir(join(await pathOf(sha256), '..'), { recursive: true });
  expect(await readdir(join(await pathOf(sha256), '..'))).toEqual([]);
});
