// Cookie sessions for the web app: hidden from scripts, and useless to other sites.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Tokens } from '@recado/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { deriveText } from '../../kit/crypto/secrets.ts';
import { commonProblem } from '../../kit/errors.ts';
import { sessionDays } from './log-in.ts';
import { accessTokenSeconds } from './tokens.ts';

export interface CookieSessions {
  /** Sets the cookies; returns the token that every writing request must send. */
  set(reply: FastifyReply, tokens: Tokens, sessionId: string): string;
  clear(reply: FastifyReply): void;
  accessToken(request: FastifyRequest): string | undefined;
  refreshToken(request: FastifyRequest): string | undefined;
  /** Rejects what a page of another site asks for. @throws AppError */
  demandSameOrigin(request: FastifyRequest): void;
  /** Rejects what another site may have sent: without the session's token, or from another origin. @throws AppError */
  demandOurs(request: FastifyRequest, sessionId: string): void;
}

/** One cookie of a request; undefined if it is not set. */
function cookieOf({ headers: { cookie }, server }: FastifyRequest, name: string): string | undefined {
  return cookie === undefined ? undefined : server.parseCookie(cookie)[name];
}

/** `publicUrl` is our public URL; under https the cookies are for this host only. */
export function cookieSessions(
  secretKey: string,
  publicUrl: string | undefined,
  earlierKeys: readonly string[] = [],
): CookieSessions {
  const keyOf = (text: string) => deriveText(text, 'csrf tokens 1');
  const key = keyOf(secretKey);
  const keys = [key, ...earlierKeys.map(keyOf)];
  const secure = publicUrl?.startsWith('https:') ?? false;
  const name = (what: string) => `${secure ? '__Host-' : ''}recado_${what}`;
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  const tokenOf = (sessionId: string, by = key) => createHmac('sha256', by).update(sessionId).digest('base64url');

  function demandSameOrigin({ headers, protocol }: FastifyRequest): void {
    const { origin, host, 'sec-fetch-site': site } = headers;
    const ours = publicUrl === undefined ? `${protocol}://${host}` : new URL(publicUrl).origin;
    if ((origin !== undefined && origin !== ours) || (site !== undefined && site !== 'same-origin' && site !== 'none'))
      throw commonProblem('forbidden', 'Only our own pages may use a session cookie.');
  }

  return {
    demandSameOrigin,
    set(reply, tokens, sessionId) {
      reply.setCookie(name('access'), tokens.access_token, { ...options, maxAge: accessTokenSeconds });
      reply.setCookie(name('refresh'), tokens.refresh_token, { ...options, maxAge: sessionDays * 86_400 });
      return tokenOf(sessionId);
    },
    clear(reply) {
      for (const what of ['access', 'refresh']) reply.clearCookie(name(what), options);
    },
    accessToken: request => cookieOf(request, name('access')),
    refreshToken: request => cookieOf(request, name('refresh')),
    demandOurs(request, sessionId) {
      demandSameOrigin(request);
      const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''));
      const fits = (due: Buffer) => given.length === due.length && timingSafeEqual(given, due);
      if (!keys.some(by => fits(Buffer.from(tokenOf(sessionId, by)))))
        throw commonProblem(
          'forbidden',
          'With a session cookie, send the `csrf_token` of the login as `X-CSRF-Token`.',
        );
    },
  };
}
