// Outgoing webhooks: what an endpoint gets, what it never gets, and what its owner sees of it.
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { rejectedLinks } from '../../server/kit/net/link-corpus.ts';
import { until } from '../faults/processes.ts';
import { logIsOpen } from '../setup/event-log.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { type Received, type Receiver, type Respond, startReceiver, status } from '../setup/receiver.ts';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';

let receiver: Receiver;
let elsewhere: Receiver;
let scenario: Scenario;
beforeAll(async () => {
  [receiver, elsewhere] = await Promise.all([startReceiver(), startReceiver()]);
  scenario = await startScenario({ env: { WEBHOOK_ALLOWED_HOSTS: `${receiver.host},${elsewhere.host}` } });
});
afterAll(async () => {
  await scenario.close();
  await receiver.close();
  await elsewhere.close();
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

const idsAt = (path: string) => receiver.got(path).map(({ event }) => event.id);
const eventually = (look: () => unknown, options = {}) => expect.poll(async () => look(), options);

interface Logged {
  id: string;
  type: string;
  account_id: string | null;
  data: Record<string, never>;
}

/** The events of the log from its first on, as the API shows them to a caller. */
async function logOf(types: string, call: Call = scenario.api): Promise<Logged[]> {
  await logIsOpen(scenario);
  const events: Logged[] = [];
  for (let after = ''; ; ) {
    const { body } = await call('GET', `/api/v1/events?types=${types}&limit=1000${after}`);
    events.push(...body.data);
    if (!body.has_more) return events;
    after = `&after=${body.last_id}`;
  }
}

/** The ids of the events of a message, once the log shows that it was read: a transaction may hide the newest events. */
async function idsOf(message: string): Promise<string[]> {
  const own = async () =>
    (await logOf('message.*')).filter(({ data }) => (data.message as unknown as { id: string }).id === message);
  await eventually(async () => (await own()).map(({ type }) => type)).toContain('message.read');
  return (await own()).map(({ id }) => id);
}

const key = async (body: object) =>
  scenario.as((await scenario.api('POST', '/api/v1/keys', { name: 'x', ...body })).body.key);

describe('an endpoint', () => {
  test('gets the events of its types, signed, in order, as the log has them', async () => {
    const { path, secret, at } = await endpoint({ event_types: ['message.*'], headers: { 'X-Team': 'support' } });
    const ids = await idsOf((await scenario.send()).id);
    await eventually(() => idsAt(path)).toEqual(ids);
    for (const { headers, body, event } of receiver.got(path)) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(event);
      const expected = { 'webhook-id': event.id, 'content-type': 'application/json', 'user-agent': 'Recado' };
      expect(headers).toMatchObject({ ...expected, 'x-team': 'support' });
    }
    const { body: page } = await scenario.api('GET', `${at}/deliveries`);
    expect(page.data.map((one: { event_id: string }) => one.event_id)).toEqual(ids.reverse());
    await eventually(async () => (await scenario.api('GET', `${at}/deliveries/${page.data[0].id}`)).body.status).toBe(
      'succeeded',
    );
    const { body: shown } = await scenario.api('GET', `${at}/deliveries/${page.data[0].id}`);
    expect(shown).toMatchObject({ status: 'succeeded', attempt_count: 1, http_status: 204, error: null });
    expect(shown.attempts).toMatchObject([{ number: 1, http_status: 204, error: null, next_attempt_at: null }]);
    expect((await scenario.api('GET', at)).text).not.toContain('support');
  });

  test('that moves to another server takes its headers along only if they are given again', async () => {
    const headers = { Authorization: 'Bearer hidden' };
    const { path, at } = await endpoint({ event_types: ['message.queued'], headers });
    const change = async (body: object) => (await scenario.api('PATCH', at, body)).body;
    const ping = async (from: Receiver, to: string) => {
      const count = from.got(to).length;
      await scenario.api('POST', `${at}/test`);
      await eventually(() => from.got(to).length).toBe(count + 1);
      return from.got(to).at(-1)?.headers.authorization;
    };
    // To another path of the same server they go along.
    expect(await change({ url: receiver.url(`${path}-b`) })).toMatchObject({ header_names: ['Authorization'] });
    expect(await ping(receiver, `${path}-b`)).toBe('Bearer hidden');
    expect(await change({ url: elsewhere.url(path) })).toMatchObject({ header_names: [] });
    expect(await ping(elsewhere, path)).toBeUndefined();
    expect(await change({ url: receiver.url(path), headers })).toMatchObject({ header_names: ['Authorization'] });
    expect(await ping(receiver, path)).toBe('Bearer hidden');
  });

  test('gets masked numbers where it sees none, from the next event on', async () => {
    const phone = '+351912667788';
    const settings = { event_types: ['message.sent'], sees_numbers: false };
    const [hidden, whole] = [await endpoint(settings), await endpoint({ ...settings, sees_numbers: true })];
    expect(hidden).toMatchObject({ sees_numbers: false });
    const arrive = async (count: number) => {
      await scenario.send(phone, 'Your order is ready.');
      await scenario.settle();
      for (const { path } of [hidden, whole]) await eventually(() => receiver.got(path).length).toBe(count);
    };
    const lastAt = (path: string) => receiver.got(path).at(-1)?.event.data.message;
    await arrive(1);
    expect(lastAt(hidden.path)).toMatchObject({ to: '•••7788', channel_message_id: '•••' });
    expect(lastAt(whole.path)).toMatchObject({ to: phone, channel_message_id: expect.stringMatching(/^wamid/) });
    expect((await scenario.api('PATCH', hidden.at, { sees_numbers: true })).body.sees_numbers).toBe(true);
    await arrive(2);
    expect(lastAt(hidden.path)).toMatchObject({ to: phone });
  });

  test('and the others of its workspace have 200 requests in flight at most', async () => {
    await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
      limits: { per_day: null, new_conversations_per_day: null },
    });
    const all = await Promise.all(
      Array.from({ length: 5 }, () => endpoint({ event_types: ['message.queued'], concurrency: 100 })),
    );
    const held: ServerResponse[] = [];
    let [inFlight, most, holds] = [0, 0, true];
    const end = (response: ServerResponse) => {
      inFlight -= 1;
      response.writeHead(204).end();
    };
    for (const { path } of all)
      receiver.answer(path, (_request, response) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        if (holds) held.push(response);
        else end(response);
      });
    const messages = Array.from({ length: 60 }, (_, n) => ({
      account_id: scenario.account.id,
      to: `+336130020${String(n).padStart(2, '0')}`,
      type: 'text',
      text: { body: 'To many' },
    }));
    expect((await scenario.api('POST', '/api/v1/messages/batch', { messages })).status).toBe(202);
    await eventually(() => held.length).toBe(200);
    // A free place goes to the endpoint that has the fewest.
    const fewest = () => Math.min(...all.map(({ path }) => receiver.got(path).length));
    for (const response of held.splice(0, 40)) end(response);
    await eventually(fewest).toBeGreaterThanOrEqual(20);
    holds = false;
    for (const response of held) end(response);
    await eventually(() => all.map(({ path }) => new Set(idsAt(path)).size)).toEqual([60, 60, 60, 60, 60]);
    expect(most).toBe(200);
    for (const { at } of all) await scenario.api('DELETE', at);
  });

  test('has as many requests in flight as its concurrency says', async () => {
    const { path, at } = await endpoint({ event_types: ['message.queued'], concurrency: 100 });
    const held: ServerResponse[] = [];
    receiver.answer(path, (_request, response) => void held.push(response));
    const messages = Array.from({ length: 100 }, (_, n) => ({
      account_id: scenario.account.id,
      to: `+336130021${String(n).padStart(2, '0')}`,
      type: 'text',
      text: { body: 'To a hundred' },
    }));
    expect((await scenario.api('POST', '/api/v1/messages/batch', { messages })).status).toBe(202);
    await eventually(() => held.length).toBe(100);
    for (const response of held) response.writeHead(204).end();
    await scenario.api('DELETE', at);
  });

  test('gets nothing about a person who is erased after the event was queued for it', async () => {
    const { path, at } = await endpoint({ event_types: ['message.queued'] });
    const first = await scenario.send('+33613002201', 'before');
    await eventually(() => receiver.got(path).length).toBe(1);
    // It has just been posted to, so the body of its next event is made when that is queued.
    await scenario.api('PATCH', at, { status: 'paused' });
    const second = await scenario.send('+33613002202', 'forget me');
    await eventually(async () => (await scenario.api('GET', `${at}/deliveries?status=waiting`)).body.data.length).toBe(
      1,
    );
    await scenario.settle();
    expect((await scenario.api('POST', `/api/v1/contacts/${second.contact_id}/erase`)).status).toBe(200);
    await scenario.api('PATCH', at, { status: 'active' });
    await eventually(async () => (await scenario.api('GET', `${at}/deliveries?status=failed`)).body.data).toMatchObject(
      [{ error: 'event_gone' }],
    );
    expect(receiver.got(path).map(({ event }) => event.data.message.id)).toEqual([first.id]);
  });

  test('gets only what passes its filter, and several endpoints get the same event', async () => {
    const filter = {
      or: [{ field: 'data.message.text.body', equals: 'yes' }, { and: [{ field: 'type', in: ['message.received'] }] }],
    };
    const [some, all] = [
      await endpoint({ event_types: ['message.queued'], filter }),
      await endpoint({ event_types: ['message.queued'] }),
    ];
    const [no, yes] = [await scenario.send(undefined, 'no'), await scenario.send(undefined, 'yes')];
    const messagesAt = (path: string) => receiver.got(path).map(({ event }) => event.data.message.id);
    await eventually(() => messagesAt(all.path).sort()).toEqual([no.id, yes.id].sort());
    await eventually(() => messagesAt(some.path)).toEqual([yes.id]);
    // Events after it have come to the other one.
    await scenario.send(undefined, 'yes');
    await eventually(() => messagesAt(some.path).length).toBe(2);
  });

  test('gets what happens while it is paused when it is active again', async () => {
    const { path, at } = await endpoint({ event_types: ['contact.*'] });
    await scenario.api('PATCH', at, { status: 'paused' });
    const { body: contact } = await scenario.api('POST', '/api/v1/contacts', { name: 'Ann' });
    const waiting = async () => (await scenario.api('GET', `${at}/deliveries?status=waiting`)).body.data.length;
    await eventually(waiting).toBe(1);
    expect(receiver.got(path)).toEqual([]);
    expect((await scenario.api('PATCH', at, { status: 'active' })).body.status).toBe('active');
    await eventually(() => receiver.got(path).map(({ event }) => event.data.contact_id)).toEqual([contact.id]);
  });

  test('can have a new secret: both sign until the former one ends', async () => {
    const { path, at, secret } = await endpoint({ event_types: ['contact.created'] });
    const { body: rotated } = await scenario.api('POST', `${at}/rotate-secret`, {});
    expect(Date.parse(rotated.former_secret_until)).toBeGreaterThan(Date.now() + 80_000_000);
    await scenario.api('POST', '/api/v1/contacts', { name: 'Ben' });
    await eventually(() => receiver.got(path).length).toBe(1);
    const { body: last } = await scenario.api('POST', `${at}/rotate-secret`, { overlap_seconds: 0 });
    await scenario.api('POST', '/api/v1/contacts', { name: 'Cy' });
    await eventually(() => receiver.got(path).length).toBe(2);
    const [both, one] = receiver.got(path);
    // The first one has its promised time left.
    expect(one?.headers['webhook-signature']?.toString().split(' ').length).toBe(2);
    const verify = (secret: string, got = both) =>
      new Webhook(secret).verify(got?.body ?? '', got?.headers as Record<string, string>);
    for (const good of [secret, rotated.secret]) expect(verify(good)).toEqual(both?.event);
    for (const good of [secret, last.secret]) expect(verify(good, one)).toEqual(one?.event);
    expect(() => verify(rotated.secret, one)).toThrow('No matching signature');
  });

  const ownSecrets = [24, 32, 64].map((bytes, at) => `whsec_${Buffer.alloc(bytes, 7 + at).toString('base64')}`);

  test('can bring its secret along, which no answer and no log shows', async () => {
    const [first = '', second = '', third = ''] = ownSecrets;
    const { path, at, secret } = await endpoint({ secret: first });
    expect(secret).toBeNull();
    const verified = async (...secrets: string[]) => {
      const before = receiver.got(path).length;
      await scenario.api('POST', `${at}/test`);
      await eventually(() => receiver.got(path).length).toBe(before + 1);
      const { body, headers, event } = receiver.got(path)[before] as Received;
      for (const one of secrets)
        expect(new Webhook(one).verify(body, headers as Record<string, string>)).toEqual(event);
    };
    await verified(first);
    const rotated = await scenario.api('POST', `${at}/rotate-secret`, { secret: second });
    expect([rotated.status, rotated.body.secret]).toEqual([200, null]);
    await verified(first, second);
    await scenario.api('POST', `${at}/rotate-secret`, { secret: third, overlap_seconds: 0 });
    // The overlap of the first rotation goes on.
    await verified(first, third);
    const shown = await Promise.all(
      [
        at,
        '/api/v1/endpoints',
        '/api/v1/audit?limit=100',
        '/api/v1/requests?limit=100',
        '/api/v1/events?before=latest',
      ].map(async link => (await scenario.api('GET', link)).text),
    );
    for (const own of ownSecrets) for (const text of shown) expect(text).not.toContain(own.slice(6, 30));
    expect(shown[2]).toContain('endpoint.secret_rotated');
  });

  test.each([
    ['too short', `whsec_${Buffer.alloc(23, 1).toString('base64')}`],
    ['too long', `whsec_${Buffer.alloc(65, 1).toString('base64')}`],
    ['without its prefix', Buffer.alloc(32, 1).toString('base64')],
    ['of half a byte', `whsec_${'A'.repeat(33)}`],
    ['no base64', `whsec_${'*'.repeat(40)}`],
  ])('rejects a secret that is %s, and does not repeat it', async (_, secret) => {
    const { at } = await endpoint();
    const errors = [{ field: 'secret', message: 'Must be whsec_ and the base64 of 24 to 64 bytes.' }];
    for (const [link, body] of [
      ['/api/v1/endpoints', { url: receiver.url('/own') }],
      [`${at}/rotate-secret`, {}],
    ] as const) {
      const answer = await scenario.api('POST', link, { ...body, secret });
      expect(answer).toMatchObject({ status: 400, body: { errors } });
      expect(answer.text).not.toContain(secret);
    }
  });

  test('can have several new secrets: each former one signs until its own time', async () => {
    const { path, at, secret } = await endpoint({ event_types: ['contact.created'] });
    const rotate = async (seconds: number) =>
      (await scenario.api('POST', `${at}/rotate-secret`, { overlap_seconds: seconds })).body.secret as string;
    const secrets = [secret, await rotate(3_600), await rotate(86_400), await rotate(60)];
    await scenario.api('POST', '/api/v1/contacts', { name: 'Di' });
    await eventually(() => receiver.got(path).length).toBe(1);
    const [got] = receiver.got(path);
    for (const each of secrets)
      expect(new Webhook(each).verify(got?.body ?? '', got?.headers as Record<string, string>)).toEqual(got?.event);
    while ((await scenario.api('POST', `${at}/rotate-secret`, {})).status === 200) secrets.push('another');
    expect(secrets.length).toBe(11);
    const { status, body } = await scenario.api('POST', `${at}/rotate-secret`, {});
    expect([status, body.code]).toEqual([409, 'too_many_secrets']);
  });

  test('gets the example of a type as a test, which says so, and the delivery shows it', async () => {
    const { path, at } = await endpoint({ event_types: ['contact.created'] });
    const { status, body } = await scenario.api('POST', `${at}/test`, { event_type: 'message.received' });
    expect([status, body.endpoint_status]).toEqual([202, 'active']);
    await eventually(() => idsAt(path)).toEqual([body.event_id]);
    const event = receiver.got(path)[0]?.event;
    expect(event).toMatchObject({ type: 'message.received', test: true, data: { message: { type: 'text' } } });
    const { body: page } = await scenario.api('GET', `${at}/deliveries`);
    const { body: shown } = await scenario.api('GET', `${at}/deliveries/${page.data[0].id}`);
    expect(shown.event).toEqual(event);
    const wrong = await scenario.api('POST', `${at}/test`, { event_type: 'message.sneezed' });
    expect([wrong.status, wrong.body.errors[0].field]).toEqual([400, 'event_type']);
    await scenario.api('PATCH', at, { status: 'paused' });
    expect((await scenario.api('POST', `${at}/test`)).body.endpoint_status).toBe('paused');
  });

  test('shows what a delivery sends, to those who may see it, until it is erased', async () => {
    const { path, at } = await endpoint({ event_types: ['message.read'] });
    const message = await scenario.send(undefined, 'for some eyes');
    await idsOf(message.id);
    await eventually(() => receiver.got(path).length).toBe(1);
    const event = receiver.got(path)[0]?.event;
    const [delivery] = (await scenario.api('GET', `${at}/deliveries`)).body.data;
    const shown = async (call: Call = scenario.api) => (await call('GET', `${at}/deliveries/${delivery.id}`)).body;
    expect((await shown()).event).toEqual(event);
    expect((await scenario.api('GET', `/api/v1/events/${event.id}`)).body).toEqual(event);
    const reader = await key({ scopes: ['endpoints.read'] });
    expect(await shown(reader)).toMatchObject({ id: delivery.id, event: null });
    expect((await reader('GET', `/api/v1/events/${event.id}`)).body.code).toBe('event_not_found');
    const stranger = await scenario.stranger();
    expect((await stranger.api('GET', `/api/v1/events/${event.id}`)).status).toBe(404);
    const { contact_id: contact } = await scenario.message(message.id);
    await scenario.api('POST', `/api/v1/contacts/${contact}/erase`);
    await eventually(async () => (await shown()).event).toBeNull();
    expect((await scenario.api('GET', `/api/v1/events/${event.id}`)).status).toBe(404);
  });

  test('gets test events of its own, whatever it asks for, and no news about itself', async () => {
    const quiet = await endpoint({ event_types: ['opt_out.created'], filter: { field: 'type', equals: 'x' } });
    const other = await endpoint({ event_types: ['endpoint.updated', 'endpoint.deleted'] });
    const { status, body } = await scenario.api('POST', `${quiet.at}/test`);
    expect(status).toBe(202);
    await eventually(() => idsAt(quiet.path)).toEqual([body.event_id]);
    await scenario.api('PATCH', other.at, { description: 'changed' });
    await scenario.api('PATCH', quiet.at, { description: 'changed' });
    await scenario.api('DELETE', quiet.at);
    await eventually(() => receiver.got(other.path).map(({ event }) => [event.type, event.data.endpoint_id])).toEqual([
      ['endpoint.updated', quiet.id],
      ['endpoint.deleted', quiet.id],
    ]);
    expect((await scenario.api('GET', quiet.at)).body.code).toBe('endpoint_not_found');
  });

  test('gets what happens after it was made and nothing older, while the log is being read', async () => {
    await endpoint({ event_types: ['template.*'] });
    await scenario.settle();
    const held = await holdTransaction(scenario, 'lock table event_listener in access exclusive mode');
    await scenario.api('POST', '/api/v1/contacts', { name: 'Before' });
    await eventually(held.waiting).toBeGreaterThan(0);
    const { path } = await endpoint({ event_types: ['contact.created'] });
    const { body: contact } = await scenario.api('POST', '/api/v1/contacts', { name: 'After' });
    await held.letGo();
    await eventually(() => receiver.got(path).map(({ event }) => event.data.contact_id)).toEqual([contact.id]);
  });

  test('that is active again attempts what waits at once', async () => {
    const { path, at } = await endpoint({ event_types: ['contact.created'] });
    receiver.answer(path, status(500, { 'retry-after': '3600' }));
    await scenario.api('POST', '/api/v1/contacts', { name: 'Eve' });
    await eventually(async () => (await scenario.api('GET', `${at}/deliveries`)).body.data[0]?.attempt_count).toBe(1);
    receiver.answer(path, status(204));
    await scenario.api('PATCH', at, { status: 'paused' });
    await scenario.api('PATCH', at, { status: 'active' });
    await eventually(async () => (await scenario.api('GET', `${at}/deliveries`)).body.data[0]?.status).toBe(
      'succeeded',
    );
  });

  test('gets a delivery again on request, with the same id', async () => {
    const { path, at } = await endpoint();
    const { body: test } = await scenario.api('POST', `${at}/test`);
    await eventually(() => receiver.got(path).length).toBe(1);
    const list = async () => (await scenario.api('GET', `${at}/deliveries`)).body.data;
    await eventually(async () => (await list())[0].status).toBe('succeeded');
    const [delivery] = await list();
    expect((await scenario.api('POST', `${at}/deliveries/${delivery.id}/resend`)).status).toBe(202);
    await eventually(() => idsAt(path)).toEqual([test.event_id, test.event_id]);
    await eventually(async () => (await list())[0]).toMatchObject({ status: 'succeeded', attempt_count: 2 });
    receiver.answer(path, status(410, {}, 'no more'));
    await scenario.api('POST', `${at}/deliveries/${delivery.id}/resend`);
    await eventually(async () => (await list())[0]).toMatchObject({
      status: 'failed',
      attempt_count: 3,
      error: 'gone',
    });
    const { body: shown } = await scenario.api('GET', `${at}/deliveries/${delivery.id}`);
    expect(shown.attempts).toMatchObject([
      { number: 1, http_status: 204, error: null },
      { number: 2, http_status: 204, error: null },
      { number: 3, http_status: 410, error: 'gone', excerpt: 'no more' },
    ]);
  });

  test('gets the events of a time again, also those of before it was made', async () => {
    const from = new Date(Date.now() - 600_000).toISOString();
    const { path, at } = await endpoint({ event_types: ['message.*', 'contact.created'] });
    const log = await logOf('message.read,contact.created');
    const body = {
      from,
      until: new Date(Date.now() + 60_000).toISOString(),
      event_types: ['message.read', 'contact.created', 'opt_out.created'],
    };
    const { status, body: replay } = await scenario.api('POST', `${at}/replays`, body);
    expect([status, replay.status]).toEqual([202, 'running']);
    await eventually(async () => (await scenario.api('GET', `${at}/replays/${replay.id}`)).body).toMatchObject({
      status: 'done',
      queued: log.length,
    });
    await eventually(() => idsAt(path).sort()).toEqual(log.map(({ id }) => id).sort());
    const { body: page } = await scenario.api('GET', `${at}/deliveries?event_type=message.read`);
    expect(page.data[0].replay_id).toBe(replay.id);
    const second = { ...body, event_types: ['opt_out.created'] };
    const { body: other } = await scenario.api('POST', `${at}/replays`, second);
    const { body: list } = await scenario.api('GET', `${at}/replays?limit=1`);
    expect([list.data.map(({ id }: { id: string }) => id), list.page.total]).toEqual([[other.id], 2]);
    const { body: next } = await scenario.api('GET', `${at}/replays?limit=1&cursor=${list.page.next_cursor}`);
    expect(next.data.map(({ id }: { id: string }) => id)).toEqual([replay.id]);
  });
});

