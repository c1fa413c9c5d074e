// A small OpenAPI document with everything that the rules of the comparison tell apart, for their tests.
import type { Schema } from '../openapi/document.ts';
import { type OpenApiDocument, openApiChanges } from './openapi-changes.ts';

/** A short text. */
export const text: Schema = { type: 'string', minLength: 1, maxLength: 10 };
/** A reference to a named schema. */
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
/** The JSON content of a body or an answer. */
export const json = (schema: Schema) => ({ 'application/json': { schema } });
/** An object that a union tells by its `type`. */
export const kind = (name: string, fields: Record<string, Schema> = {}): Schema => ({
  type: 'object',
  properties: { type: { type: 'string', const: name }, ...fields },
  required: ['type'],
  additionalProperties: false,
});

/** A document with everything that the rules tell apart. */
const document = () => ({
  paths: {
    '/things': {
      get: {
        operationId: 'listThings',
        security: [{ person: [] }, { key: [] }, { cookie: [], csrf: [] }],
        'x-permission': 'things.read',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } as Schema },
          {
            name: 'status',
            in: 'query',
            style: 'form',
            explode: false,
            schema: { type: 'array', items: { type: 'string', enum: ['new', 'old'] } } as Schema,
          },
        ],
        responses: {
          200: { headers: { RateLimit: {} }, content: json({ type: 'array', items: ref('Thing') }) },
          404: { content: json(ref('Thing')) },
        },
      },
      post: {
        operationId: 'createThing',
        security: [],
        requestBody: { required: false, content: { ...json(ref('NewThing')), 'text/plain': { schema: text } } },
        responses: { 201: { content: json(ref('Thing')) } },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'status', 'count'],
        properties: {
          id: text,
          status: { type: 'string', enum: ['new', 'old'] },
          count: { type: 'integer' },
          at: { type: 'string', format: 'date-time' },
          tags: { type: 'array', items: { type: 'string' } },
          notes: { type: 'object', additionalProperties: { type: 'string' } },
        },
      } as Schema,
      NewThing: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: {
          name: text,
          size: { type: 'number', minimum: 0, exclusiveMinimum: 0, maximum: 9, exclusiveMaximum: 10 },
          code: { type: 'string', pattern: '^a' },
          at: { type: 'string' },
          status: { type: 'string', enum: ['new', 'old'] },
          tags: { type: 'array', items: { type: 'string' }, minItems: 0, maxItems: 5 },
          notes: { type: 'object', additionalProperties: { type: 'string' }, propertyNames: { type: 'string' } },
          any: {},
          note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          content: { oneOf: [ref('TextContent'), ref('FileContent')] },
          inline: { anyOf: [kind('a', { x: text }), kind('b', { x: text })] },
        },
      } as Schema,
      TextContent: kind('text', { body: text }),
      FileContent: kind('file', { link: text }),
    },
  },
});

export type Document = ReturnType<typeof document>;

/** A copy that shares no part with itself. */
const fresh = (): Document => JSON.parse(JSON.stringify(document()));

/** The reports of a change, as `place what`. */
export function reports(change: (now: Document) => void, changeOld: (old: Document) => void = () => {}): string[] {
  const [old, now] = [fresh(), fresh()];
  changeOld(old);
  change(now);
  const changes = openApiChanges(old as unknown as OpenApiDocument, now as unknown as OpenApiDocument);
  return changes.map(({ place, what }) => `${place} ${what}`);
}

/** A field of a schema, at any depth. */
export function field(now: Document, name: 'Thing' | 'NewThing', path: string): Schema {
  const found = path
    .split('.')
    .reduce<Schema | undefined>((part, each) => part?.properties?.[each], now.components.schemas[name]);
  if (!found) throw new Error(`the document of this test has no ${path}`);
  return found;
}
/** Removes a property. */
export const drop = (object: object, name: string): void => void delete (object as Record<string, unknown>)[name];
/** The fields of a named schema. */
export const fields = (now: Document, name: keyof Document['components']['schemas']): Record<string, Schema> =>
  now.components.schemas[name].properties ?? {};
