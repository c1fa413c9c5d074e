// What Meta's webhooks contain: inbound messages, their files, and account signals.
import { describe, expect, test } from 'vitest';
import { parse } from './parse.ts';

const hash = Buffer.alloc(32, 0xab);

function parseMessage(type: string, content: unknown) {
  const message = { from: '5511987654321', id: 'wamid.1', timestamp: '1764000000', type, [type]: content };
  const value = { metadata: { phone_number_id: '1' }, messages: [message] };
  const [item] = parse(Buffer.from(JSON.stringify({ entry: [{ changes: [{ field: 'messages', value }] }] })));
  if (item?.kind !== 'message') throw new Error(JSON.stringify(item));
  return item;
}

test.each([
  ['image', { caption: 'Look' }, { caption: 'Look' }],
  ['video', {}, {}],
  ['document', { caption: 'Menu', filename: 'menu.pdf' }, { caption: 'Menu', fileName: 'menu.pdf' }],
  ['audio', { voice: true }, { voice: true }],
  ['sticker', { animated: true }, {}],
])('%s has its file beside its content', (type, content, media) => {
  const told = { id: '123', mime_type: 'a/b; c=d', ...content };
  const item = parseMessage(type, { ...told, sha256: hash.toString('base64'), url: 'https://example.com/secret' });
  expect(item.type).toBe(type);
  expect(item.content).toEqual({ ...told, sha256: hash.toString('base64') });
  expect(item.media).toEqual({
    channelMediaId: '123',
    mimeType: 'a/b; c=d',
    sha256: hash.toString('hex'),
    caption: undefined,
    fileName: undefined,
    voice: false,
    ...media,
  });
});

test('a voice note of old is audio', () => {
  expect(parseMessage('voice', { id: '1' })).toMatchObject({ type: 'audio', media: { voice: true } });
});

test.each([
  ['hex', hash.toString('hex').toUpperCase(), hash.toString('hex')],
  ['base64 without its end', hash.toString('base64').slice(0, 43), hash.toString('hex')],
  ['something else', 'nonsense', undefined],
  ['nothing', undefined, undefined],
])('a hash in %s', (_what, sha256, read) => {
  expect(parseMessage('image', { id: '1', sha256 }).media?.sha256).toBe(read);
});

test.each([{}, { id: '' }, { id: '../1' }, { id: 'x'.repeat(201) }, { id: ['1'] }])(
  'a message without an id of a file keeps its type and content: %j',
  content => {
    expect(parseMessage('image', content)).toMatchObject({ type: 'image', content, media: undefined });
  },
);

test.each([
  ['text', { body: 'Hi', preview_url: 'yes' }, { body: 'Hi' }],
  ['image', { caption: 5, media: 5, link: {}, animated: 1 }, { animated: 1 }],
  ['document', { filename: ['x'], caption: null }, {}],
  ['audio', { voice: 'x' }, {}],
  ['system', { body: 5, media: 5 }, { body: 5, media: 5 }],
])('of %s %j malformed values are left out', (type, content, kept) => {
  expect(parseMessage(type, content)).toMatchObject({ type });
  expect(parseMessage(type, content).content).toEqual(kept);
});

test.each([5, '', null, ['Hi']])('a text that says %j is unsupported', body => {
  const data = { body };
  expect(parseMessage('text', data)).toMatchObject({ type: 'unsupported', content: { type: 'text', data } });
});

test('a text has no file', () => {
  expect(parseMessage('text', { body: 'Hi', id: '1' }).media).toBeUndefined();
});

