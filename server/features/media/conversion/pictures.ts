// Image dimensions and thumbnails, made in a separate process. Not in a thread: only ending a process frees the
// decoder's memory and CPU.
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyedQueue } from '../../../kit/async/keyed-queue.ts';
import { semaphore } from '../../../kit/async/semaphore.ts';
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
  /** A thumbnail as webp. */
  thumbnail: Picture | undefined;
}

export interface Pictures {
  /** Whether images can be processed, as far as we know. */
  available(): boolean;
  /**
   * Dimensions and thumbnail; 'truncated' if the file ends too early; undefined if it is not an image, cannot be
   * decoded, or too many images of the workspace wait. It never throws.
   */
  look(workspaceId: string, path: string, mimeType: string): Promise<Look | 'truncated' | undefined>;
  /**
   * The image as a sticker: webp, 512 × 512, at most 100 KB, or 500 KB if animated. 'fits' if it already is one,
   * 'impossible' if it cannot be converted; undefined if no process can do it now. A patient caller queues even
   * behind many others. It never throws.
   */
  sticker(
    workspaceId: string,
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
  /** Whether it already has the format. */
  fits?: boolean;
  /** Whether the file ends too early. */
  isTruncated?: boolean;
  /** Base64. */
  bytes?: string | undefined;
}

/** The image types that we process. */
export const rasters: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);
const startMs = 10_000;
const jobMs = { thumbnail: 2_000, sticker: 10_000 };
const idleMs = 60_000;
const mostMemory = 512 * 1024 * 1024;
const lookAtMemoryMs = 50;
/** Beyond this many images of a workspace, and this many workspaces, files are stored without processing. */
const mostOfWorkspace = 8;
const mostWorkspaces = 32;
/** A file's header may claim any size. */
const largestEdge = 1_000_000;
/** How long we wait after the process failed to start. */
const restMs = 60_000;
const workerProgram = join(packageRoot, 'dist/features/media/conversion/picture-worker.js');

export interface PictureNeeds {
  clock: Pick<Clock, 'elapsed'>;
  log: Pick<Logger, 'warn'>;
  /** The program to run; our worker by default. */
  program?: string;
}

/** Processes images in a child process, started on demand and stopped when idle. */
export function openPictures({ clock, log, program = workerProgram }: PictureNeeds): Pictures {
  let worker: ChildProcess | undefined;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let closed = false;
  let inTurn = 0;
  const turn = semaphore(1);
  // A workspace has one image in the line for the process, so that workspaces take turns. Patient callers have a line
  // of their own.
  const line = keyedQueue(mostOfWorkspace);
  const patientLine = keyedQueue(Number.POSITIVE_INFINITY);
  let idle: NodeJS.Timeout | undefined;

  const usable = () => clock.elapsed() >= restsUntil;

  function end(): void {
    worker?.kill('SIGKILL');
    worker = undefined;
  }

  async function started(): Promise<ChildProcess | undefined> {
    if (worker) return worker;
    const child = fork(program, {
      // Not in our process group: a terminal's signal is for the server.
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
    // Without the native library it never starts, so do not retry for every file. On a busy machine a later start may
    // succeed.
    restsUntil = clock.elapsed() + restMs;
    log.warn(
      { seconds: restMs / 1_000 },
      'the image process did not start; files are stored without thumbnails until a retry succeeds',
    );
    return undefined;
  }

  /** Undefined if no process can do it now, or the job ended the process. */
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

  /** Jobs run one after the other. Undefined if the line is full. */
  async function queue(
    workspaceId: string,
    job: PictureJob,
    mimeType: string,
    patient = false,
  ): Promise<PictureAnswer | undefined> {
    if (!rasters.has(mimeType)) return undefined;
    return (patient ? patientLine : line)(workspaceId, async () => {
      if (inTurn >= mostWorkspaces && !patient) return undefined;
      inTurn++;
      try {
        return await turn(() => work(job));
      } catch {
        return undefined;
      } finally {
        inTurn--;
      }
    });
  }

  return {
    available: usable,
    async look(workspaceId, path, mimeType) {
      const answer = await queue(workspaceId, { path, make: 'thumbnail' }, mimeType);
      if (answer?.isTruncated) return 'truncated';
      if (!isEdge(answer?.width) || !isEdge(answer.height)) return undefined;
      return { width: answer.width, height: answer.height, thumbnail: pictureOf(answer) };
    },
    async sticker(workspaceId, path, mimeType, { patient } = {}) {
      if (!rasters.has(mimeType)) return 'impossible';
      const answer = await queue(workspaceId, { path, make: 'sticker' }, mimeType, patient);
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

/** The child's next message; undefined if it ends, takes too long, or uses too much memory. */
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

/** A process's resident memory; 0 if the system does not tell. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const words = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(words.split(' ')[1] ?? 0) * 4096;
}
