// Row-level security alone: what PostgreSQL shows and accepts as the request handlers' role, table by table.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchPath, functions as set } from '../../server/kit/db/function-set.ts';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { buildScene, rowsOf, type Scene } from './scene.ts';

/** Request handlers have no access to these at all. */
const closed = [
  'alert_round',
  'backup_run',
  'event_listener',
  'login_failure',
  'message_secret',
  'message_text',
  'note_text',
  'push_key',
  'recovery_code',
  'refresh_token',
  'schema_migration',
  'search_stale',
  'setup_token',
];
/** Belongs to no workspace and is readable by all: which processes are alive, and settings of the installation. */
const open = ['calling_code', 'function_set', 'installation_setting', 'worker'];

/** Views that hold the wall themselves, or have the rights of the caller. They can only be read. */
const views = ['cost', 'delivery', 'logged_event'];

interface Table {
  name: string;
  columns: string[];
  /** A column that may be updated. */
  plain: string;
  isolated: boolean;
  /** One of the views. */
  isView: boolean;
  /** The role's privileges on it. */
  rights: string[];
  /** Whether the role may read only some of its columns. */
  partial: boolean;
}

let scene: Scene;
let tables: Table[];
let client: pg.Client;

beforeAll(async () => {
  scene = await buildScene();
  const { scenario, ours, theirs } = scene;
  await scenario.recado.engine.stop(0);
  for (const house of [ours, theirs]) await fillTables(house.workspaceId);
  tables = await scenario.sql<Table>(
    `
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
      (array_agg(a.attname::text order by a.attnum) filter (where a.attidentity = ''))[1] as plain,
      c.relname = any ($1) or c.relrowsecurity and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polroles @> array['recado_api'::regrole::oid]) as isolated,
      c.relkind = 'v' as "isView",
      array(select r from unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) r where has_table_privilege('recado_api', c.oid, r)) as rights,
      has_any_column_privilege('recado_api', c.oid, 'SELECT') and not has_table_privilege('recado_api', c.oid, 'SELECT') as partial
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'recado'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.oid order by 1`,
    [views],
  );
  client = new pg.Client({
    connectionString: scenario.databaseUrl,
    options: `-c search_path=${searchPath} -c role=recado_api`,
  });
  await client.connect();
}, 180_000);
afterAll(async () => {
  await client?.end();
  await scene?.scenario.close();
});

