// JSON Schemas of the contract, as the OpenAPI and the AsyncAPI document have them.
import { z } from 'zod';

// biome-ignore lint/suspicious/noExplicitAny: a document is walked as the plain JSON that it is
export type Json = any;

export const schemaPlace = '#/components/schemas/';

/** Removes details of the validation library from one schema. */
export function tidySchema(schema: Json): void {
  hoistDescription(schema);
  // The format is enough; the patterns spell out leap years.
  if (formats.has(schema.format)) delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

const formats = new Set(['date-time', 'date', 'email']);

/** A nullable field has its description and example outside, where readers and generators look. */
function hoistDescription(schema: Json): void {
  if (schema.anyOf?.length !== 2 || schema.anyOf[1].type !== 'null' || schema.anyOf[0].$ref) return;
  for (const name of ['description', 'example']) {
    schema[name] ??= schema.anyOf[0][name];
    delete schema.anyOf[0][name];
    if (schema[name] === undefined) delete schema[name];
  }
}

/** `output`: what clients receive, open to fields of later versions. `input`: what they send. */
type Direction = 'output' | 'input';

/** These schemas as AsyncAPI's, by their names, and the named schemas that they refer to. */
export function asyncSchemas(named: Record<string, z.ZodType>, io: Direction): Record<string, Json> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-7',
    io,
    metadata: z.globalRegistry,
    uri: id => `${schemaPlace}${id}`,
  });
  const { __shared: shared, ...own } = schemas as Json;
  const text = JSON.stringify({ ...own, ...shared?.definitions });
  const found: Record<string, Json> = JSON.parse(text.replaceAll(`${schemaPlace}__shared#/definitions/`, schemaPlace));
  for (const schema of Object.values(found)) toAsync(schema, io);
  return found;
}

/** Changes a schema and those within it into AsyncAPI's form. */
function toAsync(schema: Json, io: Direction): void {
  if (typeof schema !== 'object') return;
  tidySchema(schema);
  for (const name of ['$schema', '$id', 'id']) delete schema[name];
  if ('example' in schema) schema.examples = [schema.example];
  delete schema.example;
  if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
  const lists = [schema.anyOf, schema.oneOf, schema.allOf, Object.values(schema.properties ?? {})];
  const single = [schema.items, schema.additionalProperties, schema.propertyNames];
  for (const each of [...lists.flatMap(list => list ?? []), ...single]) if (each !== undefined) toAsync(each, io);
}
