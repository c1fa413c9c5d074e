// The hub against a log in memory: a client sees exactly what it may see, whatever the order of things is.

import type { PublicEvent } from '@recado/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { semaphore } from '../../kit/async/semaphore.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import { openLog } from '../../kit/log.ts';
import { manualClock } from '../../kit/time.ts';
import { type EventRow, eventUuid, isBeyond, type Position } from '../events/index.ts';
import { filterOf, type Sink, type Transport } from './client.ts';
import { type Hub, openHub } from './hub.ts';

const workspaceId = newUuid();
const [mine, other] = [newUuid(), newUuid()];
const sessionId = newUuid();

/** A caller that sees the messages of one account. */
const caller: Caller = {
  kind: 'person',
  id: newUuid(),
  name: 'Ana',
  workspaceId,
  accounts: [mine],
  seesNumbers: true,
  role: 'agent',
  sessionId,
  permissions: new Set(['messages.read', 'me.read']),
};

const idOf = (row: EventRow) => toId('event', eventUuid(row));
const transport: Transport = { name: 'sse', flush() {} };

/** `slow`: how many turns of the event loop a read of the log takes. */
function world(slow = 1) {
  const clock = manualClock(1_764_000_000_000);
  const log: EventRow[] = [];
  let pass: (rows: EventRow[]) => void = () => {};
  let passed = 0;
  let lost = () => {};
  let current: Caller | undefined = caller;
  const cuts: string[] = [];
  const distances: number[] = [];
  const limits: number[] = [];
  const yields = () => new Promise<void>(resolve => setImmediate(resolve));
  const hub: Hub = openHub({
    clock,
    log: openLog('silent'),
    limit: 3,
    noteBehind: seconds => void distances.push(seconds),
    inTurn: semaphore(2),
    tail: {
      onLost: call => {
        lost = call;
        return () => {};
      },
      subscribe(onRows) {
        // It begins at the end of what was read so far.
        passed = log.length;
        pass = onRows;
        return () => {
          pass = () => {};
        };
      },
    },
    counted: () => {},
    noteCut: code => cuts.push(code),
    async again() {
      await yields();
      return current;
    },
    async find(_, id) {
      await yields();
      return log.find(row => idOf(row) === id);
    },
    async newest() {
      await yields();
      return log.at(-1);
    },
    async read({ audience }, after: Position | undefined, limit) {
      const rows = log
        .filter(row => after === undefined || isBeyond(row, after))
        .filter(row => row.type === 'message.sent')
        .filter(row => audience.access.caller.accounts?.includes(row.account_id ?? '') ?? true)
        .slice(0, limit);
      limits.push(limit);
      for (let n = 0; n < slow; n++) await yields();
      return rows;
    },
    async readable(_, rows) {
      await yields();
      return new Set(rows.map(({ id }) => id));
    },
    async present(_, rows) {
      await yields();
      return rows.map(row => ({ row, event: { id: idOf(row) } as PublicEvent }));
    },
  });
  return {
    hub,
    clock,
    cuts,
    distances,
    limits,
    log,
    yields,
    append(accountId: string, type = 'message.sent', data: Record<string, unknown> = {}) {
      const id = log.length + 1;
      // Several events of a transaction, and longer numbers later.
      const xid = String(95 + Math.floor(id / 3));
      const at = new Date(clock.now() + id);
      const row = { id, xid, workspace_id: workspaceId, type, account_id: accountId, message_id: null, number: null };
      log.push({ ...row, data, at });
    },
    /** The tail passes on what is new. */
    tell() {
      const rows = log.slice(passed);
      passed = log.length;
      if (rows.length > 0) pass(rows);
    },
    lose() {
      current = undefined;
    },
    loseCommits: () => lost(),
    async settle() {
      for (let n = 0; n < 60; n++) await yields();
    },
  };
}

type World = ReturnType<typeof world>;

