// Metrics of queues and totals of lists read kept counts and the heads of indexes, in tables of any size.
import { contactSorts } from '@recado/contract';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listEntries } from '../../server/features/audit/store.ts';
import { listConversations } from '../../server/features/contacts/conversation-store.ts';
import { findPerson } from '../../server/features/contacts/erase-store.ts';
import { type ContactFilter, listContacts as listOrdered } from '../../server/features/contacts/list-store.ts';
import type { Position } from '../../server/features/events/index.ts';
import { hasMore } from '../../server/features/events/log-store.ts';
import { duePayloadLanes } from '../../server/features/inbound/inbound-store.ts';
import {
  deadLettersOf,
  deleteExpiredPayloads,
  moveToDeadLetters,
  newestDead,
  unreadApps,
} from '../../server/features/inbound/raw-store.ts';
import { listMedia } from '../../server/features/media/files/store.ts';
import { listMessages } from '../../server/features/messages/list-store.ts';
import { waitingOfSome } from '../../server/features/messages/waiting-store.ts';
import { removeOld } from '../../server/features/privacy/remove-store.ts';
import { cancelWaiting } from '../../server/features/queue/cancel-store.ts';
import type { Realm } from '../../server/features/segments/index.ts';
import { claimMessages } from '../../server/features/sending/store.ts';
import { installationStats, queueOf, workspaceStats } from '../../server/features/statistics/queue-store.ts';
import { errorCounts, reasonCounts, waitingCounts } from '../../server/features/statistics/reasons-store.ts';
import type { Queryable } from '../../server/kit/db/database.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toQuery } from '../../server/kit/db/sql.ts';
import type { PageRequest } from '../../server/kit/http/routes.ts';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { until } from '../faults/processes.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { workerPostgres } from '../setup/worker-postgres.ts';

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Node[];
}

const stored = 20_000;
const unread = 3;

let scenario: Scenario;
let client: pg.Client;
let workspaceId: string;
let plans: Node[] = [];

beforeAll(async () => {
  scenario = await startScenario({ roles: 'api' });
  const worker = await scenario.node('worker');
  const { id } = await scenario.send();
  // It is another process that sends it, which the scenario does not wait for.
  await until('it is read', 60, async () => (await scenario.message(id)).status === 'read');
  await scenario.sql('update workspace set keep_messages_days = null');
  // As many were sent, as many failed, and as many wait.
  for (const status of ['sent', 'failed', 'queued'])
    await scenario.sql(
      `insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
         status, priority, event_count, created_at, sent_at)
       select token_of(gen_random_uuid(), 0), workspace_id, account_id, conversation_id, contact_id, direction, address, type,
         content, $1::text, 2, 1, now(), case when $1::text = 'sent' then now() end
       from (select * from message order by seq limit 1) m, generate_series(1, $2::int) n`,
      [status, stored],
    );
  await scenario.sql(
    `with opened as (insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at)
       select id, seq, workspace_id, account_id, conversation_id, priority, 'queued', seq = min(seq) over (), now() + interval '1 hour'
       from message where status = 'queued')
     update lane set queued = $1`,
    [stored],
  );
  // As many people wrote or were written to, and nearly all has been read.
  await scenario.sql(
    `with person as (
       insert into contact (id, workspace_id, name) select gen_random_uuid(), workspace_id, 'Person ' || n
       from account, generate_series(1, $1::int) n returning id)
     insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, unread_count)
     select gen_random_uuid(), a.workspace_id, a.id, p.id, now() - n * interval '1 minute', (n > $1 - $2)::int
     from account a, (select id, row_number() over () as n from person) p`,
    [stored, unread],
  );
  await worker.sweeper?.sweep();
  await worker.close();
  await scenario.sql('vacuum analyze');
  const [found] = await scenario.sql<{ workspace_id: string; database: string }>(
    'select workspace_id, current_database() as database from account',
  );
  workspaceId = found?.workspace_id ?? '';
  const { host, port, user } = workerPostgres();
  client = new pg.Client({
    ...{ host, port, user, database: found?.database },
    options: `-c search_path=${searchPath} -c plan_cache_mode=force_custom_plan`,
  });
  await client.connect();
  client.on('notice', notice => {
    const start = notice.message?.indexOf('{') ?? -1;
    if (notice.message && start >= 0) plans.push(JSON.parse(notice.message.slice(start)).Plan);
  });
  await client.query(`load 'auto_explain'`);
  for (const [name, value] of [
    ['auto_explain.log_min_duration', '0'],
    ['auto_explain.log_analyze', 'on'],
    ['auto_explain.log_timing', 'off'],
    ['auto_explain.log_format', 'json'],
    ['client_min_messages', 'log'],
  ])
    await client.query('select set_config($1, $2, false)', [name, value]);
}, 120_000);

afterAll(async () => {
  await client.end();
  await scenario.close();
});

const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)];

/** Reads as a role does, behind its wall, and gives what came of it with the most rows that any step looked at. */
async function watched<Result>(
  role: 'recado_api' | 'recado_engine',
  read: (db: {
    query: <Row extends object>(query: Parameters<typeof toQuery>[0]) => Promise<Row[]>;
  }) => Promise<Result>,
  accounts = '*',
): Promise<{ result: Result; most: number }> {
  await client.query(`select set_config('recado.workspace', $1, false), set_config('recado.accounts', $2, false)`, [
    workspaceId,
    accounts,
  ]);
  await client.query(`set role ${role}`);
  plans = [];
  try {
    const result = await read({
      query: async <Row extends object>(query: Parameters<typeof toQuery>[0]) =>
        (await client.query<Row>(toQuery(query) as never)).rows,
    });
    const nodes = plans.flatMap(flat);
    expect(nodes.length).toBeGreaterThan(1);
    const looked = nodes.map(
      node =>
        ((node['Actual Rows'] ?? 0) +
          (node['Rows Removed by Filter'] ?? 0) +
          (node['Rows Removed by Index Recheck'] ?? 0)) *
        (node['Actual Loops'] ?? 1),
    );
    return { result, most: Math.max(...looked) };
  } finally {
    await client.query('reset role');
  }
}

