// Every call has a User-Agent: without one, Meta serves no file.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { whatsAppCloud } from './index.ts';

test('all calls have the name of the program', async () => {
  const named: string[] = [];
  const server = createServer((request, response) => {
    named.push(`${request.method} ${request.url} ${request.headers['user-agent']}`);
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ url: `${base}/file`, file_size: 2, data: [] }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const secrets = { accessToken: 'a', appSecret: 'b', verifyToken: 'c' };
  const channel = whatsAppCloud({ ...secrets, baseUrl: () => base, userAgent: 'recado/1.2.3', deadlineMs: 5_000 });
  onTestFinished(async () => {
    await channel.close();
    server.closeAllConnections();
    server.close();
  });
  await channel.send({ numberId: '1', to: '+33612000000', type: 'text', content: { body: 'Hello' } }, 'token');
  await channel.markRead('1', 'wamid.1');
  const file = { stream: Readable.from(['ab']), size: 2, mimeType: 'text/plain', fileName: 'a.txt' };
  await channel.uploadMedia('1', { ...file, kind: 'document', isVoice: false });
  const found = await channel.fetchMedia('2');
  if (found.class === 'found') found.stream.destroy();
  expect(named.map(call => call.replace(/\?\S*/, ''))).toEqual([
    'POST /1/messages recado/1.2.3',
    'POST /1/messages recado/1.2.3',
    'POST /1/media recado/1.2.3',
    'GET /2 recado/1.2.3',
    'GET /file recado/1.2.3',
  ]);
});
