// Who views which conversation, and who types. It is kept in memory only, and ends without a repetition.
import type { Presence } from '@recado/contract';
import { toId } from '../../kit/ids.ts';

/** A place of a person in a conversation, by one socket. Ids are UUIDs. */
export interface Place {
  workspaceId: string;
  accountId: string;
  conversationId: string;
  /** Unique in all processes. */
  socketId: string;
  personId: string;
  name: string;
  state: 'viewing' | 'typing';
}

export interface Places {
  /** Sets or repeats a place; `state` undefined ends it. Returns whether the people of the conversation changed. */
  set(place: Omit<Place, 'state'> & { state: Place['state'] | undefined }): boolean;
  /** Ends what was not repeated in time. Returns the conversations whose people changed. */
  expire(): string[];
  peopleOf(conversationId: string): Presence['people'];
  of(conversationId: string): Place[];
  /** The conversations of a socket. */
  conversationsOf(socketId: string): string[];
  /** Forgets a conversation. */
  drop(conversationId: string): void;
  size(): number;
}

/** How long a place lasts without a repetition, in milliseconds. */
const placeMs = 30_000;

export function openPlaces(now: () => number): Places {
  const conversations = new Map<string, Map<string, Place & { until: number }>>();

  function peopleOf(conversationId: string): Presence['people'] {
    const people = new Map<string, Presence['people'][number]>();
    for (const { personId, name, state } of conversations.get(conversationId)?.values() ?? []) {
      const known = people.get(personId);
      if (known?.state !== 'typing') people.set(personId, { person_id: toId('person', personId), name, state });
    }
    return [...people.values()].sort((a, b) => (a.person_id < b.person_id ? -1 : 1));
  }

  /** Runs a change, and returns whether it changed the people. */
  function changes(conversationId: string, change: () => void): boolean {
    const before = JSON.stringify(peopleOf(conversationId));
    change();
    return JSON.stringify(peopleOf(conversationId)) !== before;
  }

  function end(conversationId: string, socketId: string): void {
    const places = conversations.get(conversationId);
    places?.delete(socketId);
    if (places?.size === 0) conversations.delete(conversationId);
  }

  return {
    set({ state, ...place }) {
      const { conversationId, socketId } = place;
      return changes(conversationId, () => {
        if (state === undefined) return end(conversationId, socketId);
        const places = conversations.get(conversationId) ?? new Map();
        conversations.set(conversationId, places);
        places.set(socketId, { ...place, state, until: now() + placeMs });
      });
    },
    expire() {
      const time = now();
      return [...conversations].flatMap(([conversationId, places]) => {
        const over = [...places.values()].filter(({ until }) => until <= time);
        const changed = changes(conversationId, () => {
          for (const { socketId } of over) end(conversationId, socketId);
        });
        return changed ? [conversationId] : [];
      });
    },
    peopleOf,
    of: conversationId => [...(conversations.get(conversationId)?.values() ?? [])],
    conversationsOf: socketId =>
      [...conversations].flatMap(([conversationId, places]) => (places.has(socketId) ? [conversationId] : [])),
    drop: conversationId => void conversations.delete(conversationId),
    size: () => conversations.size,
  };
}
