// Identifies the caller by an access token, an API key, or the web app's cookie.
import type { FastifyRequest } from 'fastify';
import type { CookieSessions } from '../../features/auth/index.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { plainAddress } from '../../kit/net/network.ts';

export interface AuthenticateNeeds {
  byToken: (token: string) => Promise<Caller | undefined>;
  byKey: (key: string, address: string) => Promise<Caller | undefined>;
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
