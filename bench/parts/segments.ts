// Counting who belongs to a segment must stay quick with many contacts, whatever the conditions are.
import fc from 'fast-check';
import { type Contacts, fillContacts, shares } from '../contacts.ts';
import { openEnvironment, type RecadoContestant } from '../environment.ts';
import { openConnection } from '../load.ts';
import { quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

/** How many filters are counted in a round. */
const perRound = 100;
const aim = 300;

/** Filters as people make them: one to five conditions, at times with a group of two or three. */
function filters({ labels, account }: Contacts): fc.Arbitrary<object> {
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

async function countAll(recado: RecadoContestant, world: Contacts, seed: number): Promise<Counted[]> {
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
    const world = await fillContacts(recado, order.rows, line => order.tell(`segments: ${line}`));
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
