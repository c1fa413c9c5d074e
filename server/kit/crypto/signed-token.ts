// Texts for links that say something and carry a signature. They are not stored.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveText } from './secrets.ts';

export interface SignedTokens {
  sign(claim: Buffer): string;
  /** The claim of a token; undefined if it is not ours. */
  read(token: string): Buffer | undefined;
}

const macBytes = 32;

/** Signs claims of a fixed length for one purpose, with SECRET_KEY; tokens of earlier keys are valid too. */
export function signedTokens(
  purpose: string,
  claimBytes: number,
  secretKey: string,
  earlierKeys: readonly string[] = [],
): SignedTokens {
  const keyOf = (secret: string) => Buffer.from(deriveText(secret, purpose), 'hex');
  const current = keyOf(secretKey);
  const keys = [current, ...earlierKeys.map(keyOf)];
  const macOf = (claim: Buffer, key: Buffer) => createHmac('sha256', key).update(claim).digest();
  const characters = Math.ceil(((claimBytes + macBytes) * 4) / 3);
  const form = new RegExp(`^[\\w-]{${characters}}$`);
  return {
    sign: claim => Buffer.concat([claim, macOf(claim, current)]).toString('base64url'),
    read(token) {
      if (!form.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      // The last character has unused bits: accept only the canonical form.
      if (bytes.length !== claimBytes + macBytes || bytes.toString('base64url') !== token) return undefined;
      const claim = bytes.subarray(0, claimBytes);
      return keys.some(key => timingSafeEqual(macOf(claim, key), bytes.subarray(claimBytes))) ? claim : undefined;
    },
  };
}

/** The 16 bytes of a UUID. */
export const bytesOfUuid = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** The UUID of 16 bytes. */
export const uuidOfBytes = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
