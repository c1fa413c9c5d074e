// Events as they happen, over streams and sockets: what a client gets, and when it is cut.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect as connectTo, type Socket } from 'node:net';
import type { PublicEvent } from '@recado/contract';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type Connected, openSocket, openStream, type Wish } from '../setup/event-clients.ts';
import { logIsOpen } from '../setup/event-log.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { join as joinWorkspace } from '../setup/people.ts';
import { redisProgram, startRedis } from '../setup/redis.ts';
import { type Call, owner, type Scenario, startScenario } from '../setup/scenario.ts';
import { portOf, sendBytes } from '../setup/socket.ts';

let scenario: Scenario;
let url: string;
beforeAll(async () => {
  scenario = await startScenario();
  url = `http://127.0.0.1:${portOf(scenario)}`;
});
afterAll(() => scenario.close());

const open: Connected[] = [];
afterEach(() => {
  for (const connected of open.splice(0)) connected.drop();
});

const kinds = { stream: openStream, socket: openSocket };
type Kind = keyof typeof kinds;
const both = Object.keys(kinds) as Kind[];

/** Connects, and waits until the client has the position where it begins. */
async function connect(kind: Kind, wish: Wish): Promise<Connected> {
  const connected = await kinds[kind](url, wish);
  open.push(connected);
  await expect.poll(() => connected.told.length + connected.events.length).toBeGreaterThan(0);
  return connected;
}

/** What the log has after an event, for this caller. */
async function logAfter(id: string, call: Call = scenario.api): Promise<string[]> {
  await logIsOpen(scenario);
  const { body } = await call('GET', `/api/v1/events?limit=1000&after=${id}`);
  return body.data.map((event: PublicEvent) => event.id);
}

const idsOf = ({ events }: Connected) => events.map(({ id }) => id);

async function makeKey(body: object): Promise<{ id: string; key: string }> {
  const made = await scenario.api('POST', '/api/v1/keys', { name: 'Program', ...body });
  if (made.status !== 201) throw new Error(made.text);
  return made.body;
}

test('a stream whose client goes before it is let in takes no place', async () => {
  const { key } = await makeKey({ scopes: ['messages.read'] });
  const streams = async () =>
    /^recado_realtime_clients\{transport="sse"\} (\d+)/m.exec(
      (await scenario.as(undefined)('GET', '/metrics')).text,
    )?.[1];
  (await openStream(url, { token: key })).drop();
  await expect.poll(streams).toBe('0');
  const held = await holdTransaction(scenario, 'lock table api_key in access exclusive mode');
  const connected = once(scenario.recado.server?.server as Server, 'connection');
  const socket = connectTo(portOf(scenario), '127.0.0.1');
  const [its] = (await connected) as [Socket];
  const accept = 'accept: text/event-stream\r\nhost: x\r\nconnection: close';
  socket.write(`GET /api/v1/events/stream HTTP/1.1\r\nauthorization: Bearer ${key}\r\n${accept}\r\n\r\n`);
  await expect.poll(held.waiting).toBe(1);
  const closed = once(its, 'close');
  socket.destroy();
  await closed;
  await held.letGo();
  expect((await scenario.as(key)('GET', '/api/v1/events?limit=1')).status).toBe(200);
  expect(await streams()).toBe('0');
});

