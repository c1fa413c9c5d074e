// Rows of many in the event log: each event of theirs is read once, in order, by those who may see it.
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventUuid } from '../../server/features/events/event.ts';
import type { EventRow, Position } from '../../server/features/events/index.ts';
import {
  eventsById,
  eventsOf,
  hasMore,
  newestOf,
  positionOf,
  readLog,
  rowOf,
} from '../../server/features/events/log-store.ts';
import type { Queryable } from '../../server/kit/db/database.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toQuery } from '../../server/kit/db/sql.ts';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { logIsOpen } from '../setup/event-log.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const types = ['message.queued', 'message.sending', 'message.sent', 'message.read'];
const workspaces = [newUuid(), newUuid()];
const accounts = [newUuid(), newUuid(), newUuid()];

let scenario: Scenario;
let writer: pg.Client;
let reader: pg.Client;
beforeAll(async () => {
  scenario = await startScenario();
  const open = async (role: string) => {
    const client = new pg.Client({
      connectionString: scenario.databaseUrl,
      options: `-c search_path=${searchPath}${role}`,
    });
    await client.connect();
    return client;
  };
  writer = await open('');
  reader = await open(' -c role=recado_api');
});
afterAll(async () => {
  await writer?.end();
  await reader?.end();
  await scenario?.close();
});

/** What a request handler sees that is limited to these accounts. */
async function asCaller(workspace: string, limitedTo: readonly string[] | undefined): Promise<Queryable> {
  await reader.query(`select set_config('recado.workspace', $1, false), set_config('recado.accounts', $2, false)`, [
    workspace,
    limitedTo ? `{${limitedTo.join(',')}}` : '*',
  ]);
  return { query: async fragment => (await reader.query(toQuery(fragment))).rows };
}

interface Fact {
  workspace: string;
  account: string;
  type: string;
  message: string;
  number: number;
}

/** Writes the facts of one transaction, and returns their ids as the writer is told them. */
async function write(facts: readonly Fact[]): Promise<number[]> {
  const { rows } = await writer.query<{ ids: string[] }>(
    `select append_message_events(array(select row(w, y, '{}', m, a, n)::message_fact
       from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::int[]) with ordinality u(w, y, m, a, n, o) order by o), now()) as ids`,
    [
      facts.map(({ workspace }) => workspace),
      facts.map(({ type }) => type),
      facts.map(({ message }) => message),
      facts.map(({ account }) => account),
      facts.map(({ number }) => number),
    ],
  );
  return (rows[0]?.ids ?? []).map(Number);
}

/** All pages of this size after a position. */
async function pages(
  read: (after: Position | undefined, limit: number) => Promise<EventRow[]>,
  after: Position | undefined,
  size: number,
): Promise<EventRow[]> {
  const found: EventRow[] = [];
  for (let at = after; ; ) {
    const rows = await read(at, size);
    found.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < size) return found;
    at = { xid: last.xid, id: last.id };
  }
}

const step = fc.record({
  workspace: fc.constantFrom(...workspaces),
  account: fc.constantFrom(...accounts),
  types: fc.subarray(types, { minLength: 1 }),
});
const transactions = fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 });

