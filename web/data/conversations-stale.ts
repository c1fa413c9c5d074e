// The figures of conversations that an event makes old. Their rows are patched instead, by the follower.
import type { RecadoEvent } from '@recado/client';
import type { QueryKey } from '@tanstack/react-query';
import { conversationKeys } from './conversation-keys.ts';
import { changedState } from './conversations-cache.ts';

const countedTypes: ReadonlySet<string> = new Set([
  'message.received',
  'message.failed',
  'message.unknown',
  'message.resolved',
  'conversation.read',
  'conversation.unread',
  'conversation.closed',
  'conversation.snoozed',
  'conversation.reopened',
  'conversation.assigned',
]);

/** Events that change how many conversations want somebody. */
export const staleCounts = ({ type }: RecadoEvent): QueryKey[] =>
  countedTypes.has(type) ? [conversationKeys.counts] : [];

/** The lists that only the server can fill. */
const lists: QueryKey[] = [
  conversationKeys.list({ assignee: 'me' }),
  conversationKeys.list({ waiting: true }),
  conversationKeys.list({ not_sent: true }),
  conversationKeys.list({ unanswered_minutes: 0 }),
];

const stateLists: QueryKey[] = [
  ...(['open', 'snoozed', 'closed'] as const).map(state => conversationKeys.list({ state })),
  ...(['me', 'nobody'] as const).map(assignee => conversationKeys.list({ assignee })),
];

/** The list of the team that a conversation left. */
const teamLists = ({ type, data }: RecadoEvent): QueryKey[] =>
  type === 'conversation.assigned' && data.from_team_id !== null
    ? [conversationKeys.list({ team_id: data.from_team_id })]
    : [];

/** Events that change how many conversations there are, and which of them have a message that waits or was not sent. */
export const staleFigures = (event: RecadoEvent): QueryKey[] => {
  const { type } = event;
  // A conversation that left a state is in its list until that is read again.
  if (changedState(event) !== undefined) return [...stateLists, ...teamLists(event)];
  if (!type.startsWith('message.')) return [];
  // `staleCounts` reads the counts of its events sooner. A second read would only delay the answer.
  return countedTypes.has(type) ? lists : [conversationKeys.counts, ...lists];
};
