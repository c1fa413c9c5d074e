// The tables message, attempt, event and idempotency: accepting, claiming and recording, and reading.
import type { AttemptClass, MessageType, Status } from '@recado/contract';
import type { Queryable } from '../../kit/db.ts';
import { countedTo, type PageRequest } from '../../kit/http.ts';
import { newUuid } from '../../kit/ids.ts';
import { all, type Fragment, sql } from '../../kit/sql.ts';
import type { Outcome } from '../../ports/channel.ts';
import type { AttemptRow, EventRow, MessageRow } from './message.ts';
import { presentCounts } from './present-store.ts';

export interface AcceptRequest {
  id: string;
  workspaceId: string;
  accountId: string;
  key: string | undefined;
  hash: Buffer;
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
      ${column(r => r.accountId)}::uuid[], ${column(r => r.key ?? null)}::text[], ${column(r => r.hash)}::bytea[],
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

/**
 * What time alone brings about, a statement each: calls of workers that are gone are given up, messages expire, unknown
 * outcomes are settled, what was never delivered is reported, and the counts are brought up. Each gives the accounts whose
 * lanes have reason to look.
 */
export function upkeepOf(db: Queryable, now: () => Date | null): (() => Promise<string[]>)[] {
  const concerned = async (call: Fragment) =>
    (await db.query<{ account_id: string }>(sql`select account_id from ${call}`)).map(row => row.account_id);
  const quietly = async (call: Fragment) => {
    await db.query(sql`select ${call}`);
    return [];
  };
  return [
    () => concerned(sql`recover_attempts(${now()})`),
    () => concerned(sql`expire_messages(${now()})`),
    () => concerned(sql`settle_unknown(${now()})`),
    () => quietly(sql`report_undelivered(${now()})`),
    () => quietly(sql`fold_counts(${now()})`),
    () => quietly(sql`fold_lists()`),
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
  await db.query(sql`update message set lease_until = '-infinity' where status = 'sending'`);
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

export const columns = sql`m.id, m.seq, m.workspace_id, m.account_id, m.conversation_id, m.contact_id, m.direction, m.address,
  a.phone as account_phone, m.type, m.content, m.context, m.referral, m.status, m.channel_message_id, m.error_code, m.error_title, m.created_by,
  m.created_at, m.sent_at, m.delivered_at, m.read_at, m.failed_at, m.priority, m.expires_at, m.batch_id, m.send_at,
  case when m.direction = 'inbound' and m.type in ('image', 'video', 'audio', 'document', 'sticker') then (
    select jsonb_build_object('id', f.id, 'status', f.status, 'mime_type', coalesce(f.mime_type, f.declared_type),
      'size', coalesce(f.size, f.expected_size), 'file_name', f.file_name, 'error_code', f.error_code, 'error_title', f.error_title)
    from media f where f.message_id = m.id limit 1) end as file,
  case when m.context is not null then coalesce(
    (select k.message_id from attempt k where k.account_id = m.account_id and k.channel_message_id = m.context ->> 'id' limit 1),
    (select o.id from message o where o.account_id = m.account_id and o.channel_message_id = m.context ->> 'id'
      and o.direction = 'inbound' limit 1)) end as context_message_id`;

export async function findMessage(db: Queryable, workspaceId: string, id: string): Promise<MessageRow | undefined> {
  const [row] = await db.query<MessageRow>(sql`select ${columns} from message m join account a on a.id = m.account_id
    where m.workspace_id = ${workspaceId} and m.id = ${id}`);
  return row;
}

export interface MessageFilter {
  accountId?: string | undefined;
  contactId?: string | undefined;
  conversationId?: string | undefined;
  direction?: string | undefined;
  type?: string | undefined;
  statuses?: readonly string[] | undefined;
  batchId?: string | undefined;
  from?: string | undefined;
  until?: string | undefined;
  /** The accounts (UUIDs) that the caller is limited to. The wall shows no others anyway; said here, an index is by them. */
  limitedTo?: readonly string[] | undefined;
}

/**
 * A page of messages, the newest first, in the order in which they were accepted or received; those of a range of time by
 * that time, as any other order would go back through all that is newer than the range. Each way in has an index
 * in its order; where several stretches of one meet (a contact's conversations, several statuses, the accounts of a
 * caller who is limited to some), each gives its newest.
 */
export async function listMessages(
  db: Queryable,
  workspaceId: string,
  filter: MessageFilter,
  page: PageRequest,
): Promise<{ rows: ListedMessage[]; total: number }> {
  const where = all([
    sql`m.workspace_id = ${workspaceId}`,
    filter.accountId !== undefined && sql`m.account_id = ${filter.accountId}`,
    filter.conversationId !== undefined && sql`m.conversation_id = ${filter.conversationId}`,
    filter.direction !== undefined && sql`m.direction = ${filter.direction}`,
    filter.batchId !== undefined && sql`m.batch_id = ${filter.batchId}`,
    filter.type !== undefined && sql`m.type = ${filter.type}`,
    filter.from !== undefined && sql`m.created_at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`m.created_at < ${filter.until}::timestamptz`,
  ]);
  const ways = waysIn(workspaceId, filter);
  const order = isRanged(filter) ? sql`m.created_at desc, m.seq desc` : sql`m.seq desc`;
  const newest = ways.map(
    ({ stretches, within }) => sql`select x.* from ${stretches} cross join lateral (
      select m.* from message m where ${within} and ${where} and ${beyond(filter, page.after)}
      order by ${order} limit ${page.offset + page.limit + 1}) x`,
  );
  const rows = await db.query<ListedMessage>(sql`select ${columns},
      to_char(m.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sorted_by from (
      select m.* from (${unionOf(newest)}) m order by ${order} limit ${page.limit + 1} offset ${page.offset}) m
    join account a on a.id = m.account_id order by ${order}`);
  const kept = keptTotal(workspaceId, filter);
  const counted = ways.map(
    ({ stretches, within }) => sql`select 1 from ${stretches} join message m on ${within} where ${where}`,
  );
  const [count] = await db.query<{ total: number }>(
    kept ?? sql`select count(*) as total from (select * from (${unionOf(counted)}) y limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** A message with its created_at to the microsecond, for the cursor of a range. */
export type ListedMessage = MessageRow & { sorted_by: string };

/** Whether a list is of a range of time, and sorted by it: its cursors say created_at and seq, those of others seq. */
export const isRanged = (filter: Pick<MessageFilter, 'from' | 'until'>): boolean =>
  filter.from !== undefined || filter.until !== undefined;

function beyond(filter: MessageFilter, after: string[] | undefined): Fragment {
  if (!after) return sql`true`;
  return isRanged(filter)
    ? sql`m.created_at <= ${after[0]}::timestamptz and (m.created_at, m.seq) < (${after[0]}::timestamptz, ${after[1]}::bigint)`
    : sql`m.seq < ${after[0]}`;
}

const unionOf = (queries: Fragment[]): Fragment => queries.reduce((left, right) => sql`${left} union all ${right}`);

/** How many messages a filter has, where the kept counts know it. */
function keptTotal(workspaceId: string, filter: MessageFilter): Fragment | undefined {
  const { accountId, direction, type, statuses, limitedTo: _, ...others } = filter;
  if (Object.values(others).some(value => value !== undefined)) return undefined;
  return sql`select coalesce(sum(messages), 0) as total from ${presentCounts(
    all([
      sql`workspace_id = ${workspaceId}`,
      accountId !== undefined && sql`account_id = ${accountId}`,
      direction !== undefined && sql`direction = ${direction}`,
      type !== undefined && sql`type = ${type}`,
      statuses !== undefined && sql`status = any (${[...statuses]})`,
    ]),
  )} c`;
}

/** Stretches of an index, by rows of `stretches`, and which messages are `within` one of them. */
interface WayIn {
  stretches: Fragment;
  within: Fragment;
}

/** So many accounts are named one by one, so that the planner knows how much each has; of more it takes the average. */
const mostNamed = 20;

function waysIn(workspaceId: string, filter: MessageFilter): WayIn[] {
  const statuses = filter.statuses && [...new Set(filter.statuses)];
  const { accountId, contactId, conversationId, batchId, limitedTo } = filter;
  if (contactId !== undefined)
    return [
      {
        stretches: sql`(select id from conversation where contact_id = ${contactId} and workspace_id = ${workspaceId}) s`,
        within: all([sql`m.conversation_id = s.id`, statuses && sql`m.status = any (${statuses})`]),
      },
    ];
  const ofThese =
    limitedTo && [accountId, conversationId, batchId].every(given => given === undefined) ? limitedTo : undefined;
  // One stretch of the index by time, that of the range.
  if (isRanged(filter))
    return [
      {
        stretches: sql`(values (1)) s(one)`,
        within: all([
          ofThese && sql`m.account_id = any (${[...ofThese]}::uuid[])`,
          statuses && sql`m.status collate "C" = any (${statuses})`,
        ]),
      },
    ];
  const stretches = statuses ? sql`unnest(${statuses}::text[]) s(status)` : sql`(values (1)) s(one)`;
  const within = statuses ? sql`m.status collate "C" = s.status` : sql`true`;
  if (!ofThese) return [{ stretches, within }];
  // By the wall alone, the search for theirs would go through everything that is newer and of others.
  if (ofThese.length > 0 && ofThese.length <= mostNamed)
    return ofThese.map(id => ({ stretches, within: sql`${within} and m.account_id = ${id}` }));
  return [
    {
      stretches: sql`unnest(${[...ofThese]}::uuid[]) o(account_id) cross join ${stretches}`,
      within: sql`${within} and m.account_id = o.account_id`,
    },
  ];
}

export async function timelineOf(db: Queryable, id: string): Promise<{ events: EventRow[]; attempts: AttemptRow[] }> {
  const [events, attempts] = await Promise.all([
    db.query<EventRow>(sql`select number, type, at, data from event where message_id = ${id} order by number`),
    db.query<AttemptRow>(sql`select number, status, class, code, title, channel_message_id, started_at, ended_at
      from attempt where message_id = ${id} order by number`),
  ]);
  return { events, attempts };
}

/** How many messages of a direction have one status, or one type, or are of one day or account. */
export interface CountRow {
  grouped_by: 'status' | 'type' | 'day' | 'account';
  key: string;
  direction: 'outbound' | 'inbound';
  messages: number;
  accepted: number;
  failed: number;
}

/**
 * Counts of messages by each of what the statistics show, in UTC days; of what somebody wrote. Whole days are added up from
 * what is kept; only the pieces of days at the ends of the range are counted. Without `until` all there is belongs to the range.
 * The groups are made by the database: years of many accounts would be far too many rows to add up here.
 */
export async function countMessages(
  db: Queryable,
  workspaceId: string,
  range: { from: Date; until: Date | undefined; accountId: string | undefined },
): Promise<CountRow[]> {
  const account = range.accountId === undefined ? sql`` : sql`and account_id = ${range.accountId}`;
  const kept = (first: Date, last: Date | undefined) => {
    const end = last ? sql`and day < (${last}::timestamptz at time zone 'UTC')::date` : sql``;
    const where = sql`where workspace_id = ${workspaceId} and day >= (${first}::timestamptz at time zone 'UTC')::date ${end} ${account}`;
    return [
      sql`select direction, account_id, type, status, day, messages, accepted from message_count ${where}`,
      sql`select direction, account_id, type, status, day, messages, accepted from message_change ${where}`,
    ];
  };
  const counted = (from: Date, until: Date) => sql`
    select direction, account_id, type, status, (created_at at time zone 'UTC')::date, 1, (sent_at is not null)::int from message
    where workspace_id = ${workspaceId} and created_at >= ${from} and created_at < ${until} ${account}`;
  const first = new Date(Math.ceil(range.from.getTime() / dayMs) * dayMs);
  const last = range.until && new Date(Math.floor(range.until.getTime() / dayMs) * dayMs);
  const pieces =
    range.until && last && last <= first
      ? [counted(range.from, range.until)]
      : [
          ...kept(first, last),
          ...(range.from < first ? [counted(range.from, first)] : []),
          ...(range.until && last && last < range.until ? [counted(last, range.until)] : []),
        ];
  const all = pieces.slice(1).reduce((left, right) => sql`${left} union all ${right}`, pieces[0] ?? sql``);
  return db.query<CountRow>(sql`
    select case when grouping(status) = 0 then 'status' when grouping(type) = 0 then 'type' when grouping(day) = 0 then 'day'
        else 'account' end as grouped_by,
      coalesce(status, type, day::text, account_id::text) as key, direction, sum(messages)::bigint as messages,
      sum(accepted)::bigint as accepted, coalesce(sum(messages) filter (where status = 'failed'), 0)::bigint as failed
    from (${all}) x(direction, account_id, type, status, day, messages, accepted)
    where type <> 'system'
    group by grouping sets ((direction, status), (direction, type), (direction, day), (direction, account_id))
    having sum(messages) <> 0`);
}

const dayMs = 86_400_000;
