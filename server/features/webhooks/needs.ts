// What the routes of endpoints need.
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import type { KnownAccounts } from '../../kit/http/granted-accounts.ts';
import type { GuardedPoster } from '../../kit/net/guarded-post.ts';
import type { Clock } from '../../kit/time.ts';

export interface WebhookNeeds {
  db: ScopedDatabase;
  clock: Clock;
  /** Encrypts the secrets and the headers of endpoints. */
  encrypter: Encrypter;
  poster: Pick<GuardedPoster, 'check'>;
  knownAccounts: KnownAccounts;
  wake: (kind: string, key: string) => void;
}

export const tags = ['Endpoints'];
