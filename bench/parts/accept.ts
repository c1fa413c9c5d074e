// Accepted over HTTP, durable: Recado, the baseline, and a route that stores nothing, by turns.
import { cpuBetween } from '../cpu.ts';
import { aim, quantile, ratio, spread, written } from '../figures.ts';
import { drive } from '../load.ts';
import { type Contestant, hasRedis, noRedis, openStage, sending } from '../stage.ts';
import type { Order, Section } from './part.ts';

const connections = 64;

interface Turn {
  words: string;
  whom: Contestant;
  path: string;
  rates: number[];
  waits: number[];
  /** Milliseconds of processor time a message, in each round. */
  cpu: number[];
  accepted: number;
}

export async function accept(order: Order): Promise<Section> {
  const title = 'accept: accepted over HTTP, durable';
  if (!hasRedis) return { title, how: noRedis, table: [], notes: [] };
  const stage = await openStage();
  try {
    const recado = await stage.startRecado({ name: 'recado_alone', accounts: 20, roles: 'api' });
    const baseline = await stage.startBaseline({ name: 'baseline', accounts: 20, roles: ['api'] });
    const turn = (words: string, whom: Contestant, path: string): Turn => {
      return { words, whom, path, rates: [], waits: [], cpu: [], accepted: 0 };
    };
    const usual = turn('the baseline', baseline, '/messages');
    const ours = turn('Recado', recado, '/api/v1/messages');
    const nothing = turn('a route that stores nothing', baseline, '/nothing');
    const turns = [usual, ours, nothing];
    for (let round = 0; round <= order.rounds; round++)
      for (const each of turns) {
        const { words, whom, path } = each;
        const request = sending(whom, path, await whom.token(), `accept ${round}`);
        const seconds = round === 0 ? 3 : order.seconds;
        const before = await whom.cpu();
        const result = await drive({ url: whom.url, connections, seconds, request, first: each.accepted, status: 202 });
        each.accepted += result.count;
        order.tell(`accept, round ${round}: ${words} ${written(result.count / result.seconds)}/s`);
        // The first round is for the compilers and the caches, and makes the contacts.
        if (round === 0) continue;
        each.cpu.push(cpuBetween(before, await whom.cpu()) / result.count);
        each.rates.push(result.count / result.seconds);
        for (const wait of result.latencies) each.waits.push(wait);
      }
    for (const each of [ours, usual]) await expectStored(each);
    return {
      title,
      how: `${connections} connections, one api process each, no worker; 20 accounts, 5,000 contacts; ${order.rounds} rounds of ${order.seconds} s by turns. Every message that was answered with 202 was found in the database at the end.`,
      table: [
        ['', 'accepted/s, median (least–most)', 'p50 ms', 'p99 ms', 'CPU ms a message'],
        ...turns.map(({ words, rates, waits, cpu }) => [
          words,
          spread(rates),
          written(quantile(waits, 0.5)),
          written(quantile(waits, 0.99)),
          spread(cpu),
        ]),
      ],
      notes: [
        aim('Recado to the baseline', ratio(ours.rates, usual.rates), 5),
        aim('Recado to storing nothing', ratio(ours.rates, nothing.rates), 0.5),
        `Processor time a message, the baseline to Recado: **${written(ratio(usual.cpu, ours.cpu))}**.`,
      ],
    };
  } finally {
    await stage.close();
  }
}

/** @throws where not all that was accepted is there */
async function expectStored({ words, whom, accepted }: Turn): Promise<void> {
  const [row] = await whom.sql<{ n: string }>('select count(*) as n from message');
  if (Number(row?.n) !== accepted) throw new Error(`${words} accepted ${accepted} messages and stored ${row?.n}`);
}
