// What operators and callers do to messages that wait or have failed: cancel, send again.
import type { Status } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, join, sql } from '../../kit/db/sql.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { lockForMessages } from '../media/index.ts';

export interface WaitingFilter {
  accountId?: string | undefined;
  contactId?: string | undefined;
  conversationId?: string | undefined;
  batchId?: string | undefined;
  messageId?: string | undefined;
  priority?: number | undefined;
  from?: string | undefined;
  until?: string | undefined;
  errorCode?: string | undefined;
  /** Of templates. */
  category?: string | undefined;
}

const matching = (filter: WaitingFilter): Fragment =>
  all([
    filter.accountId !== undefined && sql`m.account_id = ${filter.accountId}`,
    filter.contactId !== undefined &&
      sql`m.conversation_id = any (array(select id from conversation where contact_id = ${filter.contactId}))`,
    filter.conversationId !== undefined && sql`m.conversation_id = ${filter.conversationId}`,
    filter.batchId !== undefined && sql`m.batch_id = ${filter.batchId}`,
    filter.messageId !== undefined && sql`m.id = ${filter.messageId}`,
    filter.priority !== undefined && sql`m.priority = ${filter.priority}`,
    filter.errorCode !== undefined && sql`m.error_code = ${filter.errorCode}`,
    filter.category !== undefined && sql`m.category = ${filter.category}`,
    filter.from !== undefined && sql`m.created_at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`m.created_at < ${filter.until}::timestamptz`,
  ]);

const carriesFile = sql`m.type in ('image', 'video', 'audio', 'document', 'sticker', 'interactive', 'template')
  and carried_file(m.content) is not null`;

/** Whether a message may not go to its person now: what `m` is, of the account `a`. */
const isOptedOut = sql`is_opted_out(m.contact_id, m.category)`;
const isOutsideWindow = (now: Date) => sql`(coalesce(m.on_window_closed, a.on_window_closed) = 'reject'
  and (select greatest(v.last_received_at, v.last_called_at) >= ${now}::timestamptz - interval '24 hours'
    from conversation v where v.id = m.conversation_id) is not true)`;

interface Files {
  /** Which messages need no file, or have theirs. */
  kept: Fragment;
  /** Which have a file that was not looked for. */
  unseen: Fragment;
}

/**
 * Keeps the files of failed messages of an account that are meant for what is queued again, the oldest first, until there
 * are so many messages with theirs. Locks files first, as accept_messages does: a transaction that holds a file lock
 * waits for no lock of ours.
 */
async function keepFiles(
  tx: Queryable,
  workspaceId: string,
  meant: Fragment,
  now: Date | null,
  max: number,
): Promise<Files> {
  const kept = new Set<string>();
  let messages = 0;
  let after = 0;
  let isMore = true;
  while (isMore && messages < max) {
    const page = await tx.query<{ id: string; seq: number }>(sql`select carried_file(m.content) as id, m.seq
      from message m join contact c on c.id = m.contact_id and c.deleted_at is null
      where m.workspace_id = ${workspaceId} and m.status = 'failed' and m.direction = 'outbound' and ${carriesFile}
        and (m.expires_at is null or m.expires_at > clock(${now})) and ${meant} and m.seq > ${after} order by m.seq limit ${max}`);
    const uuids = [...new Set(page.map(({ id }) => toUuid(id)))];
    for (const uuid of await lockForMessages(tx, workspaceId, uuids)) kept.add(toId('media', uuid));
    messages += page.filter(({ id }) => kept.has(id)).length;
    after = page.at(-1)?.seq ?? after;
    isMore = page.length === max;
  }
  return {
    kept: sql`(not (${carriesFile}) or carried_file(m.content) = any (${[...kept]}::text[]))`,
    unseen: isMore ? sql`(${carriesFile} and m.seq > ${after})` : sql`false`,
  };
}

/** How many messages were moved, and the accounts whose lanes have reason to look. */
export interface Moved {
  messages: number;
  accounts: string[];
}

/** How many messages a statement cancels where there may be very many: far fewer than it has the time for. */
export const cancelledAtOnce = 10_000;

/** Why messages are cancelled, and by whom (an API id), for the timeline. */
export interface CancelReason {
  reason: string;
  by?: string | undefined;
}

/** Heads, the messages behind them, and scheduled messages have an index each. No reader needs other messages. */
const waitingIn = [
  { is: sql`o.head and o.state = 'queued'`, order: sql`o.priority, o.ready_at, o.seq` },
  { is: sql`not o.head and o.state = 'queued'`, order: sql`o.seq` },
  { is: sql`o.state = 'scheduled'`, order: sql`o.ready_at` },
];

/** What of an account waits in one of these ways and fits a filter, at most `max`, by its order: no plan takes another index. */
const someWaiting = (filter: WaitingFilter, { is, order }: (typeof waitingIn)[number], max: number): Fragment => sql`(
  select o.id from open_message o join message m on m.id = o.id
  where o.account_id = a.id and ${is} and ${matching(filter)} order by ${order} limit ${max})`;

/** The accounts that have something waiting that a filter means. */
export async function waitingAccounts(db: Queryable, workspaceId: string, filter: WaitingFilter): Promise<string[]> {
  const { accountId, contactId, conversationId, batchId } = filter;
  const which = all([
    sql`a.workspace_id = ${workspaceId}`,
    accountId !== undefined && sql`a.id = ${accountId}`,
    contactId !== undefined && sql`a.id in (select account_id from conversation where contact_id = ${contactId})`,
    conversationId !== undefined && sql`a.id in (select account_id from conversation where id = ${conversationId})`,
    batchId !== undefined && sql`a.id in (select account_id from message where batch_id = ${batchId})`,
  ]);
  const rows = await db.query<{ id: string }>(sql`select a.id from account a
    where ${which} and coalesce(${join(waitingIn.map(way => someWaiting(filter, way, 1)))}) is not null order by a.id`);
  return rows.map(row => row.id);
}

/** At most `max` waiting messages of accounts that match a filter. */
async function pickWaiting(tx: Queryable, workspaceId: string, filter: WaitingFilter, max: number): Promise<string[]> {
  if (filter.messageId !== undefined) return [filter.messageId];
  const accounts = await waitingAccounts(tx, workspaceId, filter);
  const ways = waitingIn.map(way => someWaiting(filter, way, max));
  const rows = await tx.query<{ id: string }>(sql`select x.id from unnest(${accounts}::uuid[]) a(id)
    cross join lateral (${ways.reduce((left, right) => sql`${left} union all ${right}`)}) x limit ${max}`);
  return rows.map(row => row.id);
}

/**
 * Cancels what is scheduled or queued and fits the filter, at most `max`. What is being claimed at this moment is either gone
 * or cancelled, never both.
 */
export async function cancelWaiting(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter,
  why: CancelReason,
  now: Date | null,
  max = 1_000_000,
): Promise<Moved> {
  const picked = await pickWaiting(tx, workspaceId, filter, max);
  if (picked.length === 0) return { messages: 0, accounts: [] };
  const [row] = await tx.query<Moved>(sql`
    select count(*)::int as messages, coalesce(array_agg(distinct account_id), '{}') as accounts
    from end_open(${now}, ${picked}::uuid[], 'cancelled', ${JSON.stringify(why)})`);
  return row ?? { messages: 0, accounts: [] };
}

/** What the lane of an account says once it is locked, so that what follows counts in it undisturbed. */
interface LockedLane {
  now: Date;
  /** Seconds until the account's next day. */
  next_day_seconds: number;
  queued: number;
  left_today: number;
  rejects: boolean;
}

async function lockLane(tx: Queryable, accountId: string, now: Date | null): Promise<LockedLane | undefined> {
  const [lane] = await tx.query<LockedLane>(
    sql`select now, ceil(extract(epoch from tomorrow - now))::int as next_day_seconds, queued, left_today, rejects
      from lock_lanes(array[${accountId}]::uuid[], ${now})`,
  );
  return lane;
}

/** Locks the lane of the account of a message. */
export async function lockLaneOf(
  tx: Queryable,
  workspaceId: string,
  messageId: string,
  now: Date | null,
): Promise<(LockedLane & { accountId: string }) | undefined> {
  const [message] = await tx.query<{ id: string }>(
    sql`select account_id as id from message where id = ${messageId} and workspace_id = ${workspaceId}`,
  );
  const lane = message && (await lockLane(tx, message.id, now));
  return lane && { ...lane, accountId: message.id };
}

/** How many more messages the daily limit lets be queued; null for any number. */
const roomOf = ({ rejects, left_today: left, queued }: LockedLane): number | null =>
  rejects ? Math.max(0, left - queued) : null;

export type RetryOutcome =
  | 'queued'
  | 'not_found'
  | 'not_failed'
  | 'message_expired'
  | 'contact_deleted'
  | 'message_file_gone'
  | 'account_deleted'
  | 'account_not_connected'
  | 'opted_out'
  | 'window_closed'
  | { code: 'daily_limit_reached'; retryAfterSeconds: number };

/** Puts a failed message back into the queue as if it were new, within today's budget. `by`: an API id, for the timeline. */
export async function requeueFailed(
  tx: Queryable,
  workspaceId: string,
  id: string,
  by: string,
  now: Date | null,
): Promise<RetryOutcome> {
  // A retry by id applies to any failure.
  const meant = sql`m.id = ${id}`;
  const files = await keepFiles(tx, workspaceId, meant, now, 1);
  const lane = await lockLaneOf(tx, workspaceId, id, now);
  if (!lane) return 'not_found';
  const [message] = await tx.query<{
    status: Status;
    foreign: boolean;
    whole: boolean;
    disconnected: boolean;
    deleted: boolean;
    late: boolean;
    gone: boolean;
    barred: boolean;
    outside: boolean;
  }>(sql`
    select m.status, m.source is not null as foreign, ${files.kept} as whole, a.status = 'disconnected' as disconnected,
      a.deleted_at is not null as deleted, c.deleted_at is not null as gone,
      m.expires_at <= ${lane.now} is true as late, ${isOptedOut} as barred, ${isOutsideWindow(lane.now)} as outside
    from message m join account a on a.id = m.account_id join contact c on c.id = m.contact_id
    where m.id = ${id} and m.workspace_id = ${workspaceId} for update of m`);
  if (!message) return 'not_found';
  // What the business wrote on its own phone was never ours to send.
  if (message.status !== 'failed' || message.foreign) return 'not_failed';
  if (message.late) return 'message_expired';
  if (message.gone) return 'contact_deleted';
  if (!message.whole) return 'message_file_gone';
  if (message.deleted) return 'account_deleted';
  if (message.disconnected) return 'account_not_connected';
  if (message.barred) return 'opted_out';
  if (message.outside) return 'window_closed';
  if (roomOf(lane) === 0) return { code: 'daily_limit_reached', retryAfterSeconds: Math.max(1, lane.next_day_seconds) };
  const moved = await requeue(tx, workspaceId, lane.accountId, { meant, files, by }, lane, 1);
  // Its call is under way still, though a receipt has told already that it failed.
  return moved.messages === 0 ? 'not_failed' : 'queued';
}

/** What a retry by filter has moved, and how many more fit, which the daily limit or `max` has left. */
export interface Requeued extends Moved {
  left: number;
}

/** The accounts that have failed messages which a filter means, and whose messages can be queued. */
export async function failedAccounts(db: Queryable, workspaceId: string, filter: WaitingFilter): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select a.id from account a
    where a.workspace_id = ${workspaceId} and a.deleted_at is null and a.status <> 'disconnected'
      and ${filter.accountId === undefined ? sql`true` : sql`a.id = ${filter.accountId}`}
      and exists (select 1 from message m where m.workspace_id = ${workspaceId} and m.account_id = a.id
        and m.status = 'failed' and m.direction = 'outbound' and m.source is null and ${matching(filter)}) order by a.id`);
  return rows.map(row => row.id);
}

