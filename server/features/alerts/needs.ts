// What the routes of alerts need.
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import type { GuardedPoster } from '../../kit/net/guarded-post.ts';
import type { Clock } from '../../kit/time.ts';

export interface AlertNeeds {
  db: ScopedDatabase;
  clock: Clock;
  /** Encrypts the addresses and secrets of channels. */
  encrypter: Encrypter;
  poster: Pick<GuardedPoster, 'check' | 'post'>;
  /** Whether a mail server is set. */
  hasMail: boolean;
  wake: (kind: string, key: string) => void;
  publicUrl: () => string;
}

export const tags = ['Alerts'];
