// What a message changes in the row of its conversation.
import type { Conversation, Message } from '@recado/client';
import { textOf } from '../words.ts';

type LastMessage = NonNullable<Conversation['last_message']>;

const longestText = 200;
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
    window: isInbound
      ? { open: true, until: new Date(Date.parse(message.created_at) + windowMs).toISOString() }
      : row.window,
  };
}

/** Puts changed rows into their places: the latest first. */
export function placeRows(rows: readonly Conversation[], changed: ReadonlyMap<string, Conversation>): Conversation[] {
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
