// A store that fails: the log says why, and what cannot be done for one file is done for the others.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { mediaLimits } from '../../server/adapters/channels/whatsapp-cloud/index.ts';
import { readConfig } from '../../server/app/config/config.ts';
import { type OpenedStores, openStores } from '../../server/app/storage.ts';
import { openPictures } from '../../server/features/media/conversion/pictures.ts';
import { openVoiceNotes } from '../../server/features/media/conversion/voice-notes.ts';
import { claimFiles, insertReceived, releaseFile } from '../../server/features/media/fetching/fetch-store.ts';
import { holdContent, letGo, noteStored, unusedContents } from '../../server/features/media/files/content-store.ts';
import { openSpool, type Spool } from '../../server/features/media/files/spool.ts';
import { insertMedia } from '../../server/features/media/files/store.ts';
import { adopt, dropContent, type MediaService, storeFile } from '../../server/features/media/files/store-file.ts';
import { mediaMaintenance, tidyMedia } from '../../server/features/media/maintenance/maintenance.ts';
import { type Database, openDatabase } from '../../server/kit/db/database.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { StorageError } from '../../server/ports/storage.ts';
import { until } from '../faults/processes.ts';
import { anyNumber, fileOf, makers, upload, write } from '../setup/media-files.ts';
import { startBucket } from '../setup/media-stores.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { type HttpProxy, startHttpProxy } from '../stores/http-proxy.ts';

let scenario: Scenario;
let bucket: Awaited<ReturnType<typeof startBucket>>;
let proxy: HttpProxy;
let stores: OpenedStores;
let engineDb: Database;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  bucket = await startBucket();
  proxy = await startHttpProxy(bucket.env.AWS_S3_ENDPOINT);
  const env = { ...bucket.env, AWS_S3_ENDPOINT: proxy.url };
  const log = openLog('info', undefined, { write: line => void lines.push(JSON.parse(line)) });
  // The worker is there in its test only: its upkeep would remove what others remove.
  scenario = await startScenario({ env, log, roles: 'api' });
  stores = await openStores(readConfig(scenario.env));
  const connection = { connectionString: scenario.databaseUrl };
  engineDb = openDatabase({ connection, role: 'recado_engine', name: 'test', max: 2 }, openLog('silent'));
});
afterEach(() => proxy.set('pass'));
afterAll(async () => {
  await stores.close();
  await engineDb.close();
  await scenario.close();
  await proxy.close();
  await bucket.close();
});

const workspace = async () => (await scenario.sql<{ id: string }>('select id from workspace'))[0]?.id ?? '';

const keepNeeds = async (spool: Spool): Promise<MediaService> => ({
  engineDb,
  clock: realClock,
  stores,
  spool,
  pictures: undefined,
  voices: openVoiceNotes({ ffmpeg: undefined, prlimit: undefined, spool, clock: realClock, log: openLog('silent') }),
  limits: mediaLimits,
  maxFileBytes: 1e7,
  quotaBytes: 0,
});

test.each([
  [503, 'media_store_unavailable', 503],
  [403, 'media_store_rejects', 502],
] as const)('a store that answers with %i is in the log with what it said', async (fault, code, status) => {
  lines.length = 0;
  proxy.set(fault);
  const bytes = makers.document.make();
  const refused = await upload(scenario, { bytes, type: 'application/pdf' });
  proxy.set('pass');
  expect(refused).toMatchObject({ status, body: { code } });
  expect(refused.text).not.toMatch(/AccessDenied|ServiceUnavailable/);
  expect(lines.filter(({ msg }) => msg === 'a request failed')).toMatchObject([
    {
      request_id: refused.body.request_id,
      err: { code, cause: { cause: { type: fault === 403 ? 'AccessDenied' : 'ServiceUnavailable' } } },
    },
  ]);
  // A refusal is no failure.
  lines.length = 0;
  expect((await upload(scenario, { bytes: Buffer.alloc(0) })).status).toBe(400);
  expect(lines).toEqual([]);
});

