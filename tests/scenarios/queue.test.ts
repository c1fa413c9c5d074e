// The metrics of the queue: for Prometheus, and for the callers of a workspace.
import { createHmac } from 'node:crypto';
import { workspaceQueueSchema } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installationStats } from '../../server/features/statistics/queue-store.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { portOf, sendBytes } from '../setup/socket.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({});
});
afterAll(() => scenario.close());

/** The value of one metric with these labels; undefined where it is not there. */
async function metric(name: string, labels = ''): Promise<number | undefined> {
  const { text } = await scenario.as(undefined)('GET', '/metrics');
  const line = text.split('\n').find(each => each.startsWith(`${name}${labels} `));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

const queue = async (api = scenario.api) => workspaceQueueSchema.parse((await api('GET', '/api/v1/queue')).body);

test('the metrics count events, and name no person', async () => {
  const sent = await scenario.send('+33612999101');
  const rejected = await scenario.send('+12025550113');
  const unknown = await scenario.send('+12025550117');
  // Only who has got a message knows whom to write to.
  await scenario.settle();
  const written = await fetch(`${scenario.simulator.url}/phones/%2B33612999101/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'text', text: { body: 'a secret answer' } }),
  });
  expect(written.status).toBe(202);
  await scenario.settle();
  expect(await metric('recado_messages_accepted_total')).toBe(3);
  expect(await metric('recado_attempts_total', '{class="accepted"}')).toBe(1);
  expect(await metric('recado_attempts_total', '{class="rejected"}')).toBe(1);
  expect(await metric('recado_attempts_total', '{class="unknown"}')).toBe(1);
  expect(await metric('recado_send_seconds_count')).toBe(3);
  expect(await metric('recado_messages_received_total')).toBe(1);
  expect(await metric('recado_receipts_total', '{status="read"}')).toBe(1);
  expect(await metric('recado_messages_waiting', '{status="unknown",priority="normal"}')).toBe(1);
  expect(await metric('recado_lane_open', '{kind="receive"}')).toBe(0);
  expect(await metric('recado_workers')).toBe(1);
  expect(await metric('recado_database_up')).toBe(1);
  expect(await metric('recado_lane_runs_total', '{kind="send"}')).toBeGreaterThanOrEqual(1);
  const { text } = await scenario.as(undefined)('GET', '/metrics');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  const proxied = await scenario.as(undefined)('GET', '/metrics', undefined, { 'x-forwarded-for': '203.0.113.7' });
  expect(proxied).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  // A proxy on this machine that adds no header asks for the host that people see.
  const answers = await sendBytes(
    `http://127.0.0.1:${portOf(scenario)}`,
    ...['recado.example', 'localhost.example', `localhost:${portOf(scenario)}`, '[::1]'].map(
      (host, n) => `GET /metrics HTTP/1.1\r\nHost: ${host}\r\n${n === 3 ? 'Connection: close\r\n' : ''}\r\n`,
    ),
  );
  expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['403', '403', '200', '200']);
  for (const secret of [
    '33612999101',
    '12025550113',
    'hello',
    'a secret answer',
    scenario.account.id,
    sent.id,
    rejected.id,
    unknown.id,
  ])
    expect(text).not.toContain(secret);
});

test('the queue of a workspace shows waiting messages, sent messages and the rate', async () => {
  const stats = await queue();
  expect(stats).toMatchObject({ waiting: 0, active: 0, unknown: 1, completed: 1, failed: 1, workers: 1 });
  expect(stats.calls_per_minute).toBeGreaterThan(0);
  expect(stats.wait_seconds.p50).toBeGreaterThanOrEqual(0);
  expect(stats.lanes.map(lane => [lane.kind, lane.due, lane.problem])).toEqual([
    ['send', 0, null],
    ['receive', 0, null],
    ['read', 0, null],
    ['fetch', 0, null],
  ]);
  const stranger = await scenario.stranger();
  expect(await queue(stranger.api)).toMatchObject({ unknown: 0, completed: 1, failed: 0 });
});

