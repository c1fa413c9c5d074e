// What a broken connection proves about a call: it never began, or its outcome is unknown.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { lookup } from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type LookupFunction, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { openAgent } from './agent.ts';
import { failureOf } from './call.ts';
import { send } from './send.ts';

const name = { accessToken: 'a', userAgent: 'recado/test' };
const outgoing = { numberId: '1', to: '+33612000000', type: 'text', content: { body: 'Hello' } } as const;

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const list = (...parts: Uint8Array[]) => der(0x30, ...parts);
const hex = (text: string) => Buffer.from(text, 'hex');

/** A self-signed certificate for localhost. */
function makeCertificate() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = list(der(6, hex('2a8648ce3d040302')));
  const name = list(der(0x31, list(der(6, hex('550403')), der(0x0c, Buffer.from('localhost')))));
  const always = list(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')));
  const alternativeName = list(der(6, hex('551d11')), der(4, list(der(0x82, Buffer.from('localhost')))));
  const body = list(
    der(0xa0, der(2, hex('02'))),
    der(2, hex('01'), randomBytes(8)),
    ecdsaWithSha256,
    name,
    always,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, list(alternativeName)),
  );
  const certificate = list(body, ecdsaWithSha256, der(3, hex('00'), sign('sha256', body, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Sends one message over TLS. After the request was read, `then` gets the raw TCP connection below TLS. */
async function sendOverTls(then: (below: Socket) => void, trusted = true) {
  const { key, cert } = makeCertificate();
  let read = 0;
  let below: Socket | undefined;
  const graph = createTlsServer({ key, cert }, socket => {
    socket.on('error', () => {});
    socket.on('data', () => {
      read++;
      if (below) then(below);
    });
  });
  graph.on('tlsClientError', () => {});
  const graphPort = await listen(graph);
  const between = createServer(socket => {
    below = socket;
    const onwards = connect(graphPort, '127.0.0.1');
    socket.pipe(onwards).pipe(socket);
    for (const each of [socket, onwards]) each.on('error', () => {}).on('close', () => onwards.destroy());
  });
  const port = await listen(between);
  const agent = openAgent(trusted ? { ca: cert } : {});
  onTestFinished(() => agent.destroy());
  const endpoint = { ...name, baseUrl: () => `https://localhost:${port}`, agent, deadlineMs: 5_000 };
  return { outcome: await send(endpoint, outgoing, 'token'), read };
}

test.each([
  ['a record that cannot be read', (below: Socket) => below.end(hex('1703030020'.padEnd(74, '0')))],
  ['an alert', (below: Socket) => below.end(hex('15030300020228'))],
  ['a reset', (below: Socket) => below.resetAndDestroy()],
])('after the request was read, %s leaves it unknown', async (_name, breakIt) => {
  const { outcome, read } = await sendOverTls(breakIt);
  expect(read).toBeGreaterThan(0);
  expect(outcome).toMatchObject({ class: 'unknown', title: 'The connection broke during the call.' });
});

test('an error of TLS says by its code alone not whether a request was in flight', () => {
  const error = Object.assign(new Error('decryption failed or bad record mac'), {
    code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  });
  expect(failureOf(error)).toMatchObject({ class: 'unknown', code: error.code });
});

test('a certificate that is not trusted is found before anything is sent', async () => {
  const { outcome, read } = await sendOverTls(() => {}, false);
  expect(read).toBe(0);
  expect(outcome).toMatchObject({ class: 'not_sent', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

test.each([
  ['nobody listens', async () => 'http://127.0.0.1:1', 'ECONNREFUSED'],
  ['nobody listens at either address of a name', async () => 'http://localhost:1', 'ECONNREFUSED'],
  ['the other side speaks no TLS', async () => `https://127.0.0.1:${await plain()}`, /^ERR_SSL_/],
  ['it hangs up before TLS', async () => `https://127.0.0.1:${await hangingUp()}`, 'ECONNRESET'],
  ['there is no such name', async () => 'http://name.invalid', 'ENOTFOUND'],
])('where %s, nothing was sent', async (_name, where, code) => {
  const agent = openAgent({ lookup: lookUp });
  onTestFinished(() => agent.destroy());
  const address = await where();
  const endpoint = { ...name, baseUrl: () => address, agent, deadlineMs: 5_000 };
  expect(await send(endpoint, outgoing, 'token')).toMatchObject({
    class: 'not_sent',
    code: expect.stringMatching(code),
  });
});

/** Resolves known names; for others it fails as the system resolver does, possibly late. */
const lookUp: LookupFunction = (name, options, callback) => {
  if (name === 'localhost') lookup(name, options, callback);
  else callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), []);
};

const plain = () =>
  listen(
    createServer(socket => {
      socket.on('error', () => {}).once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    }),
  );

const hangingUp = () =>
  listen(createServer(socket => socket.on('error', () => {}).once('data', () => socket.destroy())));
