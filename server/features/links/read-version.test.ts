// The current version of WhatsApp Web, from a server of this machine.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCurrentVersion, versionAddress } from './read-version.ts';

let answer: { status: number; text: string };
const server = createServer((request, response) => {
  if (request.url === '/sw.js') response.writeHead(answer.status).end(answer.text);
  else response.writeHead(404).end();
});
let url: string;
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/chat`;
});
afterAll(() => server.close());

test('it comes from the server that sessions connect to', () => {
  expect(versionAddress('wss://web.whatsapp.com/ws/chat')).toBe('https://web.whatsapp.com/sw.js');
  expect(versionAddress('ws://127.0.0.1:1234/ws/chat')).toBe('http://127.0.0.1:1234/sw.js');
});

test.each(['x={"client_revision":1043857760,"y":1}', 'x="{\\"client_revision\\": 1043857760}"'])(
  'it is read from %s',
  async text => {
    answer = { status: 200, text };
    expect(await readCurrentVersion(url)).toBe('2.3000.1043857760');
  },
);

test.each([
  [200, 'no version'],
  [200, '{"client_revision":12345678901234567890}'],
  [503, '{"client_revision":1043857760}'],
])('an answer with %i and %s tells none', async (status, text) => {
  answer = { status, text };
  await expect(readCurrentVersion(url)).rejects.toThrow(/WhatsApp/);
});
