// The figures of a workspace's queue over HTTP.
import { type WorkspaceQueue, workspaceQueueSchema } from '@recado/contract';
import { callerOf, type Server } from '../../kit/http.ts';
import { workspaceFigures } from './figures-store.ts';
import type { MessageNeeds } from './routes.ts';

const nobody = 'Nothing consumes this lane: no worker that serves it is alive.';

export function figuresRoutes(app: Server, { db, clock }: Pick<MessageNeeds, 'db' | 'clock'>): void {
  app.get(
    '/api/v1/queue',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags: ['Messages'],
        operationId: 'getQueue',
        summary: 'Show what waits and works in the whole workspace',
        response: { 200: workspaceQueueSchema },
      },
    },
    async (request): Promise<WorkspaceQueue> => {
      const row = await workspaceFigures(db.within(callerOf(request)), callerOf(request).workspaceId, clock.sqlNow());
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
}
