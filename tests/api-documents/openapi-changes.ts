// Which differences between two OpenAPI documents break a client of the older one.
import type { Schema } from '../openapi/document.ts';
import { type Change, type Compare, type Report, schemaComparison } from './schema-changes.ts';

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  style?: string;
  explode?: boolean;
  schema?: Schema;
}

type Content = Record<string, { schema?: Schema }>;

interface Operation {
  operationId?: string;
  security?: Record<string, unknown>[];
  'x-permission'?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { headers?: Record<string, unknown>; content?: Content }>;
}

export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

/** The changes from `before` to `after` that break clients, each once, in the order of the document. */
export function openApiChanges(before: OpenApiDocument, after: OpenApiDocument): Change[] {
  const found = new Map<string, Change>();
  const report: Report = (place, what) => void found.set(`${place} ${what}`, { place, what });
  const compare = schemaComparison(before.components?.schemas ?? {}, after.components?.schemas ?? {}, report);
  for (const [path, methods] of Object.entries(before.paths))
    for (const [method, old] of Object.entries(methods)) {
      const place = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      if (!now) report(place, 'was removed');
      else compareOperation(old, now, place, compare, report);
    }
  return [...found.values()];
}

function compareOperation(old: Operation, now: Operation, place: string, compare: Compare, report: Report): void {
  if (old.operationId !== now.operationId) report(place, `has the operationId ${now.operationId} now`);
  compareAccess(old, now, place, report);
  compareParameters(old.parameters ?? [], now.parameters ?? [], place, compare, report);
  compareBodies(old, now, place, compare, report);
  for (const [status, answer] of Object.entries(old.responses)) {
    const changed = now.responses[status];
    // The same mistake of a client may get another error in a later version.
    if (!changed && Number(status) >= 400) continue;
    if (!changed) report(`${place} ${status}`, 'was removed');
    else {
      compareContents(answer.content ?? {}, changed.content ?? {}, `${place} ${status}`, 'received', compare, report);
      for (const header of Object.keys(answer.headers ?? {}))
        if (!changed.headers?.[header]) report(`${place} ${status} header ${header}`, 'was removed');
    }
  }
}

/** Which credentials open the route. */
function compareAccess(old: Operation, now: Operation, place: string, report: Report): void {
  if (old['x-permission'] !== now['x-permission'])
    report(place, now['x-permission'] ? `needs the permission ${now['x-permission']} now` : 'names no permission now');
  if (now.security?.length === 0) return;
  const ways = (security: Operation['security'] = []) =>
    security.map(way => Object.keys(way).sort().join(' with ') || 'no credentials');
  if (old.security?.length === 0) report(place, 'needs credentials now');
  for (const way of ways(old.security))
    if (!ways(now.security).includes(way)) report(place, `no longer accepts ${way}`);
}

function compareParameters(old: Parameter[], now: Parameter[], place: string, compare: Compare, report: Report): void {
  const where = (each: Parameter) => `${place} ${each.in} ${each.name}`;
  const named = (list: Parameter[], like: Parameter) => list.find(each => where(each) === where(like));
  for (const each of old) {
    const changed = named(now, each);
    if (!changed) report(where(each), 'was removed');
    else {
      if (changed.style !== each.style || changed.explode !== each.explode) report(where(each), 'has another style');
      compare(each.schema ?? {}, changed.schema ?? {}, where(each), 'sent');
    }
  }
  for (const each of now) if (each.required && !named(old, each)?.required) report(where(each), 'is required now');
}

function compareBodies(old: Operation, now: Operation, place: string, compare: Compare, report: Report): void {
  const [body, changed] = [old.requestBody, now.requestBody];
  if (changed?.required && !body?.required) report(`${place} body`, 'is required now');
  if (body && !changed) report(`${place} body`, 'was removed');
  else if (body && changed) compareContents(body.content, changed.content, `${place} body`, 'sent', compare, report);
}

function compareContents(
  old: Content,
  now: Content,
  place: string,
  direction: 'sent' | 'received',
  compare: Compare,
  report: Report,
): void {
  for (const [type, { schema = {} }] of Object.entries(old)) {
    const changed = now[type];
    if (!changed) report(`${place} ${type}`, 'was removed');
    else compare(schema, changed.schema ?? {}, place, direction);
  }
}
