// Reads messages: one with its timeline, or a page of a filtered list.
import { contentTypes, type WaitingReason } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { who } from '../../kit/who.ts';
import type { FileRow } from '../media/index.ts';
import { attachedMedia } from './attached-file.ts';
import { currentCounts } from './current-counts-store.ts';
import type { AttemptRow, EventRow, MessageRow } from './message.ts';
import { isScheduled, waitingFor } from './waiting-store.ts';

export const columns = sql`m.id, m.seq, m.workspace_id, m.account_id, m.conversation_id, m.contact_id, m.direction, m.address,
  a.phone as account_phone, m.type, m.content, m.context, m.referral, m.source, m.group_id, m.edited_at, m.revoked_at, m.status, m.channel_message_id, m.error_code, m.error_title, ${who(sql`m.created_by`)} as created_by,
  m.created_at, m.sent_at, m.delivered_at, m.read_at, m.failed_at, m.priority, m.expires_at, m.batch_id, m.campaign_id, m.reference, m.metadata, m.send_at, m.warnings,
  case when m.keeps_evidence then m.pricing when m.direction = 'outbound' then (select k.pricing from attempt k where k.token > m.id and k.token <= token_of(m.id, 65535)
    and k.pricing is not null order by k.token desc limit 1) end as pricing,
  case when (m.direction = 'inbound' or m.source is not null) and m.type in ('image', 'video', 'audio', 'document', 'sticker') then (
    select jsonb_build_object('id', f.id, 'status', f.status, 'mime_type', coalesce(f.mime_type, f.declared_type),
      'size', coalesce(f.size, f.expected_size), 'file_name', f.file_name, 'width', f.width, 'height', f.height,
      'has_thumbnail', f.thumbnail_sha256 is not null, 'error_code', f.error_code, 'error_title', f.error_title)
    from media f where f.message_id = m.id limit 1) end as file,
  case when m.context is not null then coalesce(
    (select k.message_id from attempt k where k.account_id = m.account_id and k.channel_message_id = m.context ->> 'id' limit 1),
    (select o.id from message o where o.account_id = m.account_id and o.received_id = m.context ->> 'id'
      and o.direction = 'inbound' limit 1)) end as context_message_id,
  (select jsonb_agg(jsonb_build_object('from', r.by, 'emoji', r.emoji, 'at', r.at) order by r.at, r.by) from message_reaction r
    where r.message_id = m.id and r.emoji is not null) as reactions,
  case when m.edited_at is not null then (select jsonb_agg(jsonb_build_object('type', v.type, 'content', v.content, 'at', v.at)
    order by v.n) from message_version v where v.message_id = m.id) end as versions`;

export async function findMessage(db: Queryable, workspaceId: string, id: string): Promise<MessageRow | undefined> {
  const [row] = await db.query<MessageRow>(sql`select ${columns} from message m join account a on a.id = m.account_id
    where m.workspace_id = ${workspaceId} and m.id = ${id}`);
  const [shown] = row ? await withFiles(db, workspaceId, [row]) : [];
  return shown;
}

/** Adds the files that outbound messages carry. Their content has the id as the API writes it, which SQL cannot join. */
export async function withFiles<Row extends MessageRow>(
  db: Queryable,
  workspaceId: string,
  rows: Row[],
): Promise<Row[]> {
  const idOf = (row: Row) =>
    row.direction === 'outbound' && row.source === null && contentTypes[row.type].file === 'itself'
      ? attachedMedia(row.type, row.content)
      : undefined;
  const ids = new Set(rows.map(idOf).filter(id => id !== undefined));
  if (ids.size === 0) return rows;
  const files = await db.query<FileRow>(sql`select f.id, f.status, coalesce(f.mime_type, f.declared_type) as mime_type,
      coalesce(f.size, f.expected_size) as size, f.file_name, f.width, f.height,
      f.thumbnail_sha256 is not null as has_thumbnail, f.error_code, f.error_title
    from media f where f.workspace_id = ${workspaceId} and f.id = any (${[...ids]}::uuid[])`);
  const byId = new Map(files.map(file => [file.id, file]));
  return rows.map(row => {
    const id = idOf(row);
    return id === undefined ? row : { ...row, file: byId.get(id) ?? null };
  });
}

