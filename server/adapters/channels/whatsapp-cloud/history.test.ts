// How we read Meta's history: page by page, within bounds, from our own URL only.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { recipientIn } from './history.ts';
import { whatsAppCloud } from './index.ts';

type Answer = object | string | ((response: ServerResponse) => void);

/** Queries a server with this behaviour for everything since second 1,000. */
async function ask(answer: (query: URLSearchParams, request: IncomingMessage) => Answer, deadlineMs = 5_000) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const given = answer(new URL(request.url ?? '', 'http://127.0.0.1').searchParams, request);
    if (typeof given === 'function') given(response);
    else response.end(typeof given === 'string' ? given : JSON.stringify(given));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const secrets = { accessToken: 'the-token', appSecret: 'b', verifyToken: 'c', userAgent: 'recado/test' };
  const channel = whatsAppCloud({ ...secrets, baseUrl: () => `http://127.0.0.1:${port}/v25.0`, deadlineMs });
  onTestFinished(async () => {
    await channel.close();
    server.closeAllConnections();
    server.close();
  });
  return { history: await channel.history?.('1', new Date(1_000_000)), asked };
}

const entry = (id: string, ...timestamps: unknown[]) => ({
  id: '1',
  message_id: id,
  ...(timestamps.length > 0 && { events: { data: timestamps.map(timestamp => ({ timestamp })) } }),
});
const page = (data: unknown[], after?: string) => ({
  data,
  paging: { cursors: { after: after ?? 'end' }, ...(after && { next: 'http://elsewhere.invalid/?access_token=x' }) },
});
const idsOf = (history: Awaited<ReturnType<typeof ask>>['history']) =>
  history?.class === 'listed' ? history.entries.map(each => each.channelMessageId) : history;

test('all pages are read from the same address with the token, and the earliest event counts', async () => {
  const { history, asked } = await ask((query, { headers }) => {
    expect(headers.authorization).toBe('Bearer the-token');
    return query.get('after') === 'c/1'
      ? page([entry('b', 1_010), entry('c')])
      : page([entry('a', 1_030, 1_020)], 'c/1');
  });
  expect(history).toEqual({
    class: 'listed',
    complete: true,
    entries: [
      { channelMessageId: 'a', at: new Date(1_020_000), recipient: undefined },
      { channelMessageId: 'b', at: new Date(1_010_000), recipient: undefined },
      { channelMessageId: 'c', at: undefined, recipient: undefined },
    ],
  });
  expect(asked[0]).toMatch(/^\/v25\.0\/1\/message_history\?fields=id%2Cmessage_id%2Cevents/);
  expect(asked).toHaveLength(2);
});

test('a page of nothing but older ones is the end where the newest come first, and only there', async () => {
  const falling = await ask(query =>
    query.get('after') ? page([entry('b', 900)], 'two') : page([entry('a', 1_100)], 'one'),
  );
  expect([falling.asked.length, falling.history]).toMatchObject([2, { complete: true }]);
  const rising = await ask(query => {
    if (query.get('after') === 'two') return page([entry('c', 1_100)]);
    return query.get('after') === 'one' ? page([entry('b', 950)], 'two') : page([entry('a', 900)], 'one');
  });
  expect([idsOf(rising.history), rising.history]).toMatchObject([['a', 'b', 'c'], { complete: true }]);
});

test('pages that never end are left after twenty, and a cursor that stands still at once', async () => {
  const endless = await ask(query => page([entry('x', 2_000)], `n${Number(query.get('after')?.slice(1) ?? 0) + 1}`));
  expect([endless.asked.length, endless.history]).toMatchObject([20, { complete: false }]);
  const standing = await ask(() => page([entry('x', 2_000)], 'same'));
  expect([standing.asked.length, standing.history]).toMatchObject([2, { complete: false }]);
});

test('malformed entries are skipped, and malformed times are left out', async () => {
  const odd = [
    null,
    7,
    [],
    {},
    { message_id: '' },
    { message_id: 'x'.repeat(501) },
    entry('a', 'soon', -1, 1e15, null),
  ];
  const { history } = await ask(() => page(odd));
  expect(history).toMatchObject({ entries: [{ channelMessageId: 'a', at: undefined }] });
});

const refusal =
  (status: number, code: number): Answer =>
  response => {
    response.writeHead(status, { 'retry-after': '70' }).end(JSON.stringify({ error: { code, message: 'No.' } }));
  };
test.each<[string, Answer, object]>([
  ['a refusal', refusal(403, 200), { code: '200', title: 'No.' }],
  ['a limit', refusal(429, 4), { code: '4', waitMs: 70_000 }],
  ['an error', refusal(500, 2), { code: '2' }],
  ['a page of HTML', '<p>Sorry', { code: 'unreadable_answer' }],
  ['a list that is none', { data: 'none' }, { code: 'unreadable_answer' }],
  ['a connection that is cut', response => response.destroy(), { title: expect.stringContaining('broke') }],
  ['no answer', () => {}, { code: 'timeout' }],
])('%s is a failure', async (name, answer, expected) => {
  expect((await ask(() => answer, name === 'no answer' ? 200 : 5_000)).history).toMatchObject({
    class: 'failed',
    ...expected,
  });
});

test.each([
  ['wamid.HBgLMTY0NzM3Nzc3NzUVAgARGBI5QTNEQTA2RjdGMEY4RTRGAA==', '16473777775'],
  ['wamid.HBgLMTY0Nz', undefined],
  ['wamid.cmFuZG9tIGJ5dGVzIG9mIGFub3RoZXIgZm9ybQ==', undefined],
  [`wamid.${Buffer.from([0x1c, 0x18, 3, 0x31, 0x32, 0x33]).toString('base64')}`, undefined],
  ['HBgLMTY0NzM3Nzc3NzUVAgARGBI5QTNEQTA2RjdGMEY4RTRGAA==', undefined],
  ['', undefined],
])('the recipient in %s is %s', (id, digits) => {
  expect(recipientIn(id)).toBe(digits);
});
