// The stream of events: frames in any pieces, and a resumption after each loss without gap or repetition.
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { AuthenticationError, InvalidRequestError, Recado, ResyncRequiredError } from '../../sdk/index.ts';
import { readFrames } from '../../sdk/sse.ts';
import { streamEvents } from '../../sdk/stream.ts';
import { Transport } from '../../sdk/transport.ts';
import { json, problem, type Received, serve, type TestTimers, testTimers } from './server.ts';

type Served = Awaited<ReturnType<typeof serve>>;

let served: Served | undefined;
let timers: TestTimers;

afterEach(async () => {
  await served?.close();
  served = undefined;
});

type Query = Parameters<typeof streamEvents>[2] & { types?: string[] };
type Options = Parameters<typeof streamEvents>[3];

/** The stream of a server, which a test reads itself. */
async function open(respond: Parameters<typeof serve>[0], query: Query = {}, options: Options = {}) {
  served = await serve(respond);
  timers = testTimers();
  const transport = new Transport({ url: served.url, token: 'rcd_key' }, timers);
  return streamEvents(transport, '/api/v1/events/stream', query, options);
}

const begin = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const frame = (id: string) => `id: ${id}\ndata: ${JSON.stringify({ id, type: 'contact.created' })}\n\n`;

/** The ids of the next events. */
async function take(stream: AsyncGenerator<{ id: string }>, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push((await stream.next()).value?.id ?? 'end');
  return ids;
}

const afterOf = ({ url }: Received) => new URL(url ?? '', 'http://localhost').searchParams.get('after');

describe('frames', () => {
  const text = [
    ': a comment\n\n',
    'id: 1\r\nevent: resync_required\r\ndata: {"a":\r\ndata: "é✓😀"}\r\n\r\n',
    'data\n\n',
    'id:2\ndata:no space\nretry: 10\n\n',
    '\n\nid: 3\rdata: old Mac\r\r',
    'data: not ended',
  ].join('');
  const whole = [
    {},
    { event: 'resync_required', id: '1', data: '{"a":\n"é✓😀"}' },
    { data: '' },
    { id: '2', data: 'no space', retry: 10 },
    { id: '3', data: 'old Mac' },
  ];

  test.each([1, 2, 3, 5, 1_000])('are the same in pieces of %d bytes', async size => {
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const frames: unknown[] = [];
    for await (const each of readFrames(body, read => read)) frames.push(each);
    expect(frames).toEqual(whole);
  });
});

test('it asks with its filters, and gives the events of the wire', async () => {
  const query = { types: ['message.*', 'contact.created'], after: 'evt_0' };
  const stream = await open(response => begin(response).write(frame('evt_1')), query);
  expect(await take(stream, 1)).toEqual(['evt_1']);
  await stream.return();
  expect(served?.requests[0]?.url).toBe('/api/v1/events/stream?types=message.*%2Ccontact.created&after=evt_0');
  expect(served?.requests[0]?.headers).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer rcd_key' });
});

test('it tells that the rights of the caller changed', async () => {
  let changes = 0;
  const stream = await open(
    response => begin(response).write(`event: access_changed\ndata: {"role":"viewer"}\n\n${frame('evt_1')}`),
    {},
    {
      onAccessChange: () => {
        changes++;
      },
    },
  );
  expect(await take(stream, 1)).toEqual(['evt_1']);
  expect(changes).toBe(1);
  await stream.return();
});

