// Who is calling: by an access token, an API key, or the cookie of the web app.
import type { FastifyRequest } from 'fastify';
import type { CookieSessions } from '../features/auth/index.ts';
import type { Caller } from '../kit/http.ts';
import { plainAddress } from '../kit/network.ts';

export interface AuthenticateNeeds {
  byToken: (token: string) => Promise<Caller | undefined>;
  byKey: (key: string, address: string) => Promise<Caller | undefined>;
  cookies: CookieSessions;
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Makes the function that gives the caller of a request. A cookie counts only where no other credentials are given. */
export function authenticator({ byToken, byKey, cookies }: AuthenticateNeeds) {
  return async (request: FastifyRequest): Promise<Caller | undefined> => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const bearer = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
      if (bearer === undefined) return undefined;
      return bearer.startsWith('rcd_') ? byKey(bearer, plainAddress(request.ip)) : byToken(bearer);
    }
    const token = cookies.accessToken(request);
    const caller = token === undefined ? undefined : await byToken(token);
    if (caller?.sessionId !== undefined && !safe.has(request.method)) cookies.demandOurs(request, caller.sessionId);
    return caller;
  };
}
