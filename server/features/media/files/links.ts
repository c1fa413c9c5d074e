// Our own links to a file. Anyone with a link can read the file until the link expires. Links are not stored.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveText } from '../../../kit/crypto/secrets.ts';

/** What a link grants. */
export interface LinkClaim {
  workspaceId: string;
  mediaId: string;
  /** Seconds since 1970. */
  expires: number;
}

export interface FileLinks {
  sign(claim: LinkClaim): string;
  /** Verifies a token; undefined if it is not ours. The caller checks the expiry. */
  read(token: string): LinkClaim | undefined;
}

const claimBytes = 16 + 16 + 6;
const form = /^[\w-]{94}$/;

/** Signs and verifies links with SECRET_KEY; links of earlier keys are valid too. */
export function fileLinks(secretKey: string, earlierKeys: readonly string[] = []): FileLinks {
  const keyOf = (secret: string) => Buffer.from(deriveText(secret, 'links to media'), 'hex');
  const current = keyOf(secretKey);
  const keys = [current, ...earlierKeys.map(keyOf)];
  const encrypt = (claim: Buffer, key: Buffer) => createHmac('sha256', key).update(claim).digest();
  return {
    sign({ workspaceId, mediaId, expires }) {
      const claim = Buffer.alloc(claimBytes);
      claim.write(workspaceId.replaceAll('-', ''), 0, 'hex');
      claim.write(mediaId.replaceAll('-', ''), 16, 'hex');
      claim.writeUIntBE(expires, 32, 6);
      return Buffer.concat([claim, encrypt(claim, current)]).toString('base64url');
    },
    read(token) {
      if (!form.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      // The last character has unused bits: accept only the canonical form.
      if (bytes.length !== claimBytes + 32 || bytes.toString('base64url') !== token) return undefined;
      const claim = bytes.subarray(0, claimBytes);
      if (!keys.some(key => timingSafeEqual(encrypt(claim, key), bytes.subarray(claimBytes)))) return undefined;
      return {
        workspaceId: uuidOf(claim.subarray(0, 16)),
        mediaId: uuidOf(claim.subarray(16, 32)),
        expires: claim.readUIntBE(32, 6),
      };
    },
  };
}

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
