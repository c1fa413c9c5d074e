// Conversations: the lists of the inbox.
import { type ConversationSort, type ConversationState, channelsWith, contentTypes } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, join, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';
import { type WhoRow, who } from '../../kit/who.ts';
import { keptTotal } from '../segments/index.ts';
import { labelsOfConversation, type ShownLabelRow } from './label-store.ts';
import { foundBy } from './list-store.ts';
import { addresses } from './store.ts';
import { unreadCount } from './unread-store.ts';

export interface ConversationRow {
  id: string;
  account_id: string;
  contact_id: string;
  name: string | null;
  phone: string | null;
  /** The channel's id of the person. */
  user_id: string | null;
  username: string | null;
  labels: ShownLabelRow[];
  state: ConversationState;
  state_since: Date | null;
  /** Null also for: until they write. */
  snoozed_until: Date | null;
  /** Null while it is closed. */
  waiting_since: Date | null;
  episode_id: string | null;
  assignee: { kind: 'person' | 'bot'; id: string; name: string } | null;
  team: { id: string; name: string } | null;
  reassign_due_at: Date | null;
  unread_count: number;
  outbound: number;
  inbound: number;
  /** When the person last wrote or called. */
  heard_at: Date | null;
  /** Who has it, in which role and since when; all null while nobody else ever had it. */
  owner: 'us' | 'other' | null;
  owner_role: string | null;
  owned_at: Date | null;
  last_message_at: Date;
  /** The same time with microseconds, for the cursor. */
  sorted_by: string;
  /** Of a list in another order: what it is sorted by first. */
  sort_key?: string;
  created_at: Date;
  last_message: LastMessageRow | null;
}

/** The newest message of a conversation that is no reaction. */
export interface LastMessageRow {
  id: string;
  direction: 'outbound' | 'inbound';
  type: string;
  status: string;
  source: 'phone' | 'standby' | null;
  text: string | null;
  error_code: string | null;
  campaign_id: string | null;
  created_by: WhoRow | null;
  created_at: string;
}

/** The characters of a text that a list shows. */
const shownLetters = 200;

/** Of each type of content the words that say most about it. */
const words = Object.entries(contentTypes)
  .filter(([, { gist }]) => gist.length > 0)
  .map(([type, { gist }]) => {
    const found = gist.map(path => sql`m.content #>> ${path.split('.')}::text[]`);
    return sql`when ${type} then coalesce(${join(found)})`;
  })
  .reduce((all, next) => sql`${all} ${next}`);

/** As a range, the planner has to take the index of the thread: it might read all messages of the workspace backwards. */
const lastMessage = sql`(select jsonb_build_object('id', m.id, 'direction', m.direction, 'type', m.type, 'status', m.status,
    'source', m.source, 'text', case when m.revoked_at is null then left(case m.type ${words} end, ${shownLetters}::int) end,
    'error_code', m.error_code, 'campaign_id', m.campaign_id, 'created_by', ${who(sql`m.created_by`)}, 'created_at', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  from message m where m.conversation_id between v.id and v.id and m.type <> 'reaction'
  order by m.conversation_id desc, m.seq desc limit 1) as last_message`;

const assignee = sql`case v.assignee_kind
  when 'person' then (select jsonb_build_object('kind', 'person', 'id', p.id, 'name', p.name) from person p where p.id = v.assignee_id)
  when 'bot' then (select jsonb_build_object('kind', 'bot', 'id', k.id, 'name', k.name) from api_key k where k.id = v.assignee_id)
  end`;

const team = sql`(select jsonb_build_object('id', g.id, 'name', g.name) from team g where g.id = v.team_id and g.deleted_at is null)`;

const conversationColumns = sql`v.id, v.account_id, v.contact_id, c.name, ${addresses}, ${labelsOfConversation} as labels, ${unreadCount} as unread_count, v.state,
  v.state_since, nullif(v.snoozed_until, 'infinity') as snoozed_until, v.episode_id,
  case when v.state <> 'closed' then v.waiting_since end as waiting_since, ${assignee} as assignee,
  ${team} as team, v.reassign_due_at,
  v.sent_count as outbound, v.received_count as inbound, v.last_message_at,
  greatest(v.last_received_at, v.last_called_at) as heard_at, v.owner, v.owner_role, v.owned_at,
  to_char(v.last_message_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sorted_by, v.created_at, ${lastMessage}`;

