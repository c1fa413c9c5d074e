// The secret of a person's second factor, as it lies in the database.
import { placeOf, type Sealer } from '../../kit/sealed.ts';

const place = (personId: string) => placeOf('person', 'totp_secret', personId);

export const sealSecret = (sealer: Sealer, personId: string, secret: Buffer): string =>
  sealer.seal(secret.toString('hex'), place(personId));

/** @throws SealError */
export const openSecret = (sealer: Sealer, personId: string, sealed: string): Buffer =>
  Buffer.from(sealer.open(sealed, place(personId)), 'hex');
