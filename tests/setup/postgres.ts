// A PostgreSQL for each worker: a template database is migrated once, and each scenario gets a clone.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../server/app/database/embedded-postgres/index.ts';
import { migrate } from '../../server/kit/db/migrate.ts';
import { packageRoot } from '../../server/kit/os/package-root.ts';
import { until } from '../faults/processes.ts';
import { isInMemory } from './in-memory.ts';

export interface TestPostgres {
  host: string;
  port: number;
  user: string;
  template: string;
  strategy: 'file_copy' | 'wal_log';
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres[];
  }
}

const template = 'scenario_template';

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await Promise.all(Array.from({ length: project.vitest.config.maxWorkers }, startServer));
  project.provide(
    'postgres',
    servers.map(({ given }) => given),
  );
  return async () => {
    await Promise.all(servers.map(({ stop }) => stop()));
  };
}

async function startServer(): Promise<{ given: TestPostgres; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-scenarios-'));
  // The server may run as a different user if we are root.
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({
    dataDir: folder,
    log: { info: () => {}, warn: () => {} },
    maxConnections: 500,
  });
  const { host, port, user } = postgres.connection;
  const client = new pg.Client({ host, port, user, database: 'postgres' });
  await client.connect();
  await client.query(`create database ${template}`);
  // Databases stay until all scenarios have ended: an autovacuum check of each every minute would cost too much.
  await client.query(`alter system set autovacuum_naptime = '1h'`);
  // Nothing here survives a crash of the server: tests of that have a server of their own.
  for (const setting of ['fsync', 'full_page_writes', 'wal_compression'])
    await client.query(`alter system set ${setting} = off`);
  await client.query('select pg_reload_conf()');
  await client.end();
  await migrate({ host, port, user, database: template }, join(packageRoot, 'migrations'));
  // A copy of the files is quicker than one through the log, but syncs everything that is not on the disk yet.
  const strategy = isInMemory(folder) ? 'file_copy' : 'wal_log';
  return {
    given: { host, port, user, template, strategy },
    async stop() {
      await untilProgramsHaveEnded({ host, port, user });
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** vitest ends a worker, and with it the program that its files shared, while it tears this down. */
async function untilProgramsHaveEnded(server: { host: string; port: number; user: string }): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' });
  await client.connect();
  const connected = async () =>
    (await client.query(`select 1 from pg_stat_activity where datname like 'scenario\\_%'`)).rowCount;
  // One that does not end is no reason to keep the run from ending.
  await until('the programs of all scenarios have ended', 10, async () => (await connected()) === 0).catch(() => {});
  await client.end();
}
