// Whatever the order of answers and events: in the end the loaded part of a conversation is what the server has.
import { setImmediate } from 'node:timers/promises';
import type { Message, Page } from '@recado/client';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageKeys } from './message-keys.ts';
import { type Change, createRecent } from './recent.ts';
import type { Stretch } from './thread-cache.ts';
import { threadReader } from './thread-reader.ts';

const conversation = 'cnv_1';
const sizes = { page: 3, largest: 4, most: 8 };
const timeOf = (clock: number) => new Date(Date.UTC(2026, 10, 30) + clock * 1_000).toISOString();

/** A conversation as the server keeps it, with its events in their order. */
function startServer() {
  const messages: Message[] = [];
  const attached = new Map<string, { emoji: string | null; at: string }>();
  const events: Omit<Change, 'message'>[] = [];
  const subjects: string[] = [];
  let clock = 1_000;
  let number = 0;

  const shown = (message: Message): Message => ({
    ...message,
    reactions: (['account', 'contact'] as const)
      .flatMap(from => {
        const found = attached.get(`${message.id} ${from}`);
        return found?.emoji ? [{ from, emoji: found.emoji, at: found.at }] : [];
      })
      .sort((a, b) => (a.at < b.at || (a.at === b.at && a.from < b.from) ? -1 : 1)),
  });
  const tell = (id: string, isNew = false, isImported = false) => {
    subjects.push(id);
    events.push({ isNew, isImported });
  };
  function change(id: string, changed: Partial<Message>): void {
    const at = messages.findIndex(message => message.id === id);
    const message = { ...(messages[at] as Message), ...changed };
    messages[at] = message;
    attach(message);
    tell(id);
  }
  function attach({ type, reaction, direction, status, sent_at, created_at }: Message): void {
    if (type !== 'reaction' || !reaction?.message_id || !['sent', 'delivered', 'read', 'received'].includes(status))
      return;
    const key = `${reaction.message_id} ${direction === 'inbound' ? 'contact' : 'account'}`;
    const at = sent_at ?? created_at;
    const before = attached.get(key);
    if (!before || before.at <= at) attached.set(key, { emoji: reaction.emoji ?? null, at });
  }
  function add(given: Partial<Message>, place = messages.length): void {
    const message = {
      id: `m${++number}`,
      conversation_id: conversation,
      type: 'text',
      created_at: timeOf(clock),
      sent_at: null,
      reactions: [],
      revoked_at: null,
      ...given,
    } as Message;
    messages.splice(place, 0, message);
    attach(message);
    tell(message.id, true, place < messages.length - 1);
  }
  const some = (n: number, fits: (message: Message) => boolean) => {
    const found = messages.filter(fits);
    return found[n % Math.max(1, found.length)];
  };
  const next = { queued: 'sending', sending: 'sent', sent: 'delivered', delivered: 'read' } as const;

  return {
    events,
    messages: () => messages.map(shown),
    messageOf: (n: number) => shown(messages.find(({ id }) => id === subjects[n]) as Message),
    some: (n: number) => some(n, () => true)?.id,
    /** The number of messages of one webhook, of one moment. */
    receive(count: number): void {
      clock++;
      for (let n = 0; n < count; n++) add({ direction: 'inbound', status: 'received', sent_at: timeOf(clock) });
    },
    accept(): void {
      clock++;
      add({ direction: 'outbound', status: 'queued' });
    },
    react(n: number, direction: Message['direction'], emoji: string | null): void {
      const target = some(n, ({ type }) => type !== 'reaction');
      if (!target) return;
      clock++;
      const reaction = { message_id: target.id, emoji } as Message['reaction'];
      const status = direction === 'inbound' ? 'read' : 'queued';
      add({ type: 'reaction', direction, reaction, status });
    },
    advance(n: number): void {
      const message = some(n, ({ status }) => Object.hasOwn(next, status));
      if (!message) return;
      const status = next[message.status as keyof typeof next];
      change(message.id, { status, ...(status === 'sent' && { sent_at: timeOf(++clock) }) });
    },
    fail(n: number): void {
      const message = some(n, ({ status }) => status === 'queued' || status === 'sending');
      if (message) change(message.id, { status: 'failed' });
    },
    revoke(n: number): void {
      const message = some(n, ({ revoked_at }) => revoked_at === null);
      if (message) change(message.id, { revoked_at: timeOf(++clock) });
    },
    read(): void {
      for (const { id, status } of [...messages]) if (status === 'received') change(id, { status: 'read' });
    },
    /** A message of the phone's history stands before all that came since. */
    bring(age: number): void {
      const created_at = timeOf(1_000 - age);
      const place = messages.findIndex(message => message.created_at > created_at);
      if (place !== -1) add({ direction: 'inbound', status: 'read', created_at }, place);
    },
    page(range: { limit: number; before?: string; after?: string }): Page<Message> {
      const at = messages.findIndex(({ id }) => id === (range.before ?? range.after));
      const from = range.before === undefined ? messages.length : at;
      const found = range.after === undefined ? messages.slice(0, from).toReversed() : messages.slice(at + 1);
      const has_more = found.length > range.limit;
      return {
        data: found.slice(0, range.limit).map(shown),
        page: { next_cursor: has_more ? 'more' : null, has_more, total: null },
      };
    },
  };
}

