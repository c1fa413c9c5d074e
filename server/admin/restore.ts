// Restore: loads a backup into an empty database in one transaction, so all of it or nothing.
import type pg from 'pg';
import { holdRestoredCampaigns } from '../features/campaigns/index.ts';
import { failRestoredCalls } from '../features/hooks/index.ts';
import { holdRestoredLinks } from '../features/links/index.ts';
import { type Placed, placeContents, StorageError, type Stores } from '../features/media/index.ts';
import { markRestored } from '../features/outcomes/index.ts';
import { queryable } from '../kit/db/database.ts';
import { searchPath } from '../kit/db/function-set.ts';
import { createFunctions } from '../kit/db/functions.ts';
import { applyMigration, type Migration, prepareSchema, readMigrations, rejectOldServer } from '../kit/db/migrate.ts';
import { fingerprintOf } from './backup.ts';
import type { OnContent } from './backup-contents.ts';
import { type BackupHeader, countRows, type OnRows } from './backup-header.ts';
import { type BackupReader, checkBackup, openBackup } from './backup-reader.ts';
import { CommandError } from './command-error.ts';
import { lockSchema } from './schema-lock.ts';
import {
  analyze,
  connect,
  copyIn,
  countPrograms,
  dropForeignKeys,
  dropSchema,
  findData,
  setSequences,
  setTriggers,
} from './schema-store.ts';

export interface RestoreOptions {
  connection: pg.ClientConfig;
  secretKey: string;
  earlierKeys?: readonly string[];
  path: string;
  /** The folder of this program's migrations. */
  migrations: string;
  /** Keeps queued messages queued, for operators who know that nothing was sent since the backup. */
  resume: boolean;
  /** Where media contents go; undefined only reads and checks them. */
  stores: Stores | undefined;
  /** Progress of the two passes over the file. */
  progress: (verb: 'checked' | 'restored', header: BackupHeader) => { onRows: OnRows; onContent: OnContent };
  say: (line: string) => void;
  signal: AbortSignal;
  /** Looks at the rows before anything of them is changed. What it throws ends the restore. */
  inspect?: (client: pg.Client, header: BackupHeader) => Promise<void>;
}

export interface Restored {
  header: BackupHeader;
  /** Migrations that the backup did not have. */
  migrated: string[];
  /** How many messages became unknown, and how many unknown messages now wait for the operator. */
  unknown: number;
  held: number;
  sameKey: boolean;
  /** The result of restoring media contents; undefined if the backup has none. */
  placed: Placed | undefined;
}

