// The figures of a workspace's queue over HTTP.
import {
  type AccountQueue,
  idSchema,
  problemSchema,
  queueSchema,
  type WorkspaceQueue,
  workspaceQueueSchema,
} from '@recado/contract';
import { z } from 'zod';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { accountProblem, channelOf } from '../accounts/index.ts';
import type { MessageNeeds } from '../messages/index.ts';
import { queueOf, workspaceStats } from './queue-store.ts';

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
