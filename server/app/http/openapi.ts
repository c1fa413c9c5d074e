// What is true of every route is added to the document here, so that no route has to repeat it.
import { keyScopes, type Permission } from '@recado/contract';
import { errorTables } from '../error-tables.ts';

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is walked as the plain JSON that it is
type Json = any;

const meanings: Record<string, string> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Accepted; the work follows.',
  204: 'Done; there is nothing to show.',
  206: 'The range that was asked for.',
  302: 'At the address of `Location`, a link of the store that is good for a while.',
  304: 'The caller has it already, as `If-None-Match` says.',
  400: 'The request is not valid; `errors` names the fields.',
  401: 'Credentials are missing or not valid.',
  403: 'These credentials do not allow this.',
  404: 'There is no such thing, or none that is yours.',
  408: 'The body came too slowly.',
  409: 'The state of the thing does not allow this.',
  410: 'It was there, and is not any more.',
  413: 'It is too large.',
  415: 'The body has a type that this route does not take.',
  416: 'It does not have this range.',
  422: 'The Idempotency-Key was used with another body, or by somebody else.',
  429: 'Too many; wait for the seconds of `Retry-After`.',
  500: 'Something went wrong on our side; the log tells more under the `request_id`.',
  502: 'Another server that this needs refused: the mail server, or the store of files; `code` tells which.',
  503: 'It cannot be done at the moment, as `detail` says: the database or the store of files cannot be reached, a lock is taken, or a disk is full. Repeat after the seconds of `Retry-After`.',
  507: 'There is no room for it.',
};

const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const bytes = (type: string) => ({ [type]: { schema: { type: 'string', format: 'binary' } } });

const seconds = { type: 'integer', minimum: 0 };
const headers: Record<string, Json> = {
  'X-Request-Id': { description: 'The id of the request, for questions about it.', schema: { type: 'string' } },
  'Retry-After': {
    description: 'Repeat after so many seconds; not there where waiting does not help.',
    schema: seconds,
  },
  'Set-Cookie': {
    description: 'For a session in cookies only: `recado_access` and `recado_refresh`, or their end.',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': {
    description: 'How many requests (`q`) the caller and the workspace have in how many seconds (`w`).',
    schema: { type: 'string' },
    example: '"caller";q=1000;w=10, "workspace";q=5000;w=10',
  },
  RateLimit: {
    description: 'How many requests are left (`r`), and after how many seconds all are there again (`t`).',
    schema: { type: 'string' },
    example: '"caller";r=998;t=1, "workspace";r=4990;t=1',
  },
};

/** What the routes are about, in the order in which somebody new meets them. */
export const tags = [
  { name: 'Setup and login', description: 'The first owner, logins, and passwords that were forgotten.' },
  { name: 'Accounts', description: 'The numbers of the company: their limits, and what holds their queues.' },
  { name: 'Messages', description: 'Sending, following, listing and counting messages, alone and by the thousand.' },
  { name: 'Conversations', description: 'The thread of one account with one contact.' },
  { name: 'Contacts', description: 'The people that are written to, or that write.' },
  { name: 'Media', description: 'Files to be sent, and files that came with messages.' },
  { name: 'Privacy', description: 'Everything that is held of a contact: given out, or erased.' },
  { name: 'API keys', description: 'What programs call with.' },
  { name: 'Me', description: 'Whoever is calling: rights, sessions, password and second factor.' },
  { name: 'People', description: 'Who works in the workspace, and as what.' },
  { name: 'Invitations', description: 'How others come into the workspace.' },
  { name: 'Workspace', description: 'The settings of the workspace.' },
  { name: 'Workspaces', description: 'More workspaces in the same installation.' },
  { name: 'Audit log', description: 'Who did what to what, from where.' },
  { name: 'Channels', description: 'Where Meta calls.' },
];

/** How a caller can say who they are. */
export const securitySchemes = {
  person: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `access_token` of a login; it is good for 15 minutes.',
  },
  key: { type: 'http', scheme: 'bearer', bearerFormat: 'rcd_…', description: 'An API key, in the same place.' },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'recado_access',
    description: 'Of a login with `cookies`. Under an https `PUBLIC_URL` it is called `__Host-recado_access`.',
  },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: 'X-CSRF-Token',
    description: 'The `csrf_token` of that login; with the cookie, where something is changed.',
  },
} as const;

const openToKeys = new Set<Permission>([...keyScopes, 'me.read']);

/** What a route asks for, one of several ways: keys have scopes only, and cookies change nothing without their token. */
export function securityOf(permission: Permission, methods: string | string[]): Record<string, string[]>[] {
  const reads = [methods].flat().every(method => method === 'GET' || method === 'HEAD');
  return [
    { person: [] },
    ...(openToKeys.has(permission) ? [{ key: [] }] : []),
    reads ? { cookie: [] } : { cookie: [], csrf: [] },
  ];
}

