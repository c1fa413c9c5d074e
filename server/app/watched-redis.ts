// A connection to Redis or Valkey whose loss, and return, are told once each.
import { Redis } from 'ioredis';
import type { Logger } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { openRedis } from '../kit/net/redis-address.ts';
import { reasonOf } from '../kit/start-error.ts';

export interface WatchedRedis {
  redis: Redis;
  /**
   * Connects for the first time.
   * @throws the reason that Redis gave, such as a wrong password
   */
  connect(): Promise<void>;
  close(): void;
}

/** Opens a connection that repairs itself. It commands nothing until `connect`. */
export function watchRedis(url: string, metrics: Pick<Metrics, 'redisUp'>, log: Logger): WatchedRedis {
  let lastError: unknown;
  let state: 'new' | 'up' | 'down' | 'closed' = 'new';
  const options: Parameters<typeof openRedis>[2] = {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    retryStrategy: times => Math.min(times * 200, 2_000),
    // The first connection fails where no sentinel answers; later ones wait for them.
    sentinelRetryStrategy: times => (state === 'new' ? null : Math.min(times * 200, 2_000)),
  };
  const redis = openRedis(Redis, url, options);
  redis.on('error', error => {
    lastError = error;
    log.debug({ err: error }, 'Redis reported an error');
  });
  redis.on('ready', () => {
    metrics.redisUp.set({ use: 'wakeups' }, 1);
    if (state === 'down') log.warn('Redis answers again');
    state = 'up';
  });
  redis.on('close', () => {
    if (state !== 'up') return;
    state = 'down';
    metrics.redisUp.set({ use: 'wakeups' }, 0);
    log.warn('the connection to Redis was lost; until it answers, messages wait for the sweep, at most a second');
  });
  return {
    redis,
    async connect() {
      try {
        await redis.connect();
      } catch (error) {
        // The connection itself only says that it was closed.
        throw lastError === undefined ? error : new Error(reasonOf(lastError), { cause: error });
      }
    },
    close() {
      state = 'closed';
      redis.disconnect();
    },
  };
}
