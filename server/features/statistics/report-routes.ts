// The statistics of a workspace over HTTP: reports by any grouping, percentiles of times, and their CSV files.
import {
  type FigureGroup,
  latencySchema,
  problemSchema,
  reportExportQuery,
  reportQuery,
  reportSchema,
  responsesSchema,
  type StatisticsGrouping,
  timesExportQuery,
  timesQuery,
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
import { readLatency, readResponses } from './times.ts';

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
    return { lists, workspaceId: caller.workspaceId, isWhole: caller.accounts === undefined, report };
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
          'A message counts once, at the time when it was accepted or received, in its present state. Deleted messages stay counted, except in the quarters of an hour that the range cuts; imported history does not count. At most 366 days, by hour 31.',
        querystring: reportQuery,
        response: { 200: reportSchema, 400: problemSchema },
      },
    },
    async request => {
      const { lists, workspaceId, isWhole, report } = await asked(request, request.query);
      return readReport(lists, workspaceId, { ...report, isWhole, groupBy: request.query.group_by });
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
      const { lists, workspaceId, isWhole, report } = await asked(request, request.query);
      const { groups } = await readReport(lists, workspaceId, { ...report, isWhole, groupBy: request.query.group_by });
      return csvFile(reply, 'statistics.csv', headOfGroups, async () => ({
        lines: groups.map(lineOf),
        after: undefined,
      }));
    },
  );

  app.get(
    '/api/v1/statistics/latency',
    {
      config,
      schema: {
        tags,
        operationId: 'getLatency',
        summary: 'Show how long messages took, as percentiles by stage',
        description:
          'By when the message was accepted. A schedule, a hold and a pause are no part of it. The range is widened to whole hours of UTC.',
        querystring: timesQuery,
        response: { 200: latencySchema, 400: problemSchema },
      },
    },
    async request => {
      const { lists, workspaceId, report } = await asked(request, request.query);
      return readLatency(lists, workspaceId, report);
    },
  );

  app.get(
    '/api/v1/statistics/latency/export',
    {
      config,
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportLatency',
        summary: 'Export how long messages took as a CSV file',
        description: 'A line for each stage.',
        produces: ['text/csv'],
        querystring: timesExportQuery,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { lists, workspaceId, report } = await asked(request, request.query);
      const { stages } = await readLatency(lists, workspaceId, report);
      const lines = stages.map(({ stage, n, p50_ms, p90_ms, p95_ms, p99_ms }) => [
        ...[stage, n, p50_ms, p90_ms, p95_ms, p99_ms],
      ]);
      const head = ['stage', 'n', 'p50_ms', 'p90_ms', 'p95_ms', 'p99_ms'];
      return csvFile(reply, 'latency.csv', head, async () => ({ lines, after: undefined }));
    },
  );

  app.get(
    '/api/v1/statistics/responses',
    {
      config,
      schema: {
        tags,
        operationId: 'getResponses',
        summary: 'Show how long people waited for an answer, and how many wait now',
        description: 'The range is widened to whole hours of UTC.',
        querystring: timesQuery,
        response: { 200: responsesSchema, 400: problemSchema },
      },
    },
    async request => {
      const { lists, workspaceId, report } = await asked(request, request.query);
      return readResponses(lists, workspaceId, report, clock.sqlNow());
    },
  );

  app.get(
    '/api/v1/statistics/responses/export',
    {
      config,
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportResponses',
        summary: 'Export how long people waited for an answer as a CSV file',
        description:
          'A line for each span of waiting times: how many were answered within it, how many within it in the hours of their teams, and how many wait now.',
        produces: ['text/csv'],
        querystring: timesExportQuery,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { lists, workspaceId, report } = await asked(request, request.query);
      const found = await readResponses(lists, workspaceId, report, clock.sqlNow());
      const { answered, answered_in_hours: inHours, waiting } = found;
      const lines = answered.spans.map(({ below_seconds, n }, place) => [
        ...[below_seconds, n, inHours.spans[place]?.n ?? 0, waiting.spans[place]?.n ?? 0],
      ]);
      const head = ['below_seconds', 'answered', 'answered_in_hours', 'waiting'];
      return csvFile(reply, 'responses.csv', head, async () => ({ lines, after: undefined }));
    },
  );
}
