// The body of a call, and the number that Meta knows the recipient by.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { whatsAppCloud } from './index.ts';
import { messageBody } from './message-body.ts';

const hello = { numberId: '1', to: '+33612000000', type: 'text', content: { body: 'Hello' } } as const;

test('a number goes into `to`, a user id into `recipient`', () => {
  expect(messageBody(hello, 'token')).toEqual({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '+33612000000',
    type: 'text',
    text: { body: 'Hello' },
    biz_opaque_callback_data: 'token',
  });
  const hidden = messageBody({ ...hello, to: 'US.134912' }, 'token');
  expect(hidden).toMatchObject({ recipient: 'US.134912' });
  expect(hidden).not.toHaveProperty('to');
});

test('a quote names its message in the context, a reaction in its content', () => {
  expect(messageBody({ ...hello, target: 'wamid.1' }, 'token')).toMatchObject({ context: { message_id: 'wamid.1' } });
  const reaction = messageBody({ ...hello, type: 'reaction', content: { emoji: null }, target: 'wamid.1' }, 'token');
  expect(reaction).toMatchObject({ reaction: { message_id: 'wamid.1', emoji: '' } });
  expect(reaction).not.toHaveProperty('context');
});

test.each([
  ['the same number', '33612000000', undefined],
  ['another form of it', '33699000000', '+33699000000'],
  ['no number', 'somebody', undefined],
])('Meta answers with %s', async (_name, waId, phone) => {
  const server = createServer((_request, response) =>
    response.end(JSON.stringify({ contacts: [{ wa_id: waId }], messages: [{ id: 'wamid.1' }] })),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const channel = whatsAppCloud({
    accessToken: 'a',
    userAgent: 'recado/test',
    baseUrl: () => `http://127.0.0.1:${port}`,
    deadlineMs: 5_000,
  });
  onTestFinished(async () => {
    await channel.close();
    server.close();
  });
  expect(await channel.send(hello, 'token')).toEqual({
    class: 'accepted',
    channelMessageId: 'wamid.1',
    ...(phone !== undefined && { phone }),
  });
});
