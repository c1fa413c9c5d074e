// The secrets of accounts and their apps, which are encrypted in the database.
import { DecryptionError, type Encrypter, placeOf } from '../../kit/crypto/encryption.ts';
import type { AccessKey } from '../../ports/business.ts';
import { CredentialsError } from '../../ports/channel.ts';
import type { AccountCredentials } from './credentials-store.ts';

/** The place of each secret, by the id of its row. */
const places = {
  accessToken: (id: string) => placeOf('account', 'access_token', id),
  appSecret: (id: string) => placeOf('meta_app', 'app_secret', id),
  verifyToken: (id: string) => placeOf('meta_app', 'verify_token', id),
};

export type Secret = keyof typeof places;

/** Encrypts a secret for its row. */
export const encryptSecret = (encrypter: Encrypter, secret: Secret, id: string, plain: string): string =>
  encrypter.encrypt(plain, places[secret](id));

/** An access token in plain, with the secret of its app. @throws CredentialsError if none of the server's keys can */
export const openCallCredentials = (
  encrypter: Encrypter,
  accountId: string,
  { accessToken, app }: Pick<AccountCredentials, 'accessToken' | 'app'>,
): AccessKey => ({
  accessToken: decryptSecret(encrypter, 'accessToken', accountId, accessToken),
  appSecret: app === null ? undefined : decryptSecret(encrypter, 'appSecret', app.id, app.appSecret),
});

/** Decrypts a secret of a row. @throws CredentialsError if none of the server's keys can */
export function decryptSecret(encrypter: Encrypter, secret: Secret, id: string, encrypted: string): string {
  try {
    return encrypter.open(encrypted, places[secret](id));
  } catch (error) {
    if (!(error instanceof DecryptionError)) throw error;
    throw new CredentialsError(
      'Recado cannot decrypt the credentials of the account: SECRET_KEY is another one than when they were saved. Save them again, or add the earlier key to SECRET_KEY_PREVIOUS.',
    );
  }
}
