// Rows and stores that have come apart, files that move, and processes that die on the way.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buildApp } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mediaLimits } from '../../server/adapters/channels/whatsapp-cloud/index.ts';
import { readConfig } from '../../server/app/config/config.ts';
import { type OpenedStores, openStores } from '../../server/app/storage.ts';
import { openVoiceNotes } from '../../server/features/media/conversion/voice-notes.ts';
import { openSpool } from '../../server/features/media/files/spool.ts';
import { adopt, giveUp, type MediaService, storeFile } from '../../server/features/media/files/store-file.ts';
import { tidyMedia } from '../../server/features/media/maintenance/maintenance.ts';
import { type Database, openDatabase } from '../../server/kit/db/database.ts';
import { newUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { clientOf } from '../faults/client.ts';
import { end, freePort, launch, sendSignal, until } from '../faults/processes.ts';
import { runRecado, startRecado } from '../setup/command.ts';
import { owner, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';
import { startHttpProxy } from '../stores/http-proxy.ts';

let scenario: Scenario;
let bucket: { url: string; close(): Promise<unknown> };
let settings: Record<string, string>;
let stores: OpenedStores;
let engineDb: Database;
let needs: MediaService;
let workspaceId: string;

beforeAll(async () => {
  const app = buildApp({ logger: false });
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace(/\/$/, '');
  await fetch(`${url}/files`, { method: 'PUT' });
  bucket = { url, close: () => app.close() };
  const env = {
    MEDIA_STORE: 'disk',
    AWS_S3_BUCKET: 'files',
    AWS_S3_ENDPOINT: url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  };
  // Without a worker, whose own upkeep would remove what the tests remove.
  scenario = await startScenario({ env, roles: 'api' });
  settings = { ...env, DATABASE_URL: scenario.databaseUrl, SECRET_KEY: secretKey, DATA_DIR: scenario.dataDir };
  stores = await openStores(readConfig(settings));
  const connection = { connectionString: scenario.databaseUrl };
  engineDb = openDatabase({ connection, role: 'recado_engine', name: 'test', max: 4 }, openLog('silent'));
  const spool = await openSpool(join(scenario.dataDir, 'media-spool'));
  const voices = openVoiceNotes({
    ffmpeg: undefined,
    prlimit: undefined,
    spool,
    clock: realClock,
    log: openLog('silent'),
  });
  needs = {
    engineDb,
    clock: realClock,
    stores,
    spool,
    pictures: undefined,
    voices,
    limits: mediaLimits,
    maxFileBytes: 1e7,
    quotaBytes: 0,
  };
  const [row] = await scenario.sql<{ id: string }>('select id from workspace');
  workspaceId = row?.id ?? '';
});
afterAll(async () => {
  await stores.close();
  await engineDb.close();
  await scenario.close();
  await bucket.close();
});

async function upload(bytes: Buffer): Promise<{ id: string; sha256: string }> {
  const form = new FormData();
  form.append('file', new Blob([bytes as Buffer<ArrayBuffer>]), 'file.bin');
  const headers = { authorization: `Bearer ${await scenario.token()}` };
  const answer = await fetch(`${scenario.recado.url}/api/v1/media`, { method: 'POST', headers, body: form });
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; sha256: string };
}

async function content(id: string): Promise<{ status: number; bytes: Buffer }> {
  const headers = { authorization: `Bearer ${await scenario.token()}` };
  const answer = await fetch(`${scenario.recado.url}/api/v1/media/${id}/content`, { headers });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
}

const neverFails = (error: unknown) => {
  throw error;
};
const pathOf = (sha256: string) => join(scenario.dataDir, 'media', workspaceId, sha256.slice(0, 2), sha256);
const pdf = (size: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)]);
const file = (bytes: Buffer) => ({
  workspaceId,
  stream: Readable.from([bytes]),
  fileName: undefined,
  declaredType: undefined,
  limitBytes: 1e7,
});
const contents = () =>
  scenario.sql<{ sha256: string }>('select sha256, store, holders, stored_at from media_content order by sha256');

test('what is kept and given up, or never adopted, goes', async () => {
  const kept = await storeFile(needs, file(randomBytes(1_000)));
  await giveUp(needs, kept);
  expect(await contents()).toEqual([]);
  const forgotten = await storeFile(needs, file(randomBytes(1_000)));
  expect(await tidyMedia(needs, neverFails)).toBe(0);
  await scenario.sql(`update media_content set held_until = now() - interval '1 minute'`);
  expect(await tidyMedia(needs, neverFails)).toBe(1);
  await expect(engineDb.transaction(tx => adopt(tx, forgotten))).rejects.toMatchObject({ code: 'unavailable' });
  await expect(readdir(join(pathOf(forgotten.sha256), '..'))).resolves.toEqual([]);
});