test('a received file that the store does not take is in the log', async () => {
  lines.length = 0;
  proxy.set(403);
  const worker = await scenario.node('worker');
  const look = await write(scenario, 'document', makers.document.make());
  await until('it was tried', 60, async () => fileOf(await look())?.error);
  expect(fileOf(await look())).toMatchObject({ status: 'pending', error: { code: 'media_store_rejects' } });
  await worker.close();
  proxy.set('pass');
  expect(lines.filter(({ msg }) => msg === "a message's file was not fetched")).toMatchObject([
    { err: { code: 'media_store_rejects', cause: { type: 'StorageError', code: 'denied' } } },
  ]);
});

test('a file whose worker never comes back from the store waits like one that failed, and is released at once', async () => {
  // What the scenarios before have left.
  await scenario.sql(`delete from media where status = 'pending'`);
  const text = { to: anyNumber(), account_id: scenario.account.id, type: 'text', text: { body: 'x' } };
  const [messageId, accountId] = [(await scenario.api('POST', '/api/v1/messages', text)).body.id, scenario.account.id];
  const begun = Date.now();
  const file = { kind: 'image', channelMediaId: '1', declaredType: undefined, fileName: undefined } as const;
  await insertReceived(
    engineDb,
    [
      {
        ...file,
        workspaceId: await workspace(),
        accountId: toUuid(accountId),
        messageId: toUuid(messageId),
        sha256: undefined,
        size: undefined,
      },
    ],
    new Date(begun),
  );
  const claim = (after: number) =>
    claimFiles(
      engineDb,
      {
        accountId: toUuid(accountId),
        max: 4,
        places: 4,
        routes: ['sandbox'],
        leaseSeconds: 100,
        pauses: [10_000, 60_000],
      },
      new Date(begun + after),
    );
  expect(await claim(0)).toMatchObject({ files: [{ attempts: 1 }], waitMs: 110_000 });
  expect(await claim(109_000)).toMatchObject({ files: [], waitMs: 1_000 });
  expect(await claim(110_000)).toMatchObject({ files: [{ attempts: 2 }], waitMs: 160_000 });
  const third = await claim(270_000);
  expect(third).toMatchObject({ files: [{ attempts: 3 }], waitMs: 100_000 });
  for (const each of third.files) await releaseFile(engineDb, each, new Date(begun + 271_000));
  expect(await claim(271_000)).toMatchObject({ files: [{ attempts: 3 }] });
  await scenario.sql(`delete from media where status = 'pending'`);
});

test('a content that cannot be removed keeps no other, and comes last from then on', async () => {
  // What the scenarios before have left.
  await tidyMedia({ engineDb, clock: realClock, stores }, error => {
    throw error;
  });
  const made: { sha256: string }[] = [];
  for (let each = 0; each < 3; each++)
    made.push((await upload(scenario, { bytes: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(900)]) })).body);
  await scenario.sql('delete from media where sha256 = any ($1)', [made.map(({ sha256 }) => sha256)]);
  const now = async () => (await unusedContents(engineDb, null, 100)).map(({ sha256 }) => sha256);
  const bad = (await now())[0] ?? '';
  const opened = {
    ...stores,
    async open(name: string) {
      const storage = await stores.open(name);
      return {
        ...storage,
        remove: async (key: string) => {
          if (key.endsWith(bad)) throw new StorageError('denied', 'This one is locked.');
          return storage.remove(key);
        },
      };
    },
  };
  const failed: string[] = [];
  const needs = { engineDb, clock: realClock, stores: opened };
  expect(await tidyMedia(needs, (_, { sha256 }) => failed.push(sha256))).toBe(2);
  expect(failed).toEqual([bad]);
  await scenario.sql(`update media_content set deleting_at = deleting_at - interval '1 hour' where sha256 = $1`, [bad]);
  const next = (await upload(scenario, { bytes: makers.document.make() })).body.sha256;
  await scenario.sql('delete from media where sha256 = $1', [next]);
  expect(await now()).toEqual([next, bad]);
});

