// Which changes of a schema break clients, by what they do with it: they send values of it, or receive them.
import type { Schema } from '../openapi/document.ts';

/** A change that can break a client. */
export interface Change {
  /** Where: `Message.status`, `GET /api/v1/messages query limit`. The release notes name it so. */
  place: string;
  /** What changed: "was removed". */
  what: string;
}

/** What clients do with a value: they send it to Recado, or they receive it. */
export type Direction = 'sent' | 'received';

export type Report = (place: string, what: string) => void;

/** Compares two schemas of a place. @throws Error on a keyword without a rule */
export type Compare = (old: Schema, now: Schema, place: string, direction: Direction) => void;

interface Walk {
  compare: Compare;
  report: Report;
}

type Schemas = Record<string, Schema>;

const lowerBounds = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties'] as const;
const upperBounds = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems'] as const;
const annotations = ['description', 'example', 'examples', 'title', 'default', 'discriminator', 'deprecated'];
const known = new Set<string>([
  ...lowerBounds,
  ...upperBounds,
  ...annotations,
  ...['$ref', 'type', 'format', 'pattern', 'enum', 'const', 'anyOf', 'oneOf', 'items'],
  ...['properties', 'required', 'additionalProperties', 'propertyNames'],
]);

/** Compares the schemas of two versions of a document. Named schemas are compared once for each direction. */
export function schemaComparison(before: Schemas, after: Schemas, report: Report): Compare {
  const done = new Set<string>();

  function compare(old: Schema, now: Schema, place: string, direction: Direction): void {
    const name = nameOf(old);
    if (name !== undefined && name === nameOf(now)) {
      if (done.has(`${direction} ${name}`)) return;
      done.add(`${direction} ${name}`);
      compareChoices(choices(old, before), choices(now, after), name, direction);
    } else compareChoices(choices(old, before), choices(now, after), place, direction);
  }

  function compareChoices(old: Choice[], now: Choice[], place: string, direction: Direction): void {
    for (const { schema } of [...old, ...now]) demandKnown(schema, place, direction);
    const pairs = pairUp(old, now);
    if (direction === 'sent') {
      const lost = old.filter(each => !pairs.has(each) && !now.some(({ schema }) => acceptsAll(schema)));
      for (const each of lost) report(place, `no longer accepts ${described(each)}`);
    } else if (!old.some(({ schema }) => acceptsAll(schema))) {
      const types = new Set(old.map(({ schema }) => family(schema)));
      for (const each of now)
        if (!types.has(family(each.schema))) report(place, `may now be ${family(each.schema) ?? 'any value'}`);
    }
    for (const [before, after] of pairs) {
      const named = before.name !== undefined && before.name === after.name && (old.length > 1 || now.length > 1);
      if (named && done.has(`${direction} ${before.name}`)) continue;
      if (named) done.add(`${direction} ${before.name}`);
      compareOne(before.schema, after.schema, named ? (before.name ?? place) : place, direction);
    }
  }

  function compareOne(old: Schema, now: Schema, place: string, direction: Direction): void {
    if (direction === 'sent') reportNarrowed(old, now, place, report);
    else reportWidened(old, now, place, report);
    compareFields(old, now, place, direction, { compare, report });
    if (old.items && now.items) compare(old.items, now.items, `${place}[]`, direction);
    else if (direction === 'sent' && now.items) report(`${place}[]`, 'has a schema now');
    else if (direction === 'received' && old.items) report(`${place}[]`, 'may now be any value');
    compareOthers(old, now, place, direction, { compare, report });
    if (direction === 'sent' && now.propertyNames)
      compare(old.propertyNames ?? { type: 'string' }, now.propertyNames, `${place} names`, direction);
  }

  return compare;
}

/** The fields that have names in the schema. */
function compareFields(old: Schema, now: Schema, place: string, direction: Direction, { compare, report }: Walk): void {
  const fields = now.properties ?? {};
  for (const [name, field] of Object.entries(old.properties ?? {})) {
    const changed = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (changed) compare(field, changed, `${place}.${name}`, direction);
    else report(`${place}.${name}`, 'was removed');
    if (changed && direction === 'received' && old.required?.includes(name) && !now.required?.includes(name))
      report(`${place}.${name}`, 'may now be absent');
  }
  if (direction === 'sent')
    for (const name of now.required ?? [])
      if (!old.required?.includes(name)) report(`${place}.${name}`, 'is required now');
}

/** The fields that have no name in the schema. */
function compareOthers(old: Schema, now: Schema, place: string, direction: Direction, { compare, report }: Walk): void {
  const [others, nowOthers] = [old.additionalProperties ?? true, now.additionalProperties ?? true];
  if (typeof others === 'object' && typeof nowOthers === 'object') compare(others, nowOthers, `${place}.*`, direction);
  else if (direction === 'sent' && others !== false && nowOthers !== true)
    report(place, nowOthers === false ? 'rejects other fields now' : 'limits other fields now');
  else if (direction === 'received' && typeof others === 'object' && nowOthers === true)
    report(`${place}.*`, 'may now be any value');
}

