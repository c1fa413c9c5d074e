// The client against the real program: what a user of it writes, and what comes of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AuthenticationError,
  InvalidRequestError,
  NotFoundError,
  Recado,
  type RecadoEvent,
  ResyncRequiredError,
} from '../../sdk/index.ts';
import { realTimers } from '../../sdk/transport.ts';
import { randomFrom } from '../faults/random.ts';
import { cuttingProxy } from '../sdk/cutting-proxy.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';
import { portOf } from '../setup/socket.ts';

let scenario: Scenario;
let recado: Recado;
let url: string;
let accountId: string;

beforeAll(async () => {
  scenario = await openWorkspace();
  url = `http://127.0.0.1:${portOf(scenario)}`;
  recado = new Recado({ url, token: () => scenario.token() });
  const [account] = await recado.accounts.list().toArray(1);
  accountId = account?.id ?? '';
});

afterAll(() => scenario.close());

const text = (to: string, body = 'Hello!') => ({ account_id: accountId, to, type: 'text', text: { body } }) as const;

/** Waits between connections end soon; timeouts are as long as they are. */
const soon: typeof realTimers.after = (ms, run) => realTimers.after(ms < 30_000 ? 1 : ms, run);

/** The types of the events of a message, up to this one. */
async function typesOf(events: AsyncIterable<RecadoEvent>, messageId: string, last: string): Promise<string[]> {
  const types: string[] = [];
  for await (const { type, data } of events) {
    if (!('message' in data) || data.message.id !== messageId) continue;
    types.push(type);
    if (type === last) break;
  }
  return types;
}

test('a message is sent, and its events come in order', async () => {
  const message = await recado.messages.send(text('+33612000001'));
  expect(message).toMatchObject({ direction: 'outbound', text: { body: 'Hello!' } });
  const types = await typesOf(recado.events.poll({ types: ['message.*'] }), message.id, 'message.read');
  expect(types).toEqual(expect.arrayContaining(['message.sending', 'message.read']));
  const details = await recado.messages.get(message.id);
  expect(details.events.map(({ type }) => type)).toEqual(types);
});

test('a poll waits for the next event', async () => {
  const { last_id } = await recado.events.list({ limit: 1000 });
  const events = recado.events.poll({ after: last_id ?? undefined, types: ['contact.created'] });
  const next = events.next();
  const contact = await recado.contacts.create({ name: 'Ana', phone: '+33612000002' });
  expect((await next).value).toMatchObject({ type: 'contact.created', data: { contact_id: contact.id } });
  await events.return();
});

test('a stream over a line that breaks at any place gives each event once and in order', async () => {
  const random = randomFrom(22);
  // Above what an answer has before its first event, so that the stream gets on.
  const proxy = await cuttingProxy(portOf(scenario), () => random.whole(1_500, 7_500));
  try {
    const { last_id } = await recado.events.list({ limit: 1000 });
    const client = new Recado({ url: proxy.url, token: () => scenario.token() }, { ...realTimers, after: soon });
    const stream = client.events.stream({ after: last_id ?? undefined });
    const messages = Array.from({ length: 25 }, (_, number) => text(`+3361200${1100 + number}`));
    await recado.messages.sendBatch({ messages });
    const end = await recado.contacts.create({ name: 'The end', phone: '+33612001999' });
    await scenario.settle();
    const seen: string[] = [];
    for await (const event of stream) {
      seen.push(event.id);
      if (event.type === 'contact.created' && event.data.contact_id === end.id) break;
    }
    const all: string[] = [];
    for await (const event of recado.events.poll({ after: last_id ?? undefined })) {
      all.push(event.id);
      if (event.type === 'contact.created' && event.data.contact_id === end.id) break;
    }
    expect(seen).toEqual(all);
    expect(proxy.cuts()).toBeGreaterThan(5);
  } finally {
    await proxy.close();
  }
});

test('a stream begins now, and filters', async () => {
  const stop = new AbortController();
  const stream = recado.events.stream({ types: ['contact.updated'] }, { signal: stop.signal });
  const contact = await recado.contacts.create({ name: 'Rui', phone: '+33612000007' });
  let isHere = false;
  const next = stream.next().then(result => {
    isHere = true;
    return result;
  });
  // Until the stream has begun, nobody sees the change.
  for (let number = 1; !isHere; number++) await recado.contacts.update(contact.id, { name: `Rui ${number}` });
  expect((await next).value).toMatchObject({ type: 'contact.updated', data: { contact_id: contact.id } });
  stop.abort(new Error('enough'));
  await expect(stream.next()).rejects.toThrow('enough');
});

