// The encrypted secret of a person's second factor.
import { DecryptionError, type Encrypter, placeOf } from '../../kit/crypto/encryption.ts';

const place = (personId: string) => placeOf('person', 'totp_secret', personId);

export const encryptSecret = (encrypter: Encrypter, personId: string, secret: Buffer): string =>
  encrypter.encrypt(secret.toString('hex'), place(personId));

/** Undefined if none of the server's keys can decrypt it. */
export function decryptSecret(encrypter: Encrypter, personId: string, encrypted: string): Buffer | undefined {
  try {
    return Buffer.from(encrypter.open(encrypted, place(personId)), 'hex');
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}
