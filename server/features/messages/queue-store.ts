// What operators and callers do to messages that wait: cancel, send again, decide.
import type { Status } from '@recado/contract';
import type { Queryable } from '../../kit/db.ts';
import { all, type Fragment, sql } from '../../kit/sql.ts';

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
    filter.contactId !== undefined && sql`m.contact_id = ${filter.contactId}`,
    filter.conversationId !== undefined && sql`m.conversation_id = ${filter.conversationId}`,
    filter.batchId !== undefined && sql`m.batch_id = ${filter.batchId}`,
    filter.messageId !== undefined && sql`m.id = ${filter.messageId}`,
    filter.priority !== undefined && sql`m.priority = ${filter.priority}`,
    filter.errorCode !== undefined && sql`m.error_code = ${filter.errorCode}`,
    filter.from !== undefined && sql`m.created_at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`m.created_at < ${filter.until}::timestamptz`,
  ]);

/** Locks the days of accounts, so that what follows counts in them undisturbed; in the order of every statement. */
async function lockDays(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter,
  statuses: Status[],
  now: Date | null,
): Promise<void> {
  const accounts = sql`select distinct m.account_id from message m
    where m.workspace_id = ${workspaceId} and m.status = any (${statuses}) and ${matching(filter)}`;
  await tx.query(
    sql`select open_day(a.id, (present(${now}) at time zone a.time_zone)::date) from account a where a.id in (${accounts}) order by a.id`,
  );
  await tx.query(sql`select 1 from account_day d join account a on a.id = d.account_id
    where a.id in (${accounts}) and d.day = (present(${now}) at time zone a.time_zone)::date order by d.account_id for update of d`);
}

/**
 * Cancels what is scheduled or queued and fits the filter, at most `max` at once. What is being claimed at this moment
 * is either gone or cancelled, never both. Gives how many were cancelled.
 */
export async function cancelWaiting(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter,
  reason: string,
  now: Date | null,
  max = 1_000_000,
): Promise<number> {
  await lockDays(tx, workspaceId, filter, ['scheduled', 'queued'], now);
  const [row] = await tx.query<{ n: number }>(sql`
    with gone as (
      update message m set status = 'cancelled', wait_reason = null, event_count = m.event_count + 1
      from (select m.id, m.status from message m where m.workspace_id = ${workspaceId} and m.status in ('scheduled', 'queued')
        and ${matching(filter)} order by m.id limit ${max} for update) x
      where m.id = x.id
      returning m.id, m.workspace_id, m.account_id, m.event_count, m.budget_day, x.status as before),
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
    select count(*) as n from gone`);
  return row?.n ?? 0;
}

export type RetryOutcome = 'queued' | 'not_found' | 'not_failed' | 'account_not_connected' | 'daily_limit_reached';

/** Puts a failed message back into the queue as if it were new, within today's budget. */
export async function requeueFailed(
  tx: Queryable,
  workspaceId: string,
  id: string,
  now: Date | null,
): Promise<RetryOutcome> {
  await lockDays(tx, workspaceId, { messageId: id }, ['failed'], now);
  const [message] = await tx.query<{ status: Status; connected: boolean; over: boolean }>(sql`
    select m.status, a.status = 'connected' as connected, a.on_limit = 'refuse' and d.sent + d.queued >= day_limit(a, d.day) as over
    from message m join account a on a.id = m.account_id and a.deleted_at is null
    left join account_day d on d.account_id = a.id and d.day = (present(${now}) at time zone a.time_zone)::date
    where m.id = ${id} and m.workspace_id = ${workspaceId} for update of m`);
  if (!message) return 'not_found';
  if (message.status !== 'failed') return 'not_failed';
  if (!message.connected) return 'account_not_connected';
  if (message.over) return 'daily_limit_reached';
  await requeue(tx, workspaceId, { messageId: id }, now, 1);
  return 'queued';
}

/** Puts failed messages that fit the filter back into the queue, at most `max`, and gives how many. */
export async function requeueAll(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter,
  now: Date | null,
  max: number,
): Promise<number> {
  await lockDays(tx, workspaceId, filter, ['failed'], now);
  return requeue(tx, workspaceId, filter, now, max);
}

async function requeue(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter,
  now: Date | null,
  max: number,
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(sql`
    with again as (
      update message m set status = 'queued', tries = 0, budget_day = null, due_at = present(${now}), turn = 0, wait_reason = null,
        error_code = null, error_title = null, failed_at = null, settle_at = null, event_count = m.event_count + 1
      from (select m.id from message m join account a on a.id = m.account_id and a.deleted_at is null and a.status = 'connected'
        where m.workspace_id = ${workspaceId} and m.status = 'failed' and m.direction = 'outbound' and ${matching(filter)}
        order by m.seq limit ${max} for update of m) x
      where m.id = x.id
      returning m.id, m.workspace_id, m.account_id, m.event_count),
    counted as (
      update account_day d set queued = d.queued + g.n
      from (select o.account_id, (present(${now}) at time zone a.time_zone)::date as day, count(*)::int as n
        from again o join account a on a.id = o.account_id group by 1, 2) g
      where d.account_id = g.account_id and d.day = g.day),
    fact as (
      insert into event (workspace_id, type, account_id, message_id, number, data, at)
      select workspace_id, 'message.queued', account_id, id, event_count, '{"retry": true}', present(${now}) from again)
    select count(*) as n from again`);
  return row?.n ?? 0;
}

export type Resolution = 'sent' | 'failed' | 'retry';

/** What an operator knows of a message whose outcome is unknown. False where it is not unknown. */
export async function resolveUnknown(
  tx: Queryable,
  workspaceId: string,
  id: string,
  resolution: Resolution,
  personId: string,
  now: Date | null,
): Promise<boolean> {
  const [message] = await tx.query<{ account_id: string }>(sql`
    select account_id from message where id = ${id} and workspace_id = ${workspaceId} and status = 'unknown' for update`);
  if (!message) return false;
  await tx.query(sql`
    with decided as (
      update message set settle_at = null, event_count = event_count + 1,
        status = case ${resolution} when 'retry' then 'queued' else status end,
        due_at = case ${resolution} when 'retry' then present(${now}) else due_at end, turn = 0, budget_day = null, tries = 0
      where id = ${id} returning id, workspace_id, account_id, event_count),
    counted as (
      update account_day d set queued = d.queued + 1 from account a
      where ${resolution} = 'retry' and a.id = ${message.account_id} and d.account_id = a.id
        and d.day = (present(${now}) at time zone a.time_zone)::date)
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.resolved', account_id, id, event_count,
      jsonb_build_object('resolution', ${resolution}::text, 'by', ${personId}::text), present(${now}) from decided`);
  if (resolution === 'retry') return true;
  // A restored message may have been called since its backup, by an attempt of which no row came back.
  await tx.query(sql`
    insert into attempt (token, message_id, account_id, number, fence, runner, status, class, code, title, started_at, ended_at)
    select gen_random_uuid(), m.id, m.account_id, 1 + coalesce(x.number, 0), m.fence, 'operator', 'unknown', 'unknown', 'restored',
      'Called, if at all, after the backup that this message was restored from.', present(${now}), present(${now})
    from message m left join lateral (select number, status from attempt where message_id = m.id order by number desc limit 1) x on true
    where m.id = ${id} and x.status is distinct from 'unknown'`);
  await tx.query(sql`update attempt set status = ${resolution}, title = 'Decided by an operator.',
      sent_at = case ${resolution} when 'sent' then present(${now}) end, failed_at = case ${resolution} when 'failed' then present(${now}) end,
      code = case ${resolution} when 'failed' then 'unknown_outcome' else code end
    where message_id = ${id} and status = 'unknown' and number = (select max(number) from attempt where message_id = ${id})`);
  await tx.query(sql`select project_messages(array[${id}]::uuid[], present(${now}))`);
  return true;
}

export interface BatchRow {
  id: string;
  total: number;
  accepted: number;
  created_at: Date;
  by_status: Record<string, number>;
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

/** A batch with its progress. */
export async function findBatch(db: Queryable, workspaceId: string, id: string): Promise<BatchRow | undefined> {
  const [row] = await db.query<BatchRow>(sql`
    select b.id, b.total, b.accepted, b.created_at, coalesce((select jsonb_object_agg(s.status, s.n) from (
      select status, count(*) as n from message where batch_id = b.id group by 1) s), '{}') as by_status
    from message_batch b where b.workspace_id = ${workspaceId} and b.id = ${id}`);
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
  hold_reason: string | null;
  hold_until: Date | null;
  next_send_at: Date | null;
}

/** What waits in the queue of an account, and what holds it. */
export async function queueOf(db: Queryable, accountId: string, now: Date | null): Promise<QueueRow | undefined> {
  const [row] = await db.query<QueueRow>(sql`
    select c.*, w.n as sent_in_window, h.reason as hold_reason, nullif(h.until, 'infinity') as hold_until,
      coalesce(nullif(h.until, 'infinity'), case when h.reason is null and c.high + c.normal + c.low = 0 then c.next_scheduled end, c.next_due) as next_send_at
    from present(${now}) t, account a join lane l on l.kind = 'send' and l.key = a.id
    cross join lateral (
      select count(*) filter (where status = 'queued' and priority = 0) as high,
        count(*) filter (where status = 'queued' and priority = 1) as normal,
        count(*) filter (where status = 'queued' and priority = 2) as low,
        count(*) filter (where status = 'scheduled') as scheduled, count(*) filter (where status = 'sending') as sending,
        count(*) filter (where status = 'unknown') as unknown,
        extract(epoch from t - min(due_at) filter (where status = 'queued' and due_at <= t))::float as oldest_seconds,
        min(due_at) filter (where status = 'scheduled') as next_scheduled,
        case when count(*) filter (where status = 'queued' and due_at <= t) = 0 then min(due_at) filter (where status = 'queued') end as next_due
      from message where account_id = a.id and status in ('queued', 'scheduled', 'sending', 'unknown')) c
    cross join lateral (select coalesce(sum(x.n), 0)::int as n from (
      select x.at, x.n from unnest(l.window_at, l.window_n) x(at, n)
      union all
      select coalesce(k.ended_at, t), 1 from attempt k where k.token = any (l.calls)) x
      where x.at > t - a.rate_seconds * interval '1 second') w
    cross join lateral (select case when l.held_until > t then l.held_reason when quiet_end(a, t) is not null then 'quiet_hours' end as reason,
      case when l.held_until > t then l.held_until else quiet_end(a, t) end as until) h
    where a.id = ${accountId}`);
  return row;
}
