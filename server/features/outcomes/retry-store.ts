// Sending failed messages again: one, or all that match a filter.
import type { Status } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { lockForMessages } from '../media/index.ts';
import {
  type LockedLane,
  lockLaneOf,
  lockLaneWithLimits,
  type Moved,
  matching,
  type Skipped,
  type WaitingFilter,
} from '../queue/index.ts';

const carriesFile = sql`m.type in ('image', 'video', 'audio', 'document', 'sticker', 'interactive', 'template')
  and carried_file(m.content) is not null`;

/** Whether a message may not go to its person now: what `m` is, of the account `a`. */
const isOptedOut = sql`is_opted_out(m.contact_id, m.category)`;
const isOutsideWindow = (now: Date) => sql`(coalesce(m.on_window_closed, a.on_window_closed) = 'reject'
  and (select window_open(v.last_received_at, v.last_called_at, ${now}::timestamptz)
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
      where m.workspace_id = ${workspaceId} and m.listed_status = 'failed' and m.direction = 'outbound' and ${carriesFile}
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
  const moved = await requeue(tx, workspaceId, lane.accountId, { meant, files, by, kept: sql`false` }, lane, 1);
  // Its call is under way still, though a receipt has told already that it failed.
  return moved.messages === 0 ? 'not_failed' : 'queued';
}

/** What a retry by filter has moved, how many more fit, which the daily limit or `max` has left, and what cannot be queued. */
export interface Requeued extends Moved {
  left: number;
  skipped: Skipped[];
}

/** The accounts that have failed messages which a filter means. */
export async function failedAccounts(db: Queryable, workspaceId: string, filter: WaitingFilter): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select a.id from account a
    where a.workspace_id = ${workspaceId}
      and ${filter.accountId === undefined ? sql`true` : sql`a.id = ${filter.accountId}`}
      and exists (select 1 from message m where m.workspace_id = ${workspaceId} and m.account_id = a.id
        and m.listed_status = 'failed' and m.direction = 'outbound' and m.source is null and ${matching(filter)}) order by a.id`);
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
  const meant = matching(filter);
  const files = await keepFiles(tx, workspaceId, all([meant, not(mayHaveArrived(filter))]), now, max);
  const lane = await lockLaneWithLimits(tx, filter.accountId, now);
  if (!lane) return { messages: 0, left: 0, skipped: [], accounts: [] };
  return requeue(tx, workspaceId, filter.accountId, { meant, files, by, kept: mayHaveArrived(filter) }, lane, max);
}

const not = (what: Fragment): Fragment => sql`not (${what})`;

/** What a retry leaves out because it may have arrived. */
const mayHaveArrived = ({ errorCode }: WaitingFilter): Fragment =>
  errorCode === undefined ? sql`m.error_code is not distinct from 'unknown_outcome'` : sql`false`;

interface Meant {
  meant: Fragment;
  files: Files;
  by: string;
  /** Which of them may have arrived. */
  kept: Fragment;
}

async function requeue(
  tx: Queryable,
  workspaceId: string,
  accountId: string,
  { meant, files, by, kept }: Meant,
  lane: LockedLane,
  max: number,
): Promise<Requeued> {
  const room = roomOf(lane);
  const [row] = await tx.query<Requeued>(sql`
    with seen as materialized (
      select m.id, m.seq, ${files.unseen} as unseen, case when ${kept} then 'unknown_outcome'
        when m.expires_at <= ${lane.now} then 'message_expired' when c.deleted_at is not null then 'contact_deleted'
        when not (${files.kept} or ${files.unseen}) then 'message_file_gone'
        when a.deleted_at is not null then 'account_deleted' when a.status = 'disconnected' then 'account_not_connected'
        when ${isOptedOut} then 'opted_out' when ${isOutsideWindow(lane.now)} then 'window_closed' end as obstacle
      from message m join account a on a.id = m.account_id join contact c on c.id = m.contact_id
      where m.workspace_id = ${workspaceId} and m.account_id = ${accountId} and m.listed_status = 'failed' and m.direction = 'outbound'
        and m.source is null and ${meant}),
    fits as materialized (
      select id, seq, row_number() over (order by seq) <= coalesce(${room}::int, 2147483647) and not unseen as is_next
      from seen where obstacle is null),
    again as (
      select * from requeue_messages(${lane.now}, array(select id from fits where is_next order by seq limit ${max}), ${JSON.stringify({ retry: true, by })}))
    select coalesce(sum(done), 0)::int as messages, ((select count(*) from fits) - coalesce(sum(done), 0))::int as left,
      coalesce(array_agg(account_id), '{}') as accounts,
      (select coalesce(jsonb_agg(x), '[]') from (select obstacle as code, count(*)::int as count from seen
        where obstacle is not null group by 1 order by 2 desc, 1) x) as skipped from again`);
  return row ?? { messages: 0, left: 0, skipped: [], accounts: [] };
}
