// The messages that events brought in the last moments: an answer that was read before an event must not undo it.
import type { EventType, Message, RecadoEvent } from '@recado/client';

/** The facts of a message that events change. */
export interface Change {
  message: Message;
  /** Whether it may be the first event of its message. */
  isNew: boolean;
  /** Whether it came with the history of a phone: its place is among older messages. */
  isImported: boolean;
}

const firsts: ReadonlySet<EventType> = new Set<EventType>([
  'message.received',
  'message.queued',
  'message.scheduled',
  'message.standby',
  'message.imported',
]);

/** The change that an event is; undefined for one without a message. */
export function changeOf({ type, data }: RecadoEvent): Change | undefined {
  if (!('message' in data)) return undefined;
  const { message } = data;
  // A message that the business writes on its own phone begins as sent.
  const isEcho = type === 'message.sent' && message.source !== null;
  return { message, isNew: firsts.has(type) || isEcho, isImported: type === 'message.imported' };
}

const most = 1_000;
const patienceMs = 30_000;

export interface Recent {
  note(change: Change): void;
  /** What events said of a conversation since a moment (`performance.now`), in their order. */
  since(conversationId: string, moment: number): Change[];
}

/** Remembers the changes of the last moments. */
export function createRecent(): Recent {
  let changes: (Change & { at: number })[] = [];
  return {
    note(change) {
      const now = performance.now();
      changes.push({ ...change, at: now });
      if (changes.length > most) changes = changes.slice(-most / 2).filter(({ at }) => now - at < patienceMs);
    },
    since: (conversationId, moment) =>
      changes.filter(({ message, at }) => at >= moment && message.conversation_id === conversationId),
  };
}
