// The lists of conversations in the cache, and what a message changes in them. Pure.
import type { Conversation, Message, Page, RecadoEvent } from '@recado/client';
import type { InfiniteData } from '@tanstack/react-query';
import { toDigits } from '../kit/digits.ts';
import { asRecord, asText } from '../kit/loose.ts';
import { textOf } from './message-text.ts';
import type { Change } from './recent.ts';

/** Which conversations a list shows. */
export interface ListFilter {
  account_id?: string;
  state?: Conversation['state'];
  team_id?: string;
  /** me, nobody, or the id of a person or an API key. */
  assignee?: string;
  label_id?: string;
  unread?: boolean;
  waiting?: true;
  not_sent?: true;
  unanswered_minutes?: number;
  closes_within_minutes?: number;
  search?: string;
  sort?: 'newest' | 'longest_waiting' | 'window_closing';
}

export type ListData = InfiniteData<Page<Conversation>, string | undefined>;

type LastMessage = NonNullable<Conversation['last_message']>;

const longestText = 200;
/** The roles that are never ours. */
const agents: ReadonlySet<string> = new Set(['ai_agent', 'meta_business_agent']);
const windowMs = 24 * 3_600_000;

const briefOf = (message: Message): LastMessage => ({
  id: message.id,
  direction: message.direction,
  type: message.type,
  status: message.status,
  source: message.source,
  text: message.revoked_at === null ? (textOf(message)?.slice(0, longestText) ?? null) : null,
  error_code: message.error?.code ?? null,
  campaign_id: message.campaign_id,
  created_by: message.created_by,
  created_at: message.created_at,
});

const latest = (...times: string[]) => times.toSorted().at(-1) ?? '';

/** Who has the conversation after a message, as the server notes it. */
function ownerAfter(before: Conversation['owner'], { source, type, direction, system, created_at }: Message) {
  if (source === 'standby')
    return { is: 'other' as const, role: before?.is === 'other' ? before.role : null, since: created_at };
  const role = asText(asRecord(system).new_owner_role);
  if (type === 'system' && role !== undefined)
    return { is: agents.has(role) ? ('other' as const) : null, role, since: created_at };
  if (!before || direction === 'outbound' || type === 'system' || type === 'call') return before;
  return { is: 'us' as const, role: before.is === 'us' ? before.role : null, since: created_at };
}

/** A row after an event, and whether it is what the server has: if not, it has to be read again. */
export interface ChangedRow {
  row: Conversation;
  isSure: boolean;
}

/** Notices and calls count by rules of their own, and a reaction is no last message. */
const isPlain = ({ message: { type, group }, isImported }: Change) =>
  !isImported && type !== 'reaction' && type !== 'system' && type !== 'call' && group === null;

/** The row after a message that is new, or that changed. */
export function withChange(row: Conversation, change: Change): ChangedRow {
  const { message, isNew } = change;
  const last = row.last_message;
  if (last?.id === message.id) return { row: { ...row, last_message: briefOf(message) }, isSure: true };
  // An older one of which the row shows nothing.
  if (!isNew) return { row, isSure: true };
  // A row that was read meanwhile may have it already: the times of one webhook's messages do not tell.
  const isLater = last === null ? message.created_at > row.last_message_at : message.created_at > last.created_at;
  if (!isLater || !isPlain(change)) return { row, isSure: false };
  const isInbound = message.direction === 'inbound';
  const { outbound, inbound } = row.message_counts;
  const asks = isInbound && message.source === null;
  // Only the server knows whether a few words of thanks open it, and whether a person wrote the answer.
  const isSure = asks ? row.state === 'open' : isInbound || row.waiting_since === null;
  return {
    row: {
      ...row,
      last_message: briefOf(message),
      last_message_at: latest(message.created_at, row.last_message_at),
      unread_count: row.unread_count + (isInbound && message.status === 'received' ? 1 : 0),
      message_counts: { outbound: outbound + (isInbound ? 0 : 1), inbound: inbound + (isInbound ? 1 : 0) },
      owner: ownerAfter(row.owner, message),
      window: isInbound ? windowAfter(row.window, message) : row.window,
      waiting_since: asks && isSure ? (row.waiting_since ?? message.created_at) : row.waiting_since,
    },
    isSure,
  };
}

/** A webhook may come late: the moment when the person wrote counts. */
function windowAfter(before: Conversation['window'], { created_at, sent_at }: Message): Conversation['window'] {
  const heard = sent_at !== null && sent_at < created_at ? sent_at : created_at;
  const until = latest(new Date(Date.parse(heard) + windowMs).toISOString(), before.until ?? '');
  return { open: Date.now() <= Date.parse(until), until };
}

