// The tables message, attempt, event and idempotency: accepting, claiming and recording.
import type { AttemptClass, MessageType, Status } from '@recado/contract';
import type { Queryable } from '../../kit/db.ts';
import { newUuid } from '../../kit/ids.ts';
import { sql } from '../../kit/sql.ts';
import type { Outcome } from '../../ports/channel.ts';

export interface AcceptRequest {
  id: string;
  workspaceId: string;
  accountId: string;
  key: string | undefined;
  /** What tells the same request from another one with this key; undefined without a key. */
  hash: Buffer | undefined;
  address: string;
  priority: number;
  type: MessageType;
  content: Record<string, unknown>;
  createdBy: string;
  sendAt: string | undefined;
  expiresAt: string | undefined;
  validForS: number | undefined;
  onUnknown: string | undefined;
  batchId: string | undefined;
  /** The UUID of the file of ours that it carries. */
  mediaId: string | undefined;
}

export type Acceptance = {
  message_id: string;
  contact_id: string;
  conversation_id: string;
  account_phone: string;
  created_at: Date;
  send_at: Date | null;
  expires_at: Date | null;
  /** Why the account is not connected, where that is known and the reason of the refusal. */
  status_reason: string | null;
  /** When the account may send again, where the day is the reason of the refusal. */
  midnight: Date | null;
  /** Milliseconds until then. */
  midnight_in_ms: number | null;
  outcome:
    | 'accepted'
    | 'replayed'
    | 'mismatch'
    | 'account_not_found'
    | 'account_not_connected'
    | 'daily_limit_reached'
    | 'queue_full'
    | 'expired'
    | 'file_gone';
};

/**
 * Stores a batch of messages in one call and one COMMIT; a result a request, in order. Where a lock is not to be had within
 * `lockMs`, it fails and stores nothing; 0 to wait for it.
 */
export async function acceptBatch(
  db: Queryable,
  requests: AcceptRequest[],
  again: boolean,
  now: Date | null,
  lockMs = 0,
): Promise<Acceptance[]> {
  const column = <Value>(pick: (request: AcceptRequest) => Value) => requests.map(pick);
  return db.query<Acceptance>(sql`
    select * from accept_messages(${again}, ${now}, ${column(r => r.workspaceId)}::uuid[],
      ${column(r => r.accountId)}::uuid[], ${column(r => r.key ?? null)}::text[], ${column(r => r.hash ?? null)}::bytea[],
      ${column(r => r.address)}::text[], ${column(r => r.priority)}::smallint[], ${column(r => r.type)}::text[],
      ${column(r => JSON.stringify(r.content))}::jsonb[], ${column(r => r.id)}::uuid[], ${column(() => newUuid())}::uuid[],
      ${column(() => newUuid())}::uuid[], ${column(r => r.createdBy)}::uuid[], ${column(r => r.sendAt ?? null)}::timestamptz[],
      ${column(r => r.expiresAt ?? null)}::timestamptz[], ${column(r => r.validForS ?? null)}::int[],
      ${column(r => r.onUnknown ?? null)}::text[], ${column(r => r.batchId ?? null)}::uuid[],
      ${column(r => r.mediaId ?? null)}::uuid[], ${lockMs})`);
}

export interface ClaimedMessage {
  message_id: string;
  token: string;
  phone_number_id: string;
  channel: string;
  address: string;
  type: string;
  content: Record<string, unknown>;
  /** Calls before this one that provably never reached the channel. */
  tries: number;
  /** The number of this attempt, from 1. */
  number: number;
  retry_attempts: number;
  retry_delay_ms: number;
  /** Milliseconds until the message expires, where it does. */
  expires_in_ms: number | null;
  /** Milliseconds since the answer of the claim before which the call must not begin; null or 0 for at once. */
  starts_in_ms: number | null;
}

export interface ClaimResult {
  messages: ClaimedMessage[];
  /** Milliseconds since this answer until the lane is worth another look, where it is time that it waits for. */
  waitMs: number | undefined;
  more: boolean;
  /** How many messages of the account may be at work at once. */
  places: number | undefined;
  /** How many candidates were put off, so that others may come now. */
  putOff: number;
}

/**
 * Claims messages of an account for sending, at most one for each of these new tokens, which their attempts have.
 * `leaseSeconds` is how long this worker may be at one of them, `aheadMs` how
 * long before their turn by the rate they may be claimed. Where a lock is not to be had within `lockMs`, it fails and claims
 * nothing; 0 to wait for it.
 */
