// Lists from a replica: nothing that was written before is missing in them, and without the replica they come all the same.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog } from '../../server/kit/log.ts';
import { until } from '../faults/processes.ts';
import { randomFrom } from '../faults/random.ts';
import { join } from '../setup/people.ts';
import { type ReplicaPair, startReplicaPair } from '../setup/replica.ts';
import { makeDatabase, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

let pair: ReplicaPair;
let scenario: Scenario;
let elsewhere: Call;
const said: string[] = [];
const log = openLog('warn', undefined, { write: line => void said.push(line) });

type Call = Scenario['api'];

beforeAll(async () => {
  pair = await startReplicaPair();
  const env = { DATABASE_URL_READ: pair.replicaUrl, SECRET_KEY: secretKey };
  scenario = await startScenario({ databaseUrl: pair.url, env, log, listMs: 1_000 });
  const second = await scenario.node('api');
  const token = await scenario.token();
  elsewhere = async (method, path, body) => {
    const answer = await fetch(`${second.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) };
  };
  await isUsed(1);
});

afterAll(async () => {
  await scenario?.close();
  await pair?.close();
});

const metricsOf = async (program = scenario.recado) => (await fetch(`${program.url}/metrics`)).text();
const gauged = (metrics: string, name: string) =>
  Number(
    metrics
      .split('\n')
      .find(line => line.startsWith(`${name} `))
      ?.slice(name.length + 1) ?? Number.NaN,
  );
const isUsed = (value: number) =>
  until(`the replica is ${value ? '' : 'not '}used`, 60, async () => {
    return gauged(await metricsOf(), 'recado_replica_up{use="lists"}') === value;
  });

/** How many statements each server has answered so far. */
async function reads(): Promise<{ primary: number; replica: number }> {
  const metrics = await metricsOf();
  const of = (server: string) => gauged(metrics, `recado_list_reads_total{server="${server}"}`) || 0;
  return { primary: of('primary'), replica: of('replica') };
}

const list = '/api/v1/messages?limit=1';

/** Where a list is read now; it is answered in any case. */
async function readAt(path = list, api: Call = scenario.api): Promise<'primary' | 'replica' | undefined> {
  const before = await reads();
  expect(await api('GET', path)).toMatchObject({ status: 200 });
  const after = await reads();
  if (after.replica > before.replica) return 'replica';
  return after.primary > before.primary ? 'primary' : undefined;
}

test.each([
  ['messages', list],
  ['conversations', '/api/v1/conversations'],
  ['contacts', '/api/v1/contacts?sort=name'],
  ['an export', '/api/v1/contacts/export'],
  ['another export', '/api/v1/opt-outs/export'],
  ['statistics', '/api/v1/statistics?group_by=day'],
  ['statistics as a file', '/api/v1/statistics/latency'],
  ['a search', '/api/v1/messages/search?q=from%3Ame'],
])('the replica answers: %s', async (_, path) => {
  await expect.poll(() => readAt(path)).toBe('replica');
});

test.each(['/api/v1/events', '/api/v1/events?before=latest', '/api/v1/accounts', '/api/v1/queue'])(
  'the primary answers %s',
  async path => expect(await readAt(path)).toBe(undefined),
);

test('what anybody wrote is in the next list, here and through another process, whatever the replica does', async () => {
  const random = randomFrom(40);
  const writers: Call[] = [scenario.api, elsewhere];
  const before = await reads();
  let isPaused = false;
  for (let n = 0; n < 70; n++) {
    if (random.chance(0.2)) {
      isPaused = !isPaused;
      await pair.atReplica(`select pg_wal_replay_${isPaused ? 'pause' : 'resume'}()`);
    }
    const phone = `+336188${String(10_000 + n)}`;
    const written = await random.pick(writers)('POST', '/api/v1/messages', {
      ...{ account_id: scenario.account.id, to: phone, type: 'text', text: { body: `number ${n}` } },
    });
    expect(written.status).toBe(202);
    const read = await random.pick(writers)('GET', list);
    expect([n, read.body.data[0]?.id]).toEqual([n, written.body.id]);
    const people = await random.pick(writers)('GET', `/api/v1/contacts?phone=${encodeURIComponent(phone)}`);
    expect([n, people.body.page.total]).toEqual([n, 1]);
  }
  if (isPaused) await pair.atReplica('select pg_wal_replay_resume()');
  const after = await reads();
  expect([after.replica - before.replica, after.primary - before.primary]).toEqual([
    expect.toSatisfy(count => count > 10),
    expect.toSatisfy(count => count > 5),
  ]);
  await isUsed(1);
});

test('workspaces and people see there what they see at the primary', async () => {
  const stranger = await scenario.stranger();
  const agent = await join(scenario, 'agent');
  const limited = await scenario.api('PATCH', `/api/v1/people/${agent.id}`, { conversations: 'own' });
  expect(limited.status).toBe(200);
  await expect.poll(() => readAt(list, stranger.api)).toBe('replica');
  expect((await stranger.api('GET', '/api/v1/messages')).body.data.map(({ id }: { id: string }) => id)).toEqual([
    stranger.message.id,
  ]);
  await expect.poll(() => readAt('/api/v1/conversations', agent.api)).toBe('replica');
  expect((await agent.api('GET', '/api/v1/conversations')).body.page.total).toBe(0);
});

test('a statement that stood in the way of the replica is answered by the primary', async () => {
  const before = pair.conflicts();
  pair.conflict('from message');
  while (pair.conflicts() === before) await readAt();
  expect(await readAt()).toBe('replica');
});

test('a replica that hangs, or is away, keeps no list waiting, is told once, and is used again', async () => {
  for (const [go, come] of [
    [pair.stall, pair.flow],
    [pair.away, pair.back],
  ] as const) {
    const told = said.length;
    go();
    expect(await readAt()).toBe('primary');
    await isUsed(0);
    expect(await readAt()).toBe('primary');
    const warnings = () => said.slice(told).filter(line => /the primary answers all lists/.test(line)).length;
    await until('it is told', 60, async () => warnings() > 0);
    expect(gauged(await metricsOf(), 'recado_replica_lag_seconds{use="lists"}')).toBeGreaterThan(1);
    // Once by each of the two processes.
    expect(warnings()).toBeLessThanOrEqual(2);
    come();
    await isUsed(1);
    expect(said.slice(told).filter(line => /the replica answers lists again/.test(line)).length).toBeGreaterThan(0);
    await expect.poll(() => readAt()).toBe('replica');
  }
});

test('without its replica a process starts, and so it does where the address is that of a primary', async () => {
  pair.away();
  const databaseUrl = await makeDatabase('migrated');
  for (const url of [pair.replicaUrl, databaseUrl]) {
    const alone = await startScenario({ databaseUrl, log, env: { DATABASE_URL_READ: url } });
    const sent = await alone.send();
    expect((await alone.api('GET', list)).body.data[0].id).toBe(sent.id);
    expect(gauged(await metricsOf(alone.recado), 'recado_replica_up{use="lists"}')).toBe(0);
    await alone.close();
  }
  pair.back();
  await isUsed(1);
});

test('a write that waits for a synchronous standby is told, and in the times of commits', async () => {
  const setStandby = async (names: string) => {
    await scenario.sql(`alter system set synchronous_standby_names = '${names}'`);
    await scenario.sql('select pg_reload_conf()');
  };
  await setStandby('nobody');
  const sent = scenario.send();
  await until('a write has waited for long', 60, async () => {
    const waiting = `select 1 from pg_stat_activity where wait_event = 'SyncRep' and query ~ 'accept_messages'
      and state_change < clock_timestamp() - interval '5.5 seconds'`;
    return (await scenario.sql(waiting)).length > 0;
  });
  await setStandby('');
  expect((await sent).id).toMatch(/^msg_/);
  await until('the wait is told', 60, async () => said.some(line => /a write to the database took long/.test(line)));
  const metrics = await metricsOf();
  const count = (bucket: string) => gauged(metrics, `recado_commit_seconds_bucket{le="${bucket}"}`);
  expect(count('30')).toBeGreaterThan(count('5'));
});

test('a replica that became a primary answers no more', async () => {
  await pair.atReplica('select pg_promote()');
  const sent = await scenario.send();
  expect(await readAt()).toBe('primary');
  expect((await scenario.api('GET', list)).body.data[0].id).toBe(sent.id);
  await isUsed(0);
});
