// Converted files: voice notes and stickers, to the phone and back, and attacks on them.
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId, toUuid } from '../../server/kit/ids.ts';
import { type Actor, end, launchNode, until } from '../faults/processes.ts';
import { runRecado } from '../setup/command.ts';
import { ffmpegProgram, secondsOf, tone } from '../setup/ffmpeg.ts';
import * as files from '../setup/media-files.ts';
import { anyNumber, becomes, sendFile, sha256 } from '../setup/media-files.ts';
import { rotatingPart } from '../setup/rotation.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const upload = (scenario: Scenario, bytes: Buffer, type: string, fields: Record<string, string> = {}) =>
  files.upload(scenario, { bytes, type, fields });
const download = async (scenario: Scenario, id: string) =>
  (await files.download(scenario, `/api/v1/media/${id}/content`)).bytes;

/** What has come to the phone with the last message. */
async function atPhone(scenario: Scenario): Promise<{ bytes: Buffer; type: string | undefined }> {
  const media = scenario.simulator.ledger.entries().at(-1)?.media;
  const id = media && 'id' in media ? String(media.id) : '';
  const bytes = await buffer(scenario.simulator.media.read(id));
  return { bytes, type: scenario.simulator.media.entries().find(each => each.id === id)?.mime_type };
}

