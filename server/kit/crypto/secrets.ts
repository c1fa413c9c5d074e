// What is made of SECRET_KEY: separate keys for separate uses, so that none can stand in for another.
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** A key of 32 bytes for one use, named by `purpose`. */
export const deriveKey = (secretKey: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secretKey, 'recado', purpose, 32));

/** A text for one use, of 64 hexadecimal digits. */
export const deriveText = (secretKey: string, purpose: string): string => deriveKey(secretKey, purpose).toString('hex');

// The fixed beginning of an Ed25519 private key in PKCS #8 (RFC 8410); the 32 bytes of the seed follow it.
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The Ed25519 pair of a use, the same on every node that has the same SECRET_KEY. */
export function deriveSigningKey(
  secretKey: string,
  purpose: string,
): { privateKey: KeyObject; publicKey: KeyObject; id: string } {
  const der = Buffer.concat([ed25519Prefix, deriveKey(secretKey, purpose)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const id = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16);
  return { privateKey, publicKey, id };
}

/** A random text of 256 bits that is hard to guess and easy to copy. */
export const randomText = (): string => randomBytes(32).toString('base64url');

/** What is stored of a random text. It has 256 bits, so a plain hash cannot be turned back. */
export const hashText = (text: string): Buffer => createHash('sha256').update(text).digest();
