// A process that is killed at each step of a file's life: what is left is found and cleared, and nothing else is touched.
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildApp } from 'fauxqs';
import pg from 'pg';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { toId } from '../../server/kit/ids.ts';
import { type Actor, end, freePort, launchNode, until } from '../faults/processes.ts';
import { runRecado, startRecado } from '../setup/command.ts';
import { rotatingOne } from '../setup/rotation.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { type HttpProxy, startHttpProxy } from '../stores/http-proxy.ts';

// Each starts a process or two, and the check twice.
vi.setConfig({ testTimeout: 240_000 });

const lockNumber = 4_711;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const png = () =>
  sharp(randomBytes(90 * 60 * 3), { raw: { width: 90, height: 60, channels: 3 } })
    .png()
    .toBuffer();

let bucket: { url: string; close(): Promise<unknown> };
let proxy: HttpProxy;
let scenario: Scenario;
let gatekeeper: pg.Client;
/** What was there before, and has to be there after. */
let kept: { id: string; bytes: Buffer };
const actors: Actor[] = [];

beforeAll(async () => {
  const app = buildApp({ logger: false });
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace(/\/$/, '');
  await fetch(`${url}/files`, { method: 'PUT' });
  bucket = { url, close: () => app.close() };
  proxy = await startHttpProxy(url);
  const env = {
    MEDIA_STORE: 'disk',
    AWS_S3_BUCKET: 'files',
    AWS_S3_ENDPOINT: proxy.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  };
  // Files that come are fetched by the process that is killed.
  scenario = await startScenario({ env, roles: 'api' });
  await scenario.sql(`create function recado.stop_here() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(${lockNumber}); return coalesce(new, old); end $$`);
  gatekeeper = new pg.Client(scenario.databaseUrl);
  await gatekeeper.connect();
  const bytes = await png();
  kept = { id: (await upload(scenario.recado.url ?? '', bytes)).id, bytes };
});
afterEach(async () => {
  for (const actor of actors.splice(0)) await end(actor);
  proxy.set('pass');
});
afterAll(async () => {
  await gatekeeper.end();
  await scenario.close();
  await proxy.close();
  await bucket.close();
});

async function upload(url: string, bytes: Buffer): Promise<{ id: string; status: number }> {
  const form = new FormData();
  form.append('file', new Blob([bytes as Buffer<ArrayBuffer>], { type: 'image/png' }), 'picture.png');
  const headers = { authorization: `Bearer ${await scenario.token()}` };
  const answer = await fetch(`${url}/api/v1/media`, { method: 'POST', headers, body: form });
  return { ...((await answer.json()) as { id: string }), status: answer.status };
}

async function content(id: string): Promise<Buffer> {
  const headers = { authorization: `Bearer ${await scenario.token()}` };
  return Buffer.from(
    await (await fetch(`${scenario.recado.url}/api/v1/media/${id}/content`, { headers })).arrayBuffer(),
  );
}

