// How accepts, claims and records reach their rows: by the indexes that are made for them, whatever lies in the tables, and
// also by plans that were made before anything lay there.
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { acceptBatch } from '../../server/features/messages/accept-store.ts';
import { neededOf, needsMedia } from '../../server/features/messages/media-use-store.ts';
import { toQuery } from '../../server/kit/db/sql.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { type Story, startStory } from '../setup/scenario.ts';

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: Node[];
}

let story: Story;
let client: pg.Client;
let plans: Node[] = [];

beforeAll(async () => {
  // No worker: nothing but the claims below touches the queue.
  story = await startStory({ roles: 'api' });
  const [database] = await story.sql<{ name: string }>('select current_database() as name');
  const { host, port, user } = inject('postgres');
  client = new pg.Client({
    ...{ host, port, user, database: database?.name },
    options: '-c search_path=recado,public -c plan_cache_mode=force_custom_plan',
  });
  await client.connect();
  client.on('notice', notice => {
    const start = notice.message?.indexOf('{') ?? -1;
    if (notice.message && start >= 0) plans.push(JSON.parse(notice.message.slice(start)).Plan);
  });
  await client.query(`load 'auto_explain'`);
  // What the statistics know is said by the tests, and does not change between two of their lines.
  for (const table of ['message', 'attempt', 'idempotency', 'contact', 'contact_address', 'conversation'])
    await story.sql(`alter table ${table} set (autovacuum_enabled = off)`);
  for (const [name, value] of [
    ['auto_explain.log_min_duration', '0'],
    ['auto_explain.log_nested_statements', 'on'],
    ['auto_explain.log_analyze', 'on'],
    ['auto_explain.log_timing', 'off'],
    ['auto_explain.log_format', 'json'],
    ['client_min_messages', 'log'],
  ])
    await client.query('select set_config($1, $2, false)', [name, value]);
}, 60_000);

afterAll(async () => {
  await client.end();
  await story.close();
});

/** Claims and records as a worker does, undoes it, and gives every node of every plan by which it was done. */
async function claim(): Promise<{ claimed: number; nodes: Node[]; recorded: Node[] }> {
  await client.query('begin');
  plans = [];
  const { rows } = await client.query(
    `select message_id, token from claim_messages($1, array(select gen_random_uuid() from generate_series(1, 10)), '{sandbox}', 'me', interval '25 s', interval '0', 0.5, null)`,
    [toUuid(story.account.id)],
  );
  const nodes = plans.flatMap(flat);
  plans = [];
  // What follows is planned with it, for the same tables.
  await client.query(
    `select * from record_attempts(null, $1::uuid[], '{accepted}', '{wamid.1}', '{null}', '{null}', '{0}', '{0}')`,
    [rows.slice(0, 1).map(row => row.token ?? '00000000-0000-7000-8000-000000000000')],
  );
  const recorded = plans.flatMap(flat);
  await client.query('rollback');
  return { claimed: rows.filter(row => row.message_id !== null).length, nodes, recorded };
}

const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)];

/** The messages are never read as a whole; what is open is found by the index that holds it. */
function expectIndexed(nodes: Node[]): void {
  const reads = nodes.filter(node => node['Relation Name'] === 'message' && node['Node Type'] !== 'ModifyTable');
  for (const { 'Node Type': type, 'Index Name': index } of reads)
    expect(`${type} ${index}`).toMatch(
      /^(Index|Index Only|Bitmap Index) Scan message_(ready|put_off|busy|line|calls|lease|later|pkey)$/,
    );
}

/** The page of candidates goes along message_ready for this account, and stops. */
function expectCandidates(nodes: Node[]): void {
  const pages = nodes.filter(node => node['Index Name'] === 'message_ready');
  expect(pages.length).toBeGreaterThan(0);
  for (const page of pages) expect(page['Index Cond']).toMatch(/account_id = /);
}

/** The most rows that any step looked at. */
const mostRows = (nodes: Node[]) =>
  Math.max(
    0,
    ...nodes.map(
      node => ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * (node['Actual Loops'] ?? 1),
    ),
  );

