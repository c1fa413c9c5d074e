// What Meta posts: signed or refused, once or often, in any order, with a bad item in the middle.
import { createHmac, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { closePayloads } from '../../server/features/messages/inbound-store.ts';
import { queryable } from '../../server/kit/db.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { type Answer, type Story, startStory } from '../setup/story.ts';

const logged: string[] = [];

let story: Story;
let numberId: string;
beforeAll(async () => {
  // Nothing arrives by itself: each test posts what it wants to see.
  story = await startStory({ log: openLog('warn', undefined, { write: line => void logged.push(line) }) });
  story.simulator.setFault(() => 'answer-and-receipts-lost');
  numberId = story.account.phone_number_id;
});
afterAll(() => story.close());

const path = '/webhooks/whatsapp/sandbox';
const sign = (raw: string) => `sha256=${createHmac('sha256', story.secrets.appSecret).update(raw).digest('hex')}`;

const envelope = (...values: object[]) => ({
  object: 'whatsapp_business_account',
  entry: values.map(value => ({
    id: '1',
    changes: [
      {
        field: 'messages',
        value: {
          messaging_product: 'whatsapp',
          metadata: { display_phone_number: '1', phone_number_id: numberId },
          ...value,
        },
      },
    ],
  })),
});

async function post(body: unknown, headers?: Record<string, string>): Promise<Answer> {
  const raw = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await story.as(undefined)('POST', path, raw, headers ?? { 'x-hub-signature-256': sign(raw) });
  await story.recado.engine.idle();
  return answer;
}

/** What the metrics have counted until now. */
async function counted(): Promise<{ received: number; dead: number }> {
  const { text } = await story.as(undefined)('GET', '/metrics');
  const of = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return { received: of('recado_messages_received_total'), dead: of('recado_dead_inbound_total') };
}

const incoming = (from: string, id: string, more: object = {}) => ({
  from,
  id,
  timestamp: '1764000000',
  type: 'text',
  text: { body: `I am ${id}` },
  ...more,
});

const status = (message: { token: string; wamid: string }, name: string, more: object = {}) => ({
  id: message.wamid,
  status: name,
  timestamp: String(1_764_000_000 + name.length),
  recipient_id: '33612345678',
  biz_opaque_callback_data: message.token,
  ...(name === 'failed' && { errors: [{ code: 131026, title: 'Message undeliverable' }] }),
  ...more,
});

const inboundOf = async (phone: string) => {
  const contact = (await story.api('GET', `/api/v1/contacts?phone=%2B${phone}`)).body.data[0];
  if (!contact) return { contact: undefined, messages: [] };
  const list = await story.api('GET', `/api/v1/messages?contact_id=${contact.id}&direction=inbound`);
  return { contact, messages: list.body.data };
};

/** A message of ours whose call had no answer: unknown, with a token that receipts may echo. */
async function sentIntoTheDark() {
  const { id } = await story.send();
  await story.recado.engine.idle();
  const [attempt] = await story.sql<{ token: string }>(
    'select token from attempt where message_id = (select id from message where event_count > 0 order by seq desc limit 1)',
  );
  return { id, token: attempt?.token ?? '', wamid: `wamid.${randomUUID()}` };
}

describe('who may post', () => {
  const count = async () => (await story.sql<{ n: number }>('select count(*)::int as n from inbound_payload'))[0]?.n;
  const raw = JSON.stringify(envelope({ messages: [incoming('33600000001', 'wamid.forged')] }));

  test.each<[string, () => Record<string, string>]>([
    ['no signature', () => ({})],
    ['an empty one', () => ({ 'x-hub-signature-256': '' })],
    ['another body’s', () => ({ 'x-hub-signature-256': sign(`${raw} `) })],
    ['a truncated one', () => ({ 'x-hub-signature-256': sign(raw).slice(0, -1) })],
    ['the bare prefix', () => ({ 'x-hub-signature-256': 'sha256=' })],
    [
      'SHA-1',
      () => ({ 'x-hub-signature': `sha1=${createHmac('sha1', story.secrets.appSecret).update(raw).digest('hex')}` }),
    ],
    ['a list of two', () => ({ 'x-hub-signature-256': `${sign(raw)},${sign(raw)}` })],
    [
      'an empty secret’s',
      () => ({ 'x-hub-signature-256': `sha256=${createHmac('sha256', '').update(raw).digest('hex')}` }),
    ],
  ])('%s is refused, and nothing is stored', async (_name, headers) => {
    const before = await count();
    expect(await post(raw, headers())).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(await count()).toBe(before);
  });

  test('an app that is not known is not there', async () => {
    for (const app of ['other', '__proto__', 'constructor'])
      expect((await story.as(undefined)('POST', `/webhooks/whatsapp/${app}`, raw)).status).toBe(404);
  });

  test('the address is confirmed to whom knows the verify token', async () => {
    const ask = (token: string, challenge = '1158201444') =>
      story.as(undefined)('GET', `${path}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=${challenge}`);
    const right = await ask(story.secrets.verifyToken);
    expect(right).toMatchObject({ status: 200, text: '1158201444' });
    expect(right.headers.get('content-type')).toContain('text/plain');
    expect((await ask('wrong')).status).toBe(403);
    expect((await ask(story.secrets.verifyToken, '%3Cscript%3E')).status).toBe(403);
    expect((await story.as(undefined)('GET', path)).status).toBe(403);
  });

  test('what is no JSON but signed is kept and answered', async () => {
    logged.length = 0;
    expect((await post('{"object":{"name":Guinevere}}')).status).toBe(200);
    const dead = await story.sql<{ reason: string }>('select reason from dead_inbound order by id desc limit 1');
    expect(dead[0]?.reason).toMatch(/cannot be read: .*Guinevere/);
    // The log has no texts.
    expect(logged.join('')).toContain('"reason":"the body cannot be read"');
    expect(logged.join('')).not.toContain('Guin');
  });

  test('a zero byte in what is no JSON keeps nothing that comes after it', async () => {
    expect((await post('{"object":\u0000')).status).toBe(200);
    const dead = await story.sql<{ reason: string }>('select reason from dead_inbound order by id desc limit 1');
    expect(dead[0]?.reason).toMatch(/cannot be read: .*\uFFFD/);
    // In the same lane, as the first number that it names is nobody's.
    const elsewhere = { metadata: { display_phone_number: '1', phone_number_id: '999' }, statuses: [] };
    const later = { messages: [incoming('33600000009', 'wamid.after-the-zero')] };
    expect((await post(envelope(elsewhere, later))).status).toBe(200);
    expect((await inboundOf('33600000009')).messages).toHaveLength(1);
    expect(await story.sql('select 1 from inbound_payload where processed_at is null')).toEqual([]);
  });
});

describe('messages from people', () => {
  test('the same one ten times is one message, counted once', async () => {
    const body = envelope({
      contacts: [{ profile: { name: 'Zoë' }, wa_id: '33600000010' }],
      messages: [incoming('33600000010', 'wamid.ten')],
    });
    for (const answer of await Promise.all(Array.from({ length: 10 }, () => post(body))))
      expect(answer.status).toBe(200);
    const { contact, messages } = await inboundOf('33600000010');
    expect(messages).toHaveLength(1);
    expect(contact).toMatchObject({ name: 'Zoë', unread_count: 1, totals: { inbound: 1 } });
  });

  test('one that is there already changes nothing: no contact comes back, no conversation moves', async () => {
    const first = envelope({
      contacts: [{ profile: { name: 'Ana' }, wa_id: '33600000014' }],
      messages: [incoming('33600000014', 'wamid.again')],
    });
    await post(first);
    const { contact } = await inboundOf('33600000014');
    const conversation = async () =>
      (await story.api('GET', `/api/v1/conversations?contact_id=${contact.id}`)).body.data[0];
    const before = await conversation();
    await post(first);
    expect(await conversation()).toEqual(before);
    expect((await story.api('DELETE', `/api/v1/contacts/${contact.id}`)).status).toBe(204);
    const { total } = (await story.api('GET', '/api/v1/contacts')).body.page;
    await post(first);
    expect((await inboundOf('33600000014')).contact).toBeUndefined();
    expect((await story.api('GET', '/api/v1/contacts')).body.page.total).toBe(total);
  });

  test('every message of every entry and change is taken', async () => {
    const ids = ['a', 'b', 'c', 'd'].map(letter => `wamid.batch-${letter}`);
    await post(
      envelope(
        { messages: [incoming('33600000011', ids[0] ?? ''), incoming('33600000011', ids[1] ?? '')] },
        { messages: [incoming('33600000011', ids[2] ?? '')], statuses: [] },
        { messages: [incoming('33600000011', ids[3] ?? '')] },
      ),
    );
    const { messages } = await inboundOf('33600000011');
    expect(messages.map((message: { channel_message_id: string }) => message.channel_message_id).reverse()).toEqual(
      ids,
    );
  });

  test('one bad item is kept aside with its reason; the rest of the batch proceeds', async () => {
    const known = await sentIntoTheDark();
    await post(
      envelope({
        messages: [
          incoming('33600000012', 'wamid.good-1'),
          incoming('not a number', 'wamid.bad-1'),
          { id: 'wamid.bad-2' },
          'nonsense',
          incoming('33600000012', 'wamid.bad-3', { timestamp: 'yesterday' }),
          incoming('33600000012', 'wamid.good-2', { text: { body: 'with \u0000 inside' } }),
        ],
        statuses: [
          status({ token: randomUUID(), wamid: 'wamid.nobody-knows' }, 'delivered'),
          status(known, 'delivered'),
          { id: 'wamid.x', status: 'warning', timestamp: '1764000000' },
        ],
      }),
    );
    expect(
      (await inboundOf('33600000012')).messages.map(
        (message: { channel_message_id: string }) => message.channel_message_id,
      ),
    ).toEqual(['wamid.good-2', 'wamid.good-1']);
    expect((await story.message(known.id)).status).toBe('delivered');
    const dead = await story.sql<{ reason: string }>('select reason from dead_inbound order by id desc limit 5');
    expect(dead.map(row => row.reason)).toEqual(
      expect.arrayContaining([
        'from is not a number',
        'not an object',
        'timestamp is not a time',
        'this status is not known: warning',
      ]),
    );
  });

  test.each([
    ['location', { location: { latitude: 1, longitude: 2 } }],
    ['a type of next year', { hologram: { id: '7' } }],
  ])('%s is kept and shown as unsupported', async (type, content) => {
    const phone = `336000005${String(type.length).padStart(2, '0')}`;
    await post(envelope({ messages: [incoming(phone, `wamid.${type}`, { type, text: undefined, ...content })] }));
    const { messages } = await inboundOf(phone);
    expect(messages[0]).toMatchObject({ type: 'unsupported', unsupported: { type }, status: 'received' });
  });

  test('a reply names the message that it answers, where that is here', async () => {
    const ours = await sentIntoTheDark();
    await post(envelope({ statuses: [status(ours, 'delivered')] }));
    const phone = '33600000520';
    const context = { from: '1', id: ours.wamid };
    const button = { payload: 'yes', text: 'Yes' };
    await post(
      envelope({
        messages: [
          incoming(phone, 'wamid.reply', { context }),
          incoming(phone, 'wamid.reply-to-theirs', { context: { from: phone, id: 'wamid.reply' } }),
          incoming(phone, 'wamid.tapped', { type: 'button', text: undefined, button, context }),
          incoming(phone, 'wamid.reply-to-unknown', { context: { from: '1', id: 'wamid.not-here' } }),
          incoming(phone, 'wamid.forwarded', { context: { forwarded: true } }),
        ],
      }),
    );
    const messages = (await inboundOf(phone)).messages.reverse();
    const [reply] = messages;
    expect(messages.map((message: { context: object }) => message.context)).toEqual([
      { from: '1', message_id: ours.id, channel_message_id: ours.wamid },
      { from: phone, message_id: reply.id, channel_message_id: 'wamid.reply' },
      { from: '1', message_id: ours.id, channel_message_id: ours.wamid },
      { from: '1', message_id: null, channel_message_id: 'wamid.not-here' },
      { forwarded: true, message_id: null, channel_message_id: null },
    ]);
    expect((await story.message(reply.id)).context.message_id).toBe(ours.id);
    expect((await story.message(ours.id)).context).toBeNull();
  });

  test('a reply names no message of another account', async () => {
    const ours = await sentIntoTheDark();
    await post(envelope({ statuses: [status(ours, 'delivered')] }));
    const other = (await story.api('POST', '/api/v1/accounts', { name: 'Beside', channel: 'sandbox' })).body;
    const context = { from: '1', id: ours.wamid };
    await post(
      envelope({
        metadata: { display_phone_number: '1', phone_number_id: other.phone_number_id },
        messages: [incoming('33600000521', 'wamid.elsewhere-reply', { context })],
      }),
    );
    expect((await inboundOf('33600000521')).messages[0].context).toMatchObject({ message_id: null });
  });

  test('what the channel says of an ad, and of what it could not hand on, stands beside the content', async () => {
    const phone = '33600000522';
    const referral = { source_type: 'ad', source_id: '120', headline: 'Two for one', ctwa_clid: 'abc' };
    const unsupported = { type: 'unsupported', text: undefined, unsupported: { type: 'poll' } };
    const error = { code: 131051, title: 'Unsupported', error_data: { details: 'Polls are not supported.' } };
    await post(
      envelope({
        messages: [
          incoming(phone, 'wamid.clicked', { referral }),
          incoming(phone, 'wamid.poll', { ...unsupported, errors: [error] }),
        ],
      }),
    );
    const [poll, clicked] = (await inboundOf(phone)).messages;
    expect(clicked).toMatchObject({ referral, error: null, context: null });
    expect(poll).toMatchObject({
      referral: null,
      error: { code: '131051', title: 'Polls are not supported.' },
      unsupported: { type: 'unsupported', data: { type: 'poll' } },
      status: 'received',
    });
    // The real one in its place has none of it.
    await post(envelope({ messages: [incoming(phone, 'wamid.poll')] }));
    expect(await story.message(poll.id)).toMatchObject({ type: 'text', error: null });
  });

  describe('what the channel tells of a person', () => {
    const system = { body: 'Bruno changed from 1 to 2', wa_id: '2', type: 'user_changed_number' };
    const told = (phone: string, id: string, more: object = { system }) =>
      incoming(phone, id, { type: 'system', text: undefined, ...more });

    test('is in the conversation, and neither unread nor counted as received', async () => {
      const phone = '33600000530';
      const figures = async () => [
        (await story.api('GET', `/api/v1/accounts/${story.account.id}`)).body.counters.received,
        (await story.api('GET', '/api/v1/messages/statistics')).body.received,
        (await story.api('GET', '/api/v1/conversations?unread=true')).body.page.total,
      ];
      const before = await figures();
      await post(envelope({ messages: [told(phone, 'wamid.told'), told(phone, 'wamid.told-nothing', {})] }));
      const { contact, messages } = await inboundOf(phone);
      expect(messages).toMatchObject([
        { type: 'system', system: {}, status: 'read' },
        { type: 'system', system, status: 'read', read_at: null },
      ]);
      expect(contact).toMatchObject({ unread_count: 0, totals: { inbound: 0 } });
      expect(await figures()).toEqual(before);
      const thread = await story.api('GET', `/api/v1/conversations/${messages[0].conversation_id}/messages`);
      expect(thread.body.data).toEqual(messages);
      expect((await story.api('GET', '/api/v1/messages?type=system')).body.data).toEqual(messages);
    });

    test('is no word of theirs: what waits for the budget of new conversations waits on', async () => {
      const limits = { new_conversations_per_day: 1 };
      const made = await story.api('POST', '/api/v1/accounts', { name: 'Careful', channel: 'sandbox', limits });
      const phone = '33600000532';
      const metadata = { display_phone_number: '1', phone_number_id: made.body.phone_number_id };
      const ids = [];
      for (const to of ['+33600000531', `+${phone}`]) {
        const text = { account_id: made.body.id, to, type: 'text', text: { body: 'Hello' } };
        ids.push((await story.api('POST', '/api/v1/messages', text)).body.id);
        await story.recado.engine.idle();
      }
      const second = ids[1] ?? '';
      const waits = { status: 'queued', waiting: { reason: 'new_conversations' } };
      expect(await story.message(second)).toMatchObject(waits);
      await post(envelope({ metadata, messages: [told(phone, 'wamid.told-early')] }));
      expect(await story.message(second)).toMatchObject(waits);
      // Nor is what they wrote longer ago than a day, and comes only now.
      await post(envelope({ metadata, messages: [incoming(phone, 'wamid.wrote-long-ago')] }));
      expect(await story.message(second)).toMatchObject(waits);
      const timestamp = String(Math.floor(Date.now() / 1000));
      await post(envelope({ metadata, messages: [incoming(phone, 'wamid.wrote', { timestamp })] }));
      expect(await story.message(second)).toMatchObject({ waiting: expect.not.objectContaining(waits.waiting) });
      expect((await story.message(second)).status).not.toBe('queued');
    });

    test('is marked as read with what they wrote before, which has the blue ticks', async () => {
      const phone = '33600000533';
      const url = `${story.simulator.url}/phones/+${phone}`;
      const write = async (raw: object) => {
        const body = JSON.stringify({ to: numberId, raw });
        const headers = { 'content-type': 'application/json' };
        expect((await fetch(`${url}/messages`, { method: 'POST', headers, body })).status).toBe(202);
        await story.settle();
      };
      await write({ type: 'text', text: { body: 'Hello' } });
      await write({ type: 'system', system });
      const { messages } = await inboundOf(phone);
      expect(messages).toMatchObject([{ type: 'system' }, { type: 'text', status: 'received' }]);
      await story.api('PUT', `/api/v1/messages/${messages[0].id}/read`);
      await story.settle();
      const { contact, messages: after } = await inboundOf(phone);
      expect([contact.unread_count, after[1].status]).toEqual([0, 'read']);
      const { threads } = (await (await fetch(url)).json()) as { threads: { messages: { status: string }[] }[] };
      expect(threads[0]?.messages.map(({ status }) => status)).toEqual(['read', 'sent']);
    });
  });

  test('a sticker has its own type, and no address of its file', async () => {
    const sticker = { id: '1', mime_type: 'image/webp', animated: true, url: 'https://example.com/secret' };
    const content = { sticker };
    await post(
      envelope({
        messages: [incoming('33600000599', 'wamid.sticker', { type: 'sticker', text: undefined, ...content })],
      }),
    );
    expect((await inboundOf('33600000599')).messages).toMatchObject([
      { type: 'sticker', sticker: { animated: true, media: { mime_type: 'image/webp' } } },
    ]);
    for (const name of ['id', 'url'])
      expect((await inboundOf('33600000599')).messages[0].sticker).not.toHaveProperty(name);
  });

  test('what the database refuses of one number is kept aside, and keeps no other number that comes with it', async () => {
    await story.sql(`create function recado.refuse() returns trigger language plpgsql as $$
      begin raise exception 'refused by the story' using errcode = 'data_exception'; end $$`);
    await story.sql(`create trigger refuse before insert on recado.message for each row
      when (new.content->>'body' = 'refuse me') execute function recado.refuse()`);
    onTestFinished(async () => {
      await story.sql('drop trigger refuse on recado.message');
    });
    const numbers = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const made = await story.api('POST', '/api/v1/accounts', { name: `Number ${n}`, channel: 'sandbox' });
        return made.body.phone_number_id as string;
      }),
    );
    const posts = numbers.map((id, n) =>
      envelope({
        metadata: { display_phone_number: '1', phone_number_id: id },
        messages: [
          incoming(`3360000067${n}`, `wamid.beside-${n}`, n === 3 ? { text: { body: 'refuse me' } } : {}),
          incoming(`3360000068${n}`, `wamid.good-${n}`),
        ],
      }),
    );
    const before = await counted();
    for (const answer of await Promise.all(posts.map(body => post(body)))) expect(answer.status).toBe(200);
    await story.settle();
    const after = await counted();
    expect([after.received - before.received, after.dead - before.dead]).toEqual([11, 1]);
    const ids = await story.sql<{ id: string }>(
      `select channel_message_id as id from message where channel_message_id ~ '^wamid[.](beside|good)-[0-5]$'
         and account_id in (select id from account where name ~ '^Number ') order by 1`,
    );
    const good = numbers.map((_, n) => `wamid.good-${n}`);
    const beside = numbers.map((_, n) => `wamid.beside-${n}`).filter((_, n) => n !== 3);
    expect(ids.map(({ id }) => id)).toEqual([...beside, ...good]);
    const dead = await story.sql<{ reason: string }>(`select reason from dead_inbound where reason ~ 'by the story'`);
    expect(dead).toHaveLength(1);
  });

  test('what cannot even be kept aside as it is, is kept aside without what it says', async () => {
    await story.sql(`create function recado.refuse_aside() returns trigger language plpgsql as $$
      begin raise exception 'refused by the story' using errcode = 'data_exception'; end $$`);
    await story.sql(`create trigger refuse_aside before insert on recado.dead_inbound for each row
      when (new.reason = 'from is not a number') execute function recado.refuse_aside()`);
    onTestFinished(async () => {
      await story.sql('drop trigger refuse_aside on recado.dead_inbound');
    });
    await post(
      envelope({ messages: [incoming('not a number', 'wamid.bad-4'), incoming('33600000008', 'wamid.good-4')] }),
    );
    expect((await inboundOf('33600000008')).messages).toHaveLength(1);
    const dead = await story.sql('select item, reason from dead_inbound order by id desc limit 1');
    expect(dead).toEqual([{ item: null, reason: 'it cannot be applied, nor kept here as it is' }]);
    expect(await story.sql('select 1 from inbound_payload where processed_at is null')).toEqual([]);
  });

  test('what waits for a lock keeps nothing of another number that comes with it', async () => {
    const numbers = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const made = await story.api('POST', '/api/v1/accounts', { name: `Lane ${n}`, channel: 'sandbox' });
        return made.body as { id: string; phone_number_id: string };
      }),
    );
    const bodies = (name: string) =>
      numbers.map(({ phone_number_id: id }, n) =>
        envelope({
          metadata: { display_phone_number: '1', phone_number_id: id },
          messages: [incoming(`3360000077${n}`, `wamid.${name}-${n}`)],
        }),
      );
    for (const body of bodies('before')) await post(body);
    const locked = numbers[3];
    const other = new pg.Client(story.databaseUrl);
    await other.connect();
    onTestFinished(() => other.end());
    await other.query('set idle_in_transaction_session_timeout = 0');
    await other.query('begin');
    await other.query('select 1 from recado.conversation where account_id = $1 for update', [toUuid(locked?.id ?? '')]);
    const answers = bodies('after').map(async body => {
      const raw = JSON.stringify(body);
      return story.as(undefined)('POST', path, raw, { 'x-hub-signature-256': sign(raw) });
    });
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    const arrived = async () =>
      (
        await story.sql<{ id: string }>(
          `select channel_message_id as id from message where channel_message_id ~ '^wamid.after-[0-5]$' order by 1`,
        )
      ).map(({ id }) => id.at(-1));
    await expect.poll(arrived, { timeout: 20_000 }).toEqual(['0', '1', '2', '4', '5']);
    await other.query('commit');
    await expect.poll(arrived, { timeout: 20_000 }).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('where the database reads and does not write, a lane tries again after a pause, and not at once', async () => {
    const own = await startStory({ clock: 'manual' });
    onTestFinished(() => own.close());
    // A sequence counts on in transactions that fail.
    await own.sql('create sequence recado.tries');
    await own.sql(`create function recado.take_nothing() returns trigger language plpgsql security definer as $$
      begin perform nextval('recado.tries'); raise exception 'no room' using errcode = 'disk_full'; end $$`);
    await own.sql(`create trigger take_nothing before update on recado.inbound_payload
      for each row execute function recado.take_nothing()`);
    const value = { metadata: { display_phone_number: '1', phone_number_id: own.account.phone_number_id } };
    const raw = JSON.stringify(envelope({ ...value, messages: [incoming('33600000791', 'wamid.no-room')] }));
    const signature = `sha256=${createHmac('sha256', own.secrets.appSecret).update(raw).digest('hex')}`;
    const headers = { 'x-hub-signature-256': signature };
    expect((await own.as(undefined)('POST', path, raw, headers)).status).toBe(200);
    const tries = async () => {
      const [row] = await own.sql<{ n: number }>(
        'select case when is_called then last_value else 0 end::int as n from recado.tries',
      );
      return row?.n;
    };
    // Once with others, once by itself.
    await expect.poll(tries).toBe(2);
    const sent = await own.send();
    await expect.poll(async () => (await own.message(sent.id)).status).toBe('sent');
    expect(await tries()).toBe(2);
    await own.sql('drop trigger take_nothing on recado.inbound_payload');
    const arrived = async () => {
      own.clock.advance(1_000);
      return (await own.api('GET', '/api/v1/contacts?phone=%2B33600000791')).body.data.length;
    };
    await expect.poll(arrived).toBe(1);
    await own.settle();
  });

  test('a payload at which another worker is, is left to it', async () => {
    // Nothing is read before the clock goes on.
    const own = await startStory({ clock: 'manual' });
    onTestFinished(() => own.close());
    const value = { metadata: { display_phone_number: '1', phone_number_id: own.account.phone_number_id } };
    const body = envelope({ ...value, messages: [incoming('33600000790', 'wamid.race'), { id: 'wamid.bad' }] });
    const other = new pg.Client(own.databaseUrl);
    await other.connect();
    onTestFinished(() => other.end());
    await other.query('set idle_in_transaction_session_timeout = 0; set search_path = recado, public');
    const { rows } = await other.query<{ id: number }>(
      `insert into inbound_payload (app, lane_key, body, received_at) values ('sandbox', $1, $2, now()) returning id`,
      [toUuid(own.account.id), Buffer.from(JSON.stringify(body))],
    );
    await other.query('begin');
    expect(await closePayloads(queryable(other), [rows[0]?.id ?? 0], null)).toEqual(new Set([rows[0]?.id]));
    const advanced = own.advance(2_000);
    const [self] = (await other.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
    const waiting = 'select 1 from pg_stat_activity where $1 = any (pg_blocking_pids(pid))';
    await expect.poll(async () => (await own.sql(waiting, [self?.pid])).length, { timeout: 20_000 }).toBe(1);
    await other.query('commit');
    await advanced;
    expect(await own.sql('select 1 from dead_inbound union all select 1 from message')).toEqual([]);
    expect(await own.sql('select 1 from inbound_payload where processed_at is null')).toEqual([]);
  });

  test('receipts do not wait for who has just stored something of the account', async () => {
    const known = await sentIntoTheDark();
    const other = new pg.Client(story.databaseUrl);
    await other.connect();
    onTestFinished(() => other.end());
    await other.query('set idle_in_transaction_session_timeout = 0');
    await other.query('begin');
    // What the key of a new message does to the row of its account.
    await other.query('select 1 from recado.account where id = $1 for key share', [toUuid(story.account.id)]);
    await story.sql(`update account set last_receipt_at = null where id = $1`, [toUuid(story.account.id)]);
    await post(envelope({ statuses: [status(known, 'delivered')] }));
    expect((await story.message(known.id)).status).toBe('delivered');
  });

  test('a placeholder is replaced by the real message when that comes', async () => {
    const placeholder = incoming('33600000013', 'wamid.late', {
      type: 'unsupported',
      text: undefined,
      errors: [{ code: 131051 }],
    });
    await post(envelope({ messages: [placeholder] }));
    await post(envelope({ messages: [incoming('33600000013', 'wamid.late')] }));
    await post(envelope({ messages: [placeholder] }));
    const { contact, messages } = await inboundOf('33600000013');
    expect(messages).toMatchObject([{ type: 'text', text: { body: 'I am wamid.late' } }]);
    expect(contact.unread_count).toBe(1);
  });

  test.each([true, false])(
    'a placeholder (read: %s) that is replaced is unread, and its timeline says so',
    async read => {
      const phone = read ? '33600000113' : '33600000114';
      const placeholder = incoming(phone, `wamid.placeholder.${read}`, {
        type: 'unsupported',
        text: undefined,
        errors: [{ code: 131051 }],
      });
      await post(envelope({ messages: [placeholder, incoming(phone, `wamid.other.${read}`)] }));
      const [first] = (await inboundOf(phone)).messages.filter((m: { type: string }) => m.type === 'unsupported');
      if (read) expect((await story.api('PUT', `/api/v1/messages/${first.id}/read`)).body.status).toBe('read');
      const { unread_count: before } = (await inboundOf(phone)).contact;
      for (let n = 0; n < 2; n++) await post(envelope({ messages: [incoming(phone, `wamid.placeholder.${read}`)] }));
      const shown = await story.message(first.id);
      expect(shown).toMatchObject({ type: 'text', status: 'received', read_at: null });
      expect(
        shown.events.map(({ number, type, data }: { number: number; type: string; data: object }) => [
          number,
          type,
          data,
        ]),
      ).toEqual([
        [1, 'message.received', {}],
        ...(read ? [[2, 'message.read', {}]] : []),
        [read ? 3 : 2, 'message.received', { replaced: 'unsupported' }],
      ]);
      const { contact, messages } = await inboundOf(phone);
      expect(contact).toMatchObject({ unread_count: before + Number(read) });
      const unread = messages.filter((message: { status: string }) => message.status === 'received');
      expect(unread).toHaveLength(contact.unread_count);
      expect((await story.api('PUT', `/api/v1/messages/${messages[0].id}/read`)).status).toBe(200);
      expect((await inboundOf(phone)).contact.unread_count).toBe(0);
    },
  );

  test.each([
    ['of Mexico', '5215512345678', '+525512345678', ['+5215512345678', '+52 1 55 1234 5678', '+525512345678']],
    ['of Brazil', '551176543210', '+5511976543210', ['+551176543210', '+55 11 7654-3210', '+55 11 97654-3210']],
    ['of Argentina', '5491112345678', '+5491112345678', ['+5491112345678']],
    ['of Benin, before 2024', '22997123456', '+22997123456', ['+22997123456', '+229 97 12 34 56']],
    ['of Ivory Coast, before 2021', '22507010203', '+22507010203', ['+22507010203']],
  ])('Juana with a number %s is shown, found and answered by it', async (_, digits, shown, forms) => {
    await post(
      envelope({
        contacts: [{ profile: { name: `Juana ${digits}` }, wa_id: digits }],
        messages: [incoming(digits, `wamid.${digits}`)],
      }),
    );
    const { body: found } = await story.api('GET', `/api/v1/contacts?search=${digits}`);
    expect(found.data).toMatchObject([{ name: `Juana ${digits}`, phone: shown }]);
    const contact = found.data[0].id;
    const [received] = (await story.api('GET', `/api/v1/messages?contact_id=${contact}`)).body.data;
    expect(received.from).toBe(shown);
    for (const form of forms) {
      const escaped = encodeURIComponent(form);
      for (const query of [`phone=${escaped}`, `search=${escaped}`])
        expect((await story.api('GET', `/api/v1/contacts?${query}`)).body.data).toMatchObject([{ id: contact }]);
      const body = { account_id: story.account.id, to: form, type: 'text', text: { body: 'Hola' } };
      const answered = await story.api('POST', '/api/v1/messages', body);
      expect(answered).toMatchObject({ status: 202, body: { to: shown, conversation_id: received.conversation_id } });
      const taken = await story.api('POST', '/api/v1/contacts', { phone: form });
      expect(taken).toMatchObject({ status: 409, body: { code: 'phone_taken' } });
    }
    const listed = await story.api('GET', `/api/v1/messages?contact_id=${contact}`);
    expect(listed.body.data).toHaveLength(1 + forms.length);
  });

  test('a number that no country has, and that nobody wrote from, is refused', async () => {
    const body = { account_id: story.account.id, to: '+22997123457', type: 'text', text: { body: 'Hola' } };
    const refused = await story.api('POST', '/api/v1/messages', body);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'to' }] } });
  });

  test('a person whose number Meta does not show is a contact without a phone', async () => {
    await post(
      envelope({
        contacts: [{ profile: { name: 'No Number' }, user_id: 'US.13491208655302741918' }],
        messages: [incoming('', 'wamid.bsuid', { from: undefined, from_user_id: 'US.13491208655302741918' })],
      }),
    );
    const contact = (await story.api('GET', '/api/v1/contacts?search=No%20Number')).body.data[0];
    expect(contact).toMatchObject({ phone: null, unread_count: 1 });
    const [message] = (await story.api('GET', `/api/v1/messages?contact_id=${contact.id}`)).body.data;
    expect(message).toMatchObject({ from: null, to: story.account.phone });
    expect(await story.message(message.id)).toMatchObject({ from: null });
  });

  describe('a person who is', () => {
    let last = 33_600_000_600;
    const person = () => ({ phone: String(++last), user: `US.${last}` });
    type Person = ReturnType<typeof person>;
    const both = ({ phone, user }: Person) => incoming(phone, `wamid.${randomUUID()}`, { from_user_id: user });
    const shown = ({ phone }: Person) => incoming(phone, `wamid.${randomUUID()}`);
    const hidden = ({ user }: Person) => incoming('', `wamid.${randomUUID()}`, { from: undefined, from_user_id: user });
    /** Their messages by contact: where they came from, the oldest first. */
    const heard = async ({ phone, user }: Person) => {
      const rows = await story.sql<{ contact_id: string; conversations: number; from: string[] }>(
        `select contact_id, count(distinct conversation_id)::int as conversations, array_agg(address order by seq) as from
         from message where address in ('+' || $1, $2) group by 1 order by min(seq)`,
        [phone, user],
      );
      return rows.map(({ conversations, from }) => ({ conversations, from }));
    };

    test.each<[string, ((each: Person) => object)[][]]>([
      ['known by both, and hides the number', [[both], [hidden], [both]]],
      ['known by the number, then by both, and hides it', [[shown], [both], [hidden]]],
      ['known without a number, and shows it', [[hidden], [both], [shown], [hidden]]],
      ['new by both, in one webhook', [[hidden, both, shown]]],
    ])('%s: one contact, one conversation', async (_, posts) => {
      const each = person();
      for (const messages of posts) await post(envelope({ messages: messages.map(made => made(each)) }));
      const from = posts.flat().map(made => (made === hidden ? each.user : `+${each.phone}`));
      expect(await heard(each)).toEqual([{ conversations: 1, from }]);
      const { contact } = await inboundOf(each.phone);
      expect(contact).toMatchObject({ phone: `+${each.phone}`, totals: { inbound: from.length } });
    });

    test('two contacts already stays two', async () => {
      const each = person();
      for (const made of [shown, hidden, both, hidden]) await post(envelope({ messages: [made(each)] }));
      expect(await heard(each)).toEqual([
        { conversations: 1, from: [`+${each.phone}`, `+${each.phone}`] },
        { conversations: 1, from: [each.user, each.user] },
      ]);
    });

    test('known by another number too is another contact', async () => {
      const each = person();
      const moved = { ...person(), user: each.user };
      for (const [who, made] of [
        [each, both],
        [moved, both],
        [moved, hidden],
      ] as const)
        await post(envelope({ messages: [made(who)] }));
      expect((await inboundOf(each.phone)).messages).toHaveLength(2);
      expect((await inboundOf(moved.phone)).messages).toHaveLength(1);
    });

    test('deleted is a new contact by either', async () => {
      const each = person();
      await post(envelope({ messages: [both(each)] }));
      const { contact } = await inboundOf(each.phone);
      expect((await story.api('DELETE', `/api/v1/contacts/${contact.id}`)).status).toBe(204);
      await post(envelope({ messages: [hidden(each)] }));
      await post(envelope({ messages: [both(each)] }));
      expect((await inboundOf(each.phone)).messages).toHaveLength(2);
    });
  });

  test('what is told of a number that no account has is reported without the number', async () => {
    logged.length = 0;
    const value = { display_phone_number: '1 555-010-0199', event: 'FLAGGED' };
    const told = { entry: [{ id: '1', changes: [{ field: 'phone_number_quality_update', value }] }] };
    expect((await post(told)).status).toBe(200);
    expect(logged.join('')).toContain('"reason":"no account has the number"');
    expect(logged.join('')).not.toContain('15550100199');
  });

  test('messages for a number that no account has are kept and reported', async () => {
    const body = JSON.parse(
      JSON.stringify(envelope({ messages: [incoming('33600000014', 'wamid.elsewhere')] })).replaceAll(numberId, '999'),
    );
    expect((await post(body)).status).toBe(200);
    const dead = await story.sql<{ reason: string }>('select reason from dead_inbound order by id desc limit 1');
    expect(dead[0]?.reason).toBe('no account has the number: 999');
    expect((await inboundOf('33600000014')).contact).toBeUndefined();
  });
});

