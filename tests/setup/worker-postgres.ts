// The PostgreSQL that the scenarios of this worker use.
import { inject } from 'vitest';
import type { TestPostgres } from './postgres.ts';

/**
 * The server of this worker. Each has one of its own: a transaction hides the later events of all databases of a
 * server, so a long one of another file would delay them here.
 */
export function workerPostgres(): TestPostgres {
  const servers = inject('postgres');
  const server = servers[(Number(process.env.VITEST_POOL_ID) - 1) % servers.length];
  if (!server) throw new Error(`no server for the worker ${process.env.VITEST_POOL_ID}`);
  return server;
}
