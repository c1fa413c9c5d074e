// The ffmpeg of this machine, where there is one. In CI there has to be.
import { execFileSync } from 'node:child_process';
import { findProgram } from '../../server/app/config/find-program.ts';

export const ffmpegProgram = findProgram('ffmpeg', process.env.PATH);
if (!ffmpegProgram && process.env.CI) throw new Error('ffmpeg was not found, and CI runs every test: install it');

/** A tone of so many seconds, in the format that these words ask for. */
export function tone(seconds: number, ...words: string[]): Buffer {
  if (!ffmpegProgram) throw new Error('ffmpeg was not found');
  const source = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=44100:duration=${seconds}`];
  return execFileSync(ffmpegProgram, ['-v', 'error', ...source, ...words, 'pipe:1'], { maxBuffer: 64 * 1024 * 1024 });
}

/** How long a sound is, decoded to its end. */
export function secondsOf(bytes: Buffer): number {
  if (!ffmpegProgram) throw new Error('ffmpeg was not found');
  const words = ['-v', 'error', '-i', 'pipe:0', '-f', 's16le', '-ac', '1', '-ar', '8000', 'pipe:1'];
  return execFileSync(ffmpegProgram, words, { input: bytes, maxBuffer: 64 * 1024 * 1024 }).length / 16_000;
}
