// Looking at images: dimensions and a small picture, made in a process of its own. Not in a thread: what an image makes
// of the decoder's memory and time ends with a process, and only with one.
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../../kit/log.ts';
import { packageRoot } from '../../../kit/os/package-root.ts';
import type { Clock } from '../../../kit/time.ts';

export interface Picture {
  bytes: Buffer;
  sha256: string;
}

export interface Look {
  width: number;
  height: number;
  /** A small picture of it, as webp. */
  thumbnail: Picture | undefined;
}

export interface Pictures {
  /** Whether there is something that can look at images, as far as is known. */
  available(): boolean;
  /** What is to be seen; undefined where it is no image, or one that cannot be looked at. It never throws. */
  look(path: string, mimeType: string): Promise<Look | undefined>;
  /**
   * The image as a sticker: webp, 512 × 512, at most 100 KB, or 500 KB where it moves. 'fits' where it is one already,
   * 'impossible' where none can be made of it; undefined where nothing could look at it now. Who is patient waits its turn
   * however many are before it. It never throws.
   */
  sticker(
    path: string,
    mimeType: string,
    options?: { patient?: boolean },
  ): Promise<Picture | 'fits' | 'impossible' | undefined>;
  close(): void;
}

export interface PictureJob {
  path: string;
  make: 'thumbnail' | 'sticker';
}

export interface PictureAnswer {
  width?: number;
  height?: number;
  /** Whether it is what is wanted already. */
  fits?: boolean;
  /** In base64. */
  bytes?: string | undefined;
}

/** The types that can be looked at. */
export const rasters: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);
const startMs = 10_000;
const jobMs = { thumbnail: 2_000, sticker: 10_000 };
const idleMs = 60_000;
const mostMemory = 512 * 1024 * 1024;
const lookAtMemoryMs = 50;
/** Beyond, files are kept without being looked at. */
const mostWaiting = 32;
/** What is written in the header of a file may be any number. */
const largestEdge = 1_000_000;
/** How long nothing is tried after a process did not start. */
const restMs = 60_000;
const workerProgram = join(packageRoot, 'dist/features/media/conversion/picture-worker.js');

export interface PictureNeeds {
  clock: Pick<Clock, 'elapsed'>;
  log: Pick<Logger, 'warn'>;
  /** What the process runs; ours if not given. */
  program?: string;
}

/** Makes pictures in a process that is started when it is first needed, and ended when it idles. */
export function openPictures({ clock, log, program = workerProgram }: PictureNeeds): Pictures {
  let worker: ChildProcess | undefined;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let closed = false;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  const usable = () => clock.elapsed() >= restsUntil;

  function end(): void {
    worker?.kill('SIGKILL');
    worker = undefined;
  }

  async function started(): Promise<ChildProcess | undefined> {
    if (worker) return worker;
    const child = fork(program, {
      // Not in our process group: a signal from the terminal is for the server.
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: ['--max-old-space-size=128'],
      env: {},
    });
    child.unref();
    child.channel?.unref();
    worker = child;
    child.once('exit', () => {
      if (worker === child) worker = undefined;
    });
    if (await answerOf(child, startMs)) return child;
    end();
    if (closed) return undefined;
    // Without the library for this machine it never starts: there is no use in trying with every file. On a busy machine
    // it may start the next time.
    restsUntil = clock.elapsed() + restMs;
    log.warn(
      { seconds: restMs / 1_000 },
      'what looks at images did not start: files are kept without, and it is tried again',
    );
    return undefined;
  }

  /** Undefined where nothing can look now; what ends the process has no answer in it. */
  async function work(job: PictureJob): Promise<PictureAnswer | undefined> {
    if (closed || !usable()) return undefined;
    clearTimeout(idle);
    const child = await started();
    if (!child) return undefined;
    const answer = answerOf(child, jobMs[job.make]);
    child.send(job, () => {});
    const found = (await answer) as PictureAnswer | undefined;
    if (found === undefined) end();
    idle = setTimeout(end, idleMs).unref();
    return found ?? (closed ? undefined : {});
  }

  /** One after the other. */
  function queue(job: PictureJob, mimeType: string, patient = false): Promise<PictureAnswer | undefined> {
    if (!rasters.has(mimeType) || (waiting >= mostWaiting && !patient)) return Promise.resolve(undefined);
    waiting += 1;
    const mine = last.then(() => work(job)).catch(() => undefined);
    last = mine.finally(() => {
      waiting -= 1;
    });
    return mine;
  }

  return {
    available: usable,
    async look(path, mimeType) {
      const answer = await queue({ path, make: 'thumbnail' }, mimeType);
      if (!isEdge(answer?.width) || !isEdge(answer.height)) return undefined;
      return { width: answer.width, height: answer.height, thumbnail: pictureOf(answer) };
    },
    async sticker(path, mimeType, { patient } = {}) {
      if (!rasters.has(mimeType)) return 'impossible';
      const answer = await queue({ path, make: 'sticker' }, mimeType, patient);
      if (!answer) return undefined;
      return answer.fits ? 'fits' : (pictureOf(answer) ?? 'impossible');
    },
    close() {
      closed = true;
      clearTimeout(idle);
      end();
    },
  };
}

const isEdge = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= largestEdge;

function pictureOf({ bytes: text }: PictureAnswer): Picture | undefined {
  if (!text) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** What it says next; undefined where it ends, takes too long, or grows too large. */
async function answerOf(child: ChildProcess, withinMs: number): Promise<unknown> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), withinMs);
  const watch = setInterval(() => {
    memoryOf(child.pid).then(
      bytes => bytes > mostMemory && over.abort(),
      () => {},
    );
  }, lookAtMemoryMs);
  try {
    return await Promise.race([
      once(child, 'message', { signal: over.signal }).then(([answer]) => answer as unknown),
      once(child, 'exit', { signal: over.signal }).then(() => undefined),
    ]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    over.abort();
  }
}

/** What a process has in memory; 0 where the system does not tell. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const words = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(words.split(' ')[1] ?? 0) * 4096;
}
