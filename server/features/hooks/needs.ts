// What the routes of hooks need.
import type { SendMessageBody } from '@recado/contract';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import type { Caller } from '../../kit/http/routes.ts';
import type { Clock } from '../../kit/time.ts';

export interface HookNeeds {
  db: ScopedDatabase;
  /** Sees the tokens of all workspaces. */
  engineDb: Database;
  clock: Clock;
  /** Encrypts responses stored for idempotent retries. */
  encrypter: Encrypter;
  /** Checks a message without sending it. @throws AppError if it cannot be sent */
  check: (caller: Caller, body: SendMessageBody) => Promise<unknown>;
  wake: (kind: string, key: string) => void;
  publicUrl: () => string;
}

export const tags = ['Hooks'];
