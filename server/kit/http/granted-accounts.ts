// The accounts that a caller gives to something that acts without them, such as an endpoint or a link.
import type { Queryable } from '../db/database.ts';
import { toUuid } from '../ids.ts';
import { type Caller, invalid } from './routes.ts';

/** Which of these accounts (UUIDs) exist for the caller. */
export type KnownAccounts = (db: Queryable, workspaceId: string, ids: string[]) => Promise<string[]>;

/** The chosen accounts, if the caller may use them; by default all that the caller may use. @throws AppError */
export async function grantedAccounts(
  tx: Queryable,
  caller: Caller,
  accountIds: readonly string[] | null,
  knownAccounts: KnownAccounts,
): Promise<string[] | null> {
  const asked = accountIds?.map(toUuid) ?? caller.accounts?.slice();
  if (asked === undefined) return null;
  const known = new Set(await knownAccounts(tx, caller.workspaceId, asked));
  const missing = asked.findIndex(id => !known.has(id));
  if (missing >= 0 && accountIds) throw invalid(`account_ids[${missing}]`, 'This account does not exist.');
  return asked.filter(id => known.has(id));
}
