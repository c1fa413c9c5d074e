// Options for WhatsApp beside the content, and its first status of a template message.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

// biome-ignore lint/suspicious/noExplicitAny: what JSON parses to.
type Json = Record<string, any>;

let scenario: Scenario;
const bodies: Json[] = [];
beforeAll(async () => {
  scenario = await openWorkspace();
  scenario.simulator.setFault(({ body }) => {
    bodies.push(body as Json);
    return null;
  });
});
afterAll(async () => {
  scenario.simulator.setFault(null);
  await scenario.close();
});

const send = (more: object, account: Json = scenario.account) =>
  scenario.api('POST', '/api/v1/messages', {
    account_id: account.id,
    to: '+33612009001',
    type: 'text',
    text: { body: 'Hi' },
    ...more,
  });

test('options go out with the message, are shown, and are no quote', async () => {
  const options = { message_activity_sharing: false, recipient_identity_key_hash: 'DF2lS5v2W6x=' };
  const headers = { 'idempotency-key': 'options-1' };
  const body = { account_id: scenario.account.id, to: '+33612009001', type: 'text', text: { body: 'Hi' }, options };
  const sent = await scenario.api('POST', '/api/v1/messages', body, headers);
  expect(sent).toMatchObject({ status: 202, body: { options, context: null } });
  await scenario.settle();
  expect(bodies.at(-1)).toMatchObject({ ...options, text: { body: 'Hi' } });
  expect(bodies.at(-1)).not.toHaveProperty('context');
  expect(await scenario.message(sent.body.id)).toMatchObject({ status: 'read', options, context: null });
  expect((await scenario.api('POST', '/api/v1/messages', body, headers)).text).toBe(sent.text);
  const quoting = await send({ options, context: { message_id: sent.body.id } });
  expect(quoting.body).toMatchObject({ options, context: { message_id: sent.body.id } });
  await scenario.settle();
  expect(bodies.at(-1)).toMatchObject({ ...options, context: { message_id: expect.stringMatching(/^wamid/) } });
  expect((await send({})).body.options).toBe(null);
});

test.each([
  [{ options: {} }, 'options'],
  [{ options: { message_activity_sharing: 'no' } }, 'options.message_activity_sharing'],
  [{ options: { priority: 1 } }, 'options'],
])('%j: the field is named', async (more, field) => {
  const answer = await send(more);
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0].field.startsWith(field)).toBe(true);
});

test.each(['held_for_quality_assessment', 'paused'])('a template that WhatsApp has %s is shown so', async status => {
  await fetch(`${scenario.simulator.url}/script/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message_status: status, phone_number_id: scenario.account.phone_number_id, times: 1 }),
  });
  const template = { name: 'hello_world', language: { code: 'en_US' } };
  const { body } = await send({ type: 'template', text: undefined, template });
  await scenario.settle();
  const message = await scenario.message(body.id);
  expect(message).toMatchObject({ error: null, attempts: [{ class: 'accepted', code: status, title: null }] });
  expect(message.events.find(({ type }: Json) => type === 'message.sent').data).toEqual({ message_status: status });
});

test('a linked phone takes no options', async () => {
  const web = await scenario.api('POST', '/api/v1/accounts', { name: 'Phone', channel: 'web' });
  expect(web.status).toBe(201);
  const answer = await send({ options: { message_activity_sharing: true } }, web.body);
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'options' }] } });
});