/** What clients send is rejected more often. */
function reportNarrowed(old: Schema, now: Schema, place: string, report: Report): void {
  if (now.type === 'integer' && old.type === 'number') report(place, 'must be an integer now');
  if (now.format !== undefined && now.format !== old.format) report(place, `must be a ${now.format} now`);
  if (now.pattern !== undefined && now.pattern !== old.pattern) report(place, 'has another pattern');
  for (const bound of lowerBounds)
    if ((now[bound] ?? Number.NEGATIVE_INFINITY) > (old[bound] ?? Number.NEGATIVE_INFINITY))
      report(place, `has a higher ${bound}: ${now[bound]}`);
  for (const bound of upperBounds)
    if ((now[bound] ?? Number.POSITIVE_INFINITY) < (old[bound] ?? Number.POSITIVE_INFINITY))
      report(place, `has a lower ${bound}: ${now[bound]}`);
  const values = valuesOf(now);
  if (!values) return;
  const lost = valuesOf(old)?.filter(value => !values.includes(value));
  if (!lost) report(place, `accepts only ${values.join(', ')} now`);
  else if (lost.length > 0) report(place, `no longer accepts ${lost.join(', ')}`);
}

/** What clients receive is something that they did not expect. */
function reportWidened(old: Schema, now: Schema, place: string, report: Report): void {
  if (old.type === 'integer' && now.type === 'number') report(place, 'may now be a fraction');
  if (old.format !== undefined && now.format !== old.format) report(place, `is no longer a ${old.format}`);
}

/** One of the shapes that a value may have. */
interface Choice {
  name: string | undefined;
  schema: Schema;
}

const nameOf = (schema: Schema): string | undefined => {
  const { $ref } = onlyOf(schema) ?? schema;
  return $ref?.slice($ref.lastIndexOf('/') + 1);
};

/** The schema that this one repeats with words of its own. */
const onlyOf = ({ allOf, properties }: Schema): Schema | undefined =>
  allOf?.length === 1 && !properties ? allOf[0] : undefined;

/** The shapes that a value may have, references resolved. */
function choices(schema: Schema, schemas: Schemas): Choice[] {
  const name = nameOf(schema);
  if (name !== undefined) {
    const named = schemas[name];
    if (!named) throw new Error(`The document has no schema ${name}.`);
    const [first, ...others] = choices(named, schemas);
    return first && others.length === 0 ? [{ ...first, name: first.name ?? name }] : choices(named, schemas);
  }
  const only = onlyOf(schema);
  if (only) return choices(only, schemas);
  const listed = schema.anyOf ?? schema.oneOf;
  if (listed) return listed.flatMap(each => choices(each, schemas));
  const { type } = schema as { type?: string | string[] };
  if (Array.isArray(type)) return type.map(each => ({ name: undefined, schema: { ...schema, type: each } }));
  return [{ name: undefined, schema }];
}

/** Pairs the shapes of two versions: by name, by their `type` constant, if they are equal, or by their JSON type. */
function pairUp(old: Choice[], now: Choice[]): Map<Choice, Choice> {
  const pairs = new Map<Choice, Choice>();
  const free = new Set(now);
  const keys: ((choice: Choice) => string | undefined)[] = [
    ({ name }) => name,
    ({ schema }) => kindOf(schema),
    ({ schema }) => JSON.stringify(schema),
    ({ schema }) => (kindOf(schema) === undefined ? family(schema) : undefined),
  ];
  for (const key of keys)
    for (const each of old) {
      if (pairs.has(each) || key(each) === undefined) continue;
      const partner = [...free].find(other => key(other) === key(each));
      if (!partner) continue;
      pairs.set(each, partner);
      free.delete(partner);
    }
  return pairs;
}

/** The value by which a union tells an object from the others. */
const kindOf = ({ properties }: Schema): string | undefined => {
  const value = properties?.type?.const;
  return value === undefined ? undefined : String(value);
};

/** The JSON type; integers are numbers. */
function family(schema: Schema): string | undefined {
  const value = valuesOf(schema)?.[0];
  if (schema.type === undefined && value !== undefined) return value === 'null' ? 'null' : typeof JSON.parse(value);
  return schema.type === 'integer' ? 'number' : schema.type;
}

const acceptsAll = (schema: Schema): boolean => family(schema) === undefined && !schema.properties;

const valuesOf = (schema: Schema): string[] | undefined =>
  ('const' in schema ? [schema.const] : schema.enum)?.map(value => JSON.stringify(value));

const described = ({ name, schema }: Choice): string => name ?? kindOf(schema) ?? family(schema) ?? 'any value';

/** In answers `not` only tells the last choice of a union from the others. */
function demandKnown(schema: Schema, place: string, direction: Direction): void {
  const isKnown = (keyword: string) =>
    known.has(keyword) || keyword.startsWith('x-') || (keyword === 'not' && direction === 'received');
  const unknown = Object.keys(schema).find(keyword => !isKnown(keyword));
  if (unknown) throw new Error(`${place}: the comparison has no rule for ${unknown}. Add one to schema-changes.ts.`);
}
