// Completes the OpenAPI document with what is the same for all routes.
import { keyScopes, type Permission } from '@recado/contract';
import { errorTables } from '../error-tables.ts';
import { type Json, schemaPlace, tidySchema } from './document-schemas.ts';
import { typeEvents } from './typed-events.ts';

const meanings: Record<string, string> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Accepted. Recado does the work later.',
  204: 'Done. There is no body.',
  206: 'The requested range.',
  302: 'A redirect to a temporary link of the file store, in `Location`.',
  304: 'Not modified: the caller has this version, as `If-None-Match` says.',
  400: 'The request is not valid. `errors` lists the invalid fields.',
  401: 'Credentials are missing or not valid.',
  403: 'These credentials do not allow this.',
  404: 'Not found, or not visible to the caller.',
  406: 'The response has a media type that `Accept` does not name.',
  408: 'The body arrived too slowly.',
  409: 'The current state does not allow this.',
  412: 'It has changed since the revision in `If-Match`.',
  410: 'Gone: it existed and was removed.',
  413: 'The body is too large.',
  415: 'The route does not accept this content type.',
  416: 'The file does not have this range.',
  422: 'Another body or another caller used this Idempotency-Key.',
  429: 'Too many requests. Repeat after the seconds in `Retry-After`.',
  500: 'An internal error. The log has details under the `request_id`.',
  502: 'The mail server or the file store rejected the call. `code` says which.',
  503: 'Temporarily unavailable; `detail` says why. Repeat after the seconds in `Retry-After`.',
  507: 'There is not enough storage.',
};

const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const bytes = (type: string) => ({ [type]: { schema: { type: 'string', format: 'binary' } } });

const seconds = { type: 'integer', minimum: 0 };
const headers: Record<string, Json> = {
  'X-Request-Id': { description: 'The id of the request. The log has details under it.', schema: { type: 'string' } },
  'Retry-After': { description: 'Repeat after this many seconds. Absent if waiting does not help.', schema: seconds },
  'Idempotent-Replayed': {
    description:
      'Always `true`: this is the stored first answer under the `Idempotency-Key`. Absent from first answers.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Set-Cookie': {
    description: 'For cookie sessions only: sets or deletes `recado_access` and `recado_refresh`.',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': {
    description: 'The limits: requests (`q`) per window in seconds (`w`), for the caller and the workspace.',
    schema: { type: 'string' },
    example: '"caller";q=1000;w=10, "workspace";q=5000;w=10',
  },
  RateLimit: {
    description: 'The requests left (`r`), and the seconds until the full limit is back (`t`).',
    schema: { type: 'string' },
    example: '"caller";r=998;t=1, "workspace";r=4990;t=1',
  },
};

/** The groups of routes, in the order in which a developer needs them: sending first. */
export const tags = [
  { name: 'Messages', description: 'Send, track, list and count messages, one by one or in batches.' },
  { name: 'Statistics', description: 'Figures of messages over time, by many groupings, with the period before.' },
  { name: 'Conversations', description: 'All messages between one account and one contact.' },
  { name: 'Teams', description: 'Who gets which conversations, how many, and who is online.' },
  { name: 'Saved replies', description: 'Texts that people write often, with variables and files.' },
  { name: 'Saved views', description: 'Filters of conversations under a name, of one caller or of the workspace.' },
  {
    name: 'Conversation jobs',
    description: 'Many conversations closed, snoozed, assigned or labelled at once, and undone.',
  },
  { name: 'Notes', description: 'What your people write about a conversation for each other. Nothing sends it.' },
  { name: 'Contacts', description: 'The people who send and receive messages.' },
  { name: 'Contact fields', description: 'Your own fields of contacts.' },
  { name: 'Labels', description: 'Names with colours, on contacts or on conversations.' },
  { name: 'Imports', description: 'Contacts from CSV files: checked first, then run, and undone within a week.' },
  { name: 'Segments', description: 'Named filters of contacts, and static lists of them.' },
  { name: 'Wall views', description: 'Figures of today for a screen, opened by a link of its own.' },
  { name: 'Media', description: 'Uploaded files, and files that came with messages.' },
  { name: 'Templates', description: 'Messages that WhatsApp approves before they are sent.' },
  { name: 'Campaigns', description: 'One message to many people, each exactly once.' },
  { name: 'Cost', description: 'What messages cost: rate cards, the spend of a month, and caps.' },
  { name: 'Opt-outs', description: 'Who wants no messages, or no marketing messages.' },
  { name: 'Requests', description: 'What was asked of the API in the last 7 days, by whom, and what it answered.' },
  { name: 'Events', description: 'What happened in the workspace, in order: webhooks, streams and pages of one log.' },
  { name: 'Endpoints', description: 'Where Recado posts events as webhooks, and the record of these posts.' },
  { name: 'Alerts', description: 'What is wrong now, what was, and who takes care of it.' },
  { name: 'Alert rules', description: 'What Recado watches, when it fires, and who is told.' },
  { name: 'Alert channels', description: 'Where alerts go, what went there, and how they are grouped and repeated.' },
  { name: 'Hooks', description: 'Addresses that other programs call; what they say reaches people on WhatsApp.' },
  { name: 'Self-check', description: 'Whether the parts of the installation work together, and the first step.' },
  { name: 'Accounts', description: 'The WhatsApp numbers of the workspace, their limits and their queues.' },
  { name: 'Links', description: 'The links of accounts of WhatsApp Web to phones: codes, states, and their end.' },
  {
    name: 'Phones',
    description: 'The simulated phones of people who write to Sandbox accounts. Other accounts have none.',
  },
  { name: 'Demo', description: 'Made-up people and messages of Sandbox accounts, in one request, and gone in one.' },
  { name: 'API keys', description: 'The credentials of programs.' },
  { name: 'Setup and login', description: 'The first owner, logins and forgotten passwords.' },
  { name: 'Me', description: 'The caller: permissions, sessions, password and second factor.' },
  { name: 'People', description: 'The people of the workspace and their roles.' },
  { name: 'Sessions', description: 'Who is logged in to the workspace, and from where.' },
  { name: 'Invitations', description: 'Invite people to the workspace.' },
  { name: 'Workspace', description: 'The settings of the workspace.' },
  { name: 'Workspaces', description: 'Create and switch workspaces of the same installation.' },
  { name: 'Privacy', description: 'Export or erase all data about a contact.' },
  { name: 'Audit log', description: 'Who did what, when, and from which address.' },
  { name: 'Channels', description: 'The webhooks that Meta calls.' },
  { name: 'Inbound webhooks', description: 'What channels posted, and what Recado could not apply.' },
];

/** The kinds of credentials. */
export const securitySchemes = {
  person: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `access_token` of a login. It works for 15 minutes.',
  },
  key: { type: 'http', scheme: 'bearer', bearerFormat: 'rcd_…', description: 'An API key, in the same header.' },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'recado_access',
    description: 'The cookie of a login with `cookies`. With an https `PUBLIC_URL` its name is `__Host-recado_access`.',
  },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: 'X-CSRF-Token',
    description: 'The `csrf_token` of that login. Requests that change something need it with the cookie.',
  },
} as const;