describe('who a message is from', () => {
  const parseFrom = (sender: object, contacts: object[] = []) => {
    const message = { id: 'wamid.1', timestamp: '1764000000', type: 'text', text: { body: 'Hi' }, ...sender };
    const value = { metadata: { phone_number_id: '1' }, contacts, messages: [message] };
    return parse(Buffer.from(JSON.stringify({ entry: [{ changes: [{ field: 'messages', value }] }] })))[0];
  };
  const phone = { kind: 'phone', value: '+16505551234' };

  test.each([
    ['digits', { from: '16505551234' }, phone],
    ['digits behind a +', { from: '+16505551234' }, phone],
    ['a number', { from: 16505551234 }, phone],
    ['a user id of null', { from: '16505551234', from_user_id: null }, phone],
    ['an empty user id', { from: '16505551234', from_user_id: '' }, phone],
    ['a Mexican number as WhatsApp has it', { from: '5215512345678' }, { kind: 'phone', value: '+525512345678' }],
    ['a Brazilian one without its ninth digit', { from: '551187654321' }, { kind: 'phone', value: '+5511987654321' }],
    ['one of a Brazilian landline', { from: '551132654321' }, { kind: 'phone', value: '+551132654321' }],
    ['an Argentinian one', { from: '5491112345678' }, { kind: 'phone', value: '+5491112345678' }],
    ['both', { from: '16505551234', from_user_id: 'US.1' }, phone],
    ['a user id alone', { from_user_id: 'US.1' }, { kind: 'bsuid', value: 'US.1' }],
    ['a user id beside nothing', { from: null, from_user_id: 'US.1' }, { kind: 'bsuid', value: 'US.1' }],
    ['a group of null', { from: '16505551234', group_id: null }, phone],
    ['a user id in place of the number', { from: 'US.1', from_user_id: 'US.1' }, { kind: 'bsuid', value: 'US.1' }],
    ['a user id in from alone', { from: 'US.1' }, { kind: 'bsuid', value: 'US.1' }],
  ])('%s', (_what, sender, from) => {
    expect(parseFrom(sender)).toMatchObject({ kind: 'message', from });
  });

  test.each([
    ['nobody', {}, 'no from'],
    ['nothing', { from: '', from_user_id: null }, 'no from'],
    ['a word', { from: 'me' }, 'from is not a number'],
    ['two +', { from: '++16505551234' }, 'from is not a number'],
    ['an object', { from: '16505551234', from_user_id: {} }, 'no from_user_id'],
  ])('%s cannot be read', (_what, sender, reason) => {
    expect(parseFrom(sender)).toMatchObject({ kind: 'unreadable', reason });
  });

  test('the only person beside the only message wrote it, where it names nobody', () => {
    const ana = { user_id: 'US.1', profile: { name: 'Ana' } };
    expect(parseFrom({}, [ana])).toMatchObject({ from: { kind: 'bsuid', value: 'US.1' }, name: 'Ana' });
    expect(parseFrom({}, [{ ...ana, wa_id: '16505551234' }])).toMatchObject({ from: phone, userId: 'US.1' });
    expect(parseFrom({}, [{ ...ana, wa_id: 'US.1' }])).toMatchObject({ from: { kind: 'bsuid', value: 'US.1' } });
    expect(parseFrom({}, [ana, { user_id: 'US.2' }])).toMatchObject({ kind: 'unreadable', reason: 'no from' });
    expect(parseFrom({}, [{ profile: { name: 'Ana' } }])).toMatchObject({ kind: 'unreadable', reason: 'no from' });
  });

  test('a person who took another user id has both', () => {
    const system = { type: 'user_changed_user_id', previous_user_id: 'US.1', user_id: 'US.2' };
    const former = [{ kind: 'bsuid', value: 'US.1' }];
    const changed = { from: { kind: 'bsuid', value: 'US.2' }, former, type: 'system' };
    expect(parseFrom({ type: 'system', system })).toMatchObject(changed);
    expect(
      parseFrom({ type: 'system', system: { ...system, previous_user_id: undefined }, from_user_id: 'US.1' }),
    ).toMatchObject(changed);
    expect(parseFrom({ type: 'system', system, from: '16505551234' })).toMatchObject({ from: phone, userId: 'US.2' });
  });

  test.each([
    [{ from: '+16505551234' }, { wa_id: '16505551234' }],
    [{ from: '16505551234' }, { wa_id: '+16505551234' }],
    [{ from_user_id: 'US.1' }, { user_id: 'US.1' }],
  ])('%j is called as the contact %j is', (sender, contact) => {
    expect(parseFrom(sender, [{ profile: { name: 'Ana' }, ...contact }])).toMatchObject({ name: 'Ana' });
  });
});

