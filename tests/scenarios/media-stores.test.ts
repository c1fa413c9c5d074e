// The whole way of a file on each store: up, to the phone, back and down again, byte for byte.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { mediaSchema } from '@recado/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import {
  becomes,
  download,
  fileOf,
  type Kind,
  makers,
  pdf,
  png,
  sendFile,
  sha256,
  upload,
  write,
} from '../setup/media-files.ts';
import { type MediaStore, mediaStores, type StoreName } from '../setup/media-stores.ts';
import { redisProgram, startRedis, type TestRedis } from '../setup/redis.ts';
import { rotatingOne } from '../setup/rotation.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

/** What goes through each store: of each kind one, and one that goes up in parts. */
const files: [Kind, string, () => Buffer | Promise<Buffer>][] = [
  ['image', 'image/png', () => png(90, 60)],
  ['video', 'video/mp4', makers.video.make],
  ['audio', 'audio/mpeg', makers.audio.make],
  ['document', 'application/pdf', makers.document.make],
  ['document', 'application/pdf', () => pdf(6_000_000)],
  [
    'sticker',
    'image/webp',
    () =>
      sharp({ create: { width: 512, height: 512, channels: 4, background: '#33669980' } })
        .webp()
        .toBuffer(),
  ],
];

/** Readers who ask for the store's own link go here. */
const elsewhere: Record<Exclude<StoreName, 'disk'>, RegExp> = {
  s3: /X-Amz-Signature=/,
  cloudfront: /^https:\/\/d111111abcdef8\.cloudfront\.net\/.*Signature=.*Key-Pair-Id=K2JCJMDEHXQW5F/,
  cloudinary: /signature=|\/s--/,
};

/** Beside the disk: each run takes one. */
const others: [StoreName, 'postgres' | 'redis'][] = [
  ['s3', 'postgres'],
  ['cloudfront', 'postgres'],
  ['cloudinary', 'postgres'],
];
if (redisProgram) others.push(['disk', 'redis']);
const variants: typeof others = [['disk', 'postgres'], ...rotatingOne(others)];