test('of any batches, each event comes once and in order, from any cursor and in pages of any size', async () => {
  await fc.assert(
    fc.asyncProperty(transactions, fc.integer({ min: 1, max: 9 }), fc.nat(), async (batches, size, somewhere) => {
      await scenario.settle();
      const [start] = await scenario.sql<Position>('select pg_current_xact_id()::text as xid, 0 as id');
      const written: (Fact & { id: number })[] = [];
      for (const batch of batches) {
        const facts = batch.flatMap(({ workspace, account, types: told }) => {
          const message = newUuid();
          return told.map((type, n) => ({ workspace, account, type, message, number: n + 1 }));
        });
        const ids = await write(facts);
        expect(ids).toHaveLength(facts.length);
        written.push(...facts.map((fact, n) => ({ ...fact, id: ids[n] as number })));
      }
      // Later rows are not always further back in the table.
      await scenario.sql('update event set number = number where id / 1024 % 3 = 1');
      await logIsOpen(scenario);
      const shown = (row: EventRow) => ({
        workspace: row.workspace_id,
        account: row.account_id,
        type: row.type,
        message: row.message_id,
        number: row.number,
        id: row.id,
      });
      const ordered = written.toSorted((one, other) => one.id - other.id);
      expect(new Set(written.map(({ id }) => id)).size).toBe(written.length);
      // The events of one message have its order.
      for (const { message } of written)
        expect(ordered.filter(fact => fact.message === message).map(({ number }) => number)).toEqual(
          written.filter(fact => fact.message === message).map(({ number }) => number),
        );

      const whole = await pages(
        async (at, limit) => (await readLog(scenario.engineDb, at as Position, limit)).rows,
        start,
        size,
      );
      const own = whole.filter(row => workspaces.includes(row.workspace_id));
      expect(own.map(shown)).toEqual(ordered);
      const cursor = own[somewhere % own.length] as EventRow;
      const rest = await pages(
        async (at, limit) => (await readLog(scenario.engineDb, at as Position, limit)).rows,
        cursor,
        size,
      );
      expect(rest.filter(row => workspaces.includes(row.workspace_id)).map(shown)).toEqual(
        ordered.slice((somewhere % own.length) + 1),
      );
      expect(await hasMore(scenario.engineDb, whole.at(-1) as EventRow)).toBe(false);
      expect(await hasMore(scenario.engineDb, cursor)).toBe(cursor.id !== whole.at(-1)?.id);

      for (const workspace of workspaces)
        for (const limitedTo of [undefined, accounts.slice(0, 1), accounts.slice(1)]) {
          const db = await asCaller(workspace, limitedTo);
          const seen = ordered.filter(
            fact => fact.workspace === workspace && (limitedTo ?? accounts).includes(fact.account),
          );
          const filter = { workspaceId: workspace, types, accounts: undefined };
          const read = (at: Position | undefined, limit: number) => eventsOf(db, filter, at, limit);
          // In the order of an index, and in that of a sort of all, which the planner may choose.
          for (const index of ['on', 'off']) {
            await reader.query(`set enable_indexscan = ${index}; set enable_bitmapscan = ${index}`);
            expect((await pages(read, start, size)).map(shown)).toEqual(seen);
            expect((await pages(read, cursor, size)).map(shown)).toEqual(seen.filter(({ id }) => id > cursor.id));
          }
          await reader.query('reset enable_indexscan; reset enable_bitmapscan');
          const known = await eventsById(
            db,
            workspace,
            written.map(({ id }) => id),
          );
          expect(known.map(({ id }) => id).sort((one, other) => one - other)).toEqual(seen.map(({ id }) => id));
          const last = seen.at(-1);
          if (!last) continue;
          expect((await newestOf(db, workspace))?.id).toBe(last.id);
          const row = known.find(({ id }) => id === last.id) as EventRow;
          expect(await positionOf(db, workspace, eventUuid(row))).toEqual({ xid: row.xid, id: row.id });
          // The table itself shows a request handler no row of many.
          expect((await reader.query('select 1 from event where messages is not null')).rowCount).toBe(0);
        }
    }),
    { numRuns: 15 },
  );
});

test('more messages than a row takes are in several rows, and each has an id of its own', async () => {
  const messages = Array.from({ length: 2_500 }, () => newUuid());
  const ids = await write(
    messages.map((message, n) => ({
      workspace: workspaces[0] as string,
      account: accounts[n % 3] as string,
      type: 'message.sent',
      message,
      number: 3,
    })),
  );
  expect(new Set(ids.map(rowOf)).size).toBe(3);
  const found = await scenario.sql<{ id: number; message: string; number: number }>(
    'select id, message_id as message, number from logged_event where row_id = any ($1::bigint[]) order by id',
    [[...new Set(ids.map(rowOf))]],
  );
  expect(found.map(({ message, number }) => [message, number])).toEqual(messages.map(message => [message, 3]));
  expect(found.map(({ id }) => Number(id))).toEqual(ids);
});

test('a request handler adds events of its workspace and accounts only', async () => {
  const [mine, other] = accounts as [string, string];
  const [workspace, foreign] = workspaces as [string, string];
  const add = async (at: string, ...of: string[]) => {
    await reader.query('begin');
    try {
      await reader.query(
        `select append_message_events(array(select row($1::uuid, 'message.sent', '{}', gen_random_uuid(), a, 1)::message_fact
           from unnest($2::uuid[]) a), now())`,
        [at, of],
      );
      return 'added';
    } catch (error) {
      return (error as pg.DatabaseError).code;
    } finally {
      await reader.query('rollback');
    }
  };
  await asCaller(workspace, [mine]);
  expect([await add(workspace, mine), await add(workspace, mine, other), await add(workspace, other)]).toEqual([
    'added',
    '42501',
    '42501',
  ]);
  await asCaller(workspace, undefined);
  expect([await add(workspace, mine, other), await add(foreign, mine, other)]).toEqual(['added', '42501']);
});

