// The files of inbound messages, as Meta's webhooks tell of them.
import { expect, test } from 'vitest';
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

test('a text has no file', () => {
  expect(parseMessage('text', { body: 'Hi', id: '1' }).media).toBeUndefined();
});
