// Endpoints over HTTP.
import {
  createEndpointBody,
  endpointPage,
  endpointSchema,
  idempotencyHeaders,
  idSchema,
  listEndpointsQuery,
  newEndpointSchema,
  problemSchema,
  rotatedSecretSchema,
  rotateSecretBody,
  shownEndpointSchema,
  testEndpointBody,
  testEndpointSchema,
  updateEndpointBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { eventUuid } from '../events/index.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { countDeliveries } from './delivery-store.ts';
import { presentEndpoint } from './endpoint.ts';
import * as store from './endpoint-store.ts';
import { problem } from './errors.ts';
import { changeEndpoint, createEndpoint, rotateSecret } from './manage-endpoint.ts';
import { tags, type WebhookNeeds } from './needs.ts';
import { replayRoutes } from './replay-routes.ts';

const params = z.strictObject({ id: idSchema('endpoint') });

/** All routes of endpoints, their deliveries and their replays. */
export function endpointRoutes(app: Server, needs: WebhookNeeds): void {
  readRoutes(app, needs);
  createRoute(app, needs);
  changeRoutes(app, needs);
  secretRoute(app, needs);
  testRoute(app, needs);
  deliveryRoutes(app, needs);
  replayRoutes(app, needs);
}

function readRoutes(app: Server, { db }: WebhookNeeds): void {
  app.get(
    '/api/v1/endpoints',
    {
      config: { permission: 'endpoints.read' },
      schema: {
        tags,
        operationId: 'listEndpoints',
        summary: 'List endpoints, oldest first',
        querystring: listEndpointsQuery,
        response: { 200: endpointPage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await store.listEndpoints(db.within(caller), caller.workspaceId, page);
      return toPage(rows, page, total, presentEndpoint, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/endpoints/:id',
    {
      config: { permission: 'endpoints.read' },
      schema: {
        tags,
        operationId: 'getEndpoint',
        summary: 'Show an endpoint, and how many deliveries it has',
        params,
        response: { 200: shownEndpointSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const row = await store.findEndpoint(mine, caller.workspaceId, toUuid(request.params.id));
      if (!row) throw problem('endpoint_not_found');
      return { ...presentEndpoint(row), deliveries: await countDeliveries(mine, row.id, caller.accounts) };
    },
  );
}

function createRoute(app: Server, needs: WebhookNeeds): void {
  app.post(
    '/api/v1/endpoints',
    {
      config: { permission: 'endpoints.manage' },
      schema: {
        tags,
        operationId: 'createEndpoint',
        summary: 'Create an endpoint for webhooks',
        description:
          'Recado posts each matching event of now and later to the link, signed after Standard Webhooks 1.0. Only this answer contains the secret that Recado made; no answer contains one that you brought along as `secret`.',
        headers: idempotencyHeaders,
        body: createEndpointBody,
        response: { 201: newEndpointSchema, 400: problemSchema, 403: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { body } = request;
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'endpoints.create', key, body, by: caller.id };
      const work = async (tx: Queryable) => {
        const { id, secret } = await createEndpoint(needs, tx, caller, body);
        await audit(tx, actorOf(request), { action: 'endpoint.created', target: { kind: 'endpoint', id } });
        const row = await store.findEndpoint(tx, workspaceId, id);
        if (!row) throw problem('endpoint_not_found');
        return { status: 201, body: { ...presentEndpoint(row), secret } };
      };
      const answer = await idempotently(needs.db.within(caller), keyed, work, needs.encrypter);
      return sendKept(reply.header('cache-control', 'no-store'), answer);
    },
  );
}

function changeRoutes(app: Server, needs: WebhookNeeds): void {
  const { db, wake } = needs;
  app.patch(
    '/api/v1/endpoints/:id',
    {
      config: { permission: 'endpoints.manage' },
      schema: {
        tags,
        operationId: 'updateEndpoint',
        summary: 'Change, pause or resume an endpoint',
        description:
          'You need the permissions of its events, and answer for it from then on. A `url` of another origin drops the `headers`, unless you give them again: `header_names` is empty then. An endpoint that was disabled gets no events of that time: replay them.',
        params,
        body: updateEndpointBody,
        response: { 200: endpointSchema, 400: problemSchema, 403: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      const row = await db.within(caller).transaction(async tx => {
        await changeEndpoint(needs, tx, caller, id, request.body);
        const detail = { fields: Object.keys(request.body) };
        await audit(tx, actorOf(request), { action: 'endpoint.updated', target: { kind: 'endpoint', id }, detail });
        return store.findEndpoint(tx, caller.workspaceId, id);
      });
      if (!row) throw problem('endpoint_not_found');
      if (row.status === 'active') wake('deliver', id);
      return presentEndpoint(row);
    },
  );

  app.delete(
    '/api/v1/endpoints/:id',
    {
      config: { permission: 'endpoints.manage' },
      schema: {
        tags,
        operationId: 'deleteEndpoint',
        summary: 'Delete an endpoint with its deliveries',
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        if (!(await store.deleteEndpoint(tx, caller.workspaceId, id))) throw problem('endpoint_not_found');
        await store.noteEndpoint(tx, caller.workspaceId, 'endpoint.deleted', id, needs.clock.sqlNow());
        await audit(tx, actorOf(request), { action: 'endpoint.deleted', target: { kind: 'endpoint', id } });
      });
      return reply.code(204).send(null);
    },
  );
}

function secretRoute(app: Server, needs: WebhookNeeds): void {
  app.post(
    '/api/v1/endpoints/:id/rotate-secret',
    {
      config: { permission: 'endpoints.manage' },
      schema: {
        tags,
        operationId: 'rotateEndpointSecret',
        summary: 'Give an endpoint a new secret',
        description:
          'Recado makes the new secret, or takes yours. Both secrets sign for the overlap, so that receivers can change theirs meanwhile. Earlier secrets sign until the times that their rotations gave.',
        params,
        body: rotateSecretBody,
        response: {
          200: rotatedSecretSchema,
          400: problemSchema,
          403: problemSchema,
          404: problemSchema,
          409: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      const { secret, until } = await needs.db.within(caller).transaction(async tx => {
        const rotated = await rotateSecret(needs, tx, caller, id, request.body);
        await audit(tx, actorOf(request), { action: 'endpoint.secret_rotated', target: { kind: 'endpoint', id } });
        return rotated;
      });
      return reply.header('cache-control', 'no-store').send({ secret, former_secret_until: until.toISOString() });
    },
  );
}

function testRoute(app: Server, { db, clock }: WebhookNeeds): void {
  app.post(
    '/api/v1/endpoints/:id/test',
    {
      config: { permission: 'endpoints.manage' },
      // The body may be left out.
      preValidation: (request, _reply, done) => {
        request.body ??= {};
        done();
      },
      schema: {
        tags,
        operationId: 'testEndpoint',
        summary: 'Send a test event to an endpoint',
        description:
          'The event `endpoint.test`, or the example of an event type, goes to this endpoint only, whatever its event types and its filter. At a paused endpoint it waits.',
        params,
        body: testEndpointBody,
        response: { 202: testEndpointSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      const { event_type: eventType = null } = request.body;
      const { event, status } = await db.within(caller).transaction(async tx => {
        const row = await store.findEndpoint(tx, caller.workspaceId, id);
        if (!row) throw problem('endpoint_not_found');
        if (row.status === 'disabled') throw problem('endpoint_not_active');
        await store.noteTest(tx, caller.workspaceId, id, eventType, clock.sqlNow());
        return { event: await store.findTestEvent(tx), status: row.status };
      });
      if (!event) throw new Error('the test event was not written');
      return reply.code(202).send({ event_id: toId('event', eventUuid(event)), endpoint_status: status });
    },
  );
}
