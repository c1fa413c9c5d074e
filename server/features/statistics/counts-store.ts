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
const ofPeople = sql`type not in ('system', 'call')`;

const dayMs = 86_400_000;

/** What messages can be counted by: the kept column, and what it is of a message. */
const keys = {
  account: [sql`account_id`, sql`account_id`],
  template: [sql`template`, sql`counted_template(type, content)`],
  campaign: [sql`campaign_id`, sql`campaign_id`],
  sender: [sql`created_by`, sql`created_by`],
  country: [sql`calling_code`, sql`counted_calling_code(direction, address)`],
} as const;
export type CountKey = keyof typeof keys;

type Within = (first: Date, last: Date | undefined) => Fragment;

const union = (pieces: Fragment[]): Fragment => pieces.reduce((left, right) => sql`${left} union all ${right}`);

/** The pieces of a range: the kept rows of whole quarters, and the messages of quarters that it cuts. */
function piecesOf({ from, until, contactId, conversationId }: CountRange, kept: Within, counted: Within): Fragment {
  const first = new Date(Math.ceil(from.getTime() / quarterMs) * quarterMs);
  const last = until && new Date(Math.floor(until.getTime() / quarterMs) * quarterMs);
  // Nothing is kept by person, of whom there are few messages.
  const isOfOne = contactId !== undefined || conversationId !== undefined;
  if (isOfOne || (last && last <= first)) return counted(from, until);
  return union([
    kept(first, last),
    ...(from < first ? [counted(from, first)] : []),
    ...(until && last && last < until ? [counted(last, until)] : []),
  ]);
}

/** The kept rows of whole quarters: whole days of UTC where there are any, and the quarters before and after. */
function withDays(first: Date, last: Date | undefined, days: Within, quarters: Within): Fragment {
  const firstDay = new Date(Math.ceil(first.getTime() / dayMs) * dayMs);
  const lastDay = last && new Date(Math.floor(last.getTime() / dayMs) * dayMs);
  if (lastDay && lastDay <= firstDay) return quarters(first, last);
  return union([
    days(firstDay, lastDay),
    ...(first < firstDay ? [quarters(first, firstDay)] : []),
    ...(last && lastDay && lastDay < last ? [quarters(lastDay, last)] : []),
  ]);
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
    (first, last) => {
      const from = (table: Fragment) => sql`
        select direction, account_id, type, status, code, quarter, messages, accepted from ${table}
        where ${ofKept(first, last)}`;
      return union([from(sql`message_count`), from(sql`message_delta`)]);
    },
    (first, last) => sql`
      select direction, account_id, type, status, counted_code(status, error_code), counted_quarter(created_at), 1,
        (sent_at is not null)::int from message where ${ofCounted(first, last)}`,
  );
  return sql`(select * from (${all}) x(direction, account_id, type, status, code, quarter, messages, accepted)
    where ${ofPeople})`;
}

/** The same of all accounts of the workspace together, for callers who see them all: without what they are of. */
export function countsOfAll(workspaceId: string, range: CountRange): Fragment {
  const ofCounted = countedOf(workspaceId, range);
  const within = (at: Fragment, first: Date, last: Date | undefined) =>
    sql`workspace_id = ${workspaceId} and ${at} >= ${first} ${last ? sql`and ${at} < ${last}` : sql``}`;
  const all = piecesOf(
    range,
    (first, last) => sql`
      select direction, status, at, messages, accepted from grouped_count
      where ${within(sql`at`, first, last)} and counted_by = 'all'
      union all
      select direction, status, quarter, messages, accepted from message_delta
      where ${within(sql`quarter`, first, last)} and ${ofPeople}`,
    (first, last) => sql`
      select direction, status, counted_quarter(created_at), 1, (sent_at is not null)::int from message
      where ${ofCounted(first, last)} and ${ofPeople}`,
  );
  return sql`(select * from (${all}) x(direction, status, quarter, messages, accepted))`;
}

/** The same by what they were: rows of `key, direction, status, quarter, messages, accepted`. All but account are of outbound ones. */
export function countsBy(key: CountKey, workspaceId: string, range: CountRange): Fragment {
  const [ofKept, ofCounted] = [keptOf(workspaceId, range), countedOf(workspaceId, range)];
  const [column, expression] = keys[key];
  const only = key === 'account' ? ofPeople : sql`direction = 'outbound'`;
  const quarters =
    key === 'account'
      ? sql`message_count`
      : sql`(select *, 'outbound' as direction, 'text' as type from outbound_count) o`;
  const all = piecesOf(
    range,
    (first, last) => {
      const kept = withDays(
        first,
        last,
        (firstDay, lastDay) => sql`
          select key, direction, status, at, messages, accepted from grouped_count
          where workspace_id = ${workspaceId} and counted_by = ${key} and at >= ${firstDay}
            ${lastDay ? sql`and at < ${lastDay}` : sql``} ${ofAccounts(range)}`,
        (begin, end) => sql`
          select ${column}::text, direction, status, quarter, messages, accepted from ${quarters}
          where ${ofKept(begin, end)} and ${only}`,
      );
      return sql`${kept} union all
        select ${column}::text, direction, status, quarter, messages, accepted from message_delta
        where ${ofKept(first, last)} and ${only}`;
    },
    (first, last) => sql`
      select (${expression})::text, direction, status, counted_quarter(created_at), 1, (sent_at is not null)::int
      from message where ${ofCounted(first, last)} and ${only}`,
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
