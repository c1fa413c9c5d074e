// Backup: all that is kept, as one moment has it, in one file, beside a program that goes on working.
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
import { beginSnapshot, connect, copyOut, endSnapshot, hasSchema, readCatalog } from './schema-store.ts';

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
  /** The data folder of the embedded database; undefined with another one. */
  dataDir: string | undefined;
  /** Where the contents of media are; undefined leaves them out. */
  stores: Pick<Stores, 'open'> | undefined;
  progress: (header: BackupHeader) => { onRows: OnRows; onContent: OnContent };
  /** Told of each table that was counted, and of each content that its store does not have as it should be. */
  tell: (line: string) => void;
  signal: AbortSignal;
  level?: number;
}

export interface BackedUp {
  header: BackupHeader;
  bytes: number;
  /** Of the contents of media: those that are in the file, and those that their stores do not have as they should be. */
  contents: number;
  broken: number;
  /** Of the broken ones those that should be there: nobody has deleted them meanwhile, or knows them to be lost. */
  missed: number;
}

/**
 * Writes a backup, in a transaction that only reads and so holds up nobody. It ends before the contents of media are
 * copied, which may take long.
 * @throws CommandError with a sentence for the operator; no file is left then
 */
export async function backUp(options: BackupOptions): Promise<BackedUp> {
  const { stores, signal, tell } = options;
  const client = await connect(options.connection, 'recado backup');
  // What is under way when somebody stops the command, such as a wait for a table or a count, ends with its connection.
  const onAbort = () => void client.end();
  signal.addEventListener('abort', onAbort);
  try {
    signal.throwIfAborted();
    if (!(await hasSchema(client)))
      throw new CommandError('This database holds no Recado: check DATABASE_URL or DATA_DIR.');
    // At the server too.
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
    throw new CommandError(
      `The store of the media did not give what is in it: ${error.message} Nothing is left of this backup.`,
    );
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Where a COPY was broken off, this breaks the connection off too.
    await client.end();
  }
}

async function* nothing(): AsyncGenerator<never> {}
