// What the checks need of a process, or of the command that runs them.
import type pg from 'pg';
import type { ConnectNeeds } from '../../features/accounts/index.ts';
import type { Database } from '../../kit/db/database.ts';
import type { GuardedPoster } from '../../kit/net/guarded-post.ts';
import type { Clock } from '../../kit/time.ts';
import type { Mailer } from '../../ports/mail.ts';
import type { Stores } from '../../ports/storage.ts';
import type { Config } from '../config/config.ts';

export interface CheckParts {
  config: Config;
  clock: Clock;
  db: Database;
  /** For connections of their own. */
  connection: pg.ClientConfig;
  secretKey: string;
  stores: () => Promise<Stores>;
  mailer: () => Promise<Mailer | undefined>;
  poster: GuardedPoster;
  accounts: Pick<ConnectNeeds, 'engineDb' | 'encrypter' | 'business' | 'publicUrl'>;
}
