// What a session delivers, read item by item.
import { createCipheriv, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InboundItem, IncomingMessage } from '../../../ports/channel.ts';
import { numbersIn, parse } from './parse.ts';

const session = '0192f000-0000-7000-8000-000000000001';
const at = 1_760_000_000;
const person = { phone: '+12025550123', lid: '90823412345678@lid', name: 'Ana' };
const key = { id: 'ABC1', remoteJid: '90823412345678@lid', fromMe: false };

const bodyOf = (items: unknown[]) => Buffer.from(JSON.stringify({ session, items }));
const parseItems = (...items: unknown[]): InboundItem[] => parse(bodyOf(items));
const itemOf = (message: unknown, more: object = {}) => ({
  kind: 'message',
  key,
  person,
  at,
  source: 'live',
  message,
  ...more,
});
const messageOf = (message: unknown, more: object = {}): IncomingMessage => {
  const [read, second] = parseItems(itemOf(message, more));
  if (read?.kind !== 'message' || second) throw new Error(`not one message: ${JSON.stringify(read)}`);
  return read;
};

const file = {
  url: 'https://mmg.whatsapp.net/v/t62.7118-24/1',
  directPath: '/v/t62.7118-24/1',
  mediaKey: Buffer.alloc(32, 1).toString('base64'),
  fileSha256: Buffer.alloc(32, 2).toString('base64'),
  fileEncSha256: Buffer.alloc(32, 3).toString('base64'),
  fileLength: '1234',
};

test('a message has its writer, its time and its place', () => {
  expect(messageOf({ conversation: 'Hello' })).toEqual({
    kind: 'message',
    numberId: session,
    direction: 'inbound',
    from: { kind: 'phone', value: '+12025550123' },
    userId: '90823412345678@lid',
    parentUserId: undefined,
    username: undefined,
    name: 'Ana',
    former: [],
    channelMessageId: 'ABC1',
    groupId: undefined,
    chat: '90823412345678@lid',
    type: 'text',
    content: { body: 'Hello' },
    context: undefined,
    referral: undefined,
    error: undefined,
    media: undefined,
    change: undefined,
    unread: true,
    calledAt: undefined,
    at: new Date(at * 1_000),
  });
});

