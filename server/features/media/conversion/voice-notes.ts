// Voice notes: ffmpeg converts audio to ogg/opus. It runs as a process that may read one file and write only to us.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { semaphore } from '../../../kit/async/semaphore.ts';
import { AppError } from '../../../kit/errors.ts';
import type { Logger } from '../../../kit/log.ts';
import type { Clock } from '../../../kit/time.ts';
import type { Spool, Spooled } from '../files/spool.ts';

/** ffmpeg's demuxer for each type. Each is explicit, so that ffmpeg follows no playlist to other files. */
const readers: Readonly<Record<string, string>> = {
  'audio/aac': 'aac',
  'audio/amr': 'amr',
  'audio/flac': 'flac',
  'audio/mp4': 'mov',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/webm': 'matroska',
};
const decoders =
  'aac,alac,amrnb,amrwb,flac,libopus,mp3,mp3float,opus,pcm_alaw,pcm_f32le,pcm_mulaw,pcm_s16be,pcm_s16le,pcm_s24be,pcm_s24le,pcm_s32le,pcm_u8,vorbis';

/** The types that can become a voice note. */
export const voiceSources: readonly string[] = Object.keys(readers);

/** The type that voice notes are uploaded with. */
export const voiceNoteType = 'audio/ogg; codecs=opus';

const conversionsAtOnce = 1;
const deadlineMs = 60_000;
const mostMemory = 1024 ** 3;
const keptWords = 500;
/** A failed probe of ffmpeg may succeed later. */
const probeAgainMs = 60_000;

export interface VoiceNotes {
  /** Whether ffmpeg is installed and can encode opus. A negative result is checked again after a minute. */
  available(): Promise<boolean>;
  /**
   * Converts a file to a voice note of at most `limitBytes` in the spool. Undefined if it cannot be decoded, is too
   * long, or takes too long.
   * @throws the reason of the signal, and errors of the spool
   */
  make(path: string, mimeType: string, limitBytes: number, signal: AbortSignal): Promise<Spooled | undefined>;
}

export interface VoiceNoteNeeds {
  /** The absolute paths of ffmpeg and prlimit; undefined if not installed. */
  ffmpeg: string | undefined;
  prlimit: string | undefined;
  spool: Spool;
  clock: Pick<Clock, 'elapsed'>;
  log: Logger;
  /** The deadline of a conversion; a minute by default. */
  deadlineMs?: number | undefined;
}

/** Whether these first bytes are a voice note: ogg with mono opus. */
export const isVoiceNote = (head: Buffer): boolean =>
  head.toString('latin1', 0, 4) === 'OggS' && head.toString('latin1', 28, 36) === 'OpusHead' && head[37] === 1;

/** Converts voice notes, one after the other. */
export function openVoiceNotes(needs: VoiceNoteNeeds): VoiceNotes {
  const { ffmpeg, spool, clock, log } = needs;
  const pass = semaphore(conversionsAtOnce);
  let known: Promise<boolean> | undefined;
  let knownUntil = Number.POSITIVE_INFINITY;

  async function probe(program: string): Promise<boolean> {
    const works = await writesOpus(program);
    knownUntil = works ? Number.POSITIVE_INFINITY : clock.elapsed() + probeAgainMs;
    return works;
  }

  async function writesOpus(program: string): Promise<boolean> {
    try {
      const child = spawn(program, ['-hide_banner', '-loglevel', 'error', '-encoders'], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: {},
        timeout: 10_000,
        killSignal: 'SIGKILL',
      });
      const closed = once(child, 'close');
      let text = '';
      child.stdout.on('data', chunk => {
        text += String(chunk);
      });
      await closed;
      return / libopus /.test(text);
    } catch (error) {
      log.warn({ err: error, program }, 'ffmpeg cannot be started; voice notes are not converted for a minute');
      return false;
    }
  }

  async function convert(path: string, reader: string, limitBytes: number, signal: AbortSignal) {
    const [program = '', ...words] = commandOf(needs, path, reader);
    const over = AbortSignal.any([signal, AbortSignal.timeout(needs.deadlineMs ?? deadlineMs)]);
    over.throwIfAborted();
    const child = spawn(program, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {},
      signal: over,
      killSignal: 'SIGKILL',
      // Not in our process group: a terminal's signal would look like a failure of the file.
      detached: true,
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    ended.catch(() => {});
    if (child.pid !== undefined) lower(child.pid);
    let said = '';
    child.stderr.on('data', chunk => {
      if (said.length < keptWords) said += String(chunk);
    });
    let made: Spooled | undefined;
    try {
      made = await spool.take(child.stdout, limitBytes);
      const code = await ended;
      if (code === 0 && isVoiceNote(made.head)) return made;
      log.info({ code, said: said.slice(0, keptWords) }, 'ffmpeg could not convert a file to a voice note');
    } catch (error) {
      child.kill('SIGKILL');
      await ended.catch(() => {});
      await made?.remove();
      signal.throwIfAborted();
      if (!over.aborted && !(error instanceof AppError && error.code === 'media_too_large')) throw error;
      log.info({ code: over.aborted ? 'deadline' : 'too_large' }, 'ffmpeg could not convert a file to a voice note');
      return undefined;
    }
    await made.remove();
    return undefined;
  }

  return {
    async available() {
      if (ffmpeg === undefined) return false;
      if (clock.elapsed() >= knownUntil) {
        known = undefined;
        knownUntil = Number.POSITIVE_INFINITY;
      }
      known ??= probe(ffmpeg);
      return known;
    },
    async make(path, mimeType, limitBytes, signal) {
      const reader = readers[mimeType];
      return reader === undefined ? undefined : pass(() => convert(path, reader, limitBytes, signal));
    },
  };
}

/** Lower its priority: messages and requests go first. */
function lower(pid: number): void {
  try {
    setPriority(pid, 10);
  } catch {
    // It has already ended, or this system does not allow it.
  }
}

/** The command line. Its only external part is the path, which is a spool file. */
function commandOf({ ffmpeg = '', prlimit }: VoiceNoteNeeds, path: string, reader: string): string[] {
  // It writes into a pipe and can leave no file; --fsize enforces that.
  const limits = [`--as=${mostMemory}`, '--cpu=60', '--fsize=0', '--core=0'];
  return [
    ...(prlimit === undefined ? [] : [prlimit, ...limits]),
    ffmpeg,
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-max_alloc', String(64 * 1024 * 1024)],
    ...['-protocol_whitelist', 'file', '-format_whitelist', reader, '-codec_whitelist', decoders],
    ...['-threads', '1', '-f', reader, '-i', `file:${path}`],
    // Sound only: no picture, name or location.
    ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-threads', '1', '-ac', '1', '-ar', '48000', '-c:a', 'libopus', '-b:a', '32k', '-application', 'voip'],
    // Deterministic output on every machine.
    ...['-fflags', '+bitexact', '-flags:a', '+bitexact', '-f', 'ogg', 'pipe:1'],
  ];
}
