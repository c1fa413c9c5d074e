// The loaded part of a conversation: a bounded stretch of its messages, the oldest first.
import type { Message } from '@recado/client';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { recado } from '../../../kit/client.ts';
import { changesSince } from '../live/recent.ts';

export interface Stretch {
  messages: readonly Message[];
  hasOlder: boolean;
  hasNewer: boolean;
}

const pageSize = 50;
/** More than this is never kept, however far somebody scrolls. */
const mostMessages = 300;

export const keyOf = (conversationId: string) => ['messages', conversationId] as const;

/** The newest messages. Read again, it keeps the stretch that is shown. */
export const messagesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: keyOf(conversationId),
    queryFn: async ({ client, signal }): Promise<Stretch> => {
      const shown = () => client.getQueryData<Stretch>(keyOf(conversationId));
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

/** Whether two stretches begin and end at the same messages; new ones at the end of the conversation do not count. */
function isSamePart(one: Stretch | undefined, other: Stretch | undefined): boolean {
  const isSameEnd = one?.hasNewer === other?.hasNewer;
  const lastOf = (stretch: Stretch | undefined) => (stretch?.hasNewer ? stretch.messages.at(-1)?.id : undefined);
  return isSameEnd && one?.messages[0]?.id === other?.messages[0]?.id && lastOf(one) === lastOf(other);
}

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
  client.setQueryData<Stretch>(keyOf(conversationId), stretch => stretch && to(stretch));

/** Adds a page of older messages; what is too much goes at the other end. */
export const loadOlder = (client: QueryClient, conversationId: string): Promise<void> =>
  once(`older ${conversationId}`, async () => {
    const [first] = client.getQueryData<Stretch>(keyOf(conversationId))?.messages ?? [];
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
    const last = client.getQueryData<Stretch>(keyOf(conversationId))?.messages.at(-1);
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
  client.setQueryData(keyOf(conversationId), withChanges(stretch, changesSince(conversationId, since)));
}

/** Goes to a message, with what is before and after it. @throws ApiError if it does not exist */
export async function showAround(client: QueryClient, conversationId: string, messageId: string): Promise<void> {
  const known = client.getQueryData<Stretch>(keyOf(conversationId));
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
  client.setQueryData(keyOf(conversationId), withChanges(stretch, changesSince(conversationId, since)));
}

/** The stretch with messages that changed or are new. */
export function withChanges(stretch: Stretch, changed: readonly Message[]): Stretch {
  if (changed.length === 0) return stretch;
  const messages = [...stretch.messages];
  const placeOf = new Map(messages.map(({ id }, index) => [id, index]));
  for (const message of changed) {
    react(messages, placeOf, message);
    const at = placeOf.get(message.id);
    if (at !== undefined) messages[at] = message;
    else if (!stretch.hasNewer && isBehind(message, messages.at(-1))) {
      placeOf.set(message.id, messages.length);
      messages.push(message);
    }
  }
  const tooMany = messages.length > mostMessages;
  return { ...stretch, messages: messages.slice(-mostMessages), hasOlder: stretch.hasOlder || tooMany };
}

/**
 * Whether an unknown message is newer than the last one. Those of one webhook have the same time: one that is read by
 * now belongs to an older page.
 */
function isBehind({ created_at: at, direction, status }: Message, last: Message | undefined): boolean {
  if (last === undefined || at > last.created_at) return true;
  return at === last.created_at && !(direction === 'inbound' && status === 'read');
}

/** A reaction also changes the message that it is about. */
function react(messages: Message[], placeOf: ReadonlyMap<string, number>, { type, reaction, ...by }: Message): void {
  if (type !== 'reaction' || !reaction?.message_id || by.status === 'failed') return;
  const at = placeOf.get(reaction.message_id);
  const target = at === undefined ? undefined : messages[at];
  if (at === undefined || !target) return;
  const from = by.direction === 'inbound' ? 'contact' : 'account';
  const others = target.reactions.filter(each => each.from !== from);
  const { emoji } = reaction;
  messages[at] = { ...target, reactions: emoji ? [...others, { from, emoji, at: by.created_at }] : others };
}