/** Requests: each is answered by the server at one moment, and its answer comes at a later one. */
function startNetwork() {
  const asked: (() => () => void)[] = [];
  const answered: (() => void)[] = [];
  return {
    isIdle: () => asked.length + answered.length === 0,
    ask: <Answer>(answer: () => Answer): Promise<Answer> =>
      new Promise(resolve =>
        asked.push(() => {
          const given = answer();
          return () => resolve(given);
        }),
      ),
    answer(n: number): void {
      const [request] = asked.splice(n % Math.max(1, asked.length), 1);
      if (request) answered.push(request());
    },
    async arrive(n: number): Promise<void> {
      answered.splice(n % Math.max(1, answered.length), 1)[0]?.();
      await setImmediate();
    },
  };
}

const n = fc.nat(20);
const emoji = fc.constantFrom('👍', '❤️', null);
const step = (weights: { news: number; reactions: number; moves: number }) =>
  fc.oneof(
    {
      weight: weights.news,
      arbitrary: fc.record({ do: fc.constant('receive' as const), n: fc.integer({ min: 1, max: 5 }) }),
    },
    {
      weight: weights.news,
      arbitrary: fc.record({ do: fc.constantFrom('accept', 'revoke', 'read', 'bring'), n } as const),
    },
    {
      weight: weights.reactions,
      arbitrary: fc.record({ do: fc.constantFrom('reactIn' as const, 'reactOut' as const), n, emoji }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('advance', 'fail'), n } as const) },
    {
      weight: weights.moves,
      arbitrary: fc.record({ do: fc.constantFrom('older', 'newer', 'newest', 'around', 'again'), n } as const),
    },
    { weight: 16, arbitrary: fc.record({ do: fc.constantFrom('event', 'answer', 'arrive'), n } as const) },
  );

test.each([
  { of: 'messages', weights: { news: 3, reactions: 2, moves: 4 } },
  { of: 'reactions', weights: { news: 1, reactions: 8, moves: 1 } },
])('a thread ends as the server is, whatever the order of reads and events: mostly $of', async ({ weights }) => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 12 }),
      fc.array(step(weights), { minLength: 5, maxLength: 60 }),
      async (before, steps) => {
        const server = startServer();
        if (before > 0) server.receive(before);
        let told = server.events.length;
        const network = startNetwork();
        const recent = createRecent();
        const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
        const reader = threadReader(
          {
            page: (_, range) => network.ask(() => server.page(range)),
            message: id => network.ask(() => server.messages().find(message => message.id === id) as Message),
          },
          recent,
          sizes,
          0,
        );
        const stop = new QueryObserver(client, reader.query(conversation)).subscribe(() => undefined);
        const deliver = () => {
          const event = server.events[told];
          if (!event) return;
          const change = { ...event, message: server.messageOf(told++) };
          recent.note(change);
          reader.take(client, conversation, [change]);
        };
        const settle = async () => {
          for (let quiet = 0; quiet < 3; ) {
            while (told < server.events.length) deliver();
            network.answer(0);
            await network.arrive(0);
            await new Promise(resolve => setTimeout(resolve));
            quiet = network.isIdle() && client.isFetching() === 0 ? quiet + 1 : 0;
          }
        };
        await settle();
        for (const each of steps) {
          if (each.do === 'receive') server.receive(each.n);
          if (each.do === 'accept') server.accept();
          if (each.do === 'reactIn') server.react(each.n, 'inbound', each.emoji);
          if (each.do === 'reactOut') server.react(each.n, 'outbound', each.emoji);
          if (each.do === 'advance') server.advance(each.n);
          if (each.do === 'fail') server.fail(each.n);
          if (each.do === 'revoke') server.revoke(each.n);
          if (each.do === 'read') server.read();
          if (each.do === 'bring') server.bring(each.n);
          if (each.do === 'older') void reader.loadOlder(client, conversation);
          if (each.do === 'newer') void reader.loadNewer(client, conversation);
          if (each.do === 'newest') void reader.showNewest(client, conversation);
          const target = server.some(each.n);
          if (each.do === 'around' && target) void reader.showAround(client, conversation, target);
          if (each.do === 'again') void client.invalidateQueries({ queryKey: messageKeys.thread(conversation) });
          if (each.do === 'event') deliver();
          if (each.do === 'answer') network.answer(each.n);
          if (each.do === 'arrive') await network.arrive(each.n);
        }
        // Reactions on their way show before the server attaches them.
        for (let left = 100; left > 0; left--) server.advance(0);
        await settle();
        stop();
        const all = server.messages();
        const stretch = client.getQueryData<Stretch>(messageKeys.thread(conversation));
        const shown = stretch?.messages ?? [];
        const from = all.findIndex(({ id }) => id === shown[0]?.id);
        const until = from + shown.length;
        expect(shown).toEqual(all.slice(from, until));
        if (shown.length > 0) expect([stretch?.hasOlder, stretch?.hasNewer]).toEqual([from > 0, until < all.length]);
        client.clear();
      },
    ),
    { numRuns: 150 },
  );
});