export async function claimMessages(
  db: Queryable,
  accountId: string,
  tokens: string[],
  channels: string[],
  runner: string,
  leaseSeconds: number,
  aheadMs: number,
  random: number,
  now: Date | null,
  lockMs = 0,
): Promise<ClaimResult> {
  type Row = ClaimedMessage & { wait_ms: number | null; more: boolean; places: number | null; put_off: number | null };
  const rows = await db.query<Row>(sql`
    select *, ceil(1000 * extract(epoch from wait_until - present(${now})))::float8 as wait_ms from claim_messages(${accountId}, ${tokens}::uuid[], ${channels}, ${runner}, ${leaseSeconds} * interval '1 second',
      ${aheadMs} * interval '1 millisecond', ${random}, ${now}, ${lockMs})`);
  const last = rows.at(-1);
  return {
    messages: rows.filter(row => row.message_id !== null),
    waitMs: typeof last?.wait_ms === 'number' ? Math.max(0, last.wait_ms) : undefined,
    more: last?.more ?? false,
    places: last?.places ?? undefined,
    putOff: rows.reduce((sum, row) => sum + (row.put_off ?? 0), 0),
  };
}

/**
 * What came instead of a call.
 * - handed_back, expired
 * - media: the file is not at the channel yet; no call was made
 * - media_unknown: the channel was called, and has the file no more
 */
export type NoCall =
  | { class: 'handed_back' | 'expired' }
  | { class: 'media' | 'media_unknown'; code: string; title: string; waitMs?: number };

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
  due_at: Date;
}

/**
 * Records what came of calls, in one call and one COMMIT. `elapsed` is the present on the clock of their ends. Where a lock
 * is not to be had within `lockMs`, it fails and records nothing; 0 to wait for it.
 */
export async function recordBatch(
  db: Queryable,
  results: AttemptResult[],
  elapsed: number,
  now: Date | null,
  lockMs = 0,
): Promise<Recorded[]> {
  const column = <Value>(pick: (result: AttemptResult) => Value) => results.map(pick);
  return db.query<Recorded>(sql`select * from record_attempts(${now}, ${column(r => r.token)}::uuid[],
    ${column((r): AttemptClass => r.outcome.class)}::text[],
    ${column(({ outcome }) => ('channelMessageId' in outcome ? outcome.channelMessageId : null))}::text[],
    ${column(({ outcome }) => ('code' in outcome ? outcome.code : null))}::text[],
    ${column(({ outcome }) => ('title' in outcome ? outcome.title : null))}::text[],
    ${column(r => Math.round(r.waitMs))}::int[],
    ${column(r => elapsed - r.endedAt)}::float8[], ${lockMs})`);
}

/** So many messages the statements below take at once. */
const pieceOfUpkeep = 500;
/** So many rows `fold_counts` and `fold_lists` take at once. */
const pieceOfFolding = 20_000;
/** A step goes on for so many milliseconds while there is more: what it leaves waits for the next sweep. */
const upkeepMs = 1_000;
/** For so many milliseconds a step waits for what somebody has locked, so that the steps and chores behind it have their turn. */
const upkeepLockMs = 500;

/**
 * What time alone brings about: calls of workers that are gone are given up, messages expire, unknown outcomes are settled,
 * what was never delivered is reported, and the counts are brought up. Each gives the accounts whose lanes have reason to
 * look.
 */
export function upkeepOf(db: Queryable, now: () => Date | null): (() => Promise<string[]>)[] {
  const passedMs = () => now()?.getTime() ?? performance.now();
  // The database waits by its own clock, whatever time it is told.
  const lockMs = () => (now() ? 0 : upkeepLockMs);
  const inPieces = async (piece: () => Promise<{ account_id?: string; done: number }[]>, size = pieceOfUpkeep) => {
    const accounts = new Set<string>();
    const end = passedMs() + upkeepMs;
    for (;;) {
      const rows = await piece();
      for (const row of rows) if (row.account_id !== undefined) accounts.add(row.account_id);
      const done = rows.reduce((sum, row) => sum + row.done, 0);
      if (done < size || passedMs() >= end) return [...accounts];
    }
  };
  return [
    () => inPieces(() => db.query(sql`select account_id, done from recover_attempts(${now()}, ${lockMs()})`)),
    () => inPieces(() => db.query(sql`select account_id, done from expire_messages(${now()}, ${lockMs()})`)),
    () => inPieces(() => db.query(sql`select account_id, done from settle_unknown(${now()}, ${lockMs()})`)),
    () => inPieces(() => db.query(sql`select report_undelivered(${now()}) as done`)),
    () => inPieces(() => db.query(sql`select fold_counts(${now()}) as done`), pieceOfFolding),
    () => inPieces(() => db.query(sql`select fold_lists() as done`), pieceOfFolding),
  ];
}

