// Files that are made to fit: voice notes and stickers, to the phone and back, and whatever is tried with them.
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
import { type Story, startStory } from '../setup/scenario.ts';

const upload = (story: Story, bytes: Buffer, type: string, fields: Record<string, string> = {}) =>
  files.upload(story, { bytes, type, fields });
const download = async (story: Story, id: string) => (await files.download(story, `/api/v1/media/${id}/content`)).bytes;

/** What has come to the phone with the last message. */
async function atPhone(story: Story): Promise<{ bytes: Buffer; type: string | undefined }> {
  const media = story.simulator.ledger.entries().at(-1)?.media;
  const id = media && 'id' in media ? String(media.id) : '';
  const bytes = await buffer(story.simulator.media.read(id));
  return { bytes, type: story.simulator.media.entries().find(each => each.id === id)?.mime_type };
}

/** A person sends these bytes back; gives the file as the API shows it. */
async function sendBack(story: Story, type: string, bytes: Buffer, query: Record<string, string>) {
  const words = new URLSearchParams({ to: story.account.phone_number_id, type, ...query });
  const answer = await fetch(`${story.simulator.url}/phones/${encodeURIComponent(anyNumber())}/media?${words}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Uint8Array.from(bytes),
  });
  const { id } = (await answer.json()) as { id: string };
  await story.settle();
  const [row] = await story.sql<{ id: string }>('select id from message where channel_message_id = $1', [id]);
  const message = await story.message(toId('message', row?.id ?? ''));
  return message[type];
}

const spooled = (story: Story) => readdir(join(story.dataDir, 'media-spool'));
const contents = async (story: Story) =>
  (await story.sql<{ sha256: string }>('select sha256 from media_content')).map(row => row.sha256);

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

describe('voice notes', () => {
  if (!ffmpegProgram) {
    test.skip('need ffmpeg, which was not found');
    return;
  }
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ env: { FFMPEG_PATH: ffmpegProgram ?? '', AWS_S3_MAX_FILE_SIZE: '20MB' } });
    await story.api('PATCH', `/api/v1/accounts/${story.account.id}`, {
      limits: { rate: { messages: 10_000, seconds: 1 }, per_day: null },
    });
  });
  afterAll(() => story.close());

  test.each([
    ['audio/mpeg', ['-f', 'mp3']],
    ['audio/mp4', ['-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4']],
    ['audio/aac', ['-c:a', 'aac', '-f', 'adts']],
    ['audio/ogg', ['-c:a', 'libvorbis', '-f', 'ogg']],
    ['audio/ogg', ['-c:a', 'libopus', '-ac', '2', '-f', 'ogg']],
    ['audio/wav', ['-f', 'wav']],
    ['audio/flac', ['-f', 'flac']],
    ['audio/webm', ['-c:a', 'libopus', '-f', 'webm']],
  ])('made of %s %j: up, to the phone, and back and down', async (type, words) => {
    const bytes = tone(3, ...words);
    const up = await upload(story, bytes, type);
    expect(up).toMatchObject({ status: 201, body: { kind: 'audio', mime_type: type, size: bytes.length } });
    const sent = await sendFile(story, 'audio', { id: up.body.id, voice: true });
    expect(sent).toMatchObject({ status: 202, body: { audio: { id: up.body.id, voice: true } } });
    const message = await becomes(story, sent.body.id, 'read');
    expect(message.attempts.map((each: { class: string }) => each.class)).toEqual(['media', 'accepted']);
    const heard = await atPhone(story);
    expect(heard.type).toBe('audio/ogg; codecs=opus');
    expect(heard.bytes.subarray(28, 38).toString('latin1')).toBe('OpusHead\x01\x01');
    expect(Math.round(secondsOf(heard.bytes))).toBe(3);
    expect(await download(story, up.body.id)).toEqual(bytes);

    const back = await sendBack(story, 'audio', heard.bytes, { mime_type: 'audio/ogg; codecs=opus', voice: 'true' });
    expect(back).toMatchObject({ voice: true, media: { status: 'stored', mime_type: 'audio/ogg' } });
    expect(await download(story, back.media.id)).toEqual(heard.bytes);
    expect(await spooled(story)).toEqual([]);
  });

  test('ogg/opus passes as it is, and is brought there once as a voice note, and once as a sound', async () => {
    const bytes = tone(2, '-c:a', 'libopus', '-ac', '1', '-f', 'ogg');
    const up = await upload(story, bytes, 'audio/ogg');
    for (const voice of [true, true, false, false]) {
      const { body } = await sendFile(story, 'audio', { id: up.body.id, voice });
      await becomes(story, body.id, 'read');
      expect((await atPhone(story)).bytes).toEqual(bytes);
    }
    const brought = story.simulator.media.entries().filter(each => each.sha256 === sha256(bytes));
    expect(brought.map(each => each.mime_type)).toEqual(['audio/ogg; codecs=opus', 'audio/ogg']);
  });

  test('of one file a note is made once, and it goes with the file', async () => {
    const bytes = tone(2, '-f', 'mp3');
    const up = await upload(story, bytes, 'audio/mpeg');
    const before = await contents(story);
    const sent = await Promise.all(
      Array.from({ length: 10 }, () => sendFile(story, 'audio', { id: up.body.id, voice: true })),
    );
    for (const { body } of sent) await becomes(story, body.id, 'read');
    const note = sha256((await atPhone(story)).bytes);
    expect((await contents(story)).filter(each => !before.includes(each))).toEqual([note]);
    expect(story.simulator.media.entries().filter(each => each.sha256 === note)).toHaveLength(1);
    const settings = { ...story.env, FFMPEG_PATH: 'none' };
    expect(await runRecado(settings, ['media', 'check'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 lost, 0 strays, 0 not needed'),
    });
    expect((await story.api('DELETE', `/api/v1/media/${up.body.id}`)).status).toBe(204);
    expect(await contents(story)).not.toContain(note);
    expect(await story.sql('select 1 from media_fit where fit_sha256 = $1', [note])).toEqual([]);
    expect(await runRecado(settings, ['media', 'check'])).toMatchObject({ code: 0 });
  });

  test('a note that is lost in its store is made anew after a check', async () => {
    const up = await upload(story, tone(2, '-f', 'wav'), 'audio/wav');
    const first = await sendFile(story, 'audio', { id: up.body.id, voice: true });
    await becomes(story, first.body.id, 'read');
    const note = sha256((await atPhone(story)).bytes);
    const stores = join(story.dataDir, 'media');
    const found = (await readdir(stores, { recursive: true })).find(name => name.endsWith(note));
    await rm(join(stores, found ?? ''));
    await story.sql('delete from media_upload where sha256 = $1', [note]);
    expect(await runRecado(story.env, ['media', 'check', '--repair'])).toMatchObject({
      code: 0,
      err: expect.stringContaining(note),
    });
    const second = await sendFile(story, 'audio', { id: up.body.id, voice: true });
    await becomes(story, second.body.id, 'read');
    expect(sha256((await atPhone(story)).bytes)).toBe(note);
  });

  test('what is no sound fails, and lists of other files are not followed', async () => {
    const list = '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n';
    const lists: [string, Buffer][] = [
      ['audio/mpeg', mp3Noise()],
      ['audio/mpeg', Buffer.from(`ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x64${list}`, 'latin1')],
      ['audio/wav', Buffer.from(`RIFF\x24\0\0\0WAVE${list}`, 'latin1')],
      ['audio/flac', Buffer.from(`fLaC${list}`, 'latin1')],
    ];
    for (const [type, bytes] of lists) {
      const up = await upload(story, bytes, type, { kind: 'audio' });
      expect([up.status, up.body.mime_type]).toEqual([201, type]);
      const { body } = await sendFile(story, 'audio', { id: up.body.id, voice: true });
      expect(await becomes(story, body.id, 'failed')).toMatchObject({ error: { code: 'not_a_voice_note' } });
    }
    for (const list of ['#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n', 'ffconcat version 1.0\nfile /etc/passwd\n']) {
      // A list by itself is a text, whatever it is called, and a text is no sound.
      expect((await upload(story, Buffer.from(list), 'audio/mpeg', { kind: 'audio' })).status).toBe(400);
      const text = await upload(story, Buffer.from(list), 'audio/mpeg');
      expect(text.body).toMatchObject({ kind: 'document', mime_type: 'text/plain' });
      const refused = await sendFile(story, 'audio', { id: text.body.id, voice: true });
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'audio.voice' }] } });
    }
    expect(await spooled(story)).toEqual([]);
  });

  test('it is told whether voice notes are made', async () => {
    const { body } = await story.api('GET', '/api/v1/media/capabilities');
    expect(body.voice_notes).toBe(true);
    const link = await sendFile(story, 'audio', { link: 'https://example.com/a.ogg', voice: true });
    expect(link.status).toBe(202);
  });
});

test.skipIf(!ffmpegProgram)('a voice note that takes too long is ended, and others follow', async () => {
  // Only here is the time short, as what others make would not be ready within it on a busy machine.
  const story = await startStory({
    env: { FFMPEG_PATH: ffmpegProgram ?? '', AWS_S3_MAX_FILE_SIZE: '20MB' },
    voiceDeadlineMs: 5_000,
  });
  try {
    const up = await upload(story, endlessSound(), 'audio/amr');
    expect(up).toMatchObject({ status: 201, body: { mime_type: 'audio/amr' } });
    const long = await sendFile(story, 'audio', { id: up.body.id, voice: true });
    const short = await sendFile(story, 'audio', {
      id: (await upload(story, tone(1, '-f', 'mp3'), 'audio/mpeg')).body.id,
      voice: true,
    });
    expect(await becomes(story, long.body.id, 'failed')).toMatchObject({ error: { code: 'not_a_voice_note' } });
    await becomes(story, short.body.id, 'read');
    expect(await spooled(story)).toEqual([]);
  } finally {
    await story.close();
  }
});

describe('a worker that is killed while it makes a voice note', () => {
  if (!ffmpegProgram) {
    test.skip('needs ffmpeg, which was not found');
    return;
  }

  test('leaves no program, and no file once another has begun; the message leaves later', async () => {
    const story = await startStory({
      clock: 'manual',
      roles: 'api',
      env: { FFMPEG_PATH: ffmpegProgram ?? '', AWS_S3_MAX_FILE_SIZE: '20MB' },
    });
    let worker: Actor | undefined;
    try {
      const up = await upload(story, endlessSound(), 'audio/amr');
      const { body } = await sendFile(story, 'audio', { id: up.body.id, voice: true });
      worker = launchNode('server/dist/app/main.js', '/', { ...story.env, ROLES: 'worker' });
      await until('sound and note are in the spool', 60, async () => (await spooled(story)).length === 2);
      expect(await programsWith(story.dataDir)).not.toEqual([]);
      await end(worker, 'process');
      await until('ffmpeg is gone', 30, async () => (await programsWith(story.dataDir)).length === 0);
      expect(await story.message(body.id)).toMatchObject({ status: 'queued', attempts: [{ class: 'file_pending' }] });
      // Not the sound of hours this time.
      await story.sql(
        'update media set sha256 = (select sha256 from media where id = $2), mime_type = $3 where id = $1',
        [toUuid(up.body.id), toUuid((await upload(story, tone(1, '-f', 'mp3'), 'audio/mpeg')).body.id), 'audio/mpeg'],
      );
      story.clock.advance(300_000);
      const left = await spooled(story);
      expect(left).toHaveLength(2);
      const other = await story.node('worker');
      // It may be at the message again already, with files of its own.
      const there = await spooled(story);
      expect(left.filter(name => there.includes(name))).toEqual([]);
      await becomes(story, body.id, 'read', other);
      await other.close();
    } finally {
      await end(worker);
      await story.close();
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
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ env: { FFMPEG_PATH: 'none' } });
  });
  afterAll(() => story.close());

  const opus = (channels: number) =>
    Buffer.concat([
      Buffer.from('OggS\0\x02', 'latin1'),
      Buffer.alloc(22),
      Buffer.from('OpusHead\x01', 'latin1'),
      Buffer.of(channels),
      randomBytes(3_000),
    ]);

  test('only ogg/opus goes as a voice note, and the refusal names the field and the remedy', async () => {
    expect((await story.api('GET', '/api/v1/media/capabilities')).body.voice_notes).toBe(false);
    const mp3 = await upload(story, mp3Noise(), 'audio/mpeg');
    const stereo = await upload(story, opus(2), 'audio/ogg');
    for (const { body } of [mp3, stereo]) {
      const refused = await sendFile(story, 'audio', { id: body.id, voice: true });
      expect(refused).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ field: 'audio.voice' }] },
      });
      expect(refused.body.errors[0].message).toMatch(/ogg\/opus \(mono\).*ffmpeg/);
    }
    const bytes = opus(1);
    const mono = await upload(story, bytes, 'audio/ogg');
    const sent = await sendFile(story, 'audio', { id: mono.body.id, voice: true });
    expect(sent.status).toBe(202);
    await becomes(story, sent.body.id, 'read');
    expect((await atPhone(story)).bytes).toEqual(bytes);
  });

  test('what only a voice note could be made of is refused at the door', async () => {
    const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), randomBytes(400)]);
    expect(await upload(story, wav, 'audio/wav')).toMatchObject({
      status: 400,
      body: { code: 'media_type_not_allowed' },
    });
  });
});

describe('stickers', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ env: { FFMPEG_PATH: 'none' } });
    await story.api('PATCH', `/api/v1/accounts/${story.account.id}`, {
      limits: { rate: { messages: 10_000, seconds: 1 }, per_day: null },
    });
  });
  afterAll(() => story.close());

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
    const up = await upload(story, bytes, type, { kind: 'sticker' });
    expect(up).toMatchObject({
      status: 201,
      body: { kind: 'sticker', mime_type: 'image/webp', width: 512, height: 512 },
    });
    const sent = await sendFile(story, 'sticker', { id: up.body.id });
    await becomes(story, sent.body.id, 'read');
    const seen = await atPhone(story);
    const { format, width, pageHeight, height, pages = 1 } = await sharp(seen.bytes).metadata();
    expect([format, width, pageHeight ?? height, pages]).toEqual(['webp', 512, 512, frames]);
    expect(seen.bytes.length).toBeLessThanOrEqual((frames > 1 ? 500 : 100) * 1024);
    const back = await sendBack(story, 'sticker', seen.bytes, { mime_type: 'image/webp' });
    expect(await download(story, back.media.id)).toEqual(seen.bytes);
  });

  test('an image is sent as one too, made once, and goes as an image as it is', async () => {
    const bytes = await noise(400, 300).png().toBuffer();
    const up = await upload(story, bytes, 'image/png');
    expect(up.body.mime_type).toBe('image/png');
    const hashes = new Set<string>();
    for (let n = 0; n < 3; n++) {
      const { body } = await sendFile(story, 'sticker', { id: up.body.id });
      await becomes(story, body.id, 'read');
      const seen = await atPhone(story);
      hashes.add(sha256(seen.bytes));
      expect(await sharp(seen.bytes).metadata()).toMatchObject({ format: 'webp', width: 512, height: 512 });
    }
    expect(hashes.size).toBe(1);
    const image = await sendFile(story, 'image', { id: up.body.id });
    await becomes(story, image.body.id, 'read');
    expect((await atPhone(story)).bytes).toEqual(bytes);
    await story.api('DELETE', `/api/v1/media/${up.body.id}`);
    for (const hash of hashes) expect(await contents(story)).not.toContain(hash);
  });

  test('a WebP that fits passes as it is, still or moving', async () => {
    for (const bytes of [
      await picture(512, 512, '#33669980').webp().toBuffer(),
      await animation(3, 512).webp().toBuffer(),
    ]) {
      const up = await upload(story, bytes, 'image/webp');
      expect(up.body).toMatchObject({ kind: 'sticker', sha256: sha256(bytes) });
      const { body } = await sendFile(story, 'sticker', { id: up.body.id });
      await becomes(story, body.id, 'read');
      expect((await atPhone(story)).bytes).toEqual(bytes);
    }
  });

  test('what is no image is refused', async () => {
    const pdf = await upload(story, Buffer.from('%PDF-1.7\nx'), 'application/pdf');
    expect(await sendFile(story, 'sticker', { id: pdf.body.id })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'sticker.id', message: expect.stringContaining('image/webp') }] },
    });
  });
});
