// The call journal: a line on this machine before each call, so that after a kill we can tell which calls never began.
import { closeSync, ftruncateSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallJournal } from '../features/messages/index.ts';
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
  const draft = `${path}.${process.pid}`;
  let file: number | undefined = openSync(draft, 'a', 0o600);
  writeSync(file, first);
  renameSync(draft, path);
  let size = first.length;
  let open = 0;

  /** A journal with a gap would prove what is not so: rather none at all. */
  function giveUp(error: unknown): void {
    log.error({ err: error }, 'the call journal cannot be written; calls cut off by a kill will be unknown');
    rmSync(path, { force: true });
    if (file !== undefined) closeSync(file);
    file = undefined;
  }

  return {
    begin(token) {
      open++;
      if (file === undefined) return;
      try {
        // Synchronous: it has left the process before the call can begin.
        size += writeSync(file, `${token}\n`);
      } catch (error) {
        giveUp(error);
      }
    },
    end() {
      open--;
      if (file === undefined || open > 0 || size < largest) return;
      try {
        ftruncateSync(file, first.length);
        size = first.length;
      } catch (error) {
        giveUp(error);
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
