// The call journal: a line on this machine before each call, so that after a kill we can tell which calls never began.
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallJournal } from '../features/sending/index.ts';
import type { Logger } from '../kit/log.ts';

const head = z.strictObject({ boot: z.string().min(1), runner: z.string().min(1) });

/** What a process that is gone had begun. Of its attempts, those that are not here never began. */
export interface EarlierCalls {
  runner: string;
  begun: string[];
}

const fileIn = (dataDir: string) => join(dataDir, 'calls.journal');
const largest = 1_000_000;

/** The name of this run of the machine; undefined where the system has none that we know. */
export function bootOfMachine(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * What the journal of the process before us says. Undefined where it proves nothing: there is none, its beginning cannot
 * be read, or the machine was started anew since, so that lines may have been lost that had not reached the disk.
 */
export function earlierCalls(dataDir: string, boot: string | undefined): EarlierCalls | undefined {
  try {
    const [first = '', ...lines] = readFileSync(fileIn(dataDir), 'utf8').split('\n');
    const written = head.parse(JSON.parse(first));
    return written.boot === boot ? { runner: written.runner, begun: lines.filter(Boolean) } : undefined;
  } catch {
    // Whatever is wrong with it, it proves nothing, and the attempts stay unknown.
    return undefined;
  }
}

/** Begins the journal of this process in place of the one before. */
export function openCallJournal(
  dataDir: string,
  boot: string,
  runner: string,
  log: Logger,
): CallJournal & { close(): void } {
  const path = fileIn(dataDir);
  const first = `${JSON.stringify({ boot, runner })}\n`;
  const open = new Set<string>();
  let size = 0;
  let limit = largest;
  let closed = false;
  let file: number | undefined;
  write();

  /** In place of the one that is there: a whole one with the calls that are open, or the one that was. */
  function write(): void {
    const draft = `${path}.${process.pid}`;
    rmSync(draft, { force: true });
    const begun = openSync(draft, 'a', 0o600);
    try {
      const bytes = Buffer.from(first + [...open].map(lineOf).join(''));
      writeWhole(begun, bytes);
      renameSync(draft, path);
      size = bytes.length;
    } catch (error) {
      closeSync(begun);
      rmSync(draft, { force: true });
      throw error;
    }
    if (file !== undefined) closeSync(file);
    file = begun;
    limit = Math.max(largest, 2 * size);
  }

  /** A journal with a gap would prove what is not so: rather none at all. */
  function giveUp(error: unknown): void {
    rmSync(path, { force: true });
    log.error({ err: error }, 'the call journal cannot be written; calls cut off by a kill will be unknown');
    if (file !== undefined) closeSync(file);
    file = undefined;
  }

  function beginAnew(): void {
    try {
      write();
      log.info('the call journal is written again');
    } catch {
      // As before: the calls go on without it, which was told when it was given up.
    }
  }

  /** Leaves out what is over. */
  function shorten(): void {
    try {
      write();
    } catch {
      // There is no room beside it. The long one has all calls too.
      limit = size + largest;
    }
  }

  function append(to: number, token: string): void {
    try {
      const line = Buffer.from(lineOf(token));
      writeWhole(to, line);
      size += line.length;
    } catch (error) {
      giveUp(error);
    }
  }

  return {
    begin(token) {
      open.add(token);
      if (closed) return;
      // Synchronous: it has left the process before the call can begin.
      if (file !== undefined) append(file, token);
      if (file === undefined) beginAnew();
      else if (size > limit) shorten();
    },
    end(token) {
      open.delete(token);
    },
    close() {
      closed = true;
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

const lineOf = (token: string) => `${token}\n`;

/** A disk that becomes full may take a part of what it is given, without an error. */
function writeWhole(file: number, bytes: Buffer): void {
  const written = writeSync(file, bytes);
  if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes could be written`);
}
