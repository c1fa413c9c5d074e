// Which events a caller may give an endpoint: only events that the caller sees.
import { type EventName, eventCatalogue, eventNames, namesOf, type Permission } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Caller, invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { EndpointRow } from './endpoint.ts';
import { problem } from './errors.ts';

/** Which of these accounts exist for the caller. */
export type KnownAccounts = (db: Queryable, workspaceId: string, ids: string[]) => Promise<string[]>;

const permissionsOf = (names: readonly EventName[]): Permission[] => [
  ...new Set(names.map(name => eventCatalogue[name].permission)),
];

/** The permissions that an endpoint of these event types needs. @throws AppError if the caller lacks one of them */
export function grantedPermissions(caller: Caller, eventTypes: readonly string[] | null): Permission[] {
  if (eventTypes === null) return permissionsOf(eventNames).filter(permission => caller.permissions.has(permission));
  for (const [index, pattern] of eventTypes.entries()) {
    const missing = permissionsOf(namesOf(pattern)).find(permission => !caller.permissions.has(permission));
    if (missing === undefined) continue;
    const message = `You do not have the permission ${missing} yourself.`;
    throw problem('endpoint_events_not_yours', `event_types[${index}]: ${message}`, {
      fields: [{ field: `event_types[${index}]`, message }],
    });
  }
  return permissionsOf(eventTypes.flatMap(namesOf));
}

/** The accounts of an endpoint, if the caller may use them; without any those that the caller is limited to. @throws AppError */
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

/**
 * Who changes an endpoint could read its events, by its link. So a caller needs the permissions that it has.
 * @throws AppError
 */
export function demandItsRights(caller: Caller, endpoint: Pick<EndpointRow, 'permissions'>): void {
  const missing = endpoint.permissions.find(permission => !caller.permissions.has(permission));
  if (missing !== undefined)
    throw problem('endpoint_events_not_yours', `The endpoint gets events that need the permission ${missing}.`);
}