export interface ConversationFilter {
  accountId: string | undefined;
  contactId: string | undefined;
  labelId?: string | undefined;
  state?: ConversationState | undefined;
  /** The UUID of a person or an API key; null: of nobody. */
  assigneeId?: string | null | undefined;
  teamId?: string | undefined;
  unread: boolean | undefined;
  /** Only those with a message that waits to be sent. */
  waiting?: boolean | undefined;
  /** Only those with a message of the last 7 days that failed, or whose outcome is unknown. */
  notSent?: boolean | undefined;
  /** Only open ones in which the person has waited for so many minutes. */
  unansweredMinutes?: number | undefined;
  /** Only those whose window is open, and closes within so many minutes. */
  closesWithinMinutes?: number | undefined;
  /** Whether the caller reads some conversations only, which the kept counts do not know. */
  isOfReader?: true | undefined;
  /** Part of the contact's name or number. */
  search?: string | undefined;
  /** Whether the search finds a number by all of its digits only. */
  wholeNumbers?: boolean | undefined;
  /** The moment of the question, for waits and windows. Default: now. */
  at?: Date | undefined;
  /**
   * The accounts (UUIDs) that the caller is limited to. Row-level security enforces it; naming them helps the
   * planner.
   */
  limitedTo?: readonly string[] | undefined;
}

