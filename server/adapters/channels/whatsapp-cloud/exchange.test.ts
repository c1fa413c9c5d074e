// One call on the wire: the outcome of each response and each failure. For failed connects see agent.test.ts.
import { once } from 'node:events';
import { type AddressInfo, createServer, type LookupFunction, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openAgent } from './agent.ts';
import { send } from './send.ts';

const outgoing = { numberId: '1', to: '+33612000000', type: 'text', content: { body: 'Hello' } } as const;
const accepted = '{"messages":[{"id":"wamid.1"}]}';

const answerWith = (body: string, status = '200 OK', headers = '') =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

/** A TCP server; `answer` gets the connection after a whole request was read. */
async function listen(answer: (socket: Socket, count: number) => void) {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    let text = '';
    socket.on('data', data => {
      text += String(data);
      const [head = '', body] = text.split('\r\n\r\n');
      if (body === undefined || body.length < Number(/content-length: (\d+)/i.exec(head)?.[1])) return;
      requests.push(text);
      text = '';
      answer(socket, requests.length);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v25.0`, requests, sockets };
}

function endpointOf(baseUrl: () => string, deadlineMs = 5_000, options: Parameters<typeof openAgent>[0] = {}) {
  const agent = openAgent(options);
  onTestFinished(() => agent.destroy());
  return { accessToken: 'secret', userAgent: 'recado/test', baseUrl, agent, deadlineMs };
}

async function sendOnce(answer: (socket: Socket) => void, deadlineMs?: number) {
  const channel = await listen(answer);
  const endpoint = endpointOf(() => channel.url, deadlineMs);
  return { outcome: await send(endpoint, outgoing, 'token'), ...channel };
}

test('a call says who makes it and what it carries, each once', async () => {
  const { outcome, requests } = await sendOnce(socket => socket.write(answerWith(accepted)));
  expect(outcome).toEqual({ class: 'accepted', channelMessageId: 'wamid.1' });
  const [head = '', body = ''] = requests[0]?.split('\r\n\r\n') ?? [];
  const [line, ...headers] = head.split('\r\n').map(each => each.toLowerCase());
  expect(line).toBe('post /v25.0/1/messages http/1.1');
  expect(headers.filter(each => !each.startsWith('host: ')).sort()).toEqual([
    'authorization: bearer secret',
    'connection: keep-alive',
    `content-length: ${body.length}`,
    'content-type: application/json',
    'user-agent: recado/test',
  ]);
  expect(JSON.parse(body)).toMatchObject({
    to: outgoing.to,
    text: outgoing.content,
    biz_opaque_callback_data: 'token',
  });
});

test.each<[string, (socket: Socket) => void, RegExp]>([
  ['a reset before any answer', socket => socket.resetAndDestroy(), /^ECONNRESET$/],
  ['an end before any answer', socket => socket.end(), /^UND_ERR_SOCKET$/],
  ['an end in the headers', socket => socket.end('HTTP/1.1 200 OK\r\ncontent-'), /^UND_ERR_SOCKET$/],
  ['an end in the body', socket => socket.end(answerWith(accepted).slice(0, -5)), /^UND_ERR_/],
  ['a response that is not HTTP', socket => socket.write('Hello!\r\n\r\n'), /^broken_connection$/],
  ['another protocol', socket => socket.write(answerWith('', '101 Switching', 'upgrade: x\r\n')), /./],
])('after the request was read, %s leaves it unknown', async (_what, breakIt, code) => {
  const { outcome, requests } = await sendOnce(breakIt);
  expect(outcome).toMatchObject({ class: 'unknown', code: expect.stringMatching(code) });
  expect(requests).toHaveLength(1);
});

test('a reset in the body leaves it unknown, though the status was a success', async () => {
  const { outcome } = await sendOnce(socket => {
    socket.write(answerWith(accepted).slice(0, -5), () => setTimeout(() => socket.resetAndDestroy(), 20));
  });
  expect(outcome).toMatchObject({ class: 'unknown', title: 'The connection broke during the call.' });
});

test('an answer in parts is put together, and words before it are none', async () => {
  const parts = [...accepted].map(each => `1\r\n${each}\r\n`);
  const { outcome } = await sendOnce(socket => {
    socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    const next = () => {
      const part = parts.shift();
      socket.write(part ?? '0\r\n\r\n', () => part && setImmediate(next));
    };
    next();
  });
  expect(outcome).toEqual({ class: 'accepted', channelMessageId: 'wamid.1' });
});

test('an answer may have 1,000,000 bytes; of a larger one only the status counts, and the rest is not read', async () => {
  const whole = await sendOnce(socket => socket.write(answerWith(accepted.padEnd(1_000_000))));
  expect(whole.outcome).toMatchObject({ class: 'accepted' });
  const large = await sendOnce(socket => socket.write(answerWith(accepted.padEnd(1_000_001))));
  expect(large.outcome).toMatchObject({ class: 'unknown', code: 'unreadable_answer' });
  const endless = await sendOnce(socket => {
    socket.write('HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n');
    const more = () => void (socket.writable && socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`, more));
    more();
  });
  expect(endless.outcome).toMatchObject({ class: 'account_error', code: 'http_400' });
  await expect.poll(() => [large.sockets.size, endless.sockets.size]).toEqual([0, 0]);
});

