// Identifies the caller by an access token, an API key, or the web app's cookie: for a request, and later for a
// connection that stays open.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CookieSessions } from '../../features/auth/index.ts';
import type { Proof } from '../../features/realtime/index.ts';
import { hashText } from '../../kit/crypto/secrets.ts';
import { commonProblem } from '../../kit/errors.ts';
import { type Caller, callerOf } from '../../kit/http/routes.ts';
import { plainAddress } from '../../kit/net/network.ts';
import type { RateLimits } from './rate-limits.ts';

export interface AuthenticateNeeds {
  byToken: (token: string) => Promise<Caller | undefined>;
  byKey: (key: string, address: string) => Promise<Caller | undefined>;
  cookies: CookieSessions;
}

/** How callers of connections are looked up again. */
export interface StandingNeeds {
  bySession: (sessionId: string) => Promise<Caller | undefined>;
  byHash: (hash: Buffer, address: string) => Promise<Caller | undefined>;
  cookies: CookieSessions;
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The token or key in a request. A cookie counts only if there are no other credentials. */
export function credentialOf(cookies: CookieSessions, request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return cookies.accessToken(request);
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
}

/** Returns the function that identifies the caller of a request. */
export function authenticator({ byToken, byKey, cookies }: AuthenticateNeeds) {
  return async (request: FastifyRequest): Promise<Caller | undefined> => {
    const credential = credentialOf(cookies, request);
    if (credential === undefined) return undefined;
    const inCookie = request.headers.authorization === undefined;
    if (!inCookie && credential.startsWith('rcd_')) return byKey(credential, plainAddress(request.ip));
    const caller = await byToken(credential);
    if (inCookie && caller?.sessionId !== undefined && !safe.has(request.method))
      cookies.demandOurs(request, caller.sessionId);
    return caller;
  };
}

/** Returns what remembers the caller of a request without its credential, and what identifies the caller again. */
export function standing({ bySession, byHash, cookies }: StandingNeeds) {
  return {
    /** Only for requests whose caller is known. */
    proofOf(request: FastifyRequest): Proof {
      const { sessionId } = callerOf(request);
      if (sessionId !== undefined) return { kind: 'session', sessionId };
      const hash = hashText(credentialOf(cookies, request) ?? '');
      return { kind: 'api_key', hash, address: plainAddress(request.ip) };
    },
    again: (proof: Proof): Promise<Caller | undefined> =>
      proof.kind === 'session' ? bySession(proof.sessionId) : byHash(proof.hash, proof.address),
  };
}

export interface AdmissionNeeds {
  authenticate: (request: FastifyRequest) => Promise<Caller | undefined>;
  cookies: CookieSessions;
  limits: RateLimits;
}

/**
 * Returns the function that identifies and counts the caller of a socket's handshake: by the token that the socket
 * sends, or by the cookie of its request. @throws AppError
 */
export function admission({ authenticate, cookies, limits }: AdmissionNeeds) {
  return async (request: FastifyRequest, reply: FastifyReply, token: string | undefined): Promise<Caller> => {
    if (token !== undefined) request.raw.headers.authorization = `Bearer ${token}`;
    // Browsers let any site open a WebSocket, and send our cookie with it.
    else if (cookies.accessToken(request) !== undefined) cookies.demandSameOrigin(request);
    limits.demandCredit(request);
    const caller = await authenticate(request);
    if (!caller) {
      limits.failed(request);
      throw commonProblem('unauthorized', 'Send an API key or an access token as `auth.token`.');
    }
    request.caller = caller;
    limits.admit(caller, request, reply);
    return caller;
  };
}
