// The event log over HTTP: what happened, in order, for those who may see it.
import { eventCatalogue, eventTypePage, isEventName, type PublicEvent, publicEventSchema } from '@recado/contract';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { join as joinWorkspace } from '../setup/people.ts';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario.close());
const { envelope, post } = metaPosts(() => scenario);
let posted = 0;
const write = (number: string, body: string) =>
  post(envelope({ messages: [{ ...incoming(number, `wamid.events-${++posted}`), text: { body } }] }));
let last = '';
beforeEach(async () => {
  await scenario.settle();
  await logIsOpen();
  last = await newest();
});

/** The id of the newest event of the workspace. */
async function newest(): Promise<string> {
  for (let after = ''; ; ) {
    const { body } = await scenario.api('GET', `/api/v1/events?limit=1000${after && `&after=${after}`}`);
    after = body.last_id;
    if (!body.has_more) return after;
  }
}

/** Waits for the transactions that began before the newest event: until then the log hides it. */
const logIsOpen = () =>
  expect
    .poll(() => scenario.sql(`select 1 from event where xid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1`), {
      timeout: 20_000,
    })
    .toEqual([]);

/** The events since the test began. Each is as its type says. */
async function since(query = '', call: Call = scenario.api): Promise<PublicEvent[]> {
  await logIsOpen();
  return seenSince(query, call);
}

async function seenSince(query: string, call: Call = scenario.api): Promise<PublicEvent[]> {
  const { status, text, body } = await call('GET', `/api/v1/events?after=${last}&limit=1000${query}`);
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body.data.map((event: unknown) => {
    const read = publicEventSchema.parse(event);
    if (!isEventName(read.type)) throw new Error(`${read.type} is in no catalogue`);
    eventCatalogue[read.type].data.parse(read.data);
    return read;
  });
}

const typesSince = async (query = '') => (await since(query)).map(({ type }) => type);

describe('what is an event', () => {
  test('a message with its receipts and its answer, in order and with the message', async () => {
    const { id } = await scenario.send('+33612100001', 'ping');
    await scenario.settle();
    await write('33612100001', 'pong');
    await scenario.settle();
    const events = await since('&types=message.*');
    expect(events.map(({ type }) => type)).toEqual([
      'message.queued',
      'message.sending',
      'message.sent',
      'message.delivered',
      'message.read',
      'message.received',
    ]);
    expect(events[0]).toMatchObject({ account_id: scenario.account.id, data: { message: { id }, number: 1 } });
    expect(events[5]).toMatchObject({ data: { message: { direction: 'inbound', text: { body: 'pong' } } } });
    expect(new Set(events.map(event => event.id)).size).toBe(6);
    const { message } = events[5]?.data ?? {};
    const read = await scenario.api('PUT', `/api/v1/messages/${(message as { id: string }).id}/read`);
    expect(read.status).toBe(200);
    expect(read.status).toBe(200);
    expect((await since('&types=conversation.read'))[0]).toMatchObject({ data: { unread_count: 0 } });
  });

  test('what is done to contacts, opt-outs, templates and accounts', async () => {
    const contact = (await scenario.api('POST', '/api/v1/contacts', { name: 'Ana', phone: '+33612100002' })).body;
    await scenario.api('PATCH', `/api/v1/contacts/${contact.id}`, { name: 'Ana Souza' });
    for (let n = 0; n < 2; n++)
      await scenario.api('PATCH', `/api/v1/contacts/${contact.id}`, { phone: '+33612100003' });
    const optOut = await scenario.api('POST', '/api/v1/opt-outs', { contact_id: contact.id, reason: 'Asked.' });
    await scenario.api('DELETE', `/api/v1/opt-outs/${optOut.body.id}`, { reason: 'Asked again.' });
    await scenario.api('DELETE', `/api/v1/contacts/${contact.id}`);
    const made = await scenario.api('POST', '/api/v1/accounts', { name: 'Second', channel: 'sandbox' });
    await scenario.api('PATCH', `/api/v1/accounts/${made.body.id}`, { name: 'Renamed' });
    await scenario.api('DELETE', `/api/v1/accounts/${made.body.id}`);
    expect(await typesSince('&types=contact.*,opt_out.*')).toEqual([
      'contact.created',
      'contact.updated',
      'contact.updated',
      'opt_out.created',
      'opt_out.deleted',
      'contact.deleted',
    ]);
    expect((await since('&types=contact.created'))[0]).toMatchObject({
      account_id: null,
      data: { contact_id: contact.id },
    });
    expect(new Set(await typesSince('&types=account.*'))).toEqual(
      new Set(['account.created', 'account.updated', 'account.deleted']),
    );
  });

  test('a pause and its end are changes of the account', async () => {
    const { body: made } = await scenario.api('POST', '/api/v1/accounts', { name: 'Third', channel: 'sandbox' });
    const statuses = async () =>
      (await since('&types=account.updated'))
        .filter(({ account_id }) => account_id === made.id)
        .map(({ data }) => data.status);
    await scenario.api('POST', `/api/v1/accounts/${made.id}/pause`);
    await scenario.api('POST', `/api/v1/accounts/${made.id}/pause`);
    await expect.poll(statuses).toEqual(['paused']);
    await scenario.api('PATCH', `/api/v1/accounts/${made.id}`, { name: 'Fourth' });
    await expect.poll(statuses).toEqual(['paused', 'paused']);
    await scenario.api('POST', `/api/v1/accounts/${made.id}/resume`);
    await expect.poll(async () => (await statuses()).at(-1)).toBe('connected');
    await scenario.api('DELETE', `/api/v1/accounts/${made.id}`);
  });

  test('no statement of a right is shown', async () => {
    const member = await joinWorkspace(scenario, 'viewer');
    await scenario.api('PATCH', `/api/v1/people/${member.id}`, { role: 'agent' });
    expect((await scenario.sql(`select 1 from event where type = 'access.changed'`)).length).toBeGreaterThan(0);
    expect(await typesSince()).toEqual([]);
    expect((await scenario.api('GET', '/api/v1/events?types=access.changed')).body).toMatchObject({
      code: 'invalid_request',
    });
  });

  test('each type has a description, a schema and an example', async () => {
    const { data } = eventTypePage.parse((await scenario.api('GET', '/api/v1/event-types')).body);
    expect(data.length).toBeGreaterThan(40);
    expect(data.find(({ type }) => type === 'message.received')).toMatchObject({
      permission: 'messages.read',
      since: '0.1.0',
      schema: { type: 'object', required: ['message', 'number', 'details'] },
    });
  });
});

