// A newer release starts on the database of an older one, while that still runs: each runs its own SQL functions.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functions, readFunctions } from '../../server/kit/db/function-set.ts';
import { freePort, noRateLimits, noWindow, until } from '../faults/processes.ts';
import { makeDatabase, owner, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

const root = join(import.meta.dirname, '../..');
let copy: string;
let databaseUrl: string;
let oldUrl: string;
let old: ReturnType<typeof spawn>;
let oldSchema: string;
let scenario: Scenario;

/** The older release notifies this channel whenever its `accept_messages` runs. */
const olderAccepts = 'older_release_accepts';

/** The older release: this one with another `accept_messages`, run as a process of its own. */
async function startOldRelease(): Promise<void> {
  copy = await mkdtemp(join(tmpdir(), 'recado-old-'));
  for (const folder of ['server', 'simulator', 'contract', 'package.json'])
    await cp(join(root, folder), join(copy, folder), {
      recursive: true,
      filter: path => !/(^|\/)node_modules(\/|$)/.test(path.slice(root.length)),
    });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const file = join(copy, 'server/features/messages/sql/accept_messages.sql');
  const text = await readFile(file, 'utf8');
  const older = text.replace(/^begin$/m, `begin\n  perform pg_notify('${olderAccepts}', '');`);
  expect(older).not.toBe(text);
  await writeFile(file, older);
  oldSchema = readFunctions(join(copy, 'server')).schema;
  const port = await freePort();
  oldUrl = `http://127.0.0.1:${port}`;
  old = spawn(process.execPath, ['server/dist/app/main.js'], {
    cwd: copy,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      SECRET_KEY: secretKey,
      DATA_DIR: join(copy, 'data'),
      PORT: String(port),
      SIMULATOR: 'on',
      SIMULATOR_PORT: String(await freePort()),
      RECADO_OWNER_EMAIL: owner.email,
      RECADO_OWNER_PASSWORD: owner.password,
      ...noRateLimits,
      ...noWindow,
    },
  });
  await until('the older release is ready', 60, async () => (await fetch(`${oldUrl}/readyz`)).ok || undefined);
}

beforeAll(async () => {
  databaseUrl = await makeDatabase('empty');
  await startOldRelease();
  scenario = await startScenario({ databaseUrl, clock: 'manual' });
});

afterAll(async () => {
  old?.kill('SIGKILL');
  await scenario?.close();
  await rm(copy, { recursive: true, force: true });
});

/** Sends messages through the api at `url`, and returns them once each has reached its phone. */
async function deliver(url: string, count: number): Promise<string[]> {
  const headers = { authorization: `Bearer ${await scenario.token()}`, 'content-type': 'application/json' };
  const ids = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const body = {
        account_id: scenario.account.id,
        to: `+3361200${2000 + n}`,
        type: 'text',
        text: { body: 'hello' },
      };
      const answer = await fetch(`${url}/api/v1/messages`, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(answer.status).toBe(202);
      return ((await answer.json()) as { id: string }).id;
    }),
  );
  for (const id of ids)
    await expect.poll(async () => (await scenario.message(id)).status).toMatch(/^(delivered|read)$/);
  return ids;
}

const installed = async () =>
  (
    await scenario.sql<{ name: string }>(
      `select nspname::text as name from pg_namespace where nspname like 'recado\\_fn\\_%'`,
    )
  )
    .map(({ name }) => name)
    .sort();

test('both releases accept and deliver on one database, each with its own functions', async () => {
  expect(oldSchema).not.toBe(functions.schema);
  expect(await installed()).toEqual([oldSchema, functions.schema].sort());
  const listener = new pg.Client({ connectionString: databaseUrl });
  await listener.connect();
  let accepts = 0;
  listener.on('notification', () => accepts++);
  await listener.query(`listen ${olderAccepts}`);
  const newer = await deliver(scenario.recado.url ?? '', 20);
  await listener.query('select 1');
  expect(accepts).toBe(0);
  const sent = [...newer, ...(await Promise.all([deliver(oldUrl, 20), deliver(scenario.recado.url ?? '', 20)])).flat()];
  await listener.query('select 1');
  expect(accepts).toBeGreaterThan(0);
  await listener.end();
  for (const id of sent) {
    const { attempts } = await scenario.message(id);
    expect(attempts).toHaveLength(1);
  }
});

test('the functions of the older release go once no process has used them for an hour', async () => {
  const exited = once(old, 'exit');
  old.kill('SIGTERM');
  await exited;
  const second = await scenario.node('worker');
  await second.close();
  expect(await installed()).toContain(oldSchema);
  await scenario.sql(`update function_set set used_at = used_at - interval '61 minutes' where schema_name = $1`, [
    oldSchema,
  ]);
  const third = await scenario.node('worker');
  await third.close();
  expect(await installed()).toEqual([functions.schema]);
  await deliver(scenario.recado.url ?? '', 3);
});

test('a process that slept while its functions were dropped installs them again', async () => {
  await scenario.sql('delete from function_set');
  await scenario.sql(`drop schema ${functions.schema} cascade`);
  scenario.clock.advance(60_000);
  await expect.poll(installed).toEqual([functions.schema]);
  await deliver(scenario.recado.url ?? '', 3);
});
