// Workers that are killed while they prepare and feed a campaign, and as somebody pauses it: each recipient has exactly
// one message, and the counts are those of a recount. TEST_ALL=1 plays ten rounds.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type Actor, end, launchNode, until } from '../faults/processes.ts';
import { isWhole } from '../setup/rotation.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const rounds = isWhole ? 10 : 1;
const people = 300;
vi.setConfig({ testTimeout: 900_000 });

// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;
let scenario: Scenario;
const workers: Actor[] = [];

beforeAll(async () => {
  scenario = await startScenario({ roles: 'api' });
  await done('PATCH', `accounts/${scenario.account.id}`, { limits: { per_day: null } });
  await startWorker();
  await startWorker();
}, 180_000);
afterAll(async () => {
  for (const worker of workers) await end(worker);
  await scenario.close();
});

async function startWorker(): Promise<void> {
  const env = { ...scenario.env, ROLES: 'worker', LOG_LEVEL: 'warn' };
  const worker = launchNode('scripts/start.mjs', scenario.dataDir, env);
  await until('the worker is ready', 90, async () => worker.words().includes('is ready'));
  workers.push(worker);
}

/** Kills the worker that is the oldest, and starts another one. */
async function kill(): Promise<void> {
  await end(workers.shift());
  await startWorker();
}

async function done(method: string, path: string, body?: object): Promise<Json> {
  const answer = await scenario.api(method, `/api/v1/${path}`, body);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body;
}

const show = (id: string): Promise<Json> => done('GET', `campaigns/${id}`);
const begun = async (id: string): Promise<number> => {
  const [row] = await scenario.sql<{ n: number }>(
    'select count(*)::int as n from campaign_recipient where campaign_id = $1 and message_id is not null',
    [toUuid(id)],
  );
  return row?.n ?? 0;
};

/** Whether each recipient had a turn, and only calls of killed workers may still be without an outcome. */
async function isSettled(id: string): Promise<boolean> {
  const { waiting } = (await show(id)).counts;
  const [open] = await scenario.sql<{ n: number }>(
    `select count(*)::int as n from open_message where campaign_id = $1 and state <> 'unknown'`,
    [toUuid(id)],
  );
  return waiting === 0 && open?.n === 0;
}

test.each(Array.from({ length: rounds }, (_, round) => round))('round %i: each recipient exactly one', async round => {
  const [first] = await scenario.sql<{ workspace_id: string }>('select workspace_id from account where id = $1', [
    toUuid(scenario.account.id),
  ]);
  const label = await done('POST', 'labels', { name: `round ${round}`, color: 'teal', on: 'contact' });
  await scenario.sql(
    `with made as (insert into contact (id, workspace_id, name) select gen_random_uuid(), $1, 'Person ' || n
        from generate_series(1, $2::int) n returning id),
      numbered as (select id, row_number() over () as n from made),
      reached as (insert into contact_address (workspace_id, kind, value, contact_id)
        select $1, 'phone', '+3519' || (30000000 + $3::int * 1000 + n), id from numbered)
    insert into contact_label (label_id, contact_id, workspace_id) select $4, id, $1 from numbered`,
    [first?.workspace_id, people, round, toUuid(label.id)],
  );
  const segment = await done('POST', 'segments', {
    name: `round ${round}`,
    kind: 'filter',
    filter: { match: { all: [{ field: 'label', op: 'is', value: label.id }] } },
  });
  const template = { name: 'hello_world', language: { code: 'en_US' } };
  const { id } = await done('POST', 'campaigns', {
    name: `round ${round}`,
    account_ids: [scenario.account.id],
    variants: [{ share: 100, message: { type: 'template', template } }],
    include: [{ segment_id: segment.id }],
  });
  await done('POST', `campaigns/${id}/start`, {});
  await kill();
  await until('the first are fed', 60, async () => (await begun(id)) > 0);
  await kill();
  await done('POST', `campaigns/${id}/pause`, {});
  await kill();
  expect((await show(id)).state).toBe('paused');
  await done('POST', `campaigns/${id}/resume`, {});
  await kill();
  // A call that died with its worker stays unknown for ten minutes, in the hope of a receipt.
  await until('the campaign has fed everybody', 240, () => isSettled(id), 500);
  const messages = await scenario.sql<{ contact_id: string }>('select contact_id from message where campaign_id = $1', [
    toUuid(id),
  ]);
  expect(messages).toHaveLength(people);
  expect(new Set(messages.map(({ contact_id }) => contact_id)).size).toBe(people);
  const [recount] = await scenario.sql<Json>(
    `select count(*)::int as people, count(*) filter (where m.status in ('sent', 'delivered', 'read'))::int as sent,
      count(*) filter (where m.status = 'failed')::int as failed,
      count(*) filter (where m.status = 'unknown')::int as sending
      from campaign_recipient r join message m on m.id = r.message_id where r.campaign_id = $1`,
    [toUuid(id)],
  );
  expect((await show(id)).counts).toMatchObject({ ...recount, left_out: 0, waiting: 0 });
});