describe.each(both)('a %s', kind => {
  test('gets each event as the list shows it, in order', async () => {
    const client = await connect(kind, { token: await scenario.token() });
    const start = client.lastId() ?? '';
    for (let n = 0; n < 5; n++) await scenario.send();
    await scenario.settle();
    const log = await logAfter(start);
    expect(log.length).toBeGreaterThan(15);
    await expect.poll(() => idsOf(client).length).toBe(log.length);
    expect(idsOf(client)).toEqual(log);
    const sending = client.events.findIndex(({ type }) => type === 'message.sending');
    const { body } = await scenario.api('GET', `/api/v1/events?limit=1000&after=${start}`);
    // The message may have moved on since.
    const details = { ...body.data[sending].data, message: { id: expect.stringMatching(/^msg_/) } };
    expect(client.events[sending]).toMatchObject({ ...body.data[sending], data: details });
  });

  test('gets what it missed, and only what it asks for', async () => {
    const first = await connect(kind, { token: await scenario.token() });
    const after = first.lastId() ?? '';
    first.drop();
    for (let n = 0; n < 60; n++) await scenario.send();
    await scenario.api('POST', '/api/v1/contacts', { name: 'Ana', phone: `+3361220${kind.length}` });
    await scenario.settle();
    const log = await logAfter(after);
    expect(log.length).toBeGreaterThan(200);
    const all = await connect(kind, { token: await scenario.token(), after });
    await expect.poll(() => idsOf(all).length).toBe(log.length);
    expect(idsOf(all)).toEqual(log);
    const few = await connect(kind, { token: await scenario.token(), after, types: ['contact.*'] });
    await expect.poll(() => few.events.length).toBeGreaterThan(0);
    expect(new Set(few.events.map(({ type }) => type.split('.')[0]))).toEqual(new Set(['contact']));
    const other = await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' });
    const own = await connect(kind, { token: await scenario.token(), after, account: other.body.id });
    await expect.poll(() => own.events.map(({ type }) => type)).toEqual(['account.created']);
  });

  test('gets what is about a message, a conversation or a contact alone, as the list does', async () => {
    const token = await scenario.token();
    const { last_id: before } = (await scenario.api('GET', '/api/v1/events?after=latest')).body;
    const first = await scenario.send();
    await scenario.settle();
    const about = { conversation_id: first.conversation_id, contact_id: first.contact_id, message_id: first.id };
    // One that was away, and one that is there already.
    const clients = await Promise.all(
      Object.entries(about).flatMap(([name, id]) =>
        [before, undefined].map(async after => ({
          name,
          id,
          after,
          client: await connect(kind, { token, after, about: { [name]: id } }),
        })),
      ),
    );
    const beginning = clients.map(({ client }) => client.lastId());
    const next = await scenario.send(first.to);
    expect(next.conversation_id).toBe(first.conversation_id);
    await scenario.send();
    await scenario.api('PATCH', `/api/v1/contacts/${first.contact_id}`, { name: 'Ana' });
    await scenario.settle();
    await logIsOpen(scenario);
    for (const [index, { name, id, after, client }] of clients.entries()) {
      const from = after ?? beginning[index];
      const { body } = await scenario.api('GET', `/api/v1/events?limit=1000&after=${from}&${name}=${id}`);
      await expect.poll(() => idsOf(client)).toEqual(body.data.map(({ id }: PublicEvent) => id));
      const types = body.data.map(({ type }: PublicEvent) => type);
      if (after) expect(types).toContain('message.read');
      if (name === 'contact_id') expect(types).toContain('contact.updated');
      if (name === 'message_id' && !after) expect(types).toEqual([]);
    }
    const refused = await kinds[kind](url, { token, about }).catch(error => error.detail ?? error.message);
    expect(refused).toContain('Give one of message_id, conversation_id and contact_id.');
  });

  test('that names an event which the log does not have is told so, with the newest', async () => {
    const first = await connect(kind, { token: await scenario.token() });
    const unknown = 'evt_01kbqg4k1xe3ya4v0gsrp9t3kd';
    const lost = await connect(kind, { token: await scenario.token(), after: unknown });
    await lost.ended;
    expect(lost.told).toEqual([{ name: 'resync_required', data: { reason: 'not_found', last_id: first.lastId() } }]);
    expect(lost.lastId()).toBe(first.lastId());
  });

  test('hears nothing of another workspace', async () => {
    const client = await connect(kind, { token: await scenario.token() });
    const stranger = await scenario.another();
    await stranger.send();
    await scenario.settle();
    await scenario.send();
    await expect.poll(() => client.events.length).toBeGreaterThan(0);
    expect(new Set(client.events.map(event => event.workspace_id)).size).toBe(1);
  });

  test('of a key hears only of its accounts, and only what its scopes show', async () => {
    const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Not mine', channel: 'sandbox' })).body;
    const { key } = await makeKey({ scopes: ['messages.read'], account_ids: [scenario.account.id] });
    const client = await connect(kind, { token: key });
    const start = client.lastId() ?? '';
    await scenario.api('POST', '/api/v1/messages', {
      account_id: other.id,
      to: '+33612345601',
      type: 'text',
      text: { body: 'hidden' },
    });
    await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { name: 'Hidden too' });
    await scenario.send('+33612345602');
    await scenario.settle();
    const seen = await logAfter(start, scenario.as(key));
    await expect.poll(() => idsOf(client).length).toBe(seen.length);
    expect(idsOf(client)).toEqual(seen);
    expect(new Set(client.events.map(event => event.account_id))).toEqual(new Set([scenario.account.id]));
    expect(new Set(client.events.map(({ type }) => type.split('.')[0]))).toEqual(new Set(['message']));
  });

  test('of a key is cut when the key is revoked, before any later event', async () => {
    const { id, key } = await makeKey({ scopes: ['messages.read'] });
    const client = await connect(kind, { token: key });
    await scenario.send('+33612345603', 'before');
    await scenario.settle();
    await expect.poll(() => JSON.stringify(client.events)).toContain('message.queued');
    expect((await scenario.api('DELETE', `/api/v1/keys/${id}`)).status).toBe(204);
    const [change] = await scenario.sql<{ id: number }>(
      `select max(id) as id from event where type = 'access.changed' and data ->> 'api_key_id' = $1`,
      [toUuid(id)],
    );
    await scenario.send('+33612345604', `later for the ${kind}`);
    await client.ended;
    expect(client.told.at(-1)).toMatchObject({ name: 'closed', data: { code: 'unauthorized' } });
    const [late] = await scenario.sql<{ n: number }>(
      `select count(*)::int as n from logged_event where type like 'message.%' and id > $1`,
      [change?.id],
    );
    expect(late?.n).toBeGreaterThan(0);
    expect(JSON.stringify(client.events)).toContain('before');
    expect(JSON.stringify(client.events)).not.toContain(`later for the ${kind}`);
  });

  test('of a member loses what a change of role or accounts takes, and ends with the membership', async () => {
    const member = await joinWorkspace(scenario, 'agent');
    const token = await loginToken(member.email);
    const client = await connect(kind, { token });
    await scenario.send('+33612345605');
    await expect.poll(() => client.events.length).toBeGreaterThan(0);
    const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Only this', channel: 'sandbox' })).body;
    const limited = await scenario.api('PATCH', `/api/v1/people/${member.id}`, { account_ids: [other.id] });
    expect([limited.status, limited.text]).toEqual([200, limited.text]);
    await scenario.send('+33612345606', 'no longer for them');
    await scenario.api('POST', '/api/v1/messages', {
      account_id: other.id,
      to: '+33612345607',
      type: 'text',
      text: { body: 'still for them' },
    });
    await expect.poll(() => JSON.stringify(client.events)).toContain('still for them');
    expect(JSON.stringify(client.events)).not.toContain('no longer for them');
    expect(client.told).toContainEqual({ name: 'access_changed', data: { role: 'agent' } });
    expect((await scenario.api('DELETE', `/api/v1/people/${member.id}`)).status).toBe(204);
    await client.ended;
    expect(client.told.at(-1)).toMatchObject({ name: 'closed', data: { code: 'unauthorized' } });
  });

  test('ends with the logout of its session', async () => {
    const member = await joinWorkspace(scenario, 'viewer');
    const client = await connect(kind, { token: await loginToken(member.email) });
    await scenario.sql(`update session set revoked_at = now() where person_id = $1`, [toUuid(member.id)]);
    await client.ended;
    expect(client.told.at(-1)).toMatchObject({ name: 'closed', data: { code: 'unauthorized' } });
  });
});

