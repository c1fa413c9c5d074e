// Reading messages: one with its timeline, or a page of a list by whatever it is filtered.
import type { Queryable } from '../../kit/db.ts';
import { countedTo, type PageRequest } from '../../kit/http.ts';
import { all, type Fragment, sql } from '../../kit/sql.ts';
import type { AttemptRow, EventRow, MessageRow } from './message.ts';
import { presentCounts } from './present-store.ts';

export const columns = sql`m.id, m.seq, m.workspace_id, m.account_id, m.conversation_id, m.contact_id, m.direction, m.address,
  a.phone as account_phone, m.type, m.content, m.context, m.referral, m.status, m.channel_message_id, m.error_code, m.error_title, m.created_by,
  m.created_at, m.sent_at, m.delivered_at, m.read_at, m.failed_at, m.priority, m.expires_at, m.batch_id, m.send_at,
  case when m.direction = 'inbound' and m.type in ('image', 'video', 'audio', 'document', 'sticker') then (
    select jsonb_build_object('id', f.id, 'status', f.status, 'mime_type', coalesce(f.mime_type, f.declared_type),
      'size', coalesce(f.size, f.expected_size), 'file_name', f.file_name, 'error_code', f.error_code, 'error_title', f.error_title)
    from media f where f.message_id = m.id limit 1) end as file,
  case when m.context is not null then coalesce(
    (select k.message_id from attempt k where k.account_id = m.account_id and k.channel_message_id = m.context ->> 'id' limit 1),
    (select o.id from message o where o.account_id = m.account_id and o.channel_message_id = m.context ->> 'id'
      and o.direction = 'inbound' limit 1)) end as context_message_id`;

export async function findMessage(db: Queryable, workspaceId: string, id: string): Promise<MessageRow | undefined> {
  const [row] = await db.query<MessageRow>(sql`select ${columns} from message m join account a on a.id = m.account_id
    where m.workspace_id = ${workspaceId} and m.id = ${id}`);
  return row;
}

export interface MessageFilter {
  accountId?: string | undefined;
  contactId?: string | undefined;
  conversationId?: string | undefined;
  direction?: string | undefined;
  type?: string | undefined;
  statuses?: readonly string[] | undefined;
  batchId?: string | undefined;
  from?: string | undefined;
  until?: string | undefined;
  /** The accounts (UUIDs) that the caller is limited to. The wall shows no others anyway; said here, an index is by them. */
  limitedTo?: readonly string[] | undefined;
}

/**
 * A page of messages, the newest first, in the order in which they were accepted or received; those of a range of time by
 * that time, as any other order would go back through all that is newer than the range. Each way in has an index
 * in its order; where several stretches of one meet (a contact's conversations, several statuses, the accounts of a
 * caller who is limited to some), each gives its newest.
 */
