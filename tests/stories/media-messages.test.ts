// Files in messages: up, to the phone, and back down again, through whatever may happen on the way.
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../server/app/config.ts';
import { openStores } from '../../server/app/storage-of.ts';
import { adopt, insertMedia, type KeepNeeds, keepFile, openSpool } from '../../server/features/media/index.ts';
import { openDatabase } from '../../server/kit/db.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { storageKey } from '../../server/ports/storage.ts';
import { redisProgram, startRedis, type TestRedis } from '../setup/redis.ts';
import { type Story, startStory } from '../setup/story.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const after = (begin: (string | number[])[], size = 3_000) =>
  Buffer.concat([
    ...begin.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    randomBytes(size),
  ]);

/** A new file of each kind, which its first bytes tell. */
const makers = {
  image: { type: 'image/jpeg', make: () => after([[0xff, 0xd8, 0xff, 0xe0, 0, 0x10], 'JFIF']) },
  video: { type: 'video/mp4', make: () => after([[0, 0, 0, 0x18], 'ftypmp42', [0, 0, 0, 0], 'mp42isom']) },
  audio: { type: 'audio/mpeg', make: () => after(['ID3', [4, 0, 0, 0, 0, 0, 0], [0xff, 0xfb, 0x90, 0x64]]) },
  document: { type: 'application/pdf', make: () => after(['%PDF-1.7\n']) },
  sticker: { type: 'image/webp', make: () => after(['RIFF', [0xf4, 0x0b, 0, 0], 'WEBPVP8 ']) },
} as const;
type Kind = keyof typeof makers;
const kinds = Object.keys(makers) as Kind[];

/** What a story needs to put files in and to look at what is kept. */
async function openFiles(story: Story) {
  const config = readConfig(story.env);
  const db = openDatabase(
    { connection: { connectionString: story.databaseUrl }, role: 'recado_engine', name: 'story', max: 2 },
    openLog('silent'),
  );
  const stores = openStores(config);
  const keep: KeepNeeds = {
    engineDb: db,
    clock: story.clock,
    stores,
    spool: await openSpool(join(config.dataDir, 'media-spool')),
    pictures: undefined,
    maxFileBytes: 100_000_000,
    quotaBytes: 0,
  };
  const [{ workspace_id: workspaceId, person_id: createdBy } = { workspace_id: '', person_id: '' }] = await story.sql<{
    workspace_id: string;
    person_id: string;
  }>('select workspace_id, person_id from membership limit 1');
  return {
    spoolFolder: keep.spool.folder,
    async upload(bytes: Buffer, declaredType: string, fileName = 'a file'): Promise<string> {
      const kept = await keepFile(keep, {
        workspaceId,
        stream: Readable.from([bytes]),
        fileName,
        declaredType,
        limitBytes: 100_000_000,
      });
      const id = newUuid();
      await db.transaction(async tx => {
        await insertMedia(tx, { id, fileName, declaredType, createdBy }, kept, story.clock.sqlNow());
        await adopt(tx, kept);
      });
      return toId('media', id);
    },
    async stored(sha: string): Promise<Buffer> {
      const storage = await stores.open('disk');
      return buffer((await storage.read(storageKey(workspaceId, sha))).content);
    },
    async contents(): Promise<string[]> {
      const storage = await stores.open('disk');
      const found: string[] = [];
      for await (const { key } of storage.list()) found.push(key);
      return found;
    },
    async close() {
      await stores.close();
      await db.close();
    },
  };
}

type Files = Awaited<ReturnType<typeof openFiles>>;

let numbers = 0;
const anyNumber = () => `+3361300${String(1_000 + numbers++)}`;

const sendFile = (story: Story, type: Kind, content: object, more: object = {}) =>
  story.api('POST', '/api/v1/messages', {
    account_id: story.account.id,
    to: anyNumber(),
    type,
    [type]: content,
    ...more,
  });

