// Sends wake-ups through BullMQ: on PostgreSQL, or on Redis or Valkey by configuration.
import { createPostgresBackend, type PostgresConnectionOptions, Queue, Worker } from 'bullmq';
import type pg from 'pg';
import type { WakeupTransport } from '../engine/wakeups.ts';
import { newPool } from '../kit/db/connect.ts';
import { endPool, noteLosses, plainDates } from '../kit/db/database.ts';
import type { Logger } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { reasonOf, StartError } from '../kit/start-error.ts';
import { type WatchedRedis, watchRedis } from './watched-redis.ts';

/**
 * Wake-ups in the database: two listening connections a kind, and a few shared ones. Wake-ups may be lost, so commits
 * do not wait for the disk.
 */
export function postgresTransport(connection: pg.PoolConfig, kinds: number, log: Logger): WakeupTransport {
  const pool = newPool({
    ...connection,
    application_name: 'recado wake-ups',
    max: kinds * 2 + 4,
    options: `-c search_path=bullmq ${plainDates} -c synchronous_commit=off`,
  });
  pool.setMaxListeners(50);
  // BullMQ types a pool with an index signature that node-postgres' types lack.
  const shared = pool as unknown as PostgresConnectionOptions;
  noteLosses(pool, error => log.debug({ err: error }, 'a connection for wake-ups was lost'));
  return {
    connections: pool.options.max,
    queue: name => new Queue(name, { connection: shared }, createPostgresBackend) as unknown as Queue,
    worker: (name, process, options) =>
      new Worker(name, process, { connection: shared, ...options }, createPostgresBackend) as unknown as Worker,
    refusal: why =>
      new StartError(
        `The connections for wake-ups could not be opened (${why}): let the database accept ${pool.options.max} more connections per process, or set REDIS_URL to send wake-ups through Redis or Valkey.`,
      ),
    close: () => endPool(pool),
  };
}

export interface RedisSettings {
  url: string;
  /** The variables that set the address. */
  variables: string;
}

/**
 * Wake-ups in Redis or Valkey.
 * @throws StartError if it cannot be reached, or would evict keys when its memory is full
 */
export async function redisTransport(
  settings: RedisSettings,
  metrics: Pick<Metrics, 'redisUp'>,
  log: Logger,
): Promise<WakeupTransport> {
  const watched = watchRedis(settings.url, metrics, log);
  const { redis } = watched;
  await rejectUnsupported(watched, settings.variables);
  return {
    connections: 0,
    queue: name => new Queue(name, { connection: redis, prefix: 'recado' }),
    worker: (name, process, options) => new Worker(name, process, { connection: redis, prefix: 'recado', ...options }),
    refusal: why =>
      new StartError(
        `The Redis connections for wake-ups could not be opened (${why}): check ${settings.variables} and its maxclients, or unset the REDIS_ variables to use PostgreSQL.`,
      ),
    async close() {
      watched.close();
    },
  };
}

async function rejectUnsupported({ redis, connect, close }: WatchedRedis, variables: string): Promise<void> {
  let policy: string | undefined;
  try {
    await connect();
    policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  } catch (error) {
    close();
    throw new StartError(
      `Redis cannot be reached (${reasonOf(error)}): check ${variables}, or unset the REDIS_ variables to use PostgreSQL.`,
    );
  }
  if (policy !== undefined && policy !== 'noeviction') {
    close();
    throw new StartError(
      `Redis has maxmemory-policy ${policy} and would drop wake-ups when its memory is full: set it to noeviction.`,
    );
  }
}
