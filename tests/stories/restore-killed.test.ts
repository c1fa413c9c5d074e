// A restore that is killed on the way: the database is as it was before, and the same command again does it.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schemaLockKey } from '../../server/kit/migrate.ts';
import { randomFrom } from '../faults/random.ts';
import { runRecado, startRecado } from '../setup/command.ts';
import { makeDatabase, type Story, secretKey, startStory } from '../setup/story.ts';

const rows = 100_000;
let folder: string;
let file: string;
let story: Story;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-restore-'));
  // The embedded server may run as another user than root.
  await chmod(folder, 0o711);
  file = join(folder, 'one.backup.gz');
  story = await startStory();
  await story.send();
  await story.settle();
  // So that loading takes a while.
  await story.sql(
    `insert into event (workspace_id, type, at) select w.id, 'test', now() from workspace w, generate_series(1, $1)`,
    [rows],
  );
  const { code, err } = await runRecado(settings(story.databaseUrl), ['backup', file]);
  expect({ code, err }).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await story.close();
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

const schemaOf = (url: string) => ask(url, `select to_regnamespace('recado') as schema`);
const eventsOf = (url: string) => ask(url, `select count(*)::int as n from recado.event where type = 'test'`);

test('is as if it had never begun, wherever it was killed, and can be begun again at once', async () => {
  const url = await makeDatabase('empty');
  const seed = Math.floor(Math.random() * 1e9);
  const random = randomFrom(seed);
  // What it says, line by line, is where it is; the last but one names the largest table, the last the checks. How far it is
  // with a table it says as time goes by, which would be counted differently each time.
  const step = /^(?!.* of \d+ rows)./;
  const whole = await runRecado(settings(await makeDatabase('empty')), ['restore', file]);
  const lines = whole.err.split('\n').filter(line => step.test(line)).length;
  for (const line of [1, random.whole(2, lines - 1), random.whole(2, lines - 1), lines]) {
    const running = startRecado(settings(url), ['restore', file]);
    await running.said(step, line);
    running.kill();
    const { code, out } = await running.ended;
    const where = `seed ${seed}, killed after line ${line} of ${lines}`;
    expect({ where, code, out }).toEqual({ where, code: null, out: '' });
    expect({ where, schema: await schemaOf(url) }).toEqual({ where, schema: [{ schema: null }] });
  }
  const { code, out, err } = await runRecado(settings(url), ['restore', file]);
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(out).toMatch(/is restored/);
  expect(await eventsOf(url)).toEqual([{ n: rows }]);
});

test('a restore that finds another under way says so, and waits for it', async () => {
  const url = await makeDatabase('empty');
  const holder = new pg.Client({ connectionString: url, application_name: 'recado restore' });
  await holder.connect();
  await holder.query('begin');
  await holder.query(`select pg_advisory_xact_lock(${schemaLockKey})`);
  const running = startRecado(settings(url), ['restore', file]);
  expect(await running.said(/at work on the schema/)).toContain(
    'Another command, or a Recado that starts, is at work on the schema of this database: waiting until it is over…',
  );
  await holder.query('rollback');
  // The connection of one that is over is not a Recado that runs.
  expect(await running.ended).toMatchObject({ code: 0, out: expect.stringContaining('is restored') });
  await holder.end();
});

test('with the embedded database the next restore ends what the killed one has left running', async () => {
  const env = { DATA_DIR: join(folder, 'data') };
  const running = startRecado(env, ['restore', file]);
  expect(await running.said(/^restored /)).toMatch(/^restored /m);
  running.kill();
  await running.over;
  const { code, out, err } = await runRecado(env, ['restore', file]);
  expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringContaining('is restored') });
});
