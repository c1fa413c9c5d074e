// Why a message waits where nobody is there to send it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ roles: 'api', clock: 'manual' });
});
afterAll(() => scenario.close());

const waitingOf = async (id: string) => (await scenario.message(id)).waiting;

/** A worker as the table knows it. */
const worker = (kinds: string, channels: string, secondsAgo = 0) =>
  scenario.sql(
    `insert into worker (id, kinds, routes, seen_at)
     values ($1, $2, $3, clock_timestamp() - $4 * interval '1 second')`,
    [newUuid(), kinds, channels, secondsAgo],
  );

test('no worker is alive that sends for its channel, and it says so until there is one', async () => {
  const first = await scenario.send('+33612008001');
  const second = await scenario.send('+33612008001');
  expect(await waitingOf(first.id)).toEqual({ reason: 'no_worker', until: null, ahead: 0 });
  // The missing worker is the reason, not the message ahead.
  expect(await waitingOf(second.id)).toEqual({ reason: 'no_worker', until: null, ahead: 1 });

  await worker('{send}', '{cloud}');
  await worker('{receive,read}', '{sandbox}');
  await worker('{send}', '{sandbox}', 11);
  expect((await waitingOf(first.id)).reason).toBe('no_worker');
  await worker('{send}', '{sandbox}');
  expect((await waitingOf(first.id)).reason).toBe('next');
  expect((await waitingOf(second.id)).reason).toBe('conversation_order');
  await scenario.sql('delete from worker');

  const node = await scenario.node('worker');
  await expect.poll(async () => (await scenario.message(second.id)).status, { timeout: 20_000 }).toBe('read');
  await node.close();
  expect((await waitingOf((await scenario.send('+33612008001')).id)).reason).toBe('no_worker');
});

test('a message with its own wait names it first', async () => {
  const { body: scheduled } = await scenario.api('POST', '/api/v1/messages', {
    account_id: scenario.account.id,
    to: '+33612008002',
    type: 'text',
    text: { body: 'later' },
    send_at: new Date(scenario.clock.now() + 3_600_000).toISOString(),
  });
  expect((await waitingOf(scheduled.id)).reason).toBe('scheduled');
  const { id } = await scenario.send('+33612008003');
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  expect((await waitingOf(id)).reason).toBe('paused');
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
  expect((await waitingOf(id)).reason).toBe('no_worker');
  // Only a claim queues what is due.
  scenario.clock.advance(3_600_001);
  expect(await waitingOf(scheduled.id)).toEqual({ reason: 'no_worker', until: null, ahead: null });
});
