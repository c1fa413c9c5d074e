// What sessions of WhatsApp Web deliver, from the stored payload to what the API shows.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { webMessageId } from '../../server/adapters/channels/whatsapp-web/message-id.ts';
import { pauseNewConversations } from '../../server/features/accounts/index.ts';
import { attemptToken, newMessageUuid, newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;

let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
let numbers = 0;
const unique = () => `${Date.now()}${String(++numbers).padStart(4, '0')}`;
const person = () => ({ phone: `+33617${String(100_000 + ++numbers)}`, lid: `90${unique()}@lid`, name: 'Ana' });
type Person = Partial<ReturnType<typeof person>>;

const seconds = () => Math.floor(scenario.clock.now() / second);
const jidOf = ({ phone, lid }: Person) => lid ?? `${phone?.slice(1)}@s.whatsapp.net`;
const messageOf = (who: Person, message: object | null, more: object = {}) => ({
  kind: 'message',
  key: { id: `IN${unique()}`, remoteJid: jidOf(who), fromMe: false },
  person: who,
  at: seconds(),
  source: 'live',
  message,
  ...more,
});
const keyOf = (id: string, who: Person, fromMe = false) => ({ id, remoteJid: jidOf(who), fromMe });

/** Stores items as a gateway does, and lets a worker apply them. */
async function deliver(...items: object[]): Promise<void> {
  const id = toUuid(account.id);
  const body = Buffer.from(JSON.stringify({ session: id, items }));
  await scenario.sql(
    `insert into inbound_payload (app, lane_key, body, received_at) values ('whatsapp-web', $1, $2, $3)`,
    [id, body, new Date(scenario.clock.now())],
  );
  // The sweep finds it: a gateway would wake the lane.
  await scenario.advance(2 * second);
}

/** An account as after its link, without a session in this process. */
async function link(): Promise<void> {
  const made = await scenario.api('POST', '/api/v1/accounts', { channel: 'web', name: 'Linked' });
  expect(made.status).toBe(201);
  account = made.body;
  await scenario.sql(`update account set status = 'connected', phone = $2 where id = $1`, [
    toUuid(account.id),
    person().phone,
  ]);
}

// biome-ignore lint/suspicious/noExplicitAny: messages as the API shows them
async function threadOf(who: Person): Promise<any[]> {
  const value = who.phone ?? who.lid;
  const [found] = await scenario.sql<{ id: string }>(
    `select v.id from conversation v join contact_address x on x.contact_id = v.contact_id
      where v.account_id = $1 and x.value = $2`,
    [toUuid(account.id), value],
  );
  if (!found) return [];
  const rows = await scenario.sql<{ id: string }>('select id from message where conversation_id = $1 order by seq', [
    found.id,
  ]);
  return Promise.all(rows.map(row => scenario.message(toId('message', row.id))));
}

beforeAll(async () => {
  // Without a gateway: nothing but these tests delivers.
  scenario = await startScenario({ clock: 'manual', roles: 'api,worker' });
  await link();
});
afterAll(() => scenario.close());

describe('messages of people', () => {
  test('a message comes once, however often it is delivered', async () => {
    const ana = person();
    const item = messageOf(ana, { conversation: 'Hello' });
    await deliver(item, item);
    await deliver(item);
    expect(await threadOf(ana)).toMatchObject([
      { direction: 'inbound', type: 'text', text: { body: 'Hello' }, status: 'received', from: ana.phone },
    ]);
  });

  test('the real message replaces what could not be decrypted, also once the number is known', async () => {
    const ana = person();
    const item = messageOf({ lid: ana.lid }, null, { stub: 'CIPHERTEXT' });
    await deliver(item);
    expect(await threadOf({ lid: ana.lid })).toMatchObject([{ type: 'unsupported', error: { code: 'undecryptable' } }]);
    await deliver({ ...item, person: ana, message: { conversation: 'Now' } });
    expect(await threadOf(ana)).toMatchObject([{ type: 'text', text: { body: 'Now' }, error: null }]);
  });

  test('an edit and a deletion change the message of their writer, and of nobody else', async () => {
    const [ana, bo] = [person(), person()];
    const item = messageOf(ana, { conversation: 'Helo' });
    await deliver(item);
    const edit = { protocolMessage: { key: { id: item.key.id }, type: 14, editedMessage: { conversation: 'Hello' } } };
    await deliver(
      messageOf(bo, { protocolMessage: { ...edit.protocolMessage, editedMessage: { conversation: 'Bad' } } }),
    );
    expect((await threadOf(ana))[0]).toMatchObject({ text: { body: 'Helo' }, edited_at: null });
    await deliver(messageOf(ana, edit));
    expect((await threadOf(ana))[0]).toMatchObject({ text: { body: 'Hello' }, edited_at: expect.any(String) });
    await deliver(messageOf(ana, { protocolMessage: { key: { id: item.key.id }, type: 0 } }));
    expect((await threadOf(ana))[0]).toMatchObject({ revoked_at: expect.any(String) });
  });

  test('a reaction is attached to its message', async () => {
    const ana = person();
    const item = messageOf(ana, { conversation: 'Hello' });
    await deliver(item, messageOf(ana, { reactionMessage: { key: { id: item.key.id }, text: '👍' } }));
    expect((await threadOf(ana))[0]).toMatchObject({ reactions: [{ from: 'contact', emoji: '👍' }] });
  });

  test('what was written on the phone is in the thread as sent from there', async () => {
    const ana = person();
    await deliver(messageOf(ana, { conversation: 'Coming' }, { key: keyOf(`OUT${unique()}`, ana, true) }));
    expect(await threadOf(ana)).toMatchObject([{ direction: 'outbound', source: 'phone', status: 'sent' }]);
  });

  test('an item that cannot be read is a dead letter of the account', async () => {
    await deliver(messageOf({}, { conversation: 'x' }));
    const { body } = await scenario.api('GET', `/api/v1/dead-letters?account_id=${account.id}`);
    expect(body.data[0]).toMatchObject({
      error: { code: 'item_unreadable', title: 'no number and no LID of a person' },
    });
  });
});

describe('the history of a new link', () => {
  test('it stands before what came since, is read, and counts nowhere', async () => {
    const ana = person();
    const before = seconds() - 86_400;
    await deliver(messageOf(ana, { conversation: 'live' }));
    const [counted] = await scenario.sql<{ n: number }>(
      'select coalesce(sum(received), 0)::int as n from daily_received where account_id = $1',
      [toUuid(account.id)],
    );
    const old = (n: number, fromMe = false) =>
      messageOf(
        ana,
        { conversation: `old ${n}` },
        { source: 'history', at: before + n, key: keyOf(`H${unique()}`, ana, fromMe) },
      );
    await deliver(old(3), old(2, true));
    await deliver(old(1));
    const thread = await threadOf(ana);
    expect(thread.map(message => message.text.body)).toEqual(['old 1', 'old 2', 'old 3', 'live']);
    expect(thread.map(message => message.status)).toEqual(['read', 'sent', 'read', 'received']);
    expect(thread.map(message => message.created_by)).toEqual([null, null, null, null]);
    expect(thread[0].created_at).toBe(new Date((before + 1) * second).toISOString());
    expect(thread[0].events.map((event: { type: string }) => event.type)).toEqual(['message.imported']);
    expect(thread[1].events.map((event: { type: string }) => event.type)).toEqual(['message.imported']);
    const [now] = await scenario.sql<{ n: number }>(
      'select coalesce(sum(received), 0)::int as n from daily_received where account_id = $1',
      [toUuid(account.id)],
    );
    expect(now).toEqual(counted);
  });

  test('a conversation that only has history opens no window, and is sorted by its own time', async () => {
    const ana = person();
    const at = seconds() - 3_600;
    await deliver(messageOf(ana, { conversation: 'old' }, { source: 'history', at }));
    const [row] = await scenario.sql(
      `select v.last_received_at, v.last_message_at, v.unread_count from conversation v
        join contact_address x on x.contact_id = v.contact_id where x.value = $1`,
      [ana.phone],
    );
    expect(row).toEqual({ last_received_at: null, last_message_at: new Date(at * second), unread_count: 0 });
  });
});

describe('one person with two addresses', () => {
  test('they are one contact in any order of what tells of them', async () => {
    const kinds = ['phone', 'lid', 'both', 'pair'] as const;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...kinds, ...kinds], { minLength: 2, maxLength: 6 }), async order => {
        const ana = person();
        for (const kind of order) {
          const who = kind === 'phone' ? { phone: ana.phone } : kind === 'lid' ? { lid: ana.lid } : ana;
          await deliver(kind === 'pair' ? { kind: 'same_person', ...ana } : messageOf(who, { conversation: kind }));
        }
        // By now both addresses were heard of together.
        await deliver(
          messageOf({ phone: ana.phone }, { conversation: 'phone' }),
          messageOf({ lid: ana.lid }, { conversation: 'lid' }),
        );
        await deliver({ kind: 'same_person', ...ana });
        await scenario.advance(10 * second);
        await scenario.settle();
        const contacts = await scenario.sql('select distinct contact_id from contact_address where value = any ($1)', [
          [ana.phone, ana.lid],
        ]);
        expect(contacts).toHaveLength(1);
        const written = order.filter(kind => kind !== 'pair').length + 2;
        expect(await threadOf(ana)).toHaveLength(written);
      }),
      { numRuns: 8 },
    );
  });

  test('a pair of people nobody knows makes no contact', async () => {
    const ana = person();
    await deliver({ kind: 'same_person', ...ana });
    expect(await scenario.sql('select 1 from contact_address where value = $1', [ana.lid])).toEqual([]);
  });
});