const openToKeys = new Set<Permission>([...keyScopes, 'me.read']);

/** The credentials that a route accepts. Keys have scopes only; cookies need the CSRF token to change something. */
export function securityOf(permission: Permission, methods: string | string[]): Record<string, string[]>[] {
  const reads = [methods].flat().every(method => method === 'GET' || method === 'HEAD');
  return [
    { person: [] },
    ...(openToKeys.has(permission) ? [{ key: [] }] : []),
    reads ? { cookie: [] } : { cookie: [], csrf: [] },
  ];
}

/** Adds descriptions, common errors and headers to all routes, and removes unused schemas. */
export function completeDocument(document: Json): Json {
  document.components = { ...document.components, headers };
  dropUnused(document);
  tidy(document);
  typeEvents(document);
  document.components.schemas.Problem.properties.code.description += ` In this version one of: ${codes.join(', ')}.`;
  for (const [path, routes] of Object.entries<Json>(document.paths ?? {}))
    for (const [method, route] of Object.entries<Json>(routes)) {
      // A list is one parameter, separated by commas.
      for (const parameter of route.parameters ?? [])
        if (parameter.schema?.type === 'array') Object.assign(parameter, { style: 'form', explode: false });
      if (mayLackBody.has(path)) route.requestBody.required = false;
      route.responses = { ...route.responses, ...contentResponses(path) };
      for (const status of commonRefusals(path, method, route)) route.responses[status] ??= { content: problem };
      for (const [status, response] of Object.entries<Json>(route.responses)) {
        response.description = meanings[status] ?? response.description;
        if (Number(status) >= 400) response.content = problem;
        response.headers = headersOf({
          counted: needsCredentials(route) && status !== '401',
          waits: /^(409|429|503)$/.test(status),
          cookies: /^20[01]$|^204$/.test(status) && setsCookies.has(path),
          replays: /^2/.test(status) && takesKey(route),
        });
      }
    }
  openAnswers(document);
  return document;
}

const needsCredentials = (route: Json): boolean => route.security?.length > 0;

const takesKey = (route: Json): boolean =>
  (route.parameters ?? []).some(({ name }: Json) => name === 'idempotency-key');

