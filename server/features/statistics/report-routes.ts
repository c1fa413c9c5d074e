// The statistics of a workspace over HTTP: reports by any grouping, and their CSV files.
import {
  type FigureGroup,
  problemSchema,
  reportExportQuery,
  reportQuery,
  reportSchema,
  type StatisticsGrouping,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Queryable } from '../../kit/db/database.ts';
import { csvFile } from '../../kit/http/csv-file.ts';
import { callerOf, invalid, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { MessageNeeds } from '../messages/index.ts';
import { type ReportRequest, readReport } from './report.ts';
import { zoneOf } from './series-store.ts';

const dayMs = 86_400_000;
/** The longest range, in days. */
const mostDays = 366;
const mostDaysOfHours = 31;

interface ReportParameters {
  from?: string | undefined;
  until?: string | undefined;
  time_zone?: string | undefined;
  account_ids?: string[] | undefined;
  compare?: 'true' | 'false' | undefined;
  group_by?: StatisticsGrouping | undefined;
}

const headOfGroups = [
  ...['key', 'name', 'outbound', 'inbound', 'waiting', 'sending', 'unknown', 'sent', 'delivered', 'read', 'failed'],
  ...['cancelled', 'expired', 'delivery_rate', 'reading_rate', 'failure_rate', 'who', 'advice', 'countries'],
];

const lineOf = (group: FigureGroup) => [
  ...[group.key, group.name, group.outbound, group.inbound, group.waiting, group.sending, group.unknown, group.sent],
  ...[group.delivered, group.read, group.failed, group.cancelled, group.expired, group.delivery.rate],
  ...[group.reading.rate, group.failure.rate, group.error?.who ?? null, group.error?.advice ?? null],
  group.countries?.join(' ') ?? null,
];

export function reportRoutes(app: Server, { db, clock }: Pick<MessageNeeds, 'db' | 'clock'>): void {
  const tags = ['Statistics'];
  const config = { permission: 'messages.read' } as const;

  /** What a request asks for. Reports take their time, so a caller gets one after the other. */
  async function asked(request: FastifyRequest, query: ReportParameters) {
    const caller = callerOf(request);
    const lists: Queryable = db.listsWithin(caller, caller.id);
    const accountIds = query.account_ids?.map(id => toUuid(id));
    const [only] = accountIds?.length === 1 ? accountIds : [];
    const zone = query.time_zone ?? ((only && (await zoneOf(lists, caller.workspaceId, only))) || 'UTC');
    const until = query.until === undefined ? new Date(clock.now() + 1_000) : new Date(query.until);
    const from = query.from === undefined ? undefined : new Date(query.from);
    if (from && from >= until) throw invalid('from', 'Must not be in the future unless until is given.');
    const most = query.group_by === 'hour' ? mostDaysOfHours : mostDays;
    if (from && until.getTime() - from.getTime() > most * dayMs)
      throw invalid('from', `Must be at most ${most} days before the end of the range.`);
    const report: ReportRequest = { from, until, zone, accountIds, compare: query.compare === 'true' };
    return { lists, workspaceId: caller.workspaceId, report };
  }

  app.get(
    '/api/v1/statistics',
    {
      config,
      schema: {
        tags,
        operationId: 'getStatistics',
        summary: 'Show the figures of a range, by time, account, template, campaign, sender, error or country',
        description:
          'A message counts once, at the time when it was accepted or received, in its present state. What was deleted stays counted, except in the quarters of an hour that the range cuts; imported history does not count. At most 366 days, by hour 31.',
        querystring: reportQuery,
        response: { 200: reportSchema, 400: problemSchema },
      },
    },
    async request => {
      const { lists, workspaceId, report } = await asked(request, request.query);
      return readReport(lists, workspaceId, { ...report, groupBy: request.query.group_by });
    },
  );

  app.get(
    '/api/v1/statistics/export',
    {
      config,
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportStatistics',
        summary: 'Export the figures of a range as a CSV file',
        description: 'A line for each group. An apostrophe disarms texts that look like formulas.',
        produces: ['text/csv'],
        querystring: reportExportQuery,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { lists, workspaceId, report } = await asked(request, request.query);
      const { groups } = await readReport(lists, workspaceId, { ...report, groupBy: request.query.group_by });
      return csvFile(reply, 'statistics.csv', headOfGroups, async () => ({
        lines: groups.map(lineOf),
        after: undefined,
      }));
    },
  );
}
