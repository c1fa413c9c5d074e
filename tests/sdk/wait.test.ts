// Waits for messages: one stream for all, which ends with the last, and a look after each new connection.
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { Recado, WaitError } from '../../sdk/index.ts';
import { json, problem, serve, testTimers } from './server.ts';

type Served = Awaited<ReturnType<typeof serve>>;

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const message = (id: string, status: string, more: object = {}) => ({
  id,
  status,
  direction: 'outbound',
  error: null,
  ...more,
});
const frame = (id: string, type: string, of: object) =>
  `id: ${id}\ndata: ${JSON.stringify({ id, type, data: { message: of } })}\n\n`;

/** A server of messages, and their streams as they come. */
async function world(status: (id: string, streams: number) => object | undefined) {
  const streams: ServerResponse[] = [];
  let opened = () => {};
  served = await serve((response, _number, { url = '' }) => {
    if (url.startsWith('/api/v1/events/stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('id: evt_0\n\n');
      streams.push(response);
      return opened();
    }
    const id = url.slice('/api/v1/messages/'.length);
    const found = status(id, streams.length);
    json(response, found ? 200 : 404, found ?? problem(404, 'message_not_found'));
  });
  const timers = testTimers();
  return {
    recado: new Recado({ url: served.url, token: 'rcd_key' }, timers),
    timers,
    streams,
    async stream(number: number): Promise<ServerResponse> {
      while (streams.length <= number)
        await new Promise<void>(resolve => {
          opened = resolve;
        });
      return streams[number] as ServerResponse;
    },
  };
}

test('a status or a later one that it has already needs no stream', async () => {
  const { recado, streams } = await world(id => message(id, 'delivered'));
  expect(await recado.messages.waitFor('msg_1', 'sent')).toMatchObject({ status: 'delivered' });
  expect(streams).toEqual([]);
});

test('waits share one stream, which ends with the last of them', async () => {
  const { recado, stream, streams } = await world(id => message(id, 'queued'));
  const waits = ['msg_1', 'msg_2'].map(id => recado.messages.waitFor(id, 'read'));
  const its = await stream(0);
  its.write(frame('evt_1', 'message.sent', message('msg_1', 'sent')));
  its.write(frame('evt_2', 'message.read', message('msg_1', 'read')));
  expect(await waits[0]).toMatchObject({ id: 'msg_1', status: 'read' });
  const ended = new Promise(resolve => its.once('close', resolve));
  its.write(frame('evt_3', 'message.played', message('msg_2', 'played')));
  expect(await waits[1]).toMatchObject({ id: 'msg_2', status: 'played' });
  await ended;
  expect(streams.length).toBe(1);
  expect(served?.requests.find(({ url }) => url?.includes('stream'))?.url).toContain('message.read');
});

test('what happens before a stream is connected, and while it is away, is seen', async () => {
  const { recado, stream } = await world((id, streams) => message(id, streams > 1 ? 'read' : 'queued'));
  const wait = recado.messages.waitFor('msg_1', 'read');
  (await stream(0)).destroy();
  expect(await wait).toMatchObject({ status: 'read' });
});

test('a log that has lost the last event begins the stream anew', async () => {
  const { recado, stream } = await world((id, streams) => message(id, streams > 1 ? 'read' : 'queued'));
  const wait = recado.messages.waitFor('msg_1', 'read');
  (await stream(0)).end('event: resync_required\ndata: {"reason":"not_found","last_id":null}\n\n');
  expect(await wait).toMatchObject({ status: 'read' });
});

test.each([
  [
    'failed',
    { error: { code: 'x', title: 'No such number.' } },
    'message_failed',
    'The message is failed. No such number.',
  ],
  ['expired', {}, 'message_expired', 'The message is expired.'],
  [
    'received',
    { direction: 'inbound' },
    'message_inbound',
    'A person sent this message to you. It has no such status.',
  ],
])('a message that is %s ends the wait with a reason', async (status, more, code, text) => {
  const { recado } = await world(id => message(id, status, more));
  const error = await recado.messages.waitFor('msg_1', 'read').catch(thrown => thrown);
  expect(error).toBeInstanceOf(WaitError);
  expect(error).toMatchObject({ code, message: text, current: { status } });
});

test('a wait that takes too long says what the message is', async () => {
  const { recado, timers, stream } = await world(id => message(id, 'sent'));
  const wait = recado.messages.waitFor('msg_1', 'read', { timeout: 90_000 });
  const its = await stream(0);
  const ended = new Promise(resolve => its.once('close', resolve));
  void timers.fire(90_000);
  await expect(wait).rejects.toMatchObject({
    code: 'wait_timeout',
    message: 'The message is sent after 90000 ms, and not read.',
  });
  await ended;
});

test('a stream that the server rejects ends all waits', async () => {
  served = await serve((response, _number, { url = '' }) =>
    url.includes('stream')
      ? json(response, 403, problem(403, 'forbidden'))
      : json(response, 200, message(url.slice(-5), 'queued')),
  );
  const recado = new Recado({ url: served.url, token: 'rcd_key' }, testTimers());
  const waits = ['msg_1', 'msg_2'].map(id => recado.messages.waitFor(id, 'read').catch(({ code }) => code));
  expect(await Promise.all(waits)).toEqual(['forbidden', 'forbidden']);
});
