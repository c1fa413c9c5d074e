// Setup, login, refresh and logout over HTTP.
import {
  cookieHeaders,
  forgotAnswer,
  forgotBody,
  loginBody,
  problemSchema,
  refreshBody,
  resetBody,
  sessionAnswer,
  setupBody,
  setupStateSchema,
  tokensSchema,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { answerSession } from './answer.ts';
import type { CookieSessions } from './cookies.ts';
import { problem } from './errors.ts';
import { fromOf } from './from.ts';
import { type LogInNeeds, logIn, logOut, refresh } from './log-in.ts';
import { forgotPassword, type ResetNeeds, resetPassword } from './password-reset.ts';
import { hasOwner, type SetUpNeeds, setUp } from './set-up.ts';

export interface AuthNeeds extends LogInNeeds, SetUpNeeds, ResetNeeds {
  cookies: CookieSessions;
}

/** Login bodies are small; a larger one is rejected unread. */
const bodyLimit = 16 * 1024;

export function authRoutes(app: Server, needs: AuthNeeds): void {
  const tags = ['Setup and login'];
  const { cookies } = needs;

  /** The refresh token of a request, and the check of its session if it came in a cookie. */
  function refreshTokenOf(request: FastifyRequest, given: string | undefined) {
    const token = given ?? cookies.refreshToken(request);
    if (token === undefined) throw problem('refresh_token_invalid');
    const inCookies = given === undefined;
    return { token, inCookies, demand: (id: string) => (inCookies ? cookies.demandOurs(request, id) : undefined) };
  }

  let owned = false;
  app.get(
    '/api/v1/setup',
    {
      config: { public: true },
      schema: {
        tags,
        operationId: 'getSetup',
        summary: 'Show whether there is an owner, and whether the server sends mail',
        response: { 200: setupStateSchema },
      },
    },
    async (_request, reply) => {
      // An owner stays.
      owned ||= await hasOwner(needs.db);
      return reply
        .header('cache-control', 'no-store')
        .send({ has_owner: owned, sends_mail: needs.mailer !== undefined });
    },
  );

  app.post(
    '/api/v1/setup',
    {
      bodyLimit,
      config: { public: true },
      schema: {
        tags,
        operationId: 'createFirstOwner',
        summary: 'Create the first owner with the token of the setup link',
        body: setupBody,
        response: { 201: tokensSchema, 403: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const { token, ...owner } = request.body;
      const { tokens } = await setUp(needs, token, owner, fromOf(request));
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
        operationId: 'logIn',
        summary: 'Log in with e-mail address, password and, if set up, a second factor',
        body: loginBody,
        response: {
          200: sessionAnswer,
          401: problemSchema,
          404: problemSchema,
          409: problemSchema,
          429: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { cookies: inCookies = false, workspace_id: asked, ...given } = request.body;
      const login = { ...given, asked: asked && toUuid(asked) };
      return answerSession(cookies, reply, await logIn(needs, login, fromOf(request)), inCookies);
    },
  );

  app.post(
    '/api/v1/auth/refresh',
    {
      bodyLimit,
      config: { public: true },
      schema: {
        tags,
        operationId: 'refreshSession',
        summary: 'Exchange a one-time refresh token for new tokens',
        headers: cookieHeaders,
        body: refreshBody,
        response: { 200: sessionAnswer, 401: problemSchema, 403: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const { token, inCookies, demand } = refreshTokenOf(request, request.body.refresh_token);
      return answerSession(cookies, reply, await refresh(needs, token, fromOf(request), demand), inCookies);
    },
  );

  app.post(
    '/api/v1/auth/logout',
    {
      bodyLimit,
      config: { public: true },
      schema: {
        tags,
        operationId: 'logOut',
        summary: 'End the session of a refresh token',
        headers: cookieHeaders,
        body: refreshBody,
        response: { 204: z.null(), 401: problemSchema, 403: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const { token, inCookies, demand } = refreshTokenOf(request, request.body.refresh_token);
      await logOut(needs, token, fromOf(request), demand);
      if (inCookies) cookies.clear(reply);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/auth/password/forgot',
    {
      bodyLimit,
      config: { public: true },
      schema: {
        tags,
        operationId: 'requestPasswordReset',
        summary: 'Mail a reset link for a forgotten password',
        description:
          'The answer is the same for known and unknown addresses. Without SMTP, Recado sends no mail and says so.',
        body: forgotBody,
        response: { 202: forgotAnswer, 429: problemSchema },
      },
    },
    async (request, reply) => {
      await forgotPassword(needs, request.body.email, fromOf(request));
      // The same for every address: it only depends on the settings.
      const message = needs.mailer
        ? 'If somebody has this address, a link is on its way.'
        : 'This server sends no mail. Ask a person who manages people for a reset link.';
      return reply.code(202).send({ message });
    },
  );

  app.post(
    '/api/v1/auth/password/reset',
    {
      bodyLimit,
      config: { public: true },
      schema: {
        tags,
        operationId: 'resetPassword',
        summary: 'Set a new password with a reset token, and end all sessions',
        description: 'It does not log in. A second factor stays.',
        body: resetBody,
        response: { 204: z.null(), 400: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      await resetPassword(needs, request.body.token, request.body.password, fromOf(request));
      return reply.code(204).send(null);
    },
  );
}
