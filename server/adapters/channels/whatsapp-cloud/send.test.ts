// One call: its deadline, the timer that must end with the call, and the request that it sends.
import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { whatsAppCloud } from './index.ts';

const outgoing = { numberId: '1', to: '+33612000000', type: 'text', content: { body: 'Hello' } } as const;

async function openChannel(deadlineMs: number, answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const secrets = { accessToken: 'a', appSecret: 'b', verifyToken: 'c', userAgent: 'recado/test' };
  const channel = whatsAppCloud({ ...secrets, baseUrl: () => `http://127.0.0.1:${port}`, deadlineMs });
  onTestFinished(async () => {
    await channel.close();
    server.closeAllConnections();
    server.close();
  });
  return channel;
}

test('an answer that comes to no end is cut off at the deadline, as unknown', async () => {
  const channel = await openChannel(50, (_request, response) => {
    response.write('{"messages":');
  });
  expect(await channel.send(outgoing, 'token')).toMatchObject({ class: 'unknown', code: 'timeout' });
});

test('no timer of a call is left once it is over', async () => {
  const deadlineMs = 12_345;
  const channel = await openChannel(deadlineMs, (_request, response) => {
    response.end('{"messages":[{"id":"wamid.1"}]}');
  });
  const timers = new Set<number>();
  let begun = 0;
  const hook = createHook({
    init(id, type, _trigger, resource: { _idleTimeout?: number }) {
      if (type !== 'Timeout' || resource._idleTimeout !== deadlineMs) return;
      begun++;
      timers.add(id);
    },
    destroy: id => void timers.delete(id),
  }).enable();
  onTestFinished(() => void hook.disable());
  expect(await channel.send(outgoing, 'token')).toEqual({ class: 'accepted', channelMessageId: 'wamid.1' });
  // undici reports these in the next turn of the event loop.
  await new Promise(resolve => setImmediate(resolve));
  expect([begun, timers.size]).toEqual([1, 0]);
});

test('responses of the channel can be stored, with any characters', async () => {
  let answer = { status: 400, body: JSON.stringify({ error: { code: 131026, message: 'No \u0000 \ud800 person' } }) };
  const channel = await openChannel(5_000, (_request, response) => {
    response.writeHead(answer.status).end(answer.body);
  });
  expect(await channel.send(outgoing, 'token')).toEqual({
    class: 'rejected',
    code: '131026',
    title: 'No \ufffd \ufffd person',
  });
  answer = { status: 200, body: JSON.stringify({ messages: [{ id: 'wamid.\u0000' }] }) };
  expect(await channel.send(outgoing, 'token')).toEqual({ class: 'accepted', channelMessageId: 'wamid.\ufffd' });
});
