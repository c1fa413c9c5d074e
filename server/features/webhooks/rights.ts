// Which events a caller may give an endpoint: only events that the caller sees.
import { type EventName, eventCatalogue, eventNames, namesOf, type Permission } from '@recado/contract';
import type { Caller } from '../../kit/http/routes.ts';
import type { EndpointRow } from './endpoint.ts';
import { problem } from './errors.ts';

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

/**
 * Who changes an endpoint could read its events, by its link. So a caller needs the permissions that it has.
 * @throws AppError
 */
export function demandItsRights(caller: Caller, endpoint: Pick<EndpointRow, 'permissions'>): void {
  const missing = endpoint.permissions.find(permission => !caller.permissions.has(permission));
  if (missing !== undefined)
    throw problem('endpoint_events_not_yours', `The endpoint gets events that need the permission ${missing}.`);
}
