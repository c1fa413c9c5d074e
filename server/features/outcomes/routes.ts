// What callers and operators do to a message that waits or has failed, over HTTP.
import { idSchema, messageDetailsSchema, problemSchema, resolveBody } from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { type Caller, callerId, callerOf, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { RunHook } from '../hooks.ts';
import { type MessageNeeds, messageProblem as problem, showMessage, statusProblem } from '../messages/index.ts';
import * as store from '../queue/index.ts';
import { resolveUnknown } from './resolve-store.ts';
import { requeueFailed } from './retry-store.ts';

const params = z.strictObject({ id: idSchema('message') });
export const by = (caller: Caller): store.CancelReason => ({ reason: 'cancelled', by: callerId(caller) });

export function queueRoutes(app: Server, needs: MessageNeeds & { runHook: RunHook }): void {
  const { db, clock, wake, runHook } = needs;
  const noteRequeued = async (tx: Queryable, workspaceId: string, id: string) => {
    const accountId = await store.accountOfMessage(tx, id);
    await runHook('messages.requeued', tx, { workspaceId, accountId, now: clock.sqlNow() });
  };
  const tags = ['Messages'];
  const show = showMessage(needs);

  app.post(
    '/api/v1/messages/:id/cancel',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags,
        operationId: 'cancelMessage',
        summary: 'Cancel a message that is scheduled or queued',
        params,
        response: { 200: messageDetailsSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { messages } = await db.within(caller).transaction(async tx => {
        const moved = await store.cancelWaiting(tx, workspaceId, { messageId: id }, by(caller), clock.sqlNow());
        const target = { kind: 'message', id };
        if (moved.messages > 0) await audit(tx, actorOf(request), { action: 'message.cancelled', target });
        return moved;
      });
      const message = await show(caller, id);
      if (messages === 0 && message.status !== 'cancelled')
        throw statusProblem(
          message.status === 'sending' ? 'message_already_sending' : 'message_not_waiting',
          message.status,
        );
      wake('send', toUuid(message.account_id));
      return message;
    },
  );

  app.post(
    '/api/v1/messages/:id/retry',
    {
      config: { permission: 'messages.create' },
      schema: {
        tags,
        operationId: 'retryMessage',
        summary: 'Send a failed message again',
        params,
        response: { 202: messageDetailsSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const outcome = await db.within(caller).transaction(async tx => {
        const result = await requeueFailed(tx, workspaceId, id, callerId(caller), clock.sqlNow());
        const target = { kind: 'message', id };
        if (result === 'queued') {
          await audit(tx, actorOf(request), { action: 'message.retried', target });
          await noteRequeued(tx, workspaceId, id);
        }
        return result;
      });
      if (outcome === 'not_found') throw problem('message_not_found');
      if (outcome === 'not_failed') throw statusProblem('message_not_failed', (await show(caller, id)).status);
      if (typeof outcome === 'object')
        throw problem(outcome.code, undefined, { retryAfterSeconds: outcome.retryAfterSeconds });
      if (outcome !== 'queued') throw problem(outcome);
      const message = await show(caller, id);
      wake('send', toUuid(message.account_id));
      return reply.code(202).send(message);
    },
  );

  app.post(
    '/api/v1/messages/:id/resolve',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags,
        operationId: 'resolveMessage',
        summary: 'Resolve a message whose outcome is unknown',
        params,
        body: resolveBody,
        response: { 200: messageDetailsSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const done = await db.within(caller).transaction(async tx => {
        const { resolution, reason } = request.body;
        const resolved = await resolveUnknown(tx, workspaceId, id, resolution, callerId(caller), clock.sqlNow());
        const target = { kind: 'message', id };
        if (resolved !== 'resolved') return resolved;
        await audit(tx, actorOf(request), { action: 'message.resolved', target, detail: { resolution }, reason });
        if (resolution === 'retry') await noteRequeued(tx, workspaceId, id);
        return resolved;
      });
      const message = await show(caller, id);
      if (done === 'not_unknown') throw statusProblem('message_not_unknown', message.status);
      if (done !== 'resolved') throw problem(done);
      wake('send', toUuid(message.account_id));
      return message;
    },
  );
}