/** A person sends a file; gives the message as the API shows it once the story has settled. */
async function write(story: Story, kind: Kind, bytes: Buffer, query: Record<string, string> = {}) {
  const { phone_number_id: to } = story.account;
  const words = new URLSearchParams({ to, type: kind, mime_type: makers[kind].type, ...query });
  const answer = await fetch(`${story.simulator.url}/phones/${encodeURIComponent(anyNumber())}/media?${words}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Uint8Array.from(bytes),
  });
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as { id: string };
  await story.settle();
  return () => messageBy(story, id);
}

async function messageBy(story: Story, channelMessageId: string) {
  const [row] = await story.sql<{ id: string }>('select id from message where channel_message_id = $1', [
    channelMessageId,
  ]);
  return story.message(toId('message', row?.id ?? ''));
}

const fileOf = (message: { type: Kind } & Record<string, { media: Record<string, unknown> }>) =>
  message[message.type]?.media;

describe.each(['postgres', 'redis'] as const)('with hints in %s', store => {
  if (store === 'redis' && !redisProgram) {
    test.skip('needs redis-server, which was not found');
    return;
  }
  let redis: TestRedis | undefined;
  let story: Story;
  let files: Files;
  beforeAll(async () => {
    redis = store === 'redis' ? await startRedis() : undefined;
    story = await startStory({ ...(redis && { redisUrl: redis.url }) });
    files = await openFiles(story);
  });
  afterAll(async () => {
    await files.close();
    await story.close();
    await redis?.close();
  });

  test.each(kinds)('%s: up, to the phone, and back down again, byte for byte', async kind => {
    const bytes = makers[kind].make();
    const id = await files.upload(bytes, makers[kind].type, 'menu of today');
    const sent = await sendFile(story, kind, { id });
    expect(sent).toMatchObject({ status: 202, body: { type: kind, [kind]: { id } } });
    await story.settle();
    expect(await story.message(sent.body.id)).toMatchObject({ status: 'read', [kind]: { id } });
    const entry = story.simulator.ledger.entries().at(-1);
    expect(entry?.media).toMatchObject({ sha256: sha256(bytes), size: bytes.length });
    const atPhone = await buffer(
      story.simulator.media.read(entry?.media && 'id' in entry.media ? String(entry.media.id) : ''),
    );
    expect(atPhone.equals(bytes)).toBe(true);

    const caption = kind === 'image' ? { caption: 'look' } : {};
    const look = await write(story, kind, atPhone, {
      ...caption,
      ...(kind === 'document' && { filename: '../menu.pdf' }),
    });
    const message = await look();
    expect(message).toMatchObject({ direction: 'inbound', type: kind, status: 'received', [kind]: caption });
    expect(fileOf(message)).toMatchObject({ status: 'stored', size: bytes.length, mime_type: makers[kind].type });
    expect(message[kind]).not.toHaveProperty('sha256');
    expect(message.events.map((event: { type: string }) => event.type)).toEqual(['message.received', 'media.stored']);
    // The same content is there once.
    expect((await files.stored(sha256(bytes))).equals(bytes)).toBe(true);
    expect((await files.contents()).filter(key => key.endsWith(sha256(bytes)))).toHaveLength(1);
    expect(await readdir(files.spoolFolder)).toEqual([]);
  });
});

describe('files of ours', () => {
  let story: Story;
  let files: Files;
  beforeAll(async () => {
    story = await startStory();
    files = await openFiles(story);
    await story.api('PATCH', `/api/v1/accounts/${story.account.id}`, {
      limits: { rate: { messages: 10_000, seconds: 1 }, per_day: null },
    });
  });
  afterAll(async () => {
    await files.close();
    await story.close();
  });
  const uploads = (bytes: Buffer) =>
    story.simulator.media.entries().filter(each => each.source === 'uploaded' && each.sha256 === sha256(bytes));

  test('many messages with one content bring it to the channel once', async () => {
    const bytes = makers.image.make();
    const [one, other] = [await files.upload(bytes, 'image/jpeg'), await files.upload(bytes, 'image/jpeg')];
    const sent = await Promise.all(
      Array.from({ length: 30 }, (_, n) => sendFile(story, 'image', { id: n % 2 ? one : other })),
    );
    await story.settle();
    await story.settle();
    for (const { body } of sent) expect((await story.message(body.id)).status).toBe('read');
    expect(uploads(bytes)).toHaveLength(1);
  });

  test('an id that the channel has forgotten is made anew, once', async () => {
    const bytes = makers.image.make();
    const id = await files.upload(bytes, 'image/jpeg');
    await sendFile(story, 'image', { id });
    await story.settle();
    const [first] = uploads(bytes);
    const remove = await fetch(`${story.simulator.url}/v25.0/${first?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${story.secrets.accessToken}` },
    });
    expect(remove.status).toBe(200);
    // As after some minutes: what was brought there just now would be refused for another reason.
    const node = await story.node('worker');
    await node.close();
    const again = await sendFile(story, 'image', { id });
    await story.settle();
    const message = await story.message(again.body.id);
    expect(message.status).toBe('failed');
    expect(message.error.code).toBe('100');
    const retried = await story.api('POST', `/api/v1/messages/${again.body.id}/retry`);
    expect(retried.status).toBe(202);
    await story.settle();
    expect((await story.message(again.body.id)).status).toBe('read');
    expect(uploads(bytes)).toHaveLength(2);
  });

  test('what cannot be sent so is refused with its field', async () => {
    const document = await files.upload(makers.document.make(), 'application/pdf');
    const big = await files.upload(after([[0xff, 0xd8, 0xff, 0xe0, 0, 0x10], 'JFIF'], 6_000_000), 'image/jpeg');
    const other = await story.stranger();
    const refused = async (content: object, field: string, call = story.api, account = story.account.id) => {
      const answer = await call('POST', '/api/v1/messages', {
        account_id: account,
        to: anyNumber(),
        type: 'image',
        image: content,
      });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field }] } });
    };
    await refused({ id: document }, 'image.id');
    await refused({ id: big }, 'image.id');
    await refused({ id: toId('media', newUuid()) }, 'image.id');
    await refused({ id: 'med_no' }, 'image.id');
    await refused({}, 'image');
    await refused({ id: document, link: 'https://example.com/a.jpg' }, 'image');
    // Another workspace's.
    const image = await files.upload(makers.image.make(), 'image/jpeg');
    await refused({ id: image }, 'image.id', other.api, other.account.id);
    // A document may be what an image cannot.
    expect((await sendFile(story, 'document', { id: document })).status).toBe(202);
    await story.settle();
  });

  test('a repeat is answered as before, whatever has become of the file', async () => {
    const id = await files.upload(makers.image.make(), 'image/jpeg');
    const body = { account_id: story.account.id, to: anyNumber(), type: 'image', image: { id } };
    const key = { 'idempotency-key': 'with a file' };
    const first = await story.api('POST', '/api/v1/messages', body, key);
    await story.settle();
    await story.sql('delete from media where id = $1', [toUuid(id)]);
    const second = await story.api('POST', '/api/v1/messages', body, key);
    expect(second).toMatchObject({ status: 202, text: first.text });
  });

  test('a file that is gone fails its message, and so does one that the channel refuses for good', async () => {
    await story.api('POST', `/api/v1/accounts/${story.account.id}/pause`);
    const [lost, unwanted] = [makers.image.make(), makers.image.make()];
    const gone = await sendFile(story, 'image', { id: await files.upload(lost, 'image/jpeg') });
    const refused = await sendFile(story, 'image', { id: await files.upload(unwanted, 'image/jpeg') });
    await story.sql('delete from media where id = $1', [toUuid(gone.body.image.id)]);
    await story.sql(`update media set mime_type = 'image/x-icon' where id = $1`, [toUuid(refused.body.image.id)]);
    await story.api('POST', `/api/v1/accounts/${story.account.id}/resume`);
    await story.settle();
    expect(await story.message(gone.body.id)).toMatchObject({ status: 'failed', error: { code: 'media_gone' } });
    expect(await story.message(refused.body.id)).toMatchObject({ status: 'failed', error: { code: '100' } });
  });

  test('a failed upload is tried again by the policy of the account', async () => {
    const bytes = makers.image.make();
    let times = 0;
    story.simulator.setMediaFault(({ step }) => (step === 'upload' && times++ === 0 ? 'server-error' : null));
    await story.api('PATCH', `/api/v1/accounts/${story.account.id}`, { delivery: { retry: { delay_ms: 1_000 } } });
    const sent = await sendFile(story, 'image', { id: await files.upload(bytes, 'image/jpeg') });
    await story.settle();
    const waiting = await story.message(sent.body.id);
    expect(waiting).toMatchObject({ status: 'queued', attempts: [{ class: 'not_sent', code: '131000' }] });
    story.simulator.setMediaFault(null);
  });
});
