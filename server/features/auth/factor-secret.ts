// The encrypted secret of a person's second factor.
import { placeOf, SealError, type Sealer } from '../../kit/crypto/encryption.ts';

const place = (personId: string) => placeOf('person', 'totp_secret', personId);

export const sealSecret = (sealer: Sealer, personId: string, secret: Buffer): string =>
  sealer.seal(secret.toString('hex'), place(personId));

/** Undefined if none of the server's keys can decrypt it. */
export function openSecret(sealer: Sealer, personId: string, sealed: string): Buffer | undefined {
  try {
    return Buffer.from(sealer.open(sealed, place(personId)), 'hex');
  } catch (error) {
    if (error instanceof SealError) return undefined;
    throw error;
  }
}