test('a redirect is not followed, and Retry-After is passed on', async () => {
  const moved = await sendOnce(socket => socket.write(answerWith('', '307 Moved', 'location: /elsewhere\r\n')));
  expect(moved.outcome).toMatchObject({ class: 'account_error', code: 'http_307' });
  expect(moved.requests).toHaveLength(1);
  const busy = await sendOnce(socket => socket.write(answerWith('', '429 Slow down', 'retry-after: 7\r\n')));
  expect(busy.outcome).toMatchObject({ class: 'throttled', waitMs: 7_000 });
});

test('a kept connection that breaks under a call repeats nothing', async () => {
  const { url, requests } = await listen((socket, count) => {
    if (count === 1) socket.write(answerWith(accepted));
    else socket.resetAndDestroy();
  });
  const endpoint = endpointOf(() => url);
  expect(await send(endpoint, outgoing, 'token')).toMatchObject({ class: 'accepted' });
  expect(await send(endpoint, outgoing, 'token')).toMatchObject({ class: 'unknown' });
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(requests).toHaveLength(2);
});

test('after the request was written, the deadline leaves it unknown and closes the connection', async () => {
  const { outcome, requests, sockets } = await sendOnce(() => {}, 50);
  expect(outcome).toMatchObject({ class: 'unknown', code: 'timeout' });
  expect(requests).toHaveLength(1);
  await expect.poll(() => sockets.size).toBe(0);
});

/** A resolver that answers late. */
const lookUp =
  (failure?: Error): LookupFunction =>
  (_name, _options, callback) =>
    void setTimeout(() => callback(failure ?? null, [{ address: '127.0.0.1', family: 4 }]), 100);

test('a call that is past its deadline as it gets its connection is not written', async () => {
  const { url, requests } = await listen(socket => socket.write(answerWith(accepted)));
  const endpoint = endpointOf(() => url.replace('127.0.0.1', 'localhost'), 20, { lookup: lookUp() });
  expect(await send(endpoint, outgoing, 'token')).toMatchObject({ class: 'unknown', code: 'timeout' });
  expect(requests).toEqual([]);
});

test('a call that gets no connection was not sent, also past its deadline', async () => {
  const failure = Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
  const endpoint = endpointOf(() => 'http://localhost:1', 20, { lookup: lookUp(failure) });
  expect(await send(endpoint, outgoing, 'token')).toMatchObject({ class: 'not_sent', code: 'EAI_AGAIN' });
});

test.each(['not an address', 'ftp://127.0.0.1/v25.0'])('%s as the address ends the call at once', async address => {
  expect(
    await send(
      endpointOf(() => address),
      outgoing,
      'token',
    ),
  ).toMatchObject({ class: 'unknown' });
});

test('a token that no header can carry ends the call at once, and so does an agent that is closed', async () => {
  const { url, requests } = await listen(socket => socket.write(answerWith(accepted)));
  const endpoint = endpointOf(() => url);
  expect(await send({ ...endpoint, accessToken: 'a\nb' }, outgoing, 'token')).toMatchObject({
    class: 'unknown',
    code: 'UND_ERR_INVALID_ARG',
  });
  await endpoint.agent.destroy();
  expect(await send(endpoint, outgoing, 'token')).toMatchObject({ class: 'unknown', code: 'UND_ERR_DESTROYED' });
  expect(requests).toEqual([]);
});

test('the address is asked for at each call', async () => {
  const [first, second] = [
    await listen(socket => socket.write(answerWith(accepted))),
    await listen(socket => socket.write(answerWith(accepted))),
  ];
  const urls = [first.url, second.url];
  const endpoint = endpointOf(() => urls.shift() ?? first.url);
  for (let call = 0; call < 3; call++)
    expect(await send(endpoint, outgoing, 'token')).toMatchObject({ class: 'accepted' });
  expect([first.requests.length, second.requests.length]).toEqual([2, 1]);
});
