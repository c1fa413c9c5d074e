// What operators and callers do to messages that wait: cancel, send again, decide.
import type { HoldReason, Status } from '@recado/contract';
import type { Queryable } from '../../kit/db.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { all, type Fragment, join, sql } from '../../kit/sql.ts';
import { keepForMessages } from '../media/index.ts';
import { firstQueued, presentCounts } from './present-store.ts';

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

/**
 * Locks the day of the account of a message, so that what follows counts in it undisturbed; in the order of every
 * statement. Gives the time that it is then, and the account, in a list that is empty where there is no such message.
 */
async function lockDayOf(
  tx: Queryable,
  workspaceId: string,
  messageId: string,
  now: Date | null,
): Promise<{ accounts: string[]; at: Date | null }> {
  const rows = await tx.query<{ id: string }>(
    sql`select account_id as id from message where id = ${messageId} and workspace_id = ${workspaceId}`,
  );
  const accounts = rows.map(row => row.id);
  return { accounts, at: await lockDays(tx, accounts, now) };
}

/** Locks the days of these accounts. Gives the time that it is then. */
async function lockDays(tx: Queryable, accounts: string[], now: Date | null): Promise<Date | null> {
  const [locked] = await tx.query<{ at: Date }>(sql`select lock_days(${accounts}::uuid[], ${now}) as at`);
  return locked?.at ?? now;
}

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

/**
 * Locks the days of all accounts that have written to a contact, before it is deleted: what is just being accepted for it,
 * or is to be tried again, is there by then and can be cancelled, or finds the contact deleted.
 */
export async function lockDaysOfContact(
  tx: Queryable,
  workspaceId: string,
  contactId: string,
  now: Date | null,
): Promise<void> {
  await tx.query(sql`select lock_days(array(select account_id from conversation
    where workspace_id = ${workspaceId} and contact_id = ${contactId}), ${now})`);
}

/** What budgets of an account have put off and is to be made due. */
export interface PutOff {
  budgets: ('new_conversations' | 'recipient_budget')[];
  /** How many people more have a place in the budget of new conversations; what is left of the day where it is not given. */
  places?: number;
  /** How many messages are still to be made due that wait for their recipients; all that do where it is not given. */
  recipients?: number;
}

/** So many one transaction makes due: what is put off may be very much. */
const freedAtOnce = 5_000;

/**
 * Makes due what budgets of an account have put off, as far as they have places now, and gives what is left to be made due
 * in another transaction; the claim puts it off again where the budgets say so. A recipient's bucket that was filled by an
 * earlier setting is full at most.
 */
export async function freePutOff(
  tx: Queryable,
  accountId: string,
  { budgets, places, recipients }: PutOff,
  now: Date | null,
): Promise<PutOff | undefined> {
  const left: PutOff = { budgets: [] };
  if (budgets.includes('recipient_budget')) {
    if (recipients === undefined) await fillRecipientBuckets(tx, accountId, now);
    // What claims put off again meanwhile is not made due once more.
    const all = recipients ?? (await waitingForRecipients(tx, accountId));
    const freed = await endWaiting(tx, accountId, 'recipient_budget', now, Math.min(all, freedAtOnce));
    left.recipients = all - freed;
    if (freed === freedAtOnce && left.recipients > 0) left.budgets.push('recipient_budget');
  }
  if (budgets.includes('new_conversations')) {
    const open = places ?? (await newPlaces(tx, accountId, now));
    const freed = await endWaiting(tx, accountId, 'new_conversations', now, Math.min(open, freedAtOnce));
    left.places = open - freed;
    // Without a place it waits for the next day, which begins at another time after a change of the time zone.
    const moved = freed === freedAtOnce ? freed : await waitForNextDay(tx, accountId, now);
    if (moved === freedAtOnce) left.budgets.push('new_conversations');
  }
  return left.budgets.length > 0 ? left : undefined;
}

