// How long messages took on their way, and people waited for an answer, beside the period before.
import { type Latency, latencyStages, type Responses } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { toId } from '../../kit/ids.ts';
import { type Bucket, countOf, percentile, spansOf } from './histogram.ts';
import { histogramsOf, waitingNow } from './latency-store.ts';
import type { ReportRequest } from './report.ts';
import { type ReportRange, rangeOf } from './report-store.ts';

/** The ends of the spans of waiting times, in seconds. */
const bounds = [60, 300, 900, 3_600, 14_400] as const;

const shownSpans = (counts: readonly number[]) =>
  counts.map((n, place) => ({ below_seconds: bounds[place] ?? null, n }));

const shownRange = (range: ReportRange, zone: string) => ({
  from: range.from.toISOString(),
  until: range.until.toISOString(),
  time_zone: zone,
  previous_from: range.previous?.from.toISOString() ?? null,
  previous_until: range.previous?.until.toISOString() ?? null,
});

/** The histograms of the range, and of the period before if it is asked for. */
async function bothOf(db: Queryable, workspaceId: string, request: ReportRequest, stages: readonly string[]) {
  const range = await rangeOf(db, request);
  const { accountIds } = request;
  const of = (period: { from: Date; until: Date }) =>
    histogramsOf(db, workspaceId, { from: period.from, until: period.until, accountIds }, stages);
  const [during, before] = await Promise.all([of(range), range.previous && of(range.previous)]);
  return { range, during, before };
}

/** Reads how long messages took in each stage. */
export async function readLatency(db: Queryable, workspaceId: string, request: ReportRequest): Promise<Latency> {
  const { range, during, before } = await bothOf(db, workspaceId, request, latencyStages);
  const shown = (histograms: Map<string, Bucket[]>) =>
    latencyStages.map(stage => {
      const buckets = histograms.get(stage) ?? [];
      const [p50_ms, p90_ms, p95_ms, p99_ms] = [0.5, 0.9, 0.95, 0.99].map(share => percentile(buckets, share));
      return {
        ...{ stage, n: countOf(buckets), p50_ms: p50_ms ?? null, p90_ms: p90_ms ?? null },
        ...{ p95_ms: p95_ms ?? null, p99_ms: p99_ms ?? null },
      };
    });
  return { ...shownRange(range, request.zone), stages: shown(during), previous: before && shown(before) };
}

const secondsOf = (ms: number | null) => (ms === null ? null : Math.round(ms / 100) / 10);

/** Reads how long people waited for an answer, and how many wait now. */
export async function readResponses(
  db: Queryable,
  workspaceId: string,
  request: ReportRequest,
  now: Date | null,
): Promise<Responses> {
  const [{ range, during, before }, waiting] = await Promise.all([
    bothOf(db, workspaceId, request, ['response', 'response_hours']),
    waitingNow(db, workspaceId, request.accountIds, bounds, now),
  ]);
  const shown = (histograms: Map<string, Bucket[]>, stage: 'response' | 'response_hours') => {
    const buckets = histograms.get(stage) ?? [];
    return {
      n: countOf(buckets),
      p50_seconds: secondsOf(percentile(buckets, 0.5)),
      p90_seconds: secondsOf(percentile(buckets, 0.9)),
      spans: shownSpans(spansOf(buckets, bounds)),
    };
  };
  return {
    ...shownRange(range, request.zone),
    answered: shown(during, 'response'),
    previous: before && shown(before, 'response'),
    answered_in_hours: shown(during, 'response_hours'),
    previous_in_hours: before && shown(before, 'response_hours'),
    waiting: {
      n: waiting.spans.reduce((sum, n) => sum + n, 0),
      oldest_at: waiting.oldest_at?.toISOString() ?? null,
      oldest_account_id: waiting.oldest_account && toId('account', waiting.oldest_account),
      spans: shownSpans(waiting.spans),
    },
  };
}
