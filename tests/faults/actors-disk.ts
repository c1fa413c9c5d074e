// One process with its data folder on a small disk, the simulator on another: faults fill the small one.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type Actors, type Fault, readLedger } from './actors.ts';
import type { Answer } from './client.ts';
import { end, freePort, launchNode, noWindow, postmasterOf, until } from './processes.ts';
import { makeFolder, type Program, prepareProgram } from './program.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

/** In MiB: PostgreSQL's WAL grows with each fault, and 64 must be free again besides. */
const size = 320;

export async function actorsDisk(): Promise<Actors> {
  const folder = await makeFolder();
  const closers: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 10 })];
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    const disk = mountSmallDisk(size);
    closers.push(disk.close);
    const secrets = {
      SIMULATOR_ACCESS_TOKEN: 'an access token of the run',
      SIMULATOR_APP_SECRET: 'an app secret of the run',
      SIMULATOR_VERIFY_TOKEN: 'a verify token of the run',
      ...noWindow,
    };
    const simulatorPort = await freePort();
    const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
    const dataDir = join(disk.path, 'data');
    const program = await prepareProgram({ ...secrets, SIMULATOR_URL: simulatorUrl, DATA_DIR: dataDir });
    closers.push(program.close);
    const simulator = launchNode('simulator/dist/main.js', folder, {
      ...secrets,
      SIMULATOR_PORT: String(simulatorPort),
      SIMULATOR_DATA_DIR: join(folder, 'simulator'),
      SIMULATOR_CALLBACK_URL: `${program.url}/webhooks/whatsapp/sandbox`,
    });
    closers.push(() => end(simulator));
    await until('the simulator listens', 60, async () => simulator.ready() !== undefined);
    await program.start();
    const connection = () => ({ host: join(dataDir, 'postgres-socket'), user: 'recado', database: 'recado' });
    return {
      name: 'one process on a small disk',
      client: program.client,
      simulatorUrl: () => simulatorUrl,
      connection,
      ledger: () => readLedger(join(folder, 'simulator')),
      deaths: program.deaths,
      failedStarts: program.failedStarts,
      faults: faultsOf(program, disk, connection),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function faultsOf(program: Program, disk: SmallDisk, connection: () => pg.ClientConfig): Fault[] {
  const cluster = join(program.dataDir, 'postgres');
  const looks = lookerAt(program);
  const waitsForRoom = () => {
    const words = program.words();
    return words.lastIndexOf('when its disk has space') > words.lastIndexOf('PostgreSQL runs again');
  };
  /** Adds to the error what the server, its end and its PostgreSQL said. */
  const explain = async (error: Error) => {
    const log = await readFile(join(program.dataDir, 'postgres.log'), 'utf8').catch(String);
    const lines = log.split('\n').filter(line => !/not yet accepting|Consistent recovery state/.test(line));
    const ends = program.deaths().join('\n') || 'it has not ended';
    throw new Error(
      `${error.message}. ${disk.free()} bytes are free; ${ends}. It said:\n${program.words()}\nPostgreSQL said:\n${lines.slice(-60).join('\n')}`,
    );
  };
  const withoutDatabase = async () => {
    await disk.fill(0);
    await until('messages are rejected', 20, looks.refuses).catch(explain);
    await until('the server waits for room', 60, async () => {
      // Its end frees the file that it could not complete, in which it recovers: fill that too.
      if (!waitsForRoom()) await disk.fill(0);
      if (!waitsForRoom()) await exhaust(connection());
      return waitsForRoom();
    }).catch(explain);
  };
  const fault = (name: string, endsCalls: boolean, act: Fault['act']): Fault => ({
    name,
    target: 'disk',
    weight: 1,
    endsCalls,
    async act(random) {
      try {
        await act(random);
      } finally {
        disk.clear();
      }
      await until('messages are accepted again', 60, looks.accepts).catch(explain);
    },
  });
  return [
    fault('disk filled', false, async () => {
      const postmaster = await postmasterOf(cluster);
      await disk.fill(0);
      await until('messages are rejected', 20, looks.refuses);
      for (let round = 0; round < 20; round++) {
        claim(await looks.refuses(), 'a message was not rejected as it should be');
        await looks.readsAll();
      }
      const ready = await program.call('GET', '/readyz');
      claim(ready.status === 503 && /disk/.test(ready.body?.reason), `readyz: ${ready.status} ${ready.body?.reason}`);
      claim((await postmasterOf(cluster)) === postmaster, 'the database was started again');
    }),
    fault('disk filled until PostgreSQL stops', false, async () => {
      const [lines, began] = [program.lines(), performance.now()];
      await withoutDatabase();
      // Without a database, reads may fail.
      for (let round = 0; round < 20; round++)
        claim(await looks.refuses(), 'a message was not rejected as it should be');
      claim((await program.call('GET', '/livez')).status === 200, 'the server is not alive');
      const most = 20 + (2 * (performance.now() - began)) / 1_000;
      claim(program.lines() - lines < most, `the server wrote ${program.lines() - lines} lines: ${program.words()}`);
    }),
    fault('told to stop on a full disk without its database', true, async () => {
      await withoutDatabase();
      const code = await program.stop();
      claim(code === 0, `it ended with ${code}: ${program.words()}`);
      disk.clear();
      await program.start();
    }),
    fault('killed on a full disk, and started on it', true, async () => {
      await disk.fill(0);
      await until('messages are rejected', 20, looks.refuses);
      await program.kill('everything');
      const failed = await program.start().then(
        () => '',
        (error: Error) => error.message,
      );
      claim(
        /it did not start: The disk of the data folder \S+ is full[^\n]+DATA_DIR\.\n$/.test(failed),
        `started on a full disk it said: ${failed}`,
      );
      disk.clear();
      await program.start();
    }),
  ];
}

/** A client's view. Its posts are rejected by design: an accepted message would count as load. */
function lookerAt(program: Program) {
  const { call } = program;
  const isRefusal = ({ status, body, headers }: Answer) =>
    status === 503 &&
    body.code === 'storage_full' &&
    /free space/.test(body.detail) &&
    Number(headers.get('retry-after')) > 0;
  // Rejected for its account, unless for the disk first.
  const post = () =>
    call('POST', '/api/v1/messages', {
      account_id: 'acc_00000000000000000000000000',
      to: '+33600000000',
      type: 'text',
      text: { body: 'Is there room?' },
    });
  return {
    refuses: async () => isRefusal(await post()),
    accepts: async () => (await post()).body?.code === 'account_not_found',
    async readsAll() {
      for (const path of ['messages', 'accounts', 'contacts', 'conversations', 'queue']) {
        const { status, body } = await call('GET', `/api/v1/${path}`);
        claim(status === 200, `GET ${path} was answered with ${status} ${body?.code}`);
      }
    },
  };
}

/** Makes PostgreSQL create WAL files until the disk is full; then this fails. */
async function exhaust(connection: pg.ClientConfig): Promise<void> {
  // A server that hangs must not stop the wait for its end.
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    for (let files = 0; files < 20; files++) {
      await client.query('select txid_current()');
      await client.query('select pg_switch_wal()');
    }
  } finally {
    await client.end();
  }
}

function claim(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
