// Who else views a conversation or types in it, by a socket that is opened on demand. It tells of all conversations.
import type { Presence, PresenceState } from '@recado/contract';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Socket } from 'socket.io-client';
import { recado } from '../kit/client.ts';
import { heard } from '../kit/contact.ts';
import { useMe } from './me.ts';

export type Others = Presence['people'];

interface Place {
  state: PresenceState;
  show: (people: Others) => void;
}

/** The server forgets who does not repeat it within 30 seconds. */
const repeatMs = 20_000;
/** How long a socket without a conversation stays. */
const lingerMs = 30_000;
/** A handshake that was rejected twice is tried again with a renewed session, but not all the time. */
const againMs = 15_000;
/** Of a server that is away. */
const longestDelayMs = 2_500;

const places = new Map<string, Place>();
const nobody: Others = [];
/** Who is where, of all conversations. */
const everywhere = new Map<string, Others>();
const listeners = new Set<() => void>();
let watching = 0;
let socket: Promise<Socket> | undefined;
let wasRejected = false;
let closing: ReturnType<typeof setTimeout> | undefined;

async function open(): Promise<Socket> {
  const { io } = await import('socket.io-client');
  // Without types of events: they come by the stream of the tab.
  const opened = io({
    transports: ['websocket'],
    auth: { types: [], presence: true },
    reconnectionDelayMax: longestDelayMs,
  });
  opened.on('presence', ({ conversation_id: id, people }: Presence) => {
    places.get(id)?.show(people);
    if (people.length > 0) everywhere.set(id, people);
    else everywhere.delete(id);
    for (const listener of listeners) listener();
  });
  opened.on('connect', () => {
    wasRejected = false;
    heard();
    for (const id of places.keys()) tell(id);
  });
  opened.on('disconnect', reason => {
    for (const { show } of places.values()) show(nobody);
    everywhere.clear();
    for (const listener of listeners) listener();
    if (reason === 'io server disconnect') again(opened, againMs);
  });
  opened.on('connect_error', () => {
    if (opened.active) return;
    again(opened, wasRejected ? againMs : 0);
    wasRejected = true;
  });
  return opened;
}

/** The cookie of a session expires: any call renews it. */
function again(closed: Socket, inMs: number): void {
  setTimeout(async () => {
    if (isUnused()) return;
    // Without a session the app shows the login; until then nobody is present.
    await recado.me.get().then(
      () => closed.connect(),
      () => again(closed, againMs),
    );
  }, inMs);
}

const isUnused = () => places.size === 0 && watching === 0;

/** Closes the socket where nothing uses it for a while. */
function closeSoon(): void {
  if (!isUnused()) return;
  closing = setTimeout(() => {
    void socket?.then(opened => opened.disconnect());
    socket = undefined;
  }, lingerMs);
}

function tell(conversationId: string): void {
  const state = places.get(conversationId)?.state ?? 'away';
  void socket?.then(opened => opened.connected && opened.emit('presence', { conversation_id: conversationId, state }));
}

function enter(conversationId: string, show: Place['show']): void {
  clearTimeout(closing);
  socket ??= open();
  places.set(conversationId, { state: 'viewing', show });
  tell(conversationId);
}

function leave(conversationId: string): void {
  places.delete(conversationId);
  tell(conversationId);
  closeSoon();
}

/** Keeps the socket open while a list shows who is where. */
export function useWatchPresence(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    clearTimeout(closing);
    watching++;
    socket ??= open();
    return () => {
      watching--;
      closeSoon();
    };
  }, [isOn]);
}

/** Who else is in a conversation. */
export function useOthersIn(conversationId: string): Others {
  const { person } = useMe();
  const people = useSyncExternalStore(
    useCallback(listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    }, []),
    useCallback(() => everywhere.get(conversationId) ?? nobody, [conversationId]),
  );
  return people.filter(({ person_id }) => person_id !== person?.id);
}

/** Says that the person is in a conversation, and returns who else is. A hidden page counts as away. */
export function usePresence(conversationId: string, state: 'viewing' | 'typing'): Others {
  const { person } = useMe();
  const [people, setPeople] = useState(nobody);

  useEffect(() => {
    enter(conversationId, setPeople);
    const repeat = setInterval(() => tell(conversationId), repeatMs);
    return () => {
      clearInterval(repeat);
      leave(conversationId);
      setPeople(nobody);
    };
  }, [conversationId]);

  useEffect(() => {
    const say = () => {
      const place = places.get(conversationId);
      const next = document.hidden ? 'away' : state;
      if (!place || next === place.state) return;
      place.state = next;
      tell(conversationId);
    };
    say();
    document.addEventListener('visibilitychange', say);
    return () => document.removeEventListener('visibilitychange', say);
  }, [conversationId, state]);

  return people.filter(({ person_id }) => person_id !== person?.id);
}