/** The place of a message in its conversation; undefined where the conversation has no such message. */
export async function seqIn(db: Queryable, conversationId: string, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ seq: string }>(sql`
    select m.seq::text as seq from message m where m.id = ${id} and m.conversation_id = ${conversationId}
    union all select n.seq::text from note n where n.id = ${id} and n.conversation_id = ${conversationId}`);
  return row?.seq;
}

export interface MessageFilter {
  accountId?: string | undefined;
  contactId?: string | undefined;
  conversationId?: string | undefined;
  /** Only those accepted or received before, or after, the one with this `seq`. */
  beforeSeq?: string | undefined;
  afterSeq?: string | undefined;
  direction?: string | undefined;
  types?: readonly string[] | undefined;
  statuses?: readonly string[] | undefined;
  batchId?: string | undefined;
  priority?: number | undefined;
  errorCode?: string | undefined;
  /** Only those that wait for this, as things are. */
  waiting?: { reason: WaitingReason; storageFull: boolean; now: Date | null } | undefined;
  createdBy?: string | undefined;
  channelMessageId?: string | undefined;
  reference?: string | undefined;
  /** Only those with an event since then. */
  updatedSince?: string | undefined;
  from?: string | undefined;
  until?: string | undefined;
  /** The accounts (UUIDs) that the caller is limited to. The wall shows no others anyway; said here, an index is by them. */
  limitedTo?: readonly string[] | undefined;
  /** Whether the caller reads some conversations only, which the kept counts do not know. */
  isOfReader?: true | undefined;
  /** Oldest first, instead of newest first. */
  isAscending?: boolean | undefined;
}

/**
 * A page of messages, the newest or the oldest first, in the order in which they were accepted or received; those of a range of time by
 * that time, as any other order would go back through all that is newer than the range. Each way in but by priority and author has an index
 * in its order; where several stretches of one meet (a contact's conversations, the accounts of a caller who is limited to
 * some), each gives its first.
 */
