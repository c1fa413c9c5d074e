// Setup, login, refresh and logout over HTTP.
import { loginBody, problemSchema, refreshBody, sessionAnswer, setupBody, tokensSchema } from '@recado/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Server } from '../../kit/http.ts';
import type { CookieSessions } from './cookies.ts';
import { refuse } from './errors.ts';
import { type From, type LogInNeeds, logIn, logOut, type Opened, openSession, refresh } from './log-in.ts';
import { type SetUpNeeds, setUp } from './set-up.ts';
import { setupPage, setupPagePolicy } from './setup-page.ts';

export interface AuthNeeds extends LogInNeeds, SetUpNeeds {
  cookies: CookieSessions;
}

const fromOf = (request: FastifyRequest): From => ({
  address: request.ip,
  userAgent: request.headers['user-agent'],
  requestId: request.id,
});

/** Bodies of a login are small; a larger one is not read. */
const bodyLimit = 16 * 1024;

export function authRoutes(app: Server, needs: AuthNeeds): void {
  const tags = ['Setup and login'];
  const { cookies } = needs;

  /** Answers with tokens, or with cookies that hold them. */
  function answer(
    reply: FastifyReply,
    { tokens, sessionId }: Opened,
    inCookies: boolean,
  ): z.infer<typeof sessionAnswer> {
    reply.header('cache-control', 'no-store');
    if (!inCookies) return tokens;
    return { csrf_token: cookies.set(reply, tokens, sessionId), expires_in: tokens.expires_in };
  }

  /** The refresh token of a request, and what its session demands where it came in a cookie. */
  function refreshTokenOf(request: FastifyRequest, given: string | undefined) {
    const token = given ?? cookies.refreshToken(request);
    if (token === undefined) throw refuse('refresh_token_invalid');
    const inCookies = given === undefined;
    return { token, inCookies, demand: (id: string) => (inCookies ? cookies.demandOurs(request, id) : undefined) };
  }

  app.get('/setup', { config: { public: true }, schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', setupPagePolicy)
      .header('cache-control', 'no-store')
      .send(setupPage),
  );

  app.post(
    '/api/v1/setup',
    {
      bodyLimit,
      config: { public: true },
      schema: {
        tags,
        summary: 'Make the first owner with the one-time token of the setup link',
        body: setupBody,
        response: { 201: tokensSchema, 403: problemSchema },
      },
    },
    async (request, reply) => {
      const { token, ...owner } = request.body;
      const ids = await setUp(needs, token, owner);
      const from = fromOf(request);
      const { tokens } = await needs.db.transaction(tx => openSession(needs, tx, ids, from));
      return reply.code(201).header('cache-control', 'no-store').send(tokens);
    },
  );

  app.post(
    '/api/v1/auth/login',
    {
      bodyLimit,
      config: { public: true },
      schema: {
        tags,
        summary: 'Log in with e-mail address and password',
        body: loginBody,
        response: { 200: sessionAnswer, 401: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const { email, password, cookies: inCookies = false } = request.body;
      return answer(reply, await logIn(needs, email, password, fromOf(request)), inCookies);
    },
  );

  app.post(
    '/api/v1/auth/refresh',
    {
      bodyLimit,
      config: { public: true },
      schema: {
        tags,
        summary: 'Exchange a refresh token for new tokens; each works once',
        body: refreshBody,
        response: { 200: sessionAnswer, 401: problemSchema },
      },
    },
    async (request, reply) => {
      const { token, inCookies, demand } = refreshTokenOf(request, request.body.refresh_token);
      return answer(reply, await refresh(needs, token, fromOf(request), demand), inCookies);
    },
  );

  app.post(
    '/api/v1/auth/logout',
    {
      bodyLimit,
      config: { public: true },
      schema: { tags, summary: 'End the session of a refresh token', body: refreshBody, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { token, inCookies, demand } = refreshTokenOf(request, request.body.refresh_token);
      await logOut(needs, token, fromOf(request), demand);
      if (inCookies) cookies.clear(reply);
      return reply.code(204).send(null);
    },
  );
}