// A page is 51 rows, and an account has a few counts.
const few = 200;

test('the metrics of a workspace', async () => {
  const { result, most } = await watched('recado_api', db => workspaceStats(db, workspaceId, null));
  expect(result).toMatchObject({ waiting: stored, failed: stored, completed: stored + 1 });
  expect(result.lanes).toContainEqual({ kind: 'send', due: 0, workers: expect.any(Number) });
  expect(most).toBeLessThan(few);
});

test('the queue of an account', async () => {
  const { result, most } = await watched('recado_api', db => queueOf(db, toUuid(scenario.account.id), null));
  expect(result).toMatchObject({ high: 0, normal: 0, low: stored, oldest_seconds: null });
  expect(result?.next_send_at).not.toBeNull();
  expect(most).toBeLessThan(few);
});

test('the metrics, with many that will never be delivered', async () => {
  const late = 30;
  await scenario.sql(
    `update message set reported_at = now() - case when n > $1 then interval '8 days' else interval '1 day' end
     from (select id, row_number() over (order by seq) as n from message where status = 'sent') x where message.id = x.id`,
    [late],
  );
  await scenario.sql('vacuum analyze message');
  const { result, most } = await watched('recado_engine', db => installationStats(db, null));
  await scenario.sql('update message set reported_at = null where reported_at is not null');
  await scenario.sql('vacuum analyze message');
  expect(result).toMatchObject({ undelivered: late });
  expect(most).toBeLessThan(few);
});

test('the metrics', async () => {
  const { result, most } = await watched('recado_engine', db => installationStats(db, null));
  expect(result).toMatchObject({
    waiting: [{ status: 'queued', priority: 'low', n: stored }],
    oldest: [],
    undelivered: 0,
    stuck: 0,
    due_lanes: 0,
  });
  expect(most).toBeLessThan(few);
});

test('why messages wait and why they failed', async () => {
  const waits = await watched('recado_api', async db => [
    await waitingCounts(db as Queryable, workspaceId, undefined, null),
    await reasonCounts(db as Queryable, workspaceId, undefined, false, null),
  ]);
  const account_id = toUuid(scenario.account.id);
  expect(waits.result).toMatchObject([
    { queued: stored, oldest_seconds: null },
    [
      { account_id, reason: 'no_worker', messages: stored - 1 },
      { account_id, reason: 'next', messages: 1 },
    ],
  ]);
  expect(waits.most).toBeLessThan(few);
  const soon = new Date(Date.now() + 3_600_000);
  const errors = await watched('recado_api', db =>
    errorCounts(db as Queryable, workspaceId, { from: soon, until: undefined, accountId: undefined }),
  );
  expect(errors.result).toEqual([]);
  expect(errors.most).toBeLessThan(few);
});

test('the place in a long line, and no more of it than is counted', async () => {
  const [ends] = await scenario.sql<{ first: string; last: string }>(
    `select (array_agg(id order by seq))[1] as first, (array_agg(id order by seq desc))[1] as last from open_message`,
  );
  const ids = [ends?.first ?? '', ends?.last ?? ''];
  const { result, most } = await watched('recado_api', db => waitingOfSome(db as Queryable, ids, false, null));
  const ahead = new Map(result.map(row => [row.id, row.ahead]));
  expect(ids.map(id => ahead.get(id))).toEqual([0, 10_000]);
  expect(most).toBeLessThan(10_000 + few);
});

test.each(['report_undelivered', 'report_stuck'])('the watchdog, where nothing is late: %s', async name => {
  await client.query('set auto_explain.log_nested_statements = on');
  const { result, most } = await watched('recado_engine', db =>
    db.query<{ n: number }>({ texts: [`select ${name}(null)::int as n`], values: [] }),
  );
  await client.query('reset auto_explain.log_nested_statements');
  expect(result).toEqual([{ n: 0 }]);
  expect(most).toBeLessThan(few);
});

test.each(['before', 'after'])('which lanes have something to read, %s the statistics know how much', async when => {
  const dueLanes = async (db: Queryable) => {
    const keys = await duePayloadLanes(db, ['one', 'other']);
    // Within a transaction a plan is told of when the next statement begins.
    await client.query('select $1', [1]);
    return keys;
  };
  await client.query('begin');
  try {
    await client.query(
      `insert into inbound_payload (app, lane_key, body, received_at)
       select case when n % 3 = 2 then 'gone' else 'one' end, ('00000000-0000-7000-8000-00000000000' || n % 3)::uuid, '', now()
       from generate_series(1, $1::int) n`,
      [5_000],
    );
    if (when === 'after') await client.query('analyze inbound_payload');
    const found = await watched('recado_engine', dueLanes);
    expect(found.result).toEqual(['00000000-0000-7000-8000-000000000000', '00000000-0000-7000-8000-000000000001']);
    // But for the lane whose app is gone, which is looked through.
    expect(found.most).toBeLessThan(2_000);
    await client.query(`update inbound_payload set app = 'one'`);
    const { most } = await watched('recado_engine', dueLanes);
    expect(most).toBeLessThan(few);
    await client.query('set local auto_explain.log_nested_statements = on');
    const unread = await watched('recado_engine', async db => {
      await db.query({ texts: ['select unread_lanes()'], values: [] });
      await client.query('select $1', [1]);
    });
    expect(unread.most).toBeLessThan(few);
  } finally {
    await client.query('rollback');
  }
});

