// Presence over sockets: takes what a person does, tells the other processes, and tells everybody who is there.
import { presenceUpdateSchema, type SocketAuth } from '@recado/contract';
import type { Socket, Server as SocketServer } from 'socket.io';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { type Caller, fieldErrorsOf, fieldsInWords } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import type { Client } from './client.ts';
import { problem } from './errors.ts';
import { openPlaces, type Place } from './presence.ts';
import { accountOf } from './presence-store.ts';
import { problemOf } from './socket-problem.ts';

export interface PresenceNeeds {
  db: ScopedDatabase;
  nameOf: (personId: string) => Promise<string | undefined>;
  clock: Clock;
  log: Logger;
}

export interface PresenceService {
  onSocket(socket: Socket, client: Client, auth: SocketAuth): void;
  close(): void;
}

/** A socket may be in so many conversations at once. */
const mostPlaces = 20;
const tickMs = 1_000;

/** What processes tell each other: a place, or that one wants the places of a conversation, or of a workspace. */
type PresenceMessage =
  | { place: Omit<Place, 'state'> & { state: Place['state'] | null } }
  | { asked: string }
  | { watched: string };

interface Here {
  socket: Socket;
  client: Client;
  accountId: string;
}

export function openPresence(io: SocketServer, { db, nameOf, clock, log }: PresenceNeeds): PresenceService {
  const places = openPlaces(() => clock.now());
  /** The sockets of this process, by conversation and id. */
  const here = new Map<string, Map<string, Here>>();
  /** The sockets of this process that want the presence of all conversations, by workspace and id. */
  const watchers = new Map<string, Map<string, Omit<Here, 'accountId'>>>();
  /** Whose each conversation is in which somebody is. */
  const rooms = new Map<string, Pick<Place, 'workspaceId' | 'accountId'>>();
  let cancel: (() => void) | undefined;

  function tick(): void {
    for (const conversationId of places.expire()) announce(conversationId);
    cancel = undefined;
    keepTicking();
  }

  /** Where nobody is or watches, nothing expires. */
  function keepTicking(): void {
    if (here.size + watchers.size > 0) cancel ??= clock.after(tickMs, tick);
  }

  /** Tells all sockets of this process that are in a conversation or watch it, as far as they still may see it. */
  function announce(conversationId: string): void {
    const told = { conversation_id: toId('conversation', conversationId), people: places.peopleOf(conversationId) };
    const own = here.get(conversationId);
    for (const [socketId, { socket, client, accountId }] of own ?? []) {
      const isThere = places.of(conversationId).some(place => place.socketId === socketId);
      if (isThere && mayRead(client.audience.access.caller, accountId)) socket.emit('presence', told);
      else own?.delete(socketId);
    }
    const room = rooms.get(conversationId);
    for (const [socketId, { socket, client }] of watchers.get(room?.workspaceId ?? '') ?? [])
      if (room && !own?.has(socketId) && mayRead(client.audience.access.caller, room.accountId))
        socket.emit('presence', told);
    tidy(conversationId);
  }

  /** Forgets a conversation of which nobody here wants to know. */
  function tidy(conversationId: string): void {
    if (here.get(conversationId)?.size === 0) here.delete(conversationId);
    const isWatched = watchers.has(rooms.get(conversationId)?.workspaceId ?? '');
    if (here.has(conversationId) || (isWatched && places.of(conversationId).length > 0)) return;
    places.drop(conversationId);
    rooms.delete(conversationId);
  }

  function publish(message: PresenceMessage): void {
    io.serverSideEmit('presence', message);
  }

  function receive(message: PresenceMessage): void {
    if ('asked' in message) {
      const own = here.get(message.asked);
      for (const place of places.of(message.asked)) if (own?.has(place.socketId)) publish({ place });
      return;
    }
    if ('watched' in message) {
      for (const conversationId of roomsOf(message.watched))
        for (const place of places.of(conversationId))
          if (here.get(conversationId)?.has(place.socketId)) publish({ place });
      return;
    }
    const { state, ...place } = message.place;
    // Nobody here wants to know.
    if (!here.has(place.conversationId) && !watchers.has(place.workspaceId)) return;
    rooms.set(place.conversationId, place);
    if (places.set({ ...place, state: state ?? undefined })) announce(place.conversationId);
  }

  const roomsOf = (workspaceId: string): string[] =>
    [...rooms].flatMap(([conversationId, room]) => (room.workspaceId === workspaceId ? [conversationId] : []));

  function set(place: Omit<Place, 'state'>, state: Place['state'] | undefined): void {
    rooms.set(place.conversationId, place);
    const changed = places.set({ ...place, state });
    publish({ place: { ...place, state: state ?? null } });
    if (changed) announce(place.conversationId);
  }

  async function update(socket: Socket, client: Client, given: unknown): Promise<void> {
    const { success, data, error } = presenceUpdateSchema.safeParse(given);
    if (!success) {
      const fields = fieldErrorsOf(error.issues);
      throw commonProblem('invalid_request', fieldsInWords(fields), { fields });
    }
    const { caller } = client.audience.access;
    if (caller.kind !== 'person') throw problem('presence_of_people');
    const conversationId = toUuid(data.conversation_id);
    const { state } = data;
    if (state === 'away') return leave(conversationId, socket.id, caller.id);
    const accountId = await accountOf(db.within(caller), caller.workspaceId, conversationId);
    if (accountId === undefined || !mayRead(caller, accountId)) throw commonProblem('not_found');
    const name = (await nameOf(caller.id)) ?? '';
    const already = places.conversationsOf(socket.id);
    if (already.length >= mostPlaces && !already.includes(conversationId)) throw problem('too_many_places');
    if (!socket.connected) return;
    join(conversationId, { socket, client, accountId });
    const known = places.of(conversationId).some(({ socketId }) => socketId === socket.id);
    const { workspaceId } = caller;
    set({ workspaceId, accountId, conversationId, socketId: socket.id, personId: caller.id, name }, state);
    // One who comes hears who is there, even where it changes nothing for the others.
    if (!known) announce(conversationId);
  }

  function join(conversationId: string, entry: Here): void {
    const own = here.get(conversationId) ?? new Map<string, Here>();
    if (own.size === 0) publish({ asked: conversationId });
    here.set(conversationId, own);
    own.set(entry.socket.id, entry);
    keepTicking();
  }

  function leave(conversationId: string, socketId: string, personId: string): void {
    here.get(conversationId)?.delete(socketId);
    const room = rooms.get(conversationId);
    if (room) set({ ...room, conversationId, socketId, personId, name: '' }, undefined);
    tidy(conversationId);
  }

  /** Shows a person who is where, now and after each change. */
  function watch(socket: Socket, client: Client): void {
    const { caller } = client.audience.access;
    const { workspaceId } = caller;
    const own = watchers.get(workspaceId) ?? new Map<string, Omit<Here, 'accountId'>>();
    if (own.size === 0) publish({ watched: workspaceId });
    watchers.set(workspaceId, own);
    own.set(socket.id, { socket, client });
    for (const conversationId of roomsOf(workspaceId))
      if (mayRead(caller, rooms.get(conversationId)?.accountId ?? ''))
        socket.emit('presence', {
          conversation_id: toId('conversation', conversationId),
          people: places.peopleOf(conversationId),
        });
    keepTicking();
    socket.on('disconnect', () => {
      own.delete(socket.id);
      if (own.size > 0) return;
      watchers.delete(workspaceId);
      for (const conversationId of roomsOf(workspaceId)) tidy(conversationId);
    });
  }

  io.on('presence', receive);
  return {
    onSocket(socket, client, { presence = false }) {
      if (presence && client.audience.access.caller.kind === 'person') watch(socket, client);
      socket.on('presence', (given: unknown, answer?: unknown) => {
        update(socket, client, given).then(
          () => typeof answer === 'function' && answer({ ok: true }),
          error => {
            const problem = problemOf(error, log);
            if (typeof answer === 'function') answer({ error: problem });
            else socket.emit('problem', problem);
          },
        );
      });
      socket.on('disconnect', () => {
        for (const conversationId of places.conversationsOf(socket.id))
          leave(conversationId, socket.id, client.audience.access.caller.id);
      });
    },
    close: () => cancel?.(),
  };
}

const mayRead = ({ permissions, accounts }: Caller, accountId: string): boolean =>
  permissions.has('messages.read') && (accounts === undefined || accounts.includes(accountId));
