// Opens what every process needs first: the data folder, the database and the secret key.
import type pg from 'pg';
import { StartError } from '../../kit/start-error.ts';
import type { Config } from '../config/config.ts';
import { DataDirInUse, openDataDir } from '../config/data-dir.ts';
import { keptSecretKey } from '../config/secret-key.ts';
import { apiLogin } from './api-login.ts';
import { type DiskRoom, watchStorage } from './disk-space.ts';
import { type EmbeddedPostgresLog, findRunningPostgres, hasCluster } from './embedded-postgres/index.ts';
import { keepPostgresRunning } from './embedded-postgres/keep-running.ts';

export interface Foundation {
  connection: pg.ClientConfig;
  /** For request handlers: the login may only be recado_api, unless an external database has no such login. */
  apiConnection: pg.ClientConfig;
  /** A replica for lists. */
  readConnection?: pg.ClientConfig | undefined;
  secretKey: string;
  earlierKeys: string[];
  /** Whether only this process uses the database, so that any claim in it belongs to a dead process. */
  alone: boolean;
  /** The disk of the embedded database. */
  storage: DiskRoom | undefined;
  /** Resolves with a sentence if the embedded database died and cannot, or must not, be restarted. */
  broken: Promise<string>;
  close(): Promise<void>;
}

const asApiLogin = (connection: pg.ClientConfig): pg.ClientConfig => ({ ...connection, user: apiLogin });

/**
 * Opens the embedded database in the data folder, or the one of DATABASE_URL.
 * @throws StartError, or the reason of `stop`
 */
export async function openFoundation(
  config: Config,
  log: EmbeddedPostgresLog,
  stop?: AbortSignal,
): Promise<Foundation> {
  if (config.databaseUrl) {
    if (!config.secretKey) throw new StartError('DATABASE_URL requires SECRET_KEY.');
    const to = (connectionString: string) => ({ connectionString, throughPooler: config.databasePooler });
    return {
      connection: to(config.databaseUrl),
      apiConnection: to(config.apiDatabaseUrl ?? config.databaseUrl),
      readConnection: config.readDatabaseUrl === undefined ? undefined : to(config.readDatabaseUrl),
      secretKey: config.secretKey,
      earlierKeys: config.earlierSecretKeys,
      alone: false,
      storage: undefined,
      broken: new Promise(() => {}),
      close: async () => {},
    };
  }
  const dataDir = await openDataDir(config.dataDir);
  let storage: DiskRoom | undefined;
  try {
    const watched = await watchStorage(dataDir.path, log);
    storage = watched;
    // Create the key before the database: if the first start is interrupted in between, the next one creates both.
    const isFirst = !(await hasCluster(dataDir.path));
    const secretKey = config.secretKey ?? (await keptSecretKey(dataDir.path, isFirst, log));
    const postgres = await keepPostgresRunning({
      dataDir: dataDir.path,
      log,
      isFull: watched.isFull,
      lock: dataDir,
      stop,
    });
    return {
      connection: postgres.connection,
      apiConnection: asApiLogin(postgres.connection),
      secretKey,
      earlierKeys: config.earlierSecretKeys,
      alone: true,
      storage: watched,
      broken: postgres.broken,
      async close() {
        await postgres.stop();
        watched.close();
        await dataDir.close();
      },
    };
  } catch (error) {
    storage?.close();
    await dataDir.close();
    throw error;
  }
}

/**
 * The same for a command that runs beside the program. It joins the database of a running Recado, or starts the
 * embedded one while the command runs.
 * @throws StartError, also if there is no database yet
 */
export async function joinFoundation(
  config: Config,
  log: EmbeddedPostgresLog,
  stop?: AbortSignal,
): Promise<Foundation> {
  if (!config.databaseUrl && !(await hasCluster(config.dataDir)))
    throw new StartError(
      `There is no database in ${config.dataDir}: set DATA_DIR to the data folder of your Recado, or DATABASE_URL to its PostgreSQL.`,
    );
  try {
    return await openFoundation(config, log, stop);
  } catch (error) {
    if (!(error instanceof DataDirInUse)) throw error;
    const connection = await findRunningPostgres(config.dataDir);
    const secretKey = config.secretKey ?? (await keptSecretKey(config.dataDir, false, log));
    return {
      connection,
      apiConnection: asApiLogin(connection),
      secretKey,
      earlierKeys: config.earlierSecretKeys,
      alone: false,
      storage: undefined,
      broken: new Promise(() => {}),
      close: async () => {},
    };
  }
}
