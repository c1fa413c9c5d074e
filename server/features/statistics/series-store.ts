// Messages by hour or day in a time zone, and by error.
import type { MessageSeries } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { type CountRange, countsOf, quartersOf } from './counts-store.ts';

type SeriesRange = CountRange & { until: Date };
type Bucket = Omit<MessageSeries['buckets'][number], 'at'> & { at: Date };

/** The time zone of an account; undefined if there is none. */
export async function zoneOf(db: Queryable, workspaceId: string, accountId: string): Promise<string | undefined> {
  const [row] = await db.query<{ time_zone: string }>(
    sql`select time_zone from account where workspace_id = ${workspaceId} and id = ${accountId}`,
  );
  return row?.time_zone;
}

/** Counts of messages by hour or day of a time zone, oldest first, with those that have none. */
export async function bucketsOf(
  db: Queryable,
  workspaceId: string,
  range: SeriesRange,
  interval: MessageSeries['interval'],
  zone: string,
): Promise<Bucket[]> {
  return db.query<Bucket>(sql`
    with c as (
      select quarter, sum(messages) filter (where direction = 'outbound') as outbound,
        sum(messages) filter (where direction = 'inbound') as inbound,
        sum(accepted) filter (where direction = 'outbound') as sent,
        sum(messages) filter (where direction = 'outbound' and status in ('delivered', 'read', 'played')) as delivered,
        sum(messages) filter (where direction = 'outbound' and status in ('read', 'played')) as read,
        sum(messages) filter (where direction = 'outbound' and status = 'failed') as failed
      from ${countsOf(workspaceId, range)} k group by 1)
    select s.at, coalesce(sum(c.outbound), 0)::int as outbound, coalesce(sum(c.inbound), 0)::int as inbound,
      coalesce(sum(c.sent), 0)::int as sent, coalesce(sum(c.delivered), 0)::int as delivered,
      coalesce(sum(c.read), 0)::int as read, coalesce(sum(c.failed), 0)::int as failed
    from (${quartersOf(range.from, range.until, interval, zone)}) s left join c using (quarter)
    group by s.at order by s.at`);
}

/** The most frequent errors of messages that failed. The title is that of the newest one that is still there. */
export async function errorsOf(
  db: Queryable,
  workspaceId: string,
  range: SeriesRange,
): Promise<MessageSeries['by_error']> {
  return db.query(sql`
    select c.code, coalesce(t.error_title, '') as title, c.failed from (
      select code, sum(messages)::int as failed from ${countsOf(workspaceId, range)} k
      where direction = 'outbound' and status = 'failed' and code <> ''
      group by 1 having sum(messages) > 0 order by 2 desc, 1 limit 50) c
    left join lateral (select m.error_title from message m where m.workspace_id = ${workspaceId}
      and m.listed_status = 'failed' and m.direction = 'outbound' and m.error_code = c.code
      and m.created_at >= ${range.from} and m.created_at < ${range.until}
      order by m.created_at desc limit 1) t on true
    order by c.failed desc, c.code`);
}
