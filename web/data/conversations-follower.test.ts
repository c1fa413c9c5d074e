// Whatever the order of answers and events: in the end the lists of conversations are what the server has.
import { setImmediate } from 'node:timers/promises';
import type { Conversation, Message, Page, RecadoEvent } from '@recado/client';
import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conversationKeys } from './conversation-keys.ts';
import type { ListData, ListFilter } from './conversations-cache.ts';
import { followConversations } from './conversations-follower.ts';

const begin = Date.now() - 3_600_000;
const timeOf = (clock: number) => new Date(begin + clock * 1_000).toISOString();
const dayMs = 24 * 3_600_000;
const pageSize = 3;

type Row = Omit<Conversation, 'last_message' | 'window'> & { heard: string | null };

/** Conversations as the server keeps them, with their events in their order. */
function startServer() {
  const rows: Row[] = [];
  const messages: Message[] = [];
  const events: ((() => RecadoEvent) | undefined)[] = [];
  let clock = 10;
  let number = 0;

  const shown = ({ heard, ...row }: Row): Conversation => {
    const last = messages.findLast(({ conversation_id: id, type }) => id === row.id && type !== 'reaction');
    return {
      ...row,
      window: { open: heard !== null, until: heard && new Date(Date.parse(heard) + dayMs).toISOString() },
      last_message: last
        ? {
            id: last.id,
            direction: last.direction,
            type: last.type,
            status: last.status,
            source: null,
            text: last.type === 'text' ? (last.text?.body ?? null) : null,
            error_code: null,
            campaign_id: null,
            created_by: null,
            created_at: last.created_at,
          }
        : null,
    } as Conversation;
  };
  const tell = (type: string, id: string) => {
    const now = timeOf(clock);
    events.push(() => {
      const message = messages.find(each => each.id === id) as Message;
      return { type, timestamp: now, account_id: message.account_id, data: { message } } as unknown as RecadoEvent;
    });
  };
  function add(row: Row, type: string, given: Partial<Message>): void {
    const isInbound = given.direction === 'inbound';
    const message = {
      id: `m${++number}`,
      conversation_id: row.id,
      account_id: row.account_id,
      type: 'text',
      text: { body: `Text ${number}` },
      created_at: timeOf(clock),
      sent_at: null,
      source: null,
      group: null,
      error: null,
      campaign_id: null,
      created_by: null,
      revoked_at: null,
      ...given,
    } as Message;
    messages.push(message);
    if (message.created_at > row.last_message_at) row.last_message_at = message.created_at;
    const { outbound, inbound } = row.message_counts;
    const isCounted = message.type !== 'system';
    row.message_counts = {
      outbound: outbound + (isInbound ? 0 : 1),
      inbound: inbound + (isInbound && isCounted ? 1 : 0),
    };
    if (message.status === 'received') row.unread_count++;
    if (isInbound && isCounted) row.heard = message.created_at;
    if (isInbound && isCounted && message.type !== 'reaction') {
      row.state = 'open';
      row.waiting_since ??= message.created_at;
    }
    tell(type, message.id);
  }
  const change = (type: string, message: Message, changed: Partial<Message>) => {
    messages[messages.indexOf(message)] = { ...message, ...changed };
    tell(type, message.id);
  };
  const some = (n: number) => rows[n % Math.max(1, rows.length)];
  const sorted = (filter: ListFilter) =>
    rows
      .filter(({ account_id }) => !filter.account_id || account_id === filter.account_id)
      .filter(({ unread_count }) => !filter.unread || unread_count > 0)
      .filter(({ state }) => !filter.state || state === filter.state)
      .sort((a, b) =>
        a.last_message_at > b.last_message_at || (a.last_message_at === b.last_message_at && a.id > b.id) ? -1 : 1,
      );

  return {
    events,
    all: (filter: ListFilter) => sorted(filter).map(shown),
    one: (id: string) => shown(rows.find(row => row.id === id) as Row),
    idOf: (n: number) => some(n)?.id,
    open(account: string): void {
      clock++;
      const id = `c${String(rows.length).padStart(2, '0')}`;
      const row = {
        id,
        account_id: account,
        contact: { id, name: id, phone: null, user_id: null, username: null },
        unread_count: 0,
        message_counts: { outbound: 0, inbound: 0 },
        owner: null,
        state: 'closed',
        waiting_since: null,
        last_message_at: timeOf(clock),
        created_at: timeOf(clock),
        heard: null,
      } as unknown as Row;
      rows.push(row);
      add(row, 'message.received', { direction: 'inbound', status: 'received' });
    },
    receive(n: number, count: number): void {
      const row = some(n);
      clock++;
      for (let m = 0; row && m < count; m++) add(row, 'message.received', { direction: 'inbound', status: 'received' });
    },
    accept(n: number): void {
      const row = some(n);
      clock++;
      if (row) add(row, 'message.queued', { direction: 'outbound', status: 'queued' });
    },
    note(n: number, type: 'system' | 'reaction'): void {
      const row = some(n);
      clock++;
      if (row) add(row, 'message.received', { direction: 'inbound', status: 'read', type });
    },
    close(n: number): void {
      const row = some(n);
      if (!row || row.state === 'closed') return;
      clock++;
      Object.assign(row, { state: 'closed', waiting_since: null });
      const [timestamp, data] = [timeOf(clock), { conversation_id: row.id, contact_id: row.contact.id }];
      events.push(() => ({ type: 'conversation.closed', timestamp, data }) as unknown as RecadoEvent);
    },
    advance(n: number): void {
      const found = messages.filter(({ status }) => status === 'queued' || status === 'sent');
      const message = found[n % Math.max(1, found.length)];
      clock++;
      if (message?.status === 'queued') change('message.sent', message, { status: 'sent', sent_at: timeOf(clock) });
      else if (message) change('message.delivered', message, { status: 'delivered' });
    },
    read(n: number): void {
      const row = some(n);
      if (!row || row.unread_count === 0) return;
      clock++;
      for (const message of [...messages])
        if (message.conversation_id === row.id && message.status === 'received')
          change('message.read', message, { status: 'read' });
      row.unread_count = 0;
      const event = {
        type: 'conversation.read',
        timestamp: timeOf(clock),
        account_id: row.account_id,
        data: { conversation_id: row.id, contact_id: row.contact.id, unread_count: 0 },
      };
      events.push(() => event as unknown as RecadoEvent);
    },
    page(filter: ListFilter, cursor: string | undefined): Page<Conversation> {
      const all = sorted(filter);
      const [at, id] = cursor?.split(' ') ?? [];
      const rest = all.filter(
        row => at === undefined || row.last_message_at < at || (row.last_message_at === at && row.id < (id ?? '')),
      );
      const data = rest.slice(0, pageSize);
      const last = data.at(-1);
      const has_more = rest.length > data.length;
      return {
        data: data.map(shown),
        page: { next_cursor: has_more && last ? `${last.last_message_at} ${last.id}` : null, has_more, total: null },
      };
    },
  };
}