async function loginToken(email: string): Promise<string> {
  const { body } = await scenario.as(undefined)('POST', '/api/v1/auth/login', {
    email,
    password: 'blue kettle on the roof',
  });
  return body.access_token;
}

describe('what is rejected', () => {
  const stream = (headers: Record<string, string>, query = '') =>
    scenario.api('GET', `/api/v1/events/stream${query}`, undefined, headers);

  test('a stream without its media type, and ids that are none', async () => {
    for (const accept of ['application/json', 'text/event-stream;q=0, */*'])
      expect((await stream({ accept })).body).toMatchObject({ status: 406, code: 'stream_not_accepted' });
    const wrong = await stream({ accept: 'text/event-stream', 'last-event-id': 'x' });
    expect(wrong.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'Last-Event-ID' }] });
    expect((await stream({ accept: 'text/event-stream' }, '?types=message.no')).status).toBe(400);
    expect((await scenario.as('rcd_no')('GET', '/api/v1/events/stream')).status).toBe(401);
  });

  test.each([undefined, '*/*', 'text/*', 'application/json, */*;q=0.5'])(
    'not a stream of a client that takes any answer: %s',
    async accept => {
      const stop = new AbortController();
      const answer = await request(`${url}/api/v1/events/stream`, {
        headers: { authorization: `Bearer ${await scenario.token()}`, ...(accept && { accept }) },
        signal: stop.signal,
      });
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
      answer.body.on('error', () => {});
      stop.abort();
    },
  );

  test('a socket without valid credentials or with a wrong wish', async () => {
    await expect(openSocket(url, { token: 'no' })).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
    const token = await scenario.token();
    await expect(openSocket(url, { token, types: ['no.such'] })).rejects.toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'types[0]' }],
    });
  });

  test('long polling, which needs no socket', async () => {
    const answer = await scenario.as(undefined)('GET', '/socket.io/?EIO=4&transport=polling');
    expect(answer.body).toMatchObject({ status: 426, code: 'websocket_required' });
  });
});

