// The HTTP server: authentication, errors, and the OpenAPI document.
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { Permission, Problem } from '@recado/contract';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import { isStorageFull, isUnavailable, isUnstorable, reasonToWait } from '../../kit/db/database.ts';
import { AppError, commonProblem, type FieldError, storageFullProblem, unstorableProblem } from '../../kit/errors.ts';
import { type Caller, fieldErrors, fieldsInWords, type Server } from '../../kit/http/routes.ts';
import type { Logger } from '../../kit/log.ts';
import { completeDocument, securityOf, securitySchemes, tags } from './openapi.ts';
import { addProbes } from './probes.ts';
import type { RateLimits } from './rate-limits.ts';
import { addEdge, bareHeaders, type EdgeSettings, edgeOptions } from './security.ts';
import { inWords } from './validation-messages.ts';

const documents = '/docs';

export interface HttpNeeds {
  log: Logger;
  /** Identifies the caller; undefined if credentials are missing or invalid. */
  authenticate: (request: FastifyRequest) => Promise<Caller | undefined>;
  /** Called when a caller is denied an action, before the response. It never fails. */
  refused: (request: FastifyRequest, code: string) => Promise<void>;
  version: string;
  /** Why the server is not ready; undefined if it is. */
  notReady: () => Promise<string | undefined>;
  /** Whether the database's disk is full. */
  storageFull: () => boolean;
  edge: EdgeSettings;
  limits: RateLimits;
  /** Encrypts the cursors of lists. */
  cursors: Encrypter;
}

z.config({ customError: inWords });