test.each<[string, object, string, unknown]>([
  ['a text', { extendedTextMessage: { text: 'Hi' } }, 'text', { body: 'Hi' }],
  [
    'a link with a preview',
    { extendedTextMessage: { text: 'https://x.example', matchedText: 'https://x.example' } },
    'text',
    { body: 'https://x.example', preview_url: true },
  ],
  ['in a disappearing chat', { ephemeralMessage: { message: { conversation: 'Hi' } } }, 'text', { body: 'Hi' }],
  [
    'to be viewed once',
    { viewOnceMessageV2: { message: { imageMessage: { ...file, mimetype: 'image/jpeg', caption: 'Look' } } } },
    'image',
    { mime_type: 'image/jpeg', caption: 'Look' },
  ],
  [
    'a document with a text',
    {
      documentWithCaptionMessage: {
        message: { documentMessage: { ...file, mimetype: 'application/pdf', fileName: 'a.pdf', caption: 'Menu' } },
      },
    },
    'document',
    { mime_type: 'application/pdf', caption: 'Menu', filename: 'a.pdf' },
  ],
  [
    'a voice note',
    { audioMessage: { ...file, mimetype: 'audio/ogg', ptt: true } },
    'audio',
    { mime_type: 'audio/ogg', voice: true },
  ],
  ['a video', { videoMessage: { ...file, mimetype: 'video/mp4' } }, 'video', { mime_type: 'video/mp4' }],
  ['a GIF', { videoMessage: { ...file, gifPlayback: true } }, 'video', { gif: true }],
  ['a video note', { ptvMessage: file }, 'video', { note: true }],
  [
    'a sticker',
    { stickerMessage: { ...file, mimetype: 'image/webp', isAnimated: true } },
    'sticker',
    { mime_type: 'image/webp', animated: true },
  ],
  [
    'a place',
    { locationMessage: { degreesLatitude: 38.7, degreesLongitude: '-9.1', name: 'Café', address: 'Rua 1' } },
    'location',
    { latitude: 38.7, longitude: -9.1, name: 'Café', address: 'Rua 1' },
  ],
  [
    'a live place',
    { liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2, caption: 'On my way' } },
    'location',
    { latitude: 1, longitude: 2, name: 'On my way', live: true },
  ],
  [
    'a contact',
    {
      contactMessage: {
        displayName: 'Bo',
        vcard: 'BEGIN:VCARD\nFN:Bo Li\nTEL;type=CELL;waid=12025550199:+1 202 555 0199\nEND:VCARD',
      },
    },
    'contacts',
    [{ name: { formatted_name: 'Bo Li' }, phones: [{ phone: '+1 202 555 0199', type: 'CELL', wa_id: '12025550199' }] }],
  ],
  [
    'contacts',
    { contactsArrayMessage: { contacts: [{ displayName: 'A' }, { displayName: 'B' }] } },
    'contacts',
    [{ name: { formatted_name: 'A' } }, { name: { formatted_name: 'B' } }],
  ],
  [
    'a poll',
    {
      pollCreationMessageV3: {
        name: 'Lunch?',
        options: [{ optionName: 'Rice' }, { optionName: 'Soup' }],
        selectableOptionsCount: 1,
      },
    },
    'text',
    { body: 'Lunch?\n• Rice\n• Soup', poll: { name: 'Lunch?', options: ['Rice', 'Soup'], multiple: false } },
  ],
  [
    'an event',
    { eventMessage: { name: 'Party', description: 'At ours', startTime: '1760000000' } },
    'text',
    { body: 'Party\nAt ours', event: { name: 'Party', starts_at: '2025-10-09T08:53:20.000Z' } },
  ],
  [
    'a pressed button',
    { buttonsResponseMessage: { selectedDisplayText: 'Yes', selectedButtonId: 'y' } },
    'button',
    { text: 'Yes', payload: 'y' },
  ],
  [
    'a chosen row',
    { listResponseMessage: { title: 'Soup', singleSelectReply: { selectedRowId: 's' } } },
    'interactive',
    { type: 'list_reply', list_reply: { id: 's', title: 'Soup' } },
  ],
  [
    'a message with buttons',
    { templateMessage: { hydratedTemplate: { hydratedContentText: 'Sale' } } },
    'text',
    { body: 'Sale' },
  ],
  [
    'an invitation to a group',
    { groupInviteMessage: { groupName: 'Club', caption: 'Join' } },
    'text',
    { body: 'Join\nClub' },
  ],
  ['a kind of the future', { hologramMessage: { light: 1 } }, 'unsupported', { type: 'hologramMessage', data: null }],
  ['a broken place', { locationMessage: { name: 'Nowhere' } }, 'unsupported', { type: 'locationMessage', data: null }],
])('%s', (_, message, type, content) => {
  expect(messageOf({ messageContextInfo: { deviceListMetadata: {} }, ...message })).toMatchObject({ type, content });
  expect(messageOf(message).content).toEqual(content);
});

test('a file is named by everything that fetches it, and by its message', () => {
  const { media } = messageOf({ imageMessage: { ...file, mimetype: 'image/jpeg', caption: 'Look' } });
  expect(media).toMatchObject({
    mimeType: 'image/jpeg',
    caption: 'Look',
    sha256: Buffer.alloc(32, 2).toString('hex'),
    voice: false,
  });
  const { fileLength: _, ...place } = file;
  expect(JSON.parse(media?.channelMediaId ?? '')).toEqual({
    kind: 'image',
    ...place,
    size: 1234,
    mimeType: 'image/jpeg',
    message: key,
  });
});

test('a file that cannot be fetched is shown without one', () => {
  expect(messageOf({ imageMessage: { caption: 'Look' } })).toMatchObject({ type: 'image', media: undefined });
});

test('a reply names its message, and a forwarded one says so', () => {
  const reply = (info: object) => messageOf({ extendedTextMessage: { text: 'Hi', contextInfo: info } }).context;
  expect(reply({ stanzaId: 'Q1', participant: 'x@lid', quotedMessage: { conversation: 'earlier' } })).toEqual({
    id: 'Q1',
  });
  expect(reply({ isForwarded: true, forwardingScore: 1 })).toEqual({ forwarded: true });
  expect(reply({ forwardingScore: 6 })).toEqual({ forwarded: true, frequently_forwarded: true });
  expect(reply({ mentionedJid: [] })).toBeUndefined();
});