/** No bucket of a recipient is emptier than one of the new size can be. */
async function fillRecipientBuckets(tx: Queryable, accountId: string, now: Date | null): Promise<void> {
  await tx.query(sql`update conversation v set recipient_tat = x.full_at
    from (select present(${now}) + recipient_burst * recipient_seconds * interval '1 second' as full_at from account
      where id = ${accountId} and recipient_burst is not null) x
    where v.account_id = ${accountId} and v.recipient_tat > x.full_at`);
}

async function waitingForRecipients(tx: Queryable, accountId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(sql`select count(*)::int as n from message
    where account_id = ${accountId} and status = 'queued' and wait_reason is not null and wait_reason = 'recipient_budget'`);
  return row?.n ?? 0;
}

/** How many people an account may still write to today who have not written to us. */
async function newPlaces(tx: Queryable, accountId: string, now: Date | null): Promise<number> {
  const [row] = await tx.query<{ places: number }>(sql`
    select greatest(0, coalesce(a.new_per_day, 2147483647) - coalesce(d.opened, 0)) as places
    from account a left join account_day d on d.account_id = a.id and d.day = (present(${now}) at time zone a.time_zone)::date
    where a.id = ${accountId}`);
  return row?.places ?? 0;
}

async function waitForNextDay(tx: Queryable, accountId: string, now: Date | null): Promise<number> {
  const [row] = await tx.query<{ n: number }>(sql`
    with next_day as materialized (select ((present(${now}) at time zone time_zone)::date + 1)::timestamp at time zone time_zone as begins
      from account where id = ${accountId}),
    moved as (
      update message set due_at = (select begins from next_day)
      where id in (select m.id from message m where m.status = 'queued' and m.id = any (array(
          select id from message where account_id = ${accountId} and status = 'queued' and wait_reason is not null
            and wait_reason = 'new_conversations' and due_at > (select begins from next_day) order by due_at limit ${freedAtOnce}))
        order by m.id for update)
      returning 1)
    select count(*)::int as n from moved`);
  return row?.n ?? 0;
}