test('an old file that cannot be removed keeps no other', async () => {
  const made: string[] = [];
  for (let each = 0; each < 3; each++)
    made.push(toUuid((await upload(scenario, { bytes: makers.document.make(), type: 'application/pdf' })).body.id));
  const [bad, ...good] = made.sort();
  await scenario.sql(`update media set direction = 'received' where id = any ($1)`, [made]);
  const told: unknown[] = [];
  const log = openLog('info', undefined, { write: line => void told.push(JSON.parse(line)) });
  const spool = await openSpool(await mkdtemp(join(tmpdir(), 'recado-spool-')));
  const maintenance = mediaMaintenance(
    {
      ...(await keepNeeds(spool)),
      isNeeded: async (_, __, id) => {
        if (id === bad) throw new Error('The database was away.');
        return false;
      },
    },
    log,
  );
  maintenance.begin();
  await maintenance.close();
  const left = await scenario.sql<{ id: string }>('select id from media where id = any ($1)', [made]);
  expect(left).toEqual([{ id: bad }]);
  expect(good).toHaveLength(2);
  expect(told.slice(-2)).toMatchObject([
    { msg: 'an expired file could not be deleted', media: toId('media', bad ?? '') },
    { msg: 'unused files were deleted', removed: 2 },
  ]);
  await scenario.sql('delete from media where id = $1', [bad]);
  await rm(spool.folder, { recursive: true });
});

test('an image that cannot be looked at now is no sticker now, and may be one later', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recado-no-pictures-'));
  const program = join(folder, 'ends.mjs');
  await writeFile(program, 'process.exit(1)');
  const pictures = openPictures({ clock: realClock, log: openLog('silent'), program });
  const spool = await openSpool(join(folder, 'spool'));
  try {
    const needs = { ...(await keepNeeds(spool)), pictures };
    const file = {
      workspaceId: await workspace(),
      fileName: undefined,
      declaredType: undefined,
      limitBytes: 1e7,
      kind: 'sticker',
    } as const;
    const keep = () => storeFile(needs, { ...file, stream: Readable.from([makers.image.make()]), toBeSent: true });
    await expect(keep()).rejects.toMatchObject({ code: 'unavailable', status: 503, retryAfterSeconds: 10 });
  } finally {
    pictures.close();
    await rm(folder, { recursive: true });
  }
});

test('a content that a file is just being made of is not removed, though its hold ran out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recado-held-'));
  const needs = await keepNeeds(await openSpool(folder));
  const id = newUuid();
  const stream = Readable.from([makers.document.make()]);
  const kept = await storeFile(needs, {
    workspaceId: await workspace(),
    stream,
    fileName: undefined,
    declaredType: undefined,
    limitBytes: 1e7,
  });
  await scenario.sql(`update media_content set held_until = now() - interval '1 second' where sha256 = $1`, [
    kept.sha256,
  ]);
  const media = { id, fileName: undefined, declaredType: undefined, createdBy: newUuid() };
  const waiting = async () =>
    (
      await scenario.sql(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
    ).length;
  let dropped: Promise<boolean> | undefined;
  await engineDb.transaction(async tx => {
    await insertMedia(tx, media, kept, null);
    await adopt(tx, kept);
    dropped = dropContent(needs, kept);
    await until('the removal waits', 9, async () => (await waiting()) === 1);
  });
  expect(await dropped).toBe(false);
  const file = await scenario.sql('select stored_at, deleting_at from media_content where sha256 = $1', [kept.sha256]);
  expect(file).toEqual([{ stored_at: expect.any(Date), deleting_at: null }]);
  await rm(folder, { recursive: true });
});

test('a content that somebody is putting is put by others into the same store', async () => {
  const content = { workspaceId: await workspace(), sha256: 'c'.repeat(64), size: 5, mimeType: 'application/pdf' };
  expect(await holdContent(engineDb, { ...content, store: 's3' }, null)).toEqual({ store: 's3', stored: false });
  expect(await holdContent(engineDb, { ...content, store: 'disk' }, null)).toEqual({ store: 's3', stored: false });
  const noted = (seen: string, store: string) => noteStored(engineDb, content, { seen, store }, null);
  expect(await noted('disk', 'disk')).toBe('elsewhere');
  expect(await noted('s3', 's3')).toBe('noted');
  for (let each = 0; each < 2; each++) await letGo(engineDb, content);
  expect(await dropContent({ engineDb, clock: realClock, stores }, content)).toBe(true);
  expect(await noted('s3', 's3')).toBe('gone');
});
