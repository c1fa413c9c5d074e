// An outage leaves receipts unread or webhooks unposted: no unknown outcome is settled over it.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Recado } from '../../server/app/compose.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;

let scenario: Scenario;
let worker: Recado;
const statusOf = async ({ id }: { id: string }) => (await scenario.message(id)).status;
const settleUnknown = () => scenario.sql('select resolve_unknown($1)', [new Date(scenario.clock.now())]);
const lane = () => toUuid(scenario.account.id);

/** The worker sends what is there, and reads what was posted until then. */
async function work(): Promise<void> {
  await worker.engine.run('send', lane());
  await worker.engine.idle();
  await scenario.simulator.webhooksIdle();
  await worker.engine.run('receive', lane());
  await worker.engine.idle();
}

beforeAll(async () => {
  scenario = await startScenario({ roles: 'api', clock: 'manual' });
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
    delivery: { on_unknown: 'fail', unknown_window_seconds: 600 },
  });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  worker = await scenario.node('worker');
});

/** Sends a message that stays unknown, and one whose receipts come in. */
async function sendIntoTheDark() {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const message = await scenario.send();
  await work();
  expect(await statusOf(message)).toBe('unknown');
  scenario.simulator.setFault(null);
  scenario.clock.advance(2_000);
  const other = await scenario.send();
  await work();
  expect(await statusOf(other)).toBe('read');
  return message;
}

/** Stores a payload as the webhook does, which a worker would read. */
const post = (laneKey: string) =>
  scenario.sql(`insert into inbound_payload (app, lane_key, body, received_at) values ('sandbox', $1, '{}', $2)`, [
    laneKey,
    new Date(scenario.clock.now()),
  ]);

test.each([
  ['of its account', () => lane()],
  ['of numbers that no account had', () => '00000000-0000-7000-8000-000000000001'],
])('nothing is settled over what was posted and is not read: %s', async (_, laneKey) => {
  const message = await sendIntoTheDark();
  await worker.close();
  scenario.clock.advance(9 * minute);
  await post(laneKey());
  scenario.clock.advance(2 * minute);
  await settleUnknown();
  expect(await statusOf(message)).toBe('unknown');
  await scenario.sql('update inbound_payload set processed_at = received_at where processed_at is null');
  await settleUnknown();
  expect(await statusOf(message)).toBe('failed');
});

test('unread receipts of another account delay nothing, nor do new ones', async () => {
  const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' })).body;
  const message = await sendIntoTheDark();
  await worker.close();
  await post(toUuid(other.id));
  scenario.clock.advance(11 * minute);
  await post(lane());
  await settleUnknown();
  expect(await statusOf(message)).toBe('failed');
  await scenario.sql('update inbound_payload set processed_at = received_at where processed_at is null');
});

test('after a time without any worker receipts have some time yet to be posted again', async () => {
  const message = await sendIntoTheDark();
  await worker.close();
  scenario.clock.advance(60 * minute);
  worker = await scenario.node('worker');
  expect(await statusOf(message)).toBe('unknown');
  // Another one that starts beside it prolongs nothing.
  scenario.clock.advance(9 * minute);
  const second = await scenario.node('worker');
  scenario.clock.advance(2 * minute);
  await second.close();
  await worker.sweeper?.sweep();
  expect(await statusOf(message)).toBe('failed');
  await worker.close();
});
