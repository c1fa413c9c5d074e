// Responses about a file that the simulator never gives, above all URLs that would leak the token.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { whatsAppCloud } from './index.ts';
import { mayHaveToken } from './media-endpoint.ts';

async function listen(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A channel whose Graph API returns `describe` for file `1`, and serves its bytes with `give`. */
async function openChannel(describe: (base: string) => unknown, give: RequestListener) {
  const seen: IncomingMessage[] = [];
  const base = await listen((request, response) => {
    seen.push(request);
    if (request.url?.split('?')[0] === '/v25.0/1') response.end(JSON.stringify(describe(base)));
    else give(request, response);
  });
  const secrets = { accessToken: 'secret-token', appSecret: 'b', verifyToken: 'c', userAgent: 'recado/test' };
  const channel = whatsAppCloud({ ...secrets, baseUrl: () => `${base}/v25.0`, deadlineMs: 5_000 });
  onTestFinished(() => channel.close());
  return { channel, seen };
}

const bytes: RequestListener = (_request, response) => response.end('bytes');

test('the token goes to no other host, by address or by redirection', async () => {
  const strangers: IncomingMessage[] = [];
  const stranger = await listen((request, response) => {
    strangers.push(request);
    response.end('bytes');
  });
  const byAddress = await openChannel(() => ({ url: `${stranger}/file`, file_size: 5 }), bytes);
  expect(await byAddress.channel.fetchMedia('1')).toMatchObject({ class: 'rejected', code: 'foreign_host' });
  const byRedirection = await openChannel(
    base => ({ url: `${base}/file`, file_size: 5 }),
    (_request, response) => response.writeHead(302, { location: `${stranger}/file` }).end(),
  );
  expect(await byRedirection.channel.fetchMedia('1')).toMatchObject({ class: 'try_again', code: 'http_302' });
  expect(strangers).toEqual([]);
});

test.each([
  ['https://graph.facebook.com/v25.0', 'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1', true],
  ['https://graph.facebook.com/v25.0', 'https://graph.facebook.com/v25.0/file', true],
  ['https://graph.facebook.com/v25.0', 'http://lookaside.fbsbx.com/', false],
  ['https://graph.facebook.com/v25.0', 'https://lookaside.fbsbx.com.example.com/', false],
  ['https://graph.facebook.com/v25.0', 'https://lookaside.fbsbx.com@example.com/', false],
  ['https://graph.facebook.com/v25.0', 'https://name:word@lookaside.fbsbx.com/', false],
  ['https://graph.facebook.com/v25.0', 'https://lookaside.fbsbx.com:8443/', false],
  ['http://127.0.0.1:3001/v25.0', 'https://lookaside.fbsbx.com/', false],
  ['http://127.0.0.1:3001/v25.0', 'http://127.0.0.1:3002/', false],
  ['http://127.0.0.1:3001/v25.0', '//127.0.0.1:3001/', false],
  ['http://127.0.0.1:3001/v25.0', 'file:///etc/passwd', false],
])('beside %s, %s may have the token: %s', (base, address, may) => {
  expect(mayHaveToken(address, base)).toBe(may);
});

test.each<[string, unknown, RequestListener, object]>([
  ['no address', {}, bytes, { class: 'try_again', code: 'unreadable_answer' }],
  ['a file that is too large', { file_size: '104857601' }, bytes, { class: 'rejected', code: 'too_large' }],
  [
    'a part of the file',
    { file_size: 5 },
    (_request, response) => response.writeHead(206).end('by'),
    { class: 'try_again', code: 'http_206' },
  ],
  [
    'no size at all',
    {},
    (_request, response) => {
      response.write('by');
      response.end('tes');
    },
    { class: 'try_again', code: 'no_size' },
  ],
  [
    'too many calls',
    {},
    (_request, response) => response.writeHead(429, { 'retry-after': '7' }).end(),
    {
      class: 'try_again',
      code: 'http_429',
      waitMs: 7_000,
    },
  ],
])('%s', async (what, described, give, outcome) => {
  const { channel } = await openChannel(
    base => (what === 'no address' ? described : { url: `${base}/file`, ...(described as object) }),
    give,
  );
  expect(await channel.fetchMedia('1')).toMatchObject(outcome);
});

test.each([401, 403, 404])('a URL that answers %i has expired: a new one is asked for, once', async code => {
  let calls = 0;
  const { channel, seen } = await openChannel(
    base => ({ url: `${base}/file`, file_size: 5 }),
    (_request, response) => (calls++ === 0 ? response.writeHead(code).end() : response.end('bytes')),
  );
  const found = await channel.fetchMedia('1');
  expect(found).toMatchObject({ class: 'found', size: 5 });
  if (found.class === 'found') expect((await buffer(found.stream)).toString()).toBe('bytes');
  expect(seen).toHaveLength(4);
  const never = await openChannel(
    base => ({ url: `${base}/file`, file_size: 5 }),
    (_request, response) => response.writeHead(code).end(),
  );
  const expected = code === 404 ? { class: 'gone' } : { class: 'try_again', code: `http_${code}` };
  expect(await never.channel.fetchMedia('1')).toMatchObject(expected);
  expect(never.seen).toHaveLength(4);
});

test('bytes without end are cut off where they should have ended', async () => {
  const { channel } = await openChannel(
    base => ({ url: `${base}/file`, file_size: 100_000 }),
    (_request, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    },
  );
  const found = await channel.fetchMedia('1');
  if (found.class !== 'found') throw new Error(JSON.stringify(found));
  await expect(buffer(found.stream)).rejects.toThrow('100000 bytes');
});

test('what a description leaves out is taken from the bytes’ own headers', async () => {
  const { channel, seen } = await openChannel(
    base => ({ url: `${base}/file`, sha256: 'nonsense' }),
    (_request, response) =>
      response
        .writeHead(200, {
          'content-type': 'image/png',
          'content-length': 5,
          'content-disposition': 'inline; filename="a b.png"',
        })
        .end('bytes'),
  );
  const found = await channel.fetchMedia('1');
  if (found.class !== 'found') throw new Error(JSON.stringify(found));
  expect(found).toMatchObject({ mimeType: 'image/png', size: 5, sha256: undefined, fileName: 'a b.png' });
  expect((await buffer(found.stream)).toString()).toBe('bytes');
  expect(seen.map(request => request.headers.authorization)).toEqual(['Bearer secret-token', 'Bearer secret-token']);
});
