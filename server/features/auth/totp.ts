// Time-based one-time codes (RFC 6238): HMAC-SHA-1, 30 seconds, 6 digits, as in all authenticator apps.
import { createHmac, timingSafeEqual } from 'node:crypto';

const stepMs = 30_000;

/** The number of the time step at a moment. */
export const stepAt = (ms: number): number => Math.floor(ms / stepMs);

/** The code of a step (RFC 4226, section 5.3). */
export function codeAt(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The steps with this code, oldest first: clocks may differ by one step. */
export const stepsOf = (secret: Buffer, code: string, nowMs: number): number[] =>
  [-1, 0, 1]
    .map(away => stepAt(nowMs) + away)
    .filter(step => /^\d{6}$/.test(code) && timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(code)));

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes in base32 (RFC 4648) without padding, for typing into an app. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map(five => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** The URI that an app reads from a QR code. */
export function otpauthUri(secret: Buffer, email: string): string {
  const parameters = new URLSearchParams({
    secret: base32(secret),
    issuer: 'Recado',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
  return `otpauth://totp/Recado:${encodeURIComponent(email)}?${parameters}`;
}