test('a request that wishes for another protocol is served without it', async () => {
  const head = 'host: x\r\nconnection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAMA\r\n';
  const got = await sendBytes(url, `GET /livez HTTP/1.1\r\n${head}\r\n`);
  expect(got).toMatch(/^HTTP\/1\.1 200 OK/);
  const body = JSON.stringify({ email: 'nobody@example.com', password: 'wrong' });
  const posted = await sendBytes(
    url,
    `POST /api/v1/auth/login HTTP/1.1\r\n${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    body.slice(5),
  );
  expect(posted).toMatch(/^HTTP\/1\.1 401/);
});

describe('presence', () => {
  /** A member with a socket, by default to the scenario's own node. */
  async function present(at = url, more: { presence?: true; account_ids?: string[] } = {}) {
    const { presence, account_ids } = more;
    const { email } = await joinWorkspace(scenario, 'agent', account_ids && { account_ids });
    const connected = await openSocket(at, { token: await loginToken(email), ...(presence && { presence }) });
    open.push(connected);
    const say = (body: object) => connected.socket.timeout(10_000).emitWithAck('presence', body);
    const people = () => connected.told.filter(({ name }) => name === 'presence').at(-1)?.data.people;
    return { ...connected, say, people };
  }
  const conversation = async () => (await scenario.send('+33612345608')).conversation_id;

  test('shows who views and who types, to all who are there, on every node', async () => {
    const conversation_id = await conversation();
    const node = await scenario.node('api');
    const [ana, ben] = [await present(), await present(node.url)];
    expect(await ana.say({ conversation_id, state: 'viewing' })).toEqual({ ok: true });
    expect(ana.people()).toMatchObject([{ state: 'viewing', name: 'agent' }]);
    expect(await ben.say({ conversation_id, state: 'typing' })).toEqual({ ok: true });
    // Each gets the presence of the other, in any order of arrival.
    for (const each of [ana, ben])
      await expect
        .poll(() =>
          each
            .people()
            ?.map(({ state }: { state: string }) => state)
            .sort(),
        )
        .toEqual(['typing', 'viewing']);
    await ben.say({ conversation_id, state: 'away' });
    await expect.poll(() => ana.people()?.length).toBe(1);
    await ben.say({ conversation_id, state: 'viewing' });
    await expect.poll(() => ana.people()?.length).toBe(2);
    ben.drop();
    await expect.poll(() => ana.people()?.length).toBe(1);
  });

  test('is shown to who watches all conversations, on every node, as far as they may read them', async () => {
    const conversation_id = await conversation();
    const node = await scenario.node('api');
    const { body: other } = await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' });
    const ana = await present();
    await ana.say({ conversation_id, state: 'typing' });
    const watcher = await present(node.url, { presence: true });
    const stranger = await present(url, { presence: true, account_ids: [other.id] });
    await expect.poll(() => watcher.people()?.map(({ state }: { state: string }) => state)).toEqual(['typing']);
    ana.drop();
    await expect.poll(() => watcher.people()).toEqual([]);
    expect(stranger.people()).toBeUndefined();
  });

  test('is only of people, in conversations that they may read', async () => {
    const conversation_id = await conversation();
    const ana = await present();
    const stranger = await scenario.stranger();
    const theirs = { conversation_id: stranger.message.conversation_id, state: 'viewing' };
    expect(await ana.say(theirs)).toMatchObject({ error: { code: 'not_found', status: 404 } });
    expect(await ana.say({ conversation_id, state: 'asleep' })).toMatchObject({
      error: { code: 'invalid_request', errors: [{ field: 'state' }] },
    });
    const { key } = await makeKey({ scopes: ['messages.read'] });
    const program = await openSocket(url, { token: key });
    open.push(program);
    expect(await program.socket.emitWithAck('presence', { conversation_id, state: 'viewing' })).toMatchObject({
      error: { code: 'presence_of_people' },
    });
    program.socket.emit('presence', {});
    await expect
      .poll(() => program.told)
      .toContainEqual({ name: 'problem', data: expect.objectContaining({ code: 'invalid_request' }) });
  });
});

test.skipIf(!redisProgram)('presence goes through Redis where that is configured', async () => {
  const redis = await startRedis();
  const own = await startScenario({ redisUrl: redis.url, roles: 'api' });
  try {
    const node = await own.node('api');
    const { conversation_id } = await own.send();
    const sockets = await Promise.all(
      [`http://127.0.0.1:${portOf(own)}`, node.url ?? ''].map(async at => openSocket(at, { token: await own.token() })),
    );
    open.push(...sockets);
    const [here, there] = sockets;
    await here?.socket.emitWithAck('presence', { conversation_id, state: 'viewing' });
    // Published messages are lost until the other node has subscribed.
    await expect
      .poll(async () => {
        await there?.socket.emitWithAck('presence', { conversation_id, state: 'typing' });
        return here?.told.findLast(({ name }) => name === 'presence')?.data.people;
      })
      .toMatchObject([{ state: 'typing' }]);
  } finally {
    await own.close();
    await redis.close();
  }
});

