// Claiming messages for calls, and recording the outcomes of the calls.
import type { AttemptClass, Status } from '@recado/contract';
import { sweepInChunks } from '../../kit/db/chunks.ts';
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

/** The calls of a runner that are under way by the database. */
export async function sendingTokens(db: Queryable, runner: string): Promise<string[]> {
  const rows = await db.query<{ token: string }>(sql`select token_of(id, fence) as token from open_message
    where state = 'sending' and runner = ${runner}`);
  return rows.map(({ token }) => token);
}

/** Of these calls those whose message is open, and knows of no later one. */
export async function openTokens(db: Queryable, tokens: string[]): Promise<string[]> {
  const rows = await db.query<{ token: string }>(sql`select k.token from unnest(${tokens}::uuid[]) k(token)
    cross join lateral (select true from open_message o
      where o.id = token_of(k.token, 0) and o.fence <= number_of(k.token) limit 1) o`);
  return rows.map(({ token }) => token);
}

/** Gives up the calls of workers that are gone. Returns the accounts whose lanes may have something to do. */
export const recoverLostCalls = (db: Queryable, now: () => Date | null): Promise<string[]> =>
  sweepInChunks(now, () => db.query(sql`select account_id, done from recover_lost_calls(${now()})`));
