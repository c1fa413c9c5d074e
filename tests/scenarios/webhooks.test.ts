// Outgoing webhooks: what an endpoint gets, and what its owner sees of it.
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver, status } from '../setup/receiver.ts';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';

let receiver: Receiver;
let scenario: Scenario;
beforeAll(async () => {
  receiver = await startReceiver();
  scenario = await startScenario({ env: { WEBHOOK_ALLOWED_HOSTS: receiver.host } });
});
afterAll(async () => {
  await scenario.close();
  await receiver.close();
});

let paths = 0;
/** A new endpoint, with the path at the receiver that it has for itself. */
async function endpoint(more: object = {}, call: Call = scenario.api) {
  paths += 1;
  const path = `/${paths}`;
  const { status, body, text } = await call('POST', '/api/v1/endpoints', { url: receiver.url(path), ...more });
  expect({ status, text }).toMatchObject({ status: 201 });
  return { ...body, path, at: `/api/v1/endpoints/${body.id}` };
}

const typesAt = (path: string) => receiver.got(path).map(({ event }) => event.type);
const received = (path: string, count: number) =>
  expect.poll(() => receiver.got(path).length).toBeGreaterThanOrEqual(count);

describe('an event', () => {
  test('arrives signed, as GET /events shows it, with headers of your own', async () => {
    const { path, secret } = await endpoint({ event_types: ['message.*'], headers: { 'X-Team': 'support' } });
    const message = await scenario.send();
    await received(path, 5);
    const got = receiver.got(path);
    expect(got.map(({ event }) => event.type)).toEqual([
      'message.queued',
      'message.sending',
      'message.sent',
      'message.delivered',
      'message.read',
    ]);
    expect(got.map(({ event }) => event.data.number)).toEqual([1, 2, 3, 4, 5]);
    const { body: page } = await scenario.api('GET', '/api/v1/events?types=message.*&limit=1000');
    for (const { headers, body, event } of got) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(event);
      expect(headers).toMatchObject({
        'webhook-id': event.id,
        'content-type': 'application/json',
        'user-agent': 'Recado',
        'x-team': 'support',
      });
      expect(event.data.message.id).toBe(message.id);
      const shown = page.data.find(({ id }: { id: string }) => id === event.id);
      expect(shown).toMatchObject({ ...event, data: { number: event.data.number, details: event.data.details } });
    }
  });
});
