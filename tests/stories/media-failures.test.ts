// A store that fails: the log says why, and what cannot be done for one file is done for the others.
import { randomBytes } from 'node:crypto';
import { buildApp } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../server/app/config.ts';
import { type OpenedStores, openStores } from '../../server/app/storage-of.ts';
import { unusedContents } from '../../server/features/media/content-store.ts';
import { tidyMedia } from '../../server/features/media/upkeep.ts';
import { type Database, openDatabase } from '../../server/kit/db.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { StorageError } from '../../server/ports/storage.ts';
import { fileOf, makers, upload, write } from '../setup/media-files.ts';
import { type Story, startStory } from '../setup/story.ts';
import { type HttpProxy, startHttpProxy } from '../stores/http-proxy.ts';

let story: Story;
let bucket: { close(): Promise<unknown> };
let proxy: HttpProxy;
let stores: OpenedStores;
let engineDb: Database;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  const app = buildApp({ logger: false });
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace(/\/$/, '');
  await fetch(`${url}/files`, { method: 'PUT' });
  bucket = { close: () => app.close() };
  proxy = await startHttpProxy(url);
  const env = {
    AWS_S3_BUCKET: 'files',
    AWS_S3_ENDPOINT: proxy.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  };
  const log = openLog('info', undefined, { write: line => void lines.push(JSON.parse(line)) });
  story = await startStory({ env, log });
  stores = await openStores(readConfig(story.env));
  const connection = { connectionString: story.databaseUrl };
  engineDb = openDatabase({ connection, role: 'recado_engine', name: 'test', max: 2 }, openLog('silent'));
});
afterAll(async () => {
  await stores.close();
  await engineDb.close();
  await story.close();
  await proxy.close();
  await bucket.close();
});

test.each([
  [503, 'media_store_unavailable', 503],
  [403, 'media_store_refuses', 502],
] as const)('a store that answers with %i is in the log with what it said', async (fault, code, status) => {
  lines.length = 0;
  proxy.set(fault);
  const bytes = makers.document.make();
  const refused = await upload(story, { bytes, type: 'application/pdf' });
  proxy.set('pass');
  expect(refused).toMatchObject({ status, body: { code } });
  expect(refused.text).not.toMatch(/AccessDenied|ServiceUnavailable/);
  expect(lines.filter(({ msg }) => msg === 'a request failed')).toMatchObject([
    {
      request_id: refused.body.request_id,
      err: { code, cause: { cause: { type: fault === 403 ? 'AccessDenied' : 'ServiceUnavailable' } } },
    },
  ]);
  // What is only refused is no failure.
  lines.length = 0;
  expect((await upload(story, { bytes: Buffer.alloc(0) })).status).toBe(400);
  expect(lines).toEqual([]);
});

test('a received file that the store does not take is in the log', async () => {
  lines.length = 0;
  proxy.set(403);
  const look = await write(story, 'document', makers.document.make());
  expect(fileOf(await look())).toMatchObject({ status: 'pending', error: { code: 'media_store_refuses' } });
  proxy.set('pass');
  expect(lines.filter(({ msg }) => msg === 'a file of a message was not fetched')).toMatchObject([
    { err: { code: 'media_store_refuses', cause: { type: 'StorageError', code: 'denied' } } },
  ]);
});

test('a content that cannot be removed keeps no other, and comes last from then on', async () => {
  // What the stories before have left.
  await tidyMedia({ engineDb, clock: realClock, stores }, error => {
    throw error;
  });
  const made: { sha256: string }[] = [];
  for (let each = 0; each < 3; each++)
    made.push((await upload(story, { bytes: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(900)]) })).body);
  await story.sql('delete from media where sha256 = any ($1)', [made.map(({ sha256 }) => sha256)]);
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
  await story.sql(`update media_content set deleting_at = deleting_at - interval '1 hour' where sha256 = $1`, [bad]);
  const next = (await upload(story, { bytes: makers.document.make() })).body.sha256;
  await story.sql('delete from media where sha256 = $1', [next]);
  expect(await now()).toEqual([next, bad]);
});
