// What the statistics show: counts of messages, mostly kept ones.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { type CountRange, countsOf } from './counts-store.ts';

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
 * Counts of written messages by each column of the statistics, in UTC days.
 * The groups are made by the database: years of many accounts would be far too many rows to add up here.
 */
export async function countMessages(db: Queryable, workspaceId: string, range: CountRange): Promise<CountRow[]> {
  return db.query<CountRow>(sql`
    select case when grouping(status) = 0 then 'status' when grouping(type) = 0 then 'type' when grouping(day) = 0 then 'day'
        else 'account' end as grouped_by,
      coalesce(status, type, day::text, account_id::text) as key, direction, sum(messages)::bigint as messages,
      sum(accepted)::bigint as accepted, coalesce(sum(messages) filter (where status = 'failed'), 0)::bigint as failed
    from (select direction, account_id, type, status, (quarter at time zone 'UTC')::date as day,
        sum(messages) as messages, sum(accepted) as accepted
      from ${countsOf(workspaceId, range)} k group by 1, 2, 3, 4, 5) x
    group by grouping sets ((direction, status), (direction, type), (direction, day), (direction, account_id))
    having sum(messages) <> 0`);
}
