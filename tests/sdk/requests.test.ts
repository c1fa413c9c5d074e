// Requests of the client: headers, errors as classes, and what is repeated.
import { afterEach, describe, expect, test } from 'vitest';
import {
  ApiError,
  AuthenticationError,
  ConflictError,
  ConnectionError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  Recado,
  type RecadoOptions,
  ResyncRequiredError,
  ServerError,
  TimeoutError,
} from '../../sdk/index.ts';
import { json, problem, serve, type TestTimers, testTimers } from './server.ts';

type Served = Awaited<ReturnType<typeof serve>>;

let served: Served;
let timers: TestTimers;

async function open(respond: Parameters<typeof serve>[0], options: Partial<RecadoOptions> = {}): Promise<Recado> {
  served = await serve(respond);
  timers = testTimers();
  return new Recado({ url: served.url, token: 'rcd_key', ...options }, timers);
}

afterEach(() => served.close());

const message = { account_id: 'acc_1', to: '+12025550123', type: 'text', text: { body: 'Hello!' } } as const;
const page = (data: unknown[], next: string | null = null) => ({
  data,
  page: { next_cursor: next, has_more: next !== null, total: data.length },
});

describe('a request', () => {
  test('carries the token, the body and a key of its own', async () => {
    const recado = await open((response, number) => json(response, 202, { id: `msg_${number}` }));
    expect(await recado.messages.send(message)).toEqual({ id: 'msg_0' });
    await recado.messages.send(message);
    await recado.messages.send(message, { idempotencyKey: 'mine', headers: { 'x-request-id': 'r7' } });
    const [first, second, third] = served.requests;
    expect(first).toMatchObject({ method: 'POST', url: '/api/v1/messages', body: JSON.stringify(message) });
    expect(first?.headers).toMatchObject({ authorization: 'Bearer rcd_key', 'content-type': 'application/json' });
    expect(first?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.headers['idempotency-key']).not.toBe(first?.headers['idempotency-key']);
    expect(third?.headers).toMatchObject({ 'idempotency-key': 'mine', 'x-request-id': 'r7' });
  });

  test('has a query without what is undefined, and times and lists as text', async () => {
    const recado = await open(response => json(response, 200, page([])));
    const from = new Date('2026-11-28T00:00:00Z');
    await recado.messages.list({ status: ['failed', 'expired'], from, account_id: undefined, limit: 5 }).page();
    expect(served.requests[0]?.url).toBe(
      '/api/v1/messages?status=failed%2Cexpired&from=2026-11-28T00%3A00%3A00.000Z&limit=5',
    );
  });

  test('escapes ids, and rejects empty ones', async () => {
    const recado = await open(response => json(response, 200, {}));
    await recado.messages.get('a/b?c');
    expect(served.requests[0]?.url).toBe('/api/v1/messages/a%2Fb%3Fc');
    expect(() => recado.messages.get('')).toThrow('must not be empty');
  });

  test('of a browser with cookies carries the CSRF token where it changes something', async () => {
    const recado = await open(response => response.writeHead(204).end(), { token: undefined, csrfToken: () => 'csrf' });
    expect(await recado.media.delete('med_1')).toBeUndefined();
    await recado.me.get();
    expect(served.requests.map(({ headers }) => [headers.authorization, headers['x-csrf-token']])).toEqual([
      [undefined, 'csrf'],
      [undefined, undefined],
    ]);
  });

  test('sends a file as a form with its name', async () => {
    const recado = await open(response => json(response, 201, { id: 'med_1' }));
    const file = new Blob(['%PDF'], { type: 'application/pdf' });
    await recado.media.upload({ file, filename: 'menu.pdf', kind: 'document' });
    await recado.media.upload({ link: 'https://example.com/menu.pdf' });
    const [form, link] = served.requests;
    expect(form?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(form?.body).toMatch(/name="kind"\r\n\r\ndocument[\s\S]*name="file"; filename="menu.pdf"[\s\S]*%PDF/);
    expect(form?.headers['idempotency-key']).toBeDefined();
    expect(link?.body).toBe('{"link":"https://example.com/menu.pdf"}');
  });

  test('gives bytes as a response of fetch', async () => {
    const recado = await open(response => response.writeHead(206, { 'content-type': 'image/png' }).end('PNG'));
    const answer = await recado.media.download('med_1', {}, { headers: { range: 'bytes=0-2' } });
    expect([answer.status, await answer.text()]).toEqual([206, 'PNG']);
    expect(served.requests[0]?.headers.range).toBe('bytes=0-2');
  });
});

describe('a list', () => {
  test('gives all items of all pages, or a page', async () => {
    const pages = [page([1, 2], 'two'), page([3], 'three'), page([4])];
    const recado = await open((response, number) => json(response, 200, pages[number % 3]));
    const list = recado.messages.list({ offset: 10, direction: 'inbound' });
    const items: unknown[] = [];
    for await (const item of list) items.push(item);
    expect(items).toEqual([1, 2, 3, 4]);
    expect(served.requests.map(({ url }) => url)).toEqual([
      '/api/v1/messages?offset=10&direction=inbound',
      '/api/v1/messages?direction=inbound&cursor=two',
      '/api/v1/messages?direction=inbound&cursor=three',
    ]);
    expect((await list.page()).page.next_cursor).toBe('two');
  });

  test('asks for no page that nobody wants', async () => {
    const recado = await open(response => json(response, 200, page(['a', 'b'], 'next')));
    expect(await recado.contacts.list().toArray(2)).toEqual(['a', 'b']);
    expect(served.requests).toHaveLength(1);
    expect(await recado.contacts.list().toArray(3)).toEqual(['a', 'b', 'a']);
    expect(served.requests).toHaveLength(3);
    expect(await recado.contacts.list().toArray(0)).toEqual([]);
    expect(served.requests).toHaveLength(3);
  });
});

describe('an error', () => {
  test.each([
    [400, InvalidRequestError],
    [401, AuthenticationError],
    [403, PermissionError],
    [404, NotFoundError],
    [409, ConflictError],
    [410, NotFoundError],
    [413, InvalidRequestError],
    [422, InvalidRequestError],
    [429, RateLimitError],
    [500, ServerError],
    [503, ServerError],
  ])('of status %d has its class', async (status, Class) => {
    const errors = [{ field: 'to', message: 'Is missing.' }];
    const recado = await open(
      response =>
        json(response, status, problem(status, 'the_code', { errors, last_id: 'imp_1' }), { 'retry-after': '7' }),
      { retries: 0 },
    );
    const error = await recado.messages.send(message).catch(thrown => thrown);
    expect(error).toBeInstanceOf(Class);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      name: Class.name,
      message: 'Detail of the_code.',
      title: 'Title of the_code.',
      status,
      code: 'the_code',
      errors,
      requestId: 'r1',
      retryAfter: 7,
      lastId: 'imp_1',
    });
  });

  test('of a log that lost the event has a class of its own', async () => {
    const recado = await open(response => json(response, 410, problem(410, 'resync_required')));
    await expect(recado.me.get()).rejects.toThrow(ResyncRequiredError);
  });

  test('of a proxy shows what it said', async () => {
    const recado = await open(response => response.writeHead(502).end('<h1>Bad gateway</h1>'), { retries: 0 });
    const error = await recado.me.get().catch(thrown => thrown);
    expect(error).toMatchObject({ code: 'unexpected_answer', status: 502, errors: [], requestId: undefined });
    expect(error.message).toContain('<h1>Bad gateway</h1>');
  });

  test('of an answer that is no JSON says so, and is not repeated', async () => {
    const recado = await open(response => response.writeHead(200).end('<h1>Hello</h1>'));
    await expect(recado.me.get()).rejects.toMatchObject({ code: 'unexpected_answer' });
    expect(served.requests).toHaveLength(1);
  });

  test('of a server that is not there names the reason', async () => {
    const recado = await open(() => {}, { retries: 0 });
    await served.close();
    const error = await recado.me.get().catch(thrown => thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toMatch(/GET http:.*\/api\/v1\/me failed: .*ECONNREFUSED/);
    served = await serve(() => {});
  });
});

