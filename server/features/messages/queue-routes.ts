// What callers and operators do to messages that wait or have failed, over HTTP.
import {
  type AccountQueue,
  type Batch,
  batchAcceptedSchema,
  batchBody,
  batchSchema,
  cancelBody,
  countSchema,
  idempotencyHeaders,
  idSchema,
  messageDetailsSchema,
  problemSchema,
  queueSchema,
  requeuedSchema,
  resolveBody,
  retryBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import { callerOf, type Server, sendKept } from '../../kit/http.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { inPieces } from '../../kit/pieces.ts';
import { channelOf, refuseAccount } from '../accounts/index.ts';
import { acceptBatchOf } from './accept-batch.ts';
import { findBatch } from './batch-store.ts';
import { refuse, refuseStatus } from './errors.ts';
import { queueOf } from './figures-store.ts';
import { priorityNumbers } from './message.ts';
import * as store from './queue-store.ts';
import { resolveUnknown } from './resolve-store.ts';
import { type MessageNeeds, showMessage } from './routes.ts';

const params = z.strictObject({ id: idSchema('message') });
const largestBatch = 8 * 1024 * 1024;
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

export function queueRoutes(app: Server, needs: MessageNeeds): void {
  const { db, clock, wake } = needs;
  const tags = ['Messages'];
  const show = showMessage(needs);

  app.post(
    '/api/v1/messages/batch',
    {
      config: { permission: 'messages.create' },
      bodyLimit: largestBatch,
      schema: {
        tags,
        operationId: 'sendMessages',
        summary: 'Accept up to 1,000 messages, each judged by itself',
        headers: idempotencyHeaders,
        body: batchBody,
        response: { 202: batchAcceptedSchema, 400: problemSchema, 409: problemSchema, 422: problemSchema },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const { status, text } = await acceptBatchOf(
        db.within(callerOf(request)),
        needs.accepting,
        callerOf(request),
        request.body.messages,
        key,
      );
      return sendKept(reply, status, text);
    },
  );

  app.get(
    '/api/v1/batches/:id',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'getBatch',
        summary: 'Show the progress of a batch',
        description:
          'Of a batch that somebody else made, whoever is limited to some accounts sees what is of these: `total`, `accepted` and `by_status` count nothing else, and where nothing is, there is no such batch. `done` is always of the whole batch.',
        params: z.strictObject({ id: idSchema('batch') }),
        response: { 200: batchSchema, 404: problemSchema },
      },
    },
    async (request): Promise<Batch> => {
      const caller = callerOf(request);
      const row = await findBatch(db.within(caller), caller, toUuid(request.params.id));
      if (!row) throw refuse('batch_not_found');
      return {
        id: toId('batch', row.id),
        total: row.total,
        accepted: row.accepted,
        refused: row.total - row.accepted,
        created_at: row.created_at.toISOString(),
        by_status: row.by_status,
        done: !row.waits,
      };
    },
  );

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
        const moved = await store.cancelWaiting(tx, workspaceId, { messageId: id }, 'cancelled', clock.sqlNow());
        const target = { kind: 'message', id };
        if (moved.messages > 0) await audit(tx, actorOf(request), { action: 'message.cancelled', target });
        return moved;
      });
      const message = await show(caller, id);
      if (messages === 0 && message.status !== 'cancelled')
        throw refuseStatus('message_already_sending', message.status);
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
        summary: 'Cancel all waiting messages that fit the filters',
        body: cancelBody,
        response: { 200: countSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const mine = db.within(caller);
      const filter = toFilter(request.body);
      const cancelPiece = (accountId: string) =>
        mine.transaction(async tx => {
          const of = { ...filter, accountId };
          const piece = await store.cancelWaiting(
            tx,
            workspaceId,
            of,
            'cancelled',
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
        messages += await inPieces(store.cancelledAtOnce, async () => {
          const cancelled = await cancelPiece(account);
          if (cancelled > 0) wake('send', account);
          return cancelled;
        });
      }
      return { messages };
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
        const result = await store.requeueFailed(tx, workspaceId, id, clock.sqlNow());
        const target = { kind: 'message', id };
        if (result === 'queued') await audit(tx, actorOf(request), { action: 'message.retried', target });
        return result;
      });
      if (outcome === 'not_found') throw refuse('message_not_found');
      if (outcome === 'not_failed') throw refuseStatus('message_not_failed', (await show(caller, id)).status);
      if (outcome !== 'queued') throw refuse(outcome);
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
        summary: 'Send failed messages that fit the filters again, at most 10,000 at once',
        description:
          'Left out are those past their expiry, those of accounts that are not connected, those whose file was deleted, and, unless `error_code` names it, those that failed with `unknown_outcome`, as they may have arrived.',
        body: retryBody,
        response: { 202: requeuedSchema, 400: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const mine = db.within(caller);
      const filter = toFilter(request.body);
      const retryPiece = (accountId: string, max: number) =>
        mine.transaction(async tx => {
          const piece = await store.requeueAll(tx, workspaceId, { ...filter, accountId }, clock.sqlNow(), max);
          const detail = { messages: piece.messages, filter: request.body };
          if (piece.messages > 0) await audit(tx, actorOf(request), { action: 'messages.retried', detail });
          return piece;
        });
      let messages = 0;
      let left = 0;
      // One account after the other: meanwhile nothing can be accepted for it, but for the others it can.
      for (const account of await store.failedAccounts(mine, workspaceId, filter)) {
        const piece = await retryPiece(account, requeuedAtOnce - messages);
        messages += piece.messages;
        left += piece.left;
        if (piece.messages > 0) wake('send', account);
      }
      return reply.code(202).send({ messages, left });
    },
  );

  app.post(
    '/api/v1/messages/:id/resolve',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags,
        operationId: 'resolveMessage',
        summary: 'Say what became of a message whose outcome is unknown, or that failed for that',
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
        const resolved = await resolveUnknown(tx, workspaceId, id, resolution, caller.id, clock.sqlNow());
        const target = { kind: 'message', id };
        if (resolved === 'resolved')
          await audit(tx, actorOf(request), { action: 'message.resolved', target, detail: { resolution } });
        return resolved;
      });
      const message = await show(caller, id);
      if (done === 'not_unknown') throw refuseStatus('message_not_unknown', message.status);
      if (done !== 'resolved') throw refuse(done);
      wake('send', toUuid(message.account_id));
      return message;
    },
  );

  app.get(
    '/api/v1/accounts/:id/queue',
    {
      config: { permission: 'accounts.read' },
      schema: {
        tags: ['Accounts'],
        operationId: 'getAccountQueue',
        summary: 'Show what an account has waiting, and what holds it',
        params: z.strictObject({ id: idSchema('account') }),
        response: { 200: queueSchema, 404: problemSchema },
      },
    },
    async (request): Promise<AccountQueue> => {
      const id = toUuid(request.params.id);
      const there = await channelOf(db.within(callerOf(request)), callerOf(request).workspaceId, id);
      const row = there && (await queueOf(db.within(callerOf(request)), id, clock.sqlNow()));
      if (!row) throw refuseAccount('account_not_found');
      return {
        queued: { high: row.high, normal: row.normal, low: row.low },
        scheduled: row.scheduled,
        sending: row.sending,
        unknown: row.unknown,
        oldest_seconds: row.oldest_seconds,
        sent_in_window: row.sent_in_window,
        next_send_at: row.next_send_at?.toISOString() ?? null,
        hold:
          row.hold_reason === null ? null : { reason: row.hold_reason, until: row.hold_until?.toISOString() ?? null },
      };
    },
  );
}