test('whether there are more events, in a table that nobody has analyzed', async () => {
  await client.query('begin');
  try {
    await client.query('set local auto_explain.log_nested_statements = on');
    await client.query(
      `insert into event (workspace_id, type, at) select $1, 'message.queued', now() from generate_series(1, 50000)`,
      [workspaceId],
    );
    await client.query(`delete from pg_statistic where starelid = 'event'::regclass`);
    await client.query(
      `update pg_class set reltuples = -1, relpages = 0, relallvisible = 0 where oid = 'event'::regclass`,
    );
    const { rows } = await client.query<Position>(
      'select xid::text as xid, id from event order by event.xid desc, event.id desc limit 1',
    );
    const last = rows[0] as Position;
    for (const [after, more] of [
      [last, false],
      [{ xid: '0', id: 0 }, true],
    ] as const) {
      const { result, most } = await watched('recado_engine', async db => {
        const found = await hasMore(db, after);
        await client.query('select $1', [1]);
        return found;
      });
      expect(result).toBe(more);
      expect(most).toBeLessThan(few);
    }
  } finally {
    await client.query('rollback');
  }
});

test('a claim of an account whose messages all need their window', async () => {
  await client.query('begin');
  try {
    await client.query(`select set_config('auto_explain.log_nested_statements', 'on', true)`);
    // The window of every second person is closed.
    await client.query(`update conversation v set last_received_at = now() - (x.n % 2) * interval '25 hours'
      from (select id, row_number() over (order by id) as n from conversation) x where x.id = v.id`);
    await client.query(`insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state,
        head, ready_at, needs_window)
      select token_of(gen_random_uuid(), 0), nextval('message_seq'), workspace_id, account_id, id, 1, 'queued', true,
        now() - interval '1 second', true
      from conversation v where not exists (select 1 from open_message o where o.conversation_id = v.id and o.head)`);
    await client.query('analyze open_message');
    const settings = { routes: ['sandbox'], runner: 'reads', leaseSeconds: 30, random: 0.5 };
    const asked = [{ accountId: toUuid(scenario.account.id), max: 10 }];
    const { result, most } = await watched('recado_engine', db => claimMessages(db, asked, settings, null));
    expect(result[0]?.deferred).toBeGreaterThan(0);
    // A page is 400 heads where limits may defer some.
    expect(most).toBeLessThan(400 + few);
  } finally {
    await client.query('rollback');
  }
});

const page: PageRequest = { limit: 50, offset: 0, after: undefined };

test.each([
  ['all', {}, stored * 3 + 1],
  ['of a status', { statuses: ['failed'] }, stored],
  ['of an account', { account: true }, stored * 3 + 1],
])(
  'a page of messages, %s',
  async (_, { account = false, ...filter }: { account?: boolean; statuses?: string[] }, total) => {
    const accountId = account ? toUuid(scenario.account.id) : undefined;
    const { result, most } = await watched('recado_api', db =>
      listMessages(db, workspaceId, { ...filter, accountId }, page),
    );
    expect(result.rows).toHaveLength(51);
    expect(result.total).toBe(total);
    expect(most).toBeLessThan(few);
  },
);

test.each([
  ['all', {}, 51, stored + 1],
  ['of an account', { account: true }, 51, stored + 1],
  ['unread, however long ago', { unread: true }, unread, unread],
])('a page of conversations, %s', async (_, filter: { account?: boolean; unread?: boolean }, rows, total) => {
  const accountId = filter.account ? toUuid(scenario.account.id) : undefined;
  const { result, most } = await watched('recado_api', db =>
    listConversations(db, workspaceId, { accountId, contactId: undefined, unread: filter.unread }, page),
  );
  expect(result.rows).toHaveLength(rows);
  expect(result.total).toBe(total);
  expect(most).toBeLessThan(few);
});

const realmOf = (workspace: string): Realm => ({ workspaceId: workspace, accounts: undefined, now: new Date() });
const listContacts = (db: Queryable, workspace: string, filter: ContactFilter, at: PageRequest) =>
  listOrdered(db, realmOf(workspace), { filter, sort: 'created' }, at);

test('the files of a long conversation, and of a person', async () => {
  const [of] = await scenario.sql<{ conversation: string; contact: string }>(
    `update message set type = 'image' where seq in (select seq from message order by seq offset 100 limit 3)
     returning conversation_id as conversation, contact_id as contact`,
  );
  await scenario.sql('vacuum analyze message');
  for (const one of [{ conversationId: of?.conversation ?? '' }, { contactId: of?.contact ?? '' }]) {
    const { result, most } = await watched('recado_api', db =>
      listMessages(db, workspaceId, { ...one, types: ['image', 'video', 'audio', 'document'] }, page),
    );
    expect(result.rows).toHaveLength(3);
    expect(result.total).toBe(3);
    expect(most).toBeLessThan(few);
  }
  await scenario.sql(`update message set type = 'text' where type = 'image'`);
  await scenario.sql('vacuum analyze message');
});

test('a page of contacts', async () => {
  const { result, most } = await watched('recado_api', db =>
    listContacts(db, workspaceId, { phone: undefined, search: undefined }, page),
  );
  expect(result.rows).toHaveLength(51);
  expect(result.total).toBe(stored + 1);
  expect(most).toBeLessThan(few);
});

