// Derives separate keys for separate uses from SECRET_KEY, so that none can replace another.
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** A 32-byte key for the use named by `purpose`. */
export const deriveKey = (secretKey: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secretKey, 'recado', purpose, 32));

/** A text for one use, of 64 hexadecimal digits. */
export const deriveText = (secretKey: string, purpose: string): string => deriveKey(secretKey, purpose).toString('hex');

// The fixed prefix of an Ed25519 private key in PKCS #8 (RFC 8410); the 32-byte seed follows it.
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The Ed25519 key pair of a use, the same on every node with the same SECRET_KEY. */
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

/** A random 256-bit text, URL-safe. */
export const randomText = (): string => randomBytes(32).toString('base64url');

/** The stored form of a random text. With 256 bits of entropy a plain hash cannot be reversed. */
export const hashText = (text: string): Buffer => createHash('sha256').update(text).digest();
