// The kept counts of a range of time: whole quarters of an hour are sums, and what the range cuts is counted.
import { type Fragment, sql } from '../../kit/db/sql.ts';

/** Without `until` the range has no end. */
export interface CountRange {
  from: Date;
  until: Date | undefined;
  accountIds?: string[] | undefined;
  contactId?: string | undefined;
  conversationId?: string | undefined;
}

const quarterMs = 900_000;

/** What outbound messages can be counted by: the kept column, and what it is of a message. */
const outboundKeys = {
  template: [sql`template`, sql`counted_template(type, content)`],
  campaign: [sql`campaign_id`, sql`campaign_id`],
  sender: [sql`created_by`, sql`created_by`],
  country: [sql`calling_code`, sql`counted_calling_code(direction, address)`],
} as const;
export type OutboundKey = keyof typeof outboundKeys;

/** The pieces of a range: the tables of whole quarters, and the messages of quarters that it cuts. */
function piecesOf(
  { from, until, contactId, conversationId }: CountRange,
  kept: Fragment,
  keptFrom: (first: Date, last: Date | undefined, table: Fragment) => Fragment,
  countedFrom: (first: Date, last: Date | undefined) => Fragment,
): Fragment {
  const first = new Date(Math.ceil(from.getTime() / quarterMs) * quarterMs);
  const last = until && new Date(Math.floor(until.getTime() / quarterMs) * quarterMs);
  // Nothing is kept by person, of whom there are few messages.
  const isOfOne = contactId !== undefined || conversationId !== undefined;
  if (isOfOne || (last && last <= first)) return countedFrom(from, until);
  return [
    keptFrom(first, last, kept),
    keptFrom(first, last, sql`message_delta`),
    ...(from < first ? [countedFrom(from, first)] : []),
    ...(until && last && last < until ? [countedFrom(last, until)] : []),
  ].reduce((left, right) => sql`${left} union all ${right}`);
}

const ofAccounts = ({ accountIds }: CountRange): Fragment =>
  accountIds === undefined ? sql`` : sql`and account_id = any (${accountIds}::uuid[])`;

const keptOf = (workspaceId: string, range: CountRange) => (first: Date, last: Date | undefined) =>
  sql`workspace_id = ${workspaceId} and quarter >= ${first} ${last ? sql`and quarter < ${last}` : sql``} ${ofAccounts(range)}`;

function countedOf(workspaceId: string, range: CountRange) {
  const { contactId, conversationId } = range;
  const ofConversation = conversationId === undefined ? sql`` : sql`and conversation_id = ${conversationId}`;
  const ofContact =
    contactId === undefined
      ? sql``
      : sql`and conversation_id in (select id from conversation where contact_id = ${contactId} and workspace_id = ${workspaceId})`;
  return (first: Date, last: Date | undefined) =>
    sql`workspace_id = ${workspaceId} and created_at >= ${first} ${last ? sql`and created_at < ${last}` : sql``}
      and not imported ${ofAccounts(range)} ${ofConversation} ${ofContact}`;
}

/**
 * Rows of `direction, account_id, type, status, code, quarter, messages, accepted`, of which the same may come several
 * times: to be added up. They leave out system messages and calls. Folded and unfolded rows come from one
 * statement, so the sums are exact.
 */
export function countsOf(workspaceId: string, range: CountRange): Fragment {
  const [ofKept, ofCounted] = [keptOf(workspaceId, range), countedOf(workspaceId, range)];
  const all = piecesOf(
    range,
    sql`message_count`,
    (first, last, table) => sql`
      select direction, account_id, type, status, code, quarter, messages, accepted from ${table}
      where ${ofKept(first, last)}`,
    (first, last) => sql`
      select direction, account_id, type, status, counted_code(status, error_code), counted_quarter(created_at), 1,
        (sent_at is not null)::int from message where ${ofCounted(first, last)}`,
  );
  return sql`(select * from (${all}) x(direction, account_id, type, status, code, quarter, messages, accepted)
    where type not in ('system', 'call'))`;
}

/** The same of outbound messages by what they were: rows of `key, direction, status, quarter, messages, accepted`. */
export function outboundBy(key: OutboundKey, workspaceId: string, range: CountRange): Fragment {
  const [ofKept, ofCounted] = [keptOf(workspaceId, range), countedOf(workspaceId, range)];
  const [column, expression] = outboundKeys[key];
  const all = piecesOf(
    range,
    sql`(select *, 'outbound' as direction from outbound_count) o`,
    (first, last, table) => sql`
      select ${column}::text, direction, status, quarter, messages, accepted from ${table}
      where ${ofKept(first, last)} and direction = 'outbound'`,
    (first, last) => sql`
      select (${expression})::text, direction, status, counted_quarter(created_at), 1, (sent_at is not null)::int
      from message where ${ofCounted(first, last)} and direction = 'outbound'`,
  );
  return sql`(${all})`;
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
