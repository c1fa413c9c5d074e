// Setup, login, refresh and logout over HTTP.
import { loginBody, problemSchema, refreshBody, setupBody, tokensSchema } from '@recado/contract';
import { z } from 'zod';
import type { Server } from '../../kit/http.ts';
import { newUuid } from '../../kit/ids.ts';
import { type LogInNeeds, logIn, logOut, openSession, refresh } from './log-in.ts';
import { type SetUpNeeds, setUp } from './set-up.ts';
import { setupPage, setupPagePolicy } from './setup-page.ts';

export function authRoutes(app: Server, needs: LogInNeeds & SetUpNeeds): void {
  const tags = ['Setup and login'];

  app.get('/setup', { config: { public: true }, schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', setupPagePolicy)
      .header('referrer-policy', 'no-referrer')
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .send(setupPage),
  );

  app.post(
    '/api/v1/setup',
    {
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
      const tokens = await openSession(needs, needs.db, { ...ids, role: 'owner' }, newUuid());
      return reply.code(201).header('cache-control', 'no-store').send(tokens);
    },
  );

  app.post(
    '/api/v1/auth/login',
    {
      config: { public: true },
      schema: {
        tags,
        summary: 'Log in with e-mail address and password',
        body: loginBody,
        response: { 200: tokensSchema, 401: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const tokens = await logIn(needs, request.body.email, request.body.password, request.ip);
      return reply.header('cache-control', 'no-store').send(tokens);
    },
  );

  app.post(
    '/api/v1/auth/refresh',
    {
      config: { public: true },
      schema: {
        tags,
        summary: 'Exchange a refresh token for new tokens; each works once',
        body: refreshBody,
        response: { 200: tokensSchema, 401: problemSchema },
      },
    },
    async (request, reply) => {
      const tokens = await refresh(needs, request.body.refresh_token);
      return reply.header('cache-control', 'no-store').send(tokens);
    },
  );

  app.post(
    '/api/v1/auth/logout',
    {
      config: { public: true },
      schema: { tags, summary: 'End the session of a refresh token', body: refreshBody, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await logOut(needs, request.body.refresh_token);
      return reply.code(204).send(null);
    },
  );
}
