// Keeps the inbox up to date with events: rows are patched, once a frame, so that a burst does not make it slow.
import type { Conversation, Message, RecadoEvent } from '@recado/client';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { recado } from '../kit/client.ts';
import { useEvents } from '../kit/live.ts';
import { conversationKeys, conversationQuery } from './conversations.ts';
import { fits, isBelow, isOfServer, type ListData, type ListFilter, patchRow, withRows } from './conversations-cache.ts';
import { messageKeys } from './messages.ts';
import { noteChange } from './recent.ts';
import { type Stretch, withChanges } from './thread-cache.ts';

/** Counts and filters that only the server knows are read again at most so often. */
const slowMs = 3_000;
/** More conversations than these are read with their list. */
const mostReads = 10;

export function useLiveConversations(): void {
  const client = useQueryClient();
  const live = useRef<ReturnType<typeof startLive>>(undefined);
  live.current ??= startLive(client);
  useEvents(event => live.current?.take(event));
  useEffect(() => () => live.current?.stop(), []);
}

/** Collects events and applies them in the next frame. */
function startLive(client: QueryClient) {
  /** What the threads, and what the rows of conversations do not show yet. */
  let forThreads: Message[] = [];
  let forRows: Message[] = [];
  let reads = new Map<string, number>();
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const apply = () => {
    frame = undefined;
    patchThreads(client, forThreads);
    forThreads = [];
    // An answer that is on its way would undo what is patched now.
    if (client.isFetching({ queryKey: conversationKeys.lists }) > 0) {
      frame = requestAnimationFrame(apply);
      return;
    }
    patchConversations(client, forRows, reads);
    forRows = [];
    reads = new Map();
  };
  const slowly = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void client.invalidateQueries({ queryKey: conversationKeys.counts });
      void client.invalidateQueries({
        queryKey: conversationKeys.lists,
        predicate: ({ queryKey }) => isOfServer(queryKey[2] as ListFilter),
      });
    }, slowMs);
  };

  return {
    take(event: RecadoEvent): void {
      if (event.type === 'conversation.read') reads.set(event.data.conversation_id, event.data.unread_count);
      else if ('message' in event.data) {
        const { message } = event.data;
        noteChange(message);
        forThreads.push(message);
        forRows.push(message);
      } else return;
      frame ??= requestAnimationFrame(apply);
      slowly();
    },
    stop(): void {
      if (frame !== undefined) cancelAnimationFrame(frame);
      clearTimeout(timer);
    },
  };
}

function byConversation(messages: readonly Message[]): Map<string, Message[]> {
  const groups = new Map<string, Message[]>();
  for (const message of messages) {
    const group = groups.get(message.conversation_id);
    if (group) group.push(message);
    else groups.set(message.conversation_id, [message]);
  }
  return groups;
}

function patchThreads(client: QueryClient, messages: readonly Message[]): void {
  for (const [id, changed] of byConversation(messages)) {
    client.setQueryData<Stretch>(messageKeys.thread(id), stretch => stretch && withChanges(stretch, changed));
  }
}

function patchConversations(
  client: QueryClient,
  messages: readonly Message[],
  reads: ReadonlyMap<string, number>,
): void {
  const groups = byConversation(messages);
  const change = (row: Conversation): Conversation => {
    const patched = (groups.get(row.id) ?? []).reduce(patchRow, row);
    const unread = reads.get(row.id);
    return unread === undefined ? patched : { ...patched, unread_count: unread };
  };
  const touched = new Set([...groups.keys(), ...reads.keys()]);
  for (const id of touched)
    client.setQueryData(conversationQuery(id).queryKey, row => row && change(row as Conversation));
  const unknown = new Set<string>();
  for (const [key, data] of client.getQueriesData<ListData>({ queryKey: conversationKeys.lists })) {
    if (!data) continue;
    const rows = data.pages.flatMap(page => page.data);
    const changed = new Map(rows.filter(({ id }) => touched.has(id)).map(row => [row.id, change(row)]));
    for (const id of groups.keys()) if (!changed.has(id)) unknown.add(id);
    if (changed.size > 0) client.setQueryData<ListData>(key, withRows(data, changed));
  }
  // The history of a phone brings hundreds at once.
  if (unknown.size > mostReads) void client.invalidateQueries({ queryKey: conversationKeys.lists });
  else for (const id of unknown) void addConversation(client, id);
}

const asked = new Set<string>();

/** A conversation that no list has yet: it is read once, and put where it fits. */
async function addConversation(client: QueryClient, id: string): Promise<void> {
  if (asked.has(id)) return;
  asked.add(id);
  try {
    const row = await recado.conversations.get(id);
    for (const [key, data] of client.getQueriesData<ListData>({ queryKey: conversationKeys.lists })) {
      const filter = key[2] as ListFilter;
      if (!data || !fits(row, filter)) continue;
      const isOlder = data.pages.at(-1)?.page.next_cursor != null && isBelow(row, data);
      if (!isOlder) client.setQueryData<ListData>(key, withRows(data, new Map([[id, row]])));
    }
  } catch {
    // It is read with the list when somebody comes to it.
    void client.invalidateQueries({ queryKey: conversationKeys.lists });
  } finally {
    asked.delete(id);
  }
}
