// The program as an operator runs it: separate processes on their own data folder, killed and restarted.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { placeCluster } from '../setup/cluster.ts';
import { type FailedStart, type LedgerEntry, readLedger } from './actors.ts';
import { type Client, clientOf, owner } from './client.ts';
import {
  type Actor,
  end,
  endPostgres,
  freePort,
  launchNode,
  noRateLimits,
  noWhatsApp,
  noWindow,
  postmasterOf,
  sendSignal,
  until,
} from './processes.ts';

export interface Program {
  url: string;
  /** The URL of the simulated phones since the last start. */
  simulatorUrl(): string;
  dataDir: string;
  client: Client;
  call: Client['call'];
  /** The server's process id, which leads its group. */
  pid(): number;
  start(): Promise<void>;
  /** Restarts it as often as it ends, like a supervisor. */
  startPatiently(): Promise<void>;
  /** Kills the server alone, its group, or its group and the database; settles when the server has ended. */
  kill(what: 'server' | 'group' | 'everything'): Promise<void>;
  /** Stops the embedded database immediately; settles when the server has restarted it and it responds. */
  stopDatabase(): Promise<void>;
  /** The server's last output. */
  words(): string;
  /** How many lines it has written since its start. */
  lines(): number;
  /** Stops it; returns its exit code. */
  stop(): Promise<number | null>;
  /** What the simulator synced to disk before it responded: the ground truth. */
  ledger(): Promise<LedgerEntry[]>;
  /** The output of processes that ended by themselves. */
  deaths(): string[];
  /** Starts that startPatiently had to retry. */
  failedStarts(): FailedStart[];
  /** Removes the folder and any remaining process. */
  close(): Promise<void>;
}

/** Whether the database responds, queried directly. */
async function databaseAnswers(host: string): Promise<boolean> {
  const asking = new pg.Client({ host, user: 'recado', database: 'recado' });
  asking.on('error', () => {});
  try {
    await asking.connect();
    await asking.query('select 1');
    return true;
  } finally {
    await asking.end();
  }
}

/** A folder of the run that the database's user may enter, even if Recado runs as root. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-faults-'));
  await chmod(folder, 0o711);
  return folder;
}

/** With these settings. `first` tells whether its first start makes the database itself, or finds one without a row. */
export async function prepareProgram(
  env: Record<string, string> = {},
  first: 'finds a database' | 'makes the database' = 'finds a database',
): Promise<Program> {
  const folder = await makeFolder();
  const dataDir = env.DATA_DIR ?? join(folder, 'data');
  const cluster = join(dataDir, 'postgres');
  if (first === 'finds a database') await placeCluster(dataDir);
  const port = await freePort();
  const simulatorPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const client = clientOf(url);
  let actor: Actor | undefined;
  let ending = false;
  const deaths: string[] = [];
  const failedStarts: FailedStart[] = [];
  let simulatorUrl = '';

  async function start(): Promise<void> {
    ending = false;
    const started = launchNode('scripts/start.mjs', folder, {
      PORT: String(port),
      SIMULATOR_PORT: String(simulatorPort),
      DATA_DIR: dataDir,
      RECADO_OWNER_EMAIL: owner.email,
      RECADO_OWNER_PASSWORD: owner.password,
      ...noRateLimits,
      ...noWhatsApp,
      ...noWindow,
      ...env,
    });
    actor = started;
    const died = started.gone.then(() => {
      throw new Error(`it did not start: ${started.words()}`);
    });
    // The port may differ from the requested one while an old simulator is still ending.
    const ready = until('ready', 60, async () => started.ready()?.[1]);
    // The loser of the race fails later, which must not be an unhandled rejection.
    for (const each of [died, ready]) each.catch(() => {});
    simulatorUrl = await Promise.race([died, ready]);
    void started.gone.then(() => {
      if (!ending) deaths.push(`the server ended by itself: ${started.words()}`);
    });
    await postmasterOf(cluster).catch(() => {});
    await client.logIn();
  }

  return {
    url,
    simulatorUrl: () => simulatorUrl,
    dataDir,
    client,
    call: client.call,
    pid: () => actor?.pid ?? 0,
    start,
    startPatiently: () =>
      until('started', 120, async () => {
        ending = true;
        await end(actor);
        const from = performance.now();
        await start().catch((error: Error) => {
          failedStarts.push({ from, to: performance.now(), words: error.message });
          throw error;
        });
        return true;
      }).then(() => {}),
    async kill(what) {
      ending = true;
      const database = what === 'everything' ? await postmasterOf(cluster) : undefined;
      actor?.signal('SIGKILL', what === 'server' ? 'process' : 'group');
      if (database) sendSignal(database, 'SIGKILL');
      await actor?.gone;
    },
    async stopDatabase() {
      const stopped = await postmasterOf(cluster);
      sendSignal(stopped, 'SIGQUIT');
      await until('the database is started again', 120, async () => (await postmasterOf(cluster)) !== stopped);
      await until('the database answers again', 120, () => databaseAnswers(join(dataDir, 'postgres-socket')), 10);
    },
    words: () => actor?.words() ?? '',
    lines: () => actor?.lines() ?? 0,
    async stop() {
      ending = true;
      actor?.signal('SIGTERM');
      return (await actor?.gone) ?? null;
    },
    deaths: () => deaths,
    failedStarts: () => failedStarts,
    ledger: () => readLedger(join(dataDir, 'simulator')),
    async close() {
      ending = true;
      await end(actor);
      await endPostgres(cluster);
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
