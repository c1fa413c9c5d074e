// Reads conversations part by part into the cache, beside the events that change what is read.
import type { Message, Page } from '@recado/client';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { messageKeys } from './message-keys.ts';
import type { Change, Recent } from './recent.ts';
import { isSamePart, mostMessages, type Stretch, withChanges, withNewer, withOlder } from './thread-cache.ts';

/** `page`: of a move; `largest`: of what is read again; `most`: of all that is kept. */
const usualSizes = { page: 50, largest: 100, most: mostMessages };
/** How long after a doubt the conversation is read again: a burst raises one. */
const usualDoubtMs = 1_000;

interface Range {
  limit: number;
  before?: string;
  after?: string;
}

/** The API, as this needs it. */
export interface ThreadSource {
  /** The newest first; after a message the oldest first. */
  page(conversationId: string, range: Range, signal?: AbortSignal): Promise<Page<Message>>;
  message(id: string): Promise<Message>;
}

const keyOf = messageKeys.thread;

/** The queries and moves of the conversations of a source. */
export function threadReader(
  source: ThreadSource,
  recent: Recent,
  { page: pageSize, largest, most } = usualSizes,
  doubtMs = usualDoubtMs,
) {
  const underWay = new Set<string>();
  const doubts = new Map<string, ReturnType<typeof setTimeout>>();

  /** Applies changes; where they do not tell all, the conversation is read again soon. */
  function settled(client: QueryClient, conversationId: string, stretch: Stretch, changes: readonly Change[]): Stretch {
    const changed = withChanges(stretch, changes, most);
    if (!changed.isSure && !doubts.has(conversationId)) {
      const readAgain = () => {
        doubts.delete(conversationId);
        void client.invalidateQueries({ queryKey: keyOf(conversationId) });
      };
      doubts.set(conversationId, setTimeout(readAgain, doubtMs));
    }
    return changed.stretch;
  }

  async function newest(conversationId: string, signal?: AbortSignal): Promise<Stretch> {
    const { data, page } = await source.page(conversationId, { limit: pageSize }, signal);
    return { messages: data.toReversed(), hasOlder: page.has_more, hasNewer: false };
  }

  /** Rereads the loaded messages after the first one, the anchor. */
  async function reread(conversationId: string, known: Stretch, signal: AbortSignal): Promise<Stretch> {
    const messages: Message[] = [];
    for (let last = known.messages[0]; last; last = messages.at(-1)) {
      const { data, page } = await source.page(conversationId, { after: last.id, limit: largest }, signal);
      messages.push(...data);
      if (!page.has_more) return { messages, hasOlder: true, hasNewer: false };
      if (known.hasNewer && messages.length >= known.messages.length - 1)
        return { messages, hasOlder: true, hasNewer: true };
      // More than a page came meanwhile: the rest of the stretch is far from the newest.
      if (messages.length > most) break;
    }
    return newest(conversationId, signal);
  }

  /** The newest messages. Read again, it keeps the stretch that is shown. */
  const query = (conversationId: string) =>
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
          if (isSamePart(known, shown()))
            return settled(client, conversationId, read, recent.since(conversationId, since));
        }
      },
      refetchOnMount: 'always',
      staleTime: Number.POSITIVE_INFINITY,
      structuralSharing: false,
    });

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

  return {
    query,

    /** Adds a page of older messages. */
    loadOlder: (client: QueryClient, conversationId: string): Promise<void> =>
      once(`older ${conversationId}`, async () => {
        const [first] = client.getQueryData<Stretch>(keyOf(conversationId))?.messages ?? [];
        if (!first) return;
        const since = performance.now();
        const { data, page } = await source.page(conversationId, { before: first.id, limit: pageSize });
        change(client, conversationId, stretch => {
          // Meanwhile somebody may have gone to another part of the conversation.
          if (stretch.messages[0]?.id !== first.id) return stretch;
          const longer = withOlder(stretch, { messages: data.toReversed(), hasMore: page.has_more }, most);
          return settled(client, conversationId, longer, recent.since(conversationId, since));
        });
      }),

    /** Adds a page of newer messages. */
    loadNewer: (client: QueryClient, conversationId: string): Promise<void> =>
      once(`newer ${conversationId}`, async () => {
        const last = client.getQueryData<Stretch>(keyOf(conversationId))?.messages.at(-1);
        if (!last) return;
        const since = performance.now();
        const { data, page } = await source.page(conversationId, { after: last.id, limit: pageSize });
        change(client, conversationId, stretch => {
          if (stretch.messages.at(-1)?.id !== last.id) return stretch;
          const longer = withNewer(stretch, { messages: data, hasMore: page.has_more }, most);
          return settled(client, conversationId, longer, recent.since(conversationId, since));
        });
      }),

    /** Goes to the newest messages. */
    async showNewest(client: QueryClient, conversationId: string): Promise<void> {
      const since = performance.now();
      const stretch = await newest(conversationId);
      client.setQueryData(
        keyOf(conversationId),
        settled(client, conversationId, stretch, recent.since(conversationId, since)),
      );
    },

    /** Goes to a message or a note, with the messages before and after it. @throws ApiError if it does not exist */
    async showAround(client: QueryClient, conversationId: string, id: string, isNote = false): Promise<void> {
      const known = client.getQueryData<Stretch>(keyOf(conversationId));
      if (known?.messages.some(message => message.id === id)) return;
      const since = performance.now();
      const [before, message, after] = await Promise.all([
        source.page(conversationId, { before: id, limit: pageSize / 2 }),
        isNote ? undefined : source.message(id),
        source.page(conversationId, { after: id, limit: pageSize / 2 }),
      ]);
      const stretch = {
        messages: [...before.data.toReversed(), ...(message ? [message] : []), ...after.data],
        hasOlder: before.page.has_more,
        hasNewer: after.page.has_more,
      };
      client.setQueryData(
        keyOf(conversationId),
        settled(client, conversationId, stretch, recent.since(conversationId, since)),
      );
    },

    /** Shows what events say, all of one conversation. */
    take(client: QueryClient, conversationId: string, changes: readonly Change[]): void {
      change(client, conversationId, stretch => settled(client, conversationId, stretch, changes));
    },
  };
}
