// The statistics of messages over HTTP.
import { problemSchema, statisticsQuery, statisticsSchema } from '@recado/contract';
import { callerOf, invalid, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { MessageNeeds } from '../messages/index.ts';
import { addUp } from './statistics.ts';
import { countMessages } from './statistics-store.ts';

const defaultStatisticsDays = 30;

/** The beginning of the first of the days that end with that of the last moment before this one: midnight ends a day. */
const firstDayUntil = (end: Date) =>
  new Date(Math.floor((end.getTime() - 1) / 86_400_000 - defaultStatisticsDays + 1) * 86_400_000);

export function statisticsRoutes(app: Server, { db, clock }: Pick<MessageNeeds, 'db' | 'clock'>): void {
  const tags = ['Messages'];

  app.get(
    '/api/v1/messages/statistics',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'getMessageStatistics',
        summary: 'Count messages by status, type, day and account',
        description: 'Days are in UTC. The default range is the last 30 days, up to `until` if given.',
        querystring: statisticsQuery,
        response: { 200: statisticsSchema, 400: problemSchema },
      },
    },
    async request => {
      const until = request.query.until === undefined ? undefined : new Date(request.query.until);
      const end = until ?? new Date(clock.now() + 1_000);
      const from = request.query.from ? new Date(request.query.from) : firstDayUntil(end);
      if (from >= end) throw invalid('from', 'Must not be in the future unless until is given.');
      const accountId = request.query.account_id && toUuid(request.query.account_id);
      const rows = await countMessages(db.listsWithin(callerOf(request)), callerOf(request).workspaceId, {
        from,
        until,
        accountId,
      });
      return addUp(rows, from, end);
    },
  );
}
