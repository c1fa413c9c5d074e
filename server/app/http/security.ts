// HTTP security: headers, CORS, trusted proxies, body parsing and timeouts.
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { Problem } from '@recado/contract';
import type { FastifyHttpOptions, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import { commonErrors, commonProblem, inFull } from '../../kit/errors.ts';
import type { Server } from '../../kit/http/routes.ts';
import { addJsonParser, largestBody } from './json-body.ts';

/** The trusted proxies in front of us: their number, or their addresses and ranges. */
export type TrustedProxies = number | string[];

export interface EdgeSettings {
  /** Our public URL. With https we tell browsers to use https only. */
  publicUrl: string | undefined;
  /** The origins whose pages may call the API from a browser. */
  corsOrigins: readonly string[];
  trustProxy: TrustedProxies | undefined;
  timeouts?: Partial<Timeouts> | undefined;
}

/** In milliseconds. */
export interface Timeouts {
  /** For all headers of a request. */
  headers: number;
  /** For a whole request. */
  request: number;
  /** How long we keep an idle connection. */
  keepAlive: number;
  /** How often we check for expired requests. */
  look: number;
}

// Load balancers keep connections for 60 s and more. If we close first, their next request is lost.
const timeouts: Timeouts = { headers: 10_000, request: 30_000, keepAlive: 72_000, look: 2_000 };

/** The deadline for uploading a file. */
const slowBodyMs = 15 * 60_000;

const largestHeaders = 16 * 1024;

/** Fastify options for the server. */
export function edgeOptions({ trustProxy, timeouts: given }: EdgeSettings) {
  const { headers, keepAlive, look } = { ...timeouts, ...given };
  return {
    bodyLimit: largestBody,
    // With a larger number than there are proxies we would trust an address that the caller wrote. The operator sets
    // it.
    trustProxy:
      typeof trustProxy === 'number' ? (_address: string, hop: number) => hop < trustProxy : (trustProxy ?? false),
    // The longest of all; slower requests are cut off earlier by their route's limit.
    requestTimeout: slowBodyMs,
    keepAliveTimeout: keepAlive,
    http: { maxHeaderSize: largestHeaders, headersTimeout: headers, connectionsCheckingInterval: look },
    clientErrorHandler: rejectUnread,
  } satisfies FastifyHttpOptions<RawServerDefault>;
}

/** Headers of every response; a page of ours may set its own policy. Lower case, as Fastify stores them. */
const safeHeaders = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'DENY',
};

/** Adds the security headers, and the responses to browsers from other origins. */
export function addEdge(app: Server, settings: EdgeSettings): void {
  const https = settings.publicUrl?.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' };
  const headers = { ...safeHeaders, ...https };
  // No cache in between may store a response to a caller, unless the route sets another header.
  const headersForCaller = { ...headers, 'cache-control': 'no-store' };
  const watchBody = bodyDeadline(settings);
  app.addHook('onRequest', (request, reply, done) => {
    const { permission, slowBody } = request.routeOptions.config;
    reply.headers(permission ? headersForCaller : headers).header('x-request-id', request.id);
    if (!request.raw.complete && !slowBody) watchBody(request.raw);
    done();
  });
  addJsonParser(app);
  if (settings.trustProxy !== undefined) addForwardedCheck(app);
  addCrossOrigin(app, settings.corsOrigins);
}

/** A forwarded caller address must be a valid IP: rate limits and allow lists depend on it. */
function addForwardedCheck(app: Server): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (isIP(request.ip) === 0)
      throw commonProblem(
        'invalid_request',
        'X-Forwarded-For has no valid address: the proxy must set it, or append the address that it sees.',
      );
    done();
  });
}

const allowedMethods = 'GET, POST, PUT, PATCH, DELETE';
const allowedHeaders =
  'authorization, content-type, idempotency-key, last-event-id, x-request-id, range, if-range, if-none-match';
const shownHeaders =
  'ratelimit, ratelimit-policy, retry-after, x-request-id, etag, accept-ranges, content-range, content-disposition';

/**
 * Lets pages of these origins call the API with a token. Cookies never work across origins: only our own pages can
 * act in a session.
 */
function addCrossOrigin(app: Server, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) return void done();
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', shownHeaders);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return void done();
    reply
      .header('access-control-allow-methods', allowedMethods)
      .header('access-control-allow-headers', allowedHeaders)
      .header('access-control-max-age', '600')
      .code(204)
      .send();
  });
}

/** For the few responses sent before routing. */
export const bareHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** Errors of connections without a readable request: headers too long or too slow, or not HTTP. */
const unread: Record<string, keyof typeof commonErrors> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** A body that is being received: at most one per connection. */
interface Arrival {
  request: IncomingMessage;
  /** By `performance.now()`. */
  until: number;
}

/**
 * Returns the function that watches a body: one that misses its deadline is rejected and the connection closed. One
 * timer checks all bodies at Node's interval for late headers, so a cut-off may come that much later. Files have the
 * server's own deadline.
 */
function bodyDeadline({ timeouts: given }: EdgeSettings): (request: IncomingMessage) => void {
  const { request: deadline, look } = { ...timeouts, ...given };
  const arrivals = new Map<Socket, Arrival>();
  let timer: NodeJS.Timeout | undefined;

  function endLate(): void {
    const now = performance.now();
    for (const [socket, { request, until }] of arrivals)
      if (!request.complete && now >= until) {
        rejectUnread(lateBody(), socket);
        forget(socket);
      }
  }
  function forget(socket: Socket): void {
    arrivals.delete(socket);
    if (arrivals.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return request => {
    const { socket } = request;
    const until = performance.now() + deadline;
    const known = arrivals.get(socket);
    if (known) {
      // A connection carries one body after the other.
      known.request = request;
      known.until = until;
      return;
    }
    arrivals.set(socket, { request, until });
    socket.once('close', () => forget(socket));
    timer ??= setInterval(endLate, look).unref();
  };
}

const lateBody = () => Object.assign(new Error('the body did not arrive'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

function rejectUnread(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const code = unread[error.code ?? ''] ?? 'invalid_request';
  const { status, title, remedy } = commonErrors[code];
  const problem: Problem = {
    type: 'about:blank',
    title,
    status,
    code,
    detail: inFull({ title, remedy }),
    request_id: randomUUID(),
  };
  const body = JSON.stringify(problem);
  const headers = {
    ...bareHeaders,
    'x-request-id': problem.request_id,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket.writable) socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  socket.destroySoon();
}
