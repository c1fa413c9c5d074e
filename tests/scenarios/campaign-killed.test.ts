// Workers that are killed at each moment of a campaign, and answers that are lost: each recipient has exactly one
// message, and the counts are those of a recount. TEST_ALL=1 plays ten rounds.
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { type Actor, end, launchNode, until } from '../faults/processes.ts';
import { type DatabaseProxy, startProxy } from '../faults/proxy.ts';
import { isWhole } from '../setup/rotation.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { workerPostgres } from '../setup/worker-postgres.ts';

const rounds = isWhole ? 10 : 1;
const people = 500;
/** The first wave: one percent of them. */
const firstWave = 5;
/** Contacts that get nothing, so that the list has more than one page. */
const others = 6_000;
vi.setConfig({ testTimeout: 900_000 });

// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;
let scenario: Scenario;
let workspaceId: string;
/** The workers reach PostgreSQL through it. */
let proxy: DatabaseProxy;
let workers: Actor[] = [];

beforeAll(async () => {
  scenario = await startScenario({ roles: 'api' });
  const { host, port } = workerPostgres();
  proxy = await startProxy(join(host, `.s.PGSQL.${port}`));
  await done('PATCH', `accounts/${scenario.account.id}`, {
    limits: { per_day: null, rate: { messages: 50, seconds: 1 } },
  });
  const [row] = await scenario.sql<{ id: string }>('select workspace_id as id from account where id = $1', [
    toUuid(scenario.account.id),
  ]);
  workspaceId = row?.id ?? '';
  await scenario.sql(
    `insert into contact (id, workspace_id, name) select gen_random_uuid(), $1, 'Other ' || n from generate_series(1, $2::int) n`,
    [workspaceId, others],
  );
}, 180_000);
afterAll(async () => {
  await killAll();
  await scenario.close();
  await proxy.close();
});

async function startWorkers(): Promise<void> {
  const { user } = workerPostgres();
  const DATABASE_URL = `postgresql://${user}@127.0.0.1:${proxy.port}${new URL(scenario.databaseUrl).pathname}`;
  const env = { ...scenario.env, DATABASE_URL, ROLES: 'worker', LOG_LEVEL: 'warn' };
  workers = [1, 2].map(() => launchNode('scripts/start.mjs', scenario.dataDir, env));
  for (const worker of workers) await until('the worker is ready', 90, async () => worker.words().includes('is ready'));
}

async function killAll(): Promise<void> {
  await Promise.all(workers.map(worker => end(worker)));
}

async function killAndRestart(): Promise<void> {
  await killAll();
  await startWorkers();
}

async function done(method: string, path: string, body?: object): Promise<Json> {
  const answer = await scenario.api(method, `/api/v1/${path}`, body);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body;
}

const show = (id: string): Promise<Json> => done('GET', `campaigns/${id}`);
const stateIs = (id: string, state: string, seconds = 60) =>
  until(`the campaign is ${state}`, seconds, async () => (await show(id)).state === state);

/** How many recipients have a message, and how many messages are in the queue in one of these states. */
async function begun(id: string): Promise<number> {
  const [row] = await scenario.sql<{ n: number }>(
    'select count(*)::int as n from campaign_recipient where campaign_id = $1 and message_id is not null',
    [toUuid(id)],
  );
  return row?.n ?? 0;
}

async function open(id: string, states: string[]): Promise<number> {
  const [row] = await scenario.sql<{ n: number }>(
    'select count(*)::int as n from open_message where campaign_id = $1 and state = any ($2)',
    [toUuid(id), states],
  );
  return row?.n ?? 0;
}

/** Whether each recipient had a turn, and only calls of killed workers may still be without an outcome. */
const isSettled = async (id: string): Promise<boolean> =>
  (await show(id)).counts.waiting === 0 && (await open(id, ['scheduled', 'queued', 'sending', 'held'])) === 0;

/** People with a label, and the segment of it. */
async function addPeople(round: number): Promise<{ segmentId: string; ids: string[] }> {
  const label = await done('POST', 'labels', { name: `round ${round}`, color: 'teal', on: 'contact' });
  const rows = await scenario.sql<{ id: string }>(
    `with made as (insert into contact (id, workspace_id, name) select gen_random_uuid(), $1, 'Person ' || n
        from generate_series(1, $2::int) n returning id),
      numbered as (select id, row_number() over () as n from made),
      reached as (insert into contact_address (workspace_id, kind, value, contact_id)
        select $1, 'phone', '+3519' || (30000000 + $3::int * 1000 + n), id from numbered)
    insert into contact_label (label_id, contact_id, workspace_id) select $4, id, $1 from numbered returning contact_id as id`,
    [workspaceId, people, round, toUuid(label.id)],
  );
  const segment = await done('POST', 'segments', {
    name: `round ${round}`,
    kind: 'filter',
    filter: { match: { all: [{ field: 'label', op: 'is', value: label.id }] } },
  });
  return { segmentId: segment.id, ids: rows.map(({ id }) => id).sort() };
}

/** Schedules a campaign for a moment later. Returns its id, and its start in milliseconds. */
async function schedule(name: string, segmentId: string): Promise<{ id: string; at: number }> {
  const at = Date.now() + 1_500;
  const template = { name: 'hello_world', language: { code: 'en_US' } };
  const { id } = await done('POST', 'campaigns', {
    name,
    account_ids: [scenario.account.id],
    variants: [{ share: 100, message: { type: 'template', template } }],
    include: [{ segment_id: segmentId }],
    waves: { sizes: [firstWave], receipts: 20, wait_minutes: 1 },
    start: { at: new Date(at).toISOString() },
  });
  expect((await done('POST', `campaigns/${id}/start`, {})).state).toBe('scheduled');
  return { id, at };
}

