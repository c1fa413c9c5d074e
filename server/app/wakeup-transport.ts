// BullMQ on PostgreSQL, or on Redis and Valkey by configuration alone.
import { createPostgresBackend, type PostgresConnectionOptions, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { HintCarrier } from '../engine/wakeups.ts';
import type { Logger } from '../kit/log.ts';
import { StartError } from '../kit/start-error.ts';

/** Hints in the database: two connections a kind for listening, and a few to share. They may be lost, so they do not wait for the disk. */
export function postgresCarrier(connection: pg.PoolConfig, kinds: number, log: Logger): HintCarrier {
  const pool = new pg.Pool({
    ...connection,
    application_name: 'recado hints',
    max: kinds * 2 + 4,
    options: '-c search_path=bullmq -c synchronous_commit=off',
  });
  pool.setMaxListeners(50);
  // BullMQ describes a pool loosely, with an index signature that node-postgres' own types lack.
  const shared = pool as unknown as PostgresConnectionOptions;
  pool.on('error', error => log.debug({ err: error }, 'an idle connection of the hint store was lost'));
  return {
    queue: name => new Queue(name, { connection: shared }, createPostgresBackend) as unknown as Queue,
    worker: (name, process, options) =>
      new Worker(name, process, { connection: shared, ...options }, createPostgresBackend) as unknown as Worker,
    refusal: why =>
      new StartError(
        `The connections for hints could not be opened (${why}): let the database take the ${pool.options.max} of each process beside the others, or set REDIS_URL to keep the hints in Redis or Valkey.`,
      ),
    close: () => pool.end(),
  };
}

export interface RedisSettings {
  url: string;
  /** The variables that say where it is. */
  variables: string;
}

/**
 * Hints in Redis or Valkey. @throws StartError where it cannot be reached, or would drop keys when its memory is full.
 */
export async function redisCarrier(settings: RedisSettings, log: Logger): Promise<HintCarrier> {
  const redis = new Redis(settings.url, {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    retryStrategy: times => Math.min(times * 200, 2_000),
  });
  redis.on('error', error => log.debug({ err: error }, 'Redis reported an error'));
  await refuseUnfit(redis, settings.variables);
  return {
    queue: name => new Queue(name, { connection: redis, prefix: 'recado' }),
    worker: (name, process, options) => new Worker(name, process, { connection: redis, prefix: 'recado', ...options }),
    refusal: why =>
      new StartError(
        `The connections for hints to Redis could not be opened (${why}): check ${settings.variables} and its maxclients, or unset what begins with REDIS_ to keep the hints in PostgreSQL.`,
      ),
    async close() {
      redis.disconnect();
    },
  };
}

async function refuseUnfit(redis: Redis, variables: string): Promise<void> {
  let policy: string | undefined;
  try {
    await redis.connect();
    policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  } catch (error) {
    redis.disconnect();
    throw new StartError(
      `Redis cannot be reached (${error instanceof Error ? error.message : String(error)}): check ${variables}, or unset what begins with REDIS_ to keep the hints in PostgreSQL.`,
    );
  }
  if (policy !== undefined && policy !== 'noeviction') {
    redis.disconnect();
    throw new StartError(
      `Redis has maxmemory-policy ${policy} and would drop hints of the queue when its memory is full: set it to noeviction.`,
    );
  }
}