test('a claim without a call counts as no call, and a message waits until its first call', async () => {
  const alone = await startScenario({});
  try {
    const { id } = await alone.send();
    await alone.send();
    await alone.settle();
    expect((await queue(alone.api)).calls_per_minute).toBe(2 / 5);
    // As it would be if the one of a hundred seconds ago had twice been put back, and then called again.
    await alone.sql(`update message set created_at = now() - interval '100 seconds'`);
    await alone.sql('update attempt a set started_at = m.created_at from message m where m.id = a.message_id');
    await alone.sql(
      `with first as (update attempt set number = 4, token = token_of(message_id, 4), started_at = started_at + interval '80 seconds'
         where message_id = $1 returning *)
       insert into attempt (token, message_id, account_id, number, runner, status, class, started_at, ended_at)
       select token_of(message_id, n), message_id, account_id, n, runner, 'not_sent', x.class, started_at + seconds * interval '1 second', now()
       from first, (values (1, 'released', -30), (2, 'file_pending', -20), (3, 'expired', -10), (5, 'unknown', 10)) x(n, class, seconds)`,
      [toUuid(id)],
    );
    const stats = await queue(alone.api);
    expect(stats.calls_per_minute).toBe(3 / 5);
    // One waited for nothing, the other for 80 seconds.
    expect(stats.wait_seconds.p50).toBeCloseTo(40, 1);
  } finally {
    await alone.close();
  }
});

test('a held lane is counted until its account is deleted', async () => {
  const { body: account } = await scenario.api('POST', '/api/v1/accounts', { name: 'Flagged', channel: 'sandbox' });
  const entry = [
    {
      id: account.business_account_id,
      time: 1_764_000_000,
      changes: [
        {
          field: 'messages',
          value: {
            metadata: { phone_number_id: account.phone_number_id },
            errors: [{ code: 131031, title: 'Account has been locked' }],
          },
        },
      ],
    },
  ];
  const raw = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex');
  const headers = { 'x-hub-signature-256': `sha256=${signature}` };
  expect((await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', raw, headers)).status).toBe(200);
  await scenario.settle();
  // Read the database: metrics cache the value for some seconds.
  const held = async () => (await installationStats(scenario.engineDb, null)).held;
  expect(await held()).toEqual([{ reason: 'flagged', n: expect.anything() }]);
  expect((await scenario.api('DELETE', `/api/v1/accounts/${account.id}`)).status).toBe(204);
  expect(await held()).toEqual([]);
});

test('without a live worker, the queue reports that nothing consumes the lane', async () => {
  const alone = await startScenario({ roles: 'api' });
  try {
    await alone.send();
    const stats = await queue(alone.api);
    expect(stats).toMatchObject({ waiting: 1, workers: 0 });
    expect(stats.lanes[0]).toMatchObject({
      kind: 'send',
      due: 1,
      workers: 0,
      problem: expect.stringContaining('Nothing consumes this lane'),
    });
    const worker = await alone.node('worker');
    await worker.sweeper?.sweep();
    expect((await queue(alone.api)).workers).toBe(1);
    await worker.close();
    expect((await queue(alone.api)).workers).toBe(0);
  } finally {
    await alone.close();
  }
});

test('a scheduled message is due at its time, even if no worker has queued it', async () => {
  const alone = await startScenario({ roles: 'api' });
  try {
    const { id } = await alone.send();
    await alone.sql(
      `with due as (update open_message set state = 'scheduled', head = false, ready_at = now() - interval '1 minute'),
         counted as (update lane set queued = 0)
       update message set status = 'scheduled', send_at = now() - interval '1 minute'`,
    );
    expect((await alone.message(id)).status).toBe('scheduled');
    expect((await queue(alone.api)).lanes[0]).toMatchObject({ due: 1, problem: expect.stringContaining('Nothing') });
    const { text } = await alone.as(undefined)('GET', '/metrics');
    expect(text).toContain('recado_lane_open{kind="send"} 1');
    expect(Number(/^recado_oldest_due_seconds\{priority="normal"\} (\S+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(
      60,
    );
  } finally {
    await alone.close();
  }
});

test('a worker that cannot reach the channel does not count as a reader of its webhooks', async () => {
  const alone = await startScenario({ roles: 'api' });
  try {
    await alone.sql(`insert into worker (id, kinds, routes) values (gen_random_uuid(), '{send,receive,read}', '{}')`);
    await alone.sql(
      `insert into inbound_payload (app, lane_key, body, received_at) select 'sandbox', id, '{}', now() from account`,
    );
    const lane = (await queue(alone.api)).lanes.find(each => each.kind === 'receive');
    expect(lane).toMatchObject({ due: 1, workers: 0, problem: expect.stringContaining('Nothing') });
  } finally {
    await alone.close();
  }
});
