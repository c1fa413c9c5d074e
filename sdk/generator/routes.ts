// Writes the methods of the client from the OpenAPI document.
import { comment } from './comment.ts';
import { answerOf, type Document, itemOf, nameIn, pascal, type Route, routesOf, type Schema } from './document.ts';
import { nameOf } from './names.ts';
import { typeName, typeOf } from './types.ts';

/** The source of the methods: one class for each group. */
export function writeRoutes(document: Document): string {
  const groups = new Map<string, { tag: string; methods: string[] }>();
  for (const route of routesOf(document)) {
    const { group, method } = nameOf(route.operationId, route.tags[0] ?? '');
    const known = groups.get(group) ?? { tag: route.tags[0] ?? '', methods: [] };
    groups.set(group, { ...known, methods: [...known.methods, methodOf(method, route, document)] });
  }
  const names = [...groups.keys()];
  const docs = new Map(document.tags.map(({ name, description }) => [name, description]));
  const docOfGroup = (group: string, indent: string) => comment(docs.get(groups.get(group)?.tag ?? ''), indent);
  const classes = [...groups].map(
    ([group, { methods }]) =>
      `${docOfGroup(group, '')}export class ${pascal(group)} extends Group {\n${methods.join('\n')}}\n`,
  );
  const body = classes.join('\n');
  return `// The methods of the API. Made from its OpenAPI document by "npm run sdk-types": do not edit.
${importsOf(body)}
abstract class Group {
  protected readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }
}

${body}
/** All groups of methods. */
export class Routes {
${names.map(name => `${docOfGroup(name, '  ')}  readonly ${name}: ${pascal(name)};\n`).join('')}
  constructor(transport: Transport) {
${names.map(name => `    this.${name} = new ${pascal(name)}(transport);\n`).join('')}  }
}
`;
}

/** The methods use types of both the language and the API; the latter are imported. */
function importsOf(body: string): string {
  const uses = (name: string) => new RegExp(`\\b${name}\\b`).test(body);
  const options = ['CreateOptions', 'RequestOptions'].filter(uses);
  const streams = ['pollEvents', 'streamEvents'].filter(uses);
  return [
    uses('List') ? "import type { List } from '../list.ts';\n" : '',
    streams.length > 0 ? `import { ${streams.join(', ')}, type StreamOptions } from '../stream.ts';\n` : '',
    `import { ${options.map(name => `type ${name}, `).join('')}segment, type Transport } from '../transport.ts';\n`,
    "import type * as api from './types.ts';\n",
  ].join('');
}

/** A name of the types' file. */
const api = (name: string) => `api.${typeName(name)}`;

function methodOf(method: string, route: Route, document: Document): string {
  const name = pascal(route.operationId);
  const answer = answerOf(route);
  const ids = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, id = '']) => id);
  const path =
    ids.length === 0 ? `'${route.path}'` : `\`${route.path.replace(/\{(\w+)\}/g, (_, id) => `\${segment(${id})}`)}\``;
  const query = queryOf(route, name);
  const body = bodyOf(route, name, document);
  const keyed = (route.parameters ?? []).some(parameter => parameter.name === 'idempotency-key');
  const given = [...ids.map(id => `${id}: string`), ...(body ? [body] : []), ...(query ? [query] : [])];
  const isStream = answer?.type === 'text/event-stream';
  const doc = comment(docOf(isStream ? { ...route, description: streamDoc } : route), '  ');
  const signature = (options: string, result: string) =>
    `${doc}  ${method}(${[...given, `options?: ${options}`].join(', ')}): ${result} {\n`;
  if (isStream)
    return `${signature('StreamOptions', `AsyncGenerator<${api('Event')}, void, undefined>`)}    return streamEvents(this.transport, ${path}, ${query ? 'query' : '{}'}, options);\n  }\n`;
  const item = answer && itemOf(answer.schema, document);
  if (item) {
    const type = item.$ref === undefined ? typeOf(item, 'answer') : api(nameIn(item.$ref));
    return `${signature('RequestOptions', `List<${type}>`)}    return this.transport.list(${path}, query, options);\n  }\n`;
  }
  const call = [
    `method: '${route.method}'`,
    `path: ${path}`,
    ...(query ? ['query'] : []),
    ...(body ? ['body'] : []),
    ...(keyed ? ['keyed: true'] : []),
    ...(route.security?.length === 0 ? ['open: true'] : []),
  ].join(', ');
  const way = answer === undefined || answer.type === 'application/json' ? 'call' : 'raw';
  const result = resultOf(answer, name);
  const own = `${signature(keyed ? 'CreateOptions' : 'RequestOptions', `Promise<${result}>`)}    return this.transport.${way}({ ${call} }, options);\n  }\n`;
  return isFeed(answer?.schema, document) ? `${own}\n${pollOf(method, name)}` : own;
}

function resultOf(answer: { type: string; schema: Schema } | undefined, name: string): string {
  if (answer === undefined) return 'void';
  if (answer.type !== 'application/json') return 'Response';
  return answer.schema.$ref === undefined ? api(`${name}Answer`) : api(nameIn(answer.schema.$ref));
}

function queryOf(route: Route, name: string): string | undefined {
  const query = (route.parameters ?? []).filter(parameter => parameter.in === 'query');
  if (query.length === 0) return undefined;
  return query.some(({ required }) => required)
    ? `query: ${api(`${name}Query`)}`
    : `query: ${api(`${name}Query`)} = {}`;
}

/** Without filters these act on all messages, so that the caller must say so: `{}`. */
const explicit = ['cancelMessages', 'retryMessages'];

function bodyOf({ requestBody, operationId, method }: Route, name: string, document: Document): string | undefined {
  const json = requestBody?.content['application/json']?.schema;
  const form = requestBody?.content['multipart/form-data']?.schema;
  if (!json && !form) return undefined;
  const named = json?.$ref === undefined ? api(`${name}Body`) : api(nameIn(json.$ref));
  const types = [...(form ? [api(`${name}Form`)] : []), ...(json ? [named] : [])];
  const { required, properties } =
    json?.$ref === undefined ? (json ?? {}) : (document.components.schemas[nameIn(json.$ref)] ?? {});
  const isCommand = method === 'POST' && !explicit.includes(operationId);
  const mayBeEmpty = isCommand && !form && properties !== undefined && (required ?? []).length === 0;
  return `body: ${types.join(' | ')}${mayBeEmpty ? ' = {}' : ''}`;
}

/** A feed is read on with the id of its last event. */
function isFeed(schema: Schema | undefined, document: Document): boolean {
  const { properties } = document.components.schemas[nameIn(schema?.$ref ?? '')] ?? {};
  return properties?.last_id !== undefined && properties.has_more !== undefined;
}

const pollOf = (method: string, name: string) =>
  `  /**
   * The same as an iterator: all events after \`after\`, then each new one as it comes. It repeats failed requests for
   * ever.
   */
  poll(query: ${api(`${name}Query`)} = {}, options?: RequestOptions): AsyncGenerator<${api('Event')}, void, undefined> {
    return pollEvents(next => this.${method}(next, { retries: Number.POSITIVE_INFINITY, ...options }), query);
  }
`;

const streamDoc =
  'It connects again after each loss, and continues after the last event that it gave you. It ends when you stop to iterate, or with the `signal`. You see the events that your permissions and accounts allow.';

function docOf({ summary, description, method, path }: Route): string {
  const text = [summary && `${summary}.`, description].filter(Boolean).join(' ');
  return `${text}\n\n\`${method} ${path}\``;
}