describe('a lost connection', () => {
  test('is resumed behind the last event that the caller got', async () => {
    const seen: unknown[] = [];
    const stream = await open(
      (response, number) => {
        begin(response).write(frame(`evt_${2 * number}`) + frame(`evt_${2 * number + 1}`));
        // Half a frame was not an event yet.
        response.write('id: evt_99\ndata: {"id":', () => response.destroy());
      },
      {},
      {
        onConnect: () => seen.push('connected'),
        onDisconnect: error => seen.push((error as { code: string }).code),
      },
    );
    expect(await take(stream, 7)).toEqual(['evt_0', 'evt_1', 'evt_2', 'evt_3', 'evt_4', 'evt_5', 'evt_6']);
    expect(served?.requests.map(afterOf)).toEqual([null, 'evt_1', 'evt_3', 'evt_5']);
    expect(timers.waits).toEqual([500, 500, 500]);
    expect(seen).toEqual([...Array(3).fill(['connected', 'connection_failed']), 'connected'].flat());
    await stream.return();
  });

  test('before the first event is resumed from the position that the server told', async () => {
    const stream = await open((response, number) =>
      number === 0 ? begin(response).end('id: evt_41\n\n') : begin(response).write(frame('evt_42')),
    );
    expect(await take(stream, 1)).toEqual(['evt_42']);
    expect(served?.requests.map(afterOf)).toEqual([null, 'evt_41']);
    await stream.return();
  });

  test('is resumed no sooner than the server asks', async () => {
    const stream = await open((response, number) => {
      begin(response).write('retry: 1700\n\n');
      if (number > 2) response.write(frame('evt_1'));
      else response.end('event: closed\ndata: {"code":"unavailable","detail":"Connect again."}\n\n');
    });
    expect(await take(stream, 1)).toEqual(['evt_1']);
    expect(timers.waits).toEqual([1_700, 1_700, 2_000]);
    await stream.return();
  });

  test('is tried again for ever, more and more slowly, and after Retry-After', async () => {
    const stream = await open((response, number) => {
      if (number < 9) json(response, 503, problem(503, 'unavailable'));
      else if (number === 9) json(response, 429, problem(429, 'rate_limited'), { 'retry-after': '29' });
      else begin(response).write(frame('evt_1'));
    });
    expect(await take(stream, 1)).toEqual(['evt_1']);
    expect(timers.waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000, 29_000]);
    await stream.return();
  });

  test('is waited for as the caller likes', async () => {
    const asked: unknown[] = [];
    const pause = async (ms: number, error: unknown) => void asked.push([ms, (error as Error).name]);
    const respond: Parameters<typeof serve>[0] = (response, number) =>
      number < 2 ? json(response, 503, problem(503, 'unavailable')) : begin(response).write(frame('evt_1'));
    const stream = await open(respond, {}, { pause });
    expect(await take(stream, 1)).toEqual(['evt_1']);
    expect(asked).toEqual([
      [500, 'ServerError'],
      [1_000, 'ServerError'],
    ]);
    expect(timers.waits).toEqual([]);
    await stream.return();
  });

  test('is one that says nothing for as long as the caller allows', async () => {
    const lost: unknown[] = [];
    const stream = await open(
      (response, number) => begin(response).write(number === 0 ? ': hello\n\n' : frame('evt_1')),
      {},
      { silence: 31_000, onDisconnect: error => lost.push((error as Error).name) },
    );
    const first = take(stream, 1);
    await timers.fire(31_000);
    expect(await first).toEqual(['evt_1']);
    expect(lost).toEqual(['TimeoutError']);
    await stream.return();
  });

  test('is one that says nothing for 45 seconds', async () => {
    const stream = await open((response, number) => {
      begin(response).write(number === 0 ? ': hello\n\n' : frame('evt_1'));
    });
    const first = take(stream, 1);
    await timers.fire(45_000);
    expect(await first).toEqual(['evt_1']);
    expect(served?.requests).toHaveLength(2);
    await stream.return();
  });

  test('is not one whose events the caller takes slowly', async () => {
    const stream = await open(response => begin(response).write(frame('evt_1') + frame('evt_2')));
    expect(await take(stream, 1)).toEqual(['evt_1']);
    expect(timers.running()).toEqual([]);
    expect(await take(stream, 1)).toEqual(['evt_2']);
    expect(served?.requests).toHaveLength(1);
    await stream.return();
  });
});

