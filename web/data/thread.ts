// The loaded part of a conversation: a bounded stretch of its messages, the oldest first.
import type { Message } from '@recado/client';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { messageKeys } from './messages.ts';
import { changesSince } from './recent.ts';
import { isSamePart, mostMessages, type Stretch, withChanges } from './thread-cache.ts';

const pageSize = 50;

/** The newest messages. Read again, it keeps the stretch that is shown. */
export const threadQuery = (conversationId: string) =>
  queryOptions({
    queryKey: messageKeys.thread(conversationId),
    queryFn: async ({ client, signal }): Promise<Stretch> => {
      const shown = () => client.getQueryData<Stretch>(messageKeys.thread(conversationId));
      for (;;) {
        const since = performance.now();
        const known = shown();
        const isMore = known !== undefined && (known.hasNewer || known.messages.length > pageSize);
        const read = isMore ? await reread(conversationId, known, signal) : await newest(conversationId, signal);
        // Another part may have been loaded meanwhile: this answer must not replace it.
        if (isSamePart(known, shown())) return withChanges(read, changesSince(conversationId, since));
      }
    },
    refetchOnMount: 'always',
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });

async function newest(conversationId: string, signal?: AbortSignal): Promise<Stretch> {
  const { data, page } = await recado.conversations
    .listMessages(conversationId, { limit: pageSize }, { signal })
    .page();
  return { messages: data.toReversed(), hasOlder: page.has_more, hasNewer: false };
}

/** Rereads the loaded messages after the first one, the anchor. */
async function reread(conversationId: string, known: Stretch, signal: AbortSignal): Promise<Stretch> {
  const [first] = known.messages;
  if (!first) return newest(conversationId, signal);
  const query = { after: first.id, limit: 100 };
  const messages: Message[] = [];
  for await (const { data, page } of recado.conversations.listMessages(conversationId, query, { signal }).pages()) {
    messages.push(...data);
    if (known.hasNewer && messages.length >= known.messages.length - 1)
      return { messages, hasOlder: true, hasNewer: page.has_more };
    // So many came meanwhile that the rest of the stretch is far from the newest.
    if (messages.length > mostMessages) return newest(conversationId, signal);
  }
  return { messages, hasOlder: true, hasNewer: false };
}

const underWay = new Set<string>();

/** Loads in one direction, once at a time. */
async function once(name: string, load: () => Promise<void>): Promise<void> {
  if (underWay.has(name)) return;
  underWay.add(name);
  try {
    await load();
  } finally {
    underWay.delete(name);
  }
}

const change = (client: QueryClient, conversationId: string, to: (stretch: Stretch) => Stretch) =>
  client.setQueryData<Stretch>(messageKeys.thread(conversationId), stretch => stretch && to(stretch));

/** Adds a page of older messages; what is too much goes at the other end. */
export const loadOlder = (client: QueryClient, conversationId: string): Promise<void> =>
  once(`older ${conversationId}`, async () => {
    const [first] = client.getQueryData<Stretch>(messageKeys.thread(conversationId))?.messages ?? [];
    if (!first) return;
    const query = { before: first.id, limit: pageSize };
    const { data, page } = await recado.conversations.listMessages(conversationId, query).page();
    change(client, conversationId, stretch => {
      // Meanwhile somebody may have gone to another part of the conversation.
      if (stretch.messages[0]?.id !== first.id) return stretch;
      const messages = [...data.toReversed(), ...stretch.messages];
      return {
        messages: messages.slice(0, mostMessages),
        hasOlder: page.has_more,
        hasNewer: stretch.hasNewer || messages.length > mostMessages,
      };
    });
  });

/** Adds a page of newer messages; what is too much goes at the other end. */
export const loadNewer = (client: QueryClient, conversationId: string): Promise<void> =>
  once(`newer ${conversationId}`, async () => {
    const last = client.getQueryData<Stretch>(messageKeys.thread(conversationId))?.messages.at(-1);
    if (!last) return;
    const since = performance.now();
    const query = { after: last.id, limit: pageSize };
    const { data, page } = await recado.conversations.listMessages(conversationId, query).page();
    change(client, conversationId, stretch => {
      if (stretch.messages.at(-1)?.id !== last.id) return stretch;
      const messages = [...stretch.messages, ...data];
      const next = {
        messages: messages.slice(-mostMessages),
        hasOlder: stretch.hasOlder || messages.length > mostMessages,
        hasNewer: page.has_more,
      };
      return withChanges(next, changesSince(conversationId, since));
    });
  });

/** Goes to the newest messages. */
export async function showNewest(client: QueryClient, conversationId: string): Promise<void> {
  const since = performance.now();
  const stretch = await newest(conversationId);
  client.setQueryData(messageKeys.thread(conversationId), withChanges(stretch, changesSince(conversationId, since)));
}

/** Goes to a message, with what is before and after it. @throws ApiError if it does not exist */
export async function showAround(client: QueryClient, conversationId: string, messageId: string): Promise<void> {
  const known = client.getQueryData<Stretch>(messageKeys.thread(conversationId));
  if (known?.messages.some(({ id }) => id === messageId)) return;
  const side = (query: { before?: string; after?: string }) =>
    recado.conversations.listMessages(conversationId, { ...query, limit: pageSize / 2 }).page();
  const since = performance.now();
  const [before, { events: _events, attempts: _attempts, waiting: _waiting, created_by: _by, ...message }, after] =
    await Promise.all([side({ before: messageId }), recado.messages.get(messageId), side({ after: messageId })]);
  const stretch = {
    messages: [...before.data.toReversed(), message, ...after.data],
    hasOlder: before.page.has_more,
    hasNewer: after.page.has_more,
  };
  client.setQueryData(messageKeys.thread(conversationId), withChanges(stretch, changesSince(conversationId, since)));
}
