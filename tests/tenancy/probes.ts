// The probes of each route, derived from its OpenAPI description.
import { type IdKind, idPrefixes } from '@recado/contract';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import type { Route } from '../openapi/document.ts';
import {
  byTheirExample,
  describePlace,
  documentedExample,
  exampleOf,
  type Given,
  idKindOf,
  idPlaces,
  optionalFields,
  type Place,
} from '../openapi/example.ts';
import type { Answer } from '../setup/scenario.ts';
import type { Probe } from './scene.ts';

/** A position in a route that takes an id. */
export interface Slot {
  route: Route;
  where: 'path' | 'query' | 'body';
  name: string;
  kind: IdKind;
  place: Place;
}

/** Every position of a route that takes an id. */
export function slotsOf(route: Route): Slot[] {
  const parameters = route.parameters.flatMap(({ name, in: where, schema }) =>
    where === 'header' ? [] : idPlaces(schema).map(({ kind, place }) => ({ route, where, name, kind, place })),
  );
  const body = idPlaces(route.body?.schema ?? {}).map(({ kind, place }) => ({
    route,
    where: 'body' as const,
    name: describePlace(place),
    kind,
    place,
  }));
  return [...parameters, ...body];
}

const nobodysId = (kind: IdKind) => toId(kind, newUuid());

/** A valid request with `id` in the slot. */
export function requestFor(route: Route, given: Given, slot?: Slot, id?: string): Probe {
  let path = route.path;
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  for (const { name, in: where, schema, required } of route.parameters) {
    const here = slot?.where === where && slot.name === name;
    const value = () => String(here && id !== undefined ? id : exampleOf(schema, given, [], undefined, name));
    if (where === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value()));
    else if (where === 'query' && (here || required)) query.set(name, value());
    else if (where === 'header' && required) headers[name] = value();
  }
  const schema = route.body?.schema;
  const place: Place = slot?.where === 'body' ? slot.place : [];
  const body = schema && exampleOf(schema, given, place, slot?.where === 'body' ? id : undefined);
  return {
    method: route.method,
    path: query.size > 0 ? `${path}?${query}` : path,
    ...(body !== undefined && { body }),
    headers,
  };
}

/** A request whose path names a missing object, so that an admitted caller changes nothing. */
export function requestForNothing(route: Route, given: Given): Probe {
  return requestFor(route, { ...given, id: nobodysId });
}

/** Bodies that may be valid: the minimum, then with each optional field. */
export function validRequests(route: Route, given: Given): Probe[] {
  const schema = route.body?.schema;
  const least = requestFor(route, given);
  if (!schema) return [least];
  return [
    least,
    ...(byTheirExample.has(route.name) ? [{ ...least, body: documentedExample(schema, given) }] : []),
    ...optionalFields(schema).map(field => ({
      ...requestFor(route, given),
      body: exampleOf(schema, given, [{ field }]),
    })),
  ];
}

/** The ids of some objects, and the same UUIDs as ids of every other kind. */
export function disguised(ids: ReadonlyMap<IdKind, readonly string[]>, kind: IdKind, most: number): string[] {
  const plain = (ids.get(kind) ?? []).slice(0, most);
  const dressed = [...ids].flatMap(([other, list]) =>
    other === kind ? [] : list.slice(0, 1).map(id => toId(kind, toUuid(id))),
  );
  return [...plain, ...dressed];
}

const anyId = new RegExp(`\\b(?:${Object.values(idPrefixes).join('|')})_[0-7][0-9a-hjkmnp-tv-z]{25}\\b`, 'g');

/** A response without what differs between requests: ids, times, and the request id. */
export function shapeOf({ status, headers, text }: Answer): string {
  const said = text
    .replaceAll(/"request_id":"[^"]*"/g, '"request_id":""')
    .replaceAll(anyId, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replaceAll(/\+3361\d{7}/g, '<number>')
    .replaceAll(/text \d+\.*/g, '<text>');
  const names = [...headers.keys()].filter(name => !/^(date|content-length|ratelimit|x-ratelimit)/.test(name)).sort();
  return `${status} ${names.join(',')} ${headers.get('content-type')} ${said}`;
}

/** Whether the permission check rejected the request, whatever else might have. */
export const isForbidden = ({ status, body }: Answer, permission: string): boolean =>
  status === 403 && body?.code === 'forbidden' && body?.detail === `This needs the permission ${permission}.`;

/** Whether a route has an id in its path. */
export const hasIdInPath = (route: Route): boolean =>
  route.parameters.some(({ in: where, schema }) => where === 'path' && idKindOf(schema) !== undefined);
