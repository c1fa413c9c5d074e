// A curl command for each route of the OpenAPI document.
import type { Json } from './document-schemas.ts';

interface Route {
  method: string;
  path: string;
  operation: Json;
}

/** The command for a route, with the example of its body. It uses the shell variables RECADO and TOKEN. */
export function curlOf({ method, path, operation }: Route, document: Json): string {
  const parameters: Json[] = operation.parameters ?? [];
  const address = path.replaceAll(/\{(\w+)\}/g, (whole, name) => {
    const parameter = parameters.find(each => each.in === 'path' && each.name === name);
    return String(parameter?.example ?? parameter?.schema?.example ?? whole);
  });
  const query = parameters
    .filter(each => each.in === 'query' && each.required)
    .map(({ name, example, schema }) => `${name}=${encodeURIComponent(String(example ?? schema?.example ?? name))}`)
    .join('&');
  const takesKey = parameters.some(({ name }) => name === 'idempotency-key');
  const [type, body] = Object.entries<Json>(operation.requestBody?.content ?? {})[0] ?? [];
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} "$RECADO${address}${query && `?${query}`}"`,
    ...(operation.security?.length > 0 ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(takesKey ? [`-H 'Idempotency-Key: any-new-text'`] : []),
    ...(type === undefined ? [] : bodyOf(type, body.schema, document)),
    ...(returnsBytes(operation) ? ['-o file'] : []),
  ].join(' \\\n  ');
}

function bodyOf(type: string, given: Json, document: Json): string[] {
  const schema = resolved(given, document);
  if (type === 'multipart/form-data')
    return Object.entries<Json>(schema.properties ?? {})
      .filter(([name, field]) => isBytes(field) || schema.required?.includes(name))
      .map(([name, field]) => `-F ${name}=${isBytes(field) ? '@photo.jpg' : name}`);
  const example = given?.example ?? schema?.example;
  const data = example === undefined ? [] : [`-d ${quoted(JSON.stringify(example))}`];
  return [`-H 'Content-Type: ${type}'`, ...data];
}

const isBytes = ({ format }: Json): boolean => format === 'binary';

const returnsBytes = ({ responses }: Json): boolean =>
  Object.values<Json>(responses['200']?.content ?? {}).some(({ schema }) => schema?.format === 'binary');

/** A text as one word of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const resolved = (schema: Json, document: Json): Json =>
  schema?.$ref ? document.components.schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)] : schema;