describe('a repetition', () => {
  test('has the same key, and waits longer each time', async () => {
    const recado = await open((response, number) =>
      number < 3 ? json(response, 503, problem(503, 'unavailable')) : json(response, 202, { id: 'msg_1' }),
    );
    expect(await recado.messages.send(message)).toEqual({ id: 'msg_1' });
    expect(new Set(served.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(timers.waits).toEqual([500, 1_000, 2_000]);
  });

  test('follows a lost answer of a request that can be repeated', async () => {
    const recado = await open((response, number) => {
      if (number === 0) response.destroy();
      else json(response, 202, { id: 'msg_1' });
    });
    await recado.messages.send(message);
    expect(served.requests).toHaveLength(2);
  });

  test('does not follow where the first request may have done something', async () => {
    const recado = await open(response => response.destroy());
    await expect(recado.messages.cancel('msg_1')).rejects.toThrow(ConnectionError);
    await expect(recado.contacts.update('con_1', { name: 'Ana' })).rejects.toThrow(ConnectionError);
    await expect(recado.contacts.delete('con_1')).rejects.toThrow(ConnectionError);
    expect(served.requests).toHaveLength(3);
  });

  test.each([
    [429, 'rate_limited'],
    [409, 'contact_busy'],
  ])('of any request follows %d with Retry-After, after that time', async (status, code) => {
    const recado = await open((response, number) =>
      number === 0
        ? json(response, status, problem(status, code), { 'retry-after': '7' })
        : json(response, 200, { id: 'msg_1' }),
    );
    await recado.messages.cancel('msg_1');
    expect(timers.waits).toEqual([7_000]);
  });

  test.each([
    [400, '1'],
    [404, undefined],
    [409, undefined],
    [422, undefined],
    [429, '61'],
  ])('does not follow %d with Retry-After %s', async (status, retryAfter) => {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    const recado = await open(response => json(response, status, problem(status, 'the_code'), headers));
    await expect(recado.messages.send(message)).rejects.toThrow(ApiError);
    expect(served.requests).toHaveLength(1);
  });

  test('ends after the number of retries', async () => {
    const recado = await open(response => json(response, 500, problem(500, 'internal_error')), { retries: 2 });
    await expect(recado.me.get()).rejects.toThrow(ServerError);
    expect(served.requests).toHaveLength(3);
    await expect(recado.me.get({ retries: 0 })).rejects.toThrow(ServerError);
    expect(served.requests).toHaveLength(4);
  });

  test('with new credentials follows a 401 once', async () => {
    let token = 'old';
    const recado = await open(
      (response, _number, { headers }) =>
        headers.authorization === 'Bearer new'
          ? json(response, 200, { id: 'msg_1' })
          : json(response, 401, problem(401, 'unauthorized')),
      {
        token: () => token,
        onUnauthorized: () => {
          token = token === 'old' ? 'middle' : 'new';
          return true;
        },
      },
    );
    await expect(recado.messages.cancel('msg_1')).rejects.toThrow(AuthenticationError);
    expect(served.requests).toHaveLength(2);
    await recado.messages.cancel('msg_1');
    expect(served.requests).toHaveLength(4);
  });

  test('after a 401 asks for new credentials with the time of the request, but not at a login', async () => {
    const asked: number[] = [];
    const recado = await open(response => json(response, 401, problem(401, 'unauthorized')), {
      onUnauthorized: sentAt => {
        asked.push(sentAt.getTime());
        return false;
      },
    });
    await expect(recado.auth.logIn({ email: 'a@example.com', password: 'wrong' })).rejects.toThrow(AuthenticationError);
    await expect(recado.auth.refreshSession()).rejects.toThrow(AuthenticationError);
    expect(asked).toEqual([]);
    const sentAt = timers.now();
    await expect(recado.me.get()).rejects.toThrow(AuthenticationError);
    expect(asked).toEqual([sentAt]);
  });
});

describe('an end', () => {
  test('comes with the timeout', async () => {
    const recado = await open(() => {}, { retries: 0 });
    const call = recado.me.get();
    const outcome = expect(call).rejects.toThrow(TimeoutError);
    await timers.fire(30_000);
    await outcome;
  });

  test('comes to an upload after 15 minutes', async () => {
    const recado = await open(() => {}, { retries: 0, timeout: 31_000 });
    const outcome = expect(recado.media.upload({ file: new Blob(['x']) })).rejects.toThrow(TimeoutError);
    await timers.fire(900_000);
    await outcome;
  });

  test('comes while the body is read', async () => {
    const recado = await open(response => response.writeHead(200).write('{"half":'), { retries: 0 });
    const outcome = expect(recado.me.get({ timeout: 31_000 })).rejects.toThrow(TimeoutError);
    await timers.fire(31_000);
    await outcome;
  });

  test('comes with the signal, with its reason, at any time', async () => {
    const recado = await open(response => json(response, 500, problem(500, 'internal_error')));
    await expect(recado.me.get({ signal: AbortSignal.abort(new Error('early')) })).rejects.toThrow('early');
    expect(served.requests).toHaveLength(0);
    const during = new AbortController();
    timers.after = ms => {
      if (ms < 30_000) setImmediate(() => during.abort(new Error('while it waits')));
      return () => {};
    };
    await expect(recado.me.get({ signal: during.signal })).rejects.toThrow('while it waits');
    expect(served.requests).toHaveLength(1);
  });

  test('of a download comes with the signal too', async () => {
    const recado = await open(response => response.writeHead(200).write('half'));
    const stop = new AbortController();
    const answer = await recado.media.download('med_1', {}, { signal: stop.signal });
    const rest = expect(answer.text()).rejects.toThrow('enough');
    stop.abort(new Error('enough'));
    await rest;
  });
});

test('an address without a scheme is rejected at once', async () => {
  served = await serve(() => {});
  expect(() => new Recado({ url: 'localhost:3000' })).toThrow('`url` must begin with http:// or https://.');
});
