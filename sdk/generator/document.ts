// What the generator reads of an OpenAPI document.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  description?: string;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  /** Empty where the operation needs no credentials. */
  security?: unknown[];
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

export interface Document {
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** A type of event, as `GET /api/v1/event-types` lists it. */
export interface EventType {
  type: string;
  description: string;
  schema: Schema;
}

export interface Route extends Operation {
  method: string;
  path: string;
}

/** Meta calls these routes, and no client of Recado does. */
const isOfMeta = (path: string): boolean => path.startsWith('/webhooks/');

/** The operations of clients, in the order of the document. */
export const routesOf = (document: Document): Route[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    isOfMeta(path)
      ? []
      : Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );

/** The name that a reference leads to. */
export const nameIn = ($ref: string): string => $ref.slice($ref.lastIndexOf('/') + 1);

/** The content of the answer that means success; undefined if there is no body. */
export function answerOf({ responses }: Operation): { type: string; schema: Schema } | undefined {
  const [, answer] = Object.entries(responses).find(([status]) => /^2/.test(status)) ?? [];
  const [type, content] = Object.entries(answer?.content ?? {})[0] ?? [];
  return type === undefined ? undefined : { type, schema: content?.schema ?? {} };
}

/** The item of a list with pages: its schema; undefined for other answers. */
export function itemOf(schema: Schema, document: Document): Schema | undefined {
  const { properties } = schema.$ref === undefined ? schema : (document.components.schemas[nameIn(schema.$ref)] ?? {});
  return properties?.page?.properties?.next_cursor && properties.data?.items;
}

/** `sendMessage` as the beginning of a type's name. */
export const pascal = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
