// Encrypts secrets that we must read again, so that the database alone does not reveal them.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from './secrets.ts';

export interface Encrypter {
  /**
   * Encrypts a text. `context` names its place (see placeOf): only the same context decrypts it, so that a row's
   * secret is useless in another row.
   */
  encrypt(plain: string, context: string): string;
  /** Decrypts a text of the current or an earlier key. @throws DecryptionError */
  open(encrypted: string, context: string): string;
  /** Whether it uses the current key, so that no re-encryption is needed. */
  isCurrent(encrypted: string): boolean;
}

/** The context of a value in a column of a row. */
export const placeOf = (table: string, column: string, id: string): string => `${table}.${column} ${id}`;

/** A text cannot be decrypted. The message gives the reason, and nothing of the secret. */
export class DecryptionError extends Error {}

const version = 's1';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts with a key derived from SECRET_KEY, and also decrypts texts of earlier keys. The format is `s1.<key
 * id>.<base64url>`: a random 12-byte IV, the AES-256-GCM ciphertext, and its 16-byte tag.
 */
export function encrypter(secretKey: string, earlierKeys: readonly string[] = []): Encrypter {
  const [current, ...earlier] = [secretKey, ...earlierKeys].map(encryptionKey);
  if (!current) throw new Error('sealing needs a key');
  const keys = new Map([...earlier, current].map(({ id, key }) => [id, key]));

  return {
    encrypt(plain, context) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', current.key, iv, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${version}.${current.id}.${body.toString('base64url')}`;
    },
    open(encrypted, context) {
      const { id, body } = parse(encrypted);
      const key = keys.get(id);
      if (!key) throw new DecryptionError(`It was encrypted with the key ${id}, which no given secret key matches.`);
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(body.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(body.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        throw new DecryptionError('It was changed after it was encrypted, or belongs to another place.');
      }
    },
    isCurrent: encrypted => parse(encrypted).id === current.id,
  };
}

/** The encryption key of a secret key, with an id that reveals nothing about it. */
const encryptionKey = (secretKey: string) => ({
  key: deriveKey(secretKey, 'sealed secrets 1'),
  id: deriveKey(secretKey, 'sealed secrets 1, the id').toString('hex').slice(0, 16),
});

function parse(encrypted: string): { id: string; body: Buffer } {
  const [, id, text] = /^s1\.([0-9a-f]{16})\.([\w-]+)$/.exec(encrypted) ?? [];
  const body = Buffer.from(text ?? '', 'base64url');
  if (id === undefined || body.length < ivBytes + tagBytes) throw new DecryptionError('It is not an encrypted text.');
  return { id, body };
}