/**
 * Loads a backup into an empty database.
 * @throws CommandError with a sentence for the operator; the database is unchanged unless the sentence says otherwise
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  // Two passes: the checksum reports a damaged file before the database rejects its rows.
  options.say(`Checking ${options.path}…`);
  const { broken } = await checkBackup(options.path, header => options.progress('checked', header), options.signal);
  const reader = await openBackup(options.path);
  try {
    const { earlier, later } = divide(options.path, reader.header, await readMigrations(options.migrations));
    const client = await connect(options.connection, 'recado restore');
    // When the operator stops the command, closing the connection ends the statement, and nothing is committed.
    const onAbort = () => void client.end();
    options.signal.addEventListener('abort', onAbort);
    try {
      await rejectOldServer(client);
      // If the command is killed during a long check, the server ends it too, so it does not block the next one.
      await client.query(`set client_connection_check_interval = '2s'`);
      await client.query('begin');
      // A program that starts meanwhile waits for the end of the restore before it reads the schema.
      await lockSchema(client, options.say);
      await rejectUnsupported(client);
      await dropSchema(client);
      await prepareSchema(client);
      for (const migration of earlier) await applyMigration(client, migration);
      await createFunctions(client);
      const placed = await load(client, reader, broken, options);
      for (const migration of later) await applyMigration(client, migration);
      await client.query(`set search_path = ${searchPath}`);
      await options.inspect?.(client, reader.header);
      const tx = queryable(client);
      const marks = await markRestored(tx, options.resume);
      if (!options.resume) {
        await holdRestoredLinks(tx);
        await failRestoredCalls(tx);
      }
      // Whatever the operator says of messages: nobody knows how far a campaign has come since.
      await holdRestoredCampaigns(tx);
      await analyze(client);
      options.signal.throwIfAborted();
      // After this point nobody could say what an abort leaves behind.
      options.signal.removeEventListener('abort', onAbort);
      await commit(client, options.path);
      const sameKey = [options.secretKey, ...(options.earlierKeys ?? [])].some(
        key => fingerprintOf(key) === reader.header.secret_key,
      );
      return { header: reader.header, migrated: later.map(({ name }) => name), ...marks, sameKey, placed };
    } finally {
      options.signal.removeEventListener('abort', onAbort);
      // Without a commit the server rolls everything back.
      await client.end();
    }
  } finally {
    await reader.close();
  }
}

async function commit(client: pg.Client, path: string): Promise<void> {
  try {
    await client.query('commit');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `The database did not confirm the commit (${why}), so ${path} may or may not be restored. Run the same command again. It restores the backup, or reports that the database is not empty; then everything is restored.`,
    );
  }
}

/** Splits the migrations into those that the backup has and later ones. */
function divide(path: string, header: BackupHeader, known: Migration[]): { earlier: Migration[]; later: Migration[] } {
  const newer = header.migrations.find(({ name }) => !known.some(migration => migration.name === name));
  if (newer)
    throw new CommandError(
      `${path} was made by Recado ${header.recado} with a newer schema (it has ${newer.name}, but this Recado's last migration is ${known.at(-1)?.name}): restore it with that version or a later one.`,
    );
  const earlier = known.slice(0, header.migrations.length);
  const other = earlier.find(
    ({ name, checksum }, index) =>
      name !== header.migrations[index]?.name || checksum !== header.migrations[index]?.checksum,
  );
  if (other)
    throw new CommandError(
      `${path} was made by another build of Recado: its migration ${other.name} differs from this one's. Restore it with the Recado ${header.recado} that made it.`,
    );
  return { earlier, later: known.slice(earlier.length) };
}

async function rejectUnsupported(client: pg.Client): Promise<void> {
  const programs = await countPrograms(client);
  if (programs > 0)
    throw new CommandError(
      `A Recado is running on this database (${programs} connections): stop it before you restore.`,
    );
  const found = await findData(client);
  if (found.length > 0)
    throw new CommandError(
      `This database is not empty (it has rows of Recado: ${found.join(', ')}): restore into an empty one. Nothing was changed.`,
    );
}

async function load(
  client: pg.Client,
  reader: BackupReader,
  broken: Set<string>,
  options: RestoreOptions,
): Promise<Placed | undefined> {
  const { header } = reader;
  const { stores } = options;
  const { onRows, onContent } = options.progress('restored', header);
  const putBack = await dropForeignKeys(client);
  // The backup already has the rows that triggers would add.
  for (const { name } of header.tables) await setTriggers(client, name, 'disable');
  for (const table of header.tables)
    await copyIn(
      client,
      table,
      counted(reader.rows(table), (rows, bytes) => onRows(table, rows, bytes)),
    );
  // Before the commit: a stopped restore is repeated on an empty database, and finds the contents stored so far.
  const placed =
    header.media && stores ? await place(client, reader, broken, onContent, { ...options, stores }) : undefined;
  if (header.media && !stores) for await (const _ of reader.contents()) onContent(0, true);
  await reader.finish();
  for (const { name } of header.tables) await setTriggers(client, name, 'enable');
  await setSequences(client, header.sequences);
  options.say('Checking foreign keys…');
  await putBack();
  return placed;
}

async function place(
  client: pg.Client,
  reader: BackupReader,
  broken: Set<string>,
  onContent: OnContent,
  { stores, signal }: { stores: Stores; signal: AbortSignal },
): Promise<Placed> {
  try {
    return await placeContents(queryable(client), stores, reader.contents(), {
      wanted: key => !broken.has(key),
      onPlaced: bytes => onContent(bytes, true),
      signal,
    });
  } catch (error) {
    if (!(error instanceof StorageError) || signal.aborted) throw error;
    throw new CommandError(
      `The store ${stores.current} rejected media contents: ${error.message} The database is unchanged. Contents already in the store stay there, and the next run skips them.`,
    );
  }
}

async function* counted(
  rows: AsyncIterable<Buffer>,
  tell: (rows: number, bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of rows) {
    tell(countRows(chunk), chunk.length);
    yield chunk;
  }
}
