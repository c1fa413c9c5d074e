// The unknown outcomes that a channel's history is asked about: which are due, what their ids are, what was found.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { toId } from '../../kit/ids.ts';
import type { Finding, KnownId } from './history.ts';

export interface UncertainCall {
  message_id: string;
  token: string;
  address: string;
  started_at: Date;
  ended_at: Date;
  channel: string;
  phone_number_id: string;
  /** Of the claim: whoever lost its lease has another one. */
  fence: number;
}

/**
 * Claims the calls of an account that its channel's history is to be asked about now. How long to wait is by the clock
 * of the database, as the claim was.
 */
export async function claimHistory(
  db: Queryable,
  claim: { accountId: string; max: number; channels: string[]; leaseSeconds: number },
  now: Date | null,
): Promise<{ calls: UncertainCall[]; waitMs: number | undefined }> {
  const rows = await db.query<UncertainCall & { wait_ms: number | null }>(sql`
    select *, ceil(1000 * extract(epoch from wait_until - present(${now})))::float8 as wait_ms from claim_history(${claim.accountId}, ${claim.max}, ${claim.channels},
      ${claim.leaseSeconds} * interval '1 second', ${now})`);
  const wait = rows.at(-1)?.wait_ms;
  return {
    calls: rows.filter(row => row.message_id !== null),
    waitMs: typeof wait === 'number' ? Math.max(0, wait) : undefined,
  };
}

/** Of these ids of a channel those that an account knows: of its calls, and of what people wrote to it. */
export async function knownIds(db: Queryable, accountId: string, ids: string[]): Promise<Map<string, KnownId>> {
  const rows = await db.query<{ id: string; message_id: string; started_at: Date | null }>(sql`
    select channel_message_id as id, message_id, started_at from attempt
      where account_id = ${accountId} and channel_message_id = any (${ids})
    union all
    select channel_message_id, id, null from message
      where account_id = ${accountId} and direction = 'inbound' and channel_message_id = any (${ids})`);
  return new Map(rows.map(row => [row.id, { messageId: row.message_id, startedAt: row.started_at }]));
}

/** As it stands in the timeline. */
const dataOf = (finding: Finding) =>
  finding.result === 'not_listed'
    ? { result: finding.result, later: { message_id: toId('message', finding.later.messageId), at: finding.later.at } }
    : finding;

/**
 * Writes what was found of calls; `waitMs` where the channel did not answer. Gives how many timelines tell of it;
 * undefined where the lease was lost and nothing is written.
 */
export async function recordHistory(
  db: Queryable,
  accountId: string,
  found: { call: UncertainCall; finding: Finding; fits: boolean | null }[],
  waitMs: number | undefined,
  now: Date | null,
): Promise<number | undefined> {
  const fence = found[0]?.call.fence ?? 0;
  const [row] = await db.query<{ written: number | null }>(sql`
    select record_history(${now}, ${accountId}, ${fence}, ${found.map(({ call }) => call.token)}::uuid[],
      ${found.map(({ finding }) => JSON.stringify(dataOf(finding)))}::jsonb[],
      ${found.map(({ fits }) => fits)}::boolean[], ${waitMs ?? null}) as written`);
  return row?.written ?? undefined;
}

/** Gives claimed calls back as if they had not been claimed. */
export async function handBackHistory(db: Queryable, accountId: string, fence: number): Promise<void> {
  await db.query(sql`update lane set lease_until = '-infinity'
    where kind = 'history' and key = ${accountId} and fence = ${fence}`);
}

/** The accounts of these channels that have a call to ask about, while nobody is at it. */
export async function dueHistoryLanes(db: Queryable, channels: string[], now: Date | null): Promise<string[]> {
  const rows = await db.query<{ key: string }>(sql`
    select l.key from present(${now}) t, lane l join account a on a.id = l.key
    where l.kind = 'history' and a.deleted_at is null and a.channel = any (${channels})
      and l.held_until <= t and l.lease_until <= t and exists (
        select 1 from message m where m.account_id = l.key and m.status = 'unknown' and m.check_at <= t)`);
  return rows.map(row => row.key);
}
