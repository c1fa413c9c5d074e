// What ffmpeg is let do for a voice note: read one file as what it is said to be, and nothing else.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '../../server/app/config/find-program.ts';
import { isVoiceNote, openVoiceNotes, voiceSources } from '../../server/features/media/conversion/voice-notes.ts';
import { openSpool, type Spool } from '../../server/features/media/files/spool.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { ffmpegProgram, tone } from '../setup/ffmpeg.ts';

test('a voice note is ogg with opus, on one channel', () => {
  const head = (codec: string, channels: number) =>
    Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from(codec), Buffer.of(1, channels)]);
  expect(isVoiceNote(head('OpusHead', 1))).toBe(true);
  expect(isVoiceNote(head('OpusHead', 2))).toBe(false);
  expect(isVoiceNote(head('\x01vorbis\0', 1))).toBe(false);
  expect(isVoiceNote(Buffer.from('OggS'))).toBe(false);
  expect(isVoiceNote(Buffer.alloc(0))).toBe(false);
});

test('where there is no ffmpeg, none is made', async () => {
  const spool = await openSpool(await mkdtemp(join(tmpdir(), 'recado-voice-')));
  const settings = { prlimit: undefined, spool, clock: realClock, log: openLog('silent') };
  expect(await openVoiceNotes({ ...settings, ffmpeg: undefined }).available()).toBe(false);
  // A program that is none of that kind, and one that is not there.
  expect(await openVoiceNotes({ ...settings, ffmpeg: process.execPath }).available()).toBe(false);
  expect(await openVoiceNotes({ ...settings, ffmpeg: '/no/such/program' }).available()).toBe(false);
  await rm(spool.folder, { recursive: true });
});

test('ffmpeg that could not say what it can is asked again after a minute', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recado-voice-'));
  const spool = await openSpool(join(folder, 'spool'));
  const ffmpeg = join(folder, 'ffmpeg');
  // Ends at once where its list is not there yet.
  await writeFile(ffmpeg, `#!/bin/sh\nexec cat '${folder}/list'\n`, { mode: 0o700 });
  let now = 0;
  const clock = { elapsed: () => now };
  const voices = openVoiceNotes({ ffmpeg, prlimit: undefined, spool, clock, log: openLog('silent') });
  expect(await voices.available()).toBe(false);
  await writeFile(join(folder, 'list'), ' A..... libopus  libopus Opus');
  now = 59_999;
  expect(await voices.available()).toBe(false);
  now = 60_000;
  expect(await voices.available()).toBe(true);
  await rm(join(folder, 'list'));
  now = 600_000;
  expect(await voices.available()).toBe(true);
  await rm(folder, { recursive: true });
});

describe('with ffmpeg', () => {
  if (!ffmpegProgram) {
    test.skip('needs ffmpeg, which was not found');
    return;
  }
  const ffmpeg = ffmpegProgram;
  let folder: string;
  let spool: Spool;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recado-voice-'));
    spool = await openSpool(join(folder, 'spool'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const voices = (deadlineMs?: number) =>
    openVoiceNotes({
      ffmpeg,
      prlimit: findProgram('prlimit', process.env.PATH),
      spool,
      clock: realClock,
      log: openLog('silent'),
      deadlineMs,
    });
  const never = new AbortController().signal;
  const file = async (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  test('lists of other files are followed by ffmpeg, and not by ours', async () => {
    const asked: string[] = [];
    const sound = tone(1, '-f', 'mp3');
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(sound);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await file('sound.mp3', sound);
      const lists = {
        hls: `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:1,\nhttp://127.0.0.1:${port}/hls.mp3\n#EXT-X-ENDLIST\n`,
        concat: `ffconcat version 1.0\nfile ${join(folder, 'sound.mp3')}\n`,
      };
      const concat = await file('concat', lists.concat);
      const followed = ['-v', 'error', '-f', 'concat', '-safe', '0', '-i', concat, '-f', 'ogg', 'pipe:1'];
      expect(execFileSync(ffmpeg, followed).length).toBeGreaterThan(1_000);
      for (const [name, list] of Object.entries(lists)) {
        const path = await file(name, list);
        for (const type of voiceSources) expect(await voices().make(path, type, 1e6, never)).toBeUndefined();
      }
      expect(asked).toEqual([]);
      expect(await voices().make(await file('a', sound), 'application/x-mpegurl', 1e6, never)).toBeUndefined();
    } finally {
      server.close();
    }
    expect(await readdir(spool.folder)).toEqual([]);
  }, 60_000);

  test('the same sound gives the same bytes, without what else the file told', async () => {
    const path = await file('told.mp3', tone(2, '-metadata', 'title=A secret name', '-f', 'mp3'));
    const [one, other] = [
      await voices().make(path, 'audio/mpeg', 1e6, never),
      await voices().make(path, 'audio/mpeg', 1e6, never),
    ];
    expect(one && isVoiceNote(one.head)).toBe(true);
    expect(one?.sha256).toBe(other?.sha256);
    expect(one?.head.toString('latin1')).not.toContain('secret');
    await one?.remove();
    await other?.remove();
  }, 60_000);

  test('one that is too long, takes too long, or is given up leaves nothing', async () => {
    const path = await file('long.wav', tone(60, '-f', 'wav'));
    expect(await voices().make(path, 'audio/wav', 1_000, never)).toBeUndefined();
    expect(await voices(1).make(path, 'audio/wav', 1e6, never)).toBeUndefined();
    const over = new AbortController();
    const given = voices().make(path, 'audio/wav', 1e6, over.signal);
    over.abort(new Error('the program is stopping'));
    await expect(given).rejects.toThrow('the program is stopping');
    expect(await readdir(spool.folder)).toEqual([]);
  }, 60_000);
});