/**
 * Puts failed messages of an account that fit the filter back into the queue, the oldest first, at most `max`, and where
 * `on_limit` is `reject` no more than the day has room for. Leaves out messages that may have arrived, unless the filter
 * names them. Always leaves out messages to a deleted contact or with a deleted file.
 */
export async function requeueAll(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter & { accountId: string },
  by: string,
  now: Date | null,
  max: number,
): Promise<Requeued> {
  const meant = all([
    matching(filter),
    filter.errorCode === undefined && sql`m.error_code is distinct from 'unknown_outcome'`,
  ]);
  const files = await keepFiles(tx, workspaceId, meant, now, max);
  const lane = await lockLane(tx, filter.accountId, now);
  if (!lane) return { messages: 0, left: 0, accounts: [] };
  return requeue(tx, workspaceId, filter.accountId, { meant, files, by }, lane, max);
}

async function requeue(
  tx: Queryable,
  workspaceId: string,
  accountId: string,
  { meant, files, by }: { meant: Fragment; files: Files; by: string },
  lane: LockedLane,
  max: number,
): Promise<Requeued> {
  const room = roomOf(lane);
  const [row] = await tx.query<Requeued>(sql`
    with fits as materialized (
      select m.id, m.seq, row_number() over (order by m.seq) <= coalesce(${room}::int, 2147483647) and not ${files.unseen} as is_next
      from message m join account a on a.id = m.account_id and a.deleted_at is null and a.status <> 'disconnected'
      join contact c on c.id = m.contact_id and c.deleted_at is null
      where m.workspace_id = ${workspaceId} and m.account_id = ${accountId} and m.status = 'failed' and m.direction = 'outbound' and m.source is null
        and (m.expires_at is null or m.expires_at > ${lane.now}) and ${meant} and (${files.kept} or ${files.unseen})
        and not ${isOptedOut} and not ${isOutsideWindow(lane.now)}),
    again as (
      select * from requeue_messages(${lane.now}, array(select id from fits where is_next order by seq limit ${max}), ${JSON.stringify({ retry: true, by })}))
    select coalesce(sum(done), 0)::int as messages, ((select count(*) from fits) - coalesce(sum(done), 0))::int as left,
      coalesce(array_agg(account_id), '{}') as accounts from again`);
  return row ?? { messages: 0, left: 0, accounts: [] };
}
