// A restore that is killed on the way: the database is as it was before, and the same command again does it.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { restore } from '../../server/admin/restore.ts';
import { schemaLockKey } from '../../server/kit/db/migrate.ts';
import { packageRoot } from '../../server/kit/os/package-root.ts';
import { startProxy } from '../faults/proxy.ts';
import { randomFrom } from '../faults/random.ts';
import { runRecado, startRecado } from '../setup/command.ts';
import { isWhole } from '../setup/rotation.ts';
import { makeDatabase, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';
import { workerPostgres } from '../setup/worker-postgres.ts';

// Each runs the command several times.
vi.setConfig({ testTimeout: 240_000 });

const rows = 100_000;
const mostTries = 5;
let folder: string;
let file: string;
let scenario: Scenario;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-restore-'));
  // The embedded server may run as another user than root.
  await chmod(folder, 0o711);
  file = join(folder, 'one.backup.gz');
  scenario = await startScenario();
  await scenario.send();
  await scenario.settle();
  // So that loading takes a while.
  await scenario.sql(
    `insert into event (workspace_id, type, at) select w.id, 'test', now() from workspace w, generate_series(1, $1)`,
    [rows],
  );
  const { code, err } = await runRecado(settings(scenario.databaseUrl), ['backup', file]);
  expect({ code, err }).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await scenario.close();
  await rm(folder, { recursive: true, force: true });
});

const settings = (databaseUrl: string) => ({ DATABASE_URL: databaseUrl, SECRET_KEY: secretKey });

async function ask<Row extends object>(url: string, query: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(query)).rows;
  } finally {
    await client.end();
  }
}

const schemaOf = (url: string) => ask<{ schema: string | null }>(url, `select to_regnamespace('recado') as schema`);
const eventsOf = (url: string) => ask(url, `select count(*)::int as n from recado.event where type = 'test'`);

// What it says, line by line, is where it is; the last but one names the largest table, the last the checks. How far it is
// with a table it says as time goes by, which would be counted differently each time. While the file is checked it has not
// begun yet.
const step = /^(?!checked|.* of \d+ rows)./;

/** Kills a restore once it has said so many lines. Gives whether it was still at work, as on a busy machine it may be over. */
async function killedAfter(line: number, url: string, where: string): Promise<boolean> {
  const running = startRecado(settings(url), ['restore', file]);
  await running.said(step, line);
  running.kill();
  const { code, out } = await running.ended;
  const [found] = await schemaOf(url);
  if (code === 0 || found?.schema !== null) {
    // All of it or nothing.
    expect({ where, events: await eventsOf(url) }).toEqual({ where, events: [{ n: rows }] });
    return false;
  }
  expect({ where, code, out }).toEqual({ where, code: null, out: '' });
  return true;
}

test('killed at any step changes nothing, and can start again at once', async () => {
  let url = await makeDatabase('empty');
  const seed = Math.floor(Math.random() * 1e9);
  const random = randomFrom(seed);
  const whole = await runRecado(settings(await makeDatabase('empty')), ['restore', file]);
  const lines = whole.err.split('\n').filter(line => step.test(line)).length;
  const between = Array.from({ length: isWhole ? 2 : 1 }, () => random.whole(2, lines - 1));
  for (const line of [1, ...between, lines]) {
    const where = `seed ${seed}, killed after line ${line} of ${lines}`;
    let tries = 0;
    while (!(await killedAfter(line, url, where))) {
      if (++tries === mostTries) throw new Error(`it was over before each kill: ${where}`);
      url = await makeDatabase('empty');
    }
  }
  const { code, out, err } = await runRecado(settings(url), ['restore', file]);
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(out).toMatch(/is restored/);
  expect(await eventsOf(url)).toEqual([{ n: rows }]);
});

test('a restore that finds another in flight says so, and waits for it', async () => {
  const url = await makeDatabase('empty');
  const holder = new pg.Client({ connectionString: url, application_name: 'recado restore' });
  await holder.connect();
  await holder.query('begin');
  await holder.query(`select pg_advisory_xact_lock(${schemaLockKey})`);
  const running = startRecado(settings(url), ['restore', file]);
  expect(await running.said(/changing this database's schema/)).toContain(
    "Another command or a starting Recado is changing this database's schema: waiting…",
  );
  await holder.query('rollback');
  // The connection of one that is over is not a Recado that runs.
  expect(await running.ended).toMatchObject({ code: 0, out: expect.stringContaining('is restored') });
  await holder.end();
});

test('a restore whose commit is not answered does not say that nothing happened', async () => {
  const url = await makeDatabase('empty');
  const { host, port, user } = workerPostgres();
  const proxy = await startProxy(join(host, `.s.PGSQL.${port}`));
  try {
    const unsure = restore({
      connection: { connectionString: `postgresql://${user}@127.0.0.1:${proxy.port}${new URL(url).pathname}` },
      secretKey,
      path: file,
      migrations: join(packageRoot, 'migrations'),
      resume: false,
      stores: { current: 'disk', names: ['disk'], open: () => Promise.reject(new Error('a store was opened')) },
      progress: () => ({ onRows: () => {}, onContent: () => {} }),
      // The texts of the migrations are behind it by then.
      say: line => line.startsWith('Checking foreign') && proxy.arm('commit', 1, 'answered'),
      signal: new AbortController().signal,
    });
    await expect(unsure).rejects.toThrow(
      /^The database did not confirm .*may or may not be restored\. Run the same command again/,
    );
    expect(proxy.cuts()).toBe(1);
  } finally {
    await proxy.close();
  }
  const again = await runRecado(settings(url), ['restore', file]);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('This database is not empty') });
  expect(await eventsOf(url)).toEqual([{ n: rows }]);
});

test('with the embedded database the next restore ends what the killed one has left running', async () => {
  const env = { DATA_DIR: join(folder, 'data'), SECRET_KEY: secretKey };
  const running = startRecado(env, ['restore', file]);
  expect(await running.said(/^restored /)).toMatch(/^restored /m);
  running.kill();
  await running.over;
  const { code, out, err } = await runRecado(env, ['restore', file]);
  expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringContaining('is restored') });
});
