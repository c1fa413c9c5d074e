// Files that are moved to another store at the very moment when a message needs them, or somebody removes them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../server/app/config/config.ts';
import { type OpenedStores, openStores } from '../../server/app/storage.ts';
import { moveMedia } from '../../server/features/media/maintenance/move.ts';
import { type Database, openDatabase } from '../../server/kit/db/database.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { type Storage, StorageError, type Stores } from '../../server/ports/storage.ts';
import { becomes, bytesAfter, type Kind, makers, png, sendFile, upload } from '../setup/media-files.ts';
import { startBucket } from '../setup/media-stores.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { type HttpProxy, startHttpProxy } from '../stores/http-proxy.ts';

let scenario: Scenario;
let bucket: Awaited<ReturnType<typeof startBucket>>;
let proxy: HttpProxy;
let stores: OpenedStores;
let engineDb: Database;

beforeAll(async () => {
  bucket = await startBucket();
  proxy = await startHttpProxy(bucket.env.AWS_S3_ENDPOINT);
  scenario = await startScenario({ env: { ...bucket.env, AWS_S3_ENDPOINT: proxy.url, FFMPEG_PATH: 'none' } });
  // The mover of files does not come by the proxy.
  stores = await openStores(readConfig({ ...scenario.env, ...bucket.env }));
  const connection = { connectionString: scenario.databaseUrl };
  engineDb = openDatabase({ connection, role: 'recado_engine', name: 'test', max: 2 }, openLog('silent'));
});
afterAll(async () => {
  await stores.close();
  await engineDb.close();
  await scenario.close();
  await proxy.close();
  await bucket.close();
});

const move = (to: string, through: Stores = stores, told: string[] = []) =>
  moveMedia(
    { engineDb, clock: realClock, stores: through },
    { to, tell: line => void told.push(line), progress: () => {}, signal: new AbortController().signal },
  );

test('the move reports files that the old store keeps, and a check removes them', async () => {
  const { sha256 } = (await upload(scenario, { bytes: makers.document.make(), type: 'application/pdf' })).body;
  const s3 = await stores.open('s3');
  const stuck: Storage = {
    ...s3,
    async remove() {
      throw new StorageError('denied', 'No.');
    },
  };
  const opened = { ...stores, open: async (name: string) => (name === 's3' ? stuck : stores.open(name)) };
  const told: string[] = [];
  const result = await move('disk', opened, told);
  expect(result).toMatchObject({ moved: 1, failed: 0, left: 1 });
  expect(told).toEqual([expect.stringMatching(new RegExp(`^copied, but not deleted: s3 .*${sha256} .No.`))]);
  expect(await scenario.sql('select store from media_content where sha256 = $1', [sha256])).toEqual([
    { store: 'disk' },
  ]);
  await move('s3');
});

const voiceNote = () => bytesAfter(['OggS\0\x02', Array(22).fill(0), 'OpusHead\x01\x01']);

test.each<[string, Kind, string, () => Buffer | Promise<Buffer>, object]>([
  ['an image', 'image', 'image/jpeg', makers.image.make, {}],
  ['an image of which a sticker is made', 'sticker', 'image/png', () => png(), {}],
  ['a voice note that is looked at', 'audio', 'audio/ogg', voiceNote, { voice: true }],
])('%s is found where it was moved to while its message asked for it', async (_name, kind, type, make, more) => {
  const { body } = await upload(scenario, { bytes: await make(), type });
  let moved: Awaited<ReturnType<typeof move>> | undefined;
  proxy.before('GET', async () => {
    moved = await move('disk');
  });
  const sent = await sendFile(scenario, kind, { id: body.id, ...more });
  expect(sent.status).toBe(202);
  await becomes(scenario, sent.body.id, 'read');
  expect(moved).toMatchObject({ failed: 0 });
  await move('s3');
});

test('a file that is deleted after it was listed is no failure of the move, and does not come back', async () => {
  const files: { id: string; sha256: string }[] = [];
  for (let each = 0; each < 3; each++)
    files.push((await upload(scenario, { bytes: makers.document.make(), type: 'application/pdf' })).body);
  const disk = await stores.open('disk');
  let gone: string[] | undefined;
  const filling: Storage = {
    ...disk,
    async put(key, ...words) {
      // By then all of them are listed.
      const others = files.filter(({ sha256 }) => !key.endsWith(sha256));
      for (const { id } of gone ? [] : others)
        expect((await scenario.api('DELETE', `/api/v1/media/${id}`)).status).toBe(204);
      gone ??= others.map(({ sha256 }) => sha256);
      return disk.put(key, ...words);
    },
  };
  const opened = { ...stores, open: async (name: string) => (name === 'disk' ? filling : stores.open(name)) };
  const result = await move('disk', opened);
  expect(result.failed).toBe(0);
  expect(gone?.length).toBeGreaterThanOrEqual(2);
  expect(await scenario.sql('select 1 from media_content where sha256 = any ($1)', [gone])).toEqual([]);
});
