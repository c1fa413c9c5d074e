// The messages that events brought in the last moments: an answer that was read before an event must not undo it.
import type { Message } from '@recado/client';

interface Change {
  message: Message;
  at: number;
}

const most = 1_000;
const patienceMs = 30_000;
let changes: Change[] = [];

/** Notes what an event said. */
export function noteChange(message: Message): void {
  const now = performance.now();
  changes.push({ message, at: now });
  if (changes.length > most) changes = changes.slice(-most / 2).filter(({ at }) => now - at < patienceMs);
}

/** What events said of a conversation since a moment (`performance.now`), in their order. */
export const changesSince = (conversationId: string, since: number): Message[] =>
  changes
    .filter(({ message, at }) => at >= since && message.conversation_id === conversationId)
    .map(each => each.message);
