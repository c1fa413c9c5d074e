// The statistics of messages over HTTP.
import { problemSchema, seriesQuery, seriesSchema, statisticsQuery, statisticsSchema } from '@recado/contract';
import { callerOf, invalid, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { MessageNeeds } from '../messages/index.ts';
import { bucketsOf, errorsOf, zoneOf } from './series-store.ts';
import { addUp } from './statistics.ts';
import { countMessages } from './statistics-store.ts';

const defaultStatisticsDays = 30;
const dayMs = 86_400_000;
/** The longest range of a series, in days. */
const mostDays = { hour: 31, day: 366 } as const;

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
        description:
          'Days are in UTC. Deleted messages stay counted, except in the quarters of an hour that the range cuts. The default range is the last 30 days, up to `until` if given. With `contact_id` or `conversation_id`, deleted messages do not count.',
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
      const { contact_id, conversation_id } = request.query;
      const rows = await countMessages(db.listsWithin(callerOf(request)), callerOf(request).workspaceId, {
        from,
        until,
        accountIds: accountId === undefined ? undefined : [accountId],
        contactId: contact_id && toUuid(contact_id),
        conversationId: conversation_id && toUuid(conversation_id),
      });
      return addUp(rows, from, end);
    },
  );

  app.get(
    '/api/v1/messages/statistics/series',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'getMessageSeries',
        summary: 'Count messages by hour or day of a time zone, and failed ones by error',
        description:
          'The default range is the last 24 hours, or the last 30 days. Deleted messages stay counted, except in the quarters of an hour that the range cuts. A bucket lasts until the next one: where a clock change falls into an hour, an hour begins with the change.',
        querystring: seriesQuery,
        response: { 200: seriesSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const lists = db.listsWithin(caller, caller.id);
      const { interval = 'day', account_id, from: begin, until: end } = request.query;
      const until = end === undefined ? new Date(clock.now() + 1_000) : new Date(end);
      const defaultMs = interval === 'hour' ? dayMs : defaultStatisticsDays * dayMs;
      const from = begin === undefined ? new Date(until.getTime() - defaultMs) : new Date(begin);
      if (from >= until) throw invalid('from', 'Must not be in the future unless until is given.');
      if (until.getTime() - from.getTime() > mostDays[interval] * dayMs)
        throw invalid('from', `Must be at most ${mostDays[interval]} days before the end of the range.`);
      const accountId = account_id && toUuid(account_id);
      const zone = request.query.time_zone ?? ((accountId && (await zoneOf(lists, workspaceId, accountId))) || 'UTC');
      const range = { from, until, accountIds: accountId === undefined ? undefined : [accountId] };
      const [buckets, errors] = await Promise.all([
        bucketsOf(lists, workspaceId, range, interval, zone),
        errorsOf(lists, workspaceId, range),
      ]);
      return {
        from: from.toISOString(),
        until: until.toISOString(),
        interval,
        time_zone: zone,
        buckets: buckets.map(bucket => ({ ...bucket, at: bucket.at.toISOString() })),
        by_error: errors,
      };
    },
  );
}