const n = fc.nat(20);
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const), n }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('receive' as const), n, count: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('accept', 'close', 'system', 'reaction', 'advance', 'read'),
      n,
    } as const),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('again', 'more', 'look'), n } as const) },
  { weight: 14, arbitrary: fc.record({ do: fc.constantFrom('event', 'answer', 'arrive', 'frame'), n } as const) },
);

const filters: ListFilter[] = [{}, { account_id: 'a' }, { unread: true }, { state: 'open' }];

test('lists end as the server is, whatever the order of reads and events', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(7), fc.array(step, { minLength: 5, maxLength: 60 }), async (before, steps) => {
      const server = startServer();
      for (let m = 0; m < before; m++) server.open(m % 2 === 0 ? 'a' : 'b');
      let told = server.events.length;
      const asked: (() => () => void)[] = [];
      const answered: (() => void)[] = [];
      const ask = <Answer>(answer: () => Answer): Promise<Answer> =>
        new Promise(resolve =>
          asked.push(() => {
            const given = answer();
            return () => resolve(given);
          }),
        );
      const answer = (m: number) => {
        const [request] = asked.splice(m % Math.max(1, asked.length), 1);
        if (request) answered.push(request());
      };
      const arrive = async (m: number) => {
        answered.splice(m % Math.max(1, answered.length), 1)[0]?.();
        await setImmediate();
      };
      let frame: (() => void) | undefined;
      const draw = () => {
        const act = frame;
        frame = undefined;
        act?.();
      };
      const client = new QueryClient({
        defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY, structuralSharing: false } },
      });
      const lists = filters.map(
        filter =>
          new InfiniteQueryObserver(client, {
            queryKey: conversationKeys.list(filter),
            queryFn: ({ pageParam }) => ask(() => server.page(filter, pageParam)),
            initialPageParam: undefined as string | undefined,
            getNextPageParam: ({ page }: Page<Conversation>) => page.next_cursor ?? undefined,
          }),
      );
      const stops = lists.map(list => list.subscribe(() => undefined));
      const follower = followConversations(
        {
          client,
          read: id => ask(() => server.one(id)),
          onChanges: () => undefined,
          inFrame(act) {
            frame = act;
            return () => {
              frame = undefined;
            };
          },
        },
        0,
      );
      const deliver = () => {
        const event = server.events[told];
        if (!event) return;
        told++;
        follower.take(event());
      };
      const settle = async () => {
        for (let quiet = 0; quiet < 3; ) {
          while (told < server.events.length) deliver();
          answer(0);
          await arrive(0);
          draw();
          await new Promise(resolve => setTimeout(resolve));
          const isBusy = frame !== undefined || asked.length + answered.length + client.isFetching() > 0;
          quiet = isBusy ? 0 : quiet + 1;
        }
      };
      await settle();
      for (const each of steps) {
        if (each.do === 'open') server.open(each.n % 2 === 0 ? 'a' : 'b');
        if (each.do === 'receive') server.receive(each.n, each.count);
        if (each.do === 'accept') server.accept(each.n);
        if (each.do === 'system' || each.do === 'reaction') server.note(each.n, each.do);
        if (each.do === 'close') server.close(each.n);
        if (each.do === 'advance') server.advance(each.n);
        if (each.do === 'read') server.read(each.n);
        if (each.do === 'again') void client.invalidateQueries({ queryKey: conversationKeys.lists });
        const list = lists[each.n % lists.length];
        if (each.do === 'more' && list?.getCurrentResult().hasNextPage) void list.fetchNextPage();
        const id = server.idOf(each.n);
        if (each.do === 'look' && id !== undefined)
          stops.push(
            new QueryObserver(client, {
              queryKey: conversationKeys.one(id),
              queryFn: () => ask(() => server.one(id)),
            }).subscribe(() => undefined),
          );
        if (each.do === 'event') deliver();
        if (each.do === 'answer') answer(each.n);
        if (each.do === 'arrive') await arrive(each.n);
        if (each.do === 'frame') draw();
      }
      await settle();
      follower.stop();
      for (const stop of stops) stop();
      for (const filter of filters) {
        const data = client.getQueryData<ListData>(conversationKeys.list(filter));
        const all = data?.pages.flatMap(page => page.data) ?? [];
        // A conversation that was read or closed stays among the unread and open ones until they are read again.
        const rows = all.filter(
          ({ unread_count, state }) =>
            (!filter.unread || unread_count > 0) && (filter.state === undefined || state === filter.state),
        );
        const expected = server.all(filter);
        const isWhole = data?.pages.at(-1)?.page.next_cursor === null;
        const ids = (found: readonly Conversation[]) => found.map(({ id }) => id);
        expect(ids(rows)).toEqual(ids(isWhole ? expected : expected.slice(0, rows.length)));
        expect(rows).toEqual(isWhole ? expected : expected.slice(0, rows.length));
      }
      for (const { queryKey, state } of client
        .getQueryCache()
        .findAll({ queryKey: conversationKeys.one('').slice(0, 2) }))
        expect(state.data).toEqual(server.one(String(queryKey.at(-1))));
      client.clear();
    }),
    { numRuns: 100 },
  );
});