describe('a wait for a message', () => {
  test('ends with the status, also where the line breaks, and all share one stream', async () => {
    const proxy = await cuttingProxy(portOf(scenario), () => 3_000);
    try {
      const client = new Recado({ url: proxy.url, token: () => scenario.token() }, { ...realTimers, after: soon });
      const numbers = Array.from({ length: 5 }, (_, number) => text(`+3361200${1300 + number}`));
      const sent = await Promise.all(numbers.map(body => recado.messages.send(body)));
      const waits = sent.map(({ id }) => client.messages.waitFor(id, 'read', { timeout: 40_000 }));
      const read = await Promise.all(waits);
      expect(read.map(({ id, status }) => [id, status])).toEqual(sent.map(({ id }) => [id, 'read']));
      // A status that it had before.
      const [first] = sent;
      expect((await recado.messages.waitFor(first?.id ?? '', 'sent')).status).toBe('read');
    } finally {
      await proxy.close();
    }
  });

  test('says why it ends without it', async () => {
    const later = { send_at: new Date(Date.now() + 86_400_000).toISOString() };
    const message = await recado.messages.send({ ...text('+33612001310'), ...later });
    // The cancellation may arrive before its own answer.
    const ended = expect(recado.messages.waitFor(message.id, 'sent')).rejects.toMatchObject({
      code: 'message_cancelled',
      message: 'The message is cancelled.',
      current: { id: message.id, status: 'cancelled' },
    });
    const late = recado.messages.waitFor(message.id, 'sent', { timeout: 50 });
    await expect(late).rejects.toMatchObject({ code: 'wait_timeout', name: 'WaitError' });
    await recado.messages.cancel(message.id);
    await ended;
    await expect(recado.messages.waitFor('msg_01k9m3q5w8e7taz4x2c6v0b1n8', 'sent')).rejects.toThrow(NotFoundError);
    const stop = new AbortController();
    const other = await recado.messages.send({ ...text('+33612001311'), ...later });
    const given = recado.messages.waitFor(other.id, 'sent', { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
  });
});

test('a repeated key sends nothing new', async () => {
  const options = { idempotencyKey: 'order-4711' };
  const first = await recado.messages.send(text('+33612000003'), options);
  expect((await recado.messages.send(text('+33612000003'), options)).id).toBe(first.id);
  await expect(recado.messages.send(text('+33612000004'), options)).rejects.toMatchObject({
    name: 'InvalidRequestError',
    code: 'idempotency_key_reused',
    status: 422,
  });
});

test('lists give all items, once and in order', async () => {
  const messages = Array.from({ length: 7 }, (_, number) => text('+33612000005', `list ${number}`));
  const { id } = await recado.messages.sendBatch({ messages });
  await scenario.settle();
  const list = recado.messages.list({ batch_id: id, order: 'asc', limit: 3, from: new Date(Date.now() - 60_000) });
  const bodies: string[] = [];
  for await (const message of list) bodies.push(message.text?.body ?? '');
  expect(bodies).toEqual(messages.map(({ text: { body } }) => body));
  const { page, data } = await list.page();
  expect([data.length, page.has_more, page.total]).toEqual([3, true, 7]);
});

test('a file goes up and comes down', async () => {
  const file = new Blob(['%PDF-1.4\n%%EOF\n'], { type: 'application/pdf' });
  const media = await recado.media.upload({ file, filename: 'menu.pdf' });
  expect(media).toMatchObject({ filename: 'menu.pdf', kind: 'document', size: file.size });
  const answer = await recado.media.download(media.id);
  expect(await answer.text()).toBe(await file.text());
  await recado.media.delete(media.id);
  await expect(recado.media.get(media.id)).rejects.toThrow(NotFoundError);
});

describe('errors', () => {
  test('name the fields', async () => {
    const error = await recado.messages.send(text('123')).catch(thrown => thrown);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ code: 'invalid_request', status: 400, errors: [{ field: 'to' }] });
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('of credentials and of the log have their classes', async () => {
    const stranger = new Recado({ url, token: 'rcd_live_nobody' });
    await expect(stranger.messages.list().page()).rejects.toThrow(AuthenticationError);
    const after = 'evt_01k9m3q5w8e7taz4x2c6v0b1n3';
    await expect(recado.events.list({ after })).rejects.toThrow(ResyncRequiredError);
  });
});

test('a person logs in with cookies, as in a browser', async () => {
  const { email, password } = await person();
  const jar = new Map<string, string>();
  let csrfToken: string | undefined;
  const browser = new Recado({
    url,
    csrfToken: () => csrfToken,
    fetch: async (input, init) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(input, { ...init, headers: { ...init?.headers, ...(cookie && { cookie }) } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        jar.set(name, value);
      }
      return answer;
    },
  });
  const session = await browser.auth.logIn({ email, password, cookies: true });
  if (!('csrf_token' in session)) throw new Error('no cookies');
  expect((await browser.me.get()).person?.email).toBe(email);
  await expect(browser.contacts.create({ name: 'Eva', phone: '+33612000006' })).rejects.toMatchObject({ status: 403 });
  csrfToken = session.csrf_token;
  expect(await browser.contacts.create({ name: 'Eva', phone: '+33612000006' })).toMatchObject({ name: 'Eva' });
});

/** A member of the workspace with a password. */
async function person(): Promise<{ email: string; password: string }> {
  const [email, password] = [`member-${Date.now()}@example.com`, 'four words picked at random'];
  const { link } = await recado.invitations.create({ email, role: 'admin' });
  const token = new URL(link ?? '').searchParams.get('token') ?? /token=([^&]+)/.exec(link ?? '')?.[1] ?? '';
  await recado.invitations.accept({ token, name: 'Member', password });
  return { email, password };
}
