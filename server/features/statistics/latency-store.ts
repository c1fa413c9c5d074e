// How long messages and answers took: kept histograms, and conversations that wait.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { CountRange } from './counts-store.ts';
import type { Bucket } from './histogram.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** The histogram of each stage with any. The range is widened to whole hours of UTC; the days within it are kept as such. */
export async function histogramsOf(
  db: Queryable,
  workspaceId: string,
  range: CountRange & { until: Date },
  stages: readonly string[],
): Promise<Map<string, Bucket[]>> {
  const { accountIds } = range;
  const from = Math.floor(range.from.getTime() / hourMs) * hourMs;
  const until = range.until.getTime();
  const [firstDay, lastDay] = [Math.ceil(from / dayMs) * dayMs, Math.floor(until / dayMs) * dayMs];
  const mine = sql`workspace_id = ${workspaceId} and stage = any (${stages}::text[])
    ${accountIds === undefined ? sql`` : sql`and account_id = any (${accountIds}::uuid[])`}`;
  const kept = (span: 'hour' | 'day', begin: number, end: number) => sql`
    select stage, bucket, n from latency_count
    where ${mine} and span = ${span} and at >= ${new Date(begin)} and at < ${new Date(end)}`;
  const pieces =
    firstDay < lastDay
      ? sql`${kept('hour', from, firstDay)} union all ${kept('day', firstDay, lastDay)} union all ${kept('hour', lastDay, until)}`
      : kept('hour', from, until);
  const rows = await db.query<Bucket & { stage: string }>(sql`
    select stage, bucket, sum(n)::int as n from (
      ${pieces}
      union all
      select stage, bucket, n from latency_delta where ${mine} and hour >= ${new Date(from)} and hour < ${range.until}) x
    group by 1, 2 having sum(n) > 0 order by 1, 2`);
  const histograms = new Map<string, Bucket[]>();
  for (const { stage, ...bucket } of rows) histograms.set(stage, [...(histograms.get(stage) ?? []), bucket]);
  return histograms;
}

interface Waiting {
  oldest_at: Date | null;
  oldest_account: string | null;
  /** How many wait for less than each of the spans, and then all others. */
  spans: number[];
}

/** The open conversations that wait for an answer at the moment, by how long they have. */
export async function waitingNow(
  db: Queryable,
  workspaceId: string,
  accountIds: string[] | undefined,
  spans: readonly number[],
  now: Date | null,
): Promise<Waiting> {
  const where = sql`workspace_id = ${workspaceId} and state = 'open' and waiting_since is not null
    ${accountIds === undefined ? sql`` : sql`and account_id = any (${accountIds}::uuid[])`}`;
  const [row] = await db.query<Waiting>(sql`
    with w as (select width_bucket(extract(epoch from t - waiting_since)::float, ${[...spans]}::float[]) as span, count(*)::int as n
      from clock(${now}) t, conversation where ${where} group by 1)
    select o.waiting_since as oldest_at, o.account_id as oldest_account,
      array(select coalesce(w.n, 0) from generate_series(0, cardinality(${[...spans]}::float[])) s left join w on w.span = s
        order by s) as spans
    from (select 1) one
    left join lateral (select waiting_since, account_id from conversation where ${where}
      order by waiting_since limit 1) o on true`);
  return row as Waiting;
}
