// Files that are moved to another store at the very moment when a message needs them, or somebody removes them.
import { buildApp } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../server/app/config.ts';
import { type OpenedStores, openStores } from '../../server/app/storage-of.ts';
import { moveMedia } from '../../server/features/media/move.ts';
import { type Database, openDatabase } from '../../server/kit/db.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { becomes, bytesAfter, type Kind, makers, png, sendFile, upload } from '../setup/media-files.ts';
import { type Story, startStory } from '../setup/story.ts';
import { type HttpProxy, startHttpProxy } from '../stores/http-proxy.ts';

let story: Story;
let bucket: { close(): Promise<unknown> };
let proxy: HttpProxy;
let stores: OpenedStores;
let engineDb: Database;

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
    FFMPEG_PATH: 'none',
  };
  story = await startStory({ env });
  // What moves files does not come by the proxy.
  stores = await openStores(readConfig({ ...story.env, AWS_S3_ENDPOINT: url }));
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

const move = (to: string) =>
  moveMedia(
    { engineDb, clock: realClock, stores },
    { to, tell: () => {}, progress: () => {}, signal: new AbortController().signal },
  );

const voiceNote = () => bytesAfter(['OggS\0\x02', Array(22).fill(0), 'OpusHead\x01\x01']);

test.each<[string, Kind, string, () => Buffer | Promise<Buffer>, object]>([
  ['an image', 'image', 'image/jpeg', makers.image.make, {}],
  ['an image of which a sticker is made', 'sticker', 'image/png', () => png(), {}],
  ['a voice note that is looked at', 'audio', 'audio/ogg', voiceNote, { voice: true }],
])('%s is found where it was moved to while its message asked for it', async (_name, kind, type, make, more) => {
  const { body } = await upload(story, { bytes: await make(), type });
  let moved: Awaited<ReturnType<typeof move>> | undefined;
  proxy.before('GET', async () => {
    moved = await move('disk');
  });
  const sent = await sendFile(story, kind, { id: body.id, ...more });
  expect(sent.status).toBe(202);
  await becomes(story, sent.body.id, 'read');
  expect(moved).toMatchObject({ failed: 0 });
  await move('s3');
});