/** Removes the ban on unknown fields from answers: generated clients must accept fields of later versions. */
function openAnswers(document: Json): void {
  const seen = new Set<string>();
  const open = (part: Json): void => {
    if (typeof part !== 'object' || part === null) return;
    if (part.additionalProperties === false) delete part.additionalProperties;
    if (typeof part.$ref === 'string' && part.$ref.startsWith(schemaPlace) && !seen.has(part.$ref)) {
      seen.add(part.$ref);
      open(document.components.schemas[part.$ref.slice(schemaPlace.length)]);
    }
    for (const each of Object.values<Json>(part)) open(each);
  };
  for (const routes of Object.values<Json>(document.paths ?? {}))
    for (const { responses } of Object.values<Json>(routes)) open(responses);
}

const codes = errorTables.flatMap(table => Object.keys(table));

/** The errors that depend only on the kind of route. */
function commonRefusals(path: string, method: string, route: Json): string[] {
  return [
    '400',
    '500',
    '503',
    ...(needsCredentials(route) ? ['401', '403', '429'] : []),
    // A path with a text that is too long for an id is not found.
    ...(path.includes('{') ? ['404'] : []),
    // The server reads, and can reject, a body on routes that need none.
    ...(method === 'get' ? [] : ['408', '413', '415']),
    ...(takesKey(route) ? ['409', '422'] : []),
  ];
}

/** The answers of routes that return bytes, which have no schema. */
function contentResponses(path: string): Json {
  if (path.endsWith('/messages/{message}/file')) return { 200: { content: bytes('*/*') } };
  const type = { '/api/v1/media/{id}/content': '*/*', '/api/v1/media/{id}/thumbnail': 'image/webp' }[path];
  if (type === undefined) return {};
  return {
    200: { content: bytes(type) },
    206: { content: bytes(type) },
    ...(type === '*/*' ? { 302: {} } : {}),
    304: {},
  };
}

/** At the daily limit of the account, the answer is 400 with Retry-After. */

/** The routes whose body is optional. */
const mayLackBody = new Set([
  '/api/v1/media/{id}/link',
  ...['start', 'pause', 'cancel', 'approve', 'refuse'].map(verb => `/api/v1/campaigns/{id}/${verb}`),
]);

/** The routes that create, refresh or end a cookie session. */
const setsCookies = new Set([
  '/api/v1/auth/login',
  '/api/v1/auth/refresh',
  '/api/v1/auth/logout',
  '/api/v1/invitations/accept',
  '/api/v1/auth/switch',
]);

function headersOf({
  counted,
  waits,
  cookies,
  replays,
}: Record<'counted' | 'waits' | 'cookies' | 'replays', boolean>): Json {
  const names = [
    'X-Request-Id',
    ...(waits ? ['Retry-After'] : []),
    ...(cookies ? ['Set-Cookie'] : []),
    ...(replays ? ['Idempotent-Replayed'] : []),
    ...(counted ? ['RateLimit-Policy', 'RateLimit'] : []),
  ];
  return Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }]));
}

/** The library lists each schema twice: for output, and for input (`…Input`). Removes those that no route leads to. */
function dropUnused(document: Json): void {
  const { schemas = {}, ...components } = document.components;
  const used = new Set<string>();
  const follow = (part: Json): void => {
    if (typeof part !== 'object' || part === null) return;
    if (typeof part.$ref === 'string' && part.$ref.startsWith(schemaPlace)) {
      const name = part.$ref.slice(schemaPlace.length);
      if (!used.has(name)) {
        used.add(name);
        follow(schemas[name]);
      }
    }
    for (const each of Object.values<Json>(part)) follow(each);
  };
  follow({ ...document, components });
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
}

/** Removes details of the validation library from all schemas, and adds what it cannot express. */
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
    tidySchema(part);
    for (const each of Object.values<Json>(part)) walk(each);
  };
  walk(document);
  const renamed = Object.entries<Json>(schemas).map(([name, schema]) => [plain(name), schema]);
  document.components.schemas = Object.fromEntries(renamed);
  for (const schema of Object.values<Json>(document.components.schemas)) addDiscriminator(schema, document);
}

/** Adds the discriminator to a union whose branches each have their own `type`. */
function addDiscriminator(schema: Json, document: Json): void {
  const types = (schema.oneOf ?? []).map(({ $ref }: Json) => [typeOf($ref, document), $ref]);
  if (types.length > 0 && types.every(([type]: Json) => type !== undefined))
    schema.discriminator = { propertyName: 'type', mapping: Object.fromEntries(types) };
}

const typeOf = (ref: string | undefined, document: Json): string | undefined =>
  document.components.schemas[ref?.slice(schemaPlace.length) ?? '']?.properties?.type?.const;
