// Dependencies of the people feature.
import type { Database, Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import type { Mailer } from '../../ports/mail.ts';
import type { CookieSessions, LogInNeeds } from '../auth/index.ts';

export interface PeopleNeeds {
  db: ScopedDatabase;
  /** The engine's connection, for callers outside the workspace, and for data of a person in all workspaces. */
  engineDb: Database;
  clock: Clock;
  logIn: LogInNeeds;
  cookies: CookieSessions;
  /** Undefined without SMTP. */
  mailer: Mailer | undefined;
  /** Our public URL. */
  publicUrl: () => string;
  /** Which of these accounts exist. */
  knownAccounts: (db: Queryable, workspaceId: string, ids: string[]) => Promise<string[]>;
  /** Seeds a new workspace in the transaction that creates it. Returns the work to do after the commit. */
  seedWorkspace: (tx: Queryable, workspaceId: string) => Promise<() => Promise<void>>;
}

/** The accounts of these ids, as UUIDs. @throws AppError if one is unknown */
export async function demandAccounts(
  { knownAccounts }: PeopleNeeds,
  tx: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<string[]> {
  const asked = ids.map(toUuid);
  const known = new Set(await knownAccounts(tx, workspaceId, asked));
  const missing = asked.findIndex(id => !known.has(id));
  if (missing >= 0) throw invalid(`account_ids[${missing}]`, 'This account does not exist.');
  return [...new Set(asked)];
}
