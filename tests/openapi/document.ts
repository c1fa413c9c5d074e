// The document of the running program, as the tests walk it: every route with what it takes and what it answers.
import type { Permission } from '@recado/contract';

/** What the document uses of JSON Schema. */
export interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  minProperties?: number;
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  description?: string;
  example?: unknown;
}

interface Content {
  content?: Record<string, { schema?: Schema }>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

export interface Route {
  /** `POST /api/v1/messages`. */
  name: string;
  method: string;
  path: string;
  /** Undefined for a route that is public. */
  permission: Permission | undefined;
  parameters: Parameter[];
  body: { types: string[]; schema: Schema; required: boolean } | undefined;
  responses: Record<string, Content>;
}

interface Operation {
  'x-permission'?: Permission;
  parameters?: Parameter[];
  requestBody?: Content & { required?: boolean };
  responses: Record<string, Content>;
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema>; headers?: Record<string, unknown> };
}

/** All routes of a document, with its references written out. */
export function readRoutes(document: OpenApi): Route[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { parameters = [], requestBody, responses } = writtenOut(operation, document) as Operation;
      const content = requestBody?.content ?? {};
      const first = content['application/json'] ?? Object.values(content)[0];
      const name = `${method.toUpperCase()} ${path}`;
      if (requestBody && !first?.schema) throw new Error(`${name} takes a body that the document does not describe`);
      return {
        name,
        method: method.toUpperCase(),
        path,
        permission: operation['x-permission'],
        parameters,
        body: first?.schema && {
          types: Object.keys(requestBody?.content ?? {}),
          schema: first.schema,
          required: requestBody?.required ?? false,
        },
        responses: closedAnswers(responses),
      };
    }),
  );
}

/**
 * Answers are open in the document, so that clients accept new fields. The tests close them again: our own answers have no
 * field that the document lacks.
 */
export function closedAnswers<Part>(part: Part): Part {
  if (Array.isArray(part)) return part.map(each => closedAnswers(each)) as Part;
  if (typeof part !== 'object' || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closedAnswers(value)]));
  const isShape = 'properties' in part && typeof part.properties === 'object' && !('additionalProperties' in part);
  return (isShape ? { ...inner, additionalProperties: false } : inner) as Part;
}

/** A part of a document with its references written out. */
export function writtenOut(part: unknown, document: Pick<OpenApi, 'components'>, depth = 0): unknown {
  if (depth > 60) throw new Error('a schema of the document holds itself');
  if (Array.isArray(part)) return part.map(each => writtenOut(each, document, depth + 1));
  if (typeof part !== 'object' || part === null) return part;
  if ('type' in part && Array.isArray(part.type)) {
    // Several types are so many choices.
    const { type, ...rest } = part;
    return { anyOf: type.map(each => writtenOut({ ...rest, type: each }, document, depth + 1)) };
  }
  if ('$ref' in part && typeof part.$ref === 'string') {
    const [, kind, name = ''] = /^#\/components\/(schemas|headers)\/([\w-]+)$/.exec(part.$ref) ?? [];
    const named = document.components?.[kind as 'schemas' | 'headers']?.[name];
    if (!named) throw new Error(`the document has no ${part.$ref}`);
    return writtenOut(named, document, depth + 1);
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, writtenOut(value, document, depth + 1)]));
}
