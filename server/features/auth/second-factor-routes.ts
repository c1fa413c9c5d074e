// The caller's second factor over HTTP.
import {
  beginSecondFactorBody,
  confirmSecondFactorBody,
  newSecondFactorSchema,
  problemSchema,
  proveSecondFactorBody,
  recoveryCodesSchema,
  secondFactorSchema,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../../kit/audit.ts';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import { fromOf } from './from.ts';
import type { ProveNeeds } from './prove.ts';
import { personOf, provePerson } from './prove-person.ts';
import {
  type Asked,
  beginSecondFactor,
  confirmSecondFactor,
  dropSecondFactor,
  renewRecoveryCodes,
} from './second-factor.ts';
import { secondFactorOf } from './second-factor-store.ts';
import type { Identity } from './store.ts';

/** Whose second factor it is, and what the caller has proven. */
function askedBy(request: FastifyRequest, identity?: Identity): Asked {
  const caller = callerOf(request);
  return { caller, personId: personOf(caller), identity, actor: actorOf(request) };
}

export function secondFactorRoutes(app: Server, needs: ProveNeeds): void {
  const common = { bodyLimit: 16 * 1024, config: { permission: 'me.manage' as const } };
  const tags = ['Me'];

  app.get(
    '/api/v1/me/second-factor',
    {
      ...common,
      schema: {
        tags,
        operationId: 'getMySecondFactor',
        summary: 'Show whether I have a second factor',
        response: { 200: secondFactorSchema },
      },
    },
    async request => {
      const { enabled, left } = await secondFactorOf(needs.db, personOf(callerOf(request)));
      return { enabled, recovery_codes_left: left };
    },
  );

  app.post(
    '/api/v1/me/second-factor',
    {
      ...common,
      schema: {
        tags,
        operationId: 'beginMySecondFactor',
        summary: 'Set up a second factor: get the secret for an authenticator app',
        description: 'It is active once you confirm it with a code of the app.',
        body: beginSecondFactorBody,
        response: { 201: newSecondFactorSchema, 400: problemSchema, 409: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const person = personOf(callerOf(request));
      const { identity } = await provePerson(needs, request, person, { password: request.body.password });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send(await beginSecondFactor(needs, askedBy(request, identity)));
    },
  );

  app.post(
    '/api/v1/me/second-factor/confirm',
    {
      ...common,
      schema: {
        tags,
        operationId: 'confirmMySecondFactor',
        summary: 'Confirm my second factor with a code, and get ten recovery codes',
        description: 'Confirm within ten minutes. Wrong codes count as failures.',
        body: confirmSecondFactorBody,
        response: { 200: recoveryCodesSchema, 400: problemSchema, 409: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const codes = await confirmSecondFactor(needs, askedBy(request), request.body.code, fromOf(request));
      return reply.header('cache-control', 'no-store').send({ recovery_codes: codes });
    },
  );

  app.post(
    '/api/v1/me/second-factor/recovery-codes',
    {
      ...common,
      schema: {
        tags,
        operationId: 'renewMyRecoveryCodes',
        summary: 'Replace my recovery codes with ten new ones',
        body: proveSecondFactorBody,
        response: { 200: recoveryCodesSchema, 400: problemSchema, 409: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const person = personOf(callerOf(request));
      const { identity } = await provePerson(needs, request, person, request.body);
      const codes = await renewRecoveryCodes(needs, askedBy(request, identity));
      return reply.header('cache-control', 'no-store').send({ recovery_codes: codes });
    },
  );

  app.delete(
    '/api/v1/me/second-factor',
    {
      ...common,
      schema: {
        tags,
        operationId: 'removeMySecondFactor',
        summary: 'Remove my second factor',
        body: proveSecondFactorBody,
        response: { 204: z.null(), 400: problemSchema, 409: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const person = personOf(callerOf(request));
      const { identity } = await provePerson(needs, request, person, request.body);
      await dropSecondFactor(needs, askedBy(request, identity));
      return reply.code(204).send(null);
    },
  );
}
