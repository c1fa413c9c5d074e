// Notices a database that went back: by a snapshot, a point-in-time recovery, or a standby without the last commits. It
// does not know what was sent since, and would send it again.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { z } from 'zod';
import { queryable } from '../../kit/db/database.ts';
import { isBehind, type WalPosition } from '../../kit/db/wal-position.ts';
import type { Logger } from '../../kit/log.ts';
import { reasonOf, StartError } from '../../kit/start-error.ts';
import { findPosition, isRecoveredSince } from './step-back-store.ts';

const fileIn = (dataDir: string) => join(dataDir, 'wal-position');

const position = z.strictObject({
  system: z.string(),
  timeline: z.int(),
  lsn: z.string().regex(/^\d+$/),
  at: z.string().refine(text => !Number.isNaN(Date.parse(text))),
});

const sentenceOf = ({ at }: WalPosition) =>
  `The database is behind what Recado saw of it at ${new Date(at).toISOString()}: it came back from a snapshot or a recovery, or lost commits in a failover. So that nothing is sent twice, stop every Recado on it, run npx recado recovered once, and start again.`;

/** What this machine last saw; undefined where nothing is known. */
function lastSeen(dataDir: string): WalPosition | undefined {
  try {
    return position.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch {
    // A missing or broken file proves nothing.
    return undefined;
  }
}

/** @throws StartError where the database is behind what this machine saw of it, and nobody has dealt with that */
export async function rejectStepBack(client: pg.Client, dataDir: string): Promise<void> {
  const seen = lastSeen(dataDir);
  const now = seen && (await findPosition(queryable(client)));
  if (!now || !isBehind(now, seen) || (await isRecoveredSince(client, new Date(seen.at)))) return;
  throw new StartError(sentenceOf(seen));
}

/** One a second: as many as the minute in which a process remembers its calls. */
const remembered = 60;

export interface StepBackWatch {
  /** Takes a position, which a COMMIT has proven. */
  saw(position: WalPosition): void;
  /** Resolves with a sentence if the database went back further than this process remembers. */
  broken: Promise<string>;
}

/** Watches the positions of the database, and writes them into the data folder. `onLost` may deal with the last minute. */
export function watchStepBack(dataDir: string, log: Logger, onLost: () => void): StepBackWatch {
  let seen: WalPosition[] = [];
  let hasFolder = false;
  let mayWrite = true;
  let giveUp: (sentence: string) => void = () => {};
  const broken = new Promise<string>(resolve => {
    giveUp = resolve;
  });

  function write(text: string): void {
    const path = fileIn(dataDir);
    const draft = `${path}.${process.pid}`;
    try {
      if (!hasFolder) mkdirSync(dataDir, { recursive: true });
      hasFolder = true;
      writeFileSync(draft, text, { mode: 0o600 });
      renameSync(draft, path);
      mayWrite = true;
    } catch (error) {
      if (mayWrite)
        log.warn(
          `DATA_DIR cannot be written (${reasonOf(error)}): a start does not notice a database that went back to a snapshot`,
        );
      mayWrite = false;
    }
  }

  return {
    broken,
    saw(now) {
      const [oldest, newest] = [seen[0], seen.at(-1)];
      if (oldest && isBehind(now, oldest)) return giveUp(sentenceOf(oldest));
      if (newest && isBehind(now, newest)) {
        log.error({ seen: newest, now }, 'the database went back: it lost commits of the last minute');
        seen = seen.filter(known => !isBehind(now, known));
        onLost();
      }
      seen.push(now);
      if (seen.length > remembered) seen.shift();
      write(JSON.stringify(now));
    },
  };
}
