// What there is of messages at the moment, without counting them: the kept counts, and the heads of the queues.
import { type Fragment, sql } from '../../kit/db/sql.ts';

/**
 * How many messages there are, in rows of account, direction, type, status and priority, of which the same may come
 * several times: to be added up. `where` is about the columns of these tables.
 */
export const presentCounts = (where: Fragment): Fragment => sql`(
  select account_id, direction, type, status, priority, messages from message_present where ${where}
  union all
  select account_id, direction, type, status, priority, present from message_change where ${where})`;

/** The first due_at of what is queued in an account, for each priority that has any. */
export const firstQueued = (account: Fragment): Fragment => sql`(
  select p.priority, f.due_at from (values (0::smallint), (1::smallint), (2::smallint)) p(priority) cross join lateral (
    select m.due_at from message m
    where m.account_id = ${account} and m.status collate "C" = 'queued' and m.priority = p.priority
    order by m.due_at limit 1) f)`;