test('a contact that is looked for by name and number, among more of the name than are counted', async () => {
  const { body: made } = await scenario.api('POST', '/api/v1/contacts', { name: 'Person Last', phone: '+33612000999' });
  for (const [query, found] of [
    ['search=person&phone=%2B33612000999', [made.id]],
    ['search=000999&phone=%2B33612000999', [made.id]],
    ['search=nobody&phone=%2B33612000999', []],
    ['search=person&phone=%2B33612000998', []],
  ] as const) {
    const { body } = await scenario.api('GET', `/api/v1/contacts?${query}`);
    expect([query, body.data.map((contact: { id: string }) => contact.id), body.page.total]).toEqual([
      query,
      found,
      found.length,
    ]);
  }
  const { result, most } = await watched('recado_api', db =>
    listContacts(db, workspaceId, { phone: '+33612000999', search: 'person' }, page),
  );
  expect(result.rows).toHaveLength(1);
  expect(most).toBeLessThan(few);
});

test('a few contacts that are looked for by a part of a name', async () => {
  await client.query('set auto_explain.log_nested_statements = on');
  const { result, most } = await watched('recado_api', async db => [
    await listContacts(db, workspaceId, { phone: undefined, search: 'son 1999' }, page),
    await listContacts(db, workspaceId, { phone: undefined, search: '19999' }, page),
  ]);
  await client.query('reset auto_explain.log_nested_statements');
  expect(result.map(({ rows, total }) => [rows.length, total])).toEqual([
    [11, 11],
    [1, 1],
  ]);
  expect(most).toBeLessThan(few);
});

test('every part of a name finds it, by the parts that are in the index', async () => {
  const names = [
    ...[
      'Maria José da Silva',
      "O'Neil  and  Sons",
      String.raw`back\slash 'quoted' \\`,
      ' Spaces around ',
      '王小明 先生',
    ],
    ...['ÅSA Öberg', 'a', 'Tab\tand\nline', '100% & (more) | !:* <->', `${'long'.repeat(12)} ${'word'.repeat(12)}`],
  ];
  const [counted] = await scenario.sql<{ parts: number; missed: string[] }>(
    `with part as (
       select name, substr(name, first, n) as text from unnest($1::text[]) name,
         generate_series(1, length(name)) first, generate_series(1, length(name) - first + 1) n)
     select count(*)::int as parts, coalesce(array_agg(name || ': ' || text) filter (where not name_parts(name) @@ name_query(upper(text))), '{}') as missed
     from part where text <> repeat(' ', length(text))`,
    [names],
  );
  expect(counted?.parts).toBeGreaterThan(5_000);
  expect(counted?.missed).toEqual([]);
});

test('contacts that are looked for by a name that very many have, all before the others', async () => {
  const others = 40_000;
  await scenario.sql(
    `insert into contact (id, workspace_id, name) select ('f' || substr(md5(n::text), 2))::uuid, $1, 'Guest ' || n from generate_series(1, $2::int) n`,
    [workspaceId, others],
  );
  await scenario.sql('vacuum analyze contact');
  const [last] = await scenario.sql<{ id: string }>(
    `select id from contact where name like 'Person%' order by id desc limit 1`,
  );
  const { result, most } = await watched('recado_api', async db => {
    const first = await listContacts(db, workspaceId, { phone: undefined, search: 'person' }, page);
    const after = [first.rows[49]?.id ?? ''];
    return [first, await listContacts(db, workspaceId, { phone: undefined, search: 'person' }, { ...page, after })];
  });
  await scenario.sql(`delete from contact where name like 'Guest %'`);
  const ids = result.flatMap(({ rows }) => rows.slice(0, 50).map(({ id }) => id));
  expect(ids[0]).toBe(last?.id);
  expect(ids).toEqual([...new Set(ids)].sort().reverse());
  expect(ids).toHaveLength(100);
  // All that is found is read, and not all that is newer.
  expect(most).toBeLessThan(stored + few);
});

test('contacts by each filter and in each order', async () => {
  const [rare, common] = [newUuid(), newUuid()];
  await scenario.sql(
    `insert into label (id, workspace_id, name, color, kind) select id, $1, id, 'teal', 'contact' from unnest($2::uuid[]) id`,
    [workspaceId, [rare, common]],
  );
  await scenario.sql(
    `insert into contact_label (label_id, contact_id, workspace_id) select l.id, c.id, c.workspace_id
     from contact c, unnest(array[$1::uuid, $2::uuid]) l(id) where l.id = $2 or c.name like 'Person 1999_'`,
    [rare, common],
  );
  await scenario.sql(`update contact set language = case when name like 'Person 1888_' then 'ar' else 'pt' end,
    fields = jsonb_build_object('vip', name like 'Person 1777_', 'town', 'Town ' || right(name, 4))`);
  await scenario.sql('vacuum analyze contact, contact_label, label');
  const filters: [ContactFilter, number | undefined][] = [
    [{}, undefined],
    [{ labelId: rare }, 10],
    [{ labelId: common }, undefined],
    [{ labelId: common, language: 'pt' }, undefined],
    [{ labelId: common, language: 'ar' }, 10],
    [{ field: { key: 'vip', value: true } }, 10],
    [{ search: 'town 1234' }, 2],
    [{ labelId: common, field: { key: 'vip', value: true }, search: 'person' }, 10],
    [{ unread: true }, unread],
    [{ optedOut: true }, 0],
    [{ optedOut: false }, undefined],
    [{ callingCode: '351' }, 0],
    [{ createdUntil: new Date('2020-01-01T00:00:00Z') }, 0],
  ];
  // The others take the same ways.
  const ordered = new Set(filters.slice(0, 3).map(([filter]) => filter));
  await client.query('set auto_explain.log_nested_statements = on');
  for (const [filter, found] of filters)
    for (const sort of ordered.has(filter) ? contactSorts : (['created'] as const)) {
      const { result, most } = await watched('recado_api', db =>
        listOrdered(db, realmOf(workspaceId), { filter, sort }, page),
      );
      const { rows, total } = result;
      const about = [JSON.stringify(filter), sort];
      expect([...about, rows.length, Math.min(total, 10_001)]).toEqual([
        ...about,
        Math.min(found ?? 51, 51),
        found ?? expect.any(Number),
      ]);
      // Counting reads rows: of several filters the hits of each, until one has few.
      const isCounted = Object.keys(filter).length > (found === undefined ? 0 : 1);
      // Beside those that fit: ten in another language.
      const mostly = isCounted ? 2 * 10_001 + 10 : few;
      expect([...about, Math.max(most, mostly)]).toEqual([...about, mostly]);
    }
  await client.query('reset auto_explain.log_nested_statements');
});

