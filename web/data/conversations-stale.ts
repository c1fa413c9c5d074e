// The figures of conversations that an event makes old. Their rows are patched instead, by the follower.
import type { RecadoEvent } from '@recado/client';
import type { QueryKey } from '@tanstack/react-query';
import { conversationKeys } from './conversation-keys.ts';

const countedTypes: ReadonlySet<string> = new Set([
  'message.received',
  'message.failed',
  'message.unknown',
  'message.resolved',
  'conversation.read',
  'conversation.unread',
]);

/** Events that change how many conversations want somebody. */
export const staleCounts = ({ type }: RecadoEvent): QueryKey[] =>
  countedTypes.has(type) ? [conversationKeys.counts] : [];

/** The lists that only the server can fill. */
const lists: QueryKey[] = [conversationKeys.list({ waiting: true }), conversationKeys.list({ not_sent: true })];

/** Events that change how many conversations there are, and which of them have a message that waits or was not sent. */
export const staleFigures = ({ type }: RecadoEvent): QueryKey[] => {
  if (!type.startsWith('message.')) return [];
  // `staleCounts` reads the counts of its events sooner. A second read would only delay the answer.
  return countedTypes.has(type) ? lists : [conversationKeys.counts, ...lists];
};