/** Holds the row of a person, so that the transaction that adds them to a list waits. */
async function holdListOf(campaignId: string, contactId: string): Promise<pg.Client> {
  // It waits until workers are up, which takes longer on a busy machine than the database lets a transaction be idle.
  const options = `-c search_path=${searchPath} -c idle_in_transaction_session_timeout=0`;
  const holder = new pg.Client({ connectionString: scenario.databaseUrl, options });
  await holder.connect();
  await holder.query('begin');
  await holder.query(
    `insert into campaign_recipient (campaign_id, contact_id, number, due_at, state) values ($1, $2, 1000000, now(), 'pending')`,
    [toUuid(campaignId), contactId],
  );
  return holder;
}

/** Each person has one message and got it at most once, and the counts are those of a recount. */
async function demandExactlyOne(id: string): Promise<void> {
  const messages = await scenario.sql<{ id: string; contact_id: string }>(
    'select id, contact_id from message where campaign_id = $1',
    [toUuid(id)],
  );
  expect(messages).toHaveLength(people);
  expect(new Set(messages.map(({ contact_id }) => contact_id)).size).toBe(people);
  const calls = await scenario.sql<{ n: number }>(
    `select count(*)::int as n from attempt a join message m on m.id = a.message_id where m.campaign_id = $1
      group by a.message_id having count(*) > 1`,
    [toUuid(id)],
  );
  expect(calls).toEqual([]);
  // A receipt may decide of a lost call between the two looks.
  await expect.poll(() => miscounts(id), { timeout: 30_000 }).toEqual({ people: 0, sent: 0, failed: 0, unknown: 0 });
  expect((await show(id)).counts).toMatchObject({ left_out: 0, waiting: 0 });
}

/** By how much each count of a campaign differs from a recount. */
async function miscounts(id: string): Promise<Record<string, number>> {
  const [recount] = await scenario.sql<Record<string, number>>(
    `select count(*)::int as people, count(*) filter (where m.status in ('sent', 'delivered', 'read'))::int as sent,
      count(*) filter (where m.status = 'failed')::int as failed,
      count(*) filter (where m.status = 'unknown')::int as unknown
      from campaign_recipient r join message m on m.id = r.message_id where r.campaign_id = $1`,
    [toUuid(id)],
  );
  const { counts } = await show(id);
  return Object.fromEntries(Object.entries(recount ?? {}).map(([name, n]) => [name, counts[name] - n]));
}

test.each(Array.from({ length: rounds }, (_, round) => round))('round %i: each recipient exactly one', async round => {
  const { segmentId, ids } = await addPeople(round);
  // Nobody is there as the start comes. A little later it starts by itself, much later it asks.
  await killAll();
  const { id, at } = await schedule(`round ${round}`, segmentId);
  const missed = await schedule(`missed in round ${round}`, segmentId);
  await scenario.sql(
    `update campaign set start_at = now() - interval '16 minutes', step_at = now() - interval '16 minutes' where id = $1`,
    [toUuid(missed.id)],
  );
  const holder = await holdListOf(id, ids.at(-1) ?? '');
  await until('the start is over', 60, async () => Date.now() > at);
  await startWorkers();
  await stateIs(missed.id, 'missed');
  expect((await show(missed.id)).reason.code).toBe('missed_start');

  // Killed in the transaction of a page of the list, with others before it.
  await until('a part of the list is there, and the next page waits', 60, async () => {
    const [row] = await scenario.sql<{ waits: boolean }>(
      `select looked_at > 0 and exists (select 1 from pg_stat_activity where wait_event_type = 'Lock'
        and datname = current_database()) as waits from campaign where id = $1`,
      [toUuid(id)],
    );
    return row?.waits;
  });
  await killAll();
  const half = await show(id);
  expect(half).toMatchObject({ state: 'preparing', counts: { left_out: 0 } });
  expect(half.counts.people).toBeLessThan(people);
  await holder.query('rollback');
  await holder.end();
  await startWorkers();

  // Killed with one percent fed.
  await until('the first are fed', 60, async () => (await begun(id)) >= firstWave);
  await killAll();

  // The answers of the database to accept and to COMMIT are lost, and some of the channel's.
  let calls = 0;
  scenario.simulator.setFault(() => (++calls % 10 === 0 ? 'answer-lost' : null));
  let before = proxy.cuts();
  proxy.arm('accept_messages', 1, 'answered');
  await startWorkers();
  await until('the answer to accept is lost', 120, async () => proxy.cuts() > before);
  before = proxy.cuts();
  proxy.arm('commit', 5, 'answered');
  await until('answers to COMMIT are lost', 120, async () => proxy.cuts() >= before + 5);
  proxy.disarm();
  await until('the second wave is fed', 120, async () => (await begun(id)) > firstWave);

  // Killed with pause just pressed, then with resume just pressed.
  await done('POST', `campaigns/${id}/pause`, {});
  await killAndRestart();
  await until('the queue is held', 60, async () => (await open(id, ['scheduled', 'queued', 'sending'])) === 0);
  expect((await show(id)).state).toBe('paused');
  await done('POST', `campaigns/${id}/resume`, {});
  await done('POST', `campaigns/${missed.id}/start`, {});
  await killAndRestart();
  // A call that died with its worker stays unknown for ten minutes, in the hope of a receipt.
  for (const each of [id, missed.id]) await until('the campaign has fed everybody', 240, () => isSettled(each), 500);
  scenario.simulator.setFault(null);
  // What nobody knows keeps no campaign up.
  for (const each of [id, missed.id]) await stateIs(each, 'done');
  for (const each of [id, missed.id]) await demandExactlyOne(each);
});