test.each([
  ['kind', { kind: 'sticker' }],
  ['status', { status: 'expired' }],
  ['direction', { direction: 'received' }],
] as const)('files of a %s that were the first of many', async (_, filter) => {
  await scenario.sql(
    `insert into media (id, workspace_id, direction, status, kind, created_at)
     select ('0' || substr(md5(n::text), 2))::uuid, $1, case when n > $2 then 'received' else 'uploaded' end,
       case when n > $2 then 'expired' else 'stored' end, case when n > $2 then 'sticker' else 'image' end, now()
     from generate_series(1, $2 + 3) n`,
    [workspaceId, stored],
  );
  await scenario.sql(`update media set id = ('f' || substr(id::text, 2))::uuid where kind = 'image'`);
  await scenario.sql('vacuum analyze media');
  const whole = { kind: undefined, status: undefined, direction: undefined, ...filter };
  const { result, most } = await watched('recado_api', db => listMedia(db, workspaceId, whole, page));
  await scenario.sql('delete from media');
  expect([result.rows.length, result.total]).toEqual([3, 3]);
  expect(most).toBeLessThan(few);
});

test('entries of the audit log of an action, and of all that begin alike, that were the first of many', async () => {
  for (const [action, times] of [
    ['invitation.created', 2],
    ['invitation.revoked', 1],
    ['session.created', stored],
  ])
    await scenario.sql(
      `insert into audit_entry (workspace_id, at, actor_kind, action)
       select $1, now(), 'nobody', $2 from generate_series(1, $3::int)`,
      [workspaceId, action, times],
    );
  await scenario.sql('vacuum analyze audit_entry');
  const filter = { actorId: undefined, targetId: undefined, from: undefined, until: undefined };
  for (const [action, found] of [
    ['invitation.created', 2],
    ['invitation.', 3],
    ['invitation', 0],
  ] as const) {
    const { result, most } = await watched('recado_api', db =>
      listEntries(db, workspaceId, { ...filter, action }, page),
    );
    expect([action, result.rows.length, result.total]).toEqual([action, found, found]);
    expect(most).toBeLessThan(few);
  }
});

describe('the few that were played, before all that were sent', () => {
  const rare = 3;
  let seqs: number[];
  beforeAll(async () => {
    const rows = await scenario.sql<{ seq: number }>(
      `update message set status = 'played' where id in (select id from message where status = 'sent' order by seq limit $1)
       returning seq`,
      [rare],
    );
    seqs = rows.map(row => Number(row.seq)).sort((one, other) => other - one);
  });
  afterAll(async () => {
    await scenario.sql(`update message set status = 'sent' where status = 'played'`);
    await scenario.sql('select roll_up_counts()');
  });

  describe.each(['before', 'after'])('%s the counts are folded', when => {
    beforeAll(async () => {
      if (when === 'after') await scenario.sql('select roll_up_counts()');
      await scenario.sql('vacuum analyze');
    });

    test.each([
      { statuses: ['played'] },
      { statuses: ['played', 'unknown', 'sending'], types: ['text'] },
      { statuses: ['played'], direction: 'outbound', isAscending: true },
      { statuses: ['played'], priority: 2 },
      { statuses: ['played'], from: '2020-01-01T00:00:00.000Z' },
    ])('a page: %j', async filter => {
      const { result, most } = await watched('recado_api', db => listMessages(db, workspaceId, filter, page));
      const found = result.rows.map(row => Number(row.seq));
      expect(filter.isAscending ? found.reverse() : found).toEqual(seqs);
      expect(result.total).toBe(rare);
      // A stretch of a kind is looked through.
      expect(most).toBeLessThan(512 + few);
    });

    test('pages of what was sent: each begins where the one before it ended, and none has what was played', async () => {
      const wanted = await scenario.sql<{ seq: number }>(
        `select seq from message where status = 'sent' order by seq limit 102`,
      );
      const filter = { statuses: ['sent', 'read'], isAscending: true };
      const { result, most } = await watched('recado_api', async db => {
        const first = await listMessages(db, workspaceId, filter, page);
        const after = [String(first.rows[50]?.seq)];
        return [first, await listMessages(db, workspaceId, filter, { ...page, after })];
      });
      const found = result.flatMap(({ rows }) => rows.map(row => Number(row.seq)));
      // The scenario's own message was read, and is the first of all.
      expect(found.slice(1)).toEqual(wanted.slice(0, 101).map(row => Number(row.seq)));
      expect(result[0]?.total).toBe(stored - rare + 1);
      expect(most).toBeLessThan(30 * 512);
    });
  });
});

