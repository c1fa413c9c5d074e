// What comes in beside texts and files: reactions, edits, deletions, calls, echoes of the shop's phone, prices.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { incoming, metaPosts, status } from '../setup/meta-posts.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
});
afterAll(() => scenario.close());

const { envelope, inboundOf, post, sentIntoTheDark } = metaPosts(() => scenario);

const ofField = (field: string, value: object) => {
  const [entry] = envelope(value).entry;
  return { entry: [{ ...entry, changes: entry?.changes.map(change => ({ ...change, field })) }] };
};
const typed = (from: string, id: string, type: string, content: unknown, more: object = {}) =>
  incoming(from, id, { text: undefined, type, [type]: content, ...more });
const conversationOf = async ({ id }: { id: string }) =>
  (
    await scenario.sql(
      `select unread_count, received_count, sent_count, last_received_at, last_called_at from conversation
    where contact_id = $1`,
      [toUuid(id)],
    )
  )[0];
const eventsOf = async (id: string) => (await scenario.message(id)).events.map(({ type }: { type: string }) => type);

test.each([
  ['interactive', { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } }],
  ['interactive', { type: 'list_reply', list_reply: { id: 'a', title: 'A', description: 'First' } }],
  ['interactive', { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"a":' } }],
  ['button', { text: 'Yes', payload: 'yes' }],
  [
    'order',
    { catalog_id: '1', product_items: [{ product_retailer_id: 'a', quantity: 2, item_price: 3, currency: 'EUR' }] },
  ],
  ['location', { latitude: 38.7, longitude: -9.1, name: 'Here' }],
  ['contacts', [{ name: { formatted_name: 'Ana' }, phones: [{ phone: '+1', type: 'HOME' }] }]],
])('%s %j is shown in its own shape, and unread', async (type, content) => {
  const id = `wamid.shape.${JSON.stringify(content).length}`;
  const phone = `3360010${String(JSON.stringify(content).length).padStart(4, '0')}`;
  await post(envelope({ messages: [typed(phone, id, type, content)] }));
  const { contact, messages } = await inboundOf(phone);
  expect(messages).toMatchObject([{ type, [type]: content, status: 'received' }]);
  expect(contact.unread_count).toBe(1);
  expect((await scenario.api('GET', `/api/v1/messages?type=${type}&contact_id=${contact.id}`)).body.data).toHaveLength(
    1,
  );
});

test('a text that comes late opens the window from when it was written, and is no call', async () => {
  const phone = '33600500090';
  await post(envelope({ messages: [incoming(phone, 'wamid.late')] }));
  const { contact } = await inboundOf(phone);
  expect(await conversationOf(contact)).toMatchObject({ last_called_at: null });
  const { data } = (await scenario.api('GET', `/api/v1/conversations?contact_id=${contact.id}`)).body;
  expect(data[0].window).toEqual({ open: false, until: '2025-11-25T16:00:00.000Z' });
});

describe('a reaction', () => {
  const reaction = (from: string, id: string, target: string, emoji?: string, second = 0) =>
    typed(from, id, 'reaction', { message_id: target, emoji }, { timestamp: String(1_764_000_000 + second) });

  test('is attached to its message and never unread; without an emoji it is removed', async () => {
    const phone = '33600200001';
    const ours = await sentIntoTheDark();
    await post(envelope({ statuses: [status(ours, 'delivered')] }));
    await post(envelope({ messages: [reaction(phone, 'wamid.r1', ours.wamid, '👍')] }));
    const at = '2025-11-24T16:00:00.000Z';
    expect((await scenario.message(ours.id)).reactions).toEqual([{ from: 'contact', emoji: '👍', at }]);
    const { contact, messages } = await inboundOf(phone);
    expect(contact.unread_count).toBe(0);
    const shown = { message_id: ours.id, channel_message_id: ours.wamid, emoji: '👍' };
    expect(messages).toMatchObject([{ type: 'reaction', reaction: shown, status: 'read' }]);
    await post(envelope({ messages: [reaction(phone, 'wamid.r2', ours.wamid, '😮', 1)] }));
    expect((await scenario.message(ours.id)).reactions).toMatchObject([{ emoji: '😮' }]);
    await post(envelope({ messages: [reaction(phone, 'wamid.r3', ours.wamid, undefined, 2)] }));
    expect((await scenario.message(ours.id)).reactions).toEqual([]);
  });

  test('to a message of the person, or to one that is not here', async () => {
    const phone = '33600200002';
    await post(envelope({ messages: [incoming(phone, 'wamid.mine'), reaction(phone, 'wamid.r4', 'wamid.mine', '❤️')] }));
    await post(envelope({ messages: [reaction(phone, 'wamid.r5', 'wamid.nowhere', '❤️')] }));
    const { messages } = await inboundOf(phone);
    const [nowhere, , mine] = messages;
    expect(mine.reactions).toMatchObject([{ from: 'contact', emoji: '❤️' }]);
    expect(nowhere.reaction).toEqual({ message_id: null, channel_message_id: 'wamid.nowhere', emoji: '❤️' });
  });
});

describe('an edit and a deletion', () => {
  const edit = (from: string, target: string, body: string, second: number) =>
    typed(
      from,
      `wamid.edit.${second}`,
      'edit',
      { original_message_id: target, message: { type: 'text', text: { body } } },
      {
        timestamp: String(1_764_000_000 + second),
      },
    );
  const revoke = (from: string, target: string) =>
    typed(from, `wamid.revoke.${target}`, 'revoke', { original_message_id: target });

  test('change their message, in any order, and leave events; they are no messages', async () => {
    const phone = '33600300001';
    await post(envelope({ messages: [incoming(phone, 'wamid.e1'), edit(phone, 'wamid.e1', 'Second', 2)] }));
    for (let n = 0; n < 2; n++) await post(envelope({ messages: [edit(phone, 'wamid.e1', 'First', 1)] }));
    for (let n = 0; n < 2; n++) await post(envelope({ messages: [revoke(phone, 'wamid.e1')] }));
    const { contact, messages } = await inboundOf(phone);
    expect(messages).toMatchObject([
      {
        type: 'text',
        text: { body: 'Second' },
        edited_at: '2025-11-24T16:00:02.000Z',
        revoked_at: '2025-11-24T16:00:00.000Z',
      },
    ]);
    expect(contact).toMatchObject({ unread_count: 1, message_counts: { inbound: 1 } });
    expect(await eventsOf(messages[0].id)).toEqual(['message.received', 'message.edited', 'message.revoked']);
  });

  test('that come before their message are not lost', async () => {
    const phone = '33600300002';
    await post(envelope({ messages: [edit(phone, 'wamid.e2', 'Edited', 5), revoke(phone, 'wamid.e3')] }));
    await post(envelope({ messages: [incoming(phone, 'wamid.e2'), incoming(phone, 'wamid.e3')] }));
    const { messages } = await inboundOf(phone);
    expect(messages).toMatchObject([
      { type: 'text', text: { body: 'I am wamid.e3' }, revoked_at: expect.any(String) },
      { type: 'text', text: { body: 'Edited' }, edited_at: expect.any(String) },
    ]);
  });

  test('of a picture changes the text below it, not the file', async () => {
    const phone = '33600300003';
    const image = { id: '771', mime_type: 'image/jpeg', caption: 'Old' };
    const message = { type: 'image', image: { ...image, id: '772', caption: 'New' } };
    await post(envelope({ messages: [typed(phone, 'wamid.picture', 'image', image)] }));
    const [before] = (await inboundOf(phone)).messages;
    const content = { original_message_id: 'wamid.picture', message };
    await post(envelope({ messages: [typed(phone, 'wamid.picture-edit', 'edit', content)] }));
    const [after] = (await inboundOf(phone)).messages;
    expect(after.image).toMatchObject({ id: before.image.id, caption: 'New' });
  });
});

describe('what the shop writes on its own phone', () => {
  const echo = (to: string, id: string, more: object = {}) => ({ ...incoming('15550000000', id), to, ...more });
  const ownCalls = () =>
    scenario.simulator.calls().filter(call => call.phoneNumberId === scenario.account.phone_number_id).length;

  test('is an outbound message that was sent, once, with the receipts that follow', async () => {
    const to = '33600400001';
    const body = ofField('smb_message_echoes', { message_echoes: [echo(to, 'wamid.echo')] });
    await post(
      envelope({
        statuses: [{ ...status({ token: '', wamid: 'wamid.echo' }, 'delivered'), biz_opaque_callback_data: undefined }],
      }),
    );
    for (let n = 0; n < 2; n++) await post(body);
    const calls = ownCalls();
    const { contact } = await inboundOf(to);
    const { data } = (await scenario.api('GET', `/api/v1/messages?contact_id=${contact.id}`)).body;
    expect(data).toMatchObject([
      { direction: 'outbound', source: 'phone', to: `+${to}`, status: 'delivered', text: { body: 'I am wamid.echo' } },
    ]);
    expect(data[0].created_by).toBeNull();
    expect(await scenario.message(data[0].id)).toMatchObject({ attempts: [], waiting: null });
    expect(await conversationOf(contact)).toMatchObject({ sent_count: 1, received_count: 0, last_received_at: null });
    expect(ownCalls()).toBe(calls);
    const change = { original_message_id: 'wamid.echo', message: { type: 'text', text: { body: 'Better' } } };
    const edited = echo(to, 'wamid.echo-edit', { type: 'edit', text: undefined, edit: change });
    const gone = { original_message_id: 'wamid.echo' };
    const revoked = echo(to, 'wamid.echo-revoke', { type: 'revoke', text: undefined, revoke: gone });
    await post(ofField('smb_message_echoes', { message_echoes: [edited, revoked] }));
    expect(await scenario.message(data[0].id)).toMatchObject({
      text: { body: 'Better' },
      edited_at: expect.any(String),
      revoked_at: expect.any(String),
    });
  });

  test('is never sent by Recado, also where WhatsApp reports that it failed', async () => {
    const to = '33600400003';
    await post(ofField('smb_message_echoes', { message_echoes: [echo(to, 'wamid.echo-failed')] }));
    const failed = status({ token: '', wamid: 'wamid.echo-failed' }, 'failed', { biz_opaque_callback_data: undefined });
    await post(envelope({ statuses: [failed] }));
    const { contact } = await inboundOf(to);
    const [echoed] = (await scenario.api('GET', `/api/v1/messages?contact_id=${contact.id}`)).body.data;
    expect(echoed.status).toBe('failed');
    const calls = ownCalls();
    expect((await scenario.api('POST', `/api/v1/messages/${echoed.id}/retry`)).body.code).toBe('message_not_failed');
    const all = await scenario.api('POST', '/api/v1/messages/retry', { account_id: scenario.account.id });
    await scenario.settle();
    expect([all.status, ownCalls()]).toEqual([202, calls]);
    expect((await scenario.message(echoed.id)).status).toBe('failed');
  });

  test('may be a file, which Recado fetches', async () => {
    const to = '33600400002';
    const image = { id: '881', mime_type: 'image/jpeg', caption: 'Menu' };
    await post(
      ofField('smb_message_echoes', {
        message_echoes: [echo(to, 'wamid.echo-image', { type: 'image', text: undefined, image })],
      }),
    );
    const { contact } = await inboundOf(to);
    const { data } = (await scenario.api('GET', `/api/v1/messages?contact_id=${contact.id}`)).body;
    expect(data).toMatchObject([{ type: 'image', image: { caption: 'Menu', media: { mime_type: 'image/jpeg' } } }]);
    expect(data[0].image.id).toMatch(/^med_/);
  });
});

describe('a call', () => {
  const call = (from: string, id: string, more: object) => ({
    id,
    from,
    to: '1',
    timestamp: '1764000000',
    direction: 'USER_INITIATED',
    ...more,
  });
  const posted = (...calls: object[]) => post(ofField('calls', { calls }));

  test('that was missed is unread; its notices are one message, in any order', async () => {
    const phone = '33600500001';
    const begun = call(phone, 'wacid.1', { event: 'connect', session: { sdp: 'c=IN IP4 192.0.2.7' } });
    const missed = call(phone, 'wacid.1', { event: 'terminate', status: 'FAILED' });
    await posted(missed, begun);
    await posted(begun);
    const { contact, messages } = await inboundOf(phone);
    expect(messages).toMatchObject([
      { type: 'call', call: { direction: 'USER_INITIATED', event: 'terminate', status: 'FAILED' }, status: 'received' },
    ]);
    expect(JSON.stringify(messages)).not.toContain('192.0.2.7');
    expect(contact).toMatchObject({ unread_count: 1, message_counts: { inbound: 0 } });
    const { last_called_at, last_received_at } = (await conversationOf(contact)) as {
      last_called_at: Date;
      last_received_at: null;
    };
    expect([last_called_at.toISOString(), last_received_at]).toEqual(['2025-11-24T16:00:00.000Z', null]);
  });

  test('that was answered is not unread', async () => {
    const phone = '33600500002';
    await posted(call(phone, 'wacid.2', { event: 'connect' }));
    await posted(call(phone, 'wacid.2', { event: 'terminate', status: 'COMPLETED', duration: 12 }));
    const { contact, messages } = await inboundOf(phone);
    expect(messages).toMatchObject([{ call: { status: 'COMPLETED', duration: 12 }, status: 'read' }]);
    expect(contact.unread_count).toBe(0);
    expect(await eventsOf(messages[0].id)).toEqual(['message.received', 'message.call_updated']);
  });

  test('that was missed later than it began raises the count once', async () => {
    const phone = '33600500003';
    await posted(call(phone, 'wacid.3', { event: 'connect' }));
    for (let n = 0; n < 2; n++) await posted(call(phone, 'wacid.3', { event: 'terminate', status: 'FAILED' }));
    expect((await inboundOf(phone)).contact.unread_count).toBe(1);
  });
});

test('a phone of the simulator does all of it', async () => {
  const number = '33600700001';
  const headers = { 'content-type': 'application/json' };
  const phone = async (method: string, path: string, body: object) => {
    const url = `${scenario.simulator.url}/phones/+${number}${path}`;
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
    expect([path, body, answer.status]).toEqual([path, body, method === 'PATCH' ? 200 : 202]);
    await scenario.settle();
    return (await answer.json()) as { id: string };
  };
  const write = (type: string, content: object | object[] | undefined, more: object = {}) =>
    phone('POST', '/messages', { to: scenario.account.phone_number_id, type, [type]: content, ...more });
  const shown = async () => {
    const [contact] = (await scenario.api('GET', '/api/v1/contacts?search=Simone')).body.data;
    const { data } = (await scenario.api('GET', `/api/v1/messages?contact_id=${contact.id}&order=asc`)).body;
    return { contact, messages: data };
  };
  await phone('PATCH', '', { name: 'Simone', user_id: 'FR.s1', username: 'simone', hides_number: true });
  const { id } = await write('text', { body: 'Helo' });
  await write('edit', { message_id: id, text: { body: 'Hello' } });
  await write('reaction', { message_id: id, emoji: '🙂' });
  await write('location', { latitude: 48.85, longitude: 2.35 });
  await write('contacts', [{ name: { formatted_name: 'Ana' } }]);
  await write('order', { catalog_id: '1', product_items: [] });
  await write('text', { body: 'To all' }, { group_id: 'group-1' });
  await write('text', { body: 'We are open' }, { by: 'shop' });
  await write('call', { answered: false });
  await write('revoke', { message_id: id });
  await write('user_id_change', { user_id: 'FR.s2' });
  await write('text', { body: 'Still me' });
  const { contact, messages } = await shown();
  expect(contact).toMatchObject({ phone: null, user_id: 'FR.s2', username: 'simone' });
  const kinds = messages.map(({ type, source, group }: { type: string; source: string | null; group: object | null }) =>
    [type, source, group && 'group'].filter(Boolean).join(' '),
  );
  expect(kinds.sort()).toEqual(
    ['text', 'reaction', 'location', 'contacts', 'order', 'text group', 'text phone', 'call', 'system', 'text'].sort(),
  );
  const first = messages.find((each: { channel_message_id: string }) => each.channel_message_id === id);
  expect(first).toMatchObject({
    text: { body: 'Hello' },
    reactions: [{ from: 'contact', emoji: '🙂' }],
    edited_at: expect.any(String),
    revoked_at: expect.any(String),
  });
});

test('a receipt keeps what the message costs', async () => {
  const ours = await sentIntoTheDark();
  const pricing = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' };
  await post(
    envelope({ statuses: [status(ours, 'sent', { pricing, conversation: { id: 'x', origin: { type: 'utility' } } })] }),
  );
  await post(envelope({ statuses: [status(ours, 'read')] }));
  expect(await scenario.message(ours.id)).toMatchObject({
    status: 'read',
    pricing: { category: 'utility', type: 'regular', model: 'PMP', billable: true },
    conversation_origin: 'utility',
  });
});

test('history and contacts of the phone are kept as notices', async () => {
  for (const field of ['history', 'smb_app_state_sync']) {
    const { body } = await scenario.api('GET', '/api/v1/dead-letters');
    await post(ofField(field, { [field === 'history' ? 'history' : 'state_sync']: [{ id: '1' }] }));
    expect((await scenario.api('GET', '/api/v1/dead-letters')).body.data).toHaveLength(body.data.length);
    const kept = await scenario.sql(
      `select 1 from event where type = 'account.notice_received' and data->>'field' = $1`,
      [field],
    );
    expect(kept).toHaveLength(1);
  }
});

test('an impossible item leaves its neighbours alone, wherever it is', async () => {
  const odd = fc.constantFrom(
    { text: { body: 'a\u0000b' } },
    { text: { body: 'a\ud800b\udc00' } },
    { text: { body: 'x'.repeat(1_000_000) } },
    { text: { body: 'x' }, context: { id: '\u0000', deep: '\udfff' } },
    { type: 'hologram', hologram: { '\u0000': '\ud800' } },
    { timestamp: '1e400' },
    { timestamp: null },
    { from: { toString: 1 } },
    { id: 'x'.repeat(600) },
    { type: 'location', location: { latitude: 1e99, longitude: '\u0000' } },
    { type: 'reaction', reaction: { message_id: '\u0000'.repeat(9), emoji: '\ud800' } },
    {
      type: 'edit',
      edit: { original_message_id: 'wamid.\u0000', message: { type: 'text', text: { body: '\u0000' } } },
    },
    { type: 'contacts', contacts: [{ name: '\ud800' }, null] },
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(odd, { minLength: 1, maxLength: 4 }), fc.nat(3), async (items, at) => {
      run++;
      const phone = `3360060${String(run).padStart(4, '0')}`;
      const good = [0, 1, 2, 3].map(n => incoming(phone, `wamid.good.${run}.${n}`));
      const strange = items.map((item, n) => incoming('33600699999', `wamid.odd.${run}.${n}`, item));
      const messages: object[] = [...good.slice(0, at), ...strange, ...good.slice(at)];
      expect((await post(envelope({ messages }))).status).toBe(200);
      const { messages: stored } = await inboundOf(phone);
      expect(stored.map((each: { channel_message_id: string }) => each.channel_message_id).reverse()).toEqual(
        good.map(({ id }) => id),
      );
    }),
    { numRuns: 15 },
  );
});