describe('reading on', () => {
  test('pages follow one another without a gap, and the same events have the same ids', async () => {
    for (let n = 0; n < 5; n++) await scenario.send(`+3361210010${n}`);
    await scenario.settle();
    const all = await since('&types=message.*');
    const paged: PublicEvent[] = [];
    for (let after = last; ; ) {
      const { body } = await scenario.api('GET', `/api/v1/events?after=${after}&limit=7&types=message.*`);
      paged.push(...body.data);
      after = body.last_id;
      if (!body.has_more) break;
    }
    expect(all.length).toBeGreaterThanOrEqual(15);
    expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  });

  test('an event that a transaction hides comes once it ends, and none before it is passed over', async () => {
    const client = new pg.Client({ connectionString: scenario.databaseUrl, options: '-c search_path=recado' });
    await client.connect();
    await client.query('begin');
    const workspace = (await scenario.sql<{ id: string }>('select id from workspace limit 1'))[0]?.id;
    await client.query(`select append_event($1, 'account.connected', null, '{}', now())`, [workspace]);
    await scenario.send('+33612100003');
    await scenario.settle();
    expect(await seenSince('')).toEqual([]);
    await client.query('commit');
    await client.end();
    const types = await typesSince('&types=account.connected,message.*');
    expect(types.slice(0, 2)).toEqual(['account.connected', 'message.queued']);
  });

  test('a request that waits gets the first event, and only one that it asked for', async () => {
    const waiting = scenario.api('GET', `/api/v1/events?after=${last}&wait=30&types=message.received`);
    await write('33612100004', 'hello');
    const { body } = await waiting;
    expect(body.data).toMatchObject([{ type: 'message.received', data: { message: { text: { body: 'hello' } } } }]);
    expect(body.last_id).toBe(body.data[0].id);
  });

  test('a request that waits for some types is not woken by others', async () => {
    const waiting = scenario.api('GET', `/api/v1/events?after=${last}&wait=30&types=template.deleted,opt_out.created`);
    const { body: contact } = await scenario.api('POST', '/api/v1/contacts', { name: 'Ana', phone: '+33612100009' });
    // The log is read up to here in this process.
    await scenario.api('GET', `/api/v1/events?after=${last}&wait=30&types=contact.created`);
    await scenario.send('+33612100008');
    await scenario.settle();
    await scenario.api('POST', '/api/v1/opt-outs', { contact_id: contact.id, reason: 'Asked.' });
    expect((await waiting).body.data.map(({ type }: PublicEvent) => type)).toEqual(['opt_out.created']);
  });

  test('a request that waits for a message is not woken by another one', async () => {
    const { body: held } = await scenario.api('POST', '/api/v1/messages', {
      account_id: scenario.account.id,
      to: '+33612007701',
      type: 'text',
      text: { body: 'later' },
      send_at: new Date(Date.now() + 86_400_000).toISOString(),
    });
    await logIsOpen();
    const { last_id: after } = (await scenario.api('GET', '/api/v1/events?after=latest')).body;
    const waiting = scenario.api('GET', `/api/v1/events?after=${after}&wait=30&message_id=${held.id}`);
    await scenario.send();
    await scenario.settle();
    await scenario.api('POST', `/api/v1/messages/${held.id}/cancel`);
    const { body } = await waiting;
    expect(body.data.map(({ type }: { type: string }) => type)).toEqual(['message.cancelled']);
    expect((await scenario.api('GET', `/api/v1/events?wait=1&contact_id=${held.contact_id}`)).body.errors).toEqual([
      { field: 'wait', message: 'Goes with after, types, account_id and message_id only.' },
    ]);
  });

  test('a page without an event moves on all the same, so that nothing is read twice', async () => {
    await scenario.send('+33612100008');
    await scenario.settle();
    await logIsOpen();
    const { body } = await scenario.api('GET', `/api/v1/events?after=${last}&types=dead_letter.*`);
    expect(body).toEqual({ data: [], has_more: false, last_id: await newest() });
  });

  test('an event that is gone, and one of another workspace, ask for a new start', async () => {
    const stranger = await scenario.stranger();
    const theirs = (await stranger.api('GET', '/api/v1/events?limit=1')).body.last_id;
    for (const after of [theirs, 'evt_01k9m3q5w8e00r00000002c6v0', 'evt_01k9m3q5w8e7taz4x2c6v0b1n3'])
      expect(await scenario.api('GET', `/api/v1/events?after=${after}`)).toMatchObject({
        status: 410,
        body: { code: 'resync_required', last_id: await newest() },
      });
  });

  test('a client may begin with what happens from now on', async () => {
    const { body: page } = await scenario.api('GET', '/api/v1/events?after=latest&types=contact.created');
    expect(page).toEqual({ data: [], has_more: false, last_id: last });
    const { body: contact } = await scenario.api('POST', '/api/v1/contacts', { name: 'From now on' });
    await logIsOpen();
    const next = await scenario.api('GET', `/api/v1/events?after=${page.last_id}&types=contact.created`);
    expect(next.body.data.map(({ data }: PublicEvent) => data.contact_id)).toEqual([contact.id]);
    expect((await scenario.api('GET', '/api/v1/events?after=newest')).body.errors[0].field).toBe('after');
  });

  test('a client that waits from now on gets the first event', async () => {
    const waiting = scenario.api('GET', '/api/v1/events?after=latest&wait=30&types=contact.created');
    let isOver = false;
    void waiting.then(() => {
      isOver = true;
    });
    // The first may be there before the request has read the newest event.
    await expect
      .poll(async () => {
        await scenario.api('POST', '/api/v1/contacts', { name: 'Next' });
        return isOver;
      })
      .toBe(true);
    expect((await waiting).body.data.map(({ type }: PublicEvent) => type)).toContain('contact.created');
  });
});