describe('a caller who is limited to an account that wrote before all others', () => {
  const old = 3;
  let accountId: string;
  beforeAll(async () => {
    const { body } = await scenario.api('POST', '/api/v1/accounts', { name: 'Early', channel: 'sandbox' });
    accountId = toUuid(body.id);
    await scenario.sql(
      `with v as (
         insert into conversation (id, workspace_id, account_id, contact_id, last_message_at)
         select gen_random_uuid(), workspace_id, $1, id, now() - interval '1 year' - n * interval '1 minute'
         from (select c.*, row_number() over (order by id) as n from contact c) c where n <= $2 returning *)
       insert into message (id, seq, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
         status, event_count, created_at, sent_at)
       overriding system value
       select gen_random_uuid(), -row_number() over (), workspace_id, account_id, id, contact_id, 'outbound', '+33612000001', 'text', '{"body": "x"}',
         'failed', 1, last_message_at, last_message_at from v`,
      [accountId, old],
    );
    await scenario.sql('vacuum analyze');
  });

  test.each([
    ['all', {}, old],
    ['of statuses', { statuses: ['failed', 'sent'] }, old],
    ['of a direction', { direction: 'outbound' }, old],
    ['of a type that there is not', { types: ['image'] }, 0],
  ])('a page of messages, %s', async (_, filter, rows) => {
    const { result, most } = await watched(
      'recado_api',
      db => listMessages(db, workspaceId, { ...filter, limitedTo: [accountId] }, page),
      `{${accountId}}`,
    );
    expect(result.rows).toHaveLength(rows);
    expect(result.total).toBe(rows);
    expect(most).toBeLessThan(few);
  });

  test.each([
    ['all', undefined, old],
    ['unread', true, 0],
    ['read', false, old],
  ])('a page of conversations, %s', async (_, unread, rows) => {
    const filter = { accountId: undefined, contactId: undefined, unread, limitedTo: [accountId] };
    const { result, most } = await watched(
      'recado_api',
      db => listConversations(db, workspaceId, filter, page),
      `{${accountId}}`,
    );
    expect(result.rows).toHaveLength(rows);
    expect(result.total).toBe(rows);
    expect(most).toBeLessThan(few);
  });
});

