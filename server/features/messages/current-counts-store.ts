// What there is of messages at the moment, without counting them: the kept counts, and the heads of the queues.
import { type Fragment, sql } from '../../kit/db/sql.ts';

/**
 * How many messages there are, in rows of account, direction, type, status and priority, of which the same may come
 * several times: to be added up. `where` is about the columns of these tables.
 */
export const currentCounts = (where: Fragment): Fragment => sql`(
  select account_id, direction, type, status, priority, messages from message_gauge where ${where}
  union all
  select account_id, direction, type, status, priority, present from message_delta where ${where})`;

/** When the first queued message of an account may be sent, for each priority with any. */
export const firstQueued = (account: Fragment): Fragment => sql`(
  select p.priority, f.ready_at from (values (0::smallint), (1::smallint), (2::smallint)) p(priority) cross join lateral (
    select o.ready_at from open_message o
    where o.account_id = ${account} and o.head and o.state = 'queued' and o.priority = p.priority
    order by o.ready_at, o.seq limit 1) f)`;
