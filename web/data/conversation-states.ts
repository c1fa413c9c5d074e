// The work on conversations: their states, whose they are, and the changes that their threads show.
import type { Conversation, Episode, RecadoEvent } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { conversationKeys } from './conversation-keys.ts';
import { changedState } from './conversations-cache.ts';

/** The state that a conversation gets. `until`: of a snooze; null until the person writes. */
export interface WantedState {
  id: string;
  state: Conversation['state'];
  until?: string | null;
  /** Of a close. */
  reason?: string;
}

/** Changes the state of a conversation. Events tell the lists. */
export const changeState = change(
  ({ id, state, until = null, reason }: WantedState) => {
    const { conversations } = recado;
    if (state === 'closed') return conversations.close(id, reason === undefined ? {} : { reason });
    return state === 'snoozed' ? conversations.snooze(id, { until }) : conversations.reopen(id);
  },
  ({ id }) => [conversationKeys.one(id), conversationKeys.changes(id), conversationKeys.counts],
);

/** The state that takes a change back. */
export function stateBefore({ id, state, snoozed_until: until }: Conversation): WantedState {
  // Its end may have passed meanwhile.
  if (state === 'snoozed' && until !== null && Date.parse(until) <= Date.now()) return { id, state: 'open' };
  return { id, state, until };
}

/** Whose a conversation becomes: a person's or nobody's, and of which team; undefined: it stays of its team. */
export interface WantedOwner {
  id: string;
  person: string | null;
  team?: string | null | undefined;
}

/** Gives a conversation to a person, to a team, or to nobody. */
export const assign = change(
  ({ id, person, team }: WantedOwner) =>
    recado.conversations.assign(id, { person_id: person, ...(team !== undefined && { team_id: team }) }),
  ({ id }) => [conversationKeys.one(id), conversationKeys.changes(id), conversationKeys.counts],
);

/** Gives a conversation a label, or takes it. */
export const labelConversation = change(
  ({ id, label, has }: { id: string; label: string; has: boolean }) =>
    has ? recado.conversations.label(id, label) : recado.conversations.unlabel(id, label),
  ({ id }) => [conversationKeys.one(id)],
);

const mostChanges = 100;

/** The newest changes of a conversation, the oldest of them first. */
export const conversationChangesQuery = (id: string) =>
  queryOptions({
    queryKey: conversationKeys.changes(id),
    queryFn: async ({ signal }) =>
      (await recado.conversations.listChanges(id, { limit: mostChanges }, { signal }).page()).data.reverse(),
  });

const mostEpisodes = 20;

/** The newest episodes of a conversation, the newest first. An answer ends a wait, and may be the first one. */
export const episodesQuery = ({ id, waiting_since: wait }: Conversation) =>
  queryOptions({
    queryKey: conversationKeys.episodes(id, wait),
    // Those of this conversation, until they are read again.
    placeholderData: (before: Episode[] | undefined, query) => (query?.queryKey[2] === id ? before : undefined),
    queryFn: async ({ signal }) =>
      (await recado.conversations.listEpisodes(id, { limit: mostEpisodes }, { signal }).page()).data,
  });

/** Who follows a conversation. */
export const followersQuery = (id: string) =>
  queryOptions({
    queryKey: conversationKeys.followers(id),
    queryFn: ({ signal }) => recado.conversations.listFollowers(id, { signal }),
  });

/** Follows a conversation, or no longer. */
export const changeFollow = change(
  ({ id, follows }: { id: string; follows: boolean }) =>
    follows ? recado.conversations.follow(id) : recado.conversations.unfollow(id),
  ({ id }) => [conversationKeys.followers(id)],
);

/** The lines of a thread, which an event about its state makes old, and who follows it. */
export function staleChanges(event: RecadoEvent): QueryKey[] {
  const { type, data } = event;
  if (type === 'conversation.followed' || type === 'conversation.unfollowed')
    return [conversationKeys.followers(data.conversation_id)];
  const id = changedState(event);
  return id === undefined ? [] : [conversationKeys.changes(id)];
}
