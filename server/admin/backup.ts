// Backup: all that is kept, as one moment has it, in one file, beside a program that goes on working.
import type pg from 'pg';
import { deriveText } from '../kit/secrets.ts';
import { type BackupHeader, headerOf, type OnRows, writeBackup } from './backup-file.ts';
import { CommandError } from './command-error.ts';
import { beginSnapshot, connect, copyOut, hasSchema, readCatalog } from './schema-store.ts';

// Of 1 to 9. Random ids leave gzip little to find: on 1.25 million rows, 1 to 6 took 9 to 14 s and gave 45 MB each.
const gzipLevel = 4;

/** Shows whether two keys are the same, and nothing else of them. */
export const fingerprintOf = (secretKey: string): string => deriveText(secretKey, 'backup fingerprint').slice(0, 16);

export interface BackupOptions {
  connection: pg.ClientConfig;
  secretKey: string;
  /** The version of the program. */
  version: string;
  path: string;
  progress: (header: BackupHeader) => OnRows;
  signal: AbortSignal;
  level?: number;
}

/**
 * Writes a backup, in a transaction that only reads and so holds up nobody.
 * @throws CommandError with a sentence for the operator; no file is left then
 */
export async function backUp(options: BackupOptions): Promise<{ header: BackupHeader; bytes: number }> {
  const client = await connect(options.connection, 'recado backup');
  try {
    if (!(await hasSchema(client)))
      throw new CommandError('This database holds no Recado: check DATABASE_URL or DATA_DIR.');
    await beginSnapshot(client);
    const header = headerOf({
      recado: options.version,
      created_at: new Date().toISOString(),
      secret_key: fingerprintOf(options.secretKey),
      ...(await readCatalog(client)),
    });
    const { bytes } = await writeBackup({
      path: options.path,
      header,
      rowsOf: table => copyOut(client, table),
      level: options.level ?? gzipLevel,
      onRows: options.progress(header),
      signal: options.signal,
    });
    return { header, bytes };
  } finally {
    // Where a COPY was broken off, this breaks the connection off too.
    await client.end();
  }
}