test('a socket that sends too many or too large packets is cut', async () => {
  const token = await scenario.token();
  const loud = await openSocket(url, { token });
  for (let n = 0; n < 120; n++) loud.socket.emit('noise', n);
  await loud.ended;
  expect(loud.told.at(-1)).toMatchObject({ name: 'closed', data: { code: 'too_many_messages' } });
  const large = await openSocket(url, { token });
  large.socket.emit('noise', 'x'.repeat(20_000));
  await large.ended;
});

test('a page of another site cannot use the cookie of the session', async () => {
  const login = await scenario.as(undefined)('POST', '/api/v1/auth/login', {
    email: owner.email,
    password: owner.password,
    cookies: true,
  });
  const cookie = login.headers
    .getSetCookie()
    .map(text => text.split(';')[0])
    .join('; ');
  const connect = (origin: string) => openSocket(url, { headers: { cookie, origin } });
  await expect(connect('https://elsewhere.example.com')).rejects.toMatchObject({ code: 'forbidden' });
  const ours = await connect(url);
  open.push(ours);
  await expect.poll(() => ours.told.at(-1)?.name).toBe('position');
});

test('a stop says so to every client, and does not wait for them', async () => {
  const node = await scenario.node('api');
  const token = await scenario.token();
  const clients = [await openStream(node.url ?? '', { token }), await openSocket(node.url ?? '', { token })];
  await node.close();
  for (const { ended, told } of clients) {
    await ended;
    expect(told.at(-1)).toMatchObject({ name: 'closed', data: { code: 'server_stopping' } });
  }
});
