// Privacy: a person exported, a person erased without a trace, and messages that are kept for so many days only.
import { createHmac, randomUUID } from 'node:crypto';
import { erasurePage, erasureSchema, workspaceSchema } from '@recado/contract';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { placesIn } from '../setup/places.ts';
import { type Receiver, startReceiver } from '../setup/receiver.ts';
import { type Answer, type Scenario, startScenario } from '../setup/scenario.ts';
import { workerPostgres } from '../setup/worker-postgres.ts';

let scenario: Scenario;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  scenario = await startScenario({ clock: 'manual', env: { WEBHOOK_ALLOWED_HOSTS: receiver.host } });
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { limits: { per_day: null } });
});
afterEach(() => scenario.simulator.setFault(null));
afterAll(async () => {
  await scenario.close();
  await receiver.close();
});

const day = 86_400_000;

interface Posted {
  messages?: object[];
  statuses?: object[];
  contacts?: object[];
}

/** What Meta posts about our number. */
const bodyOf = (value: Posted) =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '1',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '1', phone_number_id: scenario.account.phone_number_id },
              ...value,
            },
          },
        ],
      },
    ],
  });

const post = (value: Posted) => postRaw(bodyOf(value));

async function postRaw(raw: string) {
  const signature = `sha256=${createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex')}`;
  const answer = await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', raw, {
    'x-hub-signature-256': signature,
  });
  expect(answer.status).toBe(200);
  await scenario.settle();
}

/** Something that a person writes to us. */
const written = (phone: string, id: string, body: string, more: object = {}) => ({
  from: phone.slice(1),
  id,
  timestamp: String(Math.floor(scenario.clock.now() / 1000)),
  type: 'text',
  text: { body },
  ...more,
});

const profile = (phone: string, name: string) => ({ wa_id: phone.slice(1), profile: { name } });

const placesOf = (word: string) => placesIn(scenario, word);

const erase = (contactId: string) => scenario.api('POST', `/api/v1/contacts/${contactId}/erase`);

/** A connection that keeps others waiting for what it locks. */
async function openHolder(): Promise<pg.Client> {
  const [row] = await scenario.sql<{ database: string }>('select current_database() as database');
  const { host, port, user } = workerPostgres();
  const options = `-c search_path=${searchPath}`;
  const holder = new pg.Client({ host, port, user, database: row?.database, options });
  await holder.connect();
  return holder;
}

