// The lists of conversations in the cache, and what a message changes in them. Pure.
import type { Conversation, Message, Page } from '@recado/client';
import type { InfiniteData } from '@tanstack/react-query';
import { toDigits } from '../kit/digits.ts';
import { asRecord, asText } from '../kit/loose.ts';
import { textOf } from './message-text.ts';

/** Which conversations a list shows. */
export interface ListFilter {
  account_id?: string;
  unread?: true;
  waiting?: true;
  not_sent?: true;
  search?: string;
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

/** The row after a message that is new, or that changed. A reaction is no last message. */
export function patchRow(row: Conversation, message: Message): Conversation {
  if (message.type === 'reaction') return row;
  const last = row.last_message;
  if (last?.id === message.id) return { ...row, last_message: briefOf(message) };
  if (last !== null && message.created_at <= last.created_at) return row;
  const isInbound = message.direction === 'inbound';
  const { outbound, inbound } = row.message_counts;
  return {
    ...row,
    last_message: briefOf(message),
    last_message_at: latest(message.created_at, row.last_message_at),
    unread_count: row.unread_count + (isInbound && message.status === 'received' ? 1 : 0),
    message_counts: { outbound: outbound + (isInbound ? 0 : 1), inbound: inbound + (isInbound ? 1 : 0) },
    owner: ownerAfter(row.owner, message),
    window: isInbound
      ? { open: true, until: new Date(Date.parse(message.created_at) + windowMs).toISOString() }
      : row.window,
  };
}

/** Puts changed rows into their places: the latest first. */
function placeRows(rows: readonly Conversation[], changed: ReadonlyMap<string, Conversation>): Conversation[] {
  const others = rows.filter(({ id }) => !changed.has(id));
  const moved = [...changed.values()].sort((a, b) => (a.last_message_at < b.last_message_at ? 1 : -1));
  const placed: Conversation[] = [];
  let next = 0;
  for (const row of moved) {
    for (let other = others[next]; other && other.last_message_at > row.last_message_at; other = others[++next])
      placed.push(other);
    placed.push(row);
  }
  return [...placed, ...others.slice(next)];
}

/** The list with these rows. Those with a new message go into the first page: the others only keep their cursors. */
export function withRows(data: ListData, changed: ReadonlyMap<string, Conversation>): ListData {
  const moved = new Map(changed);
  const pages = data.pages.map(page => ({
    ...page,
    data: page.data.flatMap(row => {
      const now = changed.get(row.id);
      if (now === undefined || now.last_message_at !== row.last_message_at) return now === undefined ? [row] : [];
      moved.delete(row.id);
      return [now];
    }),
  }));
  const [first, ...others] = pages;
  return first ? { ...data, pages: [{ ...first, data: placeRows(first.data, moved) }, ...others] } : data;
}

/** Whether only the server knows which conversations fit. */
export const isOfServer = ({ waiting, not_sent: notSent }: ListFilter) => waiting === true || notSent === true;

/** Whether it stands below what is loaded. */
export function isBelow(row: Conversation, data: ListData): boolean {
  const last = data.pages.at(-1)?.data.at(-1);
  return last !== undefined && row.last_message_at < last.last_message_at;
}

/** Whether a filter that we can judge has the conversation; the others are read again by the server. */
export function fits({ account_id, unread_count, contact }: Conversation, filter: ListFilter): boolean {
  if (isOfServer(filter)) return false;
  if (filter.account_id !== undefined && filter.account_id !== account_id) return false;
  if (filter.unread && unread_count === 0) return false;
  if (filter.search === undefined) return true;
  const digits = toDigits(filter.search);
  return (
    (contact.name ?? '').toLocaleLowerCase().includes(filter.search.toLocaleLowerCase()) ||
    (digits.length > 2 && toDigits(contact.phone ?? '').includes(digits))
  );
}
