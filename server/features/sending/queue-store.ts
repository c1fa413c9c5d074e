// What operators and callers do to messages that wait or have failed: cancel, send again.
import type { Status } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, join, sql } from '../../kit/db/sql.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { keepForMessages } from '../media/index.ts';
import { lockDayOf, lockDays } from './days-store.ts';
import { endWaiting } from './put-off-store.ts';

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
    filter.from !== undefined && sql`m.created_at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`m.created_at < ${filter.until}::timestamptz`,
  ]);

const carriesFile = sql`m.type in ('image', 'video', 'audio', 'document', 'sticker') and m.content ? 'id'`;

interface Files {
  /** Which messages need no file, or have theirs. */
  kept: Fragment;
  /** Which have a file that was not looked for. */
  unseen: Fragment;
}

/**
 * Keeps the files of failed messages of an account that are meant for what is queued again, the oldest first, until there
 * are so many messages with theirs. Before all else, as where messages are accepted: whoever has a file locked waits for
 * nothing that we hold.
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
    const page = await tx.query<{ id: string; seq: number }>(sql`select m.content->>'id' as id, m.seq
      from message m join contact c on c.id = m.contact_id and c.deleted_at is null
      where m.workspace_id = ${workspaceId} and m.status collate "C" = 'failed' and m.direction = 'outbound' and ${carriesFile}
        and (m.expires_at is null or m.expires_at > present(${now})) and ${meant} and m.seq > ${after} order by m.seq limit ${max}`);
    const uuids = [...new Set(page.map(({ id }) => toUuid(id)))];
    for (const uuid of await keepForMessages(tx, workspaceId, uuids)) kept.add(toId('media', uuid));
    messages += page.filter(({ id }) => kept.has(id)).length;
    after = page.at(-1)?.seq ?? after;
    isMore = page.length === max;
  }
  return {
    kept: sql`(not (${carriesFile}) or m.content->>'id' = any (${[...kept]}::text[]))`,
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

/** What may leave, what is put off and what is scheduled are in an index each; whatever else there is, nobody reads it. */
const waitingIn = [
  { is: sql`m.status = 'queued' and m.wait_reason is null`, order: sql`m.priority, m.turn, m.seq` },
  { is: sql`m.status = 'queued' and m.wait_reason is not null`, order: sql`m.due_at, m.seq` },
  { is: sql`m.status = 'scheduled'`, order: sql`m.due_at` },
];

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
  // By its order, so that no plan can take another index.
  const first = ({ is, order }: (typeof waitingIn)[number]) =>
    sql`(select m.id from message m where m.account_id = a.id and ${is} and ${matching(filter)} order by ${order} limit 1)`;
  const rows = await db.query<{ id: string }>(sql`select a.id from account a
    where ${which} and coalesce(${join(waitingIn.map(first))}) is not null order by a.id`);
  return rows.map(row => row.id);
}

/** Locks the days of the accounts concerned, and gives at most `max` of what they have waiting that fits it. */
async function pickWaiting(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter,
  now: Date | null,
  max: number,
): Promise<string[]> {
  if (filter.messageId !== undefined) {
    await lockDayOf(tx, workspaceId, filter.messageId, now);
    return [filter.messageId];
  }
  const accounts = await waitingAccounts(tx, workspaceId, filter);
  await lockDays(tx, accounts, now);
  const some = ({ is, order }: (typeof waitingIn)[number]) =>
    sql`(select m.id from message m where m.account_id = a.id and ${is} and ${matching(filter)} order by ${order} limit ${max})`;
  const rows = await tx.query<{ id: string }>(sql`select x.id from unnest(${accounts}::uuid[]) a(id)
    cross join lateral (${waitingIn.map(some).reduce((left, right) => sql`${left} union all ${right}`)}) x limit ${max}`);
  return rows.map(row => row.id);
}

/**
 * Cancels what is scheduled or queued and fits the filter, first what would leave first, at most `max`. What is being
 * claimed at this moment is either gone or cancelled, never both.
 */
export async function cancelWaiting(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter,
  reason: string,
  now: Date | null,
  max = 1_000_000,
): Promise<Moved> {
  const picked = await pickWaiting(tx, workspaceId, filter, now, max);
  const [row] = await tx.query<Moved & { waited: string[]; places: Record<string, number> }>(sql`
    with gone as (
      update message m set status = 'cancelled', wait_reason = null, event_count = m.event_count + 1
      from (select m.id, m.status, m.wait_reason, m.due_at from message m where m.id = any (${picked}::uuid[])
        and m.workspace_id = ${workspaceId} and m.status in ('scheduled', 'queued') and ${matching(filter)} order by m.id for update) x
      where m.id = x.id
      returning m.id, m.workspace_id, m.account_id, m.conversation_id, m.event_count, m.budget_day, x.status as before, x.wait_reason as waited, x.due_at as until),
    counted as (
      update account_day d set queued = greatest(0, d.queued - g.n)
      from (select o.account_id, (present(${now}) at time zone a.time_zone)::date as day, count(*)::int as n
        from gone o join account a on a.id = o.account_id
        where o.before = 'queued' and o.budget_day is distinct from (present(${now}) at time zone a.time_zone)::date group by 1, 2) g
      where d.account_id = g.account_id and d.day = g.day),
    fact as (
      insert into event (workspace_id, type, account_id, message_id, number, data, at)
      select workspace_id, 'message.cancelled', account_id, id, event_count, jsonb_build_object('reason', ${reason}::text), present(${now})
      from gone)
    select count(*)::int as messages, coalesce(array_agg(distinct account_id), '{}') as accounts,
      coalesce(array_agg(distinct conversation_id) filter (where waited is not null), '{}') as waited,
      coalesce((select jsonb_object_agg(account_id, n) from (select account_id, count(*) as n from gone
        where before = 'queued' and (waited is null or waited = 'new_conversations' and until <= present(${now})) group by 1) x), '{}') as places
      from gone`);
  const { waited, places, ...moved } = row ?? { messages: 0, accounts: [], waited: [], places: {} };
  // Of the day's new conversations, those that were cancelled have left their places to the ones behind them; what was still
  // put off had none.
  for (const [accountId, most] of Object.entries(places))
    await endWaiting(tx, accountId, 'new_conversations', now, most);
  if (waited.length > 0) await tx.query(sql`select free_followers(${waited}::uuid[], present(${now}))`);
  return moved;
}

export type RetryOutcome =
  | 'queued'
  | 'not_found'
  | 'not_failed'
  | 'message_expired'
  | 'contact_deleted'
  | 'message_file_gone'
  | 'account_not_connected'
  | 'daily_limit_reached';

/** Puts a failed message back into the queue as if it were new, within today's budget. */
export async function requeueFailed(
  tx: Queryable,
  workspaceId: string,
  id: string,
  now: Date | null,
): Promise<RetryOutcome> {
  // Asked for by its id, it is meant whatever it failed with.
  const meant = sql`m.id = ${id}`;
  const files = await keepFiles(tx, workspaceId, meant, now, 1);
  const { accounts, at } = await lockDayOf(tx, workspaceId, id, now);
  const [message] = await tx.query<{
    status: Status;
    whole: boolean;
    connected: boolean;
    late: boolean;
    over: boolean;
    gone: boolean;
  }>(sql`
    select m.status, ${files.kept} as whole, a.status = 'connected' as connected, c.deleted_at is not null as gone, m.expires_at <= present(${at}) is true as late,
      a.on_limit = 'refuse' and d.sent + d.queued >= day_limit(a, d.day) as over
    from message m join account a on a.id = m.account_id join contact c on c.id = m.contact_id
    left join account_day d on d.account_id = a.id and d.day = (present(${at}) at time zone a.time_zone)::date
    where m.id = ${id} and m.workspace_id = ${workspaceId} for update of m`);
  if (!message) return 'not_found';
  if (message.status !== 'failed') return 'not_failed';
  if (message.late) return 'message_expired';
  if (message.gone) return 'contact_deleted';
  if (!message.whole) return 'message_file_gone';
  if (!message.connected) return 'account_not_connected';
  if (message.over) return 'daily_limit_reached';
  await requeue(tx, workspaceId, accounts, { meant, files }, at, 1);
  return 'queued';
}

/** What a retry by filter has moved, and how many more fit, which the daily limit or `max` has left. */
export interface Requeued extends Moved {
  left: number;
}

/** The accounts that have failed messages which a filter means, and that can send. */
export async function failedAccounts(db: Queryable, workspaceId: string, filter: WaitingFilter): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select a.id from account a
    where a.workspace_id = ${workspaceId} and a.deleted_at is null and a.status = 'connected'
      and ${filter.accountId === undefined ? sql`true` : sql`a.id = ${filter.accountId}`}
      and exists (select 1 from message m where m.workspace_id = ${workspaceId} and m.account_id = a.id
        and m.status collate "C" = 'failed' and m.direction = 'outbound' and ${matching(filter)}) order by a.id`);
  return rows.map(row => row.id);
}