describe('errors that are about no message', () => {
  const metadata = { display_phone_number: '15550783881', phone_number_id: '106540352242922' };
  const parseErrors = (errors: unknown, more: object = {}, entry: object = {}) =>
    parse(
      Buffer.from(
        JSON.stringify({
          entry: [{ ...entry, changes: [{ field: 'messages', value: { metadata, errors, ...more } }] }],
        }),
      ),
    );
  const error = (code: unknown) => ({
    code,
    title: 'Title',
    message: 'Message',
    error_data: { details: 'What it is.' },
    href: 'https://example.com',
  });

  test.each([
    [131031, 'flagged'],
    [131048, 'templates_restricted'],
    [368, 'flagged'],
    [131042, 'account_error'],
    [190, 'account_error'],
    [133010, 'account_error'],
  ])('%i is a signal of %s for the number', (code, kind) => {
    expect(parseErrors([error(code)])).toEqual([
      {
        kind: 'signal',
        class: kind,
        numberId: '106540352242922',
        phone: undefined,
        title: 'What it is.',
        hash: undefined,
      },
    ]);
  });

  test('with a time, the same is known again', () => {
    const [first] = parseErrors([error(131031)], {}, { time: 1_764_000_000 });
    const [again] = parseErrors([error(131031)], {}, { time: 1_764_000_000 });
    const [later] = parseErrors([error(131031)], {}, { time: 1_764_000_001 });
    const hashOf = (item: unknown) => (item as { hash: Buffer }).hash.toString('hex');
    expect(hashOf(again)).toBe(hashOf(first));
    expect(hashOf(later)).not.toBe(hashOf(first));
  });

  test('any other error is kept with its code and text, beside other details', () => {
    const message = {
      from: '5511987654321',
      id: 'wamid.1',
      timestamp: '1764000000',
      type: 'text',
      text: { body: 'x' },
    };
    const items = parseErrors([error(131052), 7, { title: 'No code.' }], { messages: [message] });
    expect(items).toMatchObject([
      { kind: 'message' },
      { kind: 'unreadable', reason: 'an error without a message: 131052 What it is.', item: { code: 131052 } },
      { kind: 'unreadable', reason: 'not an object', item: 7 },
      { kind: 'unreadable', reason: 'an error without a message: No code.' },
    ]);
  });
});

test.each([
  ['1024', '1024'],
  ['', undefined],
  [undefined, undefined],
  ['0', '0'],
  ['a b', undefined],
])('the business account of a number and of a ban: %j', (id, businessId) => {
  const changes = [
    { field: 'messages', value: { metadata: { phone_number_id: '1' } } },
    { field: 'account_update', value: { event: 'ACCOUNT_VIOLATION' } },
  ];
  const [notice, ban, ...others] = parse(Buffer.from(JSON.stringify({ entry: [{ id, changes }] }))).toReversed();
  expect(notice).toMatchObject({ kind: 'notice', field: 'account_update', phone: undefined, businessId });
  expect(ban).toMatchObject({ kind: 'signal', phone: undefined, businessId });
  expect(others).toEqual(businessId === undefined ? [] : [{ kind: 'number', numberId: '1', businessId }]);
});

describe('what else a body has', () => {
  const read = (body: unknown) => parse(Buffer.from(JSON.stringify(body)));

  test.each([
    [{}, 'the body has no entry'],
    [[], 'the body has no entry'],
    [{ entry: [7] }, 'an entry has no changes'],
    [{ entry: [{ changes: [{ field: 'messages' }] }] }, 'a change has no field and value'],
  ])('%j is kept as unreadable', (body, reason) => {
    expect(read(body)).toMatchObject([{ kind: 'unreadable', code: 'body_unreadable', reason }]);
  });

  test('a field or a part that Recado does not process is kept with its number', () => {
    const metadata = { phone_number_id: '1' };
    const next = { field: 'next_year', value: { metadata, news: [{}] } };
    const parts = { field: 'messages', value: { metadata, next_parts: [{}], statuses: {} } };
    expect(read({ entry: [{ changes: [next, parts] }] })).toMatchObject([
      { code: 'field_unknown', reason: 'Recado does not process this field: next_year', numberId: '1' },
      { code: 'item_unreadable', reason: 'no status', item: {}, numberId: '1' },
      { code: 'field_unknown', reason: 'Recado does not process this part of messages: next_parts', numberId: '1' },
    ]);
  });
});

const parseRecords = (field: string, value: object) =>
  parse(
    Buffer.from(
      JSON.stringify({ entry: [{ changes: [{ field, value: { metadata: { phone_number_id: '1' }, ...value } }] }] }),
    ),
  );
const written = { from: '16505551234', id: 'wamid.1', timestamp: '1764000000' };

