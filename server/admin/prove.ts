// Proves a backup: restores it into a database of its own, looks at what came out, and removes it again.
import { join } from 'node:path';
import { DataDirInUse } from '../app/config/data-dir.ts';
import type { EmbeddedPostgresLog } from '../app/database/embedded-postgres/index.ts';
import { openProofDatabase } from '../app/database/proof-database.ts';
import { packageRoot } from '../kit/os/package-root.ts';
import type { BackupHeader } from './backup-header.ts';
import { CommandError } from './command-error.ts';
import { type RestoreOptions, restore } from './restore.ts';
import { findDifferences } from './schema-store.ts';

export interface ProveOptions extends Pick<RestoreOptions, 'path' | 'secretKey' | 'earlierKeys' | 'progress' | 'say'> {
  /** Where the database of the proof may be. */
  dataDir: string;
  log: EmbeddedPostgresLog;
  signal: AbortSignal;
}

export interface Proven {
  header: BackupHeader;
  rows: number;
  messages: number;
  /** How long the proof took, in milliseconds. */
  ms: number;
  /** Whether the backup was made with our SECRET_KEY. */
  sameKey: boolean;
}

const lookEveryMs = 250;

/**
 * Proves that a backup can be restored: every byte, all rows and their number, keys and constraints, sequences,
 * transaction ids, and the queue.
 * @throws CommandError with what is wrong. It leaves nothing behind
 */
export async function prove(options: ProveOptions): Promise<Proven> {
  const began = performance.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const database = await openProofDatabase(options.dataDir, options.log, signal).catch(error => {
    if (!(error instanceof DataDirInUse)) throw error;
    throw new CommandError('Another proof is under way: wait for its end.');
  });
  let isFull = false;
  const look = setInterval(async () => {
    if (stop.signal.aborted || (await database.hasRoom())) return;
    isFull = true;
    stop.abort();
  }, lookEveryMs);
  try {
    const { header, sameKey } = await restore({
      ...options,
      connection: database.connection,
      migrations: join(packageRoot, 'migrations'),
      resume: false,
      stores: undefined,
      signal,
      async inspect(client, read) {
        options.say('Comparing what was restored…');
        const differences = await findDifferences(client, read);
        if (differences.length > 0)
          throw new CommandError(
            `${options.path} cannot be trusted, because the restored data is not what it should be: ${differences.join('; ')}. Take another backup, and run npx recado backup --prove on it.`,
          );
      },
    });
    const rows = header.tables.reduce((sum, table) => sum + table.rows, 0);
    const messages = header.tables.find(({ name }) => name === 'message')?.rows ?? 0;
    return { header, rows, messages, ms: Math.round(performance.now() - began), sameKey };
  } catch (error) {
    if (!isFull) throw error;
    throw new CommandError(
      `The disk of ${options.dataDir} has no space for a proof, which leaves 512 MiB free: make room, or prove the backup on another machine.`,
    );
  } finally {
    clearInterval(look);
    await database.close();
  }
}

/** The sentence about a proof that succeeded. */
export const provenWords = (path: string, { messages, ms }: Pick<Proven, 'messages' | 'ms'>): string =>
  `${path} can be restored: ${messages} messages, ${(ms / 1_000).toFixed(1)} s.`;
