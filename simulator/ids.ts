// Ids and phone numbers in the forms that Meta gives them.
import { createHash, randomBytes } from 'node:crypto';

/** A new message id: opaque, as Meta's are. */
export const newMessageId = (): string => `wamid.${randomBytes(24).toString('base64')}`;

/** A trace id that nobody can mistake for one of Meta's. */
export const newTraceId = (): string => `SIM${randomBytes(8).toString('hex')}`;

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The digits of a plausible international number written in any usual way, or null. */
export const phoneDigits = (written: string): string | null => {
  const digits = written.replace(/[+\s\-()]/g, '');
  return /^[1-9]\d{6,14}$/.test(digits) ? digits : null;
};
