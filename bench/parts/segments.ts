// Counting who belongs to a segment must stay quick with many contacts, whatever the conditions are.
import fc from 'fast-check';
import { toId, toUuid } from '../../server/kit/ids.ts';
import { openEnvironment, type RecadoContestant } from '../environment.ts';
import { openConnection } from '../load.ts';
import { quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

/** How many filters are counted in a round. */
const perRound = 100;
const aim = 300;

interface World {
  labels: string[];
  account: string;
}

/** The share of the contacts that has each label. */
const shares = [0.4, 0.2, 0.1, 0.05, 0.01, 0.001];

/** Indexes that are made once all contacts are in, which is far quicker. */
const later = ['contact_name', 'contact_fields', 'contact_field_texts', 'contact_address_value'];

/** Contacts as years of use leave them, past the triggers: the rows are consistent. */
async function fill(recado: RecadoContestant, contacts: number, tell: Order['tell']): Promise<World> {
  const [workspace] = await recado.sql<{ id: string }>('select id from workspace');
  const id = workspace?.id;
  await recado.sql(`insert into contact_field (id, workspace_id, key, name, type, choices, position) values
    (gen_random_uuid(), '${id}', 'shop', 'Shop', 'choice', array['Chiado', 'Almada', 'Porto', 'Faro'], 1),
    (gen_random_uuid(), '${id}', 'vip', 'VIP', 'yes_no', null, 2),
    (gen_random_uuid(), '${id}', 'points', 'Points', 'number', null, 3),
    (gen_random_uuid(), '${id}', 'birthday', 'Birthday', 'date', null, 4)`);
  const labels = await recado.sql<{ id: string }>(
    `insert into label (id, workspace_id, name, color, kind)
       select uuidv7(), $1, 'label ' || n, 'teal', 'contact' from generate_series(1, $2::int) n returning id`,
    [id, shares.length],
  );
  const indexes = await recado.sql<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i where i.indexrelid::regclass::text = any ($1)`,
    [later],
  );
  for (const { name } of indexes) await recado.sql(`drop index ${name}`);
  await recado.sql('set session_replication_role = replica');
  const chunk = 100_000;
  for (let done = 0; done < contacts; done += chunk) {
    await recado.sql(
      `with made as (
         insert into contact (id, workspace_id, name, language, unreachable_at, created_at, fields)
           select uuidv7(), $1, 'Person ' || n, (array['pt', 'pt', 'pt', 'es', 'en', null])[1 + floor(random() * 6)::int],
             case when random() < 0.01 then now() end, now() - interval '3 years' * (1 - n::float / $4),
             jsonb_strip_nulls(jsonb_build_object('shop', (array['Chiado', 'Chiado', 'Almada', 'Porto', null])[1 + floor(random() * 5)::int],
               'vip', random() < 0.02, 'points', floor(random() * random() * 1000),
               'birthday', to_char(date '1950-01-01' + (random() * 20000)::int, 'YYYY-MM-DD')))
           from generate_series($2::int, $3::int) n returning id, created_at),
       numbered as (select id, created_at, row_number() over () + $2 as n, random() as r from made),
       phones as (
         insert into contact_address (workspace_id, kind, value, contact_id)
           select $1, 'phone', (array['+35191', '+35191', '+5511', '+336', '+8190'])[1 + floor(random() * 5)::int] || lpad(n::text, 9, '0'), id
           from numbered where r < 0.97),
       labelled as (
         insert into contact_label (label_id, contact_id, workspace_id)
           select l, id, $1 from numbered, unnest($5::uuid[], $6::float[]) u(l, share) where random() < share),
       refused as (
         insert into opt_out (id, workspace_id, contact_id, category, source, created_at)
           select uuidv7(), $1, id, 'marketing', 'word', now() from numbered where random() < 0.03)
       insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, last_received_at, unread_count,
           sent_count, received_count)
         select uuidv7(), $1, ($7::uuid[])[1 + n % cardinality($7::uuid[])], id, at + interval '1 hour', case when random() < 0.7 then at end,
           (random() < 0.03)::int, (random() * 20)::int, (random() * 10)::int
         from (select n, id, now() - (now() - created_at) * random() * random() as at from numbered where random() < 0.8) t`,
      [
        id,
        done,
        Math.min(contacts, done + chunk) - 1,
        contacts,
        labels.map(label => label.id),
        shares,
        recado.accounts.map(toUuid),
      ],
    );
    tell(`segments: ${Math.min(contacts, done + chunk)} contacts are in`);
  }
  await recado.sql(
    `insert into list_count (workspace_id, list, entries) values ($1, 'contacts', $2)
     on conflict (workspace_id, account_id, list) do update set entries = excluded.entries`,
    [id, contacts],
  );
  await recado.sql('reset session_replication_role');
  await recado.sql(`set maintenance_work_mem = '1GB'`);
  for (const { definition } of indexes) await recado.sql(definition);
  await recado.sql('reset maintenance_work_mem');
  tell('segments: the indexes are made');
  await recado.sql('vacuum analyze');
  return { labels: labels.map(label => toId('label', label.id)), account: recado.accounts[0] ?? '' };
}

/** Filters as people make them: one to five conditions, at times with a group of two or three. */
function filters({ labels, account }: World): fc.Arbitrary<object> {
  const is = (field: string, values: unknown[], op = 'is') =>
    fc.constantFrom(...values).map(value => ({ field, op, value }));
  const condition = fc.oneof(
    { weight: 4, arbitrary: is('label', labels) },
    { weight: 3, arbitrary: is('country', ['PT', 'BR', 'FR', 'JP']) },
    { weight: 3, arbitrary: is('last_received', [7, 30, 180], 'within_days') },
    { weight: 1, arbitrary: is('last_received', [180, 365], 'not_within_days') },
    { weight: 2, arbitrary: is('field:shop', ['Chiado', 'Almada', 'Porto', 'Faro']) },
    { weight: 1, arbitrary: fc.constant({ field: 'field:shop', op: 'in', value: ['Almada', 'Porto'] }) },
    { weight: 1, arbitrary: is('field:vip', [true, false]) },
    { weight: 1, arbitrary: is('field:points', [10, 500, 900], 'gt') },
    { weight: 1, arbitrary: is('field:birthday', ['1990-01-01'], 'after') },
    { weight: 2, arbitrary: is('language', ['pt', 'es', 'en', 'ar']) },
    { weight: 1, arbitrary: is('created', ['2026-06-01T00:00:00Z', '2025-01-01T00:00:00Z'], 'after') },
    { weight: 1, arbitrary: is('opted_out', ['marketing']) },
    { weight: 1, arbitrary: is('unread', [true, false]) },
    { weight: 1, arbitrary: is('window_open', [true]) },
    { weight: 1, arbitrary: is('messages', [0, 20], 'gt') },
    { weight: 1, arbitrary: is('account', [account]) },
    { weight: 1, arbitrary: is('name', ['99', '12345'], 'contains') },
    { weight: 1, arbitrary: is('label', labels, 'is_not') },
  );
  const group = fc.record({ any: fc.array(condition, { minLength: 2, maxLength: 3 }) });
  const all = fc.array(fc.oneof({ weight: 4, arbitrary: condition }, { weight: 1, arbitrary: group }), {
    minLength: 1,
    maxLength: 5,
  });
  const any = fc.array(condition, { minLength: 2, maxLength: 4 });
  return fc.oneof(
    { weight: 5, arbitrary: all.map(nodes => ({ match: { all: nodes } })) },
    { weight: 1, arbitrary: any.map(nodes => ({ match: { any: nodes } })) },
  );
}

interface Counted {
  ms: number;
  count: number;
  more: boolean;
  words: string;
}

async function countAll(recado: RecadoContestant, world: World, seed: number): Promise<Counted[]> {
  const connection = await openConnection(recado.url);
  const headers = { authorization: `Bearer ${await recado.token()}`, 'content-type': 'application/json' };
  const counted: Counted[] = [];
  for (const filter of fc.sample(filters(world), { numRuns: perRound, seed })) {
    const began = performance.now();
    const { status, body } = await connection.ask({
      method: 'POST',
      path: '/api/v1/segments/count',
      headers,
      body: JSON.stringify({ filter }),
    });
    const ms = performance.now() - began;
    if (status !== 200) throw new Error(`${JSON.stringify(filter)} was answered with ${status}: ${body}`);
    const { count, more } = JSON.parse(body) as { count: number; more: boolean };
    counted.push({ ms, count, more, words: JSON.stringify(filter) });
  }
  connection.close();
  return counted;
}

export async function segments(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_segments', accounts: 5, roles: 'api,worker' });
    const world = await fill(recado, order.rows, order.tell);
    await countAll(recado, world, 0);
    const counted: Counted[] = [];
    for (let round = 1; round <= order.rounds; round++) counted.push(...(await countAll(recado, world, round)));
    const slowest = counted.toSorted((a, b) => b.ms - a.ms).slice(0, 15);
    for (const { ms, count, more, words } of slowest)
      order.tell(`${Math.round(ms)} ms, ${count}${more ? '+' : ''}: ${words}`);
    const rows: [string, Counted[]][] = [
      ['all filters', counted],
      ['those with up to 10,000 people', counted.filter(({ more }) => !more)],
      ['those with more', counted.filter(({ more }) => more)],
    ];
    return {
      title: `segments: ${written(order.rows)} contacts`,
      how: `\`POST /api/v1/segments/count\` over HTTP by one connection, ${order.rounds} rounds of ${perRound} filters made by chance (seeds 1 to ${order.rounds}): one to five conditions on labels, fields, countries, languages, times, opt-outs and names, a fifth of them in groups. Labels are on ${shares.map(share => `${written(share * 100)} %`).join(', ')} of the contacts; 4 in 5 have a conversation. The answer has the countries, the reach and the sample too.`,
      table: [
        ['', 'filters', 'p50 ms', 'p95 ms', 'p99 ms', 'longest ms', 'aim: p95 ms', ''],
        ...rows.map(([words, of]) => {
          const times = of.map(({ ms }) => ms);
          const p95 = quantile(times, 0.95);
          const longest = written(Math.max(...times));
          return [
            words,
            String(of.length),
            written(quantile(times, 0.5)),
            written(p95),
            written(quantile(times, 0.99)),
            longest,
            `at most ${aim}`,
            p95 <= aim ? 'reached' : 'not reached',
          ];
        }),
      ],
      notes: [],
    };
  } finally {
    await environment.close();
  }
}