export async function listMessages(
  db: Queryable,
  workspaceId: string,
  filter: MessageFilter,
  page: PageRequest,
): Promise<{ rows: ListedMessage[]; total: number }> {
  // The wall shows nothing of such an account, and would read all of it to find that out.
  if (filter.accountId !== undefined && filter.limitedTo?.includes(filter.accountId) === false)
    return { rows: [], total: 0 };
  const others = all([
    sql`m.workspace_id = ${workspaceId}`,
    filter.accountId !== undefined && sql`m.account_id = ${filter.accountId}`,
    filter.contactId !== undefined &&
      (filter.waiting !== undefined || filter.channelMessageId !== undefined || filter.reference !== undefined) &&
      sql`m.conversation_id in (select c.id from conversation c where c.contact_id = ${filter.contactId} and c.workspace_id = ${workspaceId})`,
    filter.conversationId !== undefined && sql`m.conversation_id = ${filter.conversationId}`,
    filter.beforeSeq !== undefined && sql`m.seq < ${filter.beforeSeq}::bigint`,
    filter.afterSeq !== undefined && sql`m.seq > ${filter.afterSeq}::bigint`,
    filter.direction !== undefined && sql`m.direction = ${filter.direction}`,
    filter.batchId !== undefined && sql`m.batch_id = ${filter.batchId}`,
    filter.types !== undefined && sql`m.type = any (${[...filter.types]})`,
    filter.statuses !== undefined && sql`m.status = any (${[...filter.statuses]})`,
    filter.priority !== undefined && sql`m.direction = 'outbound' and m.priority = ${filter.priority}`,
    filter.errorCode !== undefined && sql`m.error_code = ${filter.errorCode}`,
    filter.createdBy !== undefined && sql`m.created_by = ${filter.createdBy}`,
    filter.reference !== undefined && sql`m.reference = ${filter.reference}`,
    filter.from !== undefined && sql`m.created_at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`m.created_at < ${filter.until}::timestamptz`,
    filter.waiting?.reason === 'scheduled' && isScheduled(filter.waiting.now),
  ]);
  const where = filter.updatedSince === undefined ? others : all([others, hasChanged(filter.updatedSince)]);
  const ways = await waysIn(db, workspaceId, filter, page);
  const [way] = ways;
  if (way?.isCostly) return listCostly(db, workspaceId, way, { where, others }, filter, page);
  const order = orderOf(filter);
  const first = ways.map(
    ({ stretches, within, isWhole }) => sql`select x.* from ${stretches} cross join lateral (
      select m.* from ${isWhole ? wholly(within) : sql`message m`} where ${within} and ${where} and ${beyond(filter, page.after)}
      order by ${order} limit ${reach(page)}) x`,
  );
  const found = await db.query<ListedMessage>(sql`select ${listed} from (
      select m.* from (${unionOf(first)}) m order by ${order} limit ${page.limit + 1} offset ${page.offset}) m
    join account a on a.id = m.account_id order by ${order}`);
  const rows = await withFiles(db, workspaceId, found);
  const counted = ways.map(
    ({ stretches, within, isWhole }) => sql`select 1 from ${stretches} cross join lateral (
      select 1 from ${isWhole ? wholly(within) : sql`message m`} where ${within} and ${where}) x`,
  );
  const total = isKept(filter)
    ? await keptTotal(db, workspaceId, filter)
    : await totalOf(
        db,
        sql`select count(*) as total from (select * from (${unionOf(counted)}) y limit ${countedTo + 1}) x`,
      );
  return { rows, total };
}

/** Whether a message has an event of a time or later. All events in a row of the log are of one time. */
const hasChanged = (since: string): Fragment => sql`(
  exists (select 1 from logged_event e where e.row_message_id = m.id and e.at >= ${since}::timestamptz)
  or exists (select 1 from unnest(m.events) n(id) join logged_event e on e.row_id = event_row(n.id)
    where e.at >= ${since}::timestamptz))`;

/** A message with its created_at to the microsecond, for the cursor of a range. */
export type ListedMessage = MessageRow & { sorted_by: string };

const listed = sql`${columns}, to_char(m.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sorted_by`;

/** The most of the first messages that a page examines before all matching ones. */
const mostNear = 5_000;
/** The most events examined to find out that more messages changed than are counted. */
const mostEvents = 60_000;

/** A page by a way in that costs much. Finds the matches once, for the page and its total. */
async function listCostly(
  db: Queryable,
  workspaceId: string,
  { stretches, within, isOfChanges }: WayIn,
  { where, others }: { where: Fragment; others: Fragment },
  filter: MessageFilter,
  page: PageRequest,
): Promise<{ rows: ListedMessage[]; total: number }> {
  const order = orderOf(filter);
  const rest = beyond(filter, page.after);
  const near = await listNear(db, workspaceId, where, filter, page);
  const [found = near] = near
    ? []
    : await db.query<{ ids: string[]; total: number }>(sql`
      with matched as materialized (select m.id, m.seq, m.created_at from ${stretches} join message m on ${within}
        where ${isOfChanges ? others : where})
      select (select count(*) from (select 1 from matched limit ${countedTo + 1}) x) as total,
        array(select m.id from matched m where ${rest} order by ${order} limit ${page.limit + 1} offset ${page.offset}) as ids`);
  if (!found) return { rows: [], total: 0 };
  const rows = await db.query<ListedMessage>(sql`select ${listed} from message m join account a on a.id = m.account_id
    where m.workspace_id = ${workspaceId} and m.id = any (${found.ids}::uuid[]) order by ${order}`);
  return { rows: await withFiles(db, workspaceId, rows), total: found.total };
}

/**
 * The page of what changed, where the first messages fill it and more changed than are counted: after much has changed,
 * nothing else is read. Undefined where they do not.
 */
async function listNear(
  db: Queryable,
  workspaceId: string,
  where: Fragment,
  filter: MessageFilter,
  page: PageRequest,
): Promise<{ ids: string[]; total: number } | undefined> {
  const { updatedSince, isAscending: _, ...others } = filter;
  const isPlain = Object.values(others).every(value => value === undefined);
  if (updatedSince === undefined || !isPlain || reach(page) > mostNear) return undefined;
  const changed = await totalOf(
    db,
    sql`select count(distinct x.message_id) as total from (select e.message_id from logged_event e
      where e.workspace_id = ${workspaceId} and e.about_message and e.at >= ${updatedSince}::timestamptz
      limit ${mostEvents}) x`,
  );
  if (changed <= countedTo) return undefined;
  const order = orderOf(filter);
  const [found] = await db.query<{ ids: string[] }>(sql`select array(select m.id from (
      select m.* from message m where m.workspace_id = ${workspaceId} and ${beyond(filter, page.after)}
      order by ${order} limit ${mostNear}) m
    where ${where} order by ${order} limit ${page.limit + 1} offset ${page.offset}) as ids`);
  return found && found.ids.length > page.limit ? { ids: found.ids, total: countedTo + 1 } : undefined;
}

/** Whether a list is of a range of time, and sorted by it: its cursors say created_at and seq, those of others seq. */
export const isRanged = (filter: Pick<MessageFilter, 'from' | 'until'>): boolean =>
  filter.from !== undefined || filter.until !== undefined;

/** How many of a stretch may be on the page, or before it. */
const reach = (page: PageRequest): number => page.offset + page.limit + 1;

function orderOf(filter: MessageFilter): Fragment {
  if (filter.isAscending) return isRanged(filter) ? sql`m.created_at, m.seq` : sql`m.seq`;
  return isRanged(filter) ? sql`m.created_at desc, m.seq desc` : sql`m.seq desc`;
}

function beyond(filter: MessageFilter, after: string[] | undefined): Fragment {
  if (!after) return sql`true`;
  if (filter.isAscending)
    return isRanged(filter)
      ? sql`m.created_at >= ${after[0]}::timestamptz and (m.created_at, m.seq) > (${after[0]}::timestamptz, ${after[1]}::bigint)`
      : sql`m.seq > ${after[0]}`;
  return isRanged(filter)
    ? sql`m.created_at <= ${after[0]}::timestamptz and (m.created_at, m.seq) < (${after[0]}::timestamptz, ${after[1]}::bigint)`
    : sql`m.seq < ${after[0]}`;
}

const unionOf = (queries: Fragment[]): Fragment => queries.reduce((left, right) => sql`${left} union all ${right}`);

async function totalOf(db: Queryable, query: Fragment): Promise<number> {
  const [count] = await db.query<{ total: number }>(query);
  return count?.total ?? 0;
}

/** Whether the kept counts know how many messages a filter has. */
function isKept({ accountId, direction, types, statuses, limitedTo, isAscending, ...others }: MessageFilter): boolean {
  return Object.values(others).every(value => value === undefined);
}

/** Which of the kept counts are of a filter, its range of time left aside. */
const keptCounts = (workspaceId: string, { accountId, direction, types, statuses }: MessageFilter): Fragment =>
  currentCounts(
    all([
      sql`workspace_id = ${workspaceId}`,
      accountId !== undefined && sql`account_id = ${accountId}`,
      direction !== undefined && sql`direction = ${direction}`,
      types !== undefined && sql`type = any (${[...types]})`,
      statuses !== undefined && sql`status = any (${[...statuses]})`,
    ]),
  );

const keptTotal = (db: Queryable, workspaceId: string, filter: MessageFilter): Promise<number> =>
  totalOf(db, sql`select coalesce(sum(messages), 0) as total from ${keptCounts(workspaceId, filter)} c`);

/** Stretches of an index, by rows of `stretches`, and which messages are `within` one of them. */
interface WayIn {
  stretches: Fragment;
  within: Fragment;
  /** Whether the whole of each stretch is read, by no other index and for any other filter. */
  isWhole?: true;
  /** Whether the stretches themselves cost much, so that they are found once. It is the only way in then. */
  isCostly?: true;
  /** Whether the stretches hold what has changed since the time of the filter, and nothing else. */
  isOfChanges?: true;
}

const wholly = (within: Fragment): Fragment => sql`(select m.* from message m where ${within} offset 0) m`;

const oneStretch = sql`(values (1)) s(one)`;

/** Never scans an index that mostly holds other rows: enters by account, direction, type and status. */
async function waysIn(db: Queryable, workspaceId: string, filter: MessageFilter, page: PageRequest): Promise<WayIn[]> {
  const { accountId, contactId, conversationId, batchId, channelMessageId, updatedSince, limitedTo } = filter;
  // An inbound one has the channel's id itself, an outbound one in its attempts.
  if (channelMessageId !== undefined)
    return [
      {
        stretches: sql`(select k.message_id as id from account w join attempt k on k.account_id = w.id
            where w.workspace_id = ${workspaceId} and k.channel_message_id = ${channelMessageId}
          union select i.id from account w join message i on i.account_id = w.id
            where w.workspace_id = ${workspaceId} and i.received_id = ${channelMessageId} and i.direction = 'inbound') s`,
        within: sql`m.id = s.id`,
      },
    ];
  if (filter.waiting?.reason === 'scheduled') {
    const scheduled = { ...filter, direction: 'outbound', statuses: ['scheduled'] };
    return [{ stretches: sql`${kindsOf(workspaceId, scheduled)} s`, within: ofListed(workspaceId) }];
  }
  if (filter.waiting !== undefined)
    return [
      {
        stretches: sql`${waitingFor(workspaceId, accountId, filter.waiting)} s`,
        within: sql`m.id = s.id`,
        isCostly: true,
      },
    ];
  if (filter.reference !== undefined) return [{ stretches: oneStretch, within: sql`true` }];
  if (contactId !== undefined)
    return [
      {
        stretches: sql`(select id from conversation where contact_id = ${contactId} and workspace_id = ${workspaceId}) s`,
        within: sql`m.conversation_id = s.id`,
      },
    ];
  if (conversationId !== undefined || batchId !== undefined) return [{ stretches: oneStretch, within: sql`true` }];
  if (updatedSince !== undefined)
    return [
      {
        stretches: sql`(select distinct e.message_id as id from logged_event e where e.workspace_id = ${workspaceId}
          and e.about_message and e.at >= ${updatedSince}::timestamptz) s`,
        within: sql`m.id = s.id`,
        isCostly: true,
        isOfChanges: true,
      },
    ];
  const isOfKinds = [accountId, limitedTo, filter.direction, filter.types].some(given => given !== undefined);
  if (isRanged(filter)) {
    const isNarrowed = isOfKinds || filter.statuses !== undefined;
    // Few rows: sort them instead of scanning the range.
    const most = spannedOf(filter).length > 0 ? mostSpans : countedTo;
    if (isNarrowed && (await keptTotal(db, workspaceId, filter)) <= most)
      return waysByStatus(workspaceId, filter).map(way => ({ ...way, isWhole: true }));
    return [
      { stretches: oneStretch, within: limitedTo ? sql`m.account_id = any (${[...limitedTo]}::uuid[])` : sql`true` },
    ];
  }
  if (filter.statuses !== undefined) {
    const isPlain = isKept(filter) || (await keptTotal(db, workspaceId, filter)) <= mostSpans;
    return waysByStatus(workspaceId, filter, page, isPlain);
  }
  if (isOfKinds)
    return [{ stretches: firstKinds(workspaceId, filter, page, ofKind(workspaceId)), within: ofKind(workspaceId) }];
  return [{ stretches: oneStretch, within: sql`true` }];
}

/** What there is of a filter by account, direction, type and status. */
const kindsOf = (workspaceId: string, filter: MessageFilter): Fragment => sql`(
  select account_id, direction, type, ${filter.statuses === undefined ? sql`null` : sql`status`} as status
  from ${keptCounts(workspaceId, filter)} k group by 1, 2, 3, 4 having sum(messages) > 0)`;

/** A stretch of message_by_kind. */
const ofKind = (workspaceId: string): Fragment =>
  sql`m.workspace_id = ${workspaceId} and m.account_id = s.account_id and m.direction = s.direction and m.type = s.type`;

/** A stretch of message_by_status. */
const ofListed = (workspaceId: string): Fragment => sql`${ofKind(workspaceId)} and m.listed_status = s.status`;

/** The kinds that may have a message on the page: those whose first are the first. */
const firstKinds = (workspaceId: string, filter: MessageFilter, page: PageRequest, within: Fragment): Fragment => sql`(
  select s.* from ${kindsOf(workspaceId, filter)} s cross join lateral (
    select m.seq from message m where ${within} and ${beyond(filter, page.after)}
    order by ${filter.isAscending ? sql`m.seq` : sql`m.seq desc`} limit 1) h
  order by ${filter.isAscending ? sql`h.seq` : sql`h.seq desc`} limit ${reach(page)}) s`;

/** What outbound messages are on their way. No index is by these, so that a call and a receipt change none. */
const spanned: readonly string[] = ['queued', 'sending', 'sent', 'delivered', 'read', 'played'];

/** The most stretches of message_span of which all are read. */
const mostSpans = 1_000;

const spannedOf = ({ statuses, direction }: MessageFilter): string[] =>
  direction === 'inbound' ? [] : spanned.filter(status => statuses?.includes(status));

/**
 * Ways in by statuses: by the index where they have one, else by message_span. Without a page all stretches are read, and
 * where other filters leave out too much, all kinds.
 */
function waysByStatus(workspaceId: string, filter: MessageFilter, page?: PageRequest, isPlain = true): WayIn[] {
  const listed = ofListed(workspaceId);
  const ways: WayIn[] = [
    {
      stretches: page ? firstKinds(workspaceId, filter, page, listed) : sql`${kindsOf(workspaceId, filter)} s`,
      within: listed,
    },
  ];
  if (filter.statuses === undefined)
    return [{ stretches: sql`${kindsOf(workspaceId, filter)} s`, within: ofKind(workspaceId) }];
  const statuses = spannedOf(filter);
  if (statuses.length === 0) return ways;
  const ours = { ...filter, direction: 'outbound', statuses };
  const unlisted = sql`${ofKind(workspaceId)} and m.listed_status is null`;
  const isLed = isPlain && !filter.isOfReader;
  return [
    ...ways,
    isLed
      ? {
          stretches: firstSpans(workspaceId, ours, isKept(filter) ? page : undefined),
          within: sql`${unlisted} and m.status = s.status and m.seq between s.first and s.last`,
        }
      : {
          stretches: sql`(select distinct account_id, direction, type from ${kindsOf(workspaceId, ours)} k) s`,
          within: unlisted,
        },
  ];
}

/**
 * The stretches of seq that may have a message on the page: as many of the first with any as it may show, and those beside
 * them. Without a page all of them. Counts what is folded and what is not, so it misses none and has none that is empty.
 */
function firstSpans(workspaceId: string, filter: MessageFilter, page: PageRequest | undefined): Fragment {
  const [after] = page?.after ?? [];
  const rest = (span: Fragment): Fragment => {
    if (after === undefined || isRanged(filter)) return sql`true`;
    return filter.isAscending ? sql`${span} >= ${after}::bigint >> 9` : sql`${span} <= ${after}::bigint >> 9`;
  };
  const order = filter.isAscending ? sql`span` : sql`span desc`;
  const most = page ? sql`limit ${reach(page)}` : sql``;
  return sql`(
    with changed as materialized (
      select account_id, type, status, span, sum(present) as n from message_delta
      where workspace_id = ${workspaceId} and span is not null group by 1, 2, 3, 4),
    pair as materialized (
      select k.*, x.span from ${kindsOf(workspaceId, filter)} k cross join lateral (
        (select c.span from message_span c where c.workspace_id = ${workspaceId} and c.account_id = k.account_id
            and c.type = k.type and c.status = k.status and ${rest(sql`c.span`)} and c.messages > -coalesce((
              select d.n from changed d where d.account_id = k.account_id and d.type = k.type and d.status = k.status
                and d.span = c.span), 0)
          order by ${order} ${most})
        union
        select d.span from changed d where d.account_id = k.account_id and d.type = k.type and d.status = k.status
          and ${rest(sql`d.span`)} and d.n > -coalesce((select c.messages from message_span c
            where c.workspace_id = ${workspaceId} and c.account_id = k.account_id and c.type = k.type
              and c.status = k.status and c.span = d.span), 0)) x)
    select p.*, p.span << 9 as first, (p.span << 9) + 511 as last from pair p
    order by ${order} ${page ? sql`fetch first ${reach(page)} rows with ties` : sql``}) s`;
}

/**
 * The attempts of messages, with those that are under way: these are the open rows, until a receipt or the outcome writes
 * them. The receipts of an accepted one may be in its message alone.
 */
export const attemptsOf = (ids: Fragment): Fragment => sql`(
  select a.message_id, a.number, case when m.keeps_evidence then m.status else a.status end as status, a.class, a.code,
    a.title, a.channel_message_id, a.started_at, a.ended_at
  from unnest(${ids}) u(id) join message m on m.id = u.id join attempt a on a.token > u.id and a.token <= token_of(u.id, 65535)
  union all
  select o.id, o.fence, 'sending', null, null, null, null, o.started_at, null
  from unnest(${ids}) u(id) join open_message o on o.id = u.id
  where o.state = 'sending' and not exists (select 1 from attempt a where a.token = token_of(o.id, o.fence)))`;

export async function timelineOf(db: Queryable, id: string): Promise<{ events: EventRow[]; attempts: AttemptRow[] }> {
  const [events, attempts] = await Promise.all([
    db.query<EventRow>(sql`select number, type, at, data from events_of(array[${id}::uuid]) order by number`),
    db.query<AttemptRow>(sql`select number, status, class, code, title, channel_message_id, started_at, ended_at
      from ${attemptsOf(sql`array[${id}::uuid]`)} a where class is distinct from 'echo' order by number`),
  ]);
  return { events, attempts };
}