describe('sending', () => {
  const send = (body: object) => scenario.api('POST', '/api/v1/messages', { account_id: account.id, ...body });
  const text = { type: 'text', text: { body: 'Hello' } };

  test('the id of a message is the same here and in the database', async () => {
    const ids = Array.from({ length: 20 }, () =>
      attemptToken(newMessageUuid(), 1 + Math.floor(Math.random() * 60_000)),
    );
    const rows = await scenario.sql<{ id: string }>(
      'select web_message_id(u.id) as id from unnest($1::uuid[]) with ordinality u(id, n) order by n',
      [[...ids, newUuid()]],
    );
    expect(rows.slice(0, -1).map(row => row.id)).toEqual(ids.map(webMessageId));
    expect(webMessageId(ids[0] ?? '')).toMatch(/^3EB0[0-9A-F]{18}$/);
    expect(webMessageId(attemptToken(ids[0] ?? '', 7))).toBe(rows[0]?.id);
  });

  test('what the network does not deliver is rejected by its field', async () => {
    const to = person().phone;
    const buttons = {
      type: 'button',
      body: { text: 'x' },
      action: { buttons: [{ type: 'reply', reply: { id: 'a', title: 'A' } }] },
    };
    expect(await send({ to, type: 'interactive', interactive: buttons })).toMatchObject({
      status: 400,
      body: { code: 'type_not_supported', errors: [{ field: 'type' }] },
    });
    const link = await send({ to, type: 'image', image: { link: 'https://shop.example/a.jpg' } });
    expect(link).toMatchObject({ status: 400, body: { errors: [{ field: 'image.link' }] } });
    expect(await send({ user_id: 'US.123', ...text })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'user_id' }] },
    });
  });

  test('a LID is a recipient once a contact has it', async () => {
    const ana = person();
    expect(await send({ to: ana.lid, ...text })).toMatchObject({ status: 400, body: { errors: [{ field: 'to' }] } });
    await deliver(messageOf({ lid: ana.lid }, { conversation: 'Hi' }));
    expect((await send({ to: ana.lid, ...text })).status).toBe(202);
    expect(await threadOf({ lid: ana.lid })).toMatchObject([
      { direction: 'inbound' },
      { direction: 'outbound', to: null },
    ]);
    const cloud = { account_id: scenario.account.id, to: ana.lid, ...text };
    expect(await scenario.api('POST', '/api/v1/messages', cloud)).toMatchObject({ status: 400 });
  });

  test('it waits while the account has no session, says why, and uses no attempt', async () => {
    const sent = await send({ to: person().phone, ...text });
    await scenario.settle();
    const reasonIn = async () => (await scenario.message(sent.body.id)).waiting;
    expect(await reasonIn()).toMatchObject({ reason: 'no_worker' });
    await scenario.sql(
      `insert into worker (id, kinds, routes, seen_at) values ($1, '{send}', '{web:other}', clock_timestamp() + interval '1 hour')`,
      [randomUUID()],
    );
    expect(await reasonIn()).toMatchObject({ reason: 'reconnecting', until: null });
    await scenario.sql(`update account set status = 'disconnected' where id = $1`, [toUuid(account.id)]);
    expect(await reasonIn()).toMatchObject({ reason: 'not_linked' });
    const { body } = await scenario.api('GET', `/api/v1/messages?account_id=${account.id}&waiting_reason=not_linked`);
    expect(body.data.map((message: { id: string }) => message.id)).toContain(sent.body.id);
    await scenario.sql(`update account set status = 'connected' where id = $1`, [toUuid(account.id)]);
    expect((await scenario.message(sent.body.id)).attempts).toEqual([]);
    await scenario.sql(`delete from worker where routes = '{web:other}'`);
  });

  test('a receipt finds a message whose outcome was lost, and it is not called again', async () => {
    await link();
    const ana = person();
    const sent = await send({ to: ana.phone, ...text });
    const id = toUuid(sent.body.id);
    // Another process claims it, and never says what came of it.
    await scenario.sql(`update account set route = 'web:gone' where id = $1`, [toUuid(account.id)]);
    const now = new Date(scenario.clock.now());
    await scenario.sql(
      `select claim_messages(array[$1]::uuid[], '{9}', '{web:gone}', 'gone', interval '1 minute', 0.5, $2)`,
      [toUuid(account.id), now],
    );
    await scenario.sql(`update account set route = 'web' where id = $1`, [toUuid(account.id)]);
    expect((await scenario.message(sent.body.id)).status).toBe('sending');
    const receipt = { kind: 'receipt', key: keyOf(webMessageId(id), ana, true), status: 'delivered', at: seconds() };
    await deliver(receipt);
    await scenario.advance(120 * second);
    const shown = await scenario.message(sent.body.id);
    expect(shown).toMatchObject({ status: 'delivered', channel_message_id: webMessageId(id) });
    expect(shown.attempts).toHaveLength(1);
    expect(shown.events.map((event: { type: string }) => event.type)).not.toContain('message.duplicated');
    // An echo of our own send is no second message.
    await deliver(messageOf(ana, { conversation: 'Hello' }, { key: keyOf(webMessageId(id), ana, true) }));
    expect(await threadOf(ana)).toHaveLength(1);
  });

  test('an account may not send faster than a person', async () => {
    const rate = (messages: number, inSeconds: number) =>
      scenario.api('PATCH', `/api/v1/accounts/${account.id}`, { limits: { rate: { messages, seconds: inSeconds } } });
    for (const [messages, inSeconds] of [
      [21, 60],
      [1, 2],
      [40, 120],
    ] as const)
      expect(await rate(messages, inSeconds)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'limits.rate' }] },
      });
    expect((await rate(20, 60)).status).toBe(200);
    expect((await rate(1, 10)).status).toBe(200);
    const made = await scenario.api('POST', '/api/v1/accounts', {
      channel: 'web',
      name: 'Fast',
      limits: { rate: { messages: 80, seconds: 1 } },
    });
    expect(made).toMatchObject({ status: 400, body: { errors: [{ field: 'limits.rate' }] } });
    expect(account.limits).toMatchObject({ rate: { messages: 20, seconds: 60 }, new_conversations_per_day: 30 });
    expect(account.delivery).toMatchObject({ on_unknown: 'retry', unknown_window_seconds: 30 });
  });

  test('a number that WhatsApp restricts begins no conversation, and answers all the same', async () => {
    await link();
    const [stranger, ana] = [person(), person()];
    await deliver(messageOf(ana, { conversation: 'Hi' }));
    await pauseNewConversations(scenario.engineDb, toUuid(account.id), new Date(scenario.clock.now() + 3_600 * second));
    const [cold, warm] = [await send({ to: stranger.phone, ...text }), await send({ to: ana.phone, ...text })];
    const claim = () =>
      scenario.sql<{ message_id: string | null }>(
        `select message_id from claim_messages(array[$1]::uuid[], '{9}', '{web}', 'gone', interval '1 minute', 0, $2)`,
        [toUuid(account.id), new Date(scenario.clock.now())],
      );
    // A first claim defers what may not leave, a second one takes what may.
    const claimed = [...(await claim()), ...(await claim())].flatMap(row => row.message_id ?? []);
    expect(claimed).toEqual([toUuid(warm.body.id)]);
    expect((await scenario.message(cold.body.id)).waiting).toMatchObject({ reason: 'new_conversation_limit' });
  });
});