function connect({ hub }: World, after: string | undefined, filter = filterOf(['message.*'])) {
  const seen: string[] = [];
  const told: string[] = [];
  let waiting = 0;
  const sink: Sink = {
    transport,
    send: ({ event }) => void seen.push(event.id),
    mark: id => void told.push(id),
    access: () => void told.push('access'),
    behind: seconds => void told.push(`behind ${seconds}`),
    beat: () => void told.push('beat'),
    resync: lastId => void told.push(`resync ${lastId}`),
    close: code => void told.push(code),
    buffered: () => waiting,
  };
  hub.demandRoom(caller);
  const client = hub.open({ caller, proof: { kind: 'session', sessionId }, filter, after, sink });
  return {
    seen,
    told,
    drop: () => hub.leave(client),
    stall(bytes: number) {
      waiting = bytes;
    },
  };
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('append' as const), mine: fc.boolean(), many: fc.nat(150) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tell' as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('yield' as const), times: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reconnect' as const) }) },
);

test('a client that comes and goes sees each event of its account once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
      const it = world();
      it.append(mine);
      const start = idOf(it.log[0] as EventRow);
      const seen: string[] = [];
      let client = connect(it, start);
      const reconnect = () => {
        client.drop();
        seen.push(...client.seen.splice(0));
        client = connect(it, seen.at(-1) ?? start);
      };
      for (const each of steps) {
        if (each.do === 'append') for (let n = 0; n <= each.many; n++) it.append(each.mine ? mine : other);
        else if (each.do === 'tell') it.tell();
        else if (each.do === 'reconnect') reconnect();
        else for (let n = 0; n < each.times; n++) await it.yields();
      }
      await it.settle();
      it.tell();
      await it.settle();
      seen.push(...client.seen);
      expect(seen).toEqual(it.log.slice(1).flatMap(row => (row.account_id === mine ? [idOf(row)] : [])));
      it.hub.close();
    }),
    { numRuns: 150 },
  );
});

const some = (of: string[]) => fc.option(fc.subarray(of), { nil: undefined });
const someFilter = fc.record({
  types: some(['message.*', 'message.sent', 'message.read']),
  accounts: some([mine, other]),
});

test('of two connections of one caller each sees what its own filter wants, whichever came first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someFilter, { minLength: 2, maxLength: 3 }), async filters => {
      const it = world();
      const clients = filters.map(({ types, accounts }) => connect(it, undefined, filterOf(types, accounts)));
      await it.settle();
      for (const type of ['message.sent', 'message.read', 'message.sent']) it.append(mine, type);
      it.tell();
      await it.settle();
      const wanted = filters.map(({ types, accounts }) =>
        it.log.filter(({ type }) => {
          const isType = types === undefined || types.includes('message.*') || types.includes(type);
          return isType && (accounts === undefined || accounts.includes(mine));
        }),
      );
      expect(clients.map(({ seen }) => seen)).toEqual(wanted.map(rows => rows.map(idOf)));
      it.hub.close();
    }),
    // The tab: a socket without events for presence, then the stream of all events.
    {
      examples: [
        [
          [
            { types: [], accounts: undefined },
            { types: undefined, accounts: undefined },
          ],
        ],
      ],
    },
  );
});

test('a client far behind gets larger pages, and is told how far it is behind until it has all', async () => {
  const it = world();
  for (let n = 0; n < 1_300; n++) it.append(mine);
  const client = connect(it, idOf(it.log[0] as EventRow));
  for (let n = 0; n < 4; n++) await it.yields();
  it.clock.advance(1_000);
  await it.settle();
  expect(client.seen).toEqual(it.log.slice(1).map(idOf));
  expect(it.limits).toEqual([100, 500, 500, 500]);
  const told = client.told.filter(each => each.startsWith('behind'));
  expect(told).toEqual(['behind 2', 'behind 1', 'behind 1', 'behind 0']);
  it.clock.advance(1_000);
  expect(it.distances.at(-1)).toBe(0);
});

test('no event after the place where a right was lost is sent, even with later ones in the same page', async () => {
  const it = world();
  const client = connect(it, undefined);
  await it.settle();
  it.append(mine);
  it.append(mine, 'access.changed', { session_id: sessionId });
  it.append(mine);
  it.lose();
  it.tell();
  await it.settle();
  expect(client.seen).toEqual([idOf(it.log[0] as EventRow)]);
  expect(client.told.at(-1)).toBe('unauthorized');
});

test('rights are read again each minute, because sessions end without an event', async () => {
  const it = world();
  const client = connect(it, undefined);
  await it.settle();
  it.lose();
  it.clock.advance(59_000);
  await it.settle();
  expect(client.told).not.toContain('unauthorized');
  it.clock.advance(2_000);
  await it.settle();
  expect(client.told.at(-1)).toBe('unauthorized');
});

