// The guarded client against servers on loopback: where it connects, how much it reads, and for how long.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ManualClock, manualClock, realClock } from '../time.ts';
import { type FetchedFile, guardedClient } from './guarded-fetch.ts';
import { type GuardedClientSettings, GuardedFetchError, queuedLookups } from './guarded-request.ts';
import { readAllowedHost } from './url-policy.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(handler: Handler) {
  let connections = 0;
  const server = createServer(handler);
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}`, connections: () => connections };
}

function open(hosts: string[] = [], more: Partial<GuardedClientSettings> = {}) {
  const allowed = hosts.map(readAllowedHost).filter(host => host !== undefined);
  const client = guardedClient({ clock: realClock, allowedHosts: () => allowed, ...more });
  cleanups.push(client.close);
  return client;
}

/** A one-time event that can be awaited. */
function signalled() {
  let tell = () => {};
  const told = new Promise<void>(resolve => {
    tell = resolve;
  });
  return { told, tell: () => tell() };
}

const limits = { deadlineMs: 20_000, maxBytes: 1_000_000 };

async function read(file: FetchedFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of file.content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The error of a fetch, before or after the first byte. */
async function failure(fetching: Promise<FetchedFile>): Promise<GuardedFetchError> {
  try {
    await read(await fetching);
  } catch (error) {
    if (error instanceof GuardedFetchError) return error;
    throw error;
  }
  throw new Error('The file came.');
}

/** A malicious connector that resolves the name more than once, and connects to a server here. */
function dialTo(port: number, seen: string[]): NonNullable<GuardedClientSettings['dial']> {
  return lookup => (options, callback) => {
    for (let time = 0; time < 3; time += 1)
      lookup(options.hostname, { all: true }, (_error, addresses) => {
        for (const { address } of Array.isArray(addresses) ? addresses : []) seen.push(address);
      });
    const socket = connect(port, '127.0.0.1', () => callback(null, socket));
  };
}

describe('a file', () => {
  test('comes with what the other side says of it', async () => {
    const body = Buffer.from('a file');
    const server = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      expect(request.headers.authorization).toBe('Bearer x');
      response.setHeader('content-type', 'image/png');
      response.setHeader('content-length', body.length);
      response.setHeader('content-disposition', `attachment; filename="plain.png"; filename*=UTF-8''%e2%82%ac.png`);
      response.end(body);
    });
    const file = await open([server.host]).fetch(server.url, { ...limits, headers: { authorization: 'Bearer x' } });
    expect([file.contentType, file.size, file.fileName]).toEqual(['image/png', body.length, '€.png']);
    expect(await read(file)).toEqual(body);
  });

  test('whose size is not said is counted', async () => {
    const server = await serve((_request, response) => {
      response.write('a');
      response.end('b');
    });
    const file = await open([server.host]).fetch(`${server.url}/some%20name.pdf?x`, limits);
    expect([file.size, file.fileName]).toEqual([undefined, 'some name.pdf']);
    expect((await read(file)).toString()).toBe('ab');
  });

  test.each([404, 500, 204, 206, 304])('is not an answer with status %i', async status => {
    const server = await serve((_request, response) => response.writeHead(status).end());
    const error = await failure(open([server.host]).fetch(server.url, limits));
    expect([error.code, error.status]).toEqual(['http_status', status]);
  });

  test('is not one of a host that is away, or that breaks off', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, request.url === '/known' ? { 'content-length': 10_000 } : {});
      response.write('begun', () => setImmediate(() => response.destroy()));
    });
    const client = open([server.host, '127.0.0.1:1']);
    expect((await failure(client.fetch('http://127.0.0.1:1/', limits))).code).toBe('unavailable');
    expect((await failure(client.fetch(`${server.url}/known`, limits))).code).toBe('unavailable');
    expect((await failure(client.fetch(`${server.url}/unknown`, limits))).code).toBe('unavailable');
  });

  test('ends with the reason of the signal', async () => {
    const server = await serve((_request, response) => response.write('begun'));
    const controller = new AbortController();
    const file = await open([server.host]).fetch(server.url, { ...limits, signal: controller.signal });
    controller.abort(new Error('nobody waits'));
    await expect(read(file)).rejects.toThrow('nobody waits');
    await expect(open([server.host]).fetch(server.url, { ...limits, signal: controller.signal })).rejects.toThrow(
      'nobody waits',
    );
  });
});

describe('how much and how long', () => {
  test('a declared size above the limit is rejected at once', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 5_000_000_000 });
      response.write('x');
    });
    expect((await failure(open([server.host]).fetch(server.url, limits))).code).toBe('too_large');
  });

  test('a link that never ends is cut at the limit, and its connection closed', async () => {
    const closed = signalled();
    const server = await serve((_request, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      response.on('close', closed.tell);
      more();
    });
    const client = open([server.host]);
    expect((await failure(client.fetch(server.url, limits))).code).toBe('too_large');
    await closed.told;
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(1_000_000))],
    ['GZIP, identity', gzipSync(Buffer.alloc(10))],
    ['br', Buffer.alloc(10)],
    ['deflate', Buffer.alloc(10)],
  ])('a body that is compressed (%s) although it was asked not to be is rejected', async (encoding, body) => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    const error = await failure(open([server.host]).fetch(server.url, limits));
    expect([error.code, error.reason]).toEqual(['rejected', 'encoding']);
  });

  const silent: [string, Handler][] = [
    ['never answers', () => {}],
    ['never ends its head', (_request, response) => response.socket?.write('HTTP/1.1 200 OK\r\nx: ')],
    ['stops within the body', (_request, response) => response.write('begun')],
  ];
  test.each(silent)('a server that %s is left at the deadline', async (_name, handler) => {
    const clock: ManualClock = manualClock(0);
    const reached = signalled();
    const server = await serve((request, response) => {
      handler(request, response);
      reached.tell();
    });
    const ending = failure(open([server.host], { clock }).fetch(server.url, limits));
    await reached.told;
    clock.advance(limits.deadlineMs);
    expect((await ending).code).toBe('timeout');
  });

  test('the deadline holds for a look-up as well, and is over with the file', async () => {
    const clock = manualClock(0);
    const asked = signalled();
    const client = open([], {
      clock,
      resolve() {
        asked.tell();
        return new Promise(() => {});
      },
    });
    const ending = failure(client.fetch('https://files.example.org/x', limits));
    await asked.told;
    clock.advance(limits.deadlineMs);
    expect((await ending).code).toBe('timeout');

    const server = await serve((_request, response) => response.end('all'));
    const file = await open([server.host], { clock }).fetch(server.url, limits);
    expect((await read(file)).toString()).toBe('all');
    clock.advance(limits.deadlineMs);
  });
});

describe('who is connected to', () => {
  const refusedAddresses = [
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    'fe80::1%eth0',
  ];

  test.each(refusedAddresses)('nobody, where a name leads to %s, alone or among public ones', async address => {
    const dialled: string[] = [];
    const bad = { address, family: address.includes(':') ? 6 : 4 };
    for (const found of [[bad], [{ address: '8.8.8.8', family: 4 }, bad]]) {
      const client = open([], { resolve: async () => found, dial: dialTo(1, dialled) });
      const error = await failure(client.fetch('https://127.0.0.1.nip.io/x', limits));
      expect([error.code, error.reason]).toEqual(['rejected', 'private_address']);
    }
    expect(dialled).toEqual([]);
  });

  test('only the addresses that were looked at, though the name says others a moment later', async () => {
    const server = await serve((_request, response) => response.end('inside'));
    const answers = [[{ address: '8.8.8.8', family: 4 }], [{ address: '127.0.0.1', family: 4 }]];
    let asked = 0;
    const dialled: string[] = [];
    const client = open([], {
      resolve: async () => answers[Math.min(asked++, 1)] ?? [],
      dial: dialTo(server.port, dialled),
    });
    const error = await failure(client.fetch('https://rebinding.example.org/x', limits));
    // The resolver returned 8.8.8.8 each time. The connector went to loopback all the same, so its connection was
    // rejected too.
    expect(dialled).toEqual(['8.8.8.8', '8.8.8.8', '8.8.8.8']);
    expect([asked, error.code, error.reason]).toEqual([1, 'rejected', 'private_address']);
  });

  test('the look-up gives families as it is asked', async () => {
    let look: LookupFunction | undefined;
    const client = open([], {
      resolve: async () => [
        { address: '8.8.8.8', family: 4 },
        { address: '2606:4700::1', family: 6 },
      ],
      dial: lookup => (_options, callback) => {
        look = lookup;
        callback(new Error('not dialled'), null);
      },
    });
    expect((await failure(client.fetch('https://files.example.org/x', limits))).code).toBe('unavailable');
    const ask = (options: Parameters<LookupFunction>[1]) =>
      new Promise(resolve =>
        look?.('other.example', options, (error, ...found) => resolve(error ? error.code : found)),
      );
    expect(await ask({ family: 6 })).toEqual(['2606:4700::1', 6]);
    expect(await ask({})).toEqual(['8.8.8.8', 4]);
    expect(await ask({ all: true, family: 4 })).toEqual([[{ address: '8.8.8.8', family: 4 }]]);
  });

  test('nobody for a link that is rejected, and no name is looked up', async () => {
    let asked = 0;
    const client = open([], {
      async resolve() {
        asked += 1;
        return [];
      },
    });
    for (const link of ['http://example.com/', 'https://127.0.0.1/', 'https://a@example.com/', 'file:///etc/passwd']) {
      expect(() => client.check(link)).toThrow(GuardedFetchError);
      expect((await failure(client.fetch(link, limits))).code).toBe('rejected');
    }
    expect(asked).toBe(0);
    expect((await failure(client.fetch('https://nothing.example.org/', limits))).code).toBe('unavailable');
  });
});

describe('redirects', () => {
  test('are followed three times, and not a fourth', async () => {
    const server = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else response.end('there');
    });
    const client = open([server.host]);
    expect((await read(await client.fetch(`${server.url}/3`, limits))).toString()).toBe('there');
    expect(await failure(client.fetch(`${server.url}/4`, limits))).toMatchObject({ reason: 'too_many_redirects' });
  });

  const away: [location: (port: number) => string, reason: string][] = [
    [port => `http://127.0.0.1:${port}/secret`, 'scheme'],
    [port => `https://127.0.0.1:${port}/secret`, 'private_address'],
    [port => `//127.0.0.2:${port}/secret`, 'scheme'],
    [port => `https://localhost:${port}/secret`, 'private_host'],
    [() => 'https://169.254.169.254/latest/meta-data', 'private_address'],
    [() => 'https://2130706433/', 'private_address'],
    [() => 'file:///etc/passwd', 'scheme'],
    [() => 'https://a@example.com/', 'credentials'],
    [() => '\\\\127.0.0.1\\x', 'malformed'],
    [() => 'https:127.0.0.1', 'malformed'],
  ];
  test.each(away)('none leads inside: %s', async (location, reason) => {
    const inside = await serve((_request, response) => response.end('secret'));
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await serve((_request, response) =>
        response.writeHead(status, { location: location(inside.port) }).end(),
      );
      expect(await failure(open([server.host]).fetch(server.url, limits))).toMatchObject({ code: 'rejected', reason });
    }
    expect(inside.connections()).toBe(0);
  });

  test('take what the caller sends along to the same host only', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(`other ${request.headers.authorization}`);
      response.end('there');
    });
    const server = await serve((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization}`);
      response.writeHead(302, { location: request.url === '/a' ? '/b' : other.url }).end();
    });
    await read(
      await open([server.host, other.host]).fetch(`${server.url}/a`, {
        ...limits,
        headers: { authorization: 'secret' },
      }),
    );
    expect(seen).toEqual(['/a secret', '/b secret', 'other undefined']);
  });
});

test('a look-up that waits too long fails, and sends no query later', async () => {
  const clock = manualClock(0);
  const asked: string[] = [];
  const ends: (() => void)[] = [];
  const look = queuedLookups(hostname => {
    asked.push(hostname);
    return new Promise(resolve => ends.push(() => resolve([{ address: '192.0.2.1', family: 4 }])));
  }, clock);
  const slow = ['one', 'two'].map(look);
  const late = look('three');
  clock.advance(10_000);
  await expect(late).rejects.toMatchObject({ name: 'GuardedFetchError', code: 'busy' });
  const next = look('four');
  for (const end of ends.splice(0)) end();
  await Promise.all(slow);
  await vi.waitFor(() => expect(asked).toEqual(['one', 'two', 'four']));
  for (const end of ends) end();
  expect(await next).toHaveLength(1);
});
