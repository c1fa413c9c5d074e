// Messages that people write, as Meta posts them: once or often, of every type, as replies, in place of others.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { incoming, metaPosts, status } from '../setup/meta-posts.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let numberId: string;
beforeAll(async () => {
  // Nothing arrives by itself: each test posts what it wants to see.
  scenario = await openWorkspace();
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  numberId = scenario.account.phone_number_id;
});
afterAll(() => scenario.close());

const { envelope, inboundOf, post, sentIntoTheDark } = metaPosts(() => scenario);

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
    expect(contact).toMatchObject({ name: 'Zoë', unread_count: 1, message_counts: { inbound: 1 } });
  });

  test('one that is there already changes nothing: no contact comes back, no conversation moves', async () => {
    const first = envelope({
      contacts: [{ profile: { name: 'Ana' }, wa_id: '33600000014' }],
      messages: [incoming('33600000014', 'wamid.again')],
    });
    await post(first);
    const { contact } = await inboundOf('33600000014');
    const conversation = async () =>
      (await scenario.api('GET', `/api/v1/conversations?contact_id=${contact.id}`)).body.data[0];
    const before = await conversation();
    await post(first);
    expect(await conversation()).toEqual(before);
    expect((await scenario.api('DELETE', `/api/v1/contacts/${contact.id}`)).status).toBe(204);
    const { total } = (await scenario.api('GET', '/api/v1/contacts')).body.page;
    await post(first);
    expect((await inboundOf('33600000014')).contact).toBeUndefined();
    expect((await scenario.api('GET', '/api/v1/contacts')).body.page.total).toBe(total);
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

  test('a type of next year is kept and shown as unsupported', async () => {
    const phone = '33600000501';
    const more = { type: 'hologram', text: undefined, hologram: { id: '7' } };
    await post(envelope({ messages: [incoming(phone, 'wamid.hologram', more)] }));
    const unsupported = { type: 'hologram', data: { id: '7' } };
    expect((await inboundOf(phone)).messages[0]).toMatchObject({
      type: 'unsupported',
      unsupported,
      status: 'received',
    });
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
    expect((await scenario.message(reply.id)).context.message_id).toBe(ours.id);
    expect((await scenario.message(ours.id)).context).toBeNull();
  });

  test('a reply names no message of another account', async () => {
    const ours = await sentIntoTheDark();
    await post(envelope({ statuses: [status(ours, 'delivered')] }));
    const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Beside', channel: 'sandbox' })).body;
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
    expect(await scenario.message(poll.id)).toMatchObject({ type: 'text', error: null });
  });

  describe('what the channel tells of a person', () => {
    const system = { body: 'Bruno changed from 1 to 2', wa_id: '2', type: 'user_changed_number' };
    const told = (phone: string, id: string, more: object = { system }) =>
      incoming(phone, id, { type: 'system', text: undefined, ...more });

    test('is in the conversation, and neither unread nor counted as received', async () => {
      const phone = '33600000530';
      const stats = async () => [
        (await scenario.api('GET', `/api/v1/accounts/${scenario.account.id}`)).body.counters.received,
        (await scenario.api('GET', '/api/v1/messages/statistics')).body.received,
        (await scenario.api('GET', '/api/v1/conversations?unread=true')).body.page.total,
      ];
      const before = await stats();
      await post(envelope({ messages: [told(phone, 'wamid.told'), told(phone, 'wamid.told-nothing', {})] }));
      const { contact, messages } = await inboundOf(phone);
      expect(messages).toMatchObject([
        { type: 'system', system: {}, status: 'read' },
        { type: 'system', system, status: 'read', read_at: null },
      ]);
      expect(contact).toMatchObject({ unread_count: 0, message_counts: { inbound: 0 } });
      expect(await stats()).toEqual(before);
      const thread = await scenario.api('GET', `/api/v1/conversations/${messages[0].conversation_id}/messages`);
      expect(thread.body.data).toEqual(messages);
      expect((await scenario.api('GET', '/api/v1/messages?type=system')).body.data).toEqual(messages);
    });

    test('is no message of the contact: messages that wait for the new-conversation limit still wait', async () => {
      const limits = { new_conversations_per_day: 1 };
      const made = await scenario.api('POST', '/api/v1/accounts', { name: 'Careful', channel: 'sandbox', limits });
      const phone = '33600000532';
      const metadata = { display_phone_number: '1', phone_number_id: made.body.phone_number_id };
      const ids = [];
      for (const to of ['+33600000531', `+${phone}`]) {
        const text = { account_id: made.body.id, to, type: 'text', text: { body: 'Hello' } };
        ids.push((await scenario.api('POST', '/api/v1/messages', text)).body.id);
        await scenario.recado.engine.idle();
      }
      const second = ids[1] ?? '';
      const waits = { status: 'queued', waiting: { reason: 'new_conversation_limit' } };
      expect(await scenario.message(second)).toMatchObject(waits);
      await post(envelope({ metadata, messages: [told(phone, 'wamid.told-early')] }));
      expect(await scenario.message(second)).toMatchObject(waits);
      // Nor is what they wrote longer ago than a day, and comes only now.
      await post(envelope({ metadata, messages: [incoming(phone, 'wamid.wrote-long-ago')] }));
      expect(await scenario.message(second)).toMatchObject(waits);
      const timestamp = String(Math.floor(Date.now() / 1000));
      await post(envelope({ metadata, messages: [incoming(phone, 'wamid.wrote', { timestamp })] }));
      expect(await scenario.message(second)).toMatchObject({ waiting: expect.not.objectContaining(waits.waiting) });
      expect((await scenario.message(second)).status).not.toBe('queued');
    });

    test('is marked as read with what they wrote before, which has the blue ticks', async () => {
      const phone = '33600000533';
      const url = `${scenario.simulator.url}/phones/+${phone}`;
      const write = async (raw: object) => {
        const body = JSON.stringify({ to: numberId, raw });
        const headers = { 'content-type': 'application/json' };
        expect((await fetch(`${url}/messages`, { method: 'POST', headers, body })).status).toBe(202);
        await scenario.settle();
      };
      await write({ type: 'text', text: { body: 'Hello' } });
      await write({ type: 'system', system });
      const { messages } = await inboundOf(phone);
      expect(messages).toMatchObject([{ type: 'system' }, { type: 'text', status: 'received' }]);
      await scenario.api('PUT', `/api/v1/messages/${messages[0].id}/read`);
      await scenario.settle();
      const { contact, messages: after } = await inboundOf(phone);
      expect([contact.unread_count, after[1].status]).toEqual([0, 'read']);
      const { threads } = (await (await fetch(url)).json()) as { threads: { messages: { status: string }[] }[] };
      expect(threads[0]?.messages.map(({ status }) => status)).toEqual(['read', 'sent']);
    });
  });

  describe('a person without a number', () => {
    const text = (id: string, more: object) => ({ ...incoming('', id), from: undefined, ...more });
    const named = (userId: string, name: string) => ({ profile: { name }, user_id: userId });
    const contactsNamed = async (name: string) =>
      (await scenario.api('GET', `/api/v1/contacts?search=${name}`)).body.data;
    const writtenBy = async (contact: { id: string }) =>
      (await scenario.api('GET', `/api/v1/messages?contact_id=${contact.id}`)).body.data.map(
        (message: { channel_message_id: string }) => message.channel_message_id,
      );

    test('is one contact, whether the user id is in from, beside it, or with the contact alone', async () => {
      const id = 'US.13491208655302741918';
      const contacts = [{ ...named(id, 'Beatrix'), wa_id: id }];
      await post(envelope({ contacts, messages: [text('wamid.bsuid-1', { from: id, from_user_id: id })] }));
      await post(envelope({ contacts, messages: [text('wamid.bsuid-2', { from: id })] }));
      await post(envelope({ contacts: [named(id, 'Beatrix')], messages: [text('wamid.bsuid-3', {})] }));
      const found = await contactsNamed('Beatrix');
      expect(found).toHaveLength(1);
      expect((await writtenBy(found[0])).sort()).toEqual(['wamid.bsuid-1', 'wamid.bsuid-2', 'wamid.bsuid-3']);
    });

    test('stays one contact under a new user id, also in one webhook', async () => {
      const changed = (id: string, from: string, to: string) =>
        text(id, {
          type: 'system',
          text: undefined,
          system: { type: 'user_changed_user_id', previous_user_id: from, user_id: to },
        });
      await post(
        envelope(
          { contacts: [named('US.c1', 'Cordelia')], messages: [text('wamid.before', {})] },
          { messages: [changed('wamid.changed', 'US.c1', 'US.c2')] },
          { contacts: [named('US.c2', 'Cordelia')], messages: [text('wamid.after', {})] },
        ),
      );
      await post(envelope({ messages: [changed('wamid.changed-2', 'US.c2', 'US.c3')] }));
      await post(envelope({ contacts: [named('US.c3', 'Cordelia')], messages: [text('wamid.last', {})] }));
      const found = await contactsNamed('Cordelia');
      expect(found).toHaveLength(1);
      const ids = ['wamid.after', 'wamid.before', 'wamid.changed', 'wamid.changed-2', 'wamid.last'];
      expect((await writtenBy(found[0])).sort()).toEqual(ids);
    });
  });

  test('a message of a group keeps its type, and opens no conversation with its writer', async () => {
    await post(envelope({ messages: [incoming('33600000540', 'wamid.group', { group_id: 'Y2Fw' })] }));
    const { messages } = await inboundOf('33600000540');
    expect(messages).toMatchObject([{ type: 'text', text: { body: 'I am wamid.group' }, group: { id: 'Y2Fw' } }]);
    const [conversation] = await scenario.sql(`select unread_count, last_received_at from conversation where id = $1`, [
      toUuid(messages[0].conversation_id),
    ]);
    expect(conversation).toEqual({ unread_count: 1, last_received_at: null });
  });

  describe('a notice', () => {
    const notices = (field: string) =>
      scenario.sql<{ account: string; data: object }>(
        `select a.phone_number_id as account, e.data from event e join account a on a.id = e.account_id
         where e.type = 'account.notice_received' and e.data->>'field' = $1 and e.account_id = $2 order by e.id`,
        [field, toUuid(scenario.account.id)],
      );
    const noticeOf = (field: string, value: object, id = '1') => ({
      entry: [{ id, time: 1_764_000_000, changes: [{ field, value }] }],
    });
    const stop = (phone: string) => ({
      metadata: { phone_number_id: numberId },
      user_preferences: [{ wa_id: phone, category: 'marketing_messages', value: 'stop', timestamp: 1731705721 }],
    });

    test('of a person who stops marketing is an event of the number, once', async () => {
      const value = stop('33600000560');
      for (let n = 0; n < 2; n++) await post(noticeOf('user_preferences', value));
      expect(await notices('user_preferences')).toEqual([
        { account: numberId, data: { field: 'user_preferences', business_id: '1', value } },
      ]);
    });

    test('is in the export of the person, and goes with the erasure', async () => {
      const phone = '33600000561';
      await post(envelope({ messages: [incoming(phone, 'wamid.stopped')] }));
      const value = stop(phone);
      await post(noticeOf('user_preferences', value));
      const { contact } = await inboundOf(phone);
      const exported = (await scenario.api('GET', `/api/v1/contacts/${contact.id}/export`)).body;
      expect(exported.notices).toMatchObject([{ field: 'user_preferences', value }]);
      const erased = await scenario.api('POST', `/api/v1/contacts/${contact.id}/erase`);
      expect(erased.body.counts.notices).toBe(1);
      expect(JSON.stringify(await notices('user_preferences'))).not.toContain(phone);
    });

    test.each([
      ['message_template_status_update', { event: 'REJECTED', message_template_id: 1, reason: 'ABUSIVE_CONTENT' }],
      ['message_template_quality_update', { previous_quality_score: 'GREEN', new_quality_score: 'YELLOW' }],
      ['template_category_update', { message_template_name: 'a', new_category: 'MARKETING' }],
      ['account_review_update', { decision: 'APPROVED' }],
      ['phone_number_name_update', { display_phone_number: '1', decision: 'APPROVED' }],
    ])('%s is an event of the numbers of the business', async (field, value) => {
      const business = String(5_000 + field.length);
      const { entry } = envelope({ messages: [] });
      await post({ entry: entry.map(each => ({ ...each, id: business })) });
      const named =
        'display_phone_number' in value ? { ...value, display_phone_number: scenario.account.phone } : value;
      await post(noticeOf(field, named, business));
      expect(await notices(field)).toEqual([
        { account: numberId, data: { field, business_id: business, value: named } },
      ]);
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
    const { messages } = await inboundOf('33600000599');
    expect(messages).toMatchObject([
      { type: 'sticker', sticker: { animated: true, link: null, media: { mime_type: 'image/webp' } } },
    ]);
    const shown = messages[0].sticker;
    // Its id is Recado's, not the channel's.
    expect(shown.id).toMatch(/^med_/);
    expect(shown.id).toBe(shown.media.id);
    expect(shown).not.toHaveProperty('url');
    expect(JSON.stringify(messages)).not.toContain('example.com/secret');
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
      if (read) expect((await scenario.api('PUT', `/api/v1/messages/${first.id}/read`)).body.status).toBe('read');
      const { unread_count: before } = (await inboundOf(phone)).contact;
      for (let n = 0; n < 2; n++) await post(envelope({ messages: [incoming(phone, `wamid.placeholder.${read}`)] }));
      const shown = await scenario.message(first.id);
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
      expect((await scenario.api('PUT', `/api/v1/messages/${messages[0].id}/read`)).status).toBe(200);
      expect((await inboundOf(phone)).contact.unread_count).toBe(0);
    },
  );
});
