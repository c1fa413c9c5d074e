// What the request log costs: messages accepted with it and without it, in turn.
import { cpuBetween } from '../cpu.ts';
import { analyze, openEnvironment, type RecadoContestant, sending } from '../environment.ts';
import { drive } from '../load.ts';
import { aim, quantile, ratio, rotated, spread, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const connections = 64;

interface Turn {
  words: string;
  whom: RecadoContestant;
  accepted: number;
  rates: number[];
  waits: number[];
  /** CPU milliseconds per message, in each round. */
  cpu: number[];
}

export async function requests(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const turn = async (words: string, name: string, log: 'on' | 'off'): Promise<Turn> => ({
      words,
      whom: await environment.startRecado({ name, accounts: 20, roles: 'api', env: { REQUEST_LOG: log } }),
      accepted: 0,
      rates: [],
      waits: [],
      cpu: [],
    });
    const turns = [
      await turn('without the request log', 'recado_off', 'off'),
      await turn('with the request log', 'recado_on', 'on'),
    ];
    for (let round = 0; round <= order.rounds; round++) {
      if (round === 1) await analyze(turns.map(({ whom }) => whom));
      for (const each of rotated(turns, round)) {
        const { words, whom } = each;
        const request = sending(whom, '/api/v1/messages', await whom.token(), `requests ${round}`);
        const seconds = round === 0 ? 3 : order.seconds;
        const before = await whom.cpu();
        const result = await drive({ url: whom.url, connections, seconds, request, first: each.accepted, status: 202 });
        each.accepted += result.count;
        order.tell(`requests, round ${round}: ${words}: ${written(result.count / result.seconds)}/s`);
        // The first round warms up compilers and caches, and creates the contacts.
        if (round === 0) continue;
        each.cpu.push(cpuBetween(before, await whom.cpu()) / result.count);
        each.rates.push(result.count / result.seconds);
        for (const wait of result.latencies) each.waits.push(wait);
      }
    }
    const [off, on] = turns as [Turn, Turn];
    return {
      title: 'requests: what the request log costs',
      how: `Messages accepted over HTTP by two Recados in turn, of which one notes each answered request; ${connections} connections, one api process each, no worker; 20 accounts, 5,000 contacts; ${order.rounds} rounds of ${order.seconds} s.`,
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
        aim('Accepted with the request log to without', ratio(on.rates, off.rates), 0.95, 'at least'),
        `Processor time a message, with the log to without: **${written(ratio(on.cpu, off.cpu))}**.`,
      ],
    };
  } finally {
    await environment.close();
  }
}
