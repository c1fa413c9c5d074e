// Replays and recoveries of an endpoint over HTTP. Recado queues them in the background.
import {
  createReplayBody,
  idempotencyHeaders,
  idSchema,
  listReplaysQuery,
  problemSchema,
  recoverBody,
  replayPage,
  replaySchema,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { idempotently, type KeyedAnswer } from '../../kit/http/idempotency.ts';
import { callerOf, invalid, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { newUuid, toUuid } from '../../kit/ids.ts';
import { positionBefore } from '../events/index.ts';
import { presentReplay, type ReplayRow } from './endpoint.ts';
import { findEndpoint, lockEndpoint } from './endpoint-store.ts';
import { problem } from './errors.ts';
import { tags, type WebhookNeeds } from './needs.ts';
import * as store from './replay-store.ts';

const params = z.strictObject({ id: idSchema('endpoint') });
const replayParams = z.strictObject({ id: idSchema('endpoint'), replay: idSchema('endpoint_replay') });

interface Wanted {
  kind: ReplayRow['kind'];
  from: string;
  until: string | undefined;
  eventTypes: string[] | null;
}

/** Starts a replay, and wakes the lane that does it. */
async function begin(
  needs: WebhookNeeds,
  request: FastifyRequest,
  endpointId: string,
  wanted: Wanted,
): Promise<KeyedAnswer> {
  const { db, clock, wake } = needs;
  const caller = callerOf(request);
  const { workspaceId } = caller;
  const id = newUuid();
  const key = (request.headers as { 'idempotency-key'?: string })['idempotency-key'];
  const body = { endpointId, ...wanted };
  const keyed = { workspaceId, operation: `endpoints.${wanted.kind}`, key, body, by: caller.id };
  const answer = await idempotently(db.within(caller), keyed, async (tx: Queryable) => {
    const endpoint = await lockEndpoint(tx, workspaceId, endpointId);
    if (!endpoint) throw problem('endpoint_not_found');
    if (await store.isReplaying(tx, endpointId)) throw problem('replay_running');
    if (endpoint.status === 'disabled') throw problem('endpoint_not_active');
    const now = new Date(clock.now());
    const from = new Date(wanted.from);
    if (from >= now) throw invalid(wanted.kind === 'recover' ? 'since' : 'from', 'Must be in the past.');
    const asked = wanted.until === undefined ? now : new Date(wanted.until);
    const until = asked < now ? asked : now;
    const after = wanted.kind === 'replay' ? await positionBefore(tx, workspaceId, from) : undefined;
    const { kind, eventTypes } = wanted;
    await store.insertReplay(
      tx,
      { id, workspaceId, endpointId, kind, from, until, eventTypes, after, createdBy: caller.id },
      now,
    );
    const action = kind === 'recover' ? 'endpoint.recovery_started' : 'endpoint.replay_started';
    await audit(tx, actorOf(request), { action, target: { kind: 'endpoint', id: endpointId }, detail: { ...wanted } });
    const row = await store.findReplay(tx, endpointId, id);
    if (!row) throw problem('replay_not_found');
    return { status: 202, body: presentReplay(row) };
  });
  wake('fan_out', id);
  return answer;
}

export function replayRoutes(app: Server, needs: WebhookNeeds): void {
  app.post(
    '/api/v1/endpoints/:id/recover',
    {
      config: { permission: 'endpoints.manage' },
      schema: {
        tags,
        operationId: 'recoverEndpoint',
        summary: 'Attempt all deliveries again that failed since a time',
        description:
          'Failed deliveries, and deliveries that wait for their next attempt: it is due now. The answer is a replay: ask for its progress.',
        params,
        headers: idempotencyHeaders,
        body: recoverBody,
        response: { 202: replaySchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const wanted = { kind: 'recover' as const, from: request.body.since, until: undefined, eventTypes: null };
      return sendKept(reply, await begin(needs, request, toUuid(request.params.id), wanted));
    },
  );

  app.post(
    '/api/v1/endpoints/:id/replays',
    {
      config: { permission: 'endpoints.manage' },
      schema: {
        tags,
        operationId: 'createReplay',
        summary: 'Deliver the events of a time again',
        description:
          'All events of the log that the endpoint gets, with their former ids: also those that it had already, and those from before it was created.',
        params,
        headers: idempotencyHeaders,
        body: createReplayBody,
        response: { 202: replaySchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { from, until, event_types: eventTypes = null } = request.body;
      const wanted = { kind: 'replay' as const, from, until, eventTypes };
      return sendKept(reply, await begin(needs, request, toUuid(request.params.id), wanted));
    },
  );

  app.get(
    '/api/v1/endpoints/:id/replays',
    {
      config: { permission: 'endpoints.read' },
      schema: {
        tags,
        operationId: 'listReplays',
        summary: 'List the replays and recoveries of an endpoint, newest first',
        params,
        querystring: listReplaysQuery,
        response: { 200: replayPage, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const mine = needs.db.within(caller);
      const endpoint = await findEndpoint(mine, caller.workspaceId, toUuid(request.params.id));
      if (!endpoint) throw problem('endpoint_not_found');
      const { rows, total } = await store.listReplays(mine, endpoint.id, page);
      return toPage(rows, page, total, presentReplay, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/endpoints/:id/replays/:replay',
    {
      config: { permission: 'endpoints.read' },
      schema: {
        tags,
        operationId: 'getReplay',
        summary: 'Show the progress of a replay or a recovery',
        params: replayParams,
        response: { 200: replaySchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = needs.db.within(caller);
      const endpoint = await findEndpoint(mine, caller.workspaceId, toUuid(request.params.id));
      if (!endpoint) throw problem('endpoint_not_found');
      const row = await store.findReplay(mine, endpoint.id, toUuid(request.params.replay));
      if (!row) throw problem('replay_not_found');
      return presentReplay(row);
    },
  );
}