test('after a restore, which numbers all transactions anew, the fan-out goes on where it was', async () => {
  const { path } = await endpoint({ event_types: ['contact.created'] });
  await scenario.api('POST', '/api/v1/contacts', { name: 'Before' });
  await eventually(() => receiver.got(path).length).toBe(1);
  const [listener] = await scenario.sql<{ event_id: string }>(
    `select event_id from event_listener where name = 'webhooks'`,
  );
  // As a restore: all rows have the transaction that loads them.
  await scenario.sql(`with e as (update event set xid = pg_current_xact_id() returning 1),
      f as (update endpoint set from_xid = pg_current_xact_id() returning 1)
    update event_listener set xid = pg_current_xact_id()`);
  const { body: contact } = await scenario.api('POST', '/api/v1/contacts', { name: 'After' });
  await eventually(() => receiver.got(path).map(({ event }) => event.data.contact_id)).toContain(contact.id);
  await scenario.settle();
  expect(receiver.got(path).length).toBe(2);
  const [moved] = await scenario.sql<{ event_id: string }>(
    `select event_id from event_listener where name = 'webhooks'`,
  );
  expect(Number(moved?.event_id)).toBeGreaterThan(Number(listener?.event_id));
});

describe('an answer', () => {
  /** An endpoint that gets as many events of one order at once as it is resumed. */
  async function resumed(events: number, respond: Respond) {
    const one = await endpoint({ event_types: ['contact.created'] });
    receiver.answer(one.path, respond);
    await scenario.api('PATCH', one.at, { status: 'paused' });
    for (let n = 0; n < events; n++) await scenario.api('POST', '/api/v1/contacts', { name: `Contact ${n}` });
    const list = async () => (await scenario.api('GET', `${one.at}/deliveries`)).body.data;
    await eventually(async () => (await list()).length).toBe(events);
    await scenario.api('PATCH', one.at, { status: 'active' });
    return { ...one, list };
  }

  test('is recorded while the next event of the same order is in flight', async () => {
    let last: ServerResponse | undefined;
    const { path, list } = await resumed(5, (_request, response) => {
      if (receiver.got(path).length < 5) response.writeHead(204).end();
      else last = response;
    });
    const statuses = async () => (await list()).map(({ status }: { status: string }) => status);
    await eventually(statuses).toEqual(['waiting', 'succeeded', 'succeeded', 'succeeded', 'succeeded']);
    await eventually(() => last).toBeDefined();
    last?.writeHead(204).end();
    await eventually(async () => new Set(await statuses())).toEqual(new Set(['succeeded']));
    expect(receiver.got(path).length).toBe(5);
  });

  test('that the database does not take is recorded later, and its event is not posted again', async () => {
    const waiters = (what: string) =>
      scenario.sql<{ began: string }>(
        `select query_start::text as began from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%' || $1 || '%'`,
        [what],
      );
    const { path, list } = await resumed(1, async (_request, response) => {
      if (receiver.got(path).length > 1) return void response.writeHead(204).end();
      const held = await holdTransaction(scenario, 'select 1 from delivery_lane for update');
      response.writeHead(204).end();
      const [first] = await until('a record waits', 20, async () => {
        const found = await waiters('record_deliveries');
        return found.length > 0 && found;
      });
      // The lock was not available in time, and the lane goes on.
      await until('it is given up', 20, async () => {
        const found = await waiters('_deliveries');
        return found.length > 0 && found.every(({ began }) => began !== first?.began);
      });
      await held.letGo();
    });
    await eventually(async () => (await list())[0]?.status, { timeout: 20_000 }).toBe('succeeded');
    await scenario.settle();
    expect(receiver.got(path).length).toBe(1);
  });
});