describe('looking back', () => {
  /** All events of a query, newest first, in pages of 4. */
  async function back(query: string, call: Call = scenario.api): Promise<PublicEvent[]> {
    const all: PublicEvent[] = [];
    for (let before = 'latest'; ; ) {
      const { status, text, body } = await call('GET', `/api/v1/events?before=${before}&limit=4${query}`);
      if (status !== 200) throw new Error(`${status} ${text}`);
      all.push(...body.data);
      before = body.last_id;
      if (!body.has_more) return all;
    }
  }
  const idsOf = (events: PublicEvent[]) => events.map(({ id }) => id);

  test('pages of the newest events are the log in reverse, also within a row of many', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, n) => scenario.send(`+3361210020${n}`)));
    await scenario.settle();
    const all = await since();
    expect(all.length).toBeGreaterThan(20);
    expect(idsOf(await back('')).slice(0, all.length)).toEqual(idsOf(all).reverse());
  });

  test('a message, a conversation, a contact and a time have their events', async () => {
    const { body: contact } = await scenario.api('POST', '/api/v1/contacts', { name: 'Ana', phone: '+33612100210' });
    const [one] = await Promise.all([scenario.send('+33612100210'), scenario.send('+33612100211')]);
    await scenario.settle();
    await write('33612100210', 'pong');
    await scenario.settle();
    const all = (await since()).reverse();
    const messageIn = ({ data }: PublicEvent) => data.message as { id: string; conversation_id: string } | undefined;
    const about = (field: 'id' | 'conversation_id', id: string) =>
      all.filter(event => messageIn(event)?.[field] === id);
    const { conversation_id: conversation } = one;
    const ofContact = all.filter(
      event => messageIn(event)?.conversation_id === conversation || event.data.contact_id === contact.id,
    );
    expect(idsOf(await back(`&message_id=${one.id}`))).toEqual(idsOf(about('id', one.id)));
    expect(idsOf(await back(`&conversation_id=${conversation}&types=message.*`))).toEqual(
      idsOf(about('conversation_id', conversation)),
    );
    expect(ofContact.at(-1)?.type).toBe('contact.created');
    expect(idsOf(await back(`&contact_id=${contact.id}`))).toEqual(idsOf(ofContact));
    expect(await typesSince(`&message_id=${one.id}&types=message.sent`)).toEqual(['message.sent']);
    const { timestamp } = all.find(({ type }) => type === 'message.received') ?? {};
    expect(idsOf(await back(`&until=${timestamp}&contact_id=${contact.id}`))).toEqual(
      idsOf(ofContact.filter(event => event.timestamp < String(timestamp))),
    );
    expect(idsOf(await back(`&from=${timestamp}`))).toEqual(
      idsOf(all.filter(event => event.timestamp >= String(timestamp))),
    );
  });

  test('a stranger sees none of it, and filters that exclude each other are refused', async () => {
    const { id } = await scenario.send('+33612100212');
    await scenario.settle();
    const stranger = await scenario.stranger();
    expect(await back(`&message_id=${id}`, stranger.api)).toEqual([]);
    for (const [query, field] of [
      [`before=latest&after=${last}`, 'before'],
      ['before=latest&wait=1', 'wait'],
      [`conversation_id=cnv_01k9m3q5w8e7taz4x2c6v0b1n7&wait=1`, 'wait'],
      [`message_id=${id}&contact_id=con_01k9m3q5w8e7taz4x2c6v0b1n6`, 'message_id'],
    ])
      expect((await scenario.api('GET', `/api/v1/events?${query}`)).body.errors[0].field).toBe(field);
    expect((await scenario.api('GET', '/api/v1/events?before=evt_01k9m3q5w8e00r00000002c6v0')).status).toBe(410);
  });
});

