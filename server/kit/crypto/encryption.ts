// Secrets that have to be read again, kept in the database under a key that is not there.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from './secrets.ts';

export interface Sealer {
  /**
   * Seals a text. `context` says whose secret it is (see placeOf): it can be opened with
   * the same context only, so that one row's secret is of no use in another row.
   */
  seal(plain: string, context: string): string;
  /** Opens what was sealed with the current key, or an earlier one. @throws SealError */
  open(sealed: string, context: string): string;
  /** Whether it was sealed with the current key, and needs no sealing again. */
  isCurrent(sealed: string): boolean;
}

/** The context of what stands in a column of a row. */
export const placeOf = (table: string, column: string, id: string): string => `${table}.${column} ${id}`;

/** A sealed text that cannot be opened: by which of the reasons is said, and nothing of the secret. */
export class SealError extends Error {}

const version = 's1';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Makes what seals with a key that follows from SECRET_KEY, and opens what earlier secret keys sealed too. The text is
 * `s1.<key id>.<base64url>`: a random IV of 12 bytes, the ciphertext of AES-256-GCM, and its tag of 16 bytes.
 */
export function sealer(secretKey: string, earlierKeys: readonly string[] = []): Sealer {
  const [current, ...earlier] = [secretKey, ...earlierKeys].map(sealingKey);
  if (!current) throw new Error('sealing needs a key');
  const keys = new Map([...earlier, current].map(({ id, key }) => [id, key]));

  return {
    seal(plain, context) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', current.key, iv, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${version}.${current.id}.${body.toString('base64url')}`;
    },
    open(sealed, context) {
      const { id, body } = parse(sealed);
      const key = keys.get(id);
      if (!key)
        throw new SealError(`It was sealed with the key ${id}, which follows from no secret key that was given.`);
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(body.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(body.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        throw new SealError('It was changed after it was sealed, or belongs somewhere else.');
      }
    },
    isCurrent: sealed => parse(sealed).id === current.id,
  };
}

/** The key of a secret key, with an id that tells nothing of it. */
const sealingKey = (secretKey: string) => ({
  key: deriveKey(secretKey, 'sealed secrets 1'),
  id: deriveKey(secretKey, 'sealed secrets 1, the id').toString('hex').slice(0, 16),
});

function parse(sealed: string): { id: string; body: Buffer } {
  const [, id, text] = /^s1\.([0-9a-f]{16})\.([\w-]+)$/.exec(sealed) ?? [];
  const body = Buffer.from(text ?? '', 'base64url');
  if (id === undefined || body.length < ivBytes + tagBytes) throw new SealError('It is not a sealed text.');
  return { id, body };
}