/** The row after its messages were read up to a moment. */
export function withRead(row: Conversation, unread: number, at: string): ChangedRow {
  return row.last_message_at < at
    ? { row: { ...row, unread_count: unread }, isSure: true }
    : // Some of its messages may have come since.
      { row, isSure: false };
}

type Sort = ListFilter['sort'];

/** Behind all times. */
const never = '~';

/** What a list in another order sorts by before the last message, as the server does. */
const sortKey = ({ waiting_since, window }: Conversation, sort: Sort): string =>
  sort === 'longest_waiting'
    ? (waiting_since ?? never)
    : sort === 'window_closing' && window.open
      ? (window.until ?? never)
      : never;

/** Whether one row stands before another in an order. */
function isBefore(one: Conversation, other: Conversation, sort: Sort): boolean {
  const [key, otherKey] = [sortKey(one, sort), sortKey(other, sort)];
  if (key !== otherKey) return key < otherKey;
  return (
    one.last_message_at > other.last_message_at || (one.last_message_at === other.last_message_at && one.id > other.id)
  );
}

/** The list with these rows, each in its place. */
export function withRows(data: ListData, changed: ReadonlyMap<string, Conversation>, sort?: Sort): ListData {
  const moved = new Map(changed);
  const pages = data.pages.map(page => ({
    ...page,
    data: page.data.flatMap(row => {
      const now = changed.get(row.id);
      if (now === undefined) return [row];
      if (now.last_message_at !== row.last_message_at || sortKey(now, sort) !== sortKey(row, sort)) return [];
      moved.delete(row.id);
      return [now];
    }),
  }));
  for (const row of moved.values()) {
    const page = pages.find(({ data: rows }) => rows.some(each => isBefore(row, each, sort))) ?? pages.at(-1);
    if (!page) break;
    const at = page.data.findIndex(each => isBefore(row, each, sort));
    page.data.splice(at === -1 ? page.data.length : at, 0, row);
  }
  return { ...data, pages };
}

/** Whether only the server knows which conversations fit. */
export const isOfServer = ({ assignee, waiting, not_sent: notSent, ...filter }: ListFilter) =>
  assignee === 'me' || waiting === true || notSent === true || isOfTime(filter);

/** Whether the passing of time alone, or a label, changes which conversations fit: no event tells. */
export const isOfTime = ({ label_id, unanswered_minutes, closes_within_minutes }: ListFilter) =>
  (label_id ?? unanswered_minutes ?? closes_within_minutes) !== undefined;

/** Whether it stands below what is loaded, so that a later page has it. */
export function isBelow(row: Conversation, data: ListData, sort?: Sort): boolean {
  const last = data.pages.at(-1)?.data.at(-1);
  return data.pages.at(-1)?.page.next_cursor != null && last !== undefined && isBefore(last, row, sort);
}

/** Whether a filter that we can judge has the conversation; the others are read again by the server. */
export function fits(
  { account_id, state, assignee, team, unread_count, contact }: Conversation,
  filter: ListFilter,
): boolean {
  if (isOfServer(filter)) return false;
  if (filter.account_id !== undefined && filter.account_id !== account_id) return false;
  if (filter.state !== undefined && filter.state !== state) return false;
  if (filter.assignee === 'nobody' && assignee !== null) return false;
  if (filter.team_id !== undefined && filter.team_id !== team?.id) return false;
  if (filter.assignee !== undefined && filter.assignee !== 'nobody' && filter.assignee !== assignee?.id) return false;
  if (filter.unread !== undefined && filter.unread !== unread_count > 0) return false;
  if (filter.search === undefined) return true;
  const digits = toDigits(filter.search);
  return (
    (contact.name ?? '').toLocaleLowerCase().includes(filter.search.toLocaleLowerCase()) ||
    (digits.length > 2 && toDigits(contact.phone ?? '').includes(digits))
  );
}

const stateTypes: ReadonlySet<string> = new Set<RecadoEvent['type']>([
  'conversation.closed',
  'conversation.snoozed',
  'conversation.reopened',
  'conversation.assigned',
]);

/** The conversation whose state or assignee an event changed. */
export const changedState = ({ type, data }: RecadoEvent): string | undefined =>
  stateTypes.has(type) && 'conversation_id' in data ? data.conversation_id : undefined;