/** How many connections of ours wait for a lock. */
const waiting = async () =>
  (
    await scenario.sql(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'recado%' and datname = current_database()`,
    )
  ).length;

/** An endpoint whose answers say what it got, as error handlers do: about a message, and about the contact it knows. */
async function echoing(words: string) {
  const path = `/${randomUUID()}`;
  receiver.answer(path, ({ event }, response) => {
    const { message, contact_id: contact } = event.data;
    const told = message ? `${message.from} ${message.to} ${JSON.stringify(message[message.type])}` : contact && words;
    response.writeHead(event.type === 'message.received' ? 500 : 200).end(told);
  });
  const made = await scenario.api('POST', '/api/v1/endpoints', { url: receiver.url(path) });
  expect(made.status).toBe(201);
  const at = `/api/v1/endpoints/${made.body.id}`;
  onTestFinished(async () => void (await scenario.api('DELETE', at)));
  /** The deliveries of a type that are over. */
  const done = async (type: string) =>
    (await scenario.api('GET', `${at}/deliveries?event_type=${type}&status=succeeded`)).body.data;
  return { at, done };
}

/** The number of kept answers of endpoints that contain a word. */
const excerpts = async (word: string) =>
  (
    await scenario.sql(
      `select 1 from delivery_attempt where position($1 in excerpt) > 0
       union all select 1 from ended_delivery where position($1 in excerpt) > 0`,
      [word],
    )
  ).length;

/** A contact with every kind of data. */
async function person(phone: string, name: string) {
  const secret = `secret-${randomUUID()}`;
  const keyed = (key: string) => ({ 'idempotency-key': key });
  const contact = (
    await scenario.api(
      'POST',
      '/api/v1/contacts',
      { name, phone, reference: secret, metadata: { secret } },
      keyed(`made ${randomUUID()}`),
    )
  ).body;
  const body = (text: string) => ({
    account_id: scenario.account.id,
    to: phone,
    type: 'text',
    text: { body: text },
    reference: text,
    metadata: { text },
  });
  // Their wish and its end, each with a reason in somebody's words.
  const optOut = { contact_id: contact.id, reason: `${name} called: ${secret}` };
  const { id: optOutId } = (await scenario.api('POST', '/api/v1/opt-outs', optOut, keyed(randomUUID()))).body;
  const ended = { reason: `${name} came back: ${secret}` };
  expect((await scenario.api('DELETE', `/api/v1/opt-outs/${optOutId}`, ended)).status).toBe(204);
  const key = `sent ${randomUUID()}`;
  await scenario.api('POST', '/api/v1/messages', body(secret), keyed(key));
  await scenario.api('POST', '/api/v1/messages', body(secret), keyed(`order of ${phone}`));
  await scenario.api('POST', '/api/v1/messages/batch', { messages: [body(secret), body(secret)] }, keyed(randomUUID()));
  await scenario.settle();
  // Refused by the channel with a text about the person, and once unknown.
  scenario.simulator.setFault(() => 'window-closed');
  await scenario.api('POST', '/api/v1/messages', body(secret));
  await scenario.settle();
  // Somebody decides of one with an unknown outcome, and cancels another, with a reason.
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const lost = (await scenario.api('POST', '/api/v1/messages', body(secret))).body;
  await scenario.settle();
  scenario.simulator.setFault(null);
  const reason = `${name} says so: ${secret}`;
  const resolved = await scenario.api('POST', `/api/v1/messages/${lost.id}/resolve`, { resolution: 'sent', reason });
  expect(resolved.status).toBe(200);
  const send_at = new Date(scenario.clock.now() + day).toISOString();
  const later = (await scenario.api('POST', '/api/v1/messages', { ...body(secret), send_at })).body;
  expect((await scenario.api('POST', '/api/v1/messages/cancel', { ids: [later.id], reason })).body).toEqual({
    count: 1,
  });
  const { text: _, ...untyped } = body(secret);
  const parameters = [name, secret].map(value => ({ type: 'text', text: value }));
  const template = {
    name: 'appointment_reminder',
    language: { code: 'en_US' },
    components: [{ type: 'body', parameters }],
  };
  const templated = await scenario.api('POST', '/api/v1/messages', { ...untyped, type: 'template', template });
  expect(templated.status).toBe(202);
  await scenario.settle();
  const inbound = `wamid.${randomUUID()}`;
  await post({ messages: [written(phone, inbound, `from ${secret}`)], contacts: [profile(phone, name)] });
  const unread = `wamid.${randomUUID()}`;
  const about = { context: { id: inbound, note: `about ${secret}` }, referral: { headline: `ad ${secret}` } };
  const broken = { ...written(phone, `wamid.${randomUUID()}`, `broken ${secret}`), timestamp: 'never' };
  await post({
    messages: [written(phone, unread, `again ${secret}`, about), broken],
    contacts: [profile(phone, name)],
  });
  await post({
    messages: [
      {
        ...written(phone, `wamid.${randomUUID()}`, ''),
        type: 'document',
        text: undefined,
        document: { id: '770000000000000001', mime_type: 'application/pdf', sha256: '', filename: `of ${secret}.pdf` },
      },
    ],
    contacts: [profile(phone, name)],
  });
  const list = await scenario.api('GET', `/api/v1/messages?contact_id=${contact.id}&direction=inbound`);
  const first = list.body.data.find((each: { channel_message_id: string }) => each.channel_message_id === inbound);
  await scenario.api('PUT', `/api/v1/messages/${first.id}/read`);
  await scenario.settle();
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  await scenario.api('POST', '/api/v1/messages', {
    ...body(secret),
    send_at: new Date(scenario.clock.now() + day).toISOString(),
  });
  await scenario.api('POST', '/api/v1/messages', body(secret));
  return { contact, secret, inbound, key, body };
}

const resume = () => scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);

describe('a person', () => {
  const phone = '+33612990017';
  const name = 'Zuleika Quartermain';

  test('is exported with everything that is held of them', async () => {
    const { contact, secret } = await person('+33612990016', 'Philippa Ravenscroft');
    await resume();
    await scenario.settle();
    const answer = await scenario.api('GET', `/api/v1/contacts/${contact.id}/export`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      contact_id: contact.id,
      contacts: [
        { id: contact.id, name: 'Philippa Ravenscroft', addresses: [{ kind: 'phone', value: '+33612990016' }] },
      ],
      conversations: [{ account_id: scenario.account.id, contact_id: contact.id }],
    });
    const { messages, dead_letters } = answer.body;
    expect(messages).toHaveLength(13);
    expect(answer.body.campaigns).toEqual([]);
    expect(dead_letters).toMatchObject([{ reason: 'timestamp is not a time' }]);
    const texts = messages.map((message: object) => JSON.stringify(message));
    expect(texts.every((text: string) => text.includes(secret))).toBe(true);
    for (const word of [`about ${secret}`, `ad ${secret}`])
      expect(texts.filter((text: string) => text.includes(word))).toHaveLength(1);
    for (const message of messages) {
      expect(message.events.length).toBeGreaterThan(0);
      if (message.status === 'read' && message.direction === 'outbound') expect(message.attempts).toHaveLength(1);
    }
    const [told] = (await scenario.api('GET', '/api/v1/audit?limit=1&action=contact.exported')).body.data;
    expect(told.target).toEqual({ kind: 'contact', id: contact.id });
  });

  test('is exported with the campaigns that had them on their list, also under a contact that was merged', async () => {
    const made = async (path: string, body: object) => {
      const answer = await scenario.api('POST', `/api/v1/${path}`, body);
      expect(answer.status, answer.text).toBeLessThan(300);
      return answer.body;
    };
    const kept = await made('contacts', { name: 'Iris Halloran', phone: '+33612995541' });
    const double = await made('contacts', { name: 'I. Halloran', phone: '+33612995542' });
    const other = await made('contacts', { name: 'Not Iris', phone: '+33612995543' });
    const send = async (name: string, contactIds: string[], more: object = {}) => {
      const template = { name: 'hello_world', language: { code: 'en_US' } };
      const campaign = await made('campaigns', {
        name,
        account_ids: [scenario.account.id],
        variants: [{ share: 100, message: { type: 'template', template } }],
        include: [{ contact_ids: contactIds }],
        ...more,
      });
      await made(`campaigns/${campaign.id}/start`, {});
      const state = async () => (await scenario.api('GET', `/api/v1/campaigns/${campaign.id}`)).body.state;
      for (let n = 0; n < 30 && (await state()) !== 'done'; n++) await scenario.advance(2_000);
      expect(await state()).toBe('done');
      return campaign.id;
    };
    const accepted = scenario.clock.now();
    const got = await send('Winter books', [kept.id, other.id]);
    const left = await send('Spring books', [double.id], { exclude: [{ contact_ids: [double.id] }] });
    await send('Books of others', [other.id]);
    expect((await scenario.api('POST', `/api/v1/contacts/${kept.id}/merge`, { other_id: double.id })).status).toBe(200);
    const { campaigns, messages } = (await scenario.api('GET', `/api/v1/contacts/${kept.id}/export`)).body;
    expect(campaigns).toMatchObject([
      { campaign_id: got, name: 'Winter books', state: 'read', reason: null, message_id: messages[0].id },
      { campaign_id: left, name: 'Spring books', state: 'left_out', reason: 'excluded', message_id: null },
    ]);
    for (const { at } of campaigns) expect(Date.parse(at)).toBeGreaterThanOrEqual(accepted);
  });

  test('is erased: neither number, nor name, nor a text of theirs is anywhere; others keep everything', async () => {
    const other = await person('+33612990018', 'Somebody Else');
    await resume();
    await scenario.settle();
    const echo = await echoing(`${name} ${phone}`);
    const { contact, secret, inbound, key, body } = await person(phone, name);
    await scenario.recado.engine.idle();
    for (const word of [phone.slice(1), name, secret]) expect(await placesOf(word)).not.toEqual([]);
    for (const word of [phone.slice(1), name, secret]) await expect.poll(() => excerpts(word)).toBeGreaterThan(0);
    const removals = async () => (await scenario.api('GET', '/api/v1/audit?action=opt_out.removed&limit=1')).body.data;
    expect((await removals())[0].detail.reason).toContain(secret);
    const statistics = async () => (await scenario.api('GET', '/api/v1/messages/statistics')).body;
    const before = await statistics();
    const otherBefore = (await scenario.api('GET', `/api/v1/contacts/${other.contact.id}/export`)).body;

    const answer = await erase(contact.id);
    expect(answer.status).toBe(200);
    const receipt = erasureSchema.parse(answer.body);
    expect(receipt).toMatchObject({
      contact_id: contact.id,
      erased_by: { kind: 'person', name: 'Owner' },
      counts: { contacts: 1, addresses: 1, conversations: 1, messages: 13, attempts: 7, files: 1, dead_letters: 1 },
    });
    expect(receipt.counts.answers).toBeGreaterThanOrEqual(4);
    expect(receipt.counts.payloads).toBeGreaterThanOrEqual(2);
    // The endpoint knows whom the last event is about, and says so once more.
    await expect.poll(async () => (await echo.done('contact.deleted')).length).toBe(1);
    for (const word of [phone.slice(1), name, 'Zuleika', secret]) expect(await placesOf(word)).toEqual([]);
    expect((await removals())[0].detail).toEqual({ contact_id: contact.id, category: 'all', has_reason: true });
    // Recado keeps its later answers again: the events of the person are gone.
    await scenario.api('DELETE', echo.at);
    expect((await scenario.api('GET', `/api/v1/contacts/${contact.id}`)).status).toBe(404);
    expect((await scenario.api('GET', `/api/v1/contacts/${contact.id}/export`)).status).toBe(404);
    expect((await scenario.api('GET', `/api/v1/messages?contact_id=${contact.id}`)).body.data).toEqual([]);

    // The same receipt for each repeat, in the list, and in the log.
    expect((await erase(contact.id)).body).toEqual(answer.body);
    expect(erasurePage.parse((await scenario.api('GET', '/api/v1/erasures')).body).data[0]).toEqual(answer.body);
    const [told] = (await scenario.api('GET', '/api/v1/audit?limit=1&action=contact.erased')).body.data;
    expect(told).toMatchObject({ target: { id: contact.id }, detail: { erasure_id: receipt.id } });

    // Counts are history; what waited counts as cancelled.
    const after = await statistics();
    expect(after.by_day.map((each: { outbound: number }) => each.outbound)).toEqual(
      before.by_day.map((each: { outbound: number }) => each.outbound),
    );
    const otherAfter = (await scenario.api('GET', `/api/v1/contacts/${other.contact.id}/export`)).body;
    expect({ ...otherAfter, exported_at: '' }).toEqual({ ...otherBefore, exported_at: '' });

    // What the channel posts again, or late, brings nothing back; a repeat with an old key sends nothing.
    await resume();
    await post({
      messages: [written(phone, inbound, `from ${secret}`)],
      statuses: [
        {
          id: `wamid.${randomUUID()}`,
          status: 'read',
          timestamp: String(Math.floor(scenario.clock.now() / 1000)),
          recipient_id: phone.slice(1),
          biz_opaque_callback_data: randomUUID(),
        },
      ],
    });
    // A key with the number too, which is the usual kind.
    for (const old of [key, `order of ${phone}`]) {
      const repeat = await scenario.api('POST', '/api/v1/messages', body(secret), { 'idempotency-key': old });
      expect(repeat).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    }
    expect((await scenario.api('GET', `/api/v1/contacts?phone=%2B${phone.slice(1)}`)).body.data).toEqual([]);
    expect((await placesOf(secret)).map(place => place.split(' ')[0])).toEqual(['inbound_payload.body']);

    // An erased person who writes again is a new contact.
    await post({ messages: [written(phone, `wamid.${randomUUID()}`, 'Hello')], contacts: [profile(phone, 'Z.')] });
    const [anew] = (await scenario.api('GET', `/api/v1/contacts?phone=%2B${phone.slice(1)}`)).body.data;
    expect(anew).toMatchObject({ name: 'Z.', message_counts: { outbound: 0, inbound: 1 } });
    expect(anew.id).not.toBe(contact.id);
  });

  test('a contact deleted earlier is erased too, with the later one under the same number', async () => {
    const to = '+33612990019';
    const first = await scenario.send(to, 'before-the-deletion');
    await scenario.settle();
    await scenario.api('DELETE', `/api/v1/contacts/${first.contact_id}`);
    const second = await scenario.send(to, 'after-the-deletion');
    await scenario.settle();
    expect(second.contact_id).not.toBe(first.contact_id);
    expect((await erase(second.contact_id)).body.counts).toMatchObject({ contacts: 2, messages: 2, conversations: 2 });
    for (const word of [to.slice(1), 'before-the-deletion', 'after-the-deletion'])
      expect(await placesOf(word)).toEqual([]);
    expect((await erase(first.contact_id)).status).toBe(200);
  });

  test('a contact deleted earlier is erased too, without stored messages', async () => {
    const phone = '+33612990050';
    const made = async (name: string) => (await scenario.api('POST', '/api/v1/contacts', { name, phone })).body.id;
    const first = await made('Melisande Before');
    await scenario.api('DELETE', `/api/v1/contacts/${first}`);
    const second = await made('Melisande Between');
    await scenario.api('DELETE', `/api/v1/contacts/${second}`);
    const third = await made('Melisande After');
    expect((await scenario.api('GET', `/api/v1/contacts/${third}/export`)).body.contacts).toHaveLength(3);
    expect((await scenario.api('GET', `/api/v1/contacts/${second}/export`)).body.contacts).toHaveLength(2);
    expect((await erase(third)).body.counts).toMatchObject({ contacts: 3, addresses: 1 });
    expect(await placesOf('Melisande')).toEqual([]);
    for (const id of [first, second, third]) expect((await erase(id)).status).toBe(200);
    expect(await scenario.sql('select 1 from former_address where contact_id = $1', [toUuid(first)])).toEqual([]);
  });

  test('while a message of one contact of the person cannot be cancelled yet, nothing of the other is kept locked', async () => {
    const to = '+33612990052';
    const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' })).body;
    const body = { account_id: other.id, to, type: 'text', text: { body: 'before' } };
    const first = (await scenario.api('POST', '/api/v1/messages', body)).body;
    await scenario.settle();
    await scenario.api('DELETE', `/api/v1/contacts/${first.contact_id}`);
    const second = await scenario.send(to, 'after');
    await scenario.settle();
    const ids = [toUuid(first.id), toUuid(second.id)];
    // As if somebody had been storing the first when its contact was deleted.
    await scenario.sql(
      `with shown as (update message set status = 'scheduled' where id = any ($1) returning *)
       insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at)
       select id, seq, workspace_id, account_id, conversation_id, priority, 'scheduled', false, now() + interval '1 day' from shown`,
      [ids],
    );
    const holder = await openHolder();
    await holder.query('begin');
    await holder.query('select 1 from lane where account_id = $1 for update', [toUuid(other.id)]);
    const erasing = erase(second.contact_id);
    await expect.poll(waiting).toBe(1);
    expect(await scenario.sql('select 1 from message where id = any ($1) for update skip locked', [ids])).toHaveLength(
      2,
    );
    await holder.query('commit');
    await holder.end();
    expect((await erasing).body.counts).toMatchObject({ contacts: 2, messages: 2 });
  });

  test('two requests at once erase once, with the same receipt', async () => {
    const { contact_id } = await scenario.send('+33612990051', 'erased-once');
    await scenario.settle();
    const holder = await openHolder();
    await holder.query('begin');
    await holder.query('select 1 from contact where id = $1 for update', [toUuid(contact_id)]);
    const erasing = [erase(contact_id), erase(contact_id)];
    await expect.poll(waiting).toBe(2);
    await holder.query('commit');
    await holder.end();
    const [one, other] = await Promise.all(erasing);
    expect(one?.body.counts).toMatchObject({ contacts: 1, addresses: 1, messages: 1 });
    expect(other?.body).toEqual(one?.body);
    const told = await scenario.api('GET', `/api/v1/audit?target_id=${contact_id}`);
    expect(told.body.data.map((entry: { action: string }) => entry.action)).toEqual([
      'contact.erased',
      'erasure.begun',
    ]);
  });

  test('two requests that empty the same raw webhooks count each of them once', async () => {
    const { contact_id } = await scenario.send('+33612990052', 'emptied-once');
    await scenario.settle();
    const holder = await openHolder();
    await holder.query('begin');
    const named = await holder.query(
      `select 1 from inbound_payload where position($1::bytea in body) > 0 and processed_at is not null for update`,
      [Buffer.from('33612990052')],
    );
    expect(named.rowCount).toBeGreaterThan(0);
    const erasing = [erase(contact_id), erase(contact_id)];
    await expect.poll(waiting).toBe(2);
    await holder.query('commit');
    await holder.end();
    const [one, other] = await Promise.all(erasing);
    expect(one?.body.counts.payloads).toBe(named.rowCount);
    expect(other?.body).toEqual(one?.body);
  });

  test('while a call is in flight, only waiting messages are erased', async () => {
    // Long enough to look while the call is open, and far less than its answer is waited for.
    const own = await startScenario({ delays: { slow: 12_000 }, channelDeadlineMs: 60_000 });
    try {
      own.simulator.setFault(() => 'slow-answer');
      const sent = await own.send('+33612990020', 'on-its-way');
      // The receipts are faster than the answer: the message is read while the call is still open.
      await expect.poll(async () => (await own.message(sent.id)).status).toBe('read');
      await own.api('POST', `/api/v1/accounts/${own.account.id}/pause`);
      const waiting = await own.send('+33612990020', 'not-yet');
      const path = `/api/v1/contacts/${sent.contact_id}/erase`;
      const busy = await own.api('POST', path);
      expect(busy).toMatchObject({ status: 409, body: { code: 'contact_busy' } });
      expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await own.message(waiting.id)).status).toBe('cancelled');
      expect((await own.api('GET', `/api/v1/contacts/${sent.contact_id}`)).status).toBe(200);
      await own.settle();
      expect((await own.api('POST', path)).body.counts).toMatchObject({ messages: 2, attempts: 1 });
    } finally {
      await own.close();
    }
  });

  test('while an outcome is unknown, nothing is erased', async () => {
    scenario.simulator.setFault(() => 'answer-and-receipts-lost');
    const sent = await scenario.send('+33612990024', 'who-knows');
    await scenario.settle();
    expect((await scenario.message(sent.id)).status).toBe('unknown');
    const unknown = await erase(sent.contact_id);
    expect(unknown).toMatchObject({ status: 409, body: { code: 'contact_outcome_unknown' } });
    expect(Number(unknown.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await scenario.api('GET', `/api/v1/contacts/${sent.contact_id}`)).status).toBe(200);
    // When its time is over, and it is held, it waits for a person; so it does beside another whose time is not over.
    await scenario.advance(20 * 60_000);
    const held = await erase(sent.contact_id);
    expect(held.body.code).toBe('contact_outcome_unknown');
    expect(held.headers.get('retry-after')).toBeNull();
    scenario.simulator.setFault(() => 'answer-and-receipts-lost');
    const beside = await scenario.send('+33612990024', 'who-knows');
    await scenario.settle();
    expect((await scenario.message(beside.id)).status).toBe('unknown');
    expect((await erase(sent.contact_id)).headers.get('retry-after')).toBeNull();
    for (const { id } of [sent, beside])
      await scenario.api('POST', `/api/v1/messages/${id}/resolve`, { resolution: 'failed' });
    expect((await erase(sent.contact_id)).body.counts).toMatchObject({ messages: 2, attempts: 2 });
    expect(await placesOf('who-knows')).toEqual([]);
  });

  /** A webhook that nobody has read yet: of an app, in the lane of an account. */
  const unread = (app: string, lane: string, body: string) =>
    scenario.sql('insert into inbound_payload (app, lane_key, body, received_at) values ($1, $2, $3, $4)', [
      app,
      lane,
      Buffer.from(body),
      new Date(scenario.clock.now()),
    ]);

  test('while a webhook about them is unread, in any lane, nothing is erased', async () => {
    // Where the first number that a webhook names is not ours, it waits in the lane of that one, or of nobody.
    const lanes = [toUuid((await scenario.stranger()).account.id), '00000000-0000-7000-8000-000000000001'];
    for (const [n, lane] of lanes.entries()) {
      const to = `+3361299004${n + 1}`;
      const { contact_id } = await scenario.send(to, 'before-the-webhook');
      await scenario.settle();
      await unread('sandbox', lane, bodyOf({ messages: [written(to, `wamid.${randomUUID()}`, 'in-another-lane')] }));
      const busy = await erase(contact_id);
      expect(busy).toMatchObject({ status: 409, body: { code: 'contact_busy' } });
      expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
      await scenario.advance(1_000);
      expect((await erase(contact_id)).body.counts).toMatchObject({ messages: 2 });
      for (const word of [to.slice(1), 'in-another-lane']) expect(await placesOf(word)).toEqual([]);
    }
  });

  test('a webhook of an app that is not served any more keeps nobody, and goes with them', async () => {
    const to = '+33612990043';
    const { contact_id } = await scenario.send(to);
    await scenario.settle();
    const body = bodyOf({ messages: [written(to, `wamid.${randomUUID()}`, 'nobody-reads-it')] });
    await unread('gone', toUuid(scenario.account.id), body);
    expect(await erase(contact_id)).toMatchObject({ status: 200, body: { counts: { messages: 1 } } });
    for (const word of [to.slice(1), 'nobody-reads-it']) expect(await placesOf(word)).toEqual([]);
    expect(await scenario.sql(`select 1 from inbound_payload where app = 'gone' and processed_at is null`)).toEqual([]);
  });

  test('a webhook that names them and cannot be read is erased too, with its dead letter', async () => {
    const { contact_id } = await scenario.send('+33612990044');
    await scenario.settle();
    await postRaw('{"wa_id":"33612990044","name":Guinevere}');
    expect((await placesOf('Guinevere')).sort()).toEqual(['dead_letter.reason 1', 'inbound_payload.body 1']);
    expect((await erase(contact_id)).body.counts).toMatchObject({ dead_letters: 1 });
    expect(await placesOf('Guinevere')).toEqual([]);
  });

  test('thousands of messages go in pieces; the pace of the account counts the calls all the same', async () => {
    await scenario.advance(120_000);
    await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
      limits: { rate: { messages: 2, seconds: 60 } },
    });
    const one = await scenario.send('+33612990021', 'one-of-many');
    const two = await scenario.send('+33612990021', 'one-of-many');
    await scenario.settle();
    await scenario.settle();
    expect((await scenario.message(two.id)).status).toBe('read');
    await scenario.sql(
      `insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content, status, created_at)
       select gen_random_uuid(), workspace_id, account_id, conversation_id, contact_id, 'outbound', address, type, content, 'delivered', created_at
       from message, generate_series(1, 3000) where id = $1`,
      [toUuid(one.id)],
    );
    const window = async () =>
      (await scenario.api('GET', `/api/v1/accounts/${scenario.account.id}/queue`)).body.sent_in_window as number;
    expect(await window()).toBe(2);
    expect((await erase(one.contact_id)).body.counts.messages).toBe(3002);
    expect(await window()).toBe(2);
    const next = await scenario.send('+33612990022');
    await scenario.settle();
    expect((await scenario.message(next.id)).status).toBe('queued');
    await scenario.advance(62_000);
    expect((await scenario.message(next.id)).status).toBe('read');
    await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
      limits: { rate: { messages: 80, seconds: 1 } },
    });
  });

  test('more webhooks than one request looks through: each goes on where the last ended, and they end while more come', async () => {
    const own = await startScenario({ eraseMs: 0 });
    onTestFinished(() => own.close());
    const to = '+33612990026';
    const { contact_id } = await own.send(to, 'among-many');
    await own.settle();
    const more = () =>
      own.sql(
        `insert into inbound_payload (app, lane_key, body, received_at, processed_at)
         select 'sandbox', $1, convert_to('of others ' || n, 'UTF8'), now(), now() from generate_series(1, 6000) n`,
        [toUuid(own.account.id)],
      );
    await more();
    const answers: Answer[] = [];
    while (answers.length < 10 && answers.at(-1)?.status !== 200) {
      answers.push(await own.api('POST', `/api/v1/contacts/${contact_id}/erase`));
      await more();
    }
    expect(answers.pop()).toMatchObject({ status: 200, body: { counts: { messages: 1 } } });
    expect(answers.length).toBeGreaterThan(1);
    for (const { body } of answers) expect(body).toMatchObject({ status: 409, code: 'erasure_unfinished' });
    for (const word of [to.slice(1), 'among-many']) expect(await placesIn(own, word)).toEqual([]);
  });

  test('a message that is being accepted in the moment of the erasure is erased with the others', async () => {
    const to = '+33612990025';
    const first = await scenario.send(to, 'the-old-one');
    await scenario.settle();
    const holder = await openHolder();
    await holder.query('begin');
    await holder.query('select 1 from conversation where id = $1 for update', [toUuid(first.conversation_id)]);
    const sending = scenario.send(to, 'the-new-one');
    await expect.poll(waiting).toBe(1);
    const erasing = erase(first.contact_id);
    await expect.poll(waiting).toBe(2);
    await holder.query('commit');
    await holder.end();
    expect((await sending).contact_id).toBe(first.contact_id);
    expect((await erasing).body.counts).toMatchObject({ messages: 2, conversations: 1 });
    for (const word of ['the-old-one', 'the-new-one']) expect(await placesOf(word)).toEqual([]);
    expect(await scenario.sql('select 1 from conversation where contact_id = $1', [toUuid(first.contact_id)])).toEqual(
      [],
    );
  });

  test('is erased and exported only with the permission, and only in its workspace', async () => {
    const { contact_id } = await scenario.send('+33612990023');
    await scenario.settle();
    const call = async (scopes: string[], more: object = {}) =>
      scenario.as((await scenario.api('POST', '/api/v1/keys', { name: 'x', scopes, ...more })).body.key);
    const limited = await call(['contacts.erase', 'contacts.export'], { account_ids: [scenario.account.id] });
    const without = await call(['contacts.manage']);
    const stranger = (await scenario.stranger()).api;
    for (const [method, path] of [
      ['GET', `/api/v1/contacts/${contact_id}/export`],
      ['POST', `/api/v1/contacts/${contact_id}/erase`],
    ] as const) {
      expect((await limited(method, path)).status).toBe(403);
      expect((await without(method, path)).status).toBe(403);
      expect((await stranger(method, path)).body).toMatchObject({ status: 404, code: 'contact_not_found' });
    }
    expect((await limited('GET', '/api/v1/erasures')).status).toBe(403);
    expect((await stranger('GET', '/api/v1/erasures')).body.data).toEqual([]);
    expect((await scenario.api('GET', `/api/v1/contacts/${contact_id}`)).status).toBe(200);
  });
});

describe('the workspace', () => {
  test('is shown, and changed by its owner', async () => {
    const before = workspaceSchema.parse((await scenario.api('GET', '/api/v1/workspace')).body);
    expect(before.retention).toEqual({ messages_days: null, media_days: null });
    const changed = await scenario.api('PATCH', '/api/v1/workspace', { name: 'Clinic' });
    expect(changed.body).toEqual({ ...before, name: 'Clinic' });
    for (const days of [0, 1.5, -1, 36_501, '7'])
      expect(
        (await scenario.api('PATCH', '/api/v1/workspace', { retention: { messages_days: days } })).body,
      ).toMatchObject({
        status: 400,
        errors: [{ field: 'retention.messages_days' }],
      });
    const stranger = await scenario.stranger();
    expect((await stranger.api('GET', '/api/v1/workspace')).body.name).toBe('Elsewhere');
  });

  test('that keeps messages for so many days forgets older ones, and keeps their counts', async () => {
    await scenario.advance(10 * day);
    const to = '+33612990030';
    const echo = await echoing('nobody');
    const old = await scenario.send(to, 'to-be-forgotten');
    await scenario.settle();
    await expect.poll(() => excerpts('to-be-forgotten')).toBeGreaterThan(0);
    scenario.simulator.setFault(() => 'never-delivered');
    const undelivered = await scenario.send('+33612990031', 'still-on-its-way');
    await scenario.settle();
    scenario.simulator.setFault(() => 'answer-and-receipts-lost');
    const unknown = await scenario.send('+33612990032', 'nobody-knows');
    await scenario.settle();
    scenario.simulator.setFault(null);
    await post({ messages: [written(to, `wamid.${randomUUID()}`, 'unread-and-forgotten')] });
    await expect.poll(() => excerpts('unread-and-forgotten')).toBeGreaterThan(0);
    await scenario.api('DELETE', echo.at);
    const many = 1_700;
    const ids = await scenario.sql<{ id: string }>(
      `insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content, status, created_at)
       select gen_random_uuid(), workspace_id, account_id, conversation_id, contact_id, 'outbound', address, type, content, 'failed', created_at
       from message, generate_series(1, $2) where id = $1 returning id`,
      [toUuid(old.id), many],
    );
    expect(ids).toHaveLength(many);
    const there = async () =>
      (
        await scenario.sql<{ n: number }>(
          `select count(*)::int as n from message where content ->> 'body' = 'to-be-forgotten'`,
        )
      )[0]?.n;
    const range = `?from=${new Date(Math.floor(scenario.clock.now() / day) * day).toISOString()}&until=${new Date(Math.floor(scenario.clock.now() / day + 1) * day).toISOString()}`;
    const counts = async () => (await scenario.api('GET', `/api/v1/messages/statistics${range}`)).body.by_day;
    const before = await counts();
    const kept = async () => [
      (await scenario.message(undelivered.id)).status,
      (await scenario.message(unknown.id)).status,
    ];

    await scenario.api('PATCH', '/api/v1/workspace', { retention: { messages_days: 7 } });
    await scenario.advance(6 * day);
    expect(await there()).toBe(many + 1);
    const young = await scenario.send(to, 'young-enough');
    await scenario.settle();
    await scenario.advance(1.5 * day);
    expect(await there()).toBe(0);
    expect(await placesOf('to-be-forgotten')).toEqual([]);
    // The webhook of what the person wrote went with it.
    expect(await placesOf('unread-and-forgotten')).toEqual([]);
    expect((await scenario.message(young.id)).status).toBe('read');
    expect(await kept()).toEqual(['sent', 'unknown']);
    expect(await counts()).toEqual(before);
    const contact = (await scenario.api('GET', `/api/v1/contacts/${old.contact_id}`)).body;
    expect(contact).toMatchObject({ unread_count: 0, message_counts: { outbound: 2, inbound: 1 } });
    const told = (await scenario.api('GET', '/api/v1/audit?action=messages.forgotten')).body.data;
    expect(told[0]).toMatchObject({ actor: { kind: 'system' }, detail: { days: 7 } });
    const sum = told.reduce(
      (total: number, entry: { detail: { messages: number } }) => total + entry.detail.messages,
      0,
    );
    expect(sum).toBeGreaterThanOrEqual(many + 2);

    // What WhatsApp never delivered goes 30 days after it was sent; what nobody can tell of stays until it is decided.
    await scenario.advance(24 * day);
    expect((await scenario.api('GET', `/api/v1/messages/${undelivered.id}`)).status).toBe(404);
    expect((await scenario.message(unknown.id)).status).toBe('unknown');
    await scenario.api('PATCH', '/api/v1/workspace', { retention: { messages_days: null } });
  });

  test('forgets raw webhooks after 8 days, and those that could not be applied after 90', async () => {
    const phone = '+33612990040';
    const mark = newUuid();
    await post({ messages: [written(phone, `wamid.${randomUUID()}`, `fine ${mark}`)] });
    await post({ messages: [{ ...written(phone, `wamid.${randomUUID()}`, `bad ${mark}`), timestamp: 'never' }] });
    const raw = async () => (await placesOf(mark)).filter(place => /^(dead_letter|inbound_payload)/.test(place));
    expect((await raw()).sort()).toEqual(['dead_letter.item 1', 'inbound_payload.body 2']);
    await scenario.advance(7 * day);
    expect((await raw()).sort()).toEqual(['dead_letter.item 1', 'inbound_payload.body 2']);
    await scenario.advance(2 * day);
    expect((await raw()).sort()).toEqual(['dead_letter.item 1', 'inbound_payload.body 1']);
    await scenario.advance(82 * day);
    await scenario.advance(3_600_000);
    expect(await raw()).toEqual([]);
  });
});