test.each([
  [
    'location',
    { latitude: '1.5', longitude: 2, name: 'Here', url: 'x' },
    { latitude: 1.5, longitude: 2, name: 'Here', url: 'x' },
  ],
  ['contacts', [{ name: { formatted_name: 'A' } }, 7], [{ name: { formatted_name: 'A' } }]],
  [
    'interactive',
    { type: 'button_reply', button_reply: { id: 'a', title: 5 } },
    { type: 'button_reply', button_reply: { id: 'a' } },
  ],
  [
    'interactive',
    { type: 'nfm_reply', nfm_reply: { response_json: '{' } },
    { type: 'nfm_reply', nfm_reply: { response_json: '{' } },
  ],
  ['button', { text: 'Yes', payload: 1 }, { text: 'Yes' }],
  ['order', { catalog_id: '1', product_items: [] }, { catalog_id: '1', product_items: [] }],
  ['reaction', { message_id: 'wamid.0', emoji: '👍' }, { channel_message_id: 'wamid.0', emoji: '👍' }],
  ['reaction', { message_id: 'wamid.0', emoji: '' }, { channel_message_id: 'wamid.0', emoji: null }],
  ['reaction', { message_id: 'wamid.0' }, { channel_message_id: 'wamid.0', emoji: null }],
])('%s has its own shape: %j', (type, told, content) => {
  expect(parseMessage(type, told)).toMatchObject({ type, content, unread: type !== 'reaction' });
});

test.each([
  ['location', { latitude: 'north' }],
  ['contacts', [7]],
  ['interactive', {}],
  ['reaction', { emoji: '👍' }],
  ['hologram', { id: '1' }],
])('%s %j cannot be read, and is unsupported', (type, data) => {
  expect(parseMessage(type, data)).toMatchObject({ type: 'unsupported', content: { type, data } });
});

test('a message without a content has the error beside it', () => {
  const errors = [{ code: 131000, error_data: { details: 'Unsupported webhook payload' } }];
  const items = parseRecords('messages', { messages: [{ ...written, type: 'interactive' }], errors });
  expect(items).toMatchObject([
    { type: 'unsupported', error: { code: '131000', title: 'Unsupported webhook payload' } },
  ]);
});

test('a message of a group keeps its type', () => {
  const text = { ...written, type: 'text', text: { body: 'Hi' }, group_id: 'Y2Fw' };
  expect(parseRecords('messages', { messages: [text] })).toMatchObject([{ type: 'text', groupId: 'Y2Fw' }]);
});

test('edits and deletions name their message', () => {
  const original_message_id = 'wamid.0';
  const message = { type: 'text', text: { body: 'New' } };
  const items = parseRecords('messages', {
    messages: [
      { ...written, type: 'edit', edit: { original_message_id, message } },
      { ...written, type: 'revoke', revoke: { original_message_id } },
      { ...written, type: 'edit', edit: { original_message_id, message: { type: 'text' } } },
      { ...written, type: 'revoke', revoke: {} },
    ],
  });
  expect(items).toMatchObject([
    { channelMessageId: 'wamid.0', change: 'edited', type: 'text', content: { body: 'New' } },
    { channelMessageId: 'wamid.0', change: 'revoked' },
    { channelMessageId: 'wamid.1', change: undefined, type: 'unsupported' },
    { channelMessageId: 'wamid.1', change: undefined, type: 'unsupported' },
  ]);
});

test('what the business writes on its phone is outbound', () => {
  const echo = { id: 'wamid.1', timestamp: '1764000000', from: '15550783881', type: 'text', text: { body: 'Hi' } };
  const items = parseRecords('smb_message_echoes', {
    message_echoes: [
      { ...echo, to: '16505551234', to_user_id: 'US.1', to_parent_user_id: 'US.ENT.1' },
      { ...echo, to: 'someone' },
    ],
  });
  expect(items).toMatchObject([
    {
      direction: 'outbound',
      from: { kind: 'phone', value: '+16505551234' },
      userId: 'US.1',
      parentUserId: 'US.ENT.1',
      type: 'text',
    },
    { kind: 'unreadable', reason: 'to is not a number' },
  ]);
});

