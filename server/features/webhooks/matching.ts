// Which endpoints get an event.
import { type EventName, eventCatalogue, matchesFilter, namesOf, type PublicEvent } from '@recado/contract';
import type { EventRow } from '../events/index.ts';
import type { EndpointRow } from './endpoint.ts';

/** What decides which events an endpoint gets. */
export type EventSelection = Pick<
  EndpointRow,
  'id' | 'workspace_id' | 'event_types' | 'accounts' | 'permissions' | 'filter'
>;

/** Whether the rights that an endpoint has now cover an event. Its own test events always are. */
export const covers = (
  { id, permissions, accounts }: Pick<EventSelection, 'id' | 'permissions' | 'accounts'>,
  row: EventRow,
): boolean => {
  if (row.type === 'endpoint.test') return row.data.endpoint_id === id;
  if (!Object.hasOwn(eventCatalogue, row.type)) return false;
  const { permission, live } = eventCatalogue[row.type as EventName];
  return (
    !live &&
    permissions.includes(permission) &&
    (!accounts || (row.account_id !== null && accounts.includes(row.account_id)))
  );
};

/** Returns the check of one endpoint, before its filter. `types`: patterns that narrow it further. */
export function wanted(selection: EventSelection, types?: readonly string[]): (row: EventRow) => boolean {
  const named = selection.event_types && new Set<string>(selection.event_types.flatMap(namesOf));
  const narrowed = types && new Set<string>(types.flatMap(namesOf));
  return row => {
    if (row.workspace_id !== selection.workspace_id || !covers(selection, row)) return false;
    // News about itself would keep a failing endpoint busy with its own failures.
    if (row.data.endpoint_id === selection.id) return row.type === 'endpoint.test';
    return (!named || named.has(row.type)) && (!narrowed || narrowed.has(row.type));
  };
}

/** Whether an event passes the filter of an endpoint. A test event always does. */
export const passes = (selection: EventSelection, event: PublicEvent): boolean =>
  !selection.filter || event.type === 'endpoint.test' || matchesFilter(selection.filter, event);