describe('a failure', () => {
  test.each([
    [
      'a status',
      status(500, {}, 'x'.repeat(600)),
      { http_status: 500, error: 'http_status', excerpt: 'x'.repeat(500) },
    ],
    ['a redirect', status(302, { location: '/elsewhere' }), { http_status: 302, error: 'redirect', excerpt: null }],
    ['no answer', status(204), { http_status: null, error: 'unavailable' }],
    [
      'a head that is too large',
      (_request: Received, response: ServerResponse) =>
        response.writeHead(204, { 'x-large': 'x'.repeat(60_000) }).end(),
      {
        http_status: null,
        error: 'unavailable',
        excerpt: 'The head of the answer is too large: its headers must have less than 16 kB in all.',
      },
    ],
    [
      'bytes that are no text',
      status(400, {}, 'a\u0000b'),
      { http_status: 400, error: 'http_status', excerpt: 'a\uFFFDb' },
    ],
  ])('is recorded: %s', async (name, respond, expected) => {
    const { path, at } = await endpoint();
    receiver.answer(path, name === 'no answer' ? (_request, response) => response.destroy() : respond);
    await scenario.api('POST', `${at}/test`);
    const list = async () => (await scenario.api('GET', `${at}/deliveries`)).body.data;
    await eventually(async () => (await list())[0]?.attempt_count).toBeGreaterThan(0);
    const [delivery] = await list();
    const { body } = await scenario.api('GET', `${at}/deliveries/${delivery.id}`);
    expect(body).toMatchObject({ status: 'waiting', error: expected.error });
    expect(body.attempts[0]).toMatchObject({ number: 1, ...expected });
    expect(Date.parse(body.next_attempt_at)).toBeGreaterThan(Date.parse(body.attempts[0].started_at));
    expect(receiver.got('/elsewhere')).toEqual([]);
    expect((await scenario.api('GET', at)).body.failing_since).not.toBeNull();
    await scenario.api('DELETE', at);
  });
});