describe('calls', () => {
  const metadata = { phone_number_id: '1', display_phone_number: '15550783881' };
  const call = { id: 'wacid.1', timestamp: '1764000000', from: '16505551234', to: '15550783881' };
  const at = new Date(1_764_000_000_000);
  const phone = { kind: 'phone', value: '+16505551234' };

  test.each([
    [
      'begins',
      { event: 'connect', direction: 'USER_INITIATED', session: { sdp: 'x' } },
      { unread: false, calledAt: at },
    ],
    [
      'was answered',
      { event: 'terminate', direction: 'USER_INITIATED', status: 'COMPLETED' },
      { unread: false, calledAt: at },
    ],
    [
      'was missed',
      { event: 'terminate', direction: 'USER_INITIATED', status: 'FAILED' },
      { unread: true, calledAt: at },
    ],
  ])('one of a person that %s', (_what, more, expected) => {
    const [item] = parseRecords('calls', { metadata, calls: [{ ...call, ...more }] });
    const { session: _, ...content } = { session: undefined, ...more };
    expect(item).toMatchObject({ type: 'call', from: phone, channelMessageId: 'wacid.1', ...expected });
    expect(item).toHaveProperty('content', content);
  });

  test('one of ours is with the person, also where the notice names us', () => {
    const ours = { ...call, event: 'connect', direction: 'BUSINESS_INITIATED' };
    const contacts = [{ wa_id: '972987654321' }];
    const read = (value: object) => parseRecords('calls', { metadata, ...value })[0];
    expect(read({ calls: [ours] })).toMatchObject({ from: phone, calledAt: undefined });
    expect(read({ calls: [ours], contacts })).toMatchObject({ from: { value: '+972987654321' } });
    const status = {
      id: 'wacid.1',
      timestamp: '1764000000',
      type: 'call',
      status: 'ACCEPTED',
      recipient_id: '16505551234',
    };
    expect(read({ statuses: [status] })).toMatchObject({ from: phone, calledAt: at, content: { status: 'ACCEPTED' } });
    expect(read({ statuses: [{ ...status, status: 'RINGING' }] })).toMatchObject({ calledAt: undefined });
  });
});

test('a person who took another number leaves the former one', () => {
  const system = { type: 'user_changed_number', wa_id: '16505550000', user_id: 'US.2', previous_user_id: 'US.1' };
  expect(parseRecords('messages', { messages: [{ ...written, type: 'system', system }] })).toMatchObject([
    {
      from: { kind: 'phone', value: '+16505550000' },
      userId: 'US.2',
      former: [
        { kind: 'bsuid', value: 'US.1' },
        { kind: 'phone', value: '+16505551234' },
      ],
      unread: false,
    },
  ]);
});

test('an error of Meta itself, without a message, is a notice', () => {
  const error = { code: 131000, title: 'Something went wrong', message: 'Something went wrong' };
  expect(parseRecords('messages', { errors: [error] })).toMatchObject([
    { kind: 'notice', field: 'messages', value: error, hasSignal: false },
  ]);
});

test('a receipt says the amount of Meta itself, where it names one', () => {
  const status = { id: 'wamid.1', status: 'delivered', timestamp: '1764000000', recipient_id: '16505551234' };
  const costOf = (cost: unknown) => {
    const [receipt] = parseRecords('messages', { statuses: [{ ...status, pricing: { type: 'regular', cost } }] });
    return receipt?.kind === 'receipt' ? receipt.pricing?.cost : undefined;
  };
  expect(costOf({ amount: 0.0051, currency: 'usd' })).toEqual({ amount: '0.0051', currency: 'USD' });
  expect(costOf({ amount: '12', currency: 'BRL' })).toEqual({ amount: '12', currency: 'BRL' });
  for (const strange of [
    undefined,
    5,
    { amount: '-1', currency: 'USD' },
    { amount: '1e9', currency: 'USD' },
    { amount: '1' },
  ])
    expect(costOf(strange)).toBeUndefined();
});

test('a receipt says what the message costs, and which user id the recipient has', () => {
  const status = { id: 'wamid.1', status: 'sent', timestamp: '1764000000', recipient_id: '16505551234' };
  const conversation = { id: 'x', origin: { type: 'service' } };
  const pricing = { billable: true, pricing_model: 'PMP', category: 'service', type: 'regular' };
  const contacts = [{ wa_id: '16505551234', user_id: 'US.1' }];
  const [first] = parseRecords('messages', { statuses: [{ ...status, conversation, pricing }], contacts });
  expect(first).toMatchObject({
    pricing: { category: 'service', type: 'regular', model: 'PMP', billable: true, origin: 'service' },
    person: { phone: '+16505551234', userId: 'US.1' },
  });
  const [bare] = parseRecords('messages', { statuses: [{ ...status, recipient_type: 'group' }], contacts });
  expect(bare).toMatchObject({ pricing: undefined, person: undefined });
});
