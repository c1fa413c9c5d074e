// Streams and sockets, and the transport of presence between processes.
import { createAdapter as createPostgresAdapter } from '@socket.io/postgres-adapter';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { personName } from '../features/auth/index.ts';
import { type AdapterFactory, openRealtime } from '../features/realtime/index.ts';
import { endPool, noteLosses } from '../kit/db/database.ts';
import type { Server } from '../kit/http/routes.ts';
import type { Logger } from '../kit/log.ts';
import { openRedis } from '../kit/net/redis-address.ts';
import type { Api } from './feature.ts';

interface Carrier {
  adapter: AdapterFactory;
  close(): Promise<void>;
}

/** Adds streams and sockets to the server. */
export async function addRealtime(
  server: Server,
  { process: { context }, connecting, beforeServer }: Api,
): Promise<void> {
  const { config, foundation, engineDb, overrides, log } = context;
  const carrier = config.redisUrl
    ? await redisCarrier(config.redisUrl, log)
    : postgresCarrier(foundation.connection, log);
  const realtime = openRealtime(server, {
    ...context,
    ...connecting,
    nameOf: id => personName(engineDb, id),
    adapter: carrier.adapter,
    limit: config.connectionLimit,
    random: overrides.random ?? Math.random,
  });
  beforeServer(async () => {
    await realtime.close();
    await carrier.close();
  });
}

const channelPrefix = 'recado_presence';

/** Our messages need no table: they are far below the 8,000 bytes of a notification. */
const neverMs = 2_147_483_647;

/** Notifications of PostgreSQL. */
function postgresCarrier(connection: pg.PoolConfig, log: Logger): Carrier {
  const pool = new pg.Pool({ ...connection, application_name: 'recado presence', max: 2 });
  noteLosses(pool, error => log.debug({ err: error }, 'a connection of presence was lost'));
  /** The connections that the adapter has. */
  const lentOut = new Set<pg.PoolClient>();
  pool.on('release', (_error, client) => lentOut.delete(client));
  let isClosing = false;
  const never = new Promise<pg.PoolClient>(() => {});
  // The adapter would keep a connection that it gets while it closes, and the pool would wait for it.
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    if (isClosing) {
      client.release();
      return never;
    }
    lentOut.add(client);
    // The adapter forgets a connection that was lost, and the pool would wait for it at the stop.
    client.once('end', () => client.release(true));
    return client;
  };
  const lent = { connect: () => (isClosing ? never : connect()), query: pool.query.bind(pool) };
  return {
    adapter: createPostgresAdapter(lent as unknown as pg.Pool, {
      channelPrefix,
      cleanupInterval: neverMs,
      heartbeatInterval: 60_000,
      heartbeatTimeout: 150_000,
      errorHandler: error => log.debug({ err: error }, 'presence could not be passed on'),
    }),
    async close() {
      isClosing = true;
      // The adapter forgets one that was not listening yet when it was closed.
      for (const client of lentOut) client.removeAllListeners('end').release(true);
      await endPool(pool);
    },
  };
}

/** Redis or Valkey. The adapter sends what it does not keep, such as presence, through publish and subscribe. */
async function redisCarrier(url: string, log: Logger): Promise<Carrier> {
  const [{ createAdapter: createRedisAdapter }, { Redis }] = await Promise.all([
    import('@socket.io/redis-streams-adapter'),
    import('ioredis'),
  ]);
  const clients: Redis[] = [];
  const open = (): Redis => {
    const options = { maxRetriesPerRequest: null, retryStrategy: (times: number) => Math.min(times * 200, 2_000) };
    const redis = openRedis(Redis, url, options);
    redis.on('error', error => log.debug({ err: error }, 'Redis reported an error'));
    redis.duplicate = open;
    // The adapter does not wait for these.
    for (const name of ['publish', 'subscribe'] as const) {
      const command = redis[name].bind(redis) as (...args: unknown[]) => Promise<unknown>;
      Object.assign(redis, {
        [name]: (...args: unknown[]) =>
          command(...args).catch(error => log.debug({ err: error }, 'presence could not be passed on')),
      });
    }
    clients.push(redis);
    return redis;
  };
  return {
    adapter: createRedisAdapter(open(), { streamName: channelPrefix, channelPrefix }),
    async close() {
      for (const client of clients) client.disconnect();
    },
  };
}