/** The newest conversations that fit a filter. */
export async function findConversationIds(
  db: Queryable,
  workspaceId: string,
  filter: ConversationFilter,
  max: number,
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select v.id from conversation v where ${fitting(workspaceId, filter)}
    order by v.last_message_at desc, v.id desc limit ${max}`);
  return rows.map(({ id }) => id);
}

/** The conversations `v` of a filter. */
export function fitting(workspaceId: string, filter: ConversationFilter): Fragment {
  const { unansweredMinutes: waited, closesWithinMinutes: left, at = new Date() } = filter;
  return all([
    sql`v.workspace_id = ${workspaceId}`,
    filter.accountId !== undefined && sql`v.account_id = ${filter.accountId}`,
    filter.accountId === undefined &&
      filter.contactId === undefined &&
      filter.limitedTo &&
      sql`v.account_id = any (${[...filter.limitedTo]}::uuid[])`,
    filter.contactId !== undefined && sql`v.contact_id = ${filter.contactId}`,
    filter.labelId !== undefined &&
      sql`exists (select 1 from conversation_label x where x.label_id = ${filter.labelId} and x.conversation_id = v.id)`,
    // As a literal, as the indexes have it.
    filter.state !== undefined && inState[filter.state],
    filter.assigneeId !== undefined &&
      (filter.assigneeId === null ? sql`v.assignee_id is null` : sql`v.assignee_id = ${filter.assigneeId}`),
    filter.teamId !== undefined && sql`v.team_id = ${filter.teamId}`,
    filter.unread !== undefined && (filter.unread ? sql`v.unread` : sql`not v.unread`),
    filter.waiting && isWaiting,
    filter.notSent && notSent(workspaceId),
    waited !== undefined && sql`v.state = 'open' and v.waiting_since is not null`,
    // Who wrote this very moment waits too, whatever the clocks say.
    waited !== undefined && waited > 0 && sql`v.waiting_since <= ${minutesBefore(at, waited)}`,
    left !== undefined && closesWithin(at, left),
    filter.search !== undefined &&
      sql`v.contact_id = any (array(select ${foundBy(filter.search, countedTo + 1, filter.wholeNumbers)}))`,
  ]);
}

const minutesBefore = (at: Date, minutes: number) => new Date(at.getTime() - minutes * 60_000);
const windowMinutes = 24 * 60;

const heardAt = sql`greatest(v.last_received_at, v.last_called_at)`;

/** Only of accounts whose channel has a window. */
const closesWithin = (at: Date, minutes: number): Fragment => sql`${heardAt} >= ${minutesBefore(at, windowMinutes)}
  and ${heardAt} <= ${minutesBefore(at, windowMinutes - minutes)}
  and exists (select 1 from account a where a.id = v.account_id and a.channel = any (${channelsWith('window')}))`;

/** What other orders sort by before the last message, the smallest first. */
const sortKeys: Record<Exclude<ConversationSort, 'newest'>, (at: Date) => Fragment> = {
  longest_waiting: () => sql`coalesce(case when v.state <> 'closed' then v.waiting_since end, 'infinity')`,
  window_closing: at =>
    sql`case when ${heardAt} >= ${minutesBefore(at, windowMinutes)} then ${heardAt} else 'infinity'::timestamptz end`,
};

/**
 * A page of conversations, by default the latest first. For a few named accounts the planner chooses: scan the list of
 * all, or sort the few rows.
 */
export async function listConversations(
  db: Queryable,
  workspaceId: string,
  filter: ConversationFilter,
  page: PageRequest,
  sort: ConversationSort = 'newest',
): Promise<{ rows: ConversationRow[]; total: number }> {
  // Row-level security would hide all of it, but only after reading everything.
  if (filter.accountId !== undefined && filter.limitedTo?.includes(filter.accountId) === false)
    return { rows: [], total: 0 };
  const where = fitting(workspaceId, filter);
  const key = sort === 'newest' ? undefined : sortKeys[sort](filter.at ?? new Date());
  const [lastAt, id, keyed] = page.after ?? [];
  const below = sql`(v.last_message_at, v.id) < (${lastAt}::timestamptz, ${id}::uuid)`;
  const after = !page.after
    ? sql``
    : key
      ? sql`and (${key} > ${keyed}::timestamptz or ${key} = ${keyed}::timestamptz and ${below})`
      : sql`and ${below}`;
  const rows = await db.query<ConversationRow>(sql`
    select ${conversationColumns}${key ? sql`, (${key})::text as sort_key` : sql``}
    from conversation v join contact c on c.id = v.contact_id where ${where} ${after}
    order by ${key ? sql`${key}, ` : sql``}v.last_message_at desc, v.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    isKept(filter)
      ? keptConversations(workspaceId, filter)
      : sql`select count(*) as total from (select 1 from conversation v where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** How many conversations there are, or unread ones, by the maintained counts. */
export const keptConversations = (
  workspaceId: string,
  { accountId, unread }: Pick<ConversationFilter, 'accountId' | 'unread'>,
): Fragment =>
  keptTotal(
    unread ? 'unread' : 'conversations',
    all([sql`workspace_id = ${workspaceId}`, accountId !== undefined && sql`account_id = ${accountId}`]),
  );

const inState: Record<ConversationState, Fragment> = {
  open: sql`v.state = 'open'`,
  snoozed: sql`v.state = 'snoozed'`,
  closed: sql`v.state = 'closed'`,
};

const isWaiting = sql`exists (select 1 from open_message o where o.conversation_id = v.id and o.state in ('queued', 'held', 'scheduled'))`;

/** By the messages: of a workspace they are fewer than its conversations. */
const notSent = (workspaceId: string): Fragment => sql`v.id = any (array(
  select m.conversation_id from message m where m.workspace_id = ${workspaceId} and m.listed_status in ('failed', 'unknown')
    and m.direction = 'outbound' and m.created_at > now() - interval '7 days'))`;

/** Whether the maintained counts know how many conversations a filter has. */
const isKept = (filter: ConversationFilter): boolean => {
  const { contactId, labelId, state, assigneeId, teamId, unread, waiting, notSent, search } = filter;
  return (
    !filter.isOfReader &&
    assigneeId === undefined &&
    (contactId ?? labelId ?? state ?? teamId ?? search ?? filter.unansweredMinutes ?? filter.closesWithinMinutes) ===
      undefined &&
    unread !== false &&
    !waiting &&
    !notSent
  );
};

export async function findConversation(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<ConversationRow | undefined> {
  const [row] =
    await db.query<ConversationRow>(sql`select ${conversationColumns} from conversation v join contact c on c.id = v.contact_id
    where v.workspace_id = ${workspaceId} and v.id = ${id}`);
  return row;
}

/** The conversation of an account with a contact, made if there is none. */
export async function openConversation(
  tx: Queryable,
  place: { workspaceId: string; accountId: string; contactId: string },
  /** A person who reads some conversations only: a new one is theirs. */
  reader: string | undefined,
  now: Date,
): Promise<{ id: string; isNew: boolean }> {
  const { workspaceId, accountId, contactId } = place;
  const id = newUuid();
  const made =
    await tx.query(sql`insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, created_at,
        assignee_kind, assignee_id, assigned_at, assigned_by)
      values (${id}, ${workspaceId}, ${accountId}, ${contactId}, ${now}, ${now},
        case when ${reader ?? null}::uuid is not null then 'person' end, ${reader ?? null},
        case when ${reader ?? null}::uuid is not null then ${now}::timestamptz end, ${reader ?? null})
      on conflict (account_id, contact_id) do nothing returning id`);
  if (made.length > 0) return { id, isNew: true };
  const [known] = await tx.query<{ id: string }>(
    sql`select id from conversation where account_id = ${accountId} and contact_id = ${contactId}`,
  );
  return { id: known?.id ?? id, isNew: false };
}

/** Whether the workspace has the account. */
export async function hasAccount(db: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await db.query(
    sql`select 1 from account where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null`,
  );
  return rows.length > 0;
}

/** The conversation of an account with the person of an address; undefined where there is none. */
export async function conversationWith(
  db: Queryable,
  { workspaceId, accountId, address }: { workspaceId: string; accountId: string; address: string },
): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(sql`select v.id from contact_address x
    join conversation v on v.account_id = ${accountId} and v.contact_id = x.contact_id
    where x.workspace_id = ${workspaceId} and x.kind = address_kind(${address}) and x.value = ${address}`);
  return row?.id;
}

export async function conversationExists(db: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from conversation where workspace_id = ${workspaceId} and id = ${id}`);
  return rows.length > 0;
}
