// An api and two workers on one PostgreSQL behind a proxy, and a separate simulator: faults can hit each of them.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../server/app/database/embedded-postgres/index.ts';
import { placeCluster } from '../setup/cluster.ts';
import { type Actors, type FailedStart, type Fault, readLedger } from './actors.ts';
import type { Store } from './actors-alone.ts';
import { clientOf, owner } from './client.ts';
import {
  type Actor,
  end,
  endPostgres,
  freePort,
  launchNode,
  noRateLimits,
  noWhatsApp,
  noWindow,
  pause,
  postmasterOf,
  sendSignal,
  until,
} from './processes.ts';
import { makeFolder } from './program.ts';
import { cutTargets, type DatabaseProxy, startProxy } from './proxy.ts';
import { startFaultyRedis } from './redis.ts';

/** The lease of a call is 25 s; no setting changes it. */
const longerThanTheLeaseMs = 28_000;

/** A part that can be restarted after a kill. */
interface Part {
  start(): Promise<void>;
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

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

    const port = await freePort();
    const simulatorPort = await freePort();
    const client = clientOf(`http://127.0.0.1:${port}`);
    const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
    const secrets = {
      SIMULATOR_ACCESS_TOKEN: 'an access token of the run',
      SIMULATOR_APP_SECRET: 'an app secret of the run',
      SIMULATOR_VERIFY_TOKEN: 'a verify token of the run',
      ...noWindow,
    };
    const deaths: string[] = [];
    const failedStarts: FailedStart[] = [];
    const launcher = (file: string, settings: Record<string, string>) =>
      part(file, folder, settings, deaths, failedStarts);
    const simulator = launcher('simulator/dist/main.js', {
      ...secrets,
      SIMULATOR_PORT: String(simulatorPort),
      SIMULATOR_DATA_DIR: join(folder, 'simulator'),
      // A fault may have kept Recado from telling it of a number.
      SIMULATOR_NUMBERS: 'any',
      SIMULATOR_CALLBACK_URL: `${client.url}/webhooks/whatsapp/sandbox`,
    });
    const env = {
      ...secrets,
      DATABASE_URL: `postgresql://recado@127.0.0.1:${proxy.port}/recado`,
      SECRET_KEY: randomBytes(32).toString('base64'),
      ...noRateLimits,
      ...noWhatsApp,
      SIMULATOR_URL: simulatorUrl,
      DATA_DIR: join(folder, 'data'),
      ...(redis && { REDIS_URL: redis.url }),
    };
    const api = launcher('scripts/start.mjs', {
      ...env,
      ROLES: 'api',
      PORT: String(port),
      RECADO_OWNER_EMAIL: owner.email,
      RECADO_OWNER_PASSWORD: owner.password,
    });
    workers = [1, 2].map(() => launcher('scripts/start.mjs', { ...env, ROLES: 'worker' }));
    for (const each of [simulator, api, ...workers]) {
      closers.push(each.kill);
      await each.start();
    }
    await client.logIn();
    return {
      name: 'an api and two workers',
      client,
      simulatorUrl: () => simulatorUrl,
      connection: () => ({ host, user: 'recado', database: 'recado' }),
      ledger: () => readLedger(join(folder, 'simulator')),
      faults: [
        killed('api', 5, api),
        { ...killed('worker 1', 6, workers[0] as Part), endsCalls: true },
        { ...killed('worker 2', 6, workers[1] as Part), endsCalls: true },
        ...stopped(workers),
        { ...killed('channel', 2, simulator), endsCalls: true },
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
      deaths: () => deaths,
      failedStarts: () => failedStarts,
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

/** Restarted like under a supervisor. */
function part(
  file: string,
  folder: string,
  env: Record<string, string>,
  deaths: string[],
  failedStarts: FailedStart[],
): Part {
  let actor: Actor | undefined;
  let killing = false;

  function launch(): Actor {
    const from = performance.now();
    const launched = launchNode(file, folder, env);
    void launched.gone.then(async () => {
      if (killing) return;
      const words = `${file} (${env.ROLES ?? 'simulator'}) ended by itself: ${launched.words()}`;
      // It may exit if the database or Redis is down during its start, and never after that.
      if (!launched.ready()) return void failedStarts.push({ from, to: performance.now(), words });
      deaths.push(words);
      await start();
    });
    return launched;
  }

  async function start(): Promise<void> {
    killing = false;
    await until(`started: ${file}`, 120, async () => {
      if (!actor || actor.isGone()) actor = launch();
      return actor.ready() !== undefined;
    });
  }

  return {
    start,
    async kill() {
      killing = true;
      await end(actor);
    },
    signal: signal => actor?.signal(signal),
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
