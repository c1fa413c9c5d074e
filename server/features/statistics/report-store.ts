// The figures of messages by a grouping, as sums of kept counts.
import type { StatisticsGrouping } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { type CountRange, countsBy, countsOf, countsOfAll, quartersOf } from './counts-store.ts';

export interface ReportRange {
  from: Date;
  until: Date;
  previous: { from: Date; until: Date } | null;
}

/**
 * The range of a report: from the start of the day of its last moment unless it says otherwise. The period before is as
 * long by the clock of the zone, and begins whole weeks earlier, so that weekdays match.
 */
export async function rangeOf(
  db: Queryable,
  given: { from: Date | undefined; until: Date; zone: string; compare: boolean },
): Promise<ReportRange> {
  const { from, until, zone, compare } = given;
  const [row] = await db.query<{ from: Date; before_from: Date; before_until: Date }>(sql`
    select r.from, (r.from at time zone ${zone} - w.back) at time zone ${zone} as before_from,
      (${until}::timestamptz at time zone ${zone} - w.back) at time zone ${zone} as before_until
    from (select coalesce(${from ?? null}::timestamptz,
      date_trunc('day', ${until}::timestamptz - interval '1 millisecond', ${zone})) as from) r
    cross join lateral (select interval '7 days' * greatest(1, ceil(
      extract(epoch from (${until}::timestamptz at time zone ${zone}) - (r.from at time zone ${zone})) / 604800)) as back) w`);
  if (!row) throw new Error('no range');
  const previous = compare ? { from: row.before_from, until: row.before_until } : null;
  return { from: row.from, until, previous };
}

/** How many messages a group has in each state. taken: failed messages that the channel had accepted. */
export interface FigureRow {
  key: string | null;
  /** Of an hour or day: how the clock of the zone shows its start. */
  local: string | null;
  outbound: number;
  inbound: number | null;
  waiting: number;
  sending: number;
  unknown: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  cancelled: number;
  expired: number;
  undelivered: number;
  taken: number;
  first_at: Date | null;
  last_at: Date | null;
}

const sum = (column: 'messages' | 'accepted', where: Fragment) =>
  sql`coalesce(sum(${column === 'messages' ? sql`messages` : sql`accepted`}) filter (where ${where}), 0)::int`;
const out = (statuses: Fragment) => sum('messages', sql`direction = 'outbound' and status in (${statuses})`);

const figures = sql`${sum('messages', sql`direction = 'outbound'`)} as outbound,
  ${sum('messages', sql`direction = 'inbound'`)} as inbound, ${out(sql`'scheduled', 'queued'`)} as waiting,
  ${out(sql`'sending'`)} as sending, ${out(sql`'unknown'`)} as unknown,
  ${sum('accepted', sql`direction = 'outbound'`)} as sent, ${out(sql`'delivered', 'read', 'played'`)} as delivered,
  ${out(sql`'read', 'played'`)} as read, ${out(sql`'failed'`)} as failed, ${out(sql`'cancelled'`)} as cancelled,
  ${out(sql`'expired'`)} as expired, ${out(sql`'sent'`)} as undelivered,
  ${sum('accepted', sql`direction = 'outbound' and status = 'failed'`)} as taken`;

/** A range of all accounts that the caller sees, or of some. isWhole: the caller sees all of the workspace. */
export interface FigureRange extends CountRange {
  until: Date;
  isWhole: boolean;
}

/** Rows of at least `direction, status, quarter, messages, accepted`. */
const countsWithin = (workspaceId: string, range: FigureRange): Fragment =>
  range.isWhole && range.accountIds === undefined ? countsOfAll(workspaceId, range) : countsOf(workspaceId, range);

/** The figures of a range as a whole. */
export async function totalOf(db: Queryable, workspaceId: string, range: FigureRange): Promise<FigureRow> {
  const [row] = await db.query<FigureRow>(sql`
    select null as key, null as local, ${figures}, null as first_at, null as last_at
    from (select direction, status, sum(messages) as messages, sum(accepted) as accepted
      from ${countsWithin(workspaceId, range)} c group by 1, 2) k`);
  return row as FigureRow;
}

