// What operators decide of messages whose outcome is unknown.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { lockDayOf } from './days-store.ts';

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
