// Workers that are killed while they deliver: each event arrives at least once, and in order a conversation.
// Each commit delivers 1,000 events and kills two workers; TEST_ALL=1 delivers 100,000 and kills ten.
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventUuid } from '../../server/features/events/index.ts';
import { toId, toUuid } from '../../server/kit/ids.ts';
import { type Actor, end, launchNode, until } from '../faults/processes.ts';
import { type Receiver, startReceiver } from '../setup/receiver.ts';
import { isWhole } from '../setup/rotation.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const [events, kills] = isWhole ? [100_000, 10] : [1_000, 2];
const conversations = 40;
const concurrency = 20;
const atOnce = 500;
vi.setConfig({ testTimeout: 900_000 });

let receiver: Receiver;
let scenario: Scenario;
const workers: Actor[] = [];

beforeAll(async () => {
  receiver = await startReceiver();
  scenario = await startScenario({ roles: 'api', env: { WEBHOOK_ALLOWED_HOSTS: receiver.host } });
});
afterAll(async () => {
  for (const worker of workers) await end(worker);
  await scenario.close();
  await receiver.close();
});

async function startWorker(): Promise<void> {
  const env = { ...scenario.env, ROLES: 'worker', LOG_LEVEL: 'warn' };
  const worker = launchNode('scripts/start.mjs', scenario.dataDir, env);
  await until('the worker is ready', 60, async () => worker.words().includes('is ready'));
  workers.push(worker);
}

/** Kills the worker that posts, and starts another one. */
async function kill(): Promise<void> {
  const worker = workers.shift();
  await end(worker);
  // Its heartbeats are over: the others need not wait until they believe it.
  await scenario.sql(`update worker set seen_at = seen_at - interval '10 seconds'
    where id = (select runner from delivery_lane limit 1)`);
  await startWorker();
}

/** Messages of as many conversations. */
async function makeMessages(): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < conversations; n++) ids.push(toUuid((await scenario.send()).id));
  return ids;
}

test('a kill repeats the requests in flight alone', async () => {
  const [keys, each] = [20, 8];
  const messages: string[] = [];
  for (let n = 0; n < keys; n++) messages.push(toUuid((await scenario.send()).id));
  const { body: endpoint } = await scenario.api('POST', '/api/v1/endpoints', {
    url: receiver.url('/last'),
    event_types: ['message.undelivered'],
    concurrency: keys,
  });
  const counts = new Map<string, number>();
  // The last event of each conversation gets no answer before the kill.
  let answersLast = false;
  receiver.answer('/last', ({ event }, response) => {
    const message = event.data.message.id;
    const count = (counts.get(message) ?? 0) + 1;
    counts.set(message, count);
    if (count < each || answersLast) response.writeHead(204).end();
  });
  await scenario.sql(
    `insert into event (workspace_id, type, account_id, message_id, number, data, at)
     select m.workspace_id, 'message.undelivered', m.account_id, m.id, 1, '{}', clock_timestamp()
     from generate_series(1, $2::int) n join message m on m.id = any ($1::uuid[]) order by n`,
    [messages, each],
  );
  await startWorker();
  const recorded = async () => {
    const [row] = await scenario.sql<{ n: number }>(
      'select count(*)::int as n from ended_delivery where endpoint_id = $1',
      [toUuid(endpoint.id)],
    );
    return row?.n;
  };
  await until('all but the last are recorded', 60, async () => (await recorded()) === keys * (each - 1));
  await until('the last ones are in flight', 60, async () => receiver.got('/last').length === keys * each);
  answersLast = true;
  await kill();
  await until('all are recorded', 60, async () => (await recorded()) === keys * each);
  expect(receiver.got('/last').length).toBe(keys * each + keys);
  await scenario.api('DELETE', `/api/v1/endpoints/${endpoint.id}`);
});

test(`${events} events through ${kills} kills`, async () => {
  const messages = await makeMessages();
  const { body: endpoint } = await scenario.api('POST', '/api/v1/endpoints', {
    url: receiver.url('/kills'),
    event_types: ['message.stuck'],
    concurrency,
  });
  const begin = performance.now();
  const got = () => receiver.got('/kills');
  for (let written = 0; written < events; written += atOnce)
    await scenario.sql(
      `insert into event (workspace_id, type, account_id, message_id, number, data, at)
       select m.workspace_id, 'message.stuck', m.account_id, m.id, 1, '{}', clock_timestamp()
       from generate_series(1, $2::int) n join message m on m.id = ($1::uuid[])[1 + n % $3::int] order by n`,
      [messages, atOnce, conversations],
    );
  for (let n = 1; n <= kills; n++) {
    await until('a part was delivered', 300, async () => got().length > (events * n) / (kills + 1));
    await kill();
  }
  const log = await scenario.sql<{ id: string; at: Date; message_id: string }>(
    `select id, at, message_id from logged_event where type = 'message.stuck' order by xid, id`,
  );
  const expected = log.map(row => ({
    id: toId('event', eventUuid({ id: Number(row.id), at: row.at })),
    of: row.message_id,
  }));
  expect(expected.length).toBe(events);
  await until('all were delivered', 600, async () => new Set(got().map(({ event }) => event.id)).size >= events, 200);
  const seconds = (performance.now() - begin) / 1_000;

  const webhook = new Webhook(endpoint.secret);
  const firsts = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { body, headers, event } of got()) {
    webhook.verify(body, headers as Record<string, string>, { jsonParse: false });
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    const message = toUuid(event.data.message.id);
    const own = firsts.get(message) ?? [];
    own.push(event.id);
    firsts.set(message, own);
  }
  for (const message of messages)
    expect(firsts.get(message)).toEqual(expected.filter(({ of }) => of === message).map(({ id }) => id));
  const repeated = got().length - events;
  console.info(`${events} events, ${kills} kills, ${seconds.toFixed(0)} s, ${repeated} repeated`);
  // Those in flight and those that were not recorded yet: four times the concurrency at most.
  expect(repeated).toBeLessThanOrEqual(kills * 4 * concurrency);
});