test('check finds what is lost, what nobody knows and what was cut off, and mends it', async () => {
  const [good, lost, short] = [await upload(pdf(5_000)), await upload(pdf(5_000)), await upload(pdf(5_000))];
  expect(await runRecado(settings, ['media', 'check'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('0 lost, 0 strays'),
  });
  await rm(pathOf(lost.sha256));
  await writeFile(pathOf(short.sha256), 'x');
  const stray = createHash('sha256').update('stray').digest('hex');
  await mkdir(join(pathOf(stray), '..'), { recursive: true });
  await writeFile(pathOf(stray), 'stray');
  const foreign = join(scenario.dataDir, 'media', newUuid(), stray.slice(0, 2));
  await mkdir(foreign, { recursive: true });
  await writeFile(join(foreign, stray), 'stray');
  const [s3, inBucket] = [await stores.open('s3'), createHash('sha256').update('s3').digest('hex')];
  await s3.put(`${workspaceId}/${inBucket}`, Readable.from([Buffer.from('s3')]), { contentType: 'text/plain' });
  // A removal that was cut off after its file was gone.
  const cut = await upload(pdf(5_000));
  await scenario.sql('delete from media where id in (select id from media where sha256 = $1)', [cut.sha256]);
  await scenario.sql(`update media_content set deleting_at = now() - interval '1 day' where sha256 = $1`, [cut.sha256]);
  await rm(pathOf(cut.sha256));

  const found = await runRecado(settings, ['media', 'check']);
  expect(found.code).toBe(1);
  expect(found.err).toContain(
    '3 contents, 2 lost, 2 strays, 1 of workspaces that this database does not know, 1 not needed',
  );
  for (const word of [lost.sha256, short.sha256, stray, inBucket, cut.sha256]) expect(found.err).toContain(word);
  expect(await runRecado(settings, ['media', 'check', '--repair'])).toMatchObject({ code: 0 });
  expect(await runRecado(settings, ['media', 'check'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('3 contents, 2 lost (2 known), 0 strays, 1 of workspaces'),
  });
  expect(await readdir(foreign)).toEqual([stray]);
  expect(await runRecado(settings, ['media', 'check', '--repair', '--foreign'])).toMatchObject({ code: 0 });
  expect(await readdir(foreign)).toEqual([]);
  expect((await content(good.id)).status).toBe(200);
  for (const { id } of [lost, short]) {
    expect((await scenario.api('GET', `/api/v1/media/${id}`)).body).toMatchObject({
      status: 'failed',
      error: { code: 'lost' },
    });
    expect((await content(id)).status).toBe(409);
  }
  await scenario.sql('delete from media');
  await tidyMedia(needs, neverFails);
});

test('files move to another store and back, also when the command is killed on the way', async () => {
  const all = await Promise.all(
    Array.from({ length: 30 }, async () => {
      const bytes = pdf(200_000);
      return { ...(await upload(bytes)), bytes };
    }),
  );
  const inS3 = async () =>
    (await scenario.sql<{ n: number }>(`select count(*)::int as n from media_content where store = 's3'`))[0]?.n ?? 0;
  const running = startRecado(settings, ['media', 'move', '--to', 's3']);
  let gone = false;
  void running.over.then(() => {
    gone = true;
  });
  await until('some have moved', 30, async () => gone || (await inS3()) >= 3);
  running.kill();
  await running.over;
  for (const { id, bytes } of all) expect((await content(id)).bytes.equals(bytes)).toBe(true);
  expect(await runRecado(settings, ['media', 'move', '--to', 's3'])).toMatchObject({ code: 0 });
  expect(await inS3()).toBe(30);
  // The one that was being moved may be held still, and may lie in both.
  await scenario.sql('update media_content set holders = 0');
  expect(await runRecado(settings, ['media', 'check', '--repair'])).toMatchObject({ code: 0 });
  for (const { id, bytes } of all) expect((await content(id)).bytes.equals(bytes)).toBe(true);
  const onDisk = await stores.open('disk');
  for await (const { key } of onDisk.list()) expect(key).toBe('nothing');
  expect(await runRecado(settings, ['media', 'move', '--to', 'disk'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('30 files moved to disk'),
  });
  for (const { id, bytes } of all) expect((await content(id)).bytes.equals(bytes)).toBe(true);
  expect(await runRecado(settings, ['media', 'move', '--to', 'cloudinary'])).toMatchObject({ code: 1 });
  expect(await runRecado(settings, ['media', 'check'])).toMatchObject({ code: 0 });
}, 240_000);

test('killed in the middle of an upload, and in the middle of a put: nothing is left', async () => {
  // A bucket that takes connections and never says a word.
  const silent = createServer(socket => socket.on('error', () => {}));
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const silentUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const before = await contents();
  const port = await freePort();
  const start = async (endpoint: string) => {
    const env = {
      ...settings,
      ROLES: 'api',
      MEDIA_STORE: 's3',
      AWS_S3_ENDPOINT: endpoint,
      PORT: String(port),
      SIMULATOR: 'off',
      LOG_LEVEL: 'warn',
    };
    const actor = launch(
      process.execPath,
      [join(import.meta.dirname, '../../scripts/start.mjs')],
      scenario.dataDir,
      env,
    );
    await until('it is ready', 60, async () => actor.isGone() || actor.words().includes('is ready'));
    return actor;
  };
  const spooled = () => readdir(join(scenario.dataDir, 'media-spool'));
  const first = await start(silentUrl);
  const client = clientOf(`http://127.0.0.1:${port}`);
  const { body } = await client.call('POST', '/api/v1/auth/login', owner);
  const send = (whole: boolean) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    const form = Buffer.concat([
      Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n'),
      pdf(1_000_000),
      Buffer.from('\r\n--b--\r\n'),
    ]);
    socket.write(
      `POST /api/v1/media HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${body.access_token}\r\ncontent-length: ${form.length}\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n`,
    );
    socket.write(whole ? form : form.subarray(0, 600_000));
  };
  send(false);
  send(true);
  await until(
    'one is on its way to the store, and one is half here',
    30,
    async () => (await contents()).length > before.length && (await spooled()).length === 2,
  );
  sendSignal(first.pid ?? 0, 'SIGKILL');
  await until('it is gone', 10, async () => first.isGone());
  expect(await spooled()).toHaveLength(2);

  const second = await start(bucket.url);
  try {
    expect(await spooled()).toEqual([]);
    expect(await contents()).toHaveLength(before.length + 1);
    // After an hour nobody can be at work with it any more.
    await scenario.sql(`update media_content set held_until = now() - interval '1 second' where holders > 0`);
    expect(await tidyMedia(needs, neverFails)).toBe(1);
    expect(await contents()).toEqual(before);
    expect(await runRecado(settings, ['media', 'check'])).toMatchObject({ code: 0 });
  } finally {
    await end(second);
    silent.close();
  }
});

test('a store that is down or denies access: the upload fails with its reason, and works when the store is back', async () => {
  const proxy = await startHttpProxy(bucket.url);
  proxy.set(503);
  const faulty = await openStores(readConfig({ ...settings, MEDIA_STORE: 's3', AWS_S3_ENDPOINT: proxy.url }));
  const before = await contents();
  try {
    const bytes = randomBytes(50_000);
    const keep = () => storeFile({ ...needs, stores: faulty }, file(bytes));
    await expect(keep()).rejects.toMatchObject({ code: 'media_store_unavailable', status: 503, retryAfterSeconds: 5 });
    proxy.set(403);
    await expect(keep()).rejects.toMatchObject({ code: 'media_store_rejects', status: 502 });
    expect(await scenario.sql('select stored_at, holders from media_content where stored_at is null')).toEqual([
      { stored_at: null, holders: 0 },
    ]);
    // At once, though nobody has cleared away what had failed.
    proxy.set('pass');
    const again = await keep();
    // A later try removes a file that cannot be removed now.
    proxy.set(503);
    await expect(giveUp({ ...needs, stores: faulty }, again)).rejects.toMatchObject({ code: 'unavailable' });
    proxy.set('pass');
    expect(await tidyMedia({ ...needs, stores: faulty }, neverFails)).toBe(0);
    await scenario.sql(
      `update media_content set deleting_at = deleting_at - interval '1 minute' where deleting_at is not null`,
    );
    expect(await tidyMedia({ ...needs, stores: faulty }, neverFails)).toBe(1);
    expect(await contents()).toEqual(before);
    expect(await readdir(join(scenario.dataDir, 'media-spool'))).toEqual([]);
  } finally {
    await faulty.close();
    await proxy.close();
  }
});
