// This machine's ffmpeg, if any. CI must have one.
import { execFileSync } from 'node:child_process';
import { findProgram } from '../../server/app/config/find-program.ts';

export const ffmpegProgram = findProgram('ffmpeg', process.env.PATH);
if (!ffmpegProgram && process.env.CI) throw new Error('ffmpeg was not found, and CI runs every test: install it');

/** A tone of this many seconds, in the format given by ffmpeg arguments. */
export function tone(seconds: number, ...words: string[]): Buffer {
  if (!ffmpegProgram) throw new Error('ffmpeg was not found');
  const source = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=44100:duration=${seconds}`];
  return execFileSync(ffmpegProgram, ['-v', 'error', ...source, ...words, 'pipe:1'], { maxBuffer: 64 * 1024 * 1024 });
}

/** The length of a sound, decoded to its end. */
export function secondsOf(bytes: Buffer): number {
  if (!ffmpegProgram) throw new Error('ffmpeg was not found');
  const words = ['-v', 'error', '-i', 'pipe:0', '-f', 's16le', '-ac', '1', '-ar', '8000', 'pipe:1'];
  return execFileSync(ffmpegProgram, words, { input: bytes, maxBuffer: 64 * 1024 * 1024 }).length / 16_000;
}
