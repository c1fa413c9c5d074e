// The tables open_message, lane and attempt: claiming, recording, and what time alone brings about.
import type { AttemptClass, Status } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { Outcome } from '../../ports/channel.ts';
import type { ClaimedMessage } from '../messages/index.ts';

/** An account whose lane asks for messages, and at most how many. */
export interface ClaimRequest {
  accountId: string;
  max: number;
}

export interface ClaimResult {
  messages: ClaimedMessage[];
  /** Milliseconds until the lane is worth another claim, where it is time that it waits for. */
  waitMs: number | undefined;
  /** Whether messages that are ready were left. */
  more: boolean;
  /** How many messages of the account may be in flight at once; undefined for a deleted account. */
  concurrency: number | undefined;
  /** How many were deferred until their conversation may be called, so that others may come now. */
  deferred: number;
}

export interface ClaimSettings {
  /** The routes that it serves. */
  routes: readonly string[];
  /** In whose name. */
  runner: string;
  /** How long the runner may be at one of them. */
  leaseSeconds: number;
  /** From 0 to 1. */
  random: number;
}

/** Claims messages of several accounts for sending, in one COMMIT; a result a request, in order. */
export async function claimMessages(
  db: Queryable,
  requests: ClaimRequest[],
  { routes, runner, leaseSeconds, random }: ClaimSettings,
  now: Date | null,
): Promise<ClaimResult[]> {
  type Row = Omit<ClaimedMessage, 'message_id'> & {
    message_id: string | null;
    more: boolean;
    wait_ms: number | null;
    concurrency: number | null;
    deferred: number;
  };
  const rows = await db.query<Row>(sql`
    select *, ceil(1000 * extract(epoch from wait_until - clock(${now})))::float8 as wait_ms
    from claim_messages(${requests.map(r => r.accountId)}::uuid[], ${requests.map(r => r.max)}::int[], ${routes}::text[],
      ${runner}, ${leaseSeconds} * interval '1 second', ${random}, ${now})`);
  const results = new Map<string, ClaimResult>(
    requests.map(({ accountId }) => [
      accountId,
      { messages: [], waitMs: undefined, more: false, concurrency: undefined, deferred: 0 },
    ]),
  );
  for (const row of rows) {
    const result = results.get(row.account_id);
    if (!result) continue;
    if (isClaimed(row)) result.messages.push(row);
    else if (row.concurrency === null) result.deferred += row.deferred;
    else {
      result.concurrency = row.concurrency;
      result.more = row.more;
      result.waitMs = row.wait_ms === null ? undefined : Math.max(0, row.wait_ms);
    }
  }
  return requests.map(({ accountId }) => results.get(accountId) as ClaimResult);
}

const isClaimed = <Row extends { message_id: string | null }>(row: Row): row is Row & { message_id: string } =>
  row.message_id !== null;

/**
 * What came instead of an outcome of the channel.
 * - released, expired: no call was made
 * - file_pending: no call was made, as the file is not at the channel yet
 * - file_expired: the channel was called and no longer has the file
 */
export type NoCall =
  | { class: 'released' | 'expired' }
  | { class: 'file_pending' | 'file_expired'; code: string; title: string; waitMs?: number };

export interface AttemptResult {
  token: string;
  messageId: string;
  outcome: Outcome | NoCall;
  /** How long to wait before the next attempt, in milliseconds, where there is one. */
  waitMs: number;
  /** When the call ended, in milliseconds of the clock that gives `elapsed`. */
  endedAt: number;
}

export interface Recorded {
  message_id: string;
  account_id: string;
  status: Status;
  /** Whether the account has more that waits for nothing but its turn. */
  more: boolean;
}

/** Records the outcomes of calls in one COMMIT. `elapsed` is the current time on the clock of their ends. */
export async function recordBatch(
  db: Queryable,
  results: AttemptResult[],
  elapsed: number,
  now: Date | null,
): Promise<Recorded[]> {
  const column = <Value>(pick: (result: AttemptResult) => Value) => results.map(pick);
  return db.query<Recorded>(sql`select * from record_outcomes(${now}, ${column(r => r.token)}::uuid[],
    ${column((r): AttemptClass => r.outcome.class)}::text[],
    ${column(({ outcome }) => ('channelMessageId' in outcome ? outcome.channelMessageId : null))}::text[],
    ${column(({ outcome }) => ('code' in outcome ? outcome.code : null))}::text[],
    ${column(({ outcome }) => ('title' in outcome ? outcome.title : null))}::text[],
    ${column(r => Math.round(r.waitMs))}::int[],
    ${column(r => elapsed - r.endedAt)}::float8[])`);
}

/** How many messages of an account something concerned. */
export interface Concerned {
  account_id: string;
  done: number;
}

