// The HTTP server: authentication, errors, and the OpenAPI document.
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
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
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import { isBusy, isStorageFull, isUnavailable, isUnstorable, reasonToWait } from '../../kit/db/database.ts';
import { AppError, commonProblem, type FieldError, storageFullProblem, unstorableProblem } from '../../kit/errors.ts';
import { abortedProblem } from '../../kit/http/body-reader.ts';
import { presenterFor } from '../../kit/http/masking.ts';
import { type Caller, fieldErrors, fieldsInWords, onePerField, type Server } from '../../kit/http/routes.ts';
import type { Logger } from '../../kit/log.ts';
import { addDocuments } from './documents.ts';
import type { LookUps } from './look-ups.ts';
import { addProbes } from './probes.ts';
import type { RateLimits } from './rate-limits.ts';
import { addEdge, bareHeaders, type EdgeSettings, edgeOptions } from './security.ts';
import { inWords } from './validation-messages.ts';

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
  /** Counts a request that looks a number up. @throws AppError */
  countLookUp: LookUps;
  /** Encrypts the cursors of lists. */
  cursors: Encrypter;
  /** Sends the web app to a browser that goes to an address without a route; undefined for other requests. */
  page: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined;
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
  app.decorateRequest('refusal', undefined);
  app.decorate('cursors', needs.cursors);
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (isAborted(error, request)) {
      const { url } = request.routeOptions;
      request.log.debug({ err: error, request_id: request.id, route: url }, 'a connection ended within a body');
      return sendProblem(abortedProblem(), undefined, request, reply);
    }
    const refusal = refusalOf(error, request);
    if ((refusal.status === 403 || refusal.code === 'too_many_look_ups') && request.caller)
      await needs.refused(request, refusal.code);
    return sendProblem(refusal, error, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const page = needs.page(request, reply);
    if (page) return page;
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

/** Whether the connection ended before the body was complete. A lost database has the same codes. */
function isAborted(error: unknown, { raw }: FastifyRequest): boolean {
  if (raw.complete || !raw.destroyed) return false;
  if (error instanceof AppError) return error.status < 500;
  return /^(ECONNRESET|ECONNABORTED|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/.test((error as { code?: string }).code ?? '');
}

const requestId = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();

/** Each route declares a permission or that it is public; a route without either stops the start. */
function addAccessChecks(
  app: Server,
  { authenticate, limits, countLookUp }: Pick<HttpNeeds, 'authenticate' | 'limits' | 'countLookUp'>,
): void {
  app.addHook('onRoute', route => {
    if (!route.config?.permission && !route.config?.public)
      throw new Error(`${route.method} ${route.url} declares neither a permission nor that it is public`);
  });
  const unfinished = new WeakSet<FastifyRequest>();
  app.addHook('onRequest', (request, reply, done) => {
    const { config } = request.routeOptions;
    const { permission } = config;
    if (config.public && !config.uncounted) limits.limitPublic(request);
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

  app.addHook('preHandler', (request, _reply, done) => {
    if (request.caller?.seesNumbers !== false) return done();
    countLookUp(request).then(() => done(), done);
  });

  app.addHook('preSerialization', (request, _reply, payload, done) => {
    done(null, request.caller ? presenterFor(request.caller).shown(payload) : payload);
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
  if (refusal.status >= 500 && (!(error instanceof AppError) || error.cause !== undefined)) {
    const level = isBusy(error) ? 'warn' : 'error';
    request.log[level]({ err: error, request_id: request.id, route: request.routeOptions.url }, 'a request failed');
  }
  // A fallback: some schema accepted a value that cannot be stored.
  if (isUnstorable(error))
    request.log.warn(
      { err: error, request_id: request.id, route: request.routeOptions.url },
      'a value was not storable',
    );
  request.refusal = refusal.code;
  const problem: Problem = {
    type: 'about:blank',
    title: refusal.title,
    status: refusal.status,
    code: refusal.code,
    detail: refusal.detail,
    ...(refusal.fields && { errors: refusal.fields }),
    ...(refusal.lastId !== undefined && { last_id: refusal.lastId }),
    ...(refusal.came && { came: refusal.came }),
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
    const all = error.validation.flatMap(issue => issueErrors(issue, error.validationContext));
    const fields = onePerField(all).slice(0, mostFields);
    return commonProblem('invalid_request', fieldsInWords(fields), { fields });
  }
  if (isUnstorable(error)) return unstorableProblem(error);
  if (isBusy(error)) return commonProblem('database_busy', undefined, { retryAfterSeconds: 5 });
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
