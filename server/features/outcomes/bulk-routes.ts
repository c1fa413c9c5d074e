// What callers and operators do to all messages that match a filter, over HTTP.
import {
  cancelBody,
  countSchema,
  problemSchema,
  requeuedSchema,
  resolveAllBody,
  resolvedSchema,
  retryBody,
} from '@recado/contract';
import type { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import { inChunks } from '../../kit/db/chunks.ts';
import { callerId, callerOf, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { RunHook } from '../hooks.ts';
import { type MessageNeeds, priorityNumbers } from '../messages/index.ts';
import * as store from '../queue/index.ts';
import { resolveAll, unknownAccounts } from './resolve-store.ts';
import { failedAccounts, requeueAll } from './retry-store.ts';
import { by } from './routes.ts';

const requeuedAtOnce = 10_000;
const resolvedAtOnce = 1_000;

type Some = Partial<z.infer<typeof cancelBody> & z.infer<typeof retryBody> & z.infer<typeof resolveAllBody>>;

const toFilter = (some: Some): store.WaitingFilter => ({
  accountId: some.account_id && toUuid(some.account_id),
  contactId: some.contact_id && toUuid(some.contact_id),
  conversationId: some.conversation_id && toUuid(some.conversation_id),
  batchId: some.batch_id && toUuid(some.batch_id),
  campaignId: some.campaign_id && toUuid(some.campaign_id),
  priority: some.priority && priorityNumbers[some.priority],
  ids: some.ids?.map(id => toUuid(id)),
  status: some.status,
  errorCode: some.error_code,
  from: some.from,
  until: some.until,
});

/** What the audit log says of an action: how many, which and why. Ids are in the timelines, where many would be too long. */
const toldOf = (
  messages: number,
  { ids, reason, ...filter }: { ids?: string[] | undefined; reason?: string | undefined },
) => ({ detail: { messages, filter: ids === undefined ? filter : { ...filter, ids: ids.length } }, reason });

/** Adds up what several accounts have left out, the most first. */
function addUp(skipped: store.Skipped[]): store.Skipped[] {
  const sums = new Map<store.Skipped['code'], number>();
  for (const { code, count } of skipped) sums.set(code, (sums.get(code) ?? 0) + count);
  return [...sums].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
}

type BulkNeeds = Pick<MessageNeeds, 'db' | 'clock' | 'wake'> & { runHook: RunHook };
const tags = ['Messages'];

export function bulkRoutes(app: Server, needs: BulkNeeds): void {
  cancelRoute(app, needs);
  retryRoute(app, needs);
  resolveRoute(app, needs);
}

function cancelRoute(app: Server, { db, clock, wake }: BulkNeeds): void {
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
          const told = toldOf(piece.messages, request.body);
          if (piece.messages > 0) await audit(tx, actorOf(request), { action: 'messages.cancelled', ...told });
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
}

function retryRoute(app: Server, { db, clock, wake, runHook }: BulkNeeds): void {
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
          const piece = await requeueAll(
            tx,
            workspaceId,
            { ...filter, accountId },
            callerId(caller),
            clock.sqlNow(),
            max,
          );
          const told = toldOf(piece.messages, request.body);
          if (piece.messages > 0) await audit(tx, actorOf(request), { action: 'messages.retried', ...told });
          if (piece.messages > 0)
            await runHook('messages.requeued', tx, { workspaceId, accountId, now: clock.sqlNow() });
          return piece;
        });
      let messages = 0;
      let left = 0;
      const skipped: store.Skipped[] = [];
      // One account after the other: meanwhile nothing can be accepted for it, but for the others it can.
      for (const account of await failedAccounts(mine, workspaceId, filter)) {
        const piece = await retryChunk(account, requeuedAtOnce - messages);
        messages += piece.messages;
        left += piece.left;
        skipped.push(...piece.skipped);
        if (piece.messages > 0) wake('send', account);
      }
      return reply.code(202).send({ count: messages, left, skipped: addUp(skipped) });
    },
  );
}

function resolveRoute(app: Server, { db, clock, wake, runHook }: BulkNeeds): void {
  app.post(
    '/api/v1/messages/resolve',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags,
        operationId: 'resolveMessages',
        summary: 'Resolve messages with an unknown outcome that match the filters, up to 1,000',
        description:
          'With `ids`, it also resolves messages that failed with `unknown_outcome`. With `retry`, Recado skips messages whose account or contact was deleted or whose person opted out.',
        body: resolveAllBody,
        response: { 200: resolvedSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const mine = db.within(caller);
      const { resolution } = request.body;
      const filter = toFilter(request.body);
      const how = { resolution, by: callerId(caller) };
      const resolveChunk = (accountId: string, max: number) =>
        mine.transaction(async tx => {
          const piece = await resolveAll(tx, workspaceId, { ...filter, accountId }, how, clock.sqlNow(), max);
          const told = toldOf(piece.messages, request.body);
          if (piece.messages > 0) await audit(tx, actorOf(request), { action: 'messages.resolved', ...told });
          if (piece.messages > 0 && resolution === 'retry')
            await runHook('messages.requeued', tx, { workspaceId, accountId, now: clock.sqlNow() });
          return piece;
        });
      let count = 0;
      let left = 0;
      const skipped: store.Skipped[] = [];
      // One account after the other: meanwhile nothing can be accepted for it, but for the others it can.
      for (const account of await unknownAccounts(mine, workspaceId, filter)) {
        const piece = await resolveChunk(account, resolvedAtOnce - count);
        count += piece.messages;
        left += piece.left;
        skipped.push(...piece.skipped);
        if (piece.messages > 0) wake('send', account);
      }
      return { count, left, skipped: addUp(skipped) };
    },
  );
}
