// Figures of messages over time, with the period before, and how fast people and messages are.
import type { GetStatisticsQuery, RecadoEvent } from '@recado/client';
import { keepPreviousData, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';

/** Whose messages, and of when. Without `until` up to now. */
export interface ReportRange {
  account: string | undefined;
  zone: string;
  from: string;
  until: string | undefined;
}
export type Grouping = NonNullable<GetStatisticsQuery['group_by']>;

const reportKeys = {
  totals: ['reports', 'total'] as const,
  total: (range: ReportRange) => ['reports', 'total', range] as const,
  groups: (range: ReportRange, by: Grouping) => ['reports', by, range] as const,
  responses: (range: ReportRange) => ['reports', 'responses', range] as const,
  latency: (range: ReportRange) => ['reports', 'latency', range] as const,
};

/** Figures change with each message; those of one line follow it, the others are read now and then. */
export const staleReports = ({ type }: RecadoEvent): QueryKey[] =>
  type.startsWith('message.') ? [reportKeys.totals] : [];

const refetchInterval = 15_000;

export const queryOf = ({ account, zone, from, until }: ReportRange) => ({
  from,
  ...(until !== undefined && { until }),
  time_zone: zone,
  ...(account !== undefined && { account_ids: [account] }),
});

/** The figures of a range, and of the period before. */
export const totalQuery = (range: ReportRange) =>
  queryOptions({
    queryKey: reportKeys.total(range),
    queryFn: ({ signal }) => recado.statistics.get({ ...queryOf(range), compare: true }, { signal }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });

/** The same by a grouping. */
export const groupsQuery = (range: ReportRange, by: Grouping) =>
  queryOptions({
    queryKey: reportKeys.groups(range, by),
    queryFn: ({ signal }) => recado.statistics.get({ ...queryOf(range), compare: true, group_by: by }, { signal }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });

/** The address of the figures as a CSV file, which the browser asks with its session. */
export function fileOf(range: ReportRange, by: Grouping): string {
  const asked = Object.entries({ ...queryOf(range), group_by: by }).map(([name, value]) => [name, String(value)]);
  return `/api/v1/statistics/export?${new URLSearchParams(asked)}`;
}

/** How long people waited for an answer, and who waits now. */
export const responsesQuery = (range: ReportRange) =>
  queryOptions({
    queryKey: reportKeys.responses(range),
    queryFn: ({ signal }) => recado.statistics.getResponses({ ...queryOf(range), compare: true }, { signal }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });

/** How long messages of ours took at each stage. */
export const latencyQuery = (range: ReportRange) =>
  queryOptions({
    queryKey: reportKeys.latency(range),
    queryFn: ({ signal }) => recado.statistics.getLatency(queryOf(range), { signal }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