/**
 * Releases what is being sent in the name of a runner and is not in its hands, by the tokens of all calls that it has begun
 * or is about to begin. Gives the accounts.
 */
export async function reconcile(
  db: Queryable,
  runner: string,
  inHand: string[],
  now: Date | null,
): Promise<Concerned[]> {
  return db.query<Concerned>(sql`select * from reconcile(${now}, ${runner}, ${inHand}::uuid[])`);
}

/** So many messages the statements below take at once. */
const chunkOfMaintenance = 500;
/** So many rows `roll_up_counts` and `roll_up_lists` take at once. */
const chunkOfCounts = 20_000;
/** How long a task runs while work is left, in milliseconds. The next sweep does the rest. */
const maintenanceMs = 1_000;

/**
 * What time alone brings about: calls of workers that are gone are given up, messages expire, scheduled ones are queued,
 * unknown outcomes are resolved, what was never delivered is reported, and the counts are rolled up. Each gives the accounts
 * whose lanes may have something to do.
 */
export function maintenanceOf(db: Queryable, now: () => Date | null): (() => Promise<string[]>)[] {
  const passedMs = () => now()?.getTime() ?? performance.now();
  const inChunks = async (
    chunk: () => Promise<{ account_id?: string; done: number }[]>,
    size = chunkOfMaintenance,
  ): Promise<string[]> => {
    const accounts = new Set<string>();
    const end = passedMs() + maintenanceMs;
    for (;;) {
      const rows = await chunk();
      for (const row of rows) if (row.account_id !== undefined) accounts.add(row.account_id);
      const done = rows.reduce((sum, row) => sum + row.done, 0);
      if (done < size || passedMs() >= end) return [...accounts];
    }
  };
  return [
    () => inChunks(() => db.query(sql`select account_id, done from recover_lost_calls(${now()})`)),
    () => inChunks(() => db.query(sql`select account_id, done from queue_due(${now()})`)),
    () => inChunks(() => db.query(sql`select account_id, done from expire_messages(${now()})`)),
    () => inChunks(() => db.query(sql`select account_id, done from resolve_unknown(${now()})`)),
    () => inChunks(() => db.query(sql`select report_undelivered(${now()}) as done`)),
    () => inChunks(() => db.query(sql`select roll_up_counts(${now()}) as done`), chunkOfCounts),
    () => inChunks(() => db.query(sql`select roll_up_lists() as done`), chunkOfCounts),
  ];
}

/** Reports messages that should have left long ago, though nothing holds them that we know of. */
export async function reportStuck(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`select report_stuck(${now})`);
}

/** Ends the waiting of a message for its file. */
export async function releaseFile(db: Queryable, messageId: string, now: Date | null): Promise<void> {
  await db.query(sql`select release_file(${now}, ${messageId})`);
}

/** Gives receipts of unknown outcomes some more time: after one in which perhaps none could come. */
export async function prolongGracePeriods(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`select prolong_grace_periods(${now})`);
}

/** The accounts with these routes that have a message which may be sent now. */
export async function readyLanes(db: Queryable, routes: readonly string[], now: Date | null): Promise<string[]> {
  const rows = await db.query<{ key: string }>(sql`select ready_lanes(${routes}::text[], ${now}) as key`);
  return rows.map(row => row.key);
}

/** What has deferred messages of an account and may not defer them any more. */
export type Deferral = 'new_conversation_limit' | 'recipient_limit' | 'restricted';

/** So many one transaction makes ready: what is deferred may be very much. */
const releasedAtOnce = 5_000;

/** Makes ready what was deferred for these reasons, a chunk of it; gives whether there may be more. */
export async function releaseDeferred(
  tx: Queryable,
  accountId: string,
  reasons: Deferral[],
  now: Date | null,
): Promise<boolean> {
  const [row] = await tx.query<{ n: number }>(
    sql`select release_deferred(${now}, ${accountId}, ${reasons}::text[], ${releasedAtOnce}) as n`,
  );
  return row?.n === releasedAtOnce;
}

/**
 * Locks the lanes of all accounts of a workspace, before a contact is deleted: what is just being stored or queued for it is
 * there by then and can be cancelled, or finds the contact deleted.
 */
export async function lockLanes(tx: Queryable, workspaceId: string): Promise<void> {
  await tx.query(sql`select 1 from lane where account_id in (select id from account where workspace_id = ${workspaceId})
    order by account_id for update`);
}

/** What a restore does to messages: see mark_restored. */
export async function markRestored(tx: Queryable, resume: boolean): Promise<{ unknown: number; held: number }> {
  const [row] = await tx.query<{ unknown: number; held: number }>(sql`select * from mark_restored(${resume})`);
  return row ?? { unknown: 0, held: 0 };
}