/** A row in each table that the scene leaves empty. */
async function fillTables(workspaceId: string): Promise<void> {
  const { scenario } = scene;
  const sql = (text: string, ...more: unknown[]) => scenario.sql(text, [workspaceId, ...more]);
  await sql(`insert into alert_seed (workspace_id, signal) values ($1, 'disk') on conflict do nothing`);
  await sql(`insert into orphan_receipt (account_id, channel_message_id, status, at, received_at)
    select id, 'parked', 'sent', now(), now() from account where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into applied_signal (account_id, hash, applied_at)
    select id, '\\x00', now() from account where workspace_id = $1`);
  await sql(`insert into read_mark (account_id, conversation_id, channel_message_id, marked_at, due_at)
    select account_id, id, 'marked', now(), 'infinity' from conversation where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into daily_received (account_id, day, received)
    select id, '2020-01-01', 1 from account where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into message_delta (workspace_id, quarter, account_id, direction, type, status, priority, code, messages, accepted, present)
    select $1, '2020-01-01', id, 'inbound', 'text', 'received', 1, '', 0, 0, 0 from account where workspace_id = $1`);
  await sql(`insert into message_count (workspace_id, quarter, account_id, direction, type, status, code, messages, accepted)
    select $1, '2020-01-01', id, 'inbound', 'text', 'received', '', 0, 0 from account where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into outbound_count (workspace_id, quarter, account_id, status, messages, accepted)
    select $1, '2020-01-01', id, 'read', 0, 0 from account where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into grouped_count (workspace_id, counted_by, at, account_id, key, direction, status, messages, accepted)
    select $1, 'account', '2020-01-01', id, id, 'outbound', 'read', 0, 0 from account where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into latency_count (workspace_id, stage, span, at, account_id, bucket, n)
    select $1, 'queue', 'hour', '2020-01-01', id, 0, 0 from account where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into latency_delta (workspace_id, stage, hour, account_id, bucket, n)
    select $1, 'queue', '2020-01-01', id, 0, 0 from account where workspace_id = $1`);
  await sql(`insert into episode (id, workspace_id, account_id, conversation_id, number, opened_at)
    select gen_random_uuid(), workspace_id, account_id, id, 99, now() from conversation where workspace_id = $1`);
  await sql(`insert into conversation_job_item (job_id, conversation_id, workspace_id, account_id, state)
    select j.id, v.id, v.workspace_id, v.account_id, 'skipped' from conversation v
    join conversation_job j on j.workspace_id = v.workspace_id where v.workspace_id = $1 on conflict do nothing`);
  await sql(`insert into follower (conversation_id, person_id, workspace_id, account_id, since)
    select v.id, m.person_id, v.workspace_id, v.account_id, now() from conversation v
    join membership m on m.workspace_id = v.workspace_id where v.workspace_id = $1 on conflict do nothing`);
  await sql(`insert into conversation_change (workspace_id, account_id, conversation_id, at, kind)
    select workspace_id, account_id, id, now(), 'closed' from conversation where workspace_id = $1`);
  await sql(`insert into team_account (account_id, team_id, workspace_id)
    select a.id, (select t.id from team t where t.workspace_id = $1 limit 1), a.workspace_id from account a where a.workspace_id = $1`);
  await sql(`insert into message_gauge (workspace_id, account_id, direction, type, status, priority, messages)
    select $1, id, 'inbound', 'text', 'received', 1, 0 from account where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into message_span (workspace_id, account_id, type, status, span, messages)
    select $1, id, 'text', 'read', 0, 0 from account where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into list_delta (workspace_id, account_id, list, entries)
    select $1, id, 'conversations', 0 from account where workspace_id = $1`);
  await sql(`insert into list_count (workspace_id, account_id, list, entries)
    select $1, id, 'conversations', 0 from account where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into web_session (account_id, workspace_id) select id, workspace_id from account where workspace_id = $1
    on conflict do nothing`);
  await sql(`insert into web_session_key (account_id, type, key_id, value)
    select id, 'session', 'a', 'none' from account where workspace_id = $1`);
  await sql(`insert into lane (account_id, held_until) select id, 'infinity' from account where workspace_id = $1
    on conflict (account_id) do update set held_until = 'infinity'`);
  await sql(`insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at)
    select distinct on (conversation_id) gen_random_uuid(), seq, workspace_id, account_id, conversation_id, 1, 'scheduled', false, '2100-01-01'
    from message where workspace_id = $1`);
  await sql(`insert into daily_usage (account_id, day) select id, '2020-01-01' from account where workspace_id = $1`);
  await sql(`insert into endpoint (id, workspace_id, url, accounts, permissions, secret, status, creator_kind, created_by, created_at, changed_at)
    select gen_random_uuid(), workspace_id, 'https://example.com/', array[id], '{}', 'none', 'paused', 'person', id, now(), now()
    from account where workspace_id = $1`);
  await sql(`insert into delivery_lane (endpoint_id, workspace_id) select id, workspace_id from endpoint where workspace_id = $1
    on conflict do nothing`);
  await sql(`insert into open_delivery (workspace_id, endpoint_id, event_id, event_type, event_at, account_id, order_key, head, due_at, created_at)
    select workspace_id, id, 0, 'test', now(), accounts[1], id, false, 'infinity', now()
    from endpoint where workspace_id = $1 and accounts is not null`);
  await sql(`insert into ended_delivery (seq, workspace_id, endpoint_id, event_id, event_type, event_at, account_id, order_key, status, attempts, created_at, ended_at)
    select 0, workspace_id, id, 0, 'test', now(), accounts[1], id, 'failed', 0, now(), now()
    from endpoint where workspace_id = $1 and accounts is not null`);
  await sql(`insert into delivery_attempt (workspace_id, endpoint_id, delivery_seq, number, event_id, started_at, duration_ms)
    select workspace_id, id, 0, 1, 0, now(), 1 from endpoint where workspace_id = $1 and accounts is not null`);
  await sql(`insert into media_upload (account_id, sha256, mime_type, kind, channel_media_id, expires_at, made_at)
    select id, repeat('0', 64), 'image/png', 'image', 'file', now() + interval '1 day', now() from account where workspace_id = $1`);
  await sql(`insert into media_conversion (workspace_id, sha256, format, converted_sha256)
    select workspace_id, sha256, 'sticker', sha256 from media_content where workspace_id = $1`);
  await sql(`insert into media (id, workspace_id, account_id, direction, status, kind, created_at)
    select gen_random_uuid(), workspace_id, id, 'received', 'failed', 'image', now() from account where workspace_id = $1`);
  await sql(`insert into former_address (workspace_id, hash, contact_id)
    select workspace_id, sha256(id::text::bytea), id from contact where workspace_id = $1`);
  await sql(`insert into message_reaction (message_id, by, workspace_id, account_id, emoji, at)
    select id, 'contact', workspace_id, account_id, 'x', now() from message where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into message_version (message_id, n, workspace_id, account_id, type, content, at)
    select id, 1, workspace_id, account_id, 'text', '{"body": "x"}', now() from message where workspace_id = $1`);
  await sql(`insert into audit_reason (entry, workspace_id, contacts, reason)
    select id, workspace_id, '{}', 'x' from audit_entry where workspace_id = $1`);
  await sql(`insert into audit_reason (entry, workspace_id, contacts, reason)
    select id, workspace_id, '{}', 'x' from audit_entry where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into opt_out_address (workspace_id, hash, opt_out_id)
    select workspace_id, sha256(id::text::bytea), id from opt_out where workspace_id = $1`);
  await sql(`insert into contact_import (id, workspace_id, name, state, created_kind, created_by, created_at)
    values (gen_random_uuid(), $1, 'a.csv', 'ready', 'person', gen_random_uuid(), now())`);
  await sql(`insert into contact_import_part (import_id, number, workspace_id, bytes)
    select id, 0, workspace_id, 'a' from contact_import where workspace_id = $1 on conflict do nothing`);
  await sql(`insert into contact_import_row (import_id, number, workspace_id, fate, fresh)
    select id, 2, workspace_id, 'new', gen_random_uuid() from contact_import where workspace_id = $1
    on conflict do nothing`);
  await sql(`insert into opt_out_ledger (workspace_id, account_id, kind, category, source, at)
    select workspace_id, id, 'out', 'all', 'word', now() from account where workspace_id = $1`);
  await sql('insert into opt_out_setting (workspace_id) values ($1)');
  await sql(`insert into opt_out_answer (contact_id, action, workspace_id, message_id, at)
    select contact_id, 'stop', workspace_id, id, now() from opt_out where workspace_id = $1`);
  await sql(
    `insert into cost_account (account_id, workspace_id) select id, workspace_id from account where workspace_id = $1`,
  );
  for (const table of ['cost_count', 'cost_delta'])
    await sql(`insert into ${table} (workspace_id, account_id, day, category, country, kind, messages, amount, surcharge)
      select workspace_id, id, '2020-01-01', 'utility', 'BR', 'charged', 1, 0.01, 0 from account where workspace_id = $1`);
  await sql('insert into erased_inbound (workspace_id, hash, erased_at) values ($1, $2, now())', randomBytes(32));
  await sql(
    `insert into password_reset (person_id, hash, expires_at, made_by) select person_id, sha256(person_id::text::bytea), now() + interval '1 hour', person_id
      from membership where workspace_id = $1 on conflict do nothing`,
  );
  await sql(
    `insert into idempotency (workspace_id, operation, key, hash, created_at) values ($1, 'test', $2, $3, now())`,
    newUuid(),
    randomBytes(32),
  );
}

