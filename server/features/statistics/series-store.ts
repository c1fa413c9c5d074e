// Messages by hour or day in a time zone, and by error, counted anew: what is kept is by days in UTC.
import type { MessageSeries } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface SeriesRange {
  from: Date;
  until: Date;
  accountId: string | undefined;
}

type Bucket = Omit<MessageSeries['buckets'][number], 'at'> & { at: Date };

const inRange = (workspaceId: string, { from, until, accountId }: SeriesRange) =>
  sql`m.workspace_id = ${workspaceId} and m.created_at >= ${from} and m.created_at < ${until} and m.type not in ('system', 'call')
    ${accountId === undefined ? sql`` : sql`and m.account_id = ${accountId}`}`;

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
  const { from, until } = range;
  // Days by the calendar of the zone: with its summer time, not all have 24 hours.
  const starts =
    interval === 'hour'
      ? // By half hours: Lord Howe changes to summer time by half an hour.
        sql`select distinct date_trunc('hour', s.at, ${zone}) as at from generate_series(
          date_trunc('hour', ${from}::timestamptz, ${zone}), ${until}::timestamptz - interval '1 millisecond',
          interval '30 minutes') s(at)`
      : sql`select s.local at time zone ${zone} as at from generate_series(
          date_trunc('day', ${from}::timestamptz at time zone ${zone}),
          (${until}::timestamptz - interval '1 millisecond') at time zone ${zone}, interval '1 day') s(local)`;
  return db.query<Bucket>(sql`
    select s.at, coalesce(c.outbound, 0)::int as outbound, coalesce(c.inbound, 0)::int as inbound, coalesce(c.sent, 0)::int as sent,
      coalesce(c.delivered, 0)::int as delivered, coalesce(c.read, 0)::int as read, coalesce(c.failed, 0)::int as failed
    from (${starts}) s left join (
      select date_trunc(${interval}, m.created_at, ${zone}) as at, count(*) filter (where m.direction = 'outbound') as outbound,
        count(*) filter (where m.direction = 'inbound') as inbound,
        count(*) filter (where m.direction = 'outbound' and m.sent_at is not null) as sent,
        count(*) filter (where m.direction = 'outbound' and m.status in ('delivered', 'read', 'played')) as delivered,
        count(*) filter (where m.direction = 'outbound' and m.status in ('read', 'played')) as read,
        count(*) filter (where m.direction = 'outbound' and m.status = 'failed') as failed
      from message m where ${inRange(workspaceId, range)} group by 1) c on c.at = s.at
    order by s.at`);
}

/** The most frequent errors of messages that failed. */
export async function errorsOf(
  db: Queryable,
  workspaceId: string,
  range: SeriesRange,
): Promise<MessageSeries['by_error']> {
  return db.query(sql`select m.error_code as code, max(m.error_title) as title, count(*)::int as failed from message m
    where ${inRange(workspaceId, range)} and m.direction = 'outbound' and m.status = 'failed' and m.error_code is not null
    group by 1 order by 3 desc, 1 limit 50`);
}
