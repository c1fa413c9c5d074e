// The deliveries and their attempts: what readers see of them, and what the lane claims and records.
import type { DeliveryError, DeliveryStatus } from '@recado/contract';
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import type { AttemptRow, DeliveryRow } from './endpoint.ts';

const columns = sql`d.seq, d.endpoint_id, d.event_id, d.event_type, d.event_at, d.account_id, d.replay_id, d.status, d.attempts,
  d.http_status, d.error, d.due_at, d.created_at, d.ended_at`;

/** What a caller who is limited to accounts sees: the endpoint may have had other accounts before. */
const seenWithin = (accounts: readonly string[] | undefined) =>
  accounts !== undefined && sql`(d.account_id = any (${[...accounts]}::uuid[]) or d.event_type = 'endpoint.test')`;

export interface DeliveryFilter {
  /** What the caller is limited to (UUIDs). */
  accounts: readonly string[] | undefined;
  status?: DeliveryStatus | undefined;
  eventType?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** A page of the deliveries of an endpoint, newest first. */
export async function listDeliveries(
  db: Queryable,
  endpointId: string,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<{ rows: DeliveryRow[]; total: number }> {
  const where = all([
    sql`d.endpoint_id = ${endpointId}`,
    seenWithin(filter.accounts),
    filter.status !== undefined && sql`d.status = ${filter.status}`,
    filter.eventType !== undefined && sql`d.event_type = ${filter.eventType}`,
    filter.since !== undefined && sql`d.created_at >= ${filter.since}`,
    filter.until !== undefined && sql`d.created_at < ${filter.until}`,
  ]);
  const after = page.after ? sql`and d.seq < ${page.after[0]}::bigint` : sql``;
  const rows = await db.query<DeliveryRow>(sql`select ${columns} from delivery d where ${where} ${after}
    order by d.seq desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from delivery d where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

type DeliveryCounts = Record<'waiting' | 'retrying' | 'failed', number | null>;

/** Counts the deliveries of an endpoint; null above the highest count. */
export async function countDeliveries(
  db: Queryable,
  endpointId: string,
  accounts: readonly string[] | undefined,
): Promise<DeliveryCounts> {
  const count = (...conditions: Fragment[]) => {
    const where = all([sql`d.endpoint_id = ${endpointId}`, ...conditions, seenWithin(accounts)]);
    return sql`(select nullif(count(*), ${countedTo + 1}) from (select 1 from delivery d where ${where}
      limit ${countedTo + 1}) x)`;
  };
  const [row] = await db.query<DeliveryCounts>(sql`select ${count(sql`d.status = 'waiting'`)} as waiting,
    ${count(sql`d.head`, sql`d.round > 0`)} as retrying, ${count(sql`d.status = 'failed'`)} as failed`);
  return row ?? { waiting: 0, retrying: 0, failed: 0 };
}

export async function findDelivery(
  db: Queryable,
  endpointId: string,
  seq: number,
  accounts: readonly string[] | undefined,
): Promise<DeliveryRow | undefined> {
  const where = all([sql`d.seq = ${seq}`, sql`d.endpoint_id = ${endpointId}`, seenWithin(accounts)]);
  const [row] = await db.query<DeliveryRow>(sql`select ${columns} from delivery d where ${where}`);
  return row;
}

/** The newest attempts of a delivery, oldest first. */
export async function attemptsOf(
  db: Queryable,
  { endpoint_id, seq }: Pick<DeliveryRow, 'endpoint_id' | 'seq'>,
): Promise<AttemptRow[]> {
  const rows =
    await db.query<AttemptRow>(sql`select number, started_at, duration_ms, http_status, error, excerpt, next_at
    from delivery_attempt where endpoint_id = ${endpoint_id} and delivery_seq = ${seq}
    union all
    select attempts, started_at, duration_ms, http_status, null, excerpt, null
    from ended_delivery where endpoint_id = ${endpoint_id} and seq = ${seq} and status = 'succeeded'
    order by number desc limit 100`);
  return rows.reverse();
}

export interface ClaimedDelivery {
  seq: number;
  order_key: string;
  event_id: number;
  attempts: number;
  /** The attempts since it was queued, or queued again by hand. */
  round: number;
}

export interface DeliveryClaim {
  deliveries: ClaimedDelivery[];
  waitMs: number | undefined;
  more: boolean;
  /** False while another process posts to the endpoint. */
  mine: boolean;
  /** How many transactions have erased something in the workspace. */
  erasures: number;
}

/** Claims due deliveries of an endpoint. See claim_deliveries. */
export async function claimDeliveries(
  db: Queryable,
  claim: { endpointId: string; runner: string; busy: string[]; max: number; chain: number; leaseSeconds: number },
  now: Date | null,
): Promise<DeliveryClaim> {
  const rows = await db.query<
    ClaimedDelivery & { more: boolean; mine: boolean; erasures: number; wait_ms: number | null }
  >(sql`
    select *, ceil(1000 * extract(epoch from wait_until - clock(${now})))::float8 as wait_ms
    from claim_deliveries(${now}, ${claim.endpointId}, ${claim.runner}, ${claim.busy}::uuid[], ${claim.max}, ${claim.chain},
      ${claim.leaseSeconds} * interval '1 second')`);
  const last = rows.at(-1);
  return {
    deliveries: rows.filter(row => row.seq !== null),
    waitMs: typeof last?.wait_ms === 'number' ? Math.max(0, last.wait_ms) : undefined,
    more: last?.more ?? false,
    mine: last?.mine ?? true,
    erasures: last?.erasures ?? 0,
  };
}

/** An attempt that has ended. */
export interface Outcome {
  seq: number;
  attempt: number;
  startedAt: Date;
  durationMs: number;
  httpStatus: number | null;
  /** Null for a success. */
  error: DeliveryError | null;
  excerpt: string | null;
  /** Milliseconds until the next attempt; null if there is none. */
  waitMs: number | null;
  /** For how long the endpoint asked for no request. */
  holdMs: number | null;
}

/** Records attempts in the order in which they ended. Returns what became of the endpoint. */
export async function recordDeliveries(
  db: Queryable,
  endpointId: string,
  outcomes: Outcome[],
  now: Date | null,
): Promise<{ disabled: string | null; recovered: boolean }> {
  const column = <Value>(pick: (outcome: Outcome) => Value) => outcomes.map(pick);
  const holds = outcomes.flatMap(({ holdMs }) => holdMs ?? []);
  const [row] = await db.query<{ disabled: string | null; recovered: boolean }>(sql`
    select * from record_deliveries(${now}, ${endpointId}, ${column(o => o.seq)}::bigint[], ${column(o => o.attempt)}::int[],
      ${column(o => o.startedAt)}::timestamptz[], ${column(o => o.durationMs)}::int[], ${column(o => o.httpStatus)}::int[],
      ${column(o => o.error)}::text[], ${column(o => o.excerpt)}::text[], ${column(o => o.waitMs)}::bigint[],
      ${holds.length > 0 ? Math.max(...holds) : null}::bigint)`);
  return row ?? { disabled: null, recovered: false };
}

/** For the sweeper: endpoints with due deliveries that nobody posts. */
export async function dueEndpoints(db: Queryable, now: Date | null): Promise<string[]> {
  const rows = await call(db, 'due_endpoints', { p_now: now });
  return rows.flatMap(({ endpoint_id: id }) => id ?? []);
}

/** Queues deliveries of an endpoint again, due now. Returns how many there were. */
export async function requeueDeliveries(
  tx: Queryable,
  endpointId: string,
  seqs: number[],
  now: Date | null,
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    sql`select requeue_deliveries(${now}, ${endpointId}, ${seqs}::bigint[]) as n`,
  );
  return row?.n ?? 0;
}

/** Deliveries and attempts are kept for so many days. */
const keptDays = 30;
const deletedAtOnce = 5_000;

/** Deletes some old deliveries, and some of deleted endpoints. Returns whether there may be more. */
export async function deleteExpiredDeliveries(db: Queryable, now: Date): Promise<boolean> {
  const before = new Date(now.getTime() - keptDays * 86_400_000);
  const [row] = await db.query<{ more: boolean }>(
    sql`select expire_deliveries(${before}, ${deletedAtOnce}) or clear_deleted_endpoints(${deletedAtOnce}) as more`,
  );
  return row?.more ?? false;
}
