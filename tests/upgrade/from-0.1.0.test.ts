// This version starts on the data of 0.1.0, whose schema is frozen, and goes on where it ended.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdKind } from '@recado/contract';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { newUuid, toId } from '../../server/kit/ids.ts';
import { countersAstray } from '../faults/audit.ts';
import { type OpenApi, readRoutes } from '../openapi/document.ts';
import { runRecado } from '../setup/command.ts';
import { makeDatabase, type Scenario, startScenario } from '../setup/scenario.ts';
import { requestFor } from '../tenancy/probes.ts';
import {
  backupOf,
  fixtureKey,
  fixtureSettings,
  makeFixture,
  type ReleaseFixture,
  readFixture,
} from './release-fixture.ts';

const release = '0.1.0';
let scenario: Scenario;
let fixture: ReleaseFixture;
let token: string;
let folder: string;
let client: pg.Client;
/** Rows that the scene copied without their events. */
let astray: string[];

beforeAll(async () => {
  // Until the release is out, a change of its schema makes the fixture anew.
  if (process.env.UPGRADE_FIXTURE === release) await makeFixture(release);
  fixture = await readFixture(release);
  const databaseUrl = await makeDatabase('empty');
  folder = await mkdtemp(join(tmpdir(), 'recado-upgrade-'));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const { code, err } = await runRecado(fixtureSettings(databaseUrl, dataDir), [
    'restore',
    backupOf(release),
    '--resume',
  ]);
  // Its only warning is of secrets that the scene made up.
  expect([code, ...err.split('\n').filter(line => line.startsWith('Warning'))]).toEqual([
    2,
    expect.stringContaining('no given key decrypts 4 secrets'),
  ]);
  scenario = await startScenario({ databaseUrl, env: { SECRET_KEY: fixtureKey, DATA_DIR: dataDir } });
  client = new pg.Client({ connectionString: databaseUrl, options: `-c search_path=${searchPath}` });
  await client.connect();
  astray = await countersAstray(client);
  const login = { email: fixture.owner, password: 'a long enough password' };
  token = (await scenario.as(undefined)('POST', '/api/v1/auth/login', login)).body.access_token;
});
afterAll(async () => {
  await client?.end();
  await scenario?.close();
  await rm(folder, { recursive: true, force: true });
});

test('every route that shows something answers about its objects', async () => {
  const routes = readRoutes((await scenario.as(undefined)('GET', '/openapi.json')).body as OpenApi);
  const given = {
    next: () => 1,
    // Of a kind that the release did not have, nothing is found.
    id: (kind: IdKind) => fixture.ids[kind] ?? toId(kind, newUuid()),
  };
  const answered = new Map<string, number>();
  for (const route of routes) {
    if (route.method !== 'GET' || !route.permission || route.path.includes('stream')) continue;
    const { path, headers } = requestFor(route, given);
    const answer = await scenario.as(token)('GET', path, undefined, { accept: 'application/json, */*', ...headers });
    answered.set(`${route.path} ${answer.status < 500 ? '' : answer.text}`, answer.status);
  }
  expect(answered.size).toBeGreaterThan(50);
  expect([...answered].filter(([, status]) => status >= 500)).toEqual([]);
  for (const list of ['messages', 'contacts', 'conversations', 'campaigns', 'templates', 'events', 'endpoints'])
    expect([list, answered.get(`/api/v1/${list} `)]).toEqual([list, 200]);
});

test('messages that waited leave once and in order, and counters agree with a recount', async () => {
  const call = scenario.as(token);
  const status = async (id: string) => (await call('GET', `/api/v1/messages/${id}`)).body;
  for (const id of fixture.waiting.slice(0, 3)) expect(await status(id)).toMatchObject({ status: 'queued' });
  expect((await call('POST', `/api/v1/accounts/${fixture.paused}/resume`)).status).toBe(200);
  for (const id of fixture.waiting)
    await expect.poll(async () => (await status(id)).status).toMatch(/^(delivered|read)$/);
  const sent = await Promise.all(fixture.waiting.map(status));
  for (const { attempts } of sent) expect(attempts).toHaveLength(1);
  const order = sent.slice(0, 3).map(({ sent_at }) => sent_at);
  expect(order).toEqual([...order].sort());
  await scenario.settle();
  expect(await countersAstray(client)).toEqual(astray);
  expect((await client.query('select * from check_queue()')).rows).toEqual([]);
});

test('a start rejects a database whose migrations differ from ours', async () => {
  await client.query(`update schema_migration set checksum = 'another' where name = '0001-foundation.sql'`);
  await expect(scenario.node('worker')).rejects.toThrow(
    /another build of Recado with a different migration 0001-foundation\.sql/,
  );
});
