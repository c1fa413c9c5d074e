// Voice notes: audio made to ogg/opus by ffmpeg, in a process of its own that may read one file, and write to us only.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { gate } from '../../../kit/async/semaphore.ts';
import { AppError } from '../../../kit/errors.ts';
import type { Logger } from '../../../kit/log.ts';
import type { Clock } from '../../../kit/time.ts';
import type { Spool, Spooled } from '../files/spool.ts';

/** By which of ffmpeg's readers a type is read. Each is named, so that no list of other files is ever followed. */
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

/** The types of which a voice note can be made. */
export const voiceSources: readonly string[] = Object.keys(readers);

/** As what a voice note is brought to a channel. */
export const voiceNoteType = 'audio/ogg; codecs=opus';

const conversionsAtOnce = 1;
const deadlineMs = 60_000;
const mostMemory = 1024 ** 3;
const keptWords = 500;
/** What kept ffmpeg from saying what it can write may be over by then. */
const probeAgainMs = 60_000;

export interface VoiceNotes {
  /** Whether ffmpeg is here, and can write opus. Where not, it is asked again after a minute. */
  available(): Promise<boolean>;
  /**
   * The audio of a file as a voice note of at most so many bytes, in the spool; undefined where it cannot be read, is too
   * long, or takes too long.
   * @throws the reason of the signal, and what the spool throws
   */
  make(path: string, mimeType: string, limitBytes: number, signal: AbortSignal): Promise<Spooled | undefined>;
}

export interface VoiceNoteNeeds {
  /** The whole path of ffmpeg, and of prlimit; undefined where they are not here. */
  ffmpeg: string | undefined;
  prlimit: string | undefined;
  spool: Spool;
  clock: Pick<Clock, 'elapsed'>;
  log: Logger;
  /** How long a conversion may take; a minute if not given. */
  deadlineMs?: number | undefined;
}

/** Whether these first bytes are those of a voice note: ogg with opus, on one channel of sound. */
export const isVoiceNote = (head: Buffer): boolean =>
  head.toString('latin1', 0, 4) === 'OggS' && head.toString('latin1', 28, 36) === 'OpusHead' && head[37] === 1;

/** Makes voice notes, one after the other. */
export function openVoiceNotes(needs: VoiceNoteNeeds): VoiceNotes {
  const { ffmpeg, spool, clock, log } = needs;
  const pass = gate(conversionsAtOnce);
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
      log.warn({ err: error, program }, 'ffmpeg cannot be started; there are no voice notes made for a minute');
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
      // Not in our process group: a signal from the terminal would make it look as if the file were at fault.
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
      log.info({ code, said: said.slice(0, keptWords) }, 'ffmpeg could not make a voice note of a file');
    } catch (error) {
      child.kill('SIGKILL');
      await ended.catch(() => {});
      await made?.remove();
      signal.throwIfAborted();
      if (!over.aborted && !(error instanceof AppError && error.code === 'media_too_large')) throw error;
      log.info({ code: over.aborted ? 'deadline' : 'too_large' }, 'ffmpeg could not make a voice note of a file');
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

/** Messages and requests go first. */
function lower(pid: number): void {
  try {
    setPriority(pid, 10);
  } catch {
    // It has ended already, or this system does not let us.
  }
}

/** The words of the call. Nothing in them comes from outside but the path, which is one of the spool. */
function commandOf({ ffmpeg = '', prlimit }: VoiceNoteNeeds, path: string, reader: string): string[] {
  // It writes into a pipe, so that no file of its own can be left; --fsize holds it to that.
  const limits = [`--as=${mostMemory}`, '--cpu=60', '--fsize=0', '--core=0'];
  return [
    ...(prlimit === undefined ? [] : [prlimit, ...limits]),
    ffmpeg,
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-max_alloc', String(64 * 1024 * 1024)],
    ...['-protocol_whitelist', 'file', '-format_whitelist', reader, '-codec_whitelist', decoders],
    ...['-threads', '1', '-f', reader, '-i', `file:${path}`],
    // Of the sound only: no picture, no name, no place where it was recorded.
    ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-threads', '1', '-ac', '1', '-ar', '48000', '-c:a', 'libopus', '-b:a', '32k', '-application', 'voip'],
    // The same bytes each time, whoever makes them.
    ...['-fflags', '+bitexact', '-flags:a', '+bitexact', '-f', 'ogg', 'pipe:1'],
  ];
}
