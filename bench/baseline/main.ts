// The usual design as a process: an API, a worker, or both.
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { accessTokens } from '../../server/features/auth/index.ts';
import { realClock } from '../../server/kit/time.ts';
import { baselineApi } from './api.ts';
import type { BaselineSettings } from './settings.ts';
import { baselineWorker } from './worker.ts';

const settings: BaselineSettings = JSON.parse(process.argv[3] ?? '');
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 20 });
pool.on('error', error => console.error(error));
const redis = () => {
  const client = new Redis(settings.redisUrl, { maxRetriesPerRequest: null });
  client.on('error', error => console.error(error));
  return client;
};

if (settings.roles.includes('worker')) {
  const worker = baselineWorker(pool, redis(), settings.channelUrl, settings.concurrency);
  worker.on('error', error => console.error(error));
}
if (settings.roles.includes('api')) {
  const queue = new Queue('send', { connection: redis() });
  queue.on('error', error => console.error(error));
  const app = baselineApi(accessTokens(settings.secretKey, realClock), settings.appSecret, pool, queue);
  await app.listen({ port: settings.port, host: '127.0.0.1' });
}
console.log('the baseline is ready');
process.once('SIGTERM', () => process.exit(0));