/** Creates the server with everything that all routes share. The features add the routes. */
export async function createServer(needs: HttpNeeds): Promise<Server> {
  const app: Server = Fastify({
    loggerInstance: needs.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: request => requestId(request.headers['x-request-id']),
    ...edgeOptions(needs.edge),
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // Errors before routing: Fastify's own responses are not problem documents.
    frameworkErrors: (error, request, reply) => {
      reply.headers(bareHeaders).header('x-request-id', request.id);
      return sendProblem(unreadableAddress(error), error, request as FastifyRequest, reply as FastifyReply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  // The functions that build responses have types derived from the same schemas, so we skip serializing by schema.
  app.setSerializerCompiler(() => JSON.stringify);
  app.decorateRequest('caller', undefined);
  app.decorate('cursors', needs.cursors);
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const refusal = refusalOf(error, request);
    if (refusal.status === 403 && request.caller) await needs.refused(request, refusal.code);
    return sendProblem(refusal, error, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const refusal = notFoundOrMethod(app, request, reply);
    return sendProblem(refusal, refusal, request, reply);
  });
  addEdge(app, needs.edge);
  // We parse cookies only for callers without other credentials (cookies.ts), not for each request.
  await app.register(cookie, { hook: false });
  addAccessChecks(app, needs);
  rejectUndeclared(app);
  addFullDiskCheck(app, needs.storageFull);
  await addDocuments(app, needs.version);
  addProbes(app, needs.notReady);
  return app;

  // While the disk is full, an unexpected error most likely has that cause.
  function refusalOf(error: unknown, request: FastifyRequest): AppError {
    const full = isStorageFull(error) || (isUnavailable(error) && needs.storageFull());
    return full ? storageFullProblem() : toRefusal(error, request);
  }
}

const requestId = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();

/** Each route declares a permission or that it is public; a route without either stops the start. */
function addAccessChecks(app: Server, { authenticate, limits }: Pick<HttpNeeds, 'authenticate' | 'limits'>): void {
  app.addHook('onRoute', route => {
    if (route.url.startsWith(documents)) route.config = { ...route.config, public: true };
    if (!route.config?.permission && !route.config?.public)
      throw new Error(`${route.method} ${route.url} declares neither a permission nor that it is public`);
  });
  const unfinished = new WeakSet<FastifyRequest>();
  app.addHook('onRequest', (request, reply, done) => {
    const { config, url } = request.routeOptions;
    const { permission } = config;
    // Login and the like query the database before the caller is known.
    if (config.public && url?.startsWith('/api/v1/')) limits.limitPublic(request);
    if (!permission) return done();
    limits.demandCredit(request);
    const admit = (caller: Caller) => {
      // Only here: a body sent together with its headers is not read yet when these hooks run.
      if (!request.raw.complete) unfinished.add(request);
      limits.admit(caller, request, reply);
      demandPermission(caller, permission);
    };
    identify(request)
      .then(admit)
      .then(() => done(), done);
  });
  // A body may take long to arrive: check again that the caller still has the right.
  app.addHook('preHandler', (request, _reply, done) => {
    const { permission } = request.routeOptions.config;
    if (!permission || !unfinished.has(request)) return done();
    identify(request)
      .then(caller => demandPermission(caller, permission))
      .then(() => done(), done);
  });

  /** The caller, as the database has it now. @throws AppError */
  async function identify(request: FastifyRequest): Promise<Caller> {
    const caller = await authenticate(request);
    if (!caller) {
      limits.failed(request);
      throw commonProblem('unauthorized', wrongScheme(request));
    }
    request.caller = caller;
    return caller;
  }
}

const isBearer = ({ headers: { authorization } }: FastifyRequest) => /^Bearer /i.test(authorization ?? '');

const wrongScheme = (request: FastifyRequest): string | undefined =>
  request.headers.authorization === undefined || isBearer(request)
    ? undefined
    : 'Authorization must be `Bearer ` followed by the access token or the API key.';

/** @throws AppError */
function demandPermission(caller: Caller, permission: Permission): void {
  if (!caller.permissions.has(permission)) throw commonProblem('forbidden', `This needs the permission ${permission}.`);
}

const noQuery = z.strictObject({});

/** Reject unknown query parameters and bodies: the caller expects an effect that would not happen. */
function rejectUndeclared(app: Server): void {
  app.addHook('onRoute', route => {
    if (route.schema?.hide) return;
    route.schema = { querystring: noQuery, ...route.schema };
    if (route.schema.body === undefined)
      route.preValidation = [
        ...[route.preValidation ?? []].flat(),
        ({ body }, _reply, done) => {
          demandNoBody(body);
          done();
        },
      ];
  });
}

/** @throws AppError unless the body is absent or empty */
function demandNoBody(body: unknown): void {
  if (body === undefined || body === null) return;
  const unknownKeys = typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : undefined;
  if (unknownKeys?.length === 0) return;
  const fields = fieldErrors([], { message: 'Is not accepted here.', unknownKeys }, 'body');
  throw commonProblem('invalid_request', fieldsInWords(fields), { fields });
}

/**
 * On a full disk, writes are rejected before they fail halfway. Reading goes on, and so does login, which reading
 * needs.
 */
function addFullDiskCheck(app: Server, storageFull: () => boolean): void {
  app.addHook('onRequest', ({ method, routeOptions: { url } }, _reply, done) => {
    const reads = method === 'GET' || method === 'HEAD' || url === undefined || url.startsWith('/api/v1/auth/');
    if (!reads && storageFull()) throw storageFullProblem();
    done();
  });
}

/** The first page of the document: the rules of all routes. */
const introduction = `Send and receive WhatsApp messages, and follow each one to its outcome.

- **Log in**: send \`Authorization: Bearer …\` with an API key, or with the \`access_token\` of \`POST /api/v1/auth/login\` (15 minutes).
- **Repeat safely**: send an \`Idempotency-Key\` with each POST that creates something. After a \`503\` or a lost answer, repeat with the same key. A repeated answer has \`Idempotent-Replayed: true\`.
- **Errors** are \`application/problem+json\`. Use \`code\` in programs. \`detail\` says what to do, and \`errors\` lists the invalid fields.
- **Fields**: requests reject unknown fields and parameters. Answers may get new fields: ignore those you do not know.
- **Null** in an optional field of a request means the same as no field, unless the field says otherwise.
- **Lists** return \`page.next_cursor\`. Send it as \`cursor\`, with the same filters, to get the next page.
- **Waiting**: \`429\` and \`503\` give the seconds to wait in \`Retry-After\`.
- **Times** are ISO 8601 with a zone. Answers use UTC.`;

async function addDocuments(app: Server, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Recado',
        version,
        description: introduction,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      // The server that served the document.
      servers: [{ url: '/' }],
      tags,
      components: { securitySchemes },
    },
    transform: ({ schema, url, route, ...rest }) => {
      const changed = transformBodies({ schema, url, route, ...rest });
      const { permission } = route.config ?? {};
      if (permission && changed.schema) {
        Object.assign(changed.schema, { security: securityOf(permission, route.method), 'x-permission': permission });
      } else if (changed.schema) Object.assign(changed.schema, { security: [] });
      return changed;
    },
    transformObject: given => completeDocument(jsonSchemaTransformObject(given)),
  });
  await app.register(swaggerUi, {
    routePrefix: documents,
    // The layout without the top bar: its logo is the only thing that needs an inline style.
    uiConfig: { layout: 'BaseLayout', validatorUrl: null, persistAuthorization: false, deepLinking: true },
    // Without upgrade-insecure-requests: a server on plain HTTP in a private network must work too.
    staticCSP: {
      'default-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
    theme: { title: 'Recado API' },
  });
  app.get('/openapi.json', { config: { public: true }, schema: { hide: true } }, async () => app.swagger());
  app.get('/', { config: { public: true }, schema: { hide: true } }, (_request, reply) => reply.redirect(documents));
}

type TransformInput = Parameters<typeof jsonSchemaTransform>[0];

/** Transforms a multi-type body one type at a time: the library handles only one. */
function transformBodies(input: TransformInput): ReturnType<typeof jsonSchemaTransform> {
  const content = (input.schema?.body as { content?: Record<string, { schema: unknown }> } | undefined)?.content;
  if (!content || !input.schema) return jsonSchemaTransform(input);
  const turn = (body: unknown) => jsonSchemaTransform({ ...input, schema: { ...input.schema, body } });
  const changed = turn(undefined);
  const bodies = Object.entries(content).map(([type, { schema }]) => [type, { schema: turn(schema).schema?.body }]);
  return { ...changed, schema: { ...changed.schema, body: { content: Object.fromEntries(bodies) } } };
}

/** A path that cannot be routed: a part is too long or wrongly encoded. */
function unreadableAddress({ code }: FastifyError): AppError {
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return commonProblem('not_found', 'There is no such long path.');
  const message = 'Must be encoded as a URL.';
  return commonProblem('invalid_request', `path: ${message}`, { fields: [{ field: 'path', message }] });
}

function notFoundOrMethod(app: Server, request: FastifyRequest, reply: FastifyReply): AppError {
  const path = request.url.split('?')[0] ?? '/';
  const allowed = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter(
    method => method !== request.method && app.findRoute({ method, url: path }),
  );
  if (allowed.length === 0) return commonProblem('not_found', `${path} does not exist.`);
  // Every GET also answers HEAD.
  reply.header('allow', allowed.flatMap(method => (method === 'GET' ? [method, 'HEAD'] : method)).join(', '));
  return commonProblem('method_not_allowed', `${path} supports ${allowed.join(', ')}.`);
}

function sendProblem(refusal: AppError, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // An expected error is no failure, unless it has a cause. The disk monitor has already logged a full disk.
  if (refusal.status >= 500 && (!(error instanceof AppError) || error.cause !== undefined))
    request.log.error({ err: error, request_id: request.id, route: request.routeOptions.url }, 'a request failed');
  // A fallback: some schema accepted a value that cannot be stored.
  if (isUnstorable(error))
    request.log.warn(
      { err: error, request_id: request.id, route: request.routeOptions.url },
      'a value was not storable',
    );
  const problem: Problem = {
    type: 'about:blank',
    title: refusal.title,
    status: refusal.status,
    code: refusal.code,
    detail: refusal.detail,
    ...(refusal.fields && { errors: refusal.fields }),
    request_id: request.id,
  };
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', String(refusal.retryAfterSeconds));
  if (refusal.status === 401) {
    const refused = refusal.code === 'unauthorized' && isBearer(request);
    reply.header('www-authenticate', refused ? 'Bearer error="invalid_token"' : 'Bearer');
  }
  return reply.code(refusal.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}

/** Report at most this many mistakes; a body may have a million. */
const mostFields = 100;

function toRefusal(error: unknown, request: FastifyRequest): AppError {
  if (error instanceof AppError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.flatMap(issue => issueErrors(issue, error.validationContext)).slice(0, mostFields);
    return commonProblem('invalid_request', fieldsInWords(fields), { fields });
  }
  if (isUnstorable(error)) return unstorableProblem(error);
  const reason = reasonToWait(error);
  if (reason !== undefined) return commonProblem('unavailable', reason, { retryAfterSeconds: 1 });
  const status = (error as Partial<FastifyError>).statusCode;
  const detail = error instanceof Error ? error.message : undefined;
  if (status === 413)
    return commonProblem('payload_too_large', `The body may have at most ${request.routeOptions.bodyLimit} bytes.`);
  if (status === 415) return commonProblem('unsupported_media_type');
  if (status !== undefined && status >= 400 && status < 500)
    return commonProblem('invalid_request', detail, {
      fields: [{ field: 'body', message: detail ?? 'Is not valid.' }],
    });
  if (status === 503) return commonProblem('unavailable', 'The server is stopping.', { retryAfterSeconds: 1 });
  return commonProblem('internal_error');
}

interface Issue {
  keyword: string;
  instancePath: string;
  message?: string | undefined;
  params: Record<string, unknown>;
}

function issueErrors(issue: Issue, place: string | undefined): FieldError[] {
  const path = issue.instancePath
    .split('/')
    .filter(part => part !== '' && (place !== 'querystring' || !/^\d+$/.test(part)));
  const unknownKeys = issue.keyword === 'unrecognized_keys' ? issue.params.keys : undefined;
  return fieldErrors(
    path,
    { message: issue.message, unknownKeys },
    place === 'querystring' ? 'query' : (place ?? 'body'),
  );
}
