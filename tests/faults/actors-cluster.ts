// An api and two workers on one PostgreSQL behind a proxy, and a separate simulator: faults can hit each of them.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../server/app/database/embedded-postgres/index.ts';
import { placeCluster } from '../setup/cluster.ts';
import type { Actors, Fault } from './actors.ts';
import type { Store } from './actors-alone.ts';
import { startClusterPrograms } from './cluster-programs.ts';
import type { Part } from './part.ts';
import { endPostgres, pause, postmasterOf, sendSignal, until } from './processes.ts';
import { makeFolder } from './program.ts';
import { cutTargets, type DatabaseProxy, startProxy } from './proxy.ts';
import { startFaultyRedis } from './redis.ts';

/** The lease of a call is 25 s; no setting changes it. */
const longerThanTheLeaseMs = 28_000;

export async function actorsCluster(store: Store): Promise<Actors> {
  const folder = await makeFolder();
  const closers: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 10 }),
    () => endPostgres(join(folder, 'database/postgres')),
  ];
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    await placeCluster(join(folder, 'database'));
    const database = databaseIn(join(folder, 'database'));
    const { host } = await database.start();
    const proxy = await startProxy(join(host, '.s.PGSQL.5432'));
    closers.push(proxy.close);
    let workers: Part[] = [];
    const holdWorkers = (signal: NodeJS.Signals) => {
      for (const worker of workers) worker.signal(signal);
    };
    const redis = store === 'redis' ? await startFaultyRedis(folder, holdWorkers) : undefined;
    if (redis) closers.push(redis.close);

    const programs = await startClusterPrograms(
      folder,
      {
        DATABASE_URL: `postgresql://recado@127.0.0.1:${proxy.port}/recado`,
        ...(redis && { REDIS_URL: redis.url }),
      },
      closers,
    );
    workers = programs.workers;
    const [one, two] = programs.workers;
    return {
      name: 'an api and two workers',
      ...programs,
      connection: () => ({ host, user: 'recado', database: 'recado' }),
      faults: [
        killed('api', 5, programs.api),
        { ...killed('worker 1', 6, one), endsCalls: true },
        { ...killed('worker 2', 6, two), endsCalls: true },
        ...stopped(workers),
        { ...killed('channel', 2, programs.simulator), endsCalls: true },
        {
          name: 'PostgreSQL stopped immediately',
          kind: 'postgres-stop',
          target: 'database',
          keepsFromStarting: true,
          weight: 6,
          act: async random => {
            await database.stopAtOnce();
            await pause(random.pick([0, 0, 300, 2_000]));
            await database.start();
          },
        },
        ...cut(proxy),
        ...(redis?.faults ?? []),
      ],
      wakeupsFlushed: () => redis?.wakeupsFlushed() ?? 0,
      cuts: proxy.cuts,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

// The parts -------------------------------------------------------------------

function databaseIn(dataDir: string) {
  const cluster = join(dataDir, 'postgres');
  let exited: Promise<string> = Promise.resolve('');
  return {
    async start(): Promise<{ host: string }> {
      const server = await startEmbeddedPostgres({ dataDir, log: { info: () => {}, warn: () => {} } });
      exited = server.exited;
      await postmasterOf(cluster);
      return server.connection;
    },
    async stopAtOnce(): Promise<void> {
      sendSignal(await postmasterOf(cluster), 'SIGQUIT');
      await exited;
    },
  };
}

// The faults ------------------------------------------------------------------

const killed = (name: string, weight: number, target: Part): Fault => ({
  name: `${name.replace(/ \d/, '')} killed`,
  target: name,
  weight,
  act: async random => {
    await target.kill();
    await pause(random.pick([0, 0, 200, 1_500]));
    await target.start();
  },
});

const stopped = (workers: Part[]): Fault[] =>
  workers.flatMap((worker, index) => {
    const stop = (name: string, ms: number) => ({
      name,
      target: `worker ${index + 1}`,
      act: async () => {
        worker.signal('SIGSTOP');
        await pause(ms);
        worker.signal('SIGCONT');
      },
    });
    return [
      { ...stop('worker stopped for 3 s', 3_000), weight: 1 },
      {
        ...stop('worker paused for longer than its lease', longerThanTheLeaseMs),
        weight: 1,
        most: 1,
        endsCalls: true,
      },
    ];
  });

function cut(proxy: DatabaseProxy): Fault[] {
  return [
    {
      name: 'database connection cut before the response',
      target: 'connections',
      keepsFromStarting: true,
      weight: 12,
      act: async random => {
        const times = random.whole(1, 3);
        const before = proxy.cuts();
        proxy.arm(random.pick(cutTargets), times, random.chance(0.75) ? 'answered' : 'taken');
        // The statement may not occur: nothing is sent while everything else is down.
        await until('cut', 4, async () => proxy.cuts() - before >= times).catch(() => {});
        proxy.disarm();
        return proxy.cuts() > before;
      },
    },
    {
      name: 'all database connections cut',
      target: 'connections',
      keepsFromStarting: true,
      weight: 2,
      act: async () => proxy.cutAll() > 0,
    },
  ];
}
