// Which file may go as which type of message, and what a channel and a reader get to see of it.
import { describe, expect, test } from 'vitest';
import { newUuid, toId } from '../../kit/ids.ts';
import { attachedMedia, forChannel, shownContent, unsupported } from './attached-file.ts';

const nothing = { mimeTypes: [], maxBytes: 0 };
const limits = {
  image: { mimeTypes: ['image/jpeg'], maxBytes: 1_000 },
  sticker: { mimeTypes: ['image/webp'], maxBytes: 100, maxAnimatedBytes: 500 },
  video: nothing,
  audio: nothing,
  document: nothing,
};
const picture = { status: 'stored', mime_type: 'image/jpeg', size: 1_000 };

describe('what may be sent', () => {
  test.each([
    ['image', picture, undefined],
    ['image', { ...picture, size: 1_001 }, '1000'],
    ['image', { ...picture, mime_type: 'image/png' }, 'image/jpeg'],
    ['image', { ...picture, mime_type: null }, 'image/jpeg'],
    ['image', { ...picture, status: 'pending' }, 'pending'],
    ['sticker', { ...picture, mime_type: 'image/webp', size: 500 }, undefined],
    ['sticker', { ...picture, mime_type: 'image/webp', size: 501 }, '500'],
    ['text', picture, 'no file'],
  ])('as %s %o: %s', (type, file, words) => {
    const sentence = unsupported(type, file, limits);
    if (words === undefined) expect(sentence).toBeUndefined();
    else expect(sentence).toContain(words);
  });

  test('only an id of ours is a file that is carried', () => {
    const id = newUuid();
    expect(attachedMedia('image', { id: toId('media', id) })).toBe(id);
    expect(attachedMedia('image', { link: 'https://example.com/a.jpg' })).toBeUndefined();
    expect(attachedMedia('text', { id: toId('media', id) })).toBeUndefined();
  });
});

test('the channel gets its own id, and a document without a name that of its file', () => {
  const uuid = newUuid();
  const id = toId('media', uuid);
  const files = new Map([[uuid, { channelMediaId: '77', fileName: 'menu.pdf' }]]);
  expect(forChannel('image', { id, caption: 'look' }, files)).toEqual({ id: '77', caption: 'look' });
  expect(forChannel('document', { id }, files)).toEqual({ id: '77', filename: 'menu.pdf' });
  expect(forChannel('document', { id, filename: 'a.pdf' }, files)).toEqual({ id: '77', filename: 'a.pdf' });
  const header = { type: 'document', document: { id } };
  const theirs = { type: 'document', document: { id: '77', filename: 'menu.pdf' } };
  expect(forChannel('interactive', { header }, files)).toEqual({ header: theirs });
  const carousel = (parameter: object) => ({
    components: [{ type: 'carousel', cards: [{ components: [{ type: 'header', parameters: [parameter] }] }] }],
  });
  expect(forChannel('template', carousel(header), files)).toEqual(carousel(theirs));
});

test('a reader sees our file in the place of what the channel calls it', () => {
  const id = newUuid();
  const content = { id: '77', mime_type: 'image/jpeg', sha256: 'x', caption: 'look' };
  const picture = { width: null, height: null, has_thumbnail: false };
  const row = { id, status: 'failed' as const, mime_type: null, size: null, file_name: null, ...picture };
  const ours = toId('media', id);
  const media = { id: ours, status: 'failed', mime_type: null, size: null, filename: null, ...picture };
  expect(shownContent('image', content, { ...row, error_code: '10', error_title: 'No' }, 'inbound')).toEqual({
    id: ours,
    link: null,
    media: { ...media, error: { code: '10', title: 'No' } },
    caption: 'look',
  });
  const nothing = { id: null, link: null, media: null, caption: 'look' };
  expect(shownContent('image', content, null, 'inbound')).toEqual(nothing);
  expect(shownContent('text', { body: 'hello' }, null, 'inbound')).toEqual({ body: 'hello' });
});

test('an outbound message shows its file as an inbound one does', () => {
  const id = newUuid();
  const ours = toId('media', id);
  const row = {
    id,
    status: 'stored' as const,
    mime_type: 'image/jpeg',
    size: 3,
    file_name: 'a.jpg',
    width: 4,
    height: 3,
    has_thumbnail: true,
    error_code: null,
    error_title: null,
  };
  expect(shownContent('image', { id: ours, caption: 'look' }, row, 'outbound')).toEqual({
    id: ours,
    link: null,
    media: {
      id: ours,
      status: 'stored',
      mime_type: 'image/jpeg',
      size: 3,
      filename: 'a.jpg',
      width: 4,
      height: 3,
      has_thumbnail: true,
      error: null,
    },
    caption: 'look',
  });
  const link = 'https://example.com/a.jpg';
  expect(shownContent('image', { link }, null, 'outbound')).toEqual({ id: null, link, media: null });
});
