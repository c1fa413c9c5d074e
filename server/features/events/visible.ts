// Which events a caller sees: those of the workspace and the accounts, whose type the permissions allow.
import { type EventName, eventCatalogue, eventNames, namesOf, type Permission } from '@recado/contract';
import type { Caller } from '../../kit/http/routes.ts';
import { type EventRow, isShown } from './event.ts';

/** Whether a caller may see an event. One who is limited to accounts sees only what is about one of them. */
export const canSee = (
  caller: Pick<Caller, 'workspaceId' | 'accounts' | 'permissions'>,
  row: EventRow,
): row is EventRow & { type: EventName } =>
  row.workspace_id === caller.workspaceId &&
  isShown(row) &&
  caller.permissions.has(eventCatalogue[row.type].permission) &&
  (caller.accounts === undefined || (row.account_id !== null && caller.accounts.includes(row.account_id)));

/** The types that these permissions show; of them only those that the patterns name, if there are any. */
export function typesFor(permissions: ReadonlySet<Permission>, patterns: readonly string[] | undefined): EventName[] {
  const named = patterns && new Set(patterns.flatMap(namesOf));
  return eventNames.filter(
    name => permissions.has(eventCatalogue[name].permission) && (named === undefined || named.has(name)),
  );
}