export async function listMessages(
  db: Queryable,
  workspaceId: string,
  filter: MessageFilter,
  page: PageRequest,
): Promise<{ rows: ListedMessage[]; total: number }> {
  const where = all([
    sql`m.workspace_id = ${workspaceId}`,
    filter.accountId !== undefined && sql`m.account_id = ${filter.accountId}`,
    filter.conversationId !== undefined && sql`m.conversation_id = ${filter.conversationId}`,
    filter.direction !== undefined && sql`m.direction = ${filter.direction}`,
    filter.batchId !== undefined && sql`m.batch_id = ${filter.batchId}`,
    filter.type !== undefined && sql`m.type = ${filter.type}`,
    filter.from !== undefined && sql`m.created_at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`m.created_at < ${filter.until}::timestamptz`,
  ]);
  const ways = waysIn(workspaceId, filter);
  const order = isRanged(filter) ? sql`m.created_at desc, m.seq desc` : sql`m.seq desc`;
  const newest = ways.map(
    ({ stretches, within }) => sql`select x.* from ${stretches} cross join lateral (
      select m.* from message m where ${within} and ${where} and ${beyond(filter, page.after)}
      order by ${order} limit ${page.offset + page.limit + 1}) x`,
  );
  const rows = await db.query<ListedMessage>(sql`select ${columns},
      to_char(m.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sorted_by from (
      select m.* from (${unionOf(newest)}) m order by ${order} limit ${page.limit + 1} offset ${page.offset}) m
    join account a on a.id = m.account_id order by ${order}`);
  const kept = keptTotal(workspaceId, filter);
  const counted = ways.map(
    ({ stretches, within }) => sql`select 1 from ${stretches} join message m on ${within} where ${where}`,
  );
  const [count] = await db.query<{ total: number }>(
    kept ?? sql`select count(*) as total from (select * from (${unionOf(counted)}) y limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** A message with its created_at to the microsecond, for the cursor of a range. */
export type ListedMessage = MessageRow & { sorted_by: string };

/** Whether a list is of a range of time, and sorted by it: its cursors say created_at and seq, those of others seq. */
export const isRanged = (filter: Pick<MessageFilter, 'from' | 'until'>): boolean =>
  filter.from !== undefined || filter.until !== undefined;

function beyond(filter: MessageFilter, after: string[] | undefined): Fragment {
  if (!after) return sql`true`;
  return isRanged(filter)
    ? sql`m.created_at <= ${after[0]}::timestamptz and (m.created_at, m.seq) < (${after[0]}::timestamptz, ${after[1]}::bigint)`
    : sql`m.seq < ${after[0]}`;
}

const unionOf = (queries: Fragment[]): Fragment => queries.reduce((left, right) => sql`${left} union all ${right}`);

/** How many messages a filter has, where the kept counts know it. */
function keptTotal(workspaceId: string, filter: MessageFilter): Fragment | undefined {
  const { accountId, direction, type, statuses, limitedTo: _, ...others } = filter;
  if (Object.values(others).some(value => value !== undefined)) return undefined;
  return sql`select coalesce(sum(messages), 0) as total from ${presentCounts(
    all([
      sql`workspace_id = ${workspaceId}`,
      accountId !== undefined && sql`account_id = ${accountId}`,
      direction !== undefined && sql`direction = ${direction}`,
      type !== undefined && sql`type = ${type}`,
      statuses !== undefined && sql`status = any (${[...statuses]})`,
    ]),
  )} c`;
}

/** Stretches of an index, by rows of `stretches`, and which messages are `within` one of them. */
interface WayIn {
  stretches: Fragment;
  within: Fragment;
}

/** So many accounts are named one by one, so that the planner knows how much each has; of more it takes the average. */
const mostNamed = 20;

function waysIn(workspaceId: string, filter: MessageFilter): WayIn[] {
  const statuses = filter.statuses && [...new Set(filter.statuses)];
  const { accountId, contactId, conversationId, batchId, limitedTo } = filter;
  if (contactId !== undefined)
    return [
      {
        stretches: sql`(select id from conversation where contact_id = ${contactId} and workspace_id = ${workspaceId}) s`,
        within: all([sql`m.conversation_id = s.id`, statuses && sql`m.status = any (${statuses})`]),
      },
    ];
  const ofThese =
    limitedTo && [accountId, conversationId, batchId].every(given => given === undefined) ? limitedTo : undefined;
  // One stretch of the index by time, that of the range.
  if (isRanged(filter))
    return [
      {
        stretches: sql`(values (1)) s(one)`,
        within: all([
          ofThese && sql`m.account_id = any (${[...ofThese]}::uuid[])`,
          statuses && sql`m.status collate "C" = any (${statuses})`,
        ]),
      },
    ];
  const stretches = statuses ? sql`unnest(${statuses}::text[]) s(status)` : sql`(values (1)) s(one)`;
  const within = statuses ? sql`m.status collate "C" = s.status` : sql`true`;
  if (!ofThese) return [{ stretches, within }];
  // By the wall alone, the search for theirs would go through everything that is newer and of others.
  if (ofThese.length > 0 && ofThese.length <= mostNamed)
    return ofThese.map(id => ({ stretches, within: sql`${within} and m.account_id = ${id}` }));
  return [
    {
      stretches: sql`unnest(${[...ofThese]}::uuid[]) o(account_id) cross join ${stretches}`,
      within: sql`${within} and m.account_id = o.account_id`,
    },
  ];
}

export async function timelineOf(db: Queryable, id: string): Promise<{ events: EventRow[]; attempts: AttemptRow[] }> {
  const [events, attempts] = await Promise.all([
    db.query<EventRow>(sql`select number, type, at, data from event where message_id = ${id} order by number`),
    db.query<AttemptRow>(sql`select number, status, class, code, title, channel_message_id, started_at, ended_at
      from attempt where message_id = ${id} order by number`),
  ]);
  return { events, attempts };
}
