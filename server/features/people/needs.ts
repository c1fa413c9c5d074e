// What the people of a workspace need from the rest of the program.
import type { Database, Queryable, WalledDatabase } from '../../kit/db/database.ts';
import { invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import type { Mailer } from '../../ports/mail.ts';
import type { CookieSessions, LogInNeeds } from '../auth/index.ts';

export interface PeopleNeeds {
  db: WalledDatabase;
  /** The engine's, for who is not in the workspace yet, and for what belongs to a person in every workspace. */
  engineDb: Database;
  clock: Clock;
  logIn: LogInNeeds;
  cookies: CookieSessions;
  /** Undefined without SMTP. */
  mailer: Mailer | undefined;
  /** Where browsers find us. */
  publicUrl: () => string;
  /** Which of these accounts are there. */
  knownAccounts: (db: Queryable, workspaceId: string, ids: string[]) => Promise<string[]>;
  /** Gives a new workspace what it begins with, in the transaction that makes it, and gives back what follows that. */
  furnish: (tx: Queryable, workspaceId: string) => Promise<() => Promise<void>>;
}

/** The accounts that these ids name, as UUIDs. @throws AppError where one is not known */
export async function demandAccounts(
  { knownAccounts }: PeopleNeeds,
  tx: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<string[]> {
  const asked = ids.map(toUuid);
  const known = new Set(await knownAccounts(tx, workspaceId, asked));
  const missing = asked.findIndex(id => !known.has(id));
  if (missing >= 0) throw invalid(`account_ids.${missing}`, 'Account not found.');
  return [...new Set(asked)];
}
