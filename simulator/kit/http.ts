// Shared by all routes: reading bodies, Graph errors, and checks of the caller and the token.
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIPv4 } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { GraphError, graphErrorBody } from '../graph/graph-errors.ts';
import type { Ids } from './ids.ts';

const bodyLimit = 3 * 1024 * 1024;

/** Returns a server whose errors all have the Graph API's format, and whose bodies stay raw bytes. */
export const createApp = (host: string, ids: Ids): FastifyInstance => {
  const app = Fastify({
    bodyLimit,
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => sendError(reply, error, ids.trace()),
  });
  app.addHook('onRequest', async request => rejectStrangers(request, isLoopbackName(host)));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: FastifyError, _request, reply) => sendError(reply, error, ids.trace()));
  app.setNotFoundHandler(request => {
    throw notFound(request.url.split('?')[0] ?? '');
  });
  return app;
};

/**
 * Rejects requests of pages from other sites, because the phones need no token. DNS rebinding shows in `Host`; a
 * cross-site POST without preflight shows in `Origin`.
 */
const rejectStrangers = ({ method, headers }: FastifyRequest, loopbackOnly: boolean): void => {
  const { host = '', origin } = headers;
  if (loopbackOnly && !isLoopbackName(host.replace(/:\d*$/, ''))) {
    throw new GraphError(10, 'Host: has to be localhost or a loopback address, for the simulator listens on one.');
  }
  const isSafe = method === 'GET' || method === 'HEAD';
  if (!isSafe && origin !== undefined && origin.replace(/^https?:\/\//i, '').toLowerCase() !== host.toLowerCase()) {
    throw new GraphError(10, 'Origin: only the own pages of the simulator may change something.');
  }
};

/** Whether this name certainly means this machine, whatever DNS says. */
const isLoopbackName = (name: string): boolean =>
  name.toLowerCase() === 'localhost' || /^\[?::1\]?$/.test(name) || (isIPv4(name) && name.startsWith('127.'));

/** Graph API path prefixes: none, or a version. */
export const graphPrefixes = ['', '/:version(^v\\d{1,3}\\.\\d$)'];

/** The path parameter for the id of a number or file. */
export const numberPattern = ':phoneNumberId(^\\d{1,40}$)';

/** The error for an object that does not exist. */
export const notFound = (what: string, options: { http?: number } = {}): GraphError =>
  new GraphError(100, `Unsupported request. '${what.slice(0, 200)}' does not exist here.`, { subcode: 33, ...options });

/** Whether a browser asks, and not a program. */
export const wantsPage = (request: FastifyRequest): boolean => (request.headers.accept ?? '').includes('text/html');

/** Cuts the connection without a response. */
export const cut = (reply: FastifyReply): FastifyReply => {
  reply.hijack();
  reply.raw.socket?.destroy();
  return reply;
};

/** The bytes of the request's body. */
export const rawBody = (request: FastifyRequest): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);

/** The body as JSON. @throws GraphError with code 100 */
export const jsonBody = (request: FastifyRequest): unknown => {
  try {
    const value: unknown = JSON.parse(rawBody(request).toString('utf8'));
    // Reject nesting that cannot be serialized again, before anything depends on it.
    JSON.stringify(value);
    return value;
  } catch {
    throw new GraphError(100, 'The body is not valid JSON.');
  }
};

/** The access token of a call: in its header, or in its query. */
export const tokenOf = (request: FastifyRequest): string => {
  const bearer = /^(?:Bearer|OAuth) +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const query = (request.query as Record<string, unknown>).access_token;
  return bearer ?? (typeof query === 'string' ? query : '');
};

/** Rejects a call without the right bearer token, as Meta does. */
export const requireToken = (request: FastifyRequest, accessToken: string): void => {
  const given = tokenOf(request);
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(given), digest(accessToken))) {
    throw new GraphError(190, 'The access token is missing, malformed or not the one of this simulator.');
  }
};

/** Any error as a Graph error. */
export const asGraphError = (error: Error & { statusCode?: number }): GraphError => {
  if (error instanceof GraphError) return error;
  // Meta has no 415: a body that is not JSON is a bad parameter.
  const http = error.statusCode === 415 ? 400 : (error.statusCode ?? 500);
  if (http >= 500) return new GraphError(131000, error.message);
  return new GraphError(100, error.message, { http });
};

/** The use of a limit by a business, with the wait in minutes, as Meta writes it. */
const usageOf = ({ business, minutes }: NonNullable<GraphError['regain']>): string =>
  JSON.stringify({
    [business]: [
      {
        type: 'whatsapp',
        call_count: 100,
        total_cputime: 25,
        total_time: 25,
        estimated_time_to_regain_access: minutes,
      },
    ],
  });

const sendError = (reply: FastifyReply, error: Error & { statusCode?: number }, traceId: string) => {
  const graph = asGraphError(error);
  if (graph.regain !== null) reply.header('x-business-use-case-usage', usageOf(graph.regain));
  return reply.code(graph.http).send(graphErrorBody(graph, traceId));
};
