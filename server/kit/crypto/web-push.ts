// Web Push: encrypts what only one browser can read (RFC 8291), and signs who sends it (VAPID, RFC 8292).
import { createCipheriv, createECDH, createHmac, createPrivateKey, randomBytes, sign } from 'node:crypto';

const curve = 'prime256v1';
const publicBytes = 65;
const authBytes = 16;
const saltBytes = 16;
/** The record and its header fit into what every push service takes. */
const recordBytes = 4_096;
/** The most bytes of a text: the record without its header, its tag and its end. */
export const mostPushBytes = recordBytes - saltBytes - 5 - publicBytes - 16 - 1;

export interface KeyPair {
  /** As base64url, uncompressed: what browsers subscribe with. */
  publicKey: string;
  privateKey: string;
}

/** Makes a key pair for a server. */
export function newKeyPair(): KeyPair {
  const keys = createECDH(curve);
  return { publicKey: keys.generateKeys('base64url'), privateKey: keys.getPrivateKey('base64url') };
}

/** What a browser subscribed with, as base64url. */
export interface PushKeys {
  p256dh: string;
  auth: string;
}

/** Whether keys are those of a browser: a point of the curve, and 16 bytes. */
export function arePushKeys({ p256dh, auth }: PushKeys): boolean {
  if (bytesOf(auth).length !== authBytes || bytesOf(p256dh).length !== publicBytes) return false;
  try {
    const keys = createECDH(curve);
    keys.generateKeys();
    keys.computeSecret(bytesOf(p256dh));
    return true;
  } catch {
    return false;
  }
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url');
const hmac = (key: Buffer, ...parts: Buffer[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHmac('sha256', key)).digest();
const one = Buffer.from([1]);

/** Encrypts a text for a browser. `own` and `salt` are random; the test of the standard gives its own. */
export function encryptPush(
  text: string,
  { p256dh, auth }: PushKeys,
  own: KeyPair = newKeyPair(),
  salt: Buffer = randomBytes(saltBytes),
): Buffer {
  const keys = createECDH(curve);
  keys.setPrivateKey(bytesOf(own.privateKey));
  const [theirs, ours] = [bytesOf(p256dh), bytesOf(own.publicKey)];
  const shared = hmac(bytesOf(auth), keys.computeSecret(theirs));
  const input = hmac(shared, Buffer.from('WebPush: info\0'), theirs, ours, one);
  const derived = hmac(salt, input);
  const key = hmac(derived, Buffer.from('Content-Encoding: aes128gcm\0'), one).subarray(0, 16);
  const nonce = hmac(derived, Buffer.from('Content-Encoding: nonce\0'), one).subarray(0, 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  // The delimiter 2 ends the last record.
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.update(Buffer.from([2])), cipher.final()]);
  const size = Buffer.alloc(5);
  size.writeUInt32BE(recordBytes);
  size.writeUInt8(publicBytes, 4);
  return Buffer.concat([salt, size, ours, body, cipher.getAuthTag()]);
}

/** Push services accept a signature for a day at most. */
const lastsSeconds = 12 * 3_600;

/**
 * The header by which a push service knows the sender. `contact`: where its operator reaches that of this installation, an
 * https or mailto address.
 */
export function vapidHeader(
  link: string,
  { publicKey, privateKey }: KeyPair,
  contact: string | undefined,
  now: number,
): string {
  const point = bytesOf(publicKey);
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: privateKey,
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const claims = {
    aud: new URL(link).origin,
    exp: Math.floor(now / 1_000) + lastsSeconds,
    ...(contact !== undefined && { sub: contact }),
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `vapid t=${signed}.${signature}, k=${publicKey}`;
}
