// Messages accepted durably over HTTP, in turn: Recado, the baseline, and a route that stores nothing.
import { cpuBetween } from '../cpu.ts';
import { analyze, type Contestant, hasRedis, noRedis, openEnvironment, sending } from '../environment.ts';
import { drive } from '../load.ts';
import { aim, quantile, ratio, rotated, spread, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

/** The aims refer to the first. With more connections, waiting for a response matters less. */
const loads = [64, 256];

interface Turn {
  words: string;
  connections: number;
  whom: Contestant;
  path: string;
  rates: number[];
  waits: number[];
  /** CPU milliseconds per message, in each round. */
  cpu: number[];
  /** Those of the process alone, without its database. */
  process: number[];
}

export async function accept(order: Order): Promise<Section> {
  const title = 'accept: accepted over HTTP, durable';
  if (!hasRedis) return { title, how: noRedis, table: [], notes: [] };
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_alone', accounts: 20, roles: 'api' });
    const baseline = await environment.startBaseline({ name: 'baseline', accounts: 20, roles: ['api'] });
    const accepted = new Map<string, number>();
    const turns = loads.flatMap(connections => {
      const turn = (words: string, whom: Contestant, path: string): Turn => {
        return { words, connections, whom, path, rates: [], waits: [], cpu: [], process: [] };
      };
      return [
        turn('the baseline', baseline, '/messages'),
        turn('Recado', recado, '/api/v1/messages'),
        turn('a route that stores nothing', baseline, '/nothing'),
      ];
    });
    for (let round = 0; round <= order.rounds; round++) {
      if (round === 1) await analyze(turns.map(({ whom }) => whom));
      for (const each of rotated(turns, round)) {
        const { words, connections, whom, path } = each;
        const request = sending(whom, path, await whom.token(), `accept ${round} ${connections}`);
        const seconds = round === 0 ? 3 : order.seconds;
        const before = await whom.cpu();
        const first = accepted.get(path) ?? 0;
        const result = await drive({ url: whom.url, connections, seconds, request, first, status: 202 });
        accepted.set(path, first + result.count);
        order.tell(
          `accept, round ${round}: ${words}, ${connections} connections: ${written(result.count / result.seconds)}/s`,
        );
        // The first round warms up compilers and caches, and creates the contacts.
        if (round === 0) continue;
        const after = await whom.cpu();
        each.cpu.push(cpuBetween(before, after) / result.count);
        const pid = whom.actor.pid ?? 0;
        each.process.push(((after.get(pid) ?? 0) - (before.get(pid) ?? 0)) / result.count);
        each.rates.push(result.count / result.seconds);
        for (const wait of result.latencies) each.waits.push(wait);
      }
    }
    await expectStored('the baseline', baseline, accepted.get('/messages'));
    await expectStored('Recado', recado, accepted.get('/api/v1/messages'));
    const [usual, ours, nothing, usualOfMany, oursOfMany, nothingOfMany] = turns as [
      Turn,
      Turn,
      Turn,
      Turn,
      Turn,
      Turn,
    ];
    return {
      title,
      how: `${loads.join(' and ')} connections, each of which posts again as soon as it is answered; one api process each, no worker; 20 accounts, 5,000 contacts; ${order.rounds} rounds of ${order.seconds} s by turns, each round begun by another, after a warm-up and an ANALYZE. Every message that was answered with 202 was found in the database at the end. The processor time is that of the process, of its connections and of the writers of the database.`,
      table: [
        [
          '',
          'connections',
          'accepted/s, median (least–most)',
          'p50 ms',
          'p99 ms',
          'CPU ms a message',
          'of it the process',
        ],
        ...turns.map(({ words, connections, rates, waits, cpu, process }) => [
          words,
          String(connections),
          spread(rates),
          written(quantile(waits, 0.5)),
          written(quantile(waits, 0.99)),
          spread(cpu),
          spread(process),
        ]),
      ],
      notes: [
        aim('Processor time a message to that of storing nothing', ratio(ours.cpu, nothing.cpu), 1.6, 'at most'),
        `Recado to the baseline: **${written(ratio(ours.rates, usual.rates))}**, to storing nothing: **${written(ratio(ours.rates, nothing.rates))}**.`,
        `With ${loads[1]} connections: **${written(ratio(oursOfMany.rates, usualOfMany.rates))}** of the baseline, **${written(ratio(oursOfMany.rates, nothingOfMany.rates))}** of storing nothing.`,
        `Processor time a message, the baseline to Recado: **${written(ratio(usual.cpu, ours.cpu))}**.`,
      ],
    };
  } finally {
    await environment.close();
  }
}

/** @throws unless all accepted messages are stored */
async function expectStored(words: string, whom: Contestant, accepted = 0): Promise<void> {
  const [row] = await whom.sql<{ n: string }>('select count(*) as n from message');
  if (Number(row?.n) !== accepted) throw new Error(`${words} accepted ${accepted} messages and stored ${row?.n}`);
}
