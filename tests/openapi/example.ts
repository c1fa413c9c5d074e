// Requests that a schema allows: the least that it asks for, with any one place filled as a test wants it.
import { type IdKind, idPrefixes } from '@recado/contract';
import fc from 'fast-check';
import type { Schema } from './document.ts';

/** The way to a place within a value: a field, any item of a list, or one of several choices. */
export type Step = { field: string } | { item: true } | { choice: number };
export type Place = Step[];

const kinds = Object.entries(idPrefixes).map(([kind, prefix]) => [kind as IdKind, `^${prefix}_`] as const);

/** Which kind of id a schema asks for; undefined where it asks for none. @throws for a kind that nobody knows */
export function idKindOf(schema: Schema): IdKind | undefined {
  const { pattern } = schema;
  if (pattern === undefined || !/^\^[a-z]{2,3}_\[0-7\]/.test(pattern)) return undefined;
  const kind = kinds.find(([, prefix]) => pattern.startsWith(prefix))?.[0];
  if (!kind) throw new Error(`no kind of id has the form ${pattern}`);
  return kind;
}

export const describePlace = (place: Place): string =>
  place.map(step => ('field' in step ? `.${step.field}` : 'item' in step ? '[]' : `|${step.choice}`)).join('');

/** Every place of a schema where an id goes. */
export function idPlaces(schema: Schema, way: Place = []): { place: Place; kind: IdKind }[] {
  const kind = idKindOf(schema);
  if (kind) return [{ place: way, kind }];
  const choices = schema.anyOf ?? schema.oneOf ?? [];
  return [
    ...choices.flatMap((each, choice) => idPlaces(each, [...way, { choice }])),
    ...(schema.items ? idPlaces(schema.items, [...way, { item: true }]) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([field, each]) => idPlaces(each, [...way, { field }])),
  ];
}

export interface Given {
  /** An id of a kind that the request may name. */
  id: (kind: IdKind) => string;
  /** A number that nobody has had before. */
  next: () => number;
}

/** The least that a schema allows, with `leaf` at a place. */
export function exampleOf(schema: Schema, given: Given, way: Place = [], leaf?: unknown, name = ''): unknown {
  const [step, ...rest] = way;
  if (!step && leaf !== undefined) return leaf;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const chosen = choices[step && 'choice' in step ? step.choice : 0];
    if (!chosen) throw new Error('a schema with no choices');
    return exampleOf(chosen, given, step && 'choice' in step ? rest : way, leaf, name);
  }
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'object') {
    const wanted = step && 'field' in step ? step.field : undefined;
    // Some bodies have to name something, whatever it is.
    const [any] = schema.minProperties && wanted === undefined && !schema.required ? optionalFields(schema) : [];
    const fields = Object.entries(schema.properties ?? {}).filter(
      ([field]) =>
        field === wanted || field === any || schema.required?.includes(field) || isRecipient(schema, field, wanted),
    );
    return Object.fromEntries(
      fields.map(([field, each]) => [
        field,
        field === wanted ? exampleOf(each, given, rest, leaf, field) : exampleOf(each, given, [], undefined, field),
      ]),
    );
  }
  if (schema.type === 'array') {
    const count = Math.max(schema.minItems ?? 0, step ? 1 : 0);
    return Array.from({ length: count }, () => exampleOf(schema.items ?? {}, given, rest, leaf, name));
  }
  if (schema.type === 'boolean') return false;
  if (schema.type === 'number' || schema.type === 'integer') return schema.minimum ?? 1;
  if (schema.type === 'null') return null;
  if (schema.type === 'string') return textOf(schema, given, name);
  throw new Error(`no example can be made of ${JSON.stringify(schema)} (${name})`);
}

/** Names recipients in exactly one of several fields: the number or the ids, unless another one is wanted. */
function isRecipient({ properties = {} }: Schema, field: string, wanted: string | undefined): boolean {
  if (field === 'contact_ids') return 'filter' in properties && wanted !== 'filter';
  const names = ['to', 'contact_id', 'conversation_id', 'user_id'];
  return field === 'to' && names.every(name => name in properties) && !names.includes(wanted ?? '');
}

const lengthOf = ({ minLength = 0, maxLength = 1_000 }: Schema, texts: fc.Arbitrary<string>) =>
  texts.filter(text => text.length >= minLength && text.length <= maxLength);

const hour = 3_600_000;

function textOf(schema: Schema, given: Given, name: string): string {
  const kind = idKindOf(schema);
  if (kind) return given.id(kind);
  const number = given.next();
  if (name === 'time_zone') return 'Europe/Lisbon';
  if (/country code/.test(schema.description ?? '') || /^(to|phone|number)$/.test(name))
    return `+3361${String(3_000_000 + number)}`;
  switch (schema.format) {
    case 'date-time':
      // A range ends after its begin.
      return new Date(Date.now() + (/^(from|since)$/.test(name) ? -hour : hour)).toISOString();
    case 'date':
      return new Date(Date.now() + hour).toISOString().slice(0, 10);
    case 'email':
      return `somebody-${number}@example.com`;
    case 'uri':
      return 'https://example.com/a';
    case 'ipv4':
      return '127.0.0.1';
  }
  if (schema.pattern !== undefined && typeof schema.example === 'string') return schema.example;
  if (schema.pattern !== undefined)
    return String(
      fc.sample(lengthOf(schema, fc.stringMatching(new RegExp(schema.pattern))), { numRuns: 1, seed: number })[0],
    );
  return `text ${number}`.padEnd(schema.minLength ?? 1, '.').slice(0, schema.maxLength ?? 100);
}

/** The places of all fields that may be left out, on the first level. */
export const optionalFields = (schema: Schema): string[] =>
  Object.keys(schema.properties ?? {}).filter(field => !schema.required?.includes(field));

/** Routes whose good bodies follow rules that no schema says, so that their documented example is sent. */
export const byTheirExample: ReadonlySet<string> = new Set([
  'POST /api/v1/templates',
  'POST /api/v1/messages',
  'PUT /api/v1/me/push-subscription',
]);

/** The example that a schema documents, with ids that the request may name. */
export function documentedExample(schema: Schema, given: Given): unknown {
  const text = JSON.stringify(schema.example);
  const anyId = new RegExp(`"(${Object.values(idPrefixes).join('|')})_[0-7][0-9a-hjkmnp-tv-z]{25}"`, 'g');
  const kindOf = (prefix: string) => kinds.find(([, start]) => start === `^${prefix}_`)?.[0];
  return JSON.parse(
    text.replaceAll(anyId, (whole, prefix: string) => {
      const kind = kindOf(prefix);
      return kind === undefined ? whole : JSON.stringify(given.id(kind));
    }),
  );
}