/**
 * Puts failed messages of an account that fit the filter back into the queue, the oldest first, at most `max`, and where
 * the daily limit refuses no more than it has room for. What may have arrived is left out unless the filter names it, and
 * what is for a deleted contact, or has a file that was deleted, always.
 */
export async function requeueAll(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter & { accountId: string },
  now: Date | null,
  max: number,
): Promise<Requeued> {
  const meant = all([
    matching(filter),
    filter.errorCode === undefined && sql`m.error_code is distinct from 'unknown_outcome'`,
  ]);
  const files = await keepFiles(tx, workspaceId, meant, now, max);
  const accounts = [filter.accountId];
  const at = await lockDays(tx, accounts, now);
  return requeue(tx, workspaceId, accounts, { meant, files }, at, max);
}

async function requeue(
  tx: Queryable,
  workspaceId: string,
  accounts: string[],
  { meant, files }: { meant: Fragment; files: Files },
  now: Date | null,
  max: number,
): Promise<Requeued> {
  const [row] = await tx.query<Requeued>(sql`
    with t as materialized (select present(${now}) as now),
    room as materialized (
      select a.id, case when a.on_limit = 'refuse' then day_limit(a, d.day) - d.sent - d.queued end as places
      from t, account a join account_day d on d.account_id = a.id
      where a.id = any (${accounts}::uuid[]) and d.day = (t.now at time zone a.time_zone)::date
        and a.deleted_at is null and a.status = 'connected'),
    fits as materialized (
      select m.id, m.seq, row_number() over (partition by m.account_id order by m.seq) <= coalesce(r.places, 2147483647) and not ${files.unseen} as is_next
      from t, message m join room r on r.id = m.account_id join contact c on c.id = m.contact_id and c.deleted_at is null
      where m.workspace_id = ${workspaceId} and m.status collate "C" = 'failed' and m.direction = 'outbound'
        and (m.expires_at is null or m.expires_at > t.now) and ${meant} and (${files.kept} or ${files.unseen})),
    again as (
      update message m set status = 'queued', tries = 0, budget_day = null, due_at = t.now, turn = x.turn, wait_reason = null,
        error_code = null, error_title = null, failed_at = null, settle_at = null, reported_at = null, stuck_at = null, event_count = m.event_count + 1
      from t, (select o.id, least(1000, row_number() over (partition by o.conversation_id order by o.seq) - 1) as turn from (
        select m.id, m.conversation_id, m.seq from message m
        where m.id in (select id from fits where is_next order by seq limit ${max}) and m.status = 'failed' order by m.id for update) o) x
      where m.id = x.id
      returning m.id, m.workspace_id, m.account_id, m.event_count),
    counted as (
      update account_day d set queued = d.queued + g.n
      from (select o.account_id, (t.now at time zone a.time_zone)::date as day, count(*)::int as n
        from t, again o join account a on a.id = o.account_id group by 1, 2) g
      where d.account_id = g.account_id and d.day = g.day),
    fact as (
      insert into event (workspace_id, type, account_id, message_id, number, data, at)
      select workspace_id, 'message.queued', account_id, id, event_count, '{"retry": true}', t.now from again, t)
    select count(*)::int as messages, (select count(*) from fits)::int - count(*)::int as left,
      coalesce(array_agg(distinct account_id), '{}') as accounts from again`);
  return row ?? { messages: 0, left: 0, accounts: [] };
}