test('an ad that led here is kept', () => {
  const contextInfo = { externalAdReply: { title: 'Shoes', sourceId: '12', sourceType: 'ad', ctwaClid: 'click' } };
  expect(messageOf({ extendedTextMessage: { text: 'Hi', contextInfo } }).referral).toEqual({
    source_id: '12',
    source_type: 'ad',
    headline: 'Shoes',
    ctwa_clid: 'click',
  });
});

test('a reaction names its message, and an empty one removes it', () => {
  const reaction = (text: string) => messageOf({ reactionMessage: { key: { id: 'R1', fromMe: true }, text } });
  expect(reaction('👍')).toMatchObject({
    type: 'reaction',
    content: { channel_message_id: 'R1', emoji: '👍' },
    context: { id: 'R1' },
    unread: false,
  });
  expect(reaction('').content).toEqual({ channel_message_id: 'R1', emoji: null });
});

test.each([
  ['by name', 'MESSAGE_EDIT', 'REVOKE'],
  ['by number', 14, 0],
])('an edit and a deletion change their message, if the same person wrote it: %s', (_, edit, revoke) => {
  const protocolOf = (protocol: object) => messageOf({ protocolMessage: { key: { id: 'OLD' }, ...protocol } });
  const own = { channelMessageId: 'OLD', changedBy: ['+12025550123', '90823412345678@lid'] };
  expect(protocolOf({ type: edit, editedMessage: { conversation: 'Better' } })).toMatchObject({
    ...own,
    change: 'edited',
    type: 'text',
    content: { body: 'Better' },
  });
  expect(protocolOf({ type: revoke })).toMatchObject({ ...own, change: 'revoked', unread: false });
});

test('an edit in its wrapper, and an edit of our own', () => {
  const protocolMessage = { key: { id: 'OLD' }, type: 14, editedMessage: { imageMessage: { caption: 'New' } } };
  const edited = messageOf({ editedMessage: { message: { protocolMessage } } });
  expect(edited).toMatchObject({ change: 'edited', type: 'image', content: { caption: 'New' } });
  const mine = messageOf({ protocolMessage }, { key: { ...key, fromMe: true } });
  expect(mine).toMatchObject({ direction: 'outbound', change: 'edited', changedBy: undefined });
});

test.each<[string, object]>([
  ['a key for groups', { senderKeyDistributionMessage: { groupId: 'g' } }],
  ['a setting of the chat', { protocolMessage: { key: { id: 'x' }, type: 3, ephemeralExpiration: 86400 } }],
  ['a notice of history', { protocolMessage: { type: 5, historySyncNotification: {} } }],
  ['a vote that another item tells of', { pollUpdateMessage: { vote: {} } }],
  ['a pinned message', { pinInChatMessage: { key: {} } }],
  ['nothing', {}],
])('%s says nothing to people', (_, message) => {
  expect(parseItems(itemOf(message))).toEqual([]);
});

test('what could not be decrypted is a placeholder, and a notice is nothing', () => {
  expect(messageOf(null, { stub: 'CIPHERTEXT' })).toMatchObject({
    type: 'unsupported',
    content: { type: 'undecryptable', data: null },
    error: { code: 'undecryptable' },
    unread: true,
  });
  expect(messageOf(null, { stub: 'VIEW_ONCE' })).toMatchObject({ error: { code: 'view_once' } });
  expect(parseItems(itemOf(null, { stub: 'GROUP_PARTICIPANT_ADD' }))).toEqual([]);
  expect(parseItems(itemOf(null, { stub: 'CIPHERTEXT', key: { ...key, fromMe: true } }))).toEqual([]);
});

test('what was written on the phone is an echo; in a group it is nothing', () => {
  const fromMe = { key: { ...key, fromMe: true }, person: { phone: '+12025550123' } };
  expect(messageOf({ conversation: 'On my way' }, fromMe)).toMatchObject({
    direction: 'outbound',
    from: { kind: 'phone', value: '+12025550123' },
    chat: undefined,
  });
  const inGroup = { ...fromMe, group: '123@g.us' };
  expect(parseItems(itemOf({ conversation: 'Hi all' }, inGroup))).toEqual([]);
});

test('what is written in a group stays on the phone', () => {
  const inGroup = { key: { ...key, remoteJid: '123@g.us', participant: '90823412345678@lid' }, group: '123@g.us' };
  expect(parseItems(itemOf({ conversation: 'Hi all' }, inGroup))).toEqual([]);
  expect(parseItems(itemOf(null, { ...inGroup, stub: 'CIPHERTEXT' }))).toEqual([]);
});

