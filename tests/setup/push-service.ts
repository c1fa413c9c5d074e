// A push service and a browser that subscribed to it: it takes what Recado posts, and reads it as only the browser can.
import { createDecipheriv, createECDH, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface TakenPush {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface PushService {
  /** `127.0.0.1` and its port. */
  host: string;
  taken: TakenPush[];
  /** What it answers from now on. */
  answer(status: number): void;
  /** A browser that subscribed. */
  browser(): FakeBrowser;
  close(): Promise<void>;
}

export interface FakeBrowser {
  subscription: { endpoint: string; keys: { p256dh: string; auth: string } };
  path: string;
  /** Reads what came for it, oldest first. Fails where it is for somebody else. */
  read(): Record<string, unknown>[];
}

/** Starts a push service. */
export async function startPushService(): Promise<PushService> {
  const taken: TakenPush[] = [];
  let status = 201;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      if (status < 300) taken.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the push service does not listen');
  const host = `127.0.0.1:${address.port}`;
  return {
    host,
    taken,
    answer(next) {
      status = next;
    },
    browser() {
      const keys = createECDH('prime256v1');
      const p256dh = keys.generateKeys('base64url');
      const auth = randomBytes(16);
      const path = `/send/${randomBytes(8).toString('hex')}`;
      return {
        subscription: { endpoint: `http://${host}${path}`, keys: { p256dh, auth: auth.toString('base64url') } },
        path,
        read: () => taken.filter(each => each.path === path).map(({ body }) => JSON.parse(decrypt(body, keys, auth))),
      };
    },
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}

const hmac = (key: Buffer, text: Buffer | string) => createHmac('sha256', key).update(text).digest();

/** RFC 8291, as a browser does it. */
function decrypt(body: Buffer, keys: ReturnType<typeof createECDH>, auth: Buffer): string {
  const [salt, length] = [body.subarray(0, 16), body.readUInt8(20)];
  const sender = body.subarray(21, 21 + length);
  const record = body.subarray(21 + length);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender, Buffer.from([1])]);
  const derived = hmac(salt, hmac(hmac(auth, keys.computeSecret(sender)), info));
  const part = (name: string) =>
    hmac(derived, Buffer.concat([Buffer.from(`Content-Encoding: ${name}\0`), Buffer.from([1])]));
  const decipher = createDecipheriv('aes-128-gcm', part('aes128gcm').subarray(0, 16), part('nonce').subarray(0, 12));
  decipher.setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  if (plain.at(-1) !== 2) throw new Error('the record has no end');
  return plain.subarray(0, -1).toString();
}