test('a silent connection gets a heartbeat every 5 seconds, or its new position', async () => {
  const it = world();
  it.append(mine);
  const client = connect(it, undefined);
  await it.settle();
  client.told.splice(0);
  it.clock.advance(5_000);
  expect(client.told).toEqual(['beat']);
  // What the client does not see moves its position.
  it.append(other);
  it.tell();
  await it.settle();
  it.clock.advance(5_000);
  expect(client.told).toEqual(['beat', idOf(it.log[1] as EventRow)]);
  expect(client.seen).toEqual([]);
});

test('a client is told at once that it follows a log, even one without an event', async () => {
  const it = world();
  const client = connect(it, undefined);
  await it.settle();
  expect(client.told).toEqual(['beat']);
});

test('a client that takes nothing is cut at 1 MB', async () => {
  const it = world();
  const client = connect(it, undefined);
  await it.settle();
  client.stall(1_048_577);
  it.append(mine);
  it.tell();
  await it.settle();
  expect(client.told.at(-1)).toBe('slow_client');
  expect(it.cuts).toEqual(['slow_client']);
});

test('a client that takes nothing while it catches up is cut after a minute', async () => {
  const it = world();
  for (let n = 0; n < 500; n++) it.append(mine);
  const client = connect(it, idOf(it.log[0] as EventRow));
  client.stall(300_000);
  await it.settle();
  expect(client.seen).toHaveLength(100);
  for (let n = 0; n < 1_250; n++) {
    it.clock.advance(50);
    await it.yields();
  }
  expect(client.seen).toHaveLength(100);
  expect(client.told.at(-1)).toBe('slow_client');
});

test('a caller has a limit of connections, and each that ends makes room', async () => {
  const it = world();
  const clients = [1, 2, 3].map(() => connect(it, undefined));
  expect(() => it.hub.demandRoom(caller)).toThrow(/too many open streams/i);
  clients[0]?.drop();
  expect(() => it.hub.demandRoom(caller)).not.toThrow();
  it.hub.close();
  await it.settle();
  expect(clients.map(({ told }) => told.at(-1))).toEqual([undefined, 'server_stopping', 'server_stopping']);
  expect(() => it.hub.demandRoom(caller)).toThrow(/stopping/);
});

test('after a loss of commits each client is told to load again, and has room for a new connection', async () => {
  const it = world();
  const clients = [1, 2, 3].map(() => connect(it, undefined));
  await it.settle();
  it.loseCommits();
  it.append(mine);
  it.tell();
  await it.settle();
  expect(clients.map(({ seen, told }) => [seen, told.at(-1)])).toEqual(clients.map(() => [[], 'resync null']));
  expect(it.cuts).toEqual(clients.map(() => 'resync_required'));
  expect(() => it.hub.demandRoom(caller)).not.toThrow();
});

test('a client that names an unknown event gets the newest, and nothing else', async () => {
  const it = world();
  it.append(mine);
  const client = connect(it, toId('event', newUuid()));
  await it.settle();
  it.append(mine);
  it.tell();
  await it.settle();
  expect(client).toMatchObject({ seen: [], told: [`resync ${idOf(it.log[0] as EventRow)}`] });
  expect(it.cuts).toEqual(['resync_required']);
});

test('a client that catches up while more comes than is kept for it misses nothing', async () => {
  const it = world(30);
  it.append(mine);
  const client = connect(it, idOf(it.log[0] as EventRow));
  for (let round = 0; round < 10; round++) await it.yields();
  for (let n = 0; n < 2_000; n++) it.append(mine);
  it.tell();
  for (let n = 0; n < 20; n++) await it.settle();
  expect(client.seen).toEqual(it.log.slice(1).map(idOf));
});

test('a right that is lost while a client catches up ends it before the page that was read', async () => {
  const it = world();
  for (let n = 0; n < 3; n++) it.append(mine);
  const client = connect(it, idOf(it.log[0] as EventRow));
  it.lose();
  await it.settle();
  expect(client.seen).toEqual([]);
  expect(client.told.at(-1)).toBe('unauthorized');
});