/** The figures of each hour or day of a range, oldest first. */
export async function figuresByTime(
  db: Queryable,
  workspaceId: string,
  range: FigureRange,
  interval: 'hour' | 'day',
  zone: string,
): Promise<FigureRow[]> {
  return db.query<FigureRow>(sql`
    with s as materialized (${quartersOf(range.from, range.until, interval, zone)}),
    c as (select quarter, direction, status, sum(messages) as messages, sum(accepted) as accepted
      from ${countsWithin(workspaceId, range)} c group by 1, 2, 3)
    select to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as key,
      to_char(date_trunc(${interval}, s.at at time zone ${zone}), 'YYYY-MM-DD"T"HH24:MI') as local, ${figures}, null as first_at, null as last_at
    from s left join c using (quarter) group by s.at order by s.at`);
}

export type KeyGrouping = Exclude<StatisticsGrouping, 'hour' | 'day'>;

/** Rows of `key, direction, status, quarter, messages, accepted` of a grouping. */
const countsGrouped = (grouping: KeyGrouping, workspaceId: string, range: CountRange): Fragment =>
  grouping === 'error'
    ? sql`(select nullif(code, '') as key, direction, status, quarter, messages, accepted
        from ${countsOf(workspaceId, range)} c where direction = 'outbound' and status = 'failed')`
    : countsBy(grouping, workspaceId, range);

/** Whether a grouping is of outbound messages only. */
export const isOfOutbound = (grouping: KeyGrouping): boolean => grouping !== 'account';

/** The figures of each group of a range, in no order. Of a grouping by error, failed messages. */
export async function figuresByKey(
  db: Queryable,
  workspaceId: string,
  range: CountRange,
  grouping: KeyGrouping,
): Promise<FigureRow[]> {
  const rows = await db.query<FigureRow>(sql`
    select key, null as local, ${figures}, min(first_at) as first_at, max(last_at) as last_at
    from (select key, direction, status, sum(messages) as messages, sum(accepted) as accepted,
        min(quarter) as first_at, max(quarter) as last_at
      from ${countsGrouped(grouping, workspaceId, range)} c(key, direction, status, quarter, messages, accepted)
      group by 1, 2, 3) k
    group by key having sum(messages) <> 0`);
  return isOfOutbound(grouping) ? rows.map(row => ({ ...row, inbound: null })) : rows;
}

/** A name, and of a sender what it is. */
export interface Named {
  key: string;
  name: string | null;
  kind: 'person' | 'api_key' | null;
}

/** The names of groups, and the titles of errors that messages of the range still have. */
export async function namesOf(
  db: Queryable,
  workspaceId: string,
  grouping: KeyGrouping,
  ids: string[],
  range: Pick<ReportRange, 'from' | 'until'>,
): Promise<Map<string, Named>> {
  if (grouping === 'template' || grouping === 'country') return new Map();
  const from: Record<Exclude<KeyGrouping, 'template' | 'country'>, Fragment> = {
    account: sql`select id, name, null as kind from account where workspace_id = ${workspaceId} and id::text = any (${ids})`,
    campaign: sql`select id, name, null as kind from campaign where workspace_id = ${workspaceId} and id::text = any (${ids})`,
    sender: sql`select p.id, p.name, 'person' as kind from person p join membership m on m.person_id = p.id
        where m.workspace_id = ${workspaceId} and p.id::text = any (${ids})
      union all
      select id, name, 'api_key' from api_key where workspace_id = ${workspaceId} and id::text = any (${ids})`,
    error: sql`select u.code as id, t.error_title as name, null as kind from unnest(${ids}::text[]) u(code)
      cross join lateral (select m.error_title from message m where m.workspace_id = ${workspaceId} and m.listed_status = 'failed'
        and m.direction = 'outbound' and m.error_code = u.code and m.created_at >= ${range.from}
        and m.created_at < ${range.until} order by m.created_at desc limit 1) t`,
  };
  const rows = await db.query<Named>(sql`select id::text as key, name, kind from (${from[grouping]}) x`);
  return new Map(rows.map(row => [row.key, row]));
}