/** Sets the workspace, and the accounts, of the connection. */
const enter = (workspaceId: string, accounts = '*') =>
  client.query(`select set_config('recado.workspace', $1, false), set_config('recado.accounts', $2, false)`, [
    workspaceId,
    accounts,
  ]);
const leave = () => client.query(`reset recado.workspace; reset recado.accounts`);

/** Runs a statement, rolls it back, and returns the number of rows or the error code. */
async function attempt(text: string, values: unknown[] = []): Promise<number | string> {
  await client.query('begin');
  try {
    return (await client.query(text, values)).rowCount ?? 0;
  } catch (error) {
    return String((error as pg.DatabaseError).code);
  } finally {
    await client.query('rollback');
  }
}

const refused = '42501';
/** Nobody can write a view. */
const refusedOf = ({ isView }: Table) => (isView ? '55000' : refused);
const isolated = () => tables.filter(({ isolated }) => isolated);

/** Rows of a workspace as JSON, read without row-level security. */
async function rowsIn({ name, columns }: Table, workspaceId: string): Promise<Record<string, unknown>[]> {
  const rule = rowsOf(name, columns);
  if (!rule) throw new Error(`${name} has a wall, and tests/tenancy/scene.ts takes it for nobody's`);
  const rows = await scene.scenario.sql<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) as row from ${name} t where ${rule} limit 5`,
    [workspaceId],
  );
  return rows.map(({ row }) => row);
}

const insertInto = ({ name, columns }: Table) =>
  `insert into ${name} (${columns.join(', ')}) overriding system value
   select ${columns.join(', ')} from jsonb_populate_record(null::${name}, $1)`;

test('every table has row-level security, or is closed to request handlers, or is named here', () => {
  const without = tables
    .filter(({ isolated, rights, partial }) => !isolated && (rights.length > 0 || partial))
    .map(({ name }) => name);
  expect(without).toEqual(open);
  expect(tables.filter(({ rights, partial }) => rights.length === 0 && !partial).map(({ name }) => name)).toEqual(
    closed,
  );
  for (const { name, rights } of tables) {
    expect([name, rights.includes('TRUNCATE')]).toEqual([name, false]);
    if (open.includes(name)) expect([name, rights]).toEqual([name, ['SELECT']]);
  }
});

test('a closed table can be neither read nor written', async () => {
  await enter(scene.ours.workspaceId);
  for (const name of closed)
    for (const text of [`select 1 from ${name}`, `delete from ${name}`, `insert into ${name} default values`])
      expect([text, await attempt(text)]).toEqual([text, refused]);
});

test('the role can be no other one, and can switch no wall off', async () => {
  const [role] = await scene.scenario.sql<{ rights: boolean }>(
    `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin as rights from pg_roles where rolname = 'recado_api'`,
  );
  expect(role?.rights).toBe(false);
  const [member] = await scene.scenario.sql<{ n: number }>(
    `select count(*)::int as n from pg_auth_members where member = 'recado_api'::regrole`,
  );
  expect(member?.n).toBe(0);
  await enter(scene.ours.workspaceId);
  for (const text of [
    'alter table message disable row level security',
    'drop policy api on message',
    'create table recado.mine (n int)',
    'alter table message owner to recado_api',
  ])
    expect([text, await attempt(text)]).toEqual([text, refused]);
});

test('the role creates no temporary table or view that could stand in for one of ours', async () => {
  await enter(scene.ours.workspaceId);
  for (const text of [
    'create temp table contact (workspace_id uuid)',
    'create temp view contact as select 1 as workspace_id',
    'create function pg_temp.evil() returns int language sql as $$ select 1 $$',
  ])
    expect([text, await attempt(text)]).toEqual([text, refused]);
});

test('of people, the role reads no password and no secret of a second factor', async () => {
  await enter(scene.ours.workspaceId);
  const { columns = [] } = tables.find(({ name }) => name === 'person') ?? {};
  const readable: string[] = [];
  for (const column of columns) if ((await attempt(`select ${column} from person`)) !== refused) readable.push(column);
  // disabled_at: who is disabled approves nothing.
  expect([...readable].sort()).toEqual(['disabled_at', 'email', 'id', 'name', 'totp_confirmed_at']);
});

test('without a workspace, no row of any table is seen', async () => {
  await leave();
  for (const { name, rights, partial } of isolated())
    if (rights.includes('SELECT') || partial) expect([name, await attempt(`select 1 from ${name}`)]).toEqual([name, 0]);
});

test('with a workspace and no word about its accounts, no row of an account is seen', async () => {
  await leave();
  await client.query(`select set_config('recado.workspace', $1, false)`, [scene.ours.workspaceId]);
  for (const name of ['account', 'message', 'conversation', 'attempt', 'lane'])
    expect([name, await attempt(`select 1 from ${name}`)]).toEqual([name, 0]);
});

describe('within one workspace, of the rows of the other', () => {
  test('none is seen, changed or deleted', async () => {
    const { ours, theirs } = scene;
    for (const table of isolated()) {
      const { name, columns, plain, rights, partial } = table;
      const rows = await rowsIn(table, theirs.workspaceId);
      expect([name, 'has rows to try with', rows.length > 0]).toEqual([name, 'has rows to try with', true]);
      await enter(ours.workspaceId);
      for (const row of rows) {
        const where = `to_jsonb(${name}) = $1::jsonb`;
        const seen = await attempt(`select 1 from ${name} where ${where}`, [JSON.stringify(row)]);
        expect([name, 'select', seen]).toEqual([name, 'select', partial ? refused : 0]);
        // Hidden rows cannot be compared, so the statement targets the whole table, and only our own rows may match.
        expect([name, 'delete', await attempt(`delete from ${name} where ${where}`, [JSON.stringify(row)])]).toEqual([
          name,
          'delete',
          rights.includes('DELETE') ? 0 : refusedOf(table),
        ]);
        // Where only some columns may be read, the row is named by its id.
        const id = columns.includes('id') ? 'id' : 'account_id';
        const [named, value] = partial ? [`${id} = $1`, row[id]] : [where, JSON.stringify(row)];
        expect([
          name,
          'update',
          await attempt(`update ${name} set ${plain} = ${plain} where ${named}`, [value]),
        ]).toEqual([name, 'update', rights.includes('UPDATE') ? 0 : refusedOf(table)]);
      }
      const own = await attempt(`select 1 from ${name}`);
      const [count] = await scene.scenario.sql<{ n: number }>(
        // Of the log itself no row of many: the view shows their events.
        `select count(*)::int as n from ${name} where ${rowsOf(name, columns)}${name === 'event' ? ' and messages is null' : ''}`,
        [ours.workspaceId],
      );
      expect([name, 'sees its own', own]).toEqual([name, 'sees its own', count?.n]);
    }
  });

  test('none is added', async () => {
    const { ours, theirs } = scene;
    for (const table of isolated())
      for (const row of await rowsIn(table, theirs.workspaceId)) {
        await enter(ours.workspaceId);
        const made = await attempt(insertInto(table), [JSON.stringify(row)]);
        expect([table.name, 'insert', made]).toEqual([table.name, 'insert', refusedOf(table)]);
      }
  });

  test('no own row is moved there', async () => {
    const { ours, theirs } = scene;
    for (const table of isolated().filter(({ rights }) => rights.includes('UPDATE'))) {
      const { name, columns } = table;
      const [row] = await rowsIn(table, theirs.workspaceId);
      const wall = ['workspace_id', 'account_id', 'key', 'id', 'campaign_id'].filter(each => columns.includes(each));
      const column = name === 'account' ? 'workspace_id' : (wall[0] ?? '');
      await enter(ours.workspaceId);
      const moved = await attempt(`update ${name} set ${column} = $1 where ctid = (select ctid from ${name} limit 1)`, [
        row?.[column],
      ]);
      expect([name, column, moved]).toEqual([name, column, refused]);
    }
  });

  test('a caller limited to one account reads and writes no row of another', async () => {
    const { ours } = scene;
    const [first = ''] = ours.accounts.first.get('account') ?? [];
    const own = toUuid(first);
    for (const table of isolated()) {
      const { name, columns, rights } = table;
      const column = name === 'account' ? 'id' : 'account_id';
      if (!columns.includes(column)) continue;
      await enter(ours.workspaceId, `{${own}}`);
      const other = await attempt(
        `select 1 from ${name} where ${column} is distinct from $1 and ${column} is not null`,
        [own],
      );
      expect([name, 'others', other]).toEqual([name, 'others', 0]);
      expect([name, 'own', Number(await attempt(`select 1 from ${name} where ${column} = $1`, [own])) > 0]).toEqual([
        name,
        'own',
        true,
      ]);
      const [row] = (await rowsIn(table, ours.workspaceId)).filter(
        each => each[column] !== own && each[column] !== null,
      );
      if (row && rights.includes('INSERT'))
        expect([name, 'insert', await attempt(insertInto(table), [JSON.stringify(row)])]).toEqual([
          name,
          'insert',
          refused,
        ]);
    }
  });

  test('the search for contacts, which works under row-level security, finds none of them', async () => {
    const { ours, theirs } = scene;
    const found = (workspaceId: string, text: string) =>
      enter(workspaceId).then(() =>
        attempt('select find_contacts($1, $2, null, $3, 100)', [text, `%${text}%`, '%33612%']),
      );
    const everything = await scene.scenario.sql('select 1 from contact');
    expect(Number(await found(ours.workspaceId, theirs.canary))).toBeLessThan(everything.length / 2 + 1);
    await enter(ours.workspaceId);
    const { rows } = await client.query<{ id: string }>(`select find_contacts($1, '%', null, '%', 1000) as id`, [
      theirs.canary,
    ]);
    const strangers = await scene.scenario.sql<{ id: string }>('select id from contact where workspace_id = $1', [
      theirs.workspaceId,
    ]);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ id }) => id).filter(id => strangers.some(each => each.id === id))).toEqual([]);
    await leave();
    expect(await attempt(`select find_contacts($1, '%', null, '%', 1000)`, [theirs.canary])).toBe(0);
  });
});

test('whether a batch waits, which is asked under row-level security, is not told to other workspaces', async () => {
  const { ours, theirs } = scene;
  const batch = newUuid();
  await scene.scenario.sql(
    `update message set batch_id = $1, status = 'queued'
    where id = (select id from message where workspace_id = $2 and direction = 'outbound' limit 1)`,
    [batch, theirs.workspaceId],
  );
  const waits = async () => (await client.query(`select batch_waits($1) as waits`, [batch])).rows[0].waits;
  await enter(theirs.workspaceId);
  expect(await waits()).toBe(true);
  await enter(ours.workspaceId);
  expect(await waits()).toBe(false);
  await leave();
  expect(await waits()).toBe(false);
});

test('the ledger of opt-outs is passed on within the own workspace only', async () => {
  const { ours, theirs } = scene;
  const rows = async () =>
    scene.scenario.sql('select id, contact_id, reason from opt_out_ledger where workspace_id = $1 order by seq', [
      theirs.workspaceId,
    ]);
  const before = await rows();
  expect(before.length).toBeGreaterThan(1);
  for (const workspaceId of [ours.workspaceId, undefined]) {
    if (workspaceId) await enter(workspaceId);
    else await leave();
    await client.query(
      `select pass_on_ledger($1, array(select id from contact), null), pass_on_ledger($1, $2::uuid[], null)`,
      [theirs.workspaceId, before.flatMap(row => Object(row).contact_id ?? [])],
    );
  }
  expect(await rows()).toEqual(before);
});

test('the functions that work under row-level security are these, and the role may run no others that do', async () => {
  // PostgreSQL searches temporary tables first unless the path names them.
  const config = ['search_path=recado, public, pg_temp'];
  const behind = await scene.scenario.sql<{ name: string; allowed: boolean; config: string[] }>(
    `select p.proname as name, p.proconfig as config, has_function_privilege('recado_api', p.oid, 'execute') as allowed from pg_proc p
     where p.pronamespace in ('recado'::regnamespace, 'public'::regnamespace, '${set.schema}'::regnamespace) and p.prosecdef
     order by 1`,
  );
  expect(behind).toEqual([
    { name: 'batch_waits', allowed: true, config },
    { name: 'contacts_named', allowed: true, config },
    { name: 'contacts_with_fields', allowed: true, config },
    { name: 'find_contacts', allowed: true, config },
    { name: 'longest_transaction', allowed: false, config },
    { name: 'message_text_changed', allowed: false, config },
    { name: 'note_text_changed', allowed: false, config },
    { name: 'own_mentions', allowed: true, config },
    { name: 'pass_on_ledger', allowed: true, config },
    { name: 'raw_webhook', allowed: true, config },
    { name: 'reads_event', allowed: true, config },
    { name: 'sweep_events', allowed: true, config },
    { name: 'texts_among', allowed: true, config },
    { name: 'texts_estimate', allowed: true, config },
    { name: 'texts_with', allowed: true, config },
  ]);
});

// What the schema itself has; the functions of the release do nothing that a caller's own SQL could not do.
test('the functions of the schema that the role may run are these', async () => {
  const functions = await scene.scenario.sql<{ name: string }>(
    `select distinct p.proname as name from pg_proc p where p.pronamespace = 'recado'::regnamespace
     and p.prorettype <> 'trigger'::regtype and has_function_privilege('recado_api', p.oid, 'execute') order by 1`,
  );
  expect(functions.map(({ name }) => name)).toEqual([
    'address_hash',
    'append_account_event',
    'append_cap_event',
    'append_event',
    'billed_before',
    'business_seconds',
    'calling_code_of',
    'card_on',
    'carried_file',
    'charge_category',
    'charge_kind',
    'counted_bucket',
    'counted_calling_code',
    'counted_code',
    'counted_hour',
    'counted_priority',
    'counted_quarter',
    'counted_span',
    'counted_template',
    'every_account',
    'field_query',
    'field_texts',
    'folded',
    'is_quiet',
    'market_of',
    'name_parts',
    'name_query',
    'open_spans',
    'own_accounts',
    'own_mentions',
    'own_reader',
    'own_teams',
    'own_workspace',
    'reads_conversation',
    'reads_event',
    'reads_teams',
    'text_words',
  ]);
});