describe('a wall', () => {
  test('other workspaces: nothing of theirs arrives, and nothing of ours is found by them', async () => {
    const ours = await endpoint({ event_types: ['message.*'] });
    const stranger = await scenario.stranger();
    const theirs = await endpoint({}, stranger.api);
    const ids = await idsOf((await scenario.send()).id);
    await eventually(() => idsAt(ours.path)).toEqual(ids);
    await stranger.api('POST', '/api/v1/contacts', { name: 'Theirs' });
    await eventually(() => receiver.got(theirs.path).length).toBeGreaterThan(0);
    for (const { event } of receiver.got(ours.path)) expect(event.account_id).toBe(scenario.account.id);
    const log = (await logOf('message.*,contact.*,account.*', stranger.api)).map(({ id }) => id);
    for (const id of idsAt(theirs.path)) expect(log).toContain(id);
    const [delivery] = (await scenario.api('GET', `${ours.at}/deliveries`)).body.data;
    for (const [method, path, body] of [
      ['GET', ours.at],
      ['PATCH', ours.at, { status: 'paused' }],
      ['DELETE', ours.at],
      ['POST', `${ours.at}/test`],
      ['POST', `${ours.at}/rotate-secret`, {}],
      ['GET', `${ours.at}/deliveries`],
      ['GET', `${ours.at}/deliveries/${delivery.id}`],
      ['POST', `${ours.at}/deliveries/${delivery.id}/resend`],
      ['GET', `${theirs.at}/deliveries/${delivery.id}`],
      ['GET', `${ours.at}/replays`],
      ['POST', `${ours.at}/recover`, { since: '2026-01-01T00:00:00Z' }],
      ['POST', `${ours.at}/replays`, { from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' }],
    ] as const)
      expect([method, path, (await stranger.api(method, path, body)).status]).toEqual([method, path, 404]);
  });

  test('accounts: an endpoint of some accounts gets nothing else, and a limited caller makes only such ones', async () => {
    const { body: second } = await scenario.api('POST', '/api/v1/accounts', { name: 'Second', channel: 'sandbox' });
    const limited = await key({
      scopes: ['endpoints.manage', 'endpoints.read', 'messages.read', 'contacts.read'],
      account_ids: [second.id],
    });
    const made = await endpoint({}, limited);
    const full = await endpoint({ event_types: ['message.queued', 'contact.created'] });
    expect(made.account_ids).toEqual([second.id]);
    const body = { account_id: second.id, to: '+33612007001', type: 'text', text: { body: 'hi' } };
    await scenario.send();
    await scenario.api('POST', '/api/v1/messages', body);
    await eventually(() => receiver.got(full.path).filter(({ event }) => event.type === 'message.queued').length).toBe(
      2,
    );
    await eventually(() => receiver.got(made.path).map(({ event }) => event.type)).toContain('message.queued');
    for (const { event } of receiver.got(made.path)) expect(event.account_id).toBe(second.id);
    const { body: rejected } = await limited('POST', '/api/v1/endpoints', {
      url: receiver.url('/x'),
      account_ids: [scenario.account.id],
    });
    expect(rejected.errors).toEqual([{ field: 'account_ids[0]', message: 'This account does not exist.' }]);
    expect((await limited('GET', full.at)).status).toBe(404);
    expect((await limited('GET', '/api/v1/endpoints')).body.data.map(({ id }: { id: string }) => id)).toEqual([
      made.id,
    ]);
  });

  test('accounts: what an endpoint had of accounts that it no longer has goes to nobody, and is shown to nobody', async () => {
    const { body: second } = await scenario.api('POST', '/api/v1/accounts', { name: 'Narrow', channel: 'sandbox' });
    const { path, at } = await endpoint({ event_types: ['message.queued'] });
    const ids = await idsOf((await scenario.send(undefined, 'not for all')).id);
    await eventually(() => receiver.got(path).length).toBe(1);
    const first = async () => (await scenario.api('GET', `${at}/deliveries`)).body.data[0];
    await eventually(async () => (await first()).status).toBe('succeeded');
    const delivery = await first();
    expect(ids).toContain(delivery.event_id);
    await scenario.api('PATCH', at, { account_ids: [second.id] });
    const limited = await key({
      scopes: ['endpoints.manage', 'endpoints.read', 'messages.read'],
      account_ids: [second.id],
    });
    expect((await limited('GET', at)).status).toBe(200);
    expect((await limited('GET', `${at}/deliveries`)).body.data).toEqual([]);
    expect((await limited('GET', `${at}/deliveries/${delivery.id}`)).status).toBe(404);
    expect((await limited('POST', `${at}/deliveries/${delivery.id}/resend`)).status).toBe(404);
    await scenario.api('POST', `${at}/deliveries/${delivery.id}/resend`);
    await eventually(async () => (await scenario.api('GET', `${at}/deliveries`)).body.data[0].error).toBe('event_gone');
    expect(receiver.got(path).length).toBe(1);
  });

  test('links: a refusal says that the host is not one that the operator allows', async () => {
    for (const [url, why] of [
      ['http://localhost:4000/x', 'Only https links are allowed. localhost:4000'],
      ['https://localhost:4000/x', "The link's host name is not public. localhost:4000"],
      ['https://10.0.0.1/x', 'The link leads to a private address. 10.0.0.1'],
    ]) {
      const { status, body } = await scenario.api('POST', '/api/v1/endpoints', { url });
      const message = `${why} is not in \`WEBHOOK_ALLOWED_HOSTS\`.`;
      expect([status, body.errors]).toEqual([400, [{ field: 'url', message }]]);
    }
    const { body } = await scenario.api('POST', '/api/v1/endpoints', { url: 'ftp://example.com/x' });
    expect(body.errors).toEqual([{ field: 'url', message: 'Only https links are allowed.' }]);
  });

  test('permissions: nobody gives an endpoint events that they cannot see, or takes over one that has them', async () => {
    const some = await key({ scopes: ['endpoints.manage', 'endpoints.read', 'contacts.read'] });
    const { status, body } = await some('POST', '/api/v1/endpoints', {
      url: receiver.url('/x'),
      event_types: ['contact.*', 'message.*'],
    });
    expect([status, body.code]).toEqual([403, 'endpoint_events_not_yours']);
    expect(body.errors).toEqual([
      { field: 'event_types[1]', message: 'You do not have the permission messages.read yourself.' },
    ]);
    const made = await endpoint({}, some);
    const full = await endpoint({ event_types: ['message.*'] });
    await scenario.send();
    await eventually(() => receiver.got(full.path).length).toBeGreaterThan(0);
    await scenario.api('POST', '/api/v1/contacts', { name: 'Dee' });
    await eventually(() => receiver.got(made.path).map(({ event }) => event.type)).toContain('contact.created');
    for (const { event } of receiver.got(made.path)) expect(event.type).toMatch(/^(contact|conversation|endpoint)\./);
    for (const [method, path, body] of [
      ['PATCH', full.at, { url: receiver.url('/mine') }],
      ['POST', `${full.at}/rotate-secret`, {}],
    ] as const)
      expect((await some(method, path, body)).body.code).toBe('endpoint_events_not_yours');
    const reader = await key({ scopes: ['endpoints.read'] });
    expect((await reader('POST', '/api/v1/endpoints', { url: receiver.url('/x') })).status).toBe(403);
    expect((await reader('GET', full.at)).status).toBe(200);
  });

  test('a lost right: an endpoint of a key that was revoked, or of a person who left, gets nothing more', async () => {
    const { body: made } = await scenario.api('POST', '/api/v1/keys', {
      name: 'x',
      scopes: ['endpoints.manage', 'endpoints.read', 'contacts.read'],
    });
    const program = scenario.as(made.key);
    const [theirs, ours] = [await endpoint({}, program), await endpoint({ event_types: ['contact.created'] })];
    await scenario.api('POST', '/api/v1/contacts', { name: 'before' });
    await eventually(() => receiver.got(theirs.path).map(({ event }) => event.type)).toContain('contact.created');
    await scenario.api('DELETE', `/api/v1/keys/${made.id}`);
    const { body: after } = await scenario.api('POST', '/api/v1/contacts', { name: 'after' });
    await eventually(() => receiver.got(ours.path).map(({ event }) => event.data.contact_id)).toContain(after.id);
    expect((await scenario.api('GET', theirs.at)).body).toMatchObject({
      status: 'disabled',
      disabled_reason: 'access_lost',
    });
    expect(receiver.got(theirs.path).map(({ event }) => event.data.contact_id)).not.toContain(after.id);
    // The owner takes it over.
    await scenario.api('PATCH', theirs.at, { status: 'active' });
    expect((await scenario.api('GET', theirs.at)).body.created_by).toMatch(/^per_/);
    await scenario.api('POST', `${theirs.at}/test`);
    await eventually(() => receiver.got(theirs.path).map(({ event }) => event.type)).toContain('endpoint.test');
  });

  test('erasure: a person who was erased is in no event that is sent later', async () => {
    const { path, at } = await endpoint({ event_types: ['message.*'], account_ids: [scenario.account.id] });
    await scenario.api('PATCH', at, { status: 'paused' });
    const message = await scenario.send(undefined, 'a secret text');
    await idsOf(message.id);
    const { body } = await scenario.api('GET', `/api/v1/messages/${message.id}`);
    await eventually(async () => (await scenario.api('GET', `${at}/deliveries`)).body.data.length).toBeGreaterThan(3);
    expect((await scenario.api('POST', `/api/v1/contacts/${body.contact_id}/erase`)).status).toBeLessThan(300);
    await scenario.api('PATCH', at, { status: 'active' });
    await eventually(async () => (await scenario.api('GET', `${at}/deliveries?status=waiting`)).body.data).toEqual([]);
    for (const { body } of receiver.got(path)) expect(body).not.toContain('a secret text');
  });

  test('links: none of the corpus becomes an endpoint, or is posted to', async () => {
    const { at, id } = await endpoint();
    const untouched = await startReceiver();
    for (const url of rejectedLinks) {
      const { status, body } = await scenario.api('PATCH', at, { url });
      expect([url, status, body.errors?.[0]?.field]).toEqual([url, 400, 'url']);
    }
    const { body } = await scenario.api('POST', '/api/v1/endpoints', { url: 'https://127.0.0.1/' });
    expect([body.code, body.errors[0].message]).toEqual([
      'endpoint_link_rejected',
      'The link leads to a private address. 127.0.0.1 is not in `WEBHOOK_ALLOWED_HOSTS`.',
    ]);
    // A link that was allowed when the endpoint was made.
    await scenario.sql('update endpoint set url = $2 where id = $1', [
      toUuid(id),
      `http://127.0.0.2:${untouched.host.split(':')[1]}/`,
    ]);
    await scenario.api('POST', `${at}/test`);
    await eventually(async () => (await scenario.api('GET', `${at}/deliveries`)).body.data[0]?.error).toBe(
      'link_rejected',
    );
    expect(untouched.connections()).toBe(0);
    await untouched.close();
    await scenario.api('DELETE', at);
  });
});

describe('a request that cannot be right', () => {
  test.each([
    [{ url: 'https://example.com', event_types: ['message.sneezed'] }, 'event_types[0]'],
    [{ url: 'https://example.com', event_types: [] }, 'event_types'],
    [{ url: 'https://example.com', filter: { field: 'x' } }, 'filter.field'],
    [{ url: 'https://example.com', filter: { and: [{ field: 'type', like: 'x' }] } }, 'filter.and[0].like'],
    [
      { url: 'https://example.com', event_types: ['message.*'], filter: { field: 'data.nope', equals: 1 } },
      'filter.field',
    ],
    [
      {
        url: 'https://example.com',
        event_types: ['contact.created'],
        filter: {
          or: [
            { field: 'type', equals: 'x' },
            { field: 'data.message.type', equals: 'text' },
          ],
        },
      },
      'filter.or[1].field',
    ],
    [{ url: 'https://example.com', headers: { 'Webhook-Id': 'x' } }, 'headers.Webhook-Id'],
    [{ url: 'https://example.com', headers: { 'X-A': 'a\r\nb' } }, 'headers.X-A'],
    [{ url: 'https://example.com', rate_limit: { messages: 0, seconds: 1 } }, 'rate_limit.messages'],
    [{ url: 'https://example.com', concurrency: 101 }, 'concurrency'],
    [{ url: 'https://example.com', format: 'meta' }, 'format'],
    [{ event_types: ['message.*'] }, 'url'],
    [{ url: 'https://example.com', events: [] }, 'events'],
  ])('%j', async (body, field) => {
    const answer = await scenario.api('POST', '/api/v1/endpoints', body);
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([400, field]);
  });

  test.each([
    [{ 'Webhook-Id': 'x' }, 'Recado sets this header itself. Use another name.'],
    [{ 'User-Agent': 'x' }, 'Recado sets this header itself. Use another name.'],
    [{ 'X Team': 'x' }, 'Must be the name of an HTTP header.'],
  ])('the name of a header: %j', async (headers, message) => {
    const { body } = await scenario.api('POST', '/api/v1/endpoints', { url: 'https://example.com', headers });
    expect(body.errors).toEqual([{ field: `headers.${Object.keys(headers)[0]}`, message }]);
  });

  test('event types that lack the field of the filter that is there', async () => {
    const { at } = await endpoint({
      event_types: ['message.received'],
      filter: { field: 'data.message.type', equals: 'text' },
    });
    const { status, body } = await scenario.api('PATCH', at, { event_types: ['contact.created'] });
    expect([status, body.errors[0].field]).toEqual([400, 'filter.field']);
    expect(body.errors[0].message).toMatch(/^No event type of this endpoint has this field\./);
    expect((await scenario.api('PATCH', at, { event_types: ['contact.created'], filter: null })).status).toBe(200);
  });
});