describe('a sealed edit', () => {
  const secret = Buffer.alloc(32, 7);
  const [number, lid] = ['12025550123@s.whatsapp.net', '90823412345678@lid'];
  /** Sealed as the app of a person does who uses these addresses. */
  const sealed = (edited: Buffer, by: string, of = by, type: number | string = 2) => {
    const info = `M1${of}${by}Message Edit`;
    const cipher = createCipheriv(
      'aes-256-gcm',
      Buffer.from(hkdfSync('sha256', secret, '', info, 32)),
      Buffer.alloc(12, 1),
    );
    const encPayload = Buffer.concat([cipher.update(edited), cipher.final(), cipher.getAuthTag()]).toString('base64');
    const encIv = Buffer.alloc(12, 1).toString('base64');
    const message = {
      secretEncryptedMessage: { targetMessageKey: { id: 'M1' }, encPayload, encIv, secretEncType: type },
    };
    return itemOf(message, { writer: [number, lid] });
  };
  /** Fields with a length, one in the other: a number of a field has one or two bytes. */
  const nested = (path: number[], text: string): Buffer =>
    path.reduceRight((inner, field) => {
      const tag = field * 8 + 2;
      const head = tag < 128 ? [tag] : [(tag % 128) + 128, Math.floor(tag / 128)];
      return Buffer.concat([Buffer.from([...head, inner.length]), inner]);
    }, Buffer.from(text));
  const opened = (item: object) => {
    const [read] = parseItems(item) as IncomingMessage[];
    return read?.open?.(secret);
  };

  test.each([
    ['a text', [12, 14, 1], { type: 'text', content: { body: 'New' } }],
    ['a long text', [12, 14, 6, 1], { type: 'text', content: { body: 'New' } }],
    ['a caption of a picture', [12, 14, 3, 3], { type: 'image', content: { caption: 'New' } }],
    ['a caption of a video', [12, 14, 9, 7], { type: 'video', content: { caption: 'New' } }],
    ['a caption of a document', [12, 14, 53, 1, 7, 20], { type: 'document', content: { caption: 'New' } }],
    ['a wrapped text', [58, 1, 12, 14, 1], { type: 'text', content: { body: 'New' } }],
  ])('opens to %s', (_, path, expected) => {
    expect(opened(sealed(nested(path, 'New'), lid))).toEqual(expected);
  });

  test('opens by each pair of addresses of its writer, and by no others', () => {
    const edit = nested([12, 14, 1], 'New');
    for (const [by, of] of [
      [lid, lid],
      [number, number],
      [lid, number],
      [number, lid],
    ] as const)
      expect(opened(sealed(edit, by, of))).toMatchObject({ content: { body: 'New' } });
    expect(opened(sealed(edit, '1@lid'))).toBeUndefined();
  });

  test('is an edit that nobody has to read, and is never opened to anything else', () => {
    const [read] = parseItems(sealed(nested([12, 14, 1], 'New'), lid)) as IncomingMessage[];
    expect(read).toMatchObject({ channelMessageId: 'M1', change: 'edited', unread: false });
    expect(read?.open?.(Buffer.alloc(32))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        const item = opened(sealed(Buffer.from(bytes), lid));
        expect(item === undefined || item.type !== 'unsupported').toBe(true);
      }),
    );
  });

  test('of a poll or an event says nothing', () => {
    for (const type of [0, 1, 3, 7, 'EVENT_EDIT', 'POLL_EDIT'])
      expect(parseItems(sealed(nested([12, 14, 1], 'New'), lid, lid, type))).toEqual([]);
  });
});

test('a person without a number is named by the LID', () => {
  const hidden = { person: { lid: '90823412345678@lid' } };
  expect(messageOf({ conversation: 'Hi' }, hidden)).toMatchObject({
    from: { kind: 'lid', value: '90823412345678@lid' },
    userId: '90823412345678@lid',
    name: undefined,
  });
});

test('history comes in the order in which it was written, and nobody has to read it', () => {
  const items = [3, 1, 2].map(n =>
    itemOf({ conversation: String(n) }, { source: 'history', at: at + n, key: { ...key, id: `H${n}` } }),
  );
  expect(parseItems(...items)).toMatchObject(
    [1, 2, 3].map(n => ({ channelMessageId: `H${n}`, isImported: true, unread: false })),
  );
});

