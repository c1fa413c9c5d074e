// What the statistics show: counts of messages, mostly kept ones.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** How many messages of a direction have one status, or one type, or are of one day or account. */
export interface CountRow {
  grouped_by: 'status' | 'type' | 'day' | 'account';
  key: string;
  direction: 'outbound' | 'inbound';
  messages: number;
  accepted: number;
  failed: number;
}

interface StatisticsRange {
  from: Date;
  until: Date | undefined;
  accountId?: string | undefined;
  contactId?: string | undefined;
  conversationId?: string | undefined;
}

/**
 * Counts of written messages by each column of the statistics, in UTC days. Whole days are sums of kept counts; only the
 * parts of days at the ends of the range are counted. Without `until` the range has no end.
 * The groups are made by the database: years of many accounts would be far too many rows to add up here.
 */
export async function countMessages(db: Queryable, workspaceId: string, range: StatisticsRange): Promise<CountRow[]> {
  const { contactId, conversationId } = range;
  const account = range.accountId === undefined ? sql`` : sql`and account_id = ${range.accountId}`;
  const conversation = conversationId === undefined ? sql`` : sql`and conversation_id = ${conversationId}`;
  const contact =
    contactId === undefined
      ? sql``
      : sql`and conversation_id in (select id from conversation where contact_id = ${contactId} and workspace_id = ${workspaceId})`;
  const kept = (first: Date, last: Date | undefined) => {
    const end = last ? sql`and day < (${last}::timestamptz at time zone 'UTC')::date` : sql``;
    const where = sql`where workspace_id = ${workspaceId} and day >= (${first}::timestamptz at time zone 'UTC')::date ${end} ${account}`;
    return [
      sql`select direction, account_id, type, status, day, messages, accepted from message_count ${where}`,
      sql`select direction, account_id, type, status, day, messages, accepted from message_delta ${where}`,
    ];
  };
  const counted = (from: Date, until: Date | undefined) => sql`
    select direction, account_id, type, status, (created_at at time zone 'UTC')::date, 1, (sent_at is not null)::int from message
    where workspace_id = ${workspaceId} and created_at >= ${from} ${until ? sql`and created_at < ${until}` : sql``}
      ${account} ${conversation} ${contact}`;
  const first = new Date(Math.ceil(range.from.getTime() / dayMs) * dayMs);
  const last = range.until && new Date(Math.floor(range.until.getTime() / dayMs) * dayMs);
  // Nothing is kept by person: there are few messages of one.
  const isOfOne = contactId !== undefined || conversationId !== undefined;
  const pieces =
    isOfOne || (range.until && last && last <= first)
      ? [counted(range.from, range.until)]
      : [
          ...kept(first, last),
          ...(range.from < first ? [counted(range.from, first)] : []),
          ...(range.until && last && last < range.until ? [counted(last, range.until)] : []),
        ];
  const all = pieces.slice(1).reduce((left, right) => sql`${left} union all ${right}`, pieces[0] ?? sql``);
  return db.query<CountRow>(sql`
    select case when grouping(status) = 0 then 'status' when grouping(type) = 0 then 'type' when grouping(day) = 0 then 'day'
        else 'account' end as grouped_by,
      coalesce(status, type, day::text, account_id::text) as key, direction, sum(messages)::bigint as messages,
      sum(accepted)::bigint as accepted, coalesce(sum(messages) filter (where status = 'failed'), 0)::bigint as failed
    from (${all}) x(direction, account_id, type, status, day, messages, accepted)
    where type not in ('system', 'call')
    group by grouping sets ((direction, status), (direction, type), (direction, day), (direction, account_id))
    having sum(messages) <> 0`);
}

const dayMs = 86_400_000;
