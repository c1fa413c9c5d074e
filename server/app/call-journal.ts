// The call journal: a line on this machine before each call. After a kill it proves which calls never began.
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallJournal } from '../features/sending/index.ts';
import type { Logger } from '../kit/log.ts';

const head = z.strictObject({ boot: z.string().min(1), runner: z.string().min(1) });

/** The calls that a dead process had begun. Its other attempts never began. */
export interface EarlierCalls {
  runner: string;
  begun: string[];
}

const fileIn = (dataDir: string) => join(dataDir, 'calls.journal');
const largest = 1_000_000;

/** The id of the machine's current boot; undefined if the system has none that we know. */
export function bootOfMachine(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Reads the journal of the previous process. Undefined if it proves nothing: it is missing, its header cannot be
 * read, or the machine rebooted since, which may lose unsynced lines.
 */
export function earlierCalls(dataDir: string, boot: string | undefined): EarlierCalls | undefined {
  try {
    const [first = '', ...lines] = readFileSync(fileIn(dataDir), 'utf8').split('\n');
    const written = head.parse(JSON.parse(first));
    return written.boot === boot ? { runner: written.runner, begun: lines.filter(Boolean) } : undefined;
  } catch {
    // A broken journal proves nothing: the attempts stay unknown.
    return undefined;
  }
}

/** Starts the journal of this process and replaces the previous one. */
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

  /** Replaces the file atomically: readers find either the new journal with the open calls, or the old one. */
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

  /** A journal with a gap would prove something false, so delete it. */
  function giveUp(error: unknown): void {
    rmSync(path, { force: true });
    log.error({ err: error }, 'the call journal cannot be written; calls interrupted by a kill will be unknown');
    if (file !== undefined) closeSync(file);
    file = undefined;
  }

  function beginAnew(): void {
    try {
      write();
      log.info('the call journal can be written again');
    } catch {
      // Calls go on without a journal; giveUp has logged that.
    }
  }

  /** Drops the lines of finished calls. */
  function shorten(): void {
    try {
      write();
    } catch {
      // No space for a second file. The long one is complete too.
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
      // Synchronous: the line reaches the system before the call can begin.
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

/** A disk that fills up may take only part of a write, without an error. */
function writeWhole(file: number, bytes: Buffer): void {
  const written = writeSync(file, bytes);
  if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes could be written`);
}