describe.each(variants)('on %s, with wake-ups in %s', { timeout: 120_000 }, (name, wakeups) => {
  let redis: TestRedis | undefined;
  let scenario: Scenario;
  let store: MediaStore;
  beforeAll(async () => {
    store = await mediaStores[name]();
    redis = wakeups === 'redis' ? await startRedis() : undefined;
    const env = { AWS_S3_MAX_FILE_SIZE: '20MB', ...store.env };
    scenario = await startScenario({ env, ...(redis && { redisUrl: redis.url }) });
  });
  afterAll(async () => {
    await scenario.close();
    await redis?.close();
    await store.close();
  });

  /** The file as it is handed out, by the server and by a link. */
  async function comesDown(id: string, bytes: Buffer, type: string): Promise<void> {
    const down = await download(scenario, `/api/v1/media/${id}/content`);
    expect([down.status, down.headers.get('content-type'), down.bytes.equals(bytes)]).toEqual([200, type, true]);
    const link = await scenario.api('POST', `/api/v1/media/${id}/link`, { valid_for_seconds: 60 });
    expect(link.status).toBe(201);
    const opened = await store.open(link.body.link);
    expect([opened.status, Buffer.from(await opened.arrayBuffer()).equals(bytes)]).toEqual([200, true]);
    const redirected = await download(scenario, `/api/v1/media/${id}/content?redirect=true`);
    expect(redirected.status).toBe(name === 'disk' ? 200 : 302);
    if (name !== 'disk') expect(redirected.headers.get('location')).toMatch(elsewhere[name]);
    const linked = await scenario.sql<{ seconds: number }>(
      `select (detail->>'seconds')::int as seconds from audit_entry where target_id = $1 and action = 'media.linked' order by at`,
      [toUuid(id)],
    );
    expect(linked.map(({ seconds }) => seconds)).toEqual(name === 'disk' ? [60] : [60, 300]);
    if (name === 'cloudfront')
      for (const [from, to] of [
        [/Expires=\d/, 'Expires=9'],
        [/[0-9a-f]{64}/, sha256(Buffer.of(1))],
        ['Hash-Algorithm=SHA256', 'Hash-Algorithm=SHA1'],
      ] as const)
        expect((await store.open(String(link.body.link).replace(from, to))).status).toBe(403);
  }

  test.each(files)('%s, %s: up, to the phone, back, and down again', async (kind, type, make) => {
    const bytes = await make();
    const made = await upload(scenario, { bytes, name: 'été.bin', type: 'text/html', fields: { kind } });
    expect(made.status).toBe(201);
    const media = mediaSchema.parse(made.body);
    const facts = { kind, mime_type: type, size: bytes.length, status: 'stored' };
    expect(media).toMatchObject({ ...facts, sha256: sha256(bytes), filename: 'été.bin' });
    await comesDown(media.id, bytes, type);

    const sent = await sendFile(scenario, kind, { id: media.id });
    expect(sent).toMatchObject({ status: 202, body: { type: kind, [kind]: { id: media.id } } });
    expect(await becomes(scenario, sent.body.id, 'read')).toMatchObject({ [kind]: { id: media.id } });
    const entry = scenario.simulator.ledger.entries().at(-1);
    expect(entry?.media).toMatchObject({ sha256: sha256(bytes), size: bytes.length });
    const atPhone = await buffer(
      scenario.simulator.media.read(entry?.media && 'id' in entry.media ? String(entry.media.id) : ''),
    );
    expect(atPhone.equals(bytes)).toBe(true);

    const look = await write(scenario, kind, atPhone, {
      mime_type: type,
      ...(kind === 'image' && { caption: 'look' }),
      ...(kind === 'document' && { filename: '../menu.pdf' }),
    });
    const message = await look();
    const caption = kind === 'image' ? { caption: 'look' } : {};
    expect(message).toMatchObject({ direction: 'inbound', type: kind, status: 'received', [kind]: caption });
    expect(fileOf(message)).toMatchObject({ status: 'stored', size: bytes.length, mime_type: type });
    expect(fileOf(message)).toMatchObject(kind === 'document' ? { filename: 'menu.pdf' } : {});
    expect(message[kind]).not.toHaveProperty('sha256');
    expect(message.events.map((event: { type: string }) => event.type)).toEqual(['message.received', 'media.stored']);
    const back = String(fileOf(message)?.id);
    await comesDown(back, bytes, type);

    // The same content is there once, and goes with the last file that has it.
    expect(await scenario.sql('select 1 from media_content where sha256 = $1', [sha256(bytes)])).toHaveLength(1);
    expect((await scenario.api('DELETE', `/api/v1/media/${media.id}`)).status).toBe(204);
    expect((await scenario.api('GET', `/api/v1/media/${media.id}`)).status).toBe(404);
    expect((await download(scenario, `/api/v1/media/${back}/content`)).bytes.equals(bytes)).toBe(true);
    expect((await scenario.api('DELETE', `/api/v1/media/${back}`)).status).toBe(204);
    expect(await scenario.sql('select 1 from media_content')).toEqual([]);
    expect(await readdir(join(scenario.dataDir, 'media-spool'))).toEqual([]);
  });

  test('the same content is there once, and goes with the last file that has it', async () => {
    const bytes = pdf(100_000);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => upload(scenario, { bytes, name: `copy ${n}.bin` })),
    );
    expect(answers.map(answer => answer.status)).toEqual(Array(8).fill(201));
    expect(await scenario.sql('select holders, size from media_content')).toEqual([{ holders: 0, size: 100_000 }]);
    const ids = answers.map(answer => answer.body.id);
    for (const id of ids.slice(1)) expect((await scenario.api('DELETE', `/api/v1/media/${id}`)).status).toBe(204);
    expect((await download(scenario, `/api/v1/media/${ids[0]}/content`)).bytes.equals(bytes)).toBe(true);
    await scenario.api('DELETE', `/api/v1/media/${ids[0]}`);
    expect(await scenario.sql('select 1 from media_content')).toEqual([]);
  });

  test('uploaded and deleted at once, over and over, it is there or not, and never half', async () => {
    const bytes = pdf(50_000);
    const round = async () => {
      const { status, body } = await upload(scenario, { bytes });
      expect(status).toBe(201);
      const down = await download(scenario, `/api/v1/media/${body.id}/content`);
      expect([down.status, sha256(down.bytes)]).toEqual([200, sha256(bytes)]);
      expect((await scenario.api('DELETE', `/api/v1/media/${body.id}`)).status).toBe(204);
    };
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let n = 0; n < 5; n++) await round();
      }),
    );
    expect(await scenario.sql('select 1 from media_content')).toEqual([]);
  });

  test('images are seen: dimensions and a small picture', async () => {
    const { body } = await upload(scenario, { bytes: await png(900, 600) });
    expect(body).toMatchObject({ width: 900, height: 600, has_thumbnail: true });
    const small = await download(scenario, `/api/v1/media/${body.id}/thumbnail`);
    expect(small.headers.get('content-type')).toBe('image/webp');
    expect(await sharp(small.bytes).metadata()).toMatchObject({ format: 'webp', width: 320, height: 213 });
    expect((await scenario.api('DELETE', `/api/v1/media/${body.id}`)).status).toBe(204);
    expect(await scenario.sql('select 1 from media_content')).toEqual([]);
  });
});
