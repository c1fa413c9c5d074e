// What a restore does to messages: of what waited when the backup was taken, nobody can tell whether it was sent since.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';

/**
 * The call that may have been made since the backup, of each of these messages that has been called before: what comes to be
 * known of those calls decides nothing of it.
 */
const callOf = (messages: Fragment): Fragment => sql`
  insert into attempt (token, message_id, account_id, number, fence, runner, status, class, code, title, started_at, ended_at)
  select gen_random_uuid(), m.id, m.account_id, x.number + 1, m.fence, 'restore', 'unknown', 'unknown', 'restored',
    'Called, if at all, after the backup that this message was restored from.', present(null), present(null)
  from (${messages}) m cross join lateral (select number from attempt where message_id = m.id order by number desc limit 1) x`;

/**
 * Makes unknown what was being sent and, unless `resume`, what was queued or was due by now; and leaves every unknown one
 * to the operator, whatever its account or itself says. Nothing is sent again by itself.
 */
export async function markRestored(tx: Queryable, resume: boolean): Promise<{ unknown: number; held: number }> {
  // None of the calls was made since, so their conversations need not wait.
  const [marked] = await tx.query<{ n: number }>(sql`
    with marked as (
      update message m set status = 'unknown', settle_at = null, lease_until = null, wait_reason = null,
        due_at = present(null), event_count = m.event_count + 1
      from (select id, status from message where status = 'sending'
        or not ${resume} and (status = 'queued' or status = 'scheduled' and due_at <= present(null))) x
      where m.id = x.id
      returning m.id, m.workspace_id, m.account_id, m.event_count, x.status as before),
    ended as (
      update attempt a set status = 'unknown', class = 'unknown', code = 'restored', ended_at = present(null),
        title = 'The call was under way when the backup was taken.'
      from marked k where k.before = 'sending' and a.message_id = k.id and a.status = 'sending'),
    called as (${callOf(sql`select m.id, m.account_id, m.fence from marked k join message m on m.id = k.id where k.before <> 'sending'`)}),
    fact as (
      insert into event (workspace_id, type, account_id, message_id, number, data, at)
      select workspace_id, 'message.unknown', account_id, id, event_count,
        jsonb_build_object('reason', 'restored', 'from', before), present(null) from marked)
    select count(*) as n from marked`);
  const [held] = await tx.query<{ n: number }>(sql`
    with held as (
      update message m set settle_at = null, event_count = m.event_count + 1
      where m.status = 'unknown' and m.settle_at is not null and not ${resume}
      returning m.id, m.workspace_id, m.account_id, m.fence, m.on_unknown, m.event_count),
    -- It may have been sent again since, where its setting says so.
    called as (${callOf(sql`select h.id, h.account_id, h.fence from held h join account a on a.id = h.account_id
      where coalesce(h.on_unknown, a.on_unknown) = 'retry'`)}),
    fact as (
      insert into event (workspace_id, type, account_id, message_id, number, data, at)
      select workspace_id, 'message.held', account_id, id, event_count, '{"reason": "restored"}', present(null) from held)
    select count(*) as n from held`);
  await tx.query(sql`
    update account_day d set queued = (select count(*) from message m
      where m.account_id = d.account_id and m.status = 'queued' and m.budget_day is distinct from d.day)
    where d.day = (select max(day) from account_day x where x.account_id = d.account_id)`);
  return { unknown: marked?.n ?? 0, held: held?.n ?? 0 };
}