/** Reports messages that should have left long ago, though nothing keeps them back that we know of. */
export async function reportStuck(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`select report_stuck(${now})`);
}

/**
 * Queues again what a claim took whose answer was not heard, so that none of its calls began. Gives how many calls of
 * it were open: none where nothing of it is committed, or nothing yet. Where the claim holds its lane for longer than
 * `lockMs`, it fails; 0 to wait for it.
 */
export async function giveBackClaim(
  db: Queryable,
  accountId: string,
  tokens: string[],
  now: Date | null,
  lockMs = 0,
): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    sql`select give_back_claim(${accountId}, ${tokens}::uuid[], ${now}, ${lockMs}) as n`,
  );
  return row?.n ?? 0;
}

/**
 * Queues again what a process that is gone had claimed and never called: of its attempts, all but those that it had
 * begun. Gives how many.
 */
export async function handBackNeverBegun(
  db: Queryable,
  runner: string,
  begun: string[],
  now: Date | null,
): Promise<number> {
  const rows = await db.query<{ token: string; message_id: string }>(sql`
    select token, message_id from attempt
    where status = 'sending' and runner = ${runner} and token::text <> all (${begun})
      and message_id in (select id from message where status = 'sending')`);
  if (rows.length === 0) return 0;
  const results = rows.map(row => ({
    token: row.token,
    messageId: row.message_id,
    outcome: { class: 'handed_back' as const },
    waitMs: 0,
    endedAt: 0,
  }));
  await recordBatch(db, results, 0, now);
  return rows.length;
}

/** Ends the waiting of a message for its file, and that of what is behind it. */
export async function releaseWaiting(db: Queryable, messageId: string, now: Date | null): Promise<void> {
  await db.query(sql`
    with released as (
      update message set due_at = present(${now}), wait_reason = null
      where id = ${messageId} and status = 'queued' and wait_reason = 'media' and due_at > present(${now})
      returning conversation_id)
    select free_followers(array[conversation_id], present(${now})) from released`);
}

/** Whether a request with this key was accepted in the last 24 hours, so that a repeat of it has its answer. */
export async function wasAccepted(db: Queryable, workspaceId: string, key: string, now: Date | null): Promise<boolean> {
  const rows = await db.query(sql`select 1 from idempotency
    where workspace_id = ${workspaceId} and operation = 'messages.create' and key = ${key}
      and created_at >= present(${now}) - interval '24 hours'`);
  return rows.length > 0;
}

/** Ends the leases of all calls: only for who knows that no other worker lives. */
export async function endLeases(db: Queryable): Promise<void> {
  await db.query(sql`update message set lease_until = '-infinity' where lease_until is not null`);
}

/** Gives receipts of unknown outcomes some more time: after one in which perhaps none could come. */
export async function prolongWindows(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`select prolong_windows(${now})`);
}

/** The accounts of these channels that have a due message, and neither a hold nor a worker at it. */
export async function dueAccounts(db: Queryable, channels: string[], now: Date | null): Promise<string[]> {
  const rows = await db.query<{ key: string }>(sql`
    select l.key from present(${now}) t, lane l join account a on a.id = l.key
    left join lateral (select 1 as there from message m where m.account_id = l.key and m.status = 'queued' and m.wait_reason is null and m.priority = 0 and m.due_at <= t limit 1) high on true
    left join lateral (select 1 as there from message m where m.account_id = l.key and m.status = 'queued' and m.wait_reason is null and m.due_at <= t limit 1) any_due on true
    left join lateral (select 1 as there from message m where m.account_id = l.key and m.status = 'queued' and m.wait_reason is not null and m.due_at <= t order by m.due_at limit 1) put_off on true
    left join lateral (select 1 as there from message m where m.account_id = l.key and m.status = 'scheduled' and m.due_at <= t limit 1) later on true
    where l.kind = 'send' and a.deleted_at is null and a.channel = any (${channels}) and l.held_until <= t and l.lease_until <= t
      and (high.there is not null or later.there is not null or put_off.there is not null or (any_due.there is not null and quiet_end(a, t) is null))`);
  return rows.map(row => row.key);
}