describe('an end', () => {
  test('is an event that the log no longer has, told before the stream or in it', async () => {
    const early = await open(response => json(response, 410, problem(410, 'resync_required')), {
      after: 'evt_old',
    });
    await expect(early.next()).rejects.toThrow(ResyncRequiredError);
    await served?.close();
    const late = await open(response =>
      begin(response).end('id: evt_9\nevent: resync_required\ndata: {"reason":"not_found","last_id":"evt_9"}\n\n'),
    );
    await expect(late.next()).rejects.toMatchObject({ name: 'ResyncRequiredError', lastId: 'evt_9' });
    expect(served?.requests).toHaveLength(1);
  });

  test.each([
    [401, AuthenticationError],
    [400, InvalidRequestError],
  ])('is a rejection with %d', async (status, Class) => {
    const stream = await open(response => json(response, status, problem(status, 'the_code')));
    await expect(stream.next()).rejects.toThrow(Class);
    expect(served?.requests).toHaveLength(1);
  });

  test('comes with the signal, and closes the connection', async () => {
    let isClosed = () => {};
    const closed = new Promise<void>(resolve => {
      isClosed = resolve;
    });
    const stop = new AbortController();
    const stream = await open(
      response => {
        response.once('close', isClosed);
        begin(response).write(frame('evt_1'));
      },
      {},
      { signal: stop.signal },
    );
    expect(await take(stream, 1)).toEqual(['evt_1']);
    const next = expect(stream.next()).rejects.toThrow('enough');
    stop.abort(new Error('enough'));
    await next;
    await closed;
  });

  test('comes with a break, and closes the connection', async () => {
    let isClosed = () => {};
    const closed = new Promise<void>(resolve => {
      isClosed = resolve;
    });
    const stream = await open(response => {
      response.once('close', isClosed);
      begin(response).write(frame('evt_1') + frame('evt_2'));
    });
    for await (const event of stream) {
      expect(event.id).toBe('evt_1');
      break;
    }
    await closed;
  });
});

test('events of names that this version does not know are left out', async () => {
  const stream = await open(response => begin(response).write(`event: later\n${frame('evt_1')}${frame('evt_2')}`));
  expect(await take(stream, 1)).toEqual(['evt_2']);
  await stream.return();
});

describe('a poll', () => {
  const answers = [
    { data: [{ id: 'evt_1' }, { id: 'evt_2' }], has_more: true, last_id: 'evt_2' },
    // The messages of these events are gone.
    { data: [], has_more: true, last_id: 'evt_7' },
    { data: [], has_more: false, last_id: 'evt_7' },
    { data: [{ id: 'evt_8' }], has_more: false, last_id: 'evt_8' },
  ];

  test('reads on behind each page, and through failures of any number', async () => {
    served = await serve((response, number) => {
      if (number >= 4 && number < 12) json(response, 503, problem(503, 'unavailable'));
      else json(response, 200, answers[number < 4 ? number : 3]);
    });
    timers = testTimers();
    const recado = new Recado({ url: served.url }, timers);
    const events = recado.events.poll({ types: ['message.*'] });
    expect(await take(events, 4)).toEqual(['evt_1', 'evt_2', 'evt_8', 'evt_8']);
    expect(served.requests.slice(0, 5).map(afterOf)).toEqual([null, 'evt_2', 'evt_7', 'evt_7', 'evt_8']);
    expect(served.requests[0]?.url).toBe('/api/v1/events?wait=30&types=message.*');
    expect(served.requests).toHaveLength(13);
    expect(timers.waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000]);
    await events.return();
  });

  test('has the timeout beside the wait, and ends where the log lost the event', async () => {
    let isAsked = () => {};
    const asked = new Promise<void>(resolve => {
      isAsked = resolve;
    });
    served = await serve((response, number) => {
      if (number === 0) isAsked();
      else json(response, 410, problem(410, 'resync_required'));
    });
    timers = testTimers();
    const recado = new Recado({ url: served.url }, timers);
    const next = expect(recado.events.poll({ after: 'evt_old' }).next()).rejects.toThrow(ResyncRequiredError);
    await asked;
    await timers.fire(60_000);
    await next;
    expect(served.requests).toHaveLength(2);
  });
});