/** Accepts so many messages, of whose plans there are too many to be told. */
async function fill(first: number, count: number): Promise<void> {
  await client.query('set auto_explain.log_min_duration = -1');
  await accept(first, count);
  await client.query('set auto_explain.log_min_duration = 0');
}

/** Accepts so many messages to people that nobody wrote to before, each under a key. */
async function accept(first: number, count: number): Promise<void> {
  const { workspace_id: workspaceId } = (
    await story.sql<{ workspace_id: string }>('select workspace_id from account')
  )[0] ?? {
    workspace_id: '',
  };
  const files = await story.sql<{ id: string }>('select id from media order by id limit 50');
  const requests = Array.from({ length: count }, (_, place) => ({
    id: newUuid(),
    workspaceId,
    accountId: toUuid(story.account.id),
    key: `key ${first + place}`,
    hash: Buffer.from('hash'),
    address: `+3361${1_000_000 + first + place}`,
    priority: 1,
    type: 'text' as const,
    content: { body: 'x' },
    createdBy: newUuid(),
    sendAt: undefined,
    expiresAt: undefined,
    validForS: undefined,
    onUnknown: undefined,
    batchId: undefined,
    mediaId: files[place % files.length]?.id,
  }));
  const db = {
    query: async <Row extends object>(query: Parameters<typeof toQuery>[0]) =>
      (await client.query<Row>(toQuery(query) as never)).rows,
  };
  await acceptBatch(db, requests, false, null);
}

test.each(['on empty tables', 'when little lay in them', 'with many unknown outcomes'])(
  'plans that were made %s stay good when much lies in them',
  async made => {
    await story.sql('truncate message, attempt, idempotency, contact, contact_address, conversation, media cascade');
    await story.api('PATCH', `/api/v1/accounts/${story.account.id}`, { limits: { per_day: null } });
    await story.sql(`insert into media (id, workspace_id, direction, status, kind, created_at)
      select gen_random_uuid(), workspace_id, 'uploaded', 'stored', 'image', now() from account`);
    await accept(0, 20);
    if (made === 'when little lay in them') await story.sql('analyze');
    await claim();
    await story.sql(`insert into media (id, workspace_id, direction, status, kind, created_at)
      select gen_random_uuid(), workspace_id, 'uploaded', 'stored', 'image', now() from account, generate_series(1, 3000)`);
    for (let first = 20; first < 6_020; first += 1_000) await fill(first, 1_000);
    await story.sql(`insert into attempt (token, message_id, account_id, number, fence, runner, status, started_at)
    select gen_random_uuid(), id, account_id, 99, 0, 'another', 'not_sent', now() from message`);
    // So many that hold their conversations no longer.
    await story.sql(
      `update message set status = 'unknown', due_at = now() - interval '1 hour' where id in (select id from message order by seq desc limit 2000)`,
    );
    if (made === 'with many unknown outcomes') await story.sql('analyze');
    plans = [];
    await accept(6_020, 20);
    const accepted = plans.flatMap(flat);
    const { claimed, nodes, recorded } = await claim();
    expect(claimed).toBe(10);
    for (const some of [accepted, nodes, recorded]) {
      expect(some.length).toBeGreaterThan(10);
      // A page of candidates is 400.
      expect(mostRows(some)).toBeLessThan(1_000);
    }
  },
);