/** A person sends these bytes back; gives the file as the API shows it. */
async function sendBack(scenario: Scenario, type: string, bytes: Buffer, query: Record<string, string>) {
  const words = new URLSearchParams({ to: scenario.account.phone_number_id, type, ...query });
  const answer = await fetch(`${scenario.simulator.url}/phones/${encodeURIComponent(anyNumber())}/media?${words}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Uint8Array.from(bytes),
  });
  const { id } = (await answer.json()) as { id: string };
  await scenario.settle();
  const [row] = await scenario.sql<{ id: string }>('select id from message where channel_message_id = $1', [id]);
  const message = await scenario.message(toId('message', row?.id ?? ''));
  return message[type];
}

const spooled = (scenario: Scenario) => readdir(join(scenario.dataDir, 'media-spool'));
const contents = async (scenario: Scenario) =>
  (await scenario.sql<{ sha256: string }>('select sha256 from media_content')).map(row => row.sha256);

const picture = (width: number, height: number, background: object | string) =>
  sharp({ create: { width, height, channels: 4, background } });

/** A picture that moves, of so many frames. */
const animation = (frames: number, edge: number) =>
  sharp(
    Array.from({ length: frames }, (_, n) => ({
      create: { width: edge, height: edge, channels: 3 as const, background: { r: n * 20, g: 99, b: 200 } },
    })) as never,
    { join: { animated: true } },
  );

/** What begins like an MP3, and is none. */
const mp3Noise = () =>
  Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x64', 'latin1'), Buffer.alloc(20_000, 7)]);

/** Hours of sound in ten megabytes, so that there is time for what may happen meanwhile. */
const endlessSound = () => {
  const frame = Buffer.concat([Buffer.of(0x04), randomBytes(12)]);
  return Buffer.concat([Buffer.from('#!AMR\n'), ...Array.from({ length: 700_000 }, () => frame)]);
};

const soundFormats: [type: string, words: string[]][] = [
  ['audio/mpeg', ['-f', 'mp3']],
  ['audio/mp4', ['-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4']],
  ['audio/aac', ['-c:a', 'aac', '-f', 'adts']],
  ['audio/ogg', ['-c:a', 'libvorbis', '-f', 'ogg']],
  ['audio/ogg', ['-c:a', 'libopus', '-ac', '2', '-f', 'ogg']],
  ['audio/wav', ['-f', 'wav']],
  ['audio/flac', ['-f', 'flac']],
  ['audio/webm', ['-c:a', 'libopus', '-f', 'webm']],
];

describe('voice notes', () => {
  if (!ffmpegProgram) {
    test.skip('need ffmpeg, which was not found');
    return;
  }
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario({ env: { FFMPEG_PATH: ffmpegProgram ?? '', AWS_S3_MAX_FILE_SIZE: '20MB' } });
    await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
      limits: { rate: { messages: 10_000, seconds: 1 }, per_day: null },
    });
  });
  afterAll(() => scenario.close());

  test.each(rotatingPart([soundFormats], 2))(
    'made of %s %j: up, to the phone, and back and down',
    async (type, words) => {
      const bytes = tone(3, ...words);
      const up = await upload(scenario, bytes, type);
      expect(up).toMatchObject({ status: 201, body: { kind: 'audio', mime_type: type, size: bytes.length } });
      const sent = await sendFile(scenario, 'audio', { id: up.body.id, voice: true });
      expect(sent).toMatchObject({ status: 202, body: { audio: { id: up.body.id, voice: true } } });
      const message = await becomes(scenario, sent.body.id, 'read');
      expect(message.attempts.map((each: { class: string }) => each.class)).toEqual(['file_pending', 'accepted']);
      const heard = await atPhone(scenario);
      expect(heard.type).toBe('audio/ogg; codecs=opus');
      expect(heard.bytes.subarray(28, 38).toString('latin1')).toBe('OpusHead\x01\x01');
      expect(Math.round(secondsOf(heard.bytes))).toBe(3);
      expect(await download(scenario, up.body.id)).toEqual(bytes);

      const back = await sendBack(scenario, 'audio', heard.bytes, {
        mime_type: 'audio/ogg; codecs=opus',
        voice: 'true',
      });
      expect(back).toMatchObject({ voice: true, media: { status: 'stored', mime_type: 'audio/ogg' } });
      expect(await download(scenario, back.media.id)).toEqual(heard.bytes);
      expect(await spooled(scenario)).toEqual([]);
    },
  );

  test('ogg/opus passes as it is, and is brought there once as a voice note, and once as a sound', async () => {
    const bytes = tone(2, '-c:a', 'libopus', '-ac', '1', '-f', 'ogg');
    const up = await upload(scenario, bytes, 'audio/ogg');
    for (const voice of [true, true, false, false]) {
      const { body } = await sendFile(scenario, 'audio', { id: up.body.id, voice });
      await becomes(scenario, body.id, 'read');
      expect((await atPhone(scenario)).bytes).toEqual(bytes);
    }
    const brought = scenario.simulator.media.entries().filter(each => each.sha256 === sha256(bytes));
    expect(brought.map(each => each.mime_type)).toEqual(['audio/ogg; codecs=opus', 'audio/ogg']);
  });

  test('of one file a note is made once, and it goes with the file', async () => {
    const bytes = tone(2, '-f', 'mp3');
    const up = await upload(scenario, bytes, 'audio/mpeg');
    const before = await contents(scenario);
    const sent = await Promise.all(
      Array.from({ length: 10 }, () => sendFile(scenario, 'audio', { id: up.body.id, voice: true })),
    );
    for (const { body } of sent) await becomes(scenario, body.id, 'read');
    const note = sha256((await atPhone(scenario)).bytes);
    expect((await contents(scenario)).filter(each => !before.includes(each))).toEqual([note]);
    expect(scenario.simulator.media.entries().filter(each => each.sha256 === note)).toHaveLength(1);
    const settings = { ...scenario.env, FFMPEG_PATH: 'none' };
    expect(await runRecado(settings, ['media', 'check'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 lost, 0 strays, 0 not needed'),
    });
    expect((await scenario.api('DELETE', `/api/v1/media/${up.body.id}`)).status).toBe(204);
    expect(await contents(scenario)).not.toContain(note);
    expect(await scenario.sql('select 1 from media_conversion where converted_sha256 = $1', [note])).toEqual([]);
    expect(await runRecado(settings, ['media', 'check'])).toMatchObject({ code: 0 });
  });

  test('a voice note that the store lost is converted again after a check', async () => {
    const up = await upload(scenario, tone(2, '-f', 'wav'), 'audio/wav');
    const first = await sendFile(scenario, 'audio', { id: up.body.id, voice: true });
    await becomes(scenario, first.body.id, 'read');
    const note = sha256((await atPhone(scenario)).bytes);
    const stores = join(scenario.dataDir, 'media');
    const found = (await readdir(stores, { recursive: true })).find(name => name.endsWith(note));
    await rm(join(stores, found ?? ''));
    await scenario.sql('delete from media_upload where sha256 = $1', [note]);
    expect(await runRecado(scenario.env, ['media', 'check', '--repair'])).toMatchObject({
      code: 0,
      err: expect.stringContaining(note),
    });
    const second = await sendFile(scenario, 'audio', { id: up.body.id, voice: true });
    await becomes(scenario, second.body.id, 'read');
    expect(sha256((await atPhone(scenario)).bytes)).toBe(note);
  });

  test('a file without sound fails, and playlists are not followed', async () => {
    const list = '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n';
    const lists: [string, Buffer][] = [
      ['audio/mpeg', mp3Noise()],
      ['audio/mpeg', Buffer.from(`ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x64${list}`, 'latin1')],
      ['audio/wav', Buffer.from(`RIFF\x24\0\0\0WAVE${list}`, 'latin1')],
      ['audio/flac', Buffer.from(`fLaC${list}`, 'latin1')],
    ];
    for (const [type, bytes] of lists) {
      const up = await upload(scenario, bytes, type, { kind: 'audio' });
      expect([up.status, up.body.mime_type]).toEqual([201, type]);
      const { body } = await sendFile(scenario, 'audio', { id: up.body.id, voice: true });
      expect(await becomes(scenario, body.id, 'failed')).toMatchObject({ error: { code: 'not_a_voice_note' } });
    }
    for (const list of ['#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n', 'ffconcat version 1.0\nfile /etc/passwd\n']) {
      // A playlist is a text under any name, and a text has no sound.
      expect((await upload(scenario, Buffer.from(list), 'audio/mpeg', { kind: 'audio' })).status).toBe(400);
      const text = await upload(scenario, Buffer.from(list), 'audio/mpeg');
      expect(text.body).toMatchObject({ kind: 'document', mime_type: 'text/plain' });
      const refused = await sendFile(scenario, 'audio', { id: text.body.id, voice: true });
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'audio.voice' }] } });
    }
    expect(await spooled(scenario)).toEqual([]);
  });

  test('the API reports whether voice notes can be made', async () => {
    const { body } = await scenario.api('GET', '/api/v1/media/capabilities');
    expect(body.voice_notes).toBe(true);
    const link = await sendFile(scenario, 'audio', { link: 'https://example.com/a.ogg', voice: true });
    expect(link.status).toBe(202);
  });
});

test.skipIf(!ffmpegProgram)('a voice note that takes too long is ended, and others follow', async () => {
  // Only here is the time short, as what others make would not be ready within it on a busy machine.
  const scenario = await startScenario({
    env: { FFMPEG_PATH: ffmpegProgram ?? '', AWS_S3_MAX_FILE_SIZE: '20MB' },
    voiceDeadlineMs: 8_000,
  });
  try {
    const up = await upload(scenario, endlessSound(), 'audio/amr');
    expect(up).toMatchObject({ status: 201, body: { mime_type: 'audio/amr' } });
    const long = await sendFile(scenario, 'audio', { id: up.body.id, voice: true });
    const short = await sendFile(scenario, 'audio', {
      id: (await upload(scenario, tone(1, '-f', 'mp3'), 'audio/mpeg')).body.id,
      voice: true,
    });
    expect(await becomes(scenario, long.body.id, 'failed')).toMatchObject({ error: { code: 'not_a_voice_note' } });
    await becomes(scenario, short.body.id, 'read');
    expect(await spooled(scenario)).toEqual([]);
  } finally {
    await scenario.close();
  }
});

describe('a worker that is killed while it makes a voice note', () => {
  if (!ffmpegProgram) {
    test.skip('needs ffmpeg, which was not found');
    return;
  }

  test('leaves no program, and no file once another has begun; the message leaves later', async () => {
    const scenario = await startScenario({
      clock: 'manual',
      roles: 'api',
      env: { FFMPEG_PATH: ffmpegProgram ?? '', AWS_S3_MAX_FILE_SIZE: '20MB' },
    });
    let worker: Actor | undefined;
    try {
      const up = await upload(scenario, endlessSound(), 'audio/amr');
      const { body } = await sendFile(scenario, 'audio', { id: up.body.id, voice: true });
      worker = launchNode('server/dist/app/main.js', '/', { ...scenario.env, ROLES: 'worker' });
      await until('sound and note are in the spool', 60, async () => (await spooled(scenario)).length === 2);
      expect(await programsWith(scenario.dataDir)).not.toEqual([]);
      await end(worker, 'process');
      await until('ffmpeg is gone', 30, async () => (await programsWith(scenario.dataDir)).length === 0);
      expect(await scenario.message(body.id)).toMatchObject({
        status: 'queued',
        attempts: [{ class: 'file_pending' }],
      });
      // Not the sound of hours this time.
      await scenario.sql(
        'update media set sha256 = (select sha256 from media where id = $2), mime_type = $3 where id = $1',
        [
          toUuid(up.body.id),
          toUuid((await upload(scenario, tone(1, '-f', 'mp3'), 'audio/mpeg')).body.id),
          'audio/mpeg',
        ],
      );
      scenario.clock.advance(300_000);
      const left = await spooled(scenario);
      expect(left).toHaveLength(2);
      const other = await scenario.node('worker');
      // It may be at the message again already, with files of its own.
      const there = await spooled(scenario);
      expect(left.filter(name => there.includes(name))).toEqual([]);
      await becomes(scenario, body.id, 'read', other);
      await other.close();
    } finally {
      await end(worker);
      await scenario.close();
    }
  });

  /** The programs of this machine whose words name this folder. */
  async function programsWith(folder: string): Promise<string[]> {
    const found: string[] = [];
    for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (words.includes(folder) && words.includes('libopus')) found.push(words);
    }
    return found;
  }
});

describe('without ffmpeg', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario({ env: { FFMPEG_PATH: 'none' } });
  });
  afterAll(() => scenario.close());

  const opus = (channels: number) =>
    Buffer.concat([
      Buffer.from('OggS\0\x02', 'latin1'),
      Buffer.alloc(22),
      Buffer.from('OpusHead\x01', 'latin1'),
      Buffer.of(channels),
      randomBytes(3_000),
    ]);

  test('only ogg/opus goes as a voice note, and the refusal names the field and the remedy', async () => {
    expect((await scenario.api('GET', '/api/v1/media/capabilities')).body.voice_notes).toBe(false);
    const mp3 = await upload(scenario, mp3Noise(), 'audio/mpeg');
    const stereo = await upload(scenario, opus(2), 'audio/ogg');
    for (const { body } of [mp3, stereo]) {
      const refused = await sendFile(scenario, 'audio', { id: body.id, voice: true });
      expect(refused).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ field: 'audio.voice' }] },
      });
      expect(refused.body.errors[0].message).toMatch(/ogg\/opus \(mono\).*ffmpeg/);
    }
    const bytes = opus(1);
    const mono = await upload(scenario, bytes, 'audio/ogg');
    const sent = await sendFile(scenario, 'audio', { id: mono.body.id, voice: true });
    expect(sent.status).toBe(202);
    await becomes(scenario, sent.body.id, 'read');
    expect((await atPhone(scenario)).bytes).toEqual(bytes);
  });

  test('what only a voice note could be made of is rejected at the door', async () => {
    const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), randomBytes(400)]);
    expect(await upload(scenario, wav, 'audio/wav')).toMatchObject({
      status: 400,
      body: { code: 'media_type_not_allowed' },
    });
  });
});

describe('stickers', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario({ env: { FFMPEG_PATH: 'none' } });
    await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
      limits: { rate: { messages: 10_000, seconds: 1 }, per_day: null },
    });
  });
  afterAll(() => scenario.close());

  const noise = (width: number, height: number) =>
    sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });

  test.each([
    ['a PNG', 'image/png', () => picture(300, 100, '#336699aa').png().toBuffer(), 1],
    ['a JPEG', 'image/jpeg', () => noise(700, 700).jpeg().toBuffer(), 1],
    ['a large WebP', 'image/webp', () => noise(900, 500).webp({ quality: 95 }).toBuffer(), 1],
    ['a WebP that moves', 'image/webp', () => animation(4, 200).webp().toBuffer(), 4],
    ['a GIF that moves', 'image/gif', () => animation(4, 200).gif().toBuffer(), 4],
  ])('%s is made one: up, to the phone, and back and down', async (_name, type, make, frames) => {
    const bytes = await make();
    const up = await upload(scenario, bytes, type, { kind: 'sticker' });
    expect(up).toMatchObject({
      status: 201,
      body: { kind: 'sticker', mime_type: 'image/webp', width: 512, height: 512 },
    });
    const sent = await sendFile(scenario, 'sticker', { id: up.body.id });
    await becomes(scenario, sent.body.id, 'read');
    const seen = await atPhone(scenario);
    const { format, width, pageHeight, height, pages = 1 } = await sharp(seen.bytes).metadata();
    expect([format, width, pageHeight ?? height, pages]).toEqual(['webp', 512, 512, frames]);
    expect(seen.bytes.length).toBeLessThanOrEqual((frames > 1 ? 500 : 100) * 1024);
    const back = await sendBack(scenario, 'sticker', seen.bytes, { mime_type: 'image/webp' });
    expect(await download(scenario, back.media.id)).toEqual(seen.bytes);
  });

  test('an image is sent as one too, made once, and goes as an image as it is', async () => {
    const bytes = await noise(400, 300).png().toBuffer();
    const up = await upload(scenario, bytes, 'image/png');
    expect(up.body.mime_type).toBe('image/png');
    const hashes = new Set<string>();
    for (let n = 0; n < 3; n++) {
      const { body } = await sendFile(scenario, 'sticker', { id: up.body.id });
      await becomes(scenario, body.id, 'read');
      const seen = await atPhone(scenario);
      hashes.add(sha256(seen.bytes));
      expect(await sharp(seen.bytes).metadata()).toMatchObject({ format: 'webp', width: 512, height: 512 });
    }
    expect(hashes.size).toBe(1);
    const image = await sendFile(scenario, 'image', { id: up.body.id });
    await becomes(scenario, image.body.id, 'read');
    expect((await atPhone(scenario)).bytes).toEqual(bytes);
    await scenario.api('DELETE', `/api/v1/media/${up.body.id}`);
    for (const hash of hashes) expect(await contents(scenario)).not.toContain(hash);
  });

  test('a WebP that fits passes as it is, still or moving', async () => {
    for (const bytes of [
      await picture(512, 512, '#33669980').webp().toBuffer(),
      await animation(3, 512).webp().toBuffer(),
    ]) {
      const up = await upload(scenario, bytes, 'image/webp');
      expect(up.body).toMatchObject({ kind: 'document', sha256: sha256(bytes) });
      const { body } = await sendFile(scenario, 'sticker', { id: up.body.id });
      await becomes(scenario, body.id, 'read');
      expect((await atPhone(scenario)).bytes).toEqual(bytes);
    }
  });

  test('a file that is not an image is rejected', async () => {
    const pdf = await upload(scenario, Buffer.from('%PDF-1.7\nx'), 'application/pdf');
    expect(await sendFile(scenario, 'sticker', { id: pdf.body.id })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'sticker.id', message: expect.stringContaining('image/webp') }] },
    });
  });
});