describe('what people wrote before all that was sent', () => {
  const old = 5_000;
  const before = '2020-02-01T00:00:00.000Z';
  beforeAll(async () => {
    await scenario.sql(
      `insert into message (id, seq, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
         status, event_count, created_at, sent_at, channel_message_id, context)
       overriding system value
       select gen_random_uuid(), -10000 - n, workspace_id, account_id, conversation_id, contact_id, 'inbound', address, type, content,
         'received', 1, $2::timestamptz - n * interval '1 second', $2::timestamptz, 'wamid.' || n, jsonb_build_object('id', 'wamid.' || n + 1)
       from (select * from message where account_id = $3 order by seq limit 1) m, generate_series(1, $1::int) n`,
      [old, before, toUuid(scenario.account.id)],
    );
    // A quoted message is looked for among these, too.
    await scenario.sql(
      `insert into attempt (token, message_id, account_id, number, runner, status, started_at, channel_message_id)
       select token_of(id, 1), id, account_id, 1, 'scenario', 'sent', now(), 'wamid.sent.' || seq from message
       where status = 'sent' and account_id = $1`,
      [toUuid(scenario.account.id)],
    );
    await scenario.sql('vacuum analyze');
  });

  const ways = [
    ['all', () => ({})],
    ['of an account', () => ({ accountId: toUuid(scenario.account.id) })],
    ['for a caller of some accounts', () => ({ limitedTo: [toUuid(scenario.account.id)] })],
  ] as const;

  test.each(ways)('a page of it, %s', async (_, more) => {
    const { result, most } = await watched('recado_api', db =>
      listMessages(db, workspaceId, { direction: 'inbound', ...more() }, page),
    );
    expect(result.rows.map(row => Number(row.seq))).toEqual(Array.from({ length: 51 }, (_, n) => -10_001 - n));
    // Each answers the one behind it.
    expect(result.rows.slice(0, 50).map(row => row.context_message_id)).toEqual(
      result.rows.slice(1).map(row => row.id),
    );
    expect(result.total).toBe(old);
    expect(most).toBeLessThan(few);
  });

  describe('and the few among it that are of a kind of their own', () => {
    const rare = 3;
    beforeAll(async () => {
      // Stickers that were read, before all texts that were not.
      await scenario.sql(
        `insert into message (id, seq, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
           status, event_count, created_at, sent_at, channel_message_id, reference)
         overriding system value
         select gen_random_uuid(), -20000 - n, workspace_id, account_id, conversation_id, contact_id, 'inbound', address, 'sticker', '{}',
           'read', 1, '2019-01-01'::timestamptz - n * interval '1 second', '2019-01-01', 'wamid.sticker.' || n, 'order-1'
         from (select * from message where account_id = $2 order by seq limit 1) m, generate_series(1, $1::int) n`,
        [rare, toUuid(scenario.account.id)],
      );
      await scenario.sql('vacuum analyze');
    });
    afterAll(async () => {
      await scenario.sql(`delete from message where type = 'sticker'`);
    });

    test.each(
      ways.flatMap(([name, more]) =>
        [
          { types: ['sticker'] },
          { direction: 'inbound', statuses: ['read'] },
          { statuses: ['read'], types: ['sticker'] },
          { direction: 'inbound', statuses: ['read', 'failed'], types: ['sticker'] },
          { types: ['sticker'], from: '2000-01-01T00:00:00.000Z' },
          { direction: 'inbound', statuses: ['read'], until: '2100-01-01T00:00:00.000Z' },
        ].map(filter => [name, JSON.stringify(filter), more, filter] as const),
      ),
    )('a page, %s: %s', async (_, __, more, filter) => {
      const { result, most } = await watched('recado_api', db =>
        listMessages(db, workspaceId, { ...filter, ...more() }, page),
      );
      expect(result.rows.map(row => Number(row.seq))).toEqual([-20_001, -20_002, -20_003]);
      expect(result.total).toBe(rare);
      expect(most).toBeLessThan(few);
    });

    test.each([
      [{ reference: 'order-1' }, [-20_001, -20_002, -20_003]],
      [{ reference: 'order-1', isAscending: true }, [-20_003, -20_002, -20_001]],
      [{ types: ['sticker'], isAscending: true }, [-20_003, -20_002, -20_001]],
      [{ channelMessageId: 'wamid.sticker.2' }, [-20_002]],
      [{ updatedSince: '2099-01-01T00:00:00Z' }, []],
    ])('a page by something that only few have: %s', async (filter, seqs) => {
      const { result, most } = await watched('recado_api', db => listMessages(db, workspaceId, filter, page));
      expect(result.rows.map(row => Number(row.seq))).toEqual(seqs);
      expect(result.total).toBe(seqs.length);
      expect(most).toBeLessThan(few);
    });

    test.each([
      { types: ['text'], direction: 'inbound' },
      { types: ['text'], direction: 'inbound', statuses: ['read', 'received'] },
    ])('a page of texts that came: %s', async filter => {
      const { result, most } = await watched('recado_api', db => listMessages(db, workspaceId, filter, page));
      expect(result.rows.map(row => Number(row.seq))).toEqual(Array.from({ length: 51 }, (_, n) => -10_001 - n));
      expect(most).toBeLessThan(few);
    });
  });

  test('of an account that the caller may not see, without a question to the database', async () => {
    const asked = { accountId: toUuid(scenario.account.id), limitedTo: [newUuid()] };
    const query = () => Promise.reject(new Error('The database was asked.'));
    expect(await listMessages({ query }, workspaceId, asked, page)).toEqual({ rows: [], total: 0 });
    const filter = { ...asked, contactId: undefined, unread: undefined };
    expect(await listConversations({ query }, workspaceId, filter, page)).toEqual({ rows: [], total: 0 });
  });

  test.each(
    ways.flatMap(([name, more]) => [
      [name, more, {}] as const,
      [`${name}, inbound`, more, { direction: 'inbound' }] as const,
      [`${name}, of statuses`, more, { statuses: ['received', 'read'] }] as const,
    ]),
  )('a page of its range of time, %s', async (_, more, filter) => {
    const range = { from: '2020-01-01T00:00:00.000Z', until: '2020-01-31T23:59:00.000Z' };
    const { result, most } = await watched('recado_api', async db => {
      const first = await listMessages(db, workspaceId, { ...filter, ...more(), ...range }, page);
      const last = first.rows[49];
      const after = [last?.sorted_by ?? '', String(last?.seq)];
      const second = await listMessages(db, workspaceId, { ...filter, ...more(), ...range }, { ...page, after });
      return [first, second];
    });
    expect(result.flatMap(({ rows }) => rows.slice(0, 50).map(row => Number(row.seq)))).toEqual(
      Array.from({ length: 100 }, (_, n) => -10_061 - n),
    );
    expect(result.map(({ total }) => total)).toEqual([old - 60, old - 60]);
    // The range is counted, and nothing beside it is looked at.
    expect(most).toBeLessThan(old + few);
  });
});

test('who is erased together with a person, among many contacts that were deleted', async () => {
  const { body: first } = await scenario.api('POST', '/api/v1/contacts', { name: 'Before', phone: '+33612000888' });
  await scenario.api('DELETE', `/api/v1/contacts/${first.id}`);
  const { body: second } = await scenario.api('POST', '/api/v1/contacts', { name: 'After', phone: '+33612000888' });
  await scenario.sql(`update contact set deleted_at = now() where name like 'Person 1%'`);
  await scenario.sql(`insert into former_address (workspace_id, hash, contact_id)
    select workspace_id, sha256(id::text::bytea), id from contact where name like 'Person 1%'`);
  await scenario.sql('vacuum analyze contact, former_address');
  const { result, most } = await watched('recado_api', db => findPerson(db, workspaceId, toUuid(second.id)));
  expect({ ...result, contacts: [...(result?.contacts ?? [])].sort() }).toEqual({
    contacts: [toUuid(first.id), toUuid(second.id)].sort(),
    addresses: ['+33612000888'],
  });
  expect(most).toBeLessThan(few);
});

test('the dead mails of a person, among many webhooks', async () => {
  await scenario.sql(
    `with posted as (
       insert into inbound_payload (app, lane_key, body, received_at, processed_at)
       select 'sandbox', $1, convert_to('of 3361200' || n, 'UTF8'), now(), now() from generate_series(1, $2::int) n returning id)
     insert into dead_letter (payload_id, item, code, reason, created_at) select max(id), '"3361200${stored}"', 'item_unreadable', 'by the scenario', now() from posted`,
    [toUuid(scenario.account.id), stored],
  );
  await scenario.sql('vacuum analyze inbound_payload, dead_letter');
  const { result, most } = await watched('recado_engine', async db => {
    const named = { workspaceId, addresses: [`+3361200${stored}`] };
    return deadLettersOf(db, named, { after: 0, until: await newestDead(db) }, few);
  });
  expect(result.letters).toMatchObject([{ reason: 'by the scenario' }]);
  expect(most).toBeLessThan(few);
});