test('a vote is an answer, and a withdrawn one a notice', () => {
  const vote = (options: string[]) => parseItems({ kind: 'vote', key, poll: { id: 'P1' }, person, at, options });
  expect(vote(['Rice', 'Soup'])).toMatchObject([
    {
      type: 'interactive',
      content: { type: 'list_reply', list_reply: { title: 'Rice, Soup' }, poll_vote: { options: ['Rice', 'Soup'] } },
      context: { id: 'P1' },
      unread: true,
    },
  ]);
  expect(vote([])).toMatchObject([{ type: 'system', context: { id: 'P1' }, unread: false }]);
});

test.each([
  ['ringing', { event: 'connect' }, false],
  ['missed', { event: 'terminate', status: 'FAILED' }, true],
  ['ended', { event: 'terminate', status: 'COMPLETED' }, false],
])('a call that is %s', (status, content, unread) => {
  const [call] = parseItems({ kind: 'call', id: 'C1', person, at, isVideo: false, status });
  expect(call).toMatchObject({
    type: 'call',
    channelMessageId: 'C1',
    unread,
    content: { ...content, is_video: false },
  });
});

test('a receipt is about a message of ours, and of a group nobody is told', () => {
  const receipt = (more: object) =>
    parseItems({ kind: 'receipt', key: { ...key, fromMe: true }, status: 'read', at, ...more });
  expect(receipt({})).toEqual([
    {
      kind: 'receipt',
      numberId: session,
      channelMessageId: 'ABC1',
      token: undefined,
      status: 'read',
      at: new Date(at * 1_000),
      code: '',
      title: '',
    },
  ]);
  expect(receipt({ status: 'failed', code: '463' })).toMatchObject([
    { code: '463', title: 'This link is too new for people who never wrote.' },
  ]);
  expect(receipt({ key: { id: 'X', remoteJid: '1@g.us', fromMe: true }, participant: 'y@lid' })).toEqual([]);
  expect(receipt({ key })).toEqual([]);
  expect(receipt({ status: 'lost' })).toMatchObject([{ kind: 'unreadable', reason: 'unknown status: lost' }]);
});

test('two addresses of one person', () => {
  expect(parseItems({ kind: 'same_person', ...person })).toEqual([
    { kind: 'same_person', numberId: session, phone: '+12025550123', userId: '90823412345678@lid', name: 'Ana' },
  ]);
});

test.each<[string, unknown, string]>([
  ['nobody', itemOf({ conversation: 'x' }, { person: {} }), 'no number and no LID of a person'],
  ['no id', itemOf({ conversation: 'x' }, { key: { remoteJid: 'x@lid' } }), 'no key.id'],
  ['no time', itemOf({ conversation: 'x' }, { at: 'soon' }), 'at is not a time'],
  ['an unknown kind', { kind: 'mood' }, 'unknown kind of item: mood'],
  ['no object', 7, 'not an object'],
])('an item with %s is unreadable, and the others are read', (_, broken, reason) => {
  const [first, second] = parseItems(broken, itemOf({ conversation: 'Hi' }));
  expect(first).toMatchObject({ kind: 'unreadable', code: 'item_unreadable', reason, numberId: session });
  expect(second).toMatchObject({ kind: 'message', content: { body: 'Hi' } });
});

test('a body that is no payload', () => {
  expect(parse(Buffer.from('{}'))).toMatchObject([{ kind: 'unreadable', code: 'body_unreadable' }]);
  expect(() => parse(Buffer.from('nothing'))).toThrow(SyntaxError);
  expect(numbersIn(Buffer.from('nothing'))).toEqual([]);
  expect(numbersIn(bodyOf([]))).toEqual([session]);
});

test('wrappers without an end are nothing', () => {
  let message: object = { conversation: 'deep' };
  for (let depth = 0; depth < 20; depth++) message = { ephemeralMessage: { message } };
  expect(parseItems(itemOf(message))).toMatchObject([{ type: 'unsupported' }]);
});

test('characters that cannot be stored are replaced', () => {
  expect(messageOf({ conversation: 'a\u0000b' }).content).not.toEqual({ body: 'a\u0000b' });
});