/** Two messages that were accepted together, to two people. */
async function pair(first: string, second: string): Promise<{ id: string; contact_id: string }[]> {
  const messages = [first, second].map(to => ({
    account_id: scenario.account.id,
    to,
    type: 'text',
    text: { body: 'x' },
  }));
  const { body } = await scenario.api('POST', '/api/v1/messages/batch', { messages });
  await scenario.settle();
  await logIsOpen(scenario);
  const ids = body.results.map((item: { message: { id: string } }) => item.message.id);
  return Promise.all(ids.map((id: string) => scenario.message(id)));
}

/** A paused endpoint of the workspace, which gets no request. */
async function pausedEndpoint(): Promise<string> {
  const id = newUuid();
  await scenario.sql(
    `insert into endpoint (id, workspace_id, url, permissions, secret, status, creator_kind, created_by, created_at, changed_at)
     select $1, id, 'https://example.com/', '{}', 'none', 'paused', 'person', id, now(), now() from workspace limit 1`,
    [id],
  );
  await scenario.sql(
    'insert into delivery_lane (endpoint_id, workspace_id) select id, workspace_id from endpoint where id = $1',
    [id],
  );
  return id;
}

test('an erased message shows nothing in the rows that it shared, and these go with the last message of theirs', async () => {
  const [erased, kept] = (await pair('+33612170001', '+33612170002')) as [
    { id: string; contact_id: string },
    { id: string; contact_id: string },
  ];
  const eventsAbout = async ({ id }: { id: string }) => {
    const { body } = await scenario.api('GET', '/api/v1/events?limit=1000&types=message.*');
    return body.data.filter(({ data }: { data: { message: { id: string } } }) => data.message.id === id);
  };
  const shared = () =>
    scenario.sql<{ id: string; n: number }>(
      'select id, cardinality(messages) as n from event where messages && $1::uuid[]',
      [[erased, kept].map(({ id }) => toUuid(id))],
    );
  const endpoint = await pausedEndpoint();
  const both = await scenario.sql<{ id: number }>(
    `select id from logged_event where type = 'message.read' and message_id = any ($1::uuid[]) order by message_id = $2`,
    [[erased, kept].map(({ id }) => toUuid(id)), toUuid(kept.id)],
  );
  const queue = async () => {
    const [row] = await scenario.sql<{ n: number }>(
      'select add_deliveries(null, array[$1::uuid, $1], $2::bigint[], array[$1::uuid, $1], null) as n',
      [endpoint, both.map(({ id }) => id)],
    );
    return Number(row?.n);
  };
  expect(await queue()).toBe(2);
  const [first] = await eventsAbout(erased);
  const ofKept = await eventsAbout(kept);
  expect((await shared()).filter(({ n }) => n > 1).length).toBeGreaterThan(0);
  const { body: receipt } = await scenario.api('POST', `/api/v1/contacts/${erased.contact_id}/erase`);
  expect(receipt.counts.events).toBeGreaterThanOrEqual(5);
  expect(await eventsAbout(erased)).toEqual([]);
  // It gets no delivery, and an answer to it that comes later is not kept.
  expect(await queue()).toBe(1);
  await scenario.sql(
    `select record_deliveries(null, $1, array_agg(seq order by seq), '{1,1,1}', array_fill(now(), '{3}'), '{1,1,1}', '{500,500,500}',
       array_fill('http_status'::text, '{3}'), array_fill('an answer'::text, '{3}'), '{60000,60000,60000}', null)
     from delivery where endpoint_id = $1`,
    [endpoint],
  );
  expect(
    await scenario.sql(
      `select d.event_id as id, a.excerpt from delivery_attempt a join delivery d on d.seq = a.delivery_seq
       where a.endpoint_id = $1 order by d.seq`,
      [endpoint],
    ),
  ).toEqual([
    { id: both[0]?.id, excerpt: null },
    { id: both[1]?.id, excerpt: 'an answer' },
    { id: both[1]?.id, excerpt: 'an answer' },
  ]);
  expect((await scenario.api('GET', `/api/v1/events/${first.id}`)).status).toBe(404);
  expect(await eventsAbout(kept)).toEqual(ofKept);
  // A cursor at an event that is gone leads on.
  expect((await scenario.api('GET', `/api/v1/events?after=${first.id}&limit=1`)).status).toBe(200);
  const rows = (await shared()).map(({ id }) => id);
  expect(rows.length).toBeGreaterThan(0);
  expect((await scenario.api('POST', `/api/v1/contacts/${kept.contact_id}/erase`)).status).toBe(200);
  expect(await scenario.sql('select 1 from event where id = any ($1::bigint[])', [rows])).toEqual([]);
});
