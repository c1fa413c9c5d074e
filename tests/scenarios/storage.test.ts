// A database of one's own whose disk is full says so statement by statement: 503 with what to do, and all goes on after.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StartError } from '../../server/kit/start-error.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
  await scenario.sql(`create function recado.no_room() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
});
afterAll(() => scenario.close());

const fill = (table: string) =>
  scenario.sql(`create trigger no_room before insert on recado.${table} execute function recado.no_room()`);
const clear = (table: string) => scenario.sql(`drop trigger no_room on recado.${table}`);

test('a message that finds no room is rejected, and accepted when it comes again', async () => {
  const post = () =>
    scenario.api(
      'POST',
      '/api/v1/messages',
      { account_id: scenario.account.id, to: '+33612345678', type: 'text', text: { body: 'Salut' } },
      { 'idempotency-key': 'order-1' },
    );
  await fill('message');
  const refused = await post();
  expect(refused.status).toBe(503);
  expect(refused.body).toMatchObject({ code: 'storage_full', detail: expect.stringContaining('free space') });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await scenario.api('GET', '/api/v1/messages')).status).toBe(200);
  await clear('message');
  const accepted = await post();
  expect(accepted.status).toBe(202);
  await scenario.settle();
  expect((await scenario.message(accepted.body.id)).status).toBe('read');
});

test('an outcome that finds no room is kept until there is room, and its message was called once', async () => {
  await fill('attempt');
  const message = await scenario.send();
  const calls = () => scenario.simulator.ledger.entries().filter(({ to }) => `+${to}` === message.to).length;
  await expect.poll(calls).toBe(1);
  expect((await scenario.message(message.id)).status).toBe('sending');
  await clear('attempt');
  await scenario.settle();
  expect((await scenario.message(message.id)).status).toBe('read');
  expect(calls()).toBe(1);
});

test('a receipt that finds no room is posted again by the channel', async () => {
  await fill('inbound_payload');
  const message = await scenario.send();
  await scenario.recado.engine.idle();
  expect(scenario.simulator.pendingWebhooks()).toBeGreaterThan(0);
  await clear('inbound_payload');
  await scenario.settle();
  expect((await scenario.message(message.id)).status).toBe('read');
});

test('a process that starts meanwhile says so in one sentence', async () => {
  await fill('worker');
  const failure = await scenario.node('worker').catch(error => error);
  expect(failure).toBeInstanceOf(StartError);
  expect(failure.message).toMatch(
    /^The disk is full \(.+\): make room on the disk of the database, and start again\.$/,
  );
  await clear('worker');
  await scenario.node('worker');
});
