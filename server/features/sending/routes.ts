// What callers and operators do to messages that wait or have failed, over HTTP.
import {
  cancelBody,
  countSchema,
  idSchema,
  messageDetailsSchema,
  problemSchema,
  requeuedSchema,
  resolveBody,
  retryBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import { inChunks } from '../../kit/db/chunks.ts';
import { type Caller, callerId, callerOf, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import {
  type MessageNeeds,
  priorityNumbers,
  messageProblem as problem,
  showMessage,
  statusProblem,
} from '../messages/index.ts';
import * as store from './queue-store.ts';
import { resolveUnknown } from './resolve-store.ts';

const params = z.strictObject({ id: idSchema('message') });
const requeuedAtOnce = 10_000;

type Some = z.infer<typeof cancelBody> & z.infer<typeof retryBody>;

const toFilter = (some: Partial<Some>): store.WaitingFilter => ({
  accountId: some.account_id && toUuid(some.account_id),
  contactId: some.contact_id && toUuid(some.contact_id),
  conversationId: some.conversation_id && toUuid(some.conversation_id),
  batchId: some.batch_id && toUuid(some.batch_id),
  priority: some.priority && priorityNumbers[some.priority],
  errorCode: some.error_code,
  from: some.from,
  until: some.until,
});

const by = (caller: Caller): store.CancelReason => ({ reason: 'cancelled', by: callerId(caller) });

export function queueRoutes(app: Server, needs: MessageNeeds): void {
  const { db, clock, wake } = needs;
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
    '/api/v1/messages/cancel',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags,
        operationId: 'cancelMessages',
        summary: 'Cancel all queued and scheduled messages that match the filters',
        body: cancelBody,
        response: { 200: countSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const mine = db.within(caller);
      const filter = toFilter(request.body);
      const cancelChunk = (accountId: string) =>
        mine.transaction(async tx => {
          const of = { ...filter, accountId };
          const piece = await store.cancelWaiting(
            tx,
            workspaceId,
            of,
            by(caller),
            clock.sqlNow(),
            store.cancelledAtOnce,
          );
          const detail = { messages: piece.messages, filter: request.body };
          if (piece.messages > 0) await audit(tx, actorOf(request), { action: 'messages.cancelled', detail });
          return piece.messages;
        });
      let messages = 0;
      // One account after the other: meanwhile nothing can be accepted for it, but for the others it can.
      for (const account of await store.waitingAccounts(mine, workspaceId, filter)) {
        messages += await inChunks(store.cancelledAtOnce, async () => {
          const cancelled = await cancelChunk(account);
          if (cancelled > 0) wake('send', account);
          return cancelled;
        });
      }
      return { count: messages };
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
        const result = await store.requeueFailed(tx, workspaceId, id, callerId(caller), clock.sqlNow());
        const target = { kind: 'message', id };
        if (result === 'queued') await audit(tx, actorOf(request), { action: 'message.retried', target });
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
    '/api/v1/messages/retry',
    {
      config: { permission: 'messages.create' },
      schema: {
        tags,
        operationId: 'retryMessages',
        summary: 'Send failed messages that match the filters again, up to 10,000',
        description:
          'Recado skips messages that expired, whose account is `disconnected`, or whose file was deleted. It skips `unknown_outcome` unless `error_code` names it: these messages may have arrived.',
        body: retryBody,
        response: { 202: requeuedSchema, 400: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const mine = db.within(caller);
      const filter = toFilter(request.body);
      const retryChunk = (accountId: string, max: number) =>
        mine.transaction(async tx => {
          const piece = await store.requeueAll(
            tx,
            workspaceId,
            { ...filter, accountId },
            callerId(caller),
            clock.sqlNow(),
            max,
          );
          const detail = { messages: piece.messages, filter: request.body };
          if (piece.messages > 0) await audit(tx, actorOf(request), { action: 'messages.retried', detail });
          return piece;
        });
      let messages = 0;
      let left = 0;
      // One account after the other: meanwhile nothing can be accepted for it, but for the others it can.
      for (const account of await store.failedAccounts(mine, workspaceId, filter)) {
        const piece = await retryChunk(account, requeuedAtOnce - messages);
        messages += piece.messages;
        left += piece.left;
        if (piece.messages > 0) wake('send', account);
      }
      return reply.code(202).send({ count: messages, left });
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
        const { resolution } = request.body;
        const resolved = await resolveUnknown(tx, workspaceId, id, resolution, callerId(caller), clock.sqlNow());
        const target = { kind: 'message', id };
        if (resolved === 'resolved')
          await audit(tx, actorOf(request), { action: 'message.resolved', target, detail: { resolution } });
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