/** The whole program as a process of its own. */
async function startProgram(): Promise<{ url: string; actor: Actor }> {
  const port = await freePort();
  const actor = launchNode('scripts/start.mjs', scenario.dataDir, {
    ...scenario.env,
    ROLES: 'api,worker',
    PORT: String(port),
    LOG_LEVEL: 'warn',
  });
  actors.push(actor);
  await until('it is ready', 60, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
  return { url: `http://127.0.0.1:${port}`, actor };
}

/** Until the end of `work`, every transaction waits at this step. `when` is the start of an SQL trigger, up to its condition. */
async function stoppedAt(when: string, work: (reached: () => Promise<void>) => Promise<void>): Promise<void> {
  const table = /on (\w+)/.exec(when)?.[1];
  await gatekeeper.query(`select pg_advisory_lock(${lockNumber})`);
  await scenario.sql(`create trigger stop_here ${when.replace(/on (\w+)/, 'on recado.$1 for each row')}
    execute function recado.stop_here()`);
  const waiting = `from pg_locks where locktype = 'advisory' and objid = ${lockNumber} and not granted
    and database = (select oid from pg_database where datname = current_database())`;
  const reached = async () => {
    await until(when, 60, async () => (await scenario.sql(`select 1 ${waiting}`)).length > 0);
  };
  try {
    await work(reached);
    // Whose process is gone would else go on when the way is free.
    await scenario.sql(`select pg_terminate_backend(pid) ${waiting}`);
    await until('nobody waits any more', 10, async () => (await scenario.sql(`select 1 ${waiting}`)).length === 0);
  } finally {
    await scenario.sql(`drop trigger stop_here on recado.${table}`);
    await gatekeeper.query(`select pg_advisory_unlock(${lockNumber})`);
  }
}

const settings = () => ({ ...scenario.env });
/** All files of the store on the disk, and those that are only on their way. */
async function onDisk(): Promise<{ stored: string[]; underWay: string[] }> {
  const entries = await readdir(join(scenario.dataDir, 'media'), { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile());
  const stored = files.filter(file => !file.parentPath.endsWith('.incoming')).map(file => file.name);
  const underWay = files.filter(file => file.parentPath.endsWith('.incoming')).map(file => file.name);
  return { stored: stored.sort(), underWay: [...underWay, ...(await readdir(join(scenario.dataDir, 'media-spool')))] };
}

/** An hour later nobody can be at work any more: the check mends what is left, and then rows and disk are the same. */
async function mended(): Promise<void> {
  await scenario.sql(`update media_content set held_until = now() - interval '1 second' where holders > 0`);
  await scenario.sql(`update media_content set deleting_at = now() - interval '1 day' where deleting_at is not null`);
  expect(await runRecado(settings(), ['media', 'check', '--repair'])).toMatchObject({ code: 0 });
  const rows = await scenario.sql<{ sha256: string; store: string }>('select sha256, store from media_content');
  expect(await onDisk()).toEqual({
    stored: rows
      .filter(row => row.store === 'disk')
      .map(row => row.sha256)
      .sort(),
    underWay: [],
  });
  expect((await content(kept.id)).equals(kept.bytes)).toBe(true);
}

// One moment a commit, all of them with TEST_ALL=1; so it is with deletions.
describe('an upload', () => {
  const moments: [string, string, number][] = [
    ['it is in the spool', 'before insert on media_content', 0],
    ['its object is written', `before update of stored_at on media_content when (new.mime_type = 'image/png')`, 1],
    [
      'its small picture is written',
      `before update of stored_at on media_content when (new.mime_type = 'image/webp')`,
      2,
    ],
    ['its row is being written', 'before insert on media', 2],
  ];
  test.each(rotatingOne(moments))('when %s', async (_step, when, objects) => {
    const before = await onDisk();
    const bytes = await png();
    const { url, actor } = await startProgram();
    await stoppedAt(when, async reached => {
      const answer = upload(url, bytes).catch((error: Error) => error);
      await reached();
      await end(actor);
      expect(await answer).toBeInstanceOf(Error);
    });
    const left = await onDisk();
    expect([left.stored.length - before.stored.length, left.underWay.length]).toEqual([objects, 1]);
    await mended();
    expect((await onDisk()).stored).toEqual(before.stored);
    // Nothing of it stands in the way of the next try.
    const again = await upload(scenario.recado.url ?? '', bytes);
    expect([again.status, (await content(again.id)).equals(bytes)]).toEqual([201, true]);
    expect((await scenario.api('DELETE', `/api/v1/media/${again.id}`)).status).toBe(204);
    expect((await onDisk()).stored).toEqual(before.stored);
  });
});

describe('a deletion', () => {
  const moments: [string, string, number][] = [
    ['its row is gone and its object is there', 'before update of deleting_at on media_content', 2],
    ['its object is gone and the row of the content is there', 'before delete on media_content', 1],
  ];
  test.each(rotatingOne(moments))('when %s', async (_step, when, objects) => {
    const before = await onDisk();
    const { id } = await upload(scenario.recado.url ?? '', await png());
    const { url, actor } = await startProgram();
    await stoppedAt(when, async reached => {
      const headers = { authorization: `Bearer ${await scenario.token()}` };
      const answer = fetch(`${url}/api/v1/media/${id}`, { method: 'DELETE', headers }).catch((error: Error) => error);
      await reached();
      await end(actor);
      expect(await answer).toBeInstanceOf(Error);
    });
    expect((await scenario.api('GET', `/api/v1/media/${id}`)).status).toBe(404);
    expect((await onDisk()).stored.length - before.stored.length).toBe(objects);
    await mended();
    expect((await onDisk()).stored).toEqual(before.stored);
  });
});

describe('a move', () => {
  const inStore = async (store: string) =>
    (await scenario.sql('select 1 from media_content where store = $1', [store])).length;

  test('when it is copied and its row still names the old store', async () => {
    const count = await inStore('disk');
    await stoppedAt('before update of store on media_content', async reached => {
      const running = startRecado(settings(), ['media', 'move', '--to', 's3']);
      await reached();
      running.kill();
      await running.over;
    });
    expect(await inStore('disk')).toBe(count);
    await mended();
    expect(await runRecado(settings(), ['media', 'move', '--to', 's3'])).toMatchObject({ code: 0 });
    expect([await inStore('s3'), (await onDisk()).stored]).toEqual([count, []]);
  });

  test('when its row names the new store and the old one has it still', async () => {
    const count = await inStore('s3');
    proxy.set('hang', 'DELETE');
    const running = startRecado(settings(), ['media', 'move', '--to', 'disk']);
    await until('one is to be removed', 60, async () => proxy.hanging() > 0);
    running.kill();
    await running.over;
    proxy.set('pass');
    expect(await inStore('disk')).toBe(1);
    await mended();
    expect(await runRecado(settings(), ['media', 'move', '--to', 'disk'])).toMatchObject({ code: 0 });
    expect([await inStore('disk'), await inStore('s3')]).toEqual([count, 0]);
    await mended();
  });
});

test('a file that came, when it is stored and its row is not: another process brings it, and the message is there', async () => {
  const bytes = await png();
  await startProgram();
  await stoppedAt(`before update of status on media when (new.status = 'stored')`, async reached => {
    const words = new URLSearchParams({ to: scenario.account.phone_number_id, type: 'image', mime_type: 'image/png' });
    const sent = await fetch(`${scenario.simulator.url}/phones/${encodeURIComponent('+33613009999')}/media?${words}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Uint8Array.from(bytes),
    });
    expect(sent.status).toBe(202);
    await reached();
    for (const actor of actors.splice(0)) await end(actor);
  });
  const received = async () =>
    (await scenario.sql<{ id: string }>(`select id from message where direction = 'inbound'`)).map(({ id }) => id);
  expect(await received()).toHaveLength(1);
  await mended();
  await scenario.sql(`update media set lease_until = now(), due_at = now() where status = 'pending'`);
  await startProgram();
  const message = await until('it is stored', 60, async () => {
    const found = await scenario.message(toId('message', (await received())[0] ?? ''));
    return found.image.media.status === 'stored' ? found : undefined;
  });
  expect(await received()).toHaveLength(1);
  const down = await content(message.image.media.id);
  expect(sha256(down)).toBe(sha256(bytes));
  await mended();
});

test('after all of it the check finds nothing', async () => {
  expect(await runRecado(settings(), ['media', 'check'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('0 lost, 0 strays, 0 not needed'),
  });
});
