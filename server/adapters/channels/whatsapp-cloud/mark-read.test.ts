// What a response to a read mark means: only a permanent rejection drops it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { whatsAppCloud } from './index.ts';

/** The result of marking a message as read when the Graph API responds like this. */
async function markUnder(httpStatus: number, body: string) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(httpStatus).end(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const secrets = { accessToken: 'a', appSecret: 'b', verifyToken: 'c', userAgent: 'recado/test' };
  const channel = whatsAppCloud({ ...secrets, baseUrl: () => `http://127.0.0.1:${port}`, deadlineMs: 5_000 });
  onTestFinished(async () => {
    await channel.close();
    server.closeAllConnections();
    server.close();
  });
  return channel.markRead('1', 'wamid.1');
}

const error = (code: number, more: object = {}) => JSON.stringify({ error: { code, message: 'No.', ...more } });

test.each([
  ['a limit of the account', 400, error(130429), 'try_again'],
  ['a limit of the business account', 400, error(80007), 'try_again'],
  ['a limit of the app', 400, error(4), 'try_again'],
  ['a token that is over, whatever the status', 400, error(190), 'try_again'],
  ['a permission that is missing', 403, error(10), 'try_again'],
  ['a number that the token may not use', 400, error(100, { error_subcode: 33 }), 'try_again'],
  ['an account that is locked', 403, error(131031), 'try_again'],
  ['something that broke', 500, error(131000), 'try_again'],
  ['a page of a proxy', 302, '<p>Sorry', 'try_again'],
  ['a message that is not known', 400, error(100), 'rejected'],
  ['a value that is wrong', 400, error(131009), 'rejected'],
  ['success', 200, '{"success":true}', 'done'],
])('%s', async (_what, httpStatus, body, word) => {
  expect(await markUnder(httpStatus, body)).toBe(word);
});
