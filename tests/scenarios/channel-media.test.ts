// Files between the channel and the simulator's Graph API: the whole way up and down, and everything that can be in the way.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type MediaFaultName, startSimulator } from '@recado/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { whatsAppCloud } from '../../server/adapters/channels/whatsapp-cloud/index.ts';
import type { MediaKind } from '../../server/ports/channel.ts';

const secrets = { accessToken: 'test-access', appSecret: 'test-app-secret', verifyToken: 'test-verify' };
const numberId = '106540352242922';
const person = '+5511987654321';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const samples: [MediaKind, string, number][] = [
  ['image', 'image/jpeg', 5_242_880],
  ['video', 'video/mp4', 16_777_216],
  ['audio', 'audio/ogg; codecs=opus', 1_000_001],
  ['document', 'application/pdf', 30_000_000],
  ['sticker', 'image/webp', 102_400],
];

let dataDir: string;
let simulator: Awaited<ReturnType<typeof startSimulator>>;
let channel: ReturnType<typeof whatsAppCloud>;

const openChannel = (more: { accessToken?: string; deadlineMs?: number; baseUrl?: () => string } = {}) =>
  whatsAppCloud({
    ...secrets,
    userAgent: 'recado/test',
    baseUrl: () => `${simulator.url}/v25.0`,
    deadlineMs: 15_000,
    ...more,
  });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'channel-media-'));
  simulator = await startSimulator({ ...secrets, port: 0, dataDir, window: false, limits: false, numbers: 'any' });
  channel = openChannel();
});
afterEach(() => simulator.setMediaFault(null));
afterAll(async () => {
  await channel.close();
  await simulator.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** In pieces of 64 KiB, as files are read. */
const streamOf = (bytes: Buffer) => {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  }
  return Readable.from(pieces(), { objectMode: false });
};

const upload = (bytes: Buffer, mimeType = 'application/pdf', fileName = 'menu.pdf') =>
  channel.uploadMedia(numberId, { stream: streamOf(bytes), size: bytes.length, mimeType, fileName, ...asDocument });

const write = async (bytes: Buffer, query: Record<string, string>) => {
  const path = `/phones/${encodeURIComponent(person)}/media?${new URLSearchParams({ to: numberId, ...query })}`;
  const response = await fetch(`${simulator.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Uint8Array.from(bytes),
  });
  return ((await response.json()) as { media: { id: string } }).media.id;
};

const asDocument = { kind: 'document', isVoice: false } as const;

describe('up', () => {
  test.each(samples)('%s of type %s', async (kind, mimeType, size) => {
    const bytes = randomBytes(size);
    const began = Date.now();
    const uploaded = await upload(bytes, mimeType, 'a "name"\r\nof trouble');
    if (uploaded.class !== 'uploaded') throw new Error(JSON.stringify(uploaded));
    expect(uploaded.expiresAt.getTime()).toBeGreaterThanOrEqual(began + 30 * 86_400_000);
    const { channelMediaId } = uploaded;
    expect(simulator.media.entries().at(-1)).toMatchObject({
      id: channelMediaId,
      phone_number_id: numberId,
      mime_type: mimeType,
      size,
      sha256: sha256(bytes),
    });
    const outgoing = { numberId, to: person, type: kind, content: { id: channelMediaId } };
    expect(await channel.send(outgoing, 'token')).toMatchObject({ class: 'accepted' });
    expect(simulator.ledger.entries().at(-1)).toMatchObject({ type: kind, media: { sha256: sha256(bytes), size } });
    expect(await channel.send({ ...outgoing, numberId: '999' }, 'token')).toMatchObject({
      class: 'rejected',
      code: '100',
    });
  });

  test('what the channel says it takes, it takes', async () => {
    for (const { mimeTypes, maxBytes, maxAnimatedBytes } of Object.values(channel.capabilities.media)) {
      for (const mimeType of mimeTypes)
        expect(await upload(Buffer.of(1), mimeType)).toMatchObject({ class: 'uploaded' });
      const tooMuch = Buffer.alloc((maxAnimatedBytes ?? maxBytes) + 1);
      expect(await upload(tooMuch, mimeTypes[0])).toMatchObject({ class: 'rejected', code: '131053' });
    }
  });

  test.each<[MediaFaultName, object]>([
    ['server-error', { class: 'unavailable', code: '131000' }],
    ['rate-limited', { class: 'throttled', code: '130429' }],
    ['forbidden', { class: 'account_error', code: '10' }],
    ['cut', { class: 'unknown' }],
  ])('%s', async (fault, outcome) => {
    simulator.setMediaFault(() => fault);
    expect(await upload(randomBytes(300_000))).toMatchObject(outcome);
  });

  test('a type that Meta does not take, and one that is none, are rejected for good', async () => {
    expect(await upload(Buffer.of(1), 'text/html')).toMatchObject({ class: 'rejected', code: '100' });
    expect(await upload(Buffer.of(1), 'text/plain\r\nX: y')).toMatchObject({ class: 'rejected', code: 'mime_type' });
  });

  test('a source that fails, or is shorter or longer than it said, uploads nothing', async () => {
    const before = simulator.media.entries().length;
    const half = async function* () {
      yield randomBytes(100_000);
      throw new Error('the disk is gone');
    };
    const file = { mimeType: 'application/pdf', fileName: 'a.pdf', ...asDocument };
    for (const [stream, size] of [
      [Readable.from(half(), { objectMode: false }), 200_000],
      [streamOf(randomBytes(199_999)), 200_000],
      [streamOf(randomBytes(200_001)), 200_000],
    ] as const) {
      const outcome = await channel.uploadMedia(numberId, { ...file, stream, size });
      expect(outcome).toMatchObject({ class: 'not_sent', code: 'source_failed' });
      expect(stream.destroyed).toBe(true);
    }
    expect(simulator.media.entries()).toHaveLength(before);
  });

  test('a source that stands still is given up', async () => {
    const hasty = openChannel({ deadlineMs: 100 });
    const stream = new Readable({ read() {} });
    stream.push('a');
    const file = { mimeType: 'application/pdf', fileName: 'a.pdf', stream, size: 2, ...asDocument };
    expect(await hasty.uploadMedia(numberId, file)).toMatchObject({ class: 'unknown', code: 'timeout' });
    expect(stream.destroyed).toBe(true);
    await hasty.close();
  });

  test('a host that is not there, and a wrong token', async () => {
    const nowhere = openChannel({ baseUrl: () => 'http://127.0.0.1:1/v25.0' });
    const stream = streamOf(Buffer.of(1));
    const file = { mimeType: 'application/pdf', fileName: 'a.pdf', size: 1, ...asDocument };
    expect(await nowhere.uploadMedia(numberId, { ...file, stream })).toMatchObject({
      class: 'not_sent',
      code: 'ECONNREFUSED',
    });
    expect(stream.destroyed).toBe(true);
    expect(await nowhere.fetchMedia('1')).toMatchObject({ class: 'try_again', code: 'ECONNREFUSED' });
    await nowhere.close();
    const stranger = openChannel({ accessToken: 'wrong' });
    expect(await stranger.uploadMedia(numberId, { ...file, stream: streamOf(Buffer.of(1)) })).toMatchObject({
      class: 'account_error',
      code: '190',
    });
    await stranger.close();
  });
});

describe('down', () => {
  test.each(samples)('%s of type %s', async (kind, mimeType, size) => {
    const bytes = randomBytes(size);
    const id = await write(bytes, { type: kind, mime_type: mimeType, filename: 'Fée (1).bin' });
    const found = await channel.fetchMedia(id);
    if (found.class !== 'found') throw new Error(JSON.stringify(found));
    expect(found).toMatchObject({ mimeType, size, sha256: sha256(bytes), fileName: 'Fée (1).bin' });
    expect(sha256(await buffer(found.stream))).toBe(sha256(bytes));
  });

  const underFault = async (fault: MediaFaultName, step?: string) => {
    const id = await write(randomBytes(300_000), { type: 'image', mime_type: 'image/jpeg' });
    simulator.setMediaFault(call => (step === undefined || step === call.step ? fault : null));
    return channel.fetchMedia(id);
  };

  test.each<[MediaFaultName, string | undefined, object]>([
    ['gone', undefined, { class: 'try_again', code: '100', mayBeGone: true }],
    ['gone', 'download', { class: 'gone', code: 'http_404' }],
    ['expired', 'describe', { class: 'gone', code: 'http_404' }],
    ['forbidden', 'describe', { class: 'try_again', code: '10' }],
    ['forbidden', 'download', { class: 'try_again', code: '10' }],
    ['rate-limited', 'describe', { class: 'try_again', code: '130429' }],
    ['server-error', 'describe', { class: 'try_again', code: '131000' }],
    ['server-error', 'download', { class: 'try_again', code: '131000' }],
  ])('%s in %s', async (fault, step, outcome) => {
    expect(await underFault(fault, step)).toMatchObject(outcome);
  });

  test('an expired address is requested again', async () => {
    const id = await write(Buffer.from('jpeg'), { type: 'image', mime_type: 'image/jpeg' });
    let asked = 0;
    simulator.setMediaFault(({ step }) => (step === 'describe' && asked++ === 0 ? 'expired' : null));
    const found = await channel.fetchMedia(id);
    expect([found.class, asked]).toEqual(['found', 2]);
    if (found.class === 'found') found.stream.destroy();
  });

  test.each(['cut', 'wrong-size'] as const)('a file under %s fails while it is read', async fault => {
    const found = await underFault(fault);
    if (found.class !== 'found') throw new Error(JSON.stringify(found));
    await expect(buffer(found.stream)).rejects.toThrow();
  });

  test('a file that stands still fails while it is read', async () => {
    const id = await write(randomBytes(300_000), { type: 'image', mime_type: 'image/jpeg' });
    simulator.setMediaFault(({ step }) => (step === 'download' ? 'stalled' : null));
    const hasty = openChannel({ deadlineMs: 3_000 });
    const found = await hasty.fetchMedia(id);
    if (found.class !== 'found') throw new Error(JSON.stringify(found));
    await expect(buffer(found.stream)).rejects.toThrow();
    await hasty.close();
  });

  test('other bytes are told by the hash', async () => {
    const found = await underFault('wrong-hash');
    if (found.class !== 'found') throw new Error(JSON.stringify(found));
    const bytes = await buffer(found.stream);
    expect(bytes.length).toBe(300_000);
    expect(sha256(bytes)).not.toBe(found.sha256);
  });

  test('an id that is unknown may be gone; one that is none is rejected without a call', async () => {
    expect(await channel.fetchMedia('770000000000000000')).toMatchObject({
      class: 'try_again',
      code: '100',
      mayBeGone: true,
    });
    for (const id of ['', '..', '1/messages', '1?fields=a', 'x'.repeat(201)]) {
      expect(await channel.fetchMedia(id)).toMatchObject({ class: 'rejected', code: 'media_id' });
    }
  });
});