describe('who sees what', () => {
  test('a key sees the types of its scopes, of its accounts alone', async () => {
    const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' })).body;
    const key = async (body: object) =>
      scenario.as((await scenario.api('POST', '/api/v1/keys', { name: 'events', ...body })).body.key);
    const reader = await key({ scopes: ['messages.read'] });
    const limited = await key({ scopes: ['messages.read', 'accounts.read', 'contacts.read'], account_ids: [other.id] });
    await scenario.send('+33612100005');
    await scenario.api('POST', '/api/v1/messages', {
      account_id: other.id,
      to: '+33612100005',
      type: 'text',
      text: { body: 'x' },
    });
    await scenario.settle();
    const seen = await since('', reader);
    expect(new Set(seen.map(({ type }) => type.split('.')[0]))).toEqual(new Set(['message']));
    expect(new Set(seen.map(event => event.account_id))).toEqual(new Set([scenario.account.id, other.id]));
    const ofOne = await since('', limited);
    expect(ofOne.length).toBeGreaterThan(0);
    expect(new Set(ofOne.map(event => event.account_id))).toEqual(new Set([other.id]));
  });

  test('a member who is removed while they wait gets no event', async () => {
    const member = await joinWorkspace(scenario, 'viewer');
    const waiting = member.api('GET', `/api/v1/events?after=${last}&wait=30&types=message.received`);
    expect((await scenario.api('DELETE', `/api/v1/people/${member.id}`)).status).toBe(204);
    await write('33612100006', 'secret');
    expect((await waiting).status).toBe(401);
  });

  test('a message that was erased is in no event', async () => {
    await scenario.send('+33612100007', 'a secret');
    await scenario.settle();
    const [contact] = (await scenario.api('GET', '/api/v1/contacts?phone=%2B33612100007')).body.data;
    expect(JSON.stringify(await since())).toContain('a secret');
    expect((await scenario.api('POST', `/api/v1/contacts/${contact.id}/erase`)).status).toBe(200);
    expect(JSON.stringify(await since())).not.toContain('a secret');
  });
});