/** The claim frees them, and what is behind them; those that would be due first, at most `max`. Gives how many they were. */
async function endWaiting(
  tx: Queryable,
  accountId: string,
  reason: string,
  now: Date | null,
  max: number,
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(sql`
    with freed as (
      update message set due_at = present(${now})
      where id in (select m.id from message m where m.status = 'queued' and m.id = any (array(
          select id from message where account_id = ${accountId} and status = 'queued' and wait_reason is not null
            and wait_reason = ${reason} and due_at > present(${now}) order by due_at, priority, turn, seq limit ${max}))
        order by m.id for update)
      returning 1)
    select count(*)::int as n from freed`);
  return row?.n ?? 0;
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

export type Resolution = 'sent' | 'failed' | 'retry';

export type ResolveOutcome = 'resolved' | 'not_unknown' | 'account_not_connected' | 'contact_deleted';

/** What an operator knows of a message whose outcome is unknown, or that has failed for that. */
export async function resolveUnknown(
  tx: Queryable,
  workspaceId: string,
  id: string,
  resolution: Resolution,
  by: string,
  now: Date | null,
): Promise<ResolveOutcome> {
  if (resolution === 'retry') await lockDayOf(tx, workspaceId, id, now);
  const [message] = await tx.query<{ account_id: string; gone: boolean; unwanted: boolean }>(sql`
    select m.account_id, a.deleted_at is not null as gone, c.deleted_at is not null as unwanted
    from message m join account a on a.id = m.account_id join contact c on c.id = m.contact_id
    where m.id = ${id} and m.workspace_id = ${workspaceId}
      and (m.status = 'unknown' or (m.status = 'failed' and m.error_code = 'unknown_outcome')) for update of m`);
  if (!message) return 'not_unknown';
  if (resolution === 'retry' && message.gone) return 'account_not_connected';
  if (resolution === 'retry' && message.unwanted) return 'contact_deleted';
  await tx.query(sql`
    with decided as (
      update message set settle_at = null, event_count = event_count + 1
      where id = ${id} returning id, workspace_id, account_id, event_count)
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.resolved', account_id, id, event_count,
      jsonb_build_object('resolution', ${resolution}::text, 'by', ${by}::text), present(${now}) from decided`);
  if (resolution === 'retry') await queueAgain(tx, id, message.account_id, now);
  else if (resolution === 'failed') await decideFailed(tx, id, now);
  else await decideSent(tx, id, now);
  return 'resolved';
}

async function queueAgain(tx: Queryable, id: string, accountId: string, now: Date | null): Promise<void> {
  await tx.query(sql`update message set status = 'queued', due_at = present(${now}), turn = 0, budget_day = null, tries = 0,
    failed_at = null, error_code = null, error_title = null, reported_at = null, stuck_at = null where id = ${id}`);
  await tx.query(sql`update account_day d set queued = d.queued + 1 from account a
    where a.id = ${accountId} and d.account_id = a.id and d.day = (present(${now}) at time zone a.time_zone)::date`);
}

/** The attempt stays unknown: what a person believes is no evidence, and a receipt that comes after all still counts. */
async function decideFailed(tx: Queryable, id: string, now: Date | null): Promise<void> {
  await tx.query(sql`
    with failed as (
      update message m set status = 'failed', failed_at = present(${now}), error_code = 'unknown_outcome',
        error_title = 'Decided by an operator.', wait_reason = null, check_at = null, event_count = m.event_count + (o.status <> 'failed')::int
      from message o where m.id = ${id} and o.id = m.id
      returning m.id, m.workspace_id, m.account_id, m.event_count, m.error_code, m.error_title, o.status as before)
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.failed', account_id, id, event_count,
      jsonb_build_object('code', error_code, 'title', error_title), present(${now}) from failed where before <> 'failed'`);
}

async function decideSent(tx: Queryable, id: string, now: Date | null): Promise<void> {
  // A restored message may have been called since its backup, by an attempt of which no row came back.
  await tx.query(sql`
    insert into attempt (token, message_id, account_id, number, fence, runner, status, class, code, title, started_at, ended_at)
    select gen_random_uuid(), m.id, m.account_id, 1 + coalesce(x.number, 0), m.fence, 'operator', 'unknown', 'unknown', 'restored',
      'Called, if at all, after the backup that this message was restored from.', present(${now}), present(${now})
    from message m left join lateral (select number, status from attempt where message_id = m.id order by number desc limit 1) x on true
    where m.id = ${id} and x.status is distinct from 'unknown'`);
  await tx.query(sql`update attempt set status = 'sent', title = 'Decided by an operator.', sent_at = present(${now})
    where message_id = ${id} and status = 'unknown' and number = (select max(number) from attempt where message_id = ${id})`);
  await tx.query(sql`select project_messages(array[${id}]::uuid[], present(${now}), true)`);
}

export interface BatchRow {
  id: string;
  total: number;
  accepted: number;
  created_at: Date;
  by_status: Record<string, number>;
  /** Whether anything of it is not settled, be it of an account that the caller may not see. */
  waits: boolean;
}

/** Stores a batch; a repeat finds it there. Gives when it was made. */
export async function insertBatch(
  db: Queryable,
  batch: { id: string; workspaceId: string; createdBy: string; total: number; accepted: number },
): Promise<Date> {
  const [row] = await db.query<{ created_at: Date }>(sql`
    insert into message_batch (id, workspace_id, total, accepted, created_by)
    values (${batch.id}, ${batch.workspaceId}, ${batch.total}, ${batch.accepted}, ${batch.createdBy})
    on conflict (id) do update set accepted = excluded.accepted returning created_at`);
  return row?.created_at ?? new Date(0);
}

/**
 * A batch with its progress. Of one that somebody else made, whoever is limited to some accounts sees what is of these, and
 * nothing where none of it is.
 */
export async function findBatch(
  db: Queryable,
  caller: { workspaceId: string; id: string; accounts: readonly string[] | undefined },
  id: string,
): Promise<BatchRow | undefined> {
  const whole = caller.accounts === undefined ? sql`true` : sql`b.created_by is not distinct from ${caller.id}`;
  const [row] = await db.query<BatchRow>(sql`
    select b.id, case when ${whole} then b.total else v.n end as total, case when ${whole} then b.accepted else v.n end as accepted,
      b.created_at, v.by_status, batch_waits(b.id) as waits
    from message_batch b cross join lateral (
      select coalesce(sum(s.n), 0)::int as n, coalesce(jsonb_object_agg(s.status, s.n), '{}') as by_status
      from (select status, count(*) as n from message where batch_id = b.id group by 1) s) v
    where b.workspace_id = ${caller.workspaceId} and b.id = ${id} and (${whole} or v.n > 0)`);
  return row;
}

export interface QueueRow {
  high: number;
  normal: number;
  low: number;
  scheduled: number;
  sending: number;
  unknown: number;
  oldest_seconds: number | null;
  sent_in_window: number;
  hold_reason: HoldReason | null;
  hold_until: Date | null;
  next_send_at: Date | null;
}

/** What waits in the queue of an account, and what holds it. */
export async function queueOf(db: Queryable, accountId: string, now: Date | null): Promise<QueueRow | undefined> {
  const [row] = await db.query<QueueRow>(sql`
    select c.*, case when f.due_at <= t then extract(epoch from t - f.due_at)::float end as oldest_seconds,
      w.n as sent_in_window, h.reason as hold_reason, nullif(h.until, 'infinity') as hold_until,
      coalesce(case when l.held_until > t then nullif(l.held_until, 'infinity') else h.until end, case when h.reason is null and c.high + c.normal + c.low = 0 then s.due_at end,
        case when f.due_at > t then f.due_at end) as next_send_at
    from present(${now}) t, account a join lane l on l.kind = 'send' and l.key = a.id
    cross join lateral (
      select coalesce(sum(messages) filter (where status = 'queued' and priority = 0), 0) as high,
        coalesce(sum(messages) filter (where status = 'queued' and priority = 1), 0) as normal,
        coalesce(sum(messages) filter (where status = 'queued' and priority = 2), 0) as low,
        coalesce(sum(messages) filter (where status = 'scheduled'), 0) as scheduled,
        coalesce(sum(messages) filter (where status = 'sending'), 0) as sending,
        coalesce(sum(messages) filter (where status = 'unknown'), 0) as unknown
      from ${presentCounts(sql`workspace_id = a.workspace_id and account_id = a.id`)} x) c
    cross join lateral (select min(q.due_at) as due_at from ${firstQueued(sql`a.id`)} q) f
    left join lateral (select m.due_at from message m where m.account_id = a.id and m.status = 'scheduled'
      order by m.due_at limit 1) s on true
    cross join lateral (select coalesce(sum(x.n), 0)::int as n from (
      select x.at, x.n from unnest(l.window_at, l.window_n) x(at, n)
      union all
      select coalesce(k.ended_at, t), 1 from attempt k where k.token = any (l.calls)) x
      where x.at > t - a.rate_seconds * interval '1 second') w
    cross join lateral (select x.today, d.sent >= day_limit(a, x.today) and d.queued > 0 as is_full
      from (select (t at time zone a.time_zone)::date as today) x
      left join account_day d on d.account_id = a.id and d.day = x.today) day
    -- Held or not: what has its place of the day does not wait for the next, and the lane looks for it at times.
    cross join lateral (select case when l.held_until > t and l.held_reason <> 'daily_limit' then l.held_reason
        when day.is_full then 'daily_limit' when quiet_end(a, t) is not null then 'quiet_hours' end as reason,
      case when l.held_until > t and l.held_reason <> 'daily_limit' then l.held_until
        when day.is_full then (day.today + 1)::timestamp at time zone a.time_zone else quiet_end(a, t) end as until) h
    where a.id = ${accountId}`);
  return row;
}
