// Each of sent, delivered and read is one event of its message, in order, however receipts come.
import { setTimeout as sleep } from 'node:timers/promises';
import type { PublicEvent } from '@recado/contract';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openStream } from '../setup/event-clients.ts';
import { logIsOpen } from '../setup/event-log.ts';
import { metaPosts, status } from '../setup/meta-posts.ts';
import { type Receiver, startReceiver } from '../setup/receiver.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { portOf } from '../setup/socket.ts';

let receiver: Receiver;
let scenario: Scenario;
beforeAll(async () => {
  receiver = await startReceiver();
  scenario = await startScenario({ env: { WEBHOOK_ALLOWED_HOSTS: receiver.host } });
});
afterEach(() => scenario.simulator.setFault(null));
afterAll(async () => {
  await scenario.close();
  await receiver.close();
});
const { envelope, post, sentIntoTheDark } = metaPosts(() => scenario);

const steps = ['message.sent', 'message.delivered', 'message.read', 'message.played', 'message.failed'];
const upToRead = steps.slice(0, 3);

type OfMessage = { message: { id: string }; number: number };
const ofMessage = ({ data }: PublicEvent) => data as unknown as OfMessage;

/** The steps that these events tell of each message, in the order of the events. */
function stepsOf(events: readonly PublicEvent[], ids: readonly string[]): Record<string, string[]> {
  const told: Record<string, string[]> = Object.fromEntries(ids.map(id => [id, []]));
  for (const event of events) if (steps.includes(event.type)) told[ofMessage(event).message.id]?.push(event.type);
  return told;
}

const all = (ids: readonly string[], expected: string[]) => Object.fromEntries(ids.map(id => [id, expected]));

async function poll(): Promise<PublicEvent[]> {
  await logIsOpen(scenario);
  const events: PublicEvent[] = [];
  for (let after = ''; ; ) {
    const { body } = await scenario.api(
      'GET',
      `/api/v1/events?types=message.*&limit=1000${after && `&after=${after}`}`,
    );
    events.push(...body.data);
    after = body.last_id;
    if (!body.has_more) return events;
  }
}

test('at 60 messages a second, on the stream, by poll and at an endpoint', async () => {
  const made = await scenario.api('POST', '/api/v1/endpoints', {
    url: receiver.url('/steps'),
    event_types: upToRead,
  });
  expect(made.status).toBe(201);
  const stream = await openStream(`http://127.0.0.1:${portOf(scenario)}`, {
    token: await scenario.token(),
    types: ['message.*'],
  });
  try {
    const sends: Promise<{ id: string }>[] = [];
    // The rate is the point: receipts of one message share commits only while others arrive.
    for (let n = 0; n < 120; n++) {
      sends.push(scenario.send(`+336124${String(n).padStart(5, '0')}`));
      await sleep(1_000 / 60);
    }
    const ids = (await Promise.all(sends)).map(({ id }) => id);
    await scenario.settle();
    const expected = all(ids, upToRead);
    await expect.poll(async () => stepsOf(await poll(), ids), { timeout: 20_000 }).toEqual(expected);
    await expect.poll(() => stepsOf(stream.events, ids), { timeout: 20_000 }).toEqual(expected);
    const posted = () => receiver.got('/steps').map(({ event }) => event as PublicEvent);
    await expect.poll(() => stepsOf(posted(), ids), { timeout: 20_000 }).toEqual(expected);
    // Each one has its place in the timeline of its message.
    for (const id of ids) {
      const own = stream.events.filter(event => ofMessage(event).message.id === id);
      expect(own.map(event => ofMessage(event).number)).toEqual(own.map((_, place) => place + 1));
    }
  } finally {
    stream.drop();
  }
});

/** The steps in the timeline of a message. */
const timeline = async (id: string): Promise<string[]> =>
  (await scenario.message(id)).events
    .map(({ type }: { type: string }) => type)
    .filter((type: string) => steps.includes(type));

test.each([
  ['delivered and read in one webhook', [['delivered', 'read']]],
  ['read before delivered in one webhook', [['read', 'delivered', 'sent']]],
  ['read alone, and the others later', [['read'], ['sent'], ['delivered'], ['read']]],
  [
    'a repeated webhook',
    [
      ['sent', 'delivered'],
      ['sent', 'delivered'],
      ['delivered', 'read'],
      ['read', 'delivered'],
    ],
  ],
])('%s', async (_name, posts) => {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const message = await sentIntoTheDark();
  for (const names of posts) await post(envelope({ statuses: names.map(name => status(message, name)) }));
  expect(await timeline(message.id)).toEqual(upToRead);
});

test('a receipt that nothing explains yet waits, and is told with the others', async () => {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const message = await sentIntoTheDark();
  const noToken = { biz_opaque_callback_data: undefined };
  await post(envelope({ statuses: ['read', 'delivered'].map(name => status(message, name, noToken)) }));
  expect(await timeline(message.id)).toEqual([]);
  await post(envelope({ statuses: [status(message, 'sent')] }));
  expect(await timeline(message.id)).toEqual(upToRead);
});

test('a played voice message was read and delivered', async () => {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const message = await sentIntoTheDark();
  await post(envelope({ statuses: [status(message, 'played')] }));
  await post(envelope({ statuses: ['sent', 'read'].map(name => status(message, name)) }));
  expect(await timeline(message.id)).toEqual([...upToRead, 'message.played']);
});

test('a failure is told once, and receipts that prove it wrong tell the steps', async () => {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const message = await sentIntoTheDark();
  await post(envelope({ statuses: [status(message, 'sent'), status(message, 'failed')] }));
  await post(envelope({ statuses: [status(message, 'failed')] }));
  expect(await timeline(message.id)).toEqual(['message.sent', 'message.failed']);
  await post(envelope({ statuses: ['delivered', 'read'].map(name => status(message, name)) }));
  expect(await timeline(message.id)).toEqual(['message.sent', 'message.failed', 'message.delivered', 'message.read']);
});

test('a failure whose message was accepted after all tells that it was sent, too', async () => {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const message = await sentIntoTheDark();
  await post(envelope({ statuses: [status(message, 'failed')] }));
  await post(envelope({ statuses: [status(message, 'sent')] }));
  expect(await timeline(message.id)).toEqual(['message.failed']);
  await post(envelope({ statuses: [status(message, 'read')] }));
  expect(await timeline(message.id)).toEqual(['message.failed', ...upToRead]);
});
