// The poster against servers on loopback: where it connects, what it keeps of an answer, and for how long it waits.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { manualClock, realClock } from '../time.ts';
import { guardedPoster } from './guarded-post.ts';
import { type GuardedClientSettings, GuardedFetchError } from './guarded-request.ts';
import { rejectedLinks } from './link-corpus.ts';
import { readAllowedHost } from './url-policy.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(handler: RequestListener) {
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
  return { port, host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}/`, connections: () => connections };
}

function open(hosts: string[] = [], more: Partial<GuardedClientSettings> = {}) {
  const allowed = hosts.map(readAllowedHost).filter(host => host !== undefined);
  const poster = guardedPoster({ clock: realClock, allowedHosts: () => allowed, ...more });
  cleanups.push(poster.close);
  return poster;
}

const options = { headers: { 'content-type': 'application/json', 'x-a': 'b' }, body: '{"a":"é"}', deadlineMs: 20_000 };

async function failure(posting: Promise<unknown>): Promise<GuardedFetchError> {
  const error = await posting.then(
    () => new Error('It was answered.'),
    (reason: unknown) => reason,
  );
  if (error instanceof GuardedFetchError) return error;
  throw error;
}

describe('an answer', () => {
  test('of any status comes with its beginning, and redirects are not followed', async () => {
    const seen: string[] = [];
    const server = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      seen.push(`${request.method} ${request.url} ${request.headers['x-a']} ${Buffer.concat(chunks)}`);
      response.writeHead(302, { location: '/elsewhere', 'retry-after': '7' }).end('é'.repeat(3_000));
    });
    const answer = await open([server.host]).post(server.url, options);
    expect(answer).toMatchObject({ status: 302, retryAfter: '7' });
    expect(answer.excerpt).toBe('é'.repeat(2_048));
    expect(seen).toEqual(['POST / b {"a":"é"}']);
  });

  test('leaves its connection for the next request, unless it never ends', async () => {
    const server = await serve((request, response) => {
      if (request.url !== '/endless') return void response.end('ok');
      const more = () => {
        while (response.write(Buffer.alloc(16_384, 'a')));
      };
      response.on('drain', more);
      more();
    });
    const poster = open([server.host]);
    for (let n = 0; n < 20; n++) expect((await poster.post(server.url, options)).excerpt).toBe('ok');
    // The next request may begin in the same moment in which the connection becomes free.
    const kept = server.connections();
    expect(kept).toBeLessThanOrEqual(2);
    expect((await poster.post(`${server.url}endless`, options)).excerpt).toBe('a'.repeat(4_096));
    expect((await poster.post(server.url, options)).status).toBe(200);
    expect(server.connections()).toBeLessThanOrEqual(kept + 1);
  });

  const silent: [string, RequestListener][] = [
    ['never answers', () => {}],
    ['hangs after the head', (_request, response) => void response.writeHead(200).write('begun')],
  ];
  test.each(silent)('of a server that %s is not waited for after the deadline', async (_name, handler) => {
    const clock = manualClock(0);
    let reached = () => {};
    const isReached = new Promise<void>(resolve => {
      reached = resolve;
    });
    const server = await serve((request, response) => {
      handler(request, response);
      reached();
    });
    const failing = failure(open([server.host], { clock }).post(server.url, options));
    await isReached;
    clock.advance(options.deadlineMs);
    expect((await failing).code).toBe('timeout');
  });

  test('of a name whose lookup never ends is not waited for after the deadline', async () => {
    const clock = manualClock(0);
    const failing = failure(
      open([], { clock, resolve: () => new Promise(() => {}) }).post('https://slow.example.org/', options),
    );
    clock.advance(options.deadlineMs);
    expect((await failing).code).toBe('timeout');
  });

  test('that breaks off, or of nobody, is none', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/') return void request.socket.destroy();
      response.writeHead(200, { 'content-length': 100 });
      response.write('begun', () => setImmediate(() => response.destroy()));
    });
    const poster = open([server.host, '127.0.0.1:1']);
    for (const url of [server.url, `${server.url}part`, 'http://127.0.0.1:1/'])
      expect((await failure(poster.post(url, options))).code).toBe('unavailable');
  });
});

describe('nothing is posted', () => {
  test('to a link of the corpus, and no name is looked up', async () => {
    let asked = 0;
    const poster = open([], {
      resolve: async () => {
        asked += 1;
        return [];
      },
    });
    for (const link of rejectedLinks) {
      expect(() => poster.check(link), link).toThrow(GuardedFetchError);
      expect([link, (await failure(poster.post(link, options))).code]).toEqual([link, 'rejected']);
    }
    expect(asked).toBe(0);
  });

  test.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1'])(
    'where a name leads to %s, alone or among public addresses',
    async address => {
      const bad = { address, family: address.includes(':') ? 6 : 4 };
      for (const found of [[bad], [{ address: '8.8.8.8', family: 4 }, bad]]) {
        const dial = () => () => expect.unreachable('nobody is dialled');
        const error = await failure(
          open([], { resolve: async () => found, dial }).post('https://127.0.0.1.nip.io/', options),
        );
        expect([error.code, error.reason]).toEqual(['rejected', 'private_address']);
      }
    },
  );

  test('over a connection that went elsewhere than its name said', async () => {
    const server = await serve((_request, response) => response.end('inside'));
    const poster = open([], {
      resolve: async () => [{ address: '8.8.8.8', family: 4 }],
      dial: () => (_options, callback) => {
        const socket = connect(server.port, '127.0.0.1', () => callback(null, socket));
      },
    });
    const error = await failure(poster.post('https://rebinding.example.org/', options));
    expect([error.code, error.reason]).toEqual(['rejected', 'private_address']);
  });
});