test('forgetting raw webhooks, where all but some are young enough', async () => {
  // Nearly all are of one lane; in another one some are too old for its workspace.
  const early = (await scenario.stranger()).account;
  await scenario.sql(
    'update workspace set keep_messages_days = 3 where id = (select workspace_id from account where id = $1)',
    [toUuid(early.id)],
  );
  await scenario.sql('truncate inbound_payload, dead_letter');
  // As where room was freed and taken again, those of an age lie anywhere.
  await scenario.sql(
    `insert into inbound_payload (id, app, lane_key, body, received_at, processed_at) overriding system value
     select x.first + n, 'sandbox', x.lane, 'x', now() - x.days * interval '1 day', now()
     from (values (0, $1::uuid, 9, 40), (100, $2::uuid, 4, 40), (200, $1, 1, $3::int)) x(first, lane, days, most), generate_series(1, x.most) n
     order by md5(n::text)`,
    [toUuid(scenario.account.id), toUuid(early.id), stored],
  );
  await scenario.sql('vacuum analyze inbound_payload, dead_letter');
  const { result, most } = await watched('recado_engine', db => deleteExpiredPayloads(db, 100, null, new Map()));
  expect(result).toBe(false);
  expect(most).toBeLessThan(few);
  expect(await scenario.sql(`select 1 from inbound_payload where received_at < now() - interval '3 days'`)).toEqual([]);
});

test('webhooks that nobody reads, beside many that wait to be read', async () => {
  await scenario.sql('truncate inbound_payload, dead_letter');
  await scenario.sql(
    `insert into inbound_payload (app, lane_key, body, received_at)
     select case when n <= 3 then 'gone' else 'sandbox' end, $1, 'x', now() - interval '9 days' from generate_series(1, $2::int) n`,
    [toUuid(scenario.account.id), stored],
  );
  await scenario.sql('vacuum analyze inbound_payload, dead_letter');
  const found = await watched('recado_engine', db => unreadApps(db, ['sandbox']));
  expect(found.result).toEqual(['gone']);
  expect(found.most).toBeLessThan(few);
  const kept = await watched('recado_engine', db => moveToDeadLetters(db, ['sandbox'], 100, null));
  expect(kept.result).toEqual([{ app: 'gone', payloads: 3 }]);
  expect(kept.most).toBeLessThan(few);
  await scenario.sql('truncate inbound_payload, dead_letter');
});

test('deleting old messages, behind many that are not delivered and stay, beside many attempts and early receipts', async () => {
  // In a workspace of their own: other tests leave messages that are older.
  const there = await scenario.another();
  const { id } = await there.send();
  for (const [place, status] of ['sent', 'failed'].entries())
    await scenario.sql(
      `insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
         status, priority, event_count, created_at, sent_at)
       select token_of(gen_random_uuid(), 0), workspace_id, account_id, conversation_id, contact_id, direction, address, type,
         content, $1::text, 2, 1, now() - (2 - $3::int) * interval '1 minute' + n * interval '1 ms',
         case when $1::text = 'sent' then now() end
       from message, generate_series(1, $2::int) n where id = $4`,
      [status, stored, place, toUuid(id)],
    );
  const [own] = await scenario.sql<{ id: string }>('select workspace_id as id from message where id = $1', [
    toUuid(id),
  ]);
  await scenario.sql(
    `insert into attempt (token, message_id, account_id, number, runner, status, channel_message_id, started_at)
     select token_of(id, 1), id, account_id, 1, 'scenario', 'failed', 'wamid.' || seq, created_at from message
     where status = 'failed' and workspace_id = $1`,
    [own?.id],
  );
  await scenario.sql(
    `insert into orphan_receipt (account_id, channel_message_id, status, at, received_at)
     select account_id, 'early.' || seq, 'read', now(), now() from message where status = 'failed' and workspace_id = $1`,
    [own?.id],
  );
  await scenario.sql('vacuum analyze');
  const piece = 20;
  const later = new Date(Date.now() + 10 * 86_400_000);
  const ask = (from: Date | undefined) =>
    watched('recado_engine', db => removeOld(db, own?.id ?? '', 7, piece, later, from));
  await client.query('begin');
  const first = await ask(undefined);
  const next = await ask(first.result.last);
  await client.query('rollback');
  expect([first.result.removed, next.result.removed]).toEqual([piece, piece]);
  expect(first.most).toBeGreaterThan(stored);
  expect(next.most).toBeLessThan(few);
});

test('cancelling the queue in pieces: each piece looks at the messages that it cancels, and at no others', async () => {
  const piece = 1_000;
  for (const filter of [
    {},
    { accountId: toUuid(scenario.account.id) },
    {
      contactId: toUuid((await scenario.api('GET', `/api/v1/messages?status=queued&limit=1`)).body.data[0].contact_id),
    },
  ]) {
    const { result, most } = await watched('recado_api', db =>
      cancelWaiting(db, workspaceId, filter, { reason: 'cancelled' }, null, piece),
    );
    expect(result).toMatchObject({ messages: piece, accounts: [toUuid(scenario.account.id)] });
    expect(most).toBeLessThan(piece + few);
  }
  const { body } = await scenario.api('POST', '/api/v1/messages/cancel', { account_id: scenario.account.id });
  expect(body).toEqual({ count: stored - 3 * piece });
});