describe('receipts', () => {
  const row = (id: string) =>
    story.sql(
      `select m.status, m.sent_at, m.delivered_at, m.read_at, m.played_at, m.failed_at is null as never_failed, m.error_code, m.error_title, m.channel_message_id = $2 as ours
       from message m where m.created_at = (select created_at from message where id = (select message_id from attempt where token = $1))
         and m.id = (select message_id from attempt where token = $1)`,
      [id, ''],
    );

  test('in any order and any number they give the same message', async () => {
    const names = ['sent', 'delivered', 'read', 'played', 'failed'];
    const outcome = async (receipts: string[], batches: boolean) => {
      const message = await sentIntoTheDark();
      const items = receipts.map(name => status(message, name));
      if (batches) await post(envelope({ statuses: items }));
      else for (const item of items) await post(envelope({ statuses: [item] }));
      const [stored] = await row(message.token);
      const shown = await story.message(message.id);
      return {
        ...stored,
        ours: undefined,
        status: shown.status,
        attempt: shown.attempts[0].status,
        id: shown.channel_message_id === message.wamid,
      };
    };
    const strip = ({
      sent_at: sent,
      delivered_at: delivered,
      read_at: read,
      played_at: played,
      ...rest
    }: Record<string, unknown>) => ({
      ...rest,
      has: [sent, delivered, read, played].map(time => time !== null),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }).chain(set =>
          fc.record({
            set: fc.constant(set),
            shuffled: fc.shuffledSubarray(set, { minLength: set.length }),
            more: fc.array(fc.constantFrom(...set), { maxLength: 4 }),
            batches: fc.boolean(),
          }),
        ),
        async ({ set, shuffled, more, batches }) => {
          const inOrder = strip(
            (await outcome(
              names.filter(name => set.includes(name)),
              false,
            )) as Record<string, unknown>,
          );
          expect(strip((await outcome([...more, ...shuffled, ...more], batches)) as Record<string, unknown>)).toEqual(
            inOrder,
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each([
    [['sent', 'failed'], 'failed'],
    [['failed', 'sent'], 'failed'],
    [['failed', 'delivered'], 'delivered'],
    [['read', 'failed'], 'read'],
    [['read'], 'read'],
  ])('%j ends as %s', async (names, end) => {
    const message = await sentIntoTheDark();
    for (const name of names) await post(envelope({ statuses: [status(message, name)] }));
    const shown = await story.message(message.id);
    expect(shown.status).toBe(end);
    if (end === 'failed') expect(shown.error).toEqual({ code: '131026', title: 'Message undeliverable' });
    else expect(shown).toMatchObject({ error: null, delivered_at: expect.any(String), sent_at: expect.any(String) });
  });

  test('those that come before we know the channel’s id, without an echo, wait for it', async () => {
    story.simulator.setFault(() => 'slow-answer');
    const wamids: string[] = [];
    try {
      const { id } = await story.send('+33612999001');
      // The call is at work; its answer will bring this id.
      while (wamids.length === 0) {
        wamids.push(
          ...story.simulator.ledger
            .entries()
            .filter(entry => entry.to === '33612999001')
            .map(entry => entry.wamid),
        );
        await new Promise(resolve => setImmediate(resolve));
      }
      const raw = JSON.stringify(
        envelope({ statuses: [status({ token: 'somebody else’s', wamid: wamids[0] ?? '' }, 'delivered')] }),
      );
      expect((await story.as(undefined)('POST', path, raw, { 'x-hub-signature-256': sign(raw) })).status).toBe(200);
      await story.settle();
      expect(['delivered', 'read']).toContain((await story.message(id)).status);
      expect((await story.sql('select * from parked_receipt where channel_message_id = $1', [wamids[0]])).length).toBe(
        0,
      );
    } finally {
      story.simulator.setFault(() => 'answer-and-receipts-lost');
    }
  });

  test('an echo finds the message of a deleted account whose number another workspace has now', async () => {
    const before = (await story.api('POST', '/api/v1/accounts', { name: 'Before', channel: 'sandbox' })).body;
    const text = { account_id: before.id, to: '+33612340001', type: 'text', text: { body: 'Hello' } };
    const { id } = (await story.api('POST', '/api/v1/messages', text)).body;
    await story.recado.engine.idle();
    const [attempt] = await story.sql<{ token: string }>('select token from attempt where message_id = $1', [
      toUuid(id),
    ]);
    expect((await story.api('DELETE', `/api/v1/accounts/${before.id}`)).status).toBe(204);
    const after = await story.stranger();
    // The Sandbox makes its numbers up, so that nobody can ask for this one.
    await story.sql('update account set phone_number_id = $1 where id = $2', [
      before.phone_number_id,
      toUuid(after.account.id),
    ]);
    const theirs = (await after.api('GET', '/api/v1/messages')).body;
    const metadata = { display_phone_number: '1', phone_number_id: before.phone_number_id };
    const message = { token: attempt?.token ?? '', wamid: `wamid.${randomUUID()}` };
    await post(envelope({ metadata, statuses: [status(message, 'delivered')] }));
    expect(await story.message(id)).toMatchObject({ status: 'delivered', channel_message_id: message.wamid });
    const parked = () => story.sql('select 1 from parked_receipt where channel_message_id = $1', [message.wamid]);
    expect(await parked()).toEqual([]);
    expect((await after.api('GET', '/api/v1/messages')).body).toEqual(theirs);
    expect((await after.api('GET', `/api/v1/messages/${id}`)).status).toBe(404);
    // Without its echo it is only the channel's id that is told, and whoever has the number now is meant.
    await post(envelope({ metadata, statuses: [status({ ...message, token: '' }, 'read')] }));
    expect((await story.message(id)).status).toBe('delivered');
    expect(await parked()).toHaveLength(1);
  });

  test('an echo of another account’s token has no effect', async () => {
    const message = await sentIntoTheDark();
    const other = (await story.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' })).body;
    const raw = JSON.stringify(envelope({ statuses: [status(message, 'read')] })).replaceAll(
      numberId,
      other.phone_number_id,
    );
    await post(raw);
    expect((await story.message(message.id)).status).toBe('unknown');
  });
});