test.each(['nothing', 'the table without a queue'])(
  'claims and records read by the indexes that are made for them, and never all messages, where the statistics know %s',
  async known => {
    await story.sql('truncate message, attempt, idempotency, contact, contact_address, conversation cascade');
    await story.send();
    const [{ id } = { id: '' }] = await story.sql<{ id: string }>('select id from message');
    // What was sent long ago, and a backlog.
    const copy = `insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
      status, priority, turn, due_at, event_count, created_at)
    select gen_random_uuid(), workspace_id, account_id, conversation_id, contact_id, direction, address, type, content, $2, 2,
      least(n, 1000), due_at, 1, created_at from message, generate_series(1, $3::int) n where id = $1`;
    await story.sql(copy, [id, 'read', 5_000]);
    if (known !== 'nothing') await story.sql('analyze');
    await story.sql(copy, [id, 'queued', 5_000]);
    const grown = await claim();
    expect(grown.claimed).toBe(1);
    expectIndexed(grown.nodes);
    expectIndexed(grown.recorded);
    expectCandidates(grown.nodes);

    await story.sql('analyze');
    const analyzed = await claim();
    expect(analyzed.claimed).toBe(1);
    expectIndexed(analyzed.nodes);
    expectIndexed(analyzed.recorded);
    expectCandidates(analyzed.nodes);
  },
);

test('what is put off lies not in front of what may leave', async () => {
  await story.sql('truncate message, attempt, idempotency, contact, contact_address, conversation cascade');
  await story.api('PATCH', `/api/v1/accounts/${story.account.id}`, { limits: { per_day: null } });
  await fill(0, 5_000);
  await story.sql(
    `update message set due_at = now() + interval '1 hour', wait_reason = 'new_conversation_limit' where seq <= (select max(seq) - 10 from message)`,
  );
  const { claimed, nodes } = await claim();
  expect(claimed).toBe(10);
  expectIndexed(nodes);
  expect(mostRows(nodes)).toBeLessThan(1_000);
});

test('a day begins without reading what all accounts have changed', async () => {
  const account = toUuid(story.account.id);
  await story.sql('truncate message_change');
  await story.sql(
    `insert into message_change (workspace_id, slot, account_id, direction, type, status, priority, messages, accepted, present)
     select a.workspace_id, now(), case when n > 10 then gen_random_uuid() else a.id end, 'outbound', 'text', 'queued', 1, 1, 0, 1
     from account a, generate_series(1, 5000) n where a.id = $1`,
    [account],
  );
  await client.query('begin');
  plans = [];
  await client.query(`select open_day($1, current_date + 7)`, [account]);
  const nodes = plans.flatMap(flat);
  await client.query('rollback');
  const reads = nodes.filter(node => node['Relation Name'] === 'message_change');
  expect(reads.map(node => node['Index Name'])).toEqual(['message_change_queued']);
  expect(mostRows(nodes)).toBeLessThan(100);
  await story.sql('truncate message_change');
});

test('which messages need a file is looked up by the file, and no text lies in that index', async () => {
  await story.sql('truncate message, attempt, idempotency, contact, contact_address, conversation cascade');
  await story.api('PATCH', `/api/v1/accounts/${story.account.id}`, { limits: { per_day: null } });
  await fill(0, 2_000);
  const [workspace] = await story.sql<{ id: string }>('select id from workspace');
  const [file, other] = [newUuid(), newUuid()];
  await story.sql(
    `update message set type = 'image', content = jsonb_build_object('id', $1::text)
    where seq in (select seq from message order by seq limit 1000)`,
    [toId('media', other)],
  );
  await story.sql(
    `update message set content = jsonb_build_object('id', $1::text) where seq = (select min(seq) from message)`,
    [toId('media', file)],
  );
  await story.sql('vacuum (analyze) message');
  const db = {
    query: async <Row extends object>(query: Parameters<typeof toQuery>[0]) =>
      (await client.query<Row>(toQuery(query) as never)).rows,
  };
  plans = [];
  expect(await needsMedia(db, workspace?.id ?? '', file)).toBe(true);
  expect(await needsMedia(db, workspace?.id ?? '', newUuid())).toBe(false);
  expect(await neededOf(db, workspace?.id ?? '', [file, newUuid()])).toEqual(new Set([file]));
  const nodes = plans.flatMap(flat);
  expect(nodes.filter(node => node['Index Name'] === 'message_file')).toHaveLength(3);
  expect(mostRows(nodes)).toBe(1);
  const [index] = await story.sql(`select reltuples::int as entries from pg_class where relname = 'message_file'`);
  expect(index).toEqual({ entries: 1_000 });
});