/** Gives every response its meaning, every route the refusals that any route can give, and drops what nothing uses. */
export function completeDocument(document: Json): Json {
  document.components = { ...document.components, headers };
  dropUnused(document);
  tidy(document);
  document.components.schemas.Problem.properties.code.description += ` In this version one of: ${codes.join(', ')}.`;
  for (const [path, routes] of Object.entries<Json>(document.paths ?? {}))
    for (const [method, route] of Object.entries<Json>(routes)) {
      // A list stands in one parameter, with commas between.
      for (const parameter of route.parameters ?? [])
        if (parameter.schema?.type === 'array') Object.assign(parameter, { style: 'form', explode: false });
      if (mayLackBody.has(path)) route.requestBody.required = false;
      route.responses = { ...route.responses, ...contentResponses(path) };
      for (const status of commonRefusals(path, method, route)) route.responses[status] ??= { content: problem };
      for (const [status, response] of Object.entries<Json>(route.responses)) {
        response.description = meanings[status] ?? response.description;
        if (Number(status) >= 400) response.content = problem;
        response.headers = headersOf({
          counted: route.security !== undefined && status !== '401',
          waits: /^(409|429|503)$/.test(status) || (status === '400' && waitsForMidnight(path, method)),
          cookies: /^20[01]$|^204$/.test(status) && setsCookies.has(path),
        });
      }
    }
  return document;
}

const codes = errorTables.flatMap(table => Object.keys(table));

/** How a route can refuse whatever it is for. */
function commonRefusals(path: string, method: string, route: Json): string[] {
  const keyed = (route.parameters ?? []).some(({ name }: Json) => name === 'idempotency-key');
  return [
    '400',
    '500',
    '503',
    ...(route.security ? ['401', '403', '429'] : []),
    // What is too long to be an id is the address of nothing.
    ...(path.includes('{') ? ['404'] : []),
    // A body is read, and refused, also where none is asked for.
    ...(method === 'get' ? [] : ['408', '413', '415']),
    ...(keyed ? ['409', '422'] : []),
  ];
}

/** The routes that answer with bytes have no schema of their answers: what they give besides refusals. */
function contentResponses(path: string): Json {
  const type = { '/api/v1/media/{id}/content': '*/*', '/api/v1/media/{id}/thumbnail': 'image/webp' }[path];
  if (type === undefined) return {};
  return {
    200: { content: bytes(type) },
    206: { content: bytes(type) },
    ...(type === '*/*' ? { 302: {} } : {}),
    304: {},
  };
}

/** Messages are refused with 400 where the daily limit of their account is reached. */
const waitsForMidnight = (path: string, method: string) => method === 'post' && path.startsWith('/api/v1/messages');

/** The routes whose body may be left out, as nothing of it has to be given. */
const mayLackBody = new Set(['/api/v1/media/{id}/link']);

/** What opens, renews or ends a session in cookies. */
const setsCookies = new Set([
  '/api/v1/auth/login',
  '/api/v1/auth/refresh',
  '/api/v1/auth/logout',
  '/api/v1/invitations/accept',
  '/api/v1/auth/switch',
]);

function headersOf({ counted, waits, cookies }: Record<'counted' | 'waits' | 'cookies', boolean>): Json {
  const names = [
    'X-Request-Id',
    ...(waits ? ['Retry-After'] : []),
    ...(cookies ? ['Set-Cookie'] : []),
    ...(counted ? ['RateLimit-Policy', 'RateLimit'] : []),
  ];
  return Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }]));
}

/** Shapes are listed twice, as given and as taken (`…Input`); one that nothing names goes, and then what only that one named. */
function dropUnused(document: Json): void {
  const schemas = document.components.schemas ?? {};
  for (let before = -1; before !== Object.keys(schemas).length; ) {
    before = Object.keys(schemas).length;
    const text = JSON.stringify(document);
    for (const name of Object.keys(schemas)) if (!text.includes(`"${schemaPlace}${name}"`)) delete schemas[name];
  }
}

const schemaPlace = '#/components/schemas/';

/** Takes away what only the library that reads requests knows of, and says what it cannot say, in every schema. */
function tidy(document: Json): void {
  const { schemas } = document.components;
  const plain = (name: string) => {
    const short = name.replace(/Input$/, '');
    return short in schemas ? name : short;
  };
  const walk = (part: Json): void => {
    if (typeof part !== 'object' || part === null) return;
    if (part.anyOf?.length === 1 && part.anyOf[0].$ref) {
      part.$ref = part.anyOf[0].$ref;
      delete part.anyOf;
    }
    if (typeof part.$ref === 'string' && part.$ref.startsWith(schemaPlace))
      part.$ref = `${schemaPlace}${plain(part.$ref.slice(schemaPlace.length))}`;
    // The format says it, and no reader wants to know which years are leap years.
    if (formats.has(part.format)) delete part.pattern;
    if (part.minimum === Number.MIN_SAFE_INTEGER) delete part.minimum;
    if (part.maximum === Number.MAX_SAFE_INTEGER) delete part.maximum;
    for (const each of Object.values<Json>(part)) walk(each);
  };
  walk(document);
  const renamed = Object.entries<Json>(schemas).map(([name, schema]) => [plain(name), schema]);
  document.components.schemas = Object.fromEntries(renamed);
  for (const schema of Object.values<Json>(document.components.schemas)) addDiscriminator(schema, document);
}

const formats = new Set(['date-time', 'date', 'email']);

/** Of several shapes that each have a type of their own, it tells which type is which shape. */
function addDiscriminator(schema: Json, document: Json): void {
  const types = (schema.oneOf ?? []).map(({ $ref }: Json) => [typeOf($ref, document), $ref]);
  if (types.length > 0 && types.every(([type]: Json) => type !== undefined))
    schema.discriminator = { propertyName: 'type', mapping: Object.fromEntries(types) };
}

const typeOf = (ref: string | undefined, document: Json): string | undefined =>
  document.components.schemas[ref?.slice(schemaPlace.length) ?? '']?.properties?.type?.const;
