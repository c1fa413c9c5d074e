// The kept counts of a range of time: whole quarters of an hour are sums, and what the range cuts is counted.
import { type Fragment, sql } from '../../kit/db/sql.ts';

/** Without `until` the range has no end. */
export interface CountRange {
  from: Date;
  until: Date | undefined;
  accountId?: string | undefined;
  contactId?: string | undefined;
  conversationId?: string | undefined;
}

const quarterMs = 900_000;

/**
 * Rows of `direction, account_id, type, status, code, quarter, messages, accepted`, of which the same may come several
 * times: to be added up. They leave out system messages and calls. What is folded and what is not come from one
 * statement, so the sums are exact. Nothing is kept by person, of whom there are few messages: these are counted.
 */
export function countsOf(workspaceId: string, range: CountRange): Fragment {
  const { from, until, accountId, contactId, conversationId } = range;
  const ofAccount = accountId === undefined ? sql`` : sql`and account_id = ${accountId}`;
  const ofConversation = conversationId === undefined ? sql`` : sql`and conversation_id = ${conversationId}`;
  const ofContact =
    contactId === undefined
      ? sql``
      : sql`and conversation_id in (select id from conversation where contact_id = ${contactId} and workspace_id = ${workspaceId})`;
  const counted = (first: Date, last: Date | undefined) => sql`
    select direction, account_id, type, status, counted_code(status, error_code), counted_quarter(created_at), 1,
      (sent_at is not null)::int
    from message where workspace_id = ${workspaceId} and created_at >= ${first}
      ${last ? sql`and created_at < ${last}` : sql``} and not imported ${ofAccount} ${ofConversation} ${ofContact}`;
  const kept = (table: Fragment, first: Date, last: Date | undefined) => sql`
    select direction, account_id, type, status, code, quarter, messages, accepted from ${table}
    where workspace_id = ${workspaceId} and quarter >= ${first} ${last ? sql`and quarter < ${last}` : sql``} ${ofAccount}`;
  const first = new Date(Math.ceil(from.getTime() / quarterMs) * quarterMs);
  const last = until && new Date(Math.floor(until.getTime() / quarterMs) * quarterMs);
  const isOfOne = contactId !== undefined || conversationId !== undefined;
  const pieces =
    isOfOne || (last && last <= first)
      ? [counted(from, until)]
      : [
          kept(sql`message_count`, first, last),
          kept(sql`message_delta`, first, last),
          ...(from < first ? [counted(from, first)] : []),
          ...(until && last && last < until ? [counted(last, until)] : []),
        ];
  const all = pieces.reduce((left, right) => sql`${left} union all ${right}`);
  return sql`(select * from (${all}) x(direction, account_id, type, status, code, quarter, messages, accepted)
    where type not in ('system', 'call'))`;
}

/**
 * The quarters of a range in a time zone, each with the start of its hour or day: rows of `quarter, at`. An hour or a day
 * begins where the clock of the zone begins one, and an hour also where somebody changes the clock: it lasts until the
 * next one. On such a day an hour may have 15, 30 or 45 minutes, as at Lord Howe and on Chatham, and a label comes twice.
 */
export function quartersOf(from: Date, until: Date, interval: 'hour' | 'day', zone: string): Fragment {
  const local = sql`q at time zone ${zone}`;
  const offset = interval === 'hour' ? sql`, ${local} - q at time zone 'UTC'` : sql``;
  return sql`
    select quarter, at from (
      select q as quarter, min(q) over same as at, max(q) over same + interval '15 minutes' as next
      from generate_series(counted_quarter(date_trunc(${interval}, ${from}::timestamptz, ${zone}) - interval '2 hours'),
        ${until}::timestamptz - interval '1 millisecond', interval '15 minutes') q
      window same as (partition by date_trunc(${interval}, ${local}) ${offset})) x
    where next > ${from}`;
}
