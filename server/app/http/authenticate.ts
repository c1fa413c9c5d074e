// Who is calling: by an access token, an API key, or the cookie of the web app.
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

/** The token or the key of a request, as it is written. A cookie counts only where no other credentials are given. */
export function credentialOf(cookies: CookieSessions, request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return cookies.accessToken(request);
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
}

/** Makes the function that gives the caller of a request. */
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
