// The metrics of a workspace's queue over HTTP.
import {
  type AccountQueue,
  idSchema,
  messageReasonsQuery,
  messageReasonsSchema,
  problemSchema,
  queueErrorsQuery,
  queueErrorsSchema,
  queueReasonsQuery,
  queueReasonsSchema,
  queueSchema,
  type WorkspaceQueue,
  workspaceQueueSchema,
} from '@recado/contract';
import { z } from 'zod';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { accountProblem, channelOf } from '../accounts/index.ts';
import { type MessageNeeds, presentWaiting, waitingOfSome } from '../messages/index.ts';
import { queueOf, workspaceStats } from './queue-store.ts';
import { errorCounts, reasonCounts, waitingCounts } from './reasons-store.ts';

const nobody = 'Nothing consumes this lane: no worker that serves it is alive.';

export function queueFigureRoutes(app: Server, { db, clock }: Pick<MessageNeeds, 'db' | 'clock'>): void {
  app.get(
    '/api/v1/queue',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags: ['Messages'],
        operationId: 'getQueue',
        summary: 'Show the queue and the workers of the workspace',
        response: { 200: workspaceQueueSchema },
      },
    },
    async (request): Promise<WorkspaceQueue> => {
      const row = await workspaceStats(db.within(callerOf(request)), callerOf(request).workspaceId, clock.sqlNow());
      return {
        waiting: row.waiting,
        active: row.active,
        unknown: row.unknown,
        completed: row.completed,
        failed: row.failed,
        calls_per_minute: row.calls_per_minute,
        wait_seconds: { p50: row.p50, p95: row.p95 },
        workers: row.workers,
        lanes: row.lanes.map(lane => ({ ...lane, problem: lane.due > 0 && lane.workers === 0 ? nobody : null })),
      };
    },
  );

  app.get(
    '/api/v1/accounts/:id/queue',
    {
      config: { permission: 'accounts.read' },
      schema: {
        tags: ['Accounts'],
        operationId: 'getAccountQueue',
        summary: 'Show the queue of an account and why it is stopped',
        params: z.strictObject({ id: idSchema('account') }),
        response: { 200: queueSchema, 404: problemSchema },
      },
    },
    async (request): Promise<AccountQueue> => {
      const id = toUuid(request.params.id);
      const there = await channelOf(db.within(callerOf(request)), callerOf(request).workspaceId, id);
      const row = there && (await queueOf(db.within(callerOf(request)), id, clock.sqlNow()));
      if (!row) throw accountProblem('account_not_found');
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

/** Why messages wait or failed: counted, and of some by their ids. */
export function queueReasonRoutes(app: Server, needs: Pick<MessageNeeds, 'db' | 'clock' | 'storageFull'>): void {
  const { db, clock, storageFull } = needs;
  const tags = ['Messages'];
  const config = { permission: 'messages.read' } as const;

  app.get(
    '/api/v1/queue/reasons',
    {
      config,
      schema: {
        tags,
        operationId: 'getQueueReasons',
        summary: 'Count what waits by reason and account',
        querystring: queueReasonsQuery,
        response: { 200: queueReasonsSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const accountId = request.query.account_id && toUuid(request.query.account_id);
      const mine = db.within(caller);
      const now = clock.sqlNow();
      const [counts, reasons] = await Promise.all([
        waitingCounts(mine, caller.workspaceId, accountId, now),
        reasonCounts(mine, caller.workspaceId, accountId, storageFull(), now),
      ]);
      const shown = reasons.map(row => ({
        account_id: toId('account', row.account_id),
        reason: row.reason,
        messages: row.messages,
        until: row.until?.toISOString() ?? null,
      }));
      return { ...counts, reasons: shown };
    },
  );

  app.get(
    '/api/v1/queue/errors',
    {
      config,
      schema: {
        tags,
        operationId: 'getQueueErrors',
        summary: 'Count failed outbound messages by error',
        querystring: queueErrorsQuery,
        response: { 200: queueErrorsSchema, 400: problemSchema },
      },
    },
    async request => {
      const { from, until, account_id } = request.query;
      const data = await errorCounts(db.listsWithin(callerOf(request)), callerOf(request).workspaceId, {
        from: from === undefined ? undefined : new Date(from),
        until: until === undefined ? undefined : new Date(until),
        accountId: account_id && toUuid(account_id),
      });
      return { data: data.map(row => ({ ...row, title: row.title ?? '' })) };
    },
  );

  app.get(
    '/api/v1/messages/waiting',
    {
      config,
      schema: {
        tags,
        operationId: 'getMessageReasons',
        summary: 'Show why messages wait, by their ids',
        querystring: messageReasonsQuery,
        response: { 200: messageReasonsSchema, 400: problemSchema },
      },
    },
    async request => {
      const ids = request.query.ids.map(id => toUuid(id));
      const rows = await waitingOfSome(db.within(callerOf(request)), ids, storageFull(), clock.sqlNow());
      return {
        data: rows.map(row => ({ id: toId('message', row.id), ...presentWaiting(row) })),
      };
    },
  );
}
