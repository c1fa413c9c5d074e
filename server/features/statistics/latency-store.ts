// How long messages and answers took: kept histograms, and conversations that wait.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { CountRange } from './counts-store.ts';
import type { Bucket } from './histogram.ts';

/** The histogram of each stage with any. The range is widened to whole hours of UTC. */
export async function histogramsOf(
  db: Queryable,
  workspaceId: string,
  range: CountRange & { until: Date },
  stages: readonly string[],
): Promise<Map<string, Bucket[]>> {
  const { from, until, accountIds } = range;
  const where = sql`workspace_id = ${workspaceId} and stage = any (${stages}::text[]) and hour >= counted_hour(${from})
    and hour < ${until} ${accountIds === undefined ? sql`` : sql`and account_id = any (${accountIds}::uuid[])`}`;
  const rows = await db.query<Bucket & { stage: string }>(sql`
    select stage, bucket, sum(n)::int as n from (
      select stage, bucket, n from latency_count where ${where}
      union all
      select stage, bucket, n from latency_delta where ${where}) x
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
