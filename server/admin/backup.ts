// Backup: all stored data as of one moment in one file, while the program keeps running.
import type pg from 'pg';
import {
  countContents,
  findContent,
  readStored,
  StorageError,
  type Stores,
  storageKey,
} from '../features/media/index.ts';
import { deriveText } from '../kit/crypto/secrets.ts';
import { queryable } from '../kit/db/database.ts';
import type { ContentToWrite, OnContent } from './backup-contents.ts';
import { writeBackup } from './backup-file.ts';
import { type BackupHeader, headerOf, type OnRows } from './backup-header.ts';
import { CommandError } from './command-error.ts';
import { beginSnapshot, connect, copyOut, demandSchema, endSnapshot, readCatalog } from './schema-store.ts';

// 1 to 9. Random ids leave gzip little to find: with 1.25 million rows, levels 1 to 6 took 9 to 14 s and gave 45 MB
// each.
const gzipLevel = 4;

/** Shows whether two keys are equal, and reveals nothing else. */
export const fingerprintOf = (secretKey: string): string => deriveText(secretKey, 'backup fingerprint').slice(0, 16);

export interface BackupOptions {
  connection: pg.ClientConfig;
  secretKey: string;
  /** The version of the program. */
  version: string;
  path: string;
  /** The data folder of the embedded database; undefined for an external one. */
  dataDir: string | undefined;
  /** Where media contents are; undefined leaves them out. */
  stores: Pick<Stores, 'open'> | undefined;
  progress: (header: BackupHeader) => { onRows: OnRows; onContent: OnContent };
  /** Called for each counted table, and for each content that its store does not have intact. */
  tell: (line: string) => void;
  signal: AbortSignal;
  level?: number;
}

export interface BackedUp {
  header: BackupHeader;
  bytes: number;
  /** Media contents: how many are in the file, and how many their stores do not have intact. */
  contents: number;
  broken: number;
  /** The broken ones that should exist: not deleted meanwhile, and not known to be lost. */
  missed: number;
}

/**
 * Writes a backup in a read-only transaction, which blocks nobody. The transaction ends before the media contents are
 * copied, which may take long.
 * @throws CommandError with a sentence for the operator; no file is left then
 */
export async function backUp(options: BackupOptions): Promise<BackedUp> {
  const { stores, signal, tell } = options;
  const client = await connect(options.connection, 'recado backup');
  // When the operator stops the command, closing the connection ends a running wait or count.
  const onAbort = () => void client.end();
  signal.addEventListener('abort', onAbort);
  try {
    signal.throwIfAborted();
    await demandSchema(client);
    // So that the server notices the closed connection too.
    await client.query(`set client_connection_check_interval = '2s'`);
    const taken = await beginSnapshot(client);
    const db = queryable(client);
    const there = await countContents(db);
    const header = headerOf({
      recado: options.version,
      created_at: new Date().toISOString(),
      secret_key: fingerprintOf(options.secretKey),
      media: stores ? { contents: there.count, bytes: there.bytes } : null,
      ...(await readCatalog(client, ({ name, rows }) => {
        if (rows > 0) tell(`counted ${name}: ${rows} rows`);
      })),
    });
    let [contents, broken, missed] = [0, 0, 0];
    async function* stored(from: Pick<Stores, 'open'>): AsyncGenerator<ContentToWrite> {
      await endSnapshot(client);
      for await (const { content, pieces } of readStored(db, from, taken, signal)) {
        contents += 1;
        let why: string | undefined;
        const onProblem = (found: string) => {
          why = found;
        };
        yield { content, pieces, onProblem };
        if (why === undefined) continue;
        broken += 1;
        tell(`not whole: ${content.store} ${storageKey(content.workspaceId, content.sha256)} (${why})`);
        if (await findContent(db, content)) missed += 1;
      }
    }
    const { bytes } = await writeBackup({
      path: options.path,
      dataDir: options.dataDir,
      header,
      rowsOf: table => copyOut(client, table),
      contents: () => (stores ? stored(stores) : nothing()),
      level: options.level ?? gzipLevel,
      ...options.progress(header),
      signal,
    });
    return { header, bytes, contents: contents - broken, broken, missed };
  } catch (error) {
    if (!(error instanceof StorageError) || signal.aborted) throw error;
    throw new CommandError(`The media store could not be read: ${error.message} This backup was deleted.`);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // If a COPY was aborted, this closes the connection too.
    await client.end();
  }
}

async function* nothing(): AsyncGenerator<never> {}
