// The deliveries of an endpoint over HTTP.
import {
  deliveryPage,
  endpointDeliverySchema,
  idSchema,
  listDeliveriesQuery,
  problemSchema,
  shownDeliverySchema,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { type Caller, callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { canSee, findEvent, numberIn } from '../events/index.ts';
import * as store from './delivery-store.ts';
import { type DeliveryRow, deliveryId, presentAttempt, presentDelivery } from './endpoint.ts';
import { findEndpoint } from './endpoint-store.ts';
import { problem } from './errors.ts';
import { covers } from './matching.ts';
import { tags, type WebhookNeeds } from './needs.ts';
import { sentEvent } from './sent-event.ts';

const params = z.strictObject({ id: idSchema('endpoint') });
const deliveryParams = z.strictObject({ id: idSchema('endpoint'), delivery: idSchema('delivery') });

/** @throws AppError if there is no such endpoint, or no such delivery of it */
async function findBoth(db: Queryable, caller: Caller, { params }: FastifyRequest) {
  const { id, delivery } = params as z.output<typeof deliveryParams>;
  const endpoint = await findEndpoint(db, caller.workspaceId, toUuid(id));
  if (!endpoint) throw problem('endpoint_not_found');
  const seq = numberIn(toUuid(delivery));
  const row: DeliveryRow | undefined =
    seq === undefined ? undefined : await store.findDelivery(db, endpoint.id, seq, caller.accounts);
  if (!row || deliveryId(row) !== delivery) throw problem('delivery_not_found');
  return { endpoint, row };
}

export function deliveryRoutes(app: Server, { db, clock, wake }: WebhookNeeds): void {
  app.get(
    '/api/v1/endpoints/:id/deliveries',
    {
      config: { permission: 'endpoints.read' },
      schema: {
        tags,
        operationId: 'listDeliveries',
        summary: 'List the deliveries of an endpoint, newest first',
        description: 'Recado keeps them for 30 days.',
        params,
        querystring: listDeliveriesQuery,
        response: { 200: deliveryPage, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const endpoint = await findEndpoint(db.within(caller), caller.workspaceId, toUuid(request.params.id));
      if (!endpoint) throw problem('endpoint_not_found');
      const { status, event_type: eventType, created_since: since, created_until: until } = request.query;
      const filter = { accounts: caller.accounts, status, eventType, since, until };
      const { rows, total } = await store.listDeliveries(db.listsWithin(caller), endpoint.id, filter, page);
      return toPage(rows, page, total, presentDelivery, row => [String(row.seq)]);
    },
  );

  app.get(
    '/api/v1/endpoints/:id/deliveries/:delivery',
    {
      config: { permission: 'endpoints.read' },
      schema: {
        tags,
        operationId: 'getDelivery',
        summary: 'Show a delivery with its event and its attempts',
        params: deliveryParams,
        response: { 200: shownDeliverySchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const { endpoint, row } = await findBoth(mine, caller, request);
      const delivery = presentDelivery(row);
      const found = await findEvent(mine, caller.workspaceId, toUuid(delivery.event_id));
      // Test events are only about their endpoint, which the caller sees.
      const isSeen =
        found && covers(endpoint, found.row) && (row.event_type === 'endpoint.test' || canSee(caller, found.row));
      const attempts = await store.attemptsOf(mine, row);
      return { ...delivery, event: isSeen ? sentEvent(found) : null, attempts: attempts.map(presentAttempt) };
    },
  );

  app.post(
    '/api/v1/endpoints/:id/deliveries/:delivery/resend',
    {
      config: { permission: 'endpoints.manage' },
      schema: {
        tags,
        operationId: 'resendDelivery',
        summary: 'Deliver an event again',
        description:
          'With the same event id, and with all attempts before it. It still waits for earlier events of its conversation.',
        params: deliveryParams,
        response: { 202: endpointDeliverySchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const row = await db.within(caller).transaction(async tx => {
        const { endpoint, row } = await findBoth(tx, caller, request);
        if (endpoint.status === 'disabled') throw problem('endpoint_not_active');
        await store.requeueDeliveries(tx, endpoint.id, [row.seq], clock.sqlNow());
        const target = { kind: 'endpoint', id: endpoint.id };
        await audit(tx, actorOf(request), { action: 'delivery.resent', target, detail: { delivery: deliveryId(row) } });
        return store.findDelivery(tx, endpoint.id, row.seq, caller.accounts);
      });
      if (!row) throw problem('delivery_not_found');
      wake('deliver', row.endpoint_id);
      return reply.code(202).send(presentDelivery(row));
    },
  );
}
