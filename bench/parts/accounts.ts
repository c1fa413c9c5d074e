// Many accounts: the same load with 20 and with 2,000 accounts, and the cost of 20,000 mostly idle accounts at rest.
import { end, pause } from '../../tests/faults/processes.ts';
import { cpuBetween } from '../cpu.ts';
import { deliverFor, rejectDuplicates } from '../delivering.ts';
import { analyze, type Contestant, openEnvironment } from '../environment.ts';
import { aim, median, ratio, rotated, spread, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const few = 20;
const many = 2_000;
const idle = 20_000;
/** How long the idle process is observed in each round, in seconds. */
const watchedSeconds = 20;

export async function accounts(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const turns = [];
    for (const count of [few, many]) {
      const name = `recado_accounts_${count}`;
      turns.push({
        words: `${written(count)} accounts`,
        whom: await environment.startRecado({ name, accounts: count }),
        rates: [] as number[],
        cpu: [] as number[],
        count: 0,
      });
    }
    for (let round = 0; round <= order.rounds; round++) {
      if (round === 1) await analyze(turns.map(({ whom }) => whom));
      for (const each of rotated(turns, round)) {
        const { words, whom } = each;
        const seconds = round === 0 ? 3 : order.seconds;
        const before = await whom.cpu();
        const title = `accounts ${round} ${words}`;
        const result = await deliverFor(whom, '/api/v1/messages', environment.stub, seconds, each.count, title);
        each.count += result.count;
        order.tell(`accounts, round ${round}: ${words} ${written(result.count / result.seconds)}/s of ${result.count}`);
        if (round === 0) continue;
        each.cpu.push(cpuBetween(before, await whom.cpu()) / result.count);
        each.rates.push(result.count / result.seconds);
      }
    }
    rejectDuplicates(await environment.stub.count());
    const [small, large] = turns as [(typeof turns)[0], (typeof turns)[0]];
    await end(large.whom.actor);
    const resting = await atRest(order, environment, small.whom);
    return {
      title: 'accounts: many of them',
      how: `64 connections post for ${order.seconds} s to one process with both roles, over ${few} and over ${written(many)} accounts without limits, a channel that answers after 5 ms; ${order.rounds} rounds by turns, after a warm-up and an ANALYZE. Then a process with ${written(idle)} accounts, of which 20 have sent a message, rests, by turns with the one of ${few}: the processor time of each with its connections, over ${watchedSeconds} s a round.`,
      table: [
        ['', 'delivered/s, median (least–most)', 'CPU ms a message'],
        ...turns.map(({ words, rates, cpu }) => [words, spread(rates), spread(cpu)]),
      ],
      notes: [
        aim(`${written(many)} accounts to ${few}`, ratio(large.rates, small.rates), 0.6),
        aim(
          `What ${written(idle)} mostly idle accounts cost, more than ${few} do`,
          median(resting.many) - median(resting.few),
          2,
          'at most',
          ' % of a core',
        ),
        `At rest: **${written(median(resting.many))} %** of a core with ${written(idle)} accounts, **${written(median(resting.few))} %** with ${few}.`,
      ],
    };
  } finally {
    await environment.close();
  }
}

/** CPU use at rest of a process with many idle accounts and of one with few, in percent of a core, one value a round. */
async function atRest(
  order: Order,
  environment: Awaited<ReturnType<typeof openEnvironment>>,
  withFew: Contestant,
): Promise<{ few: number[]; many: number[] }> {
  const withMany = await environment.startRecado({ name: 'recado_idle', accounts: idle });
  const busy = { ...withMany, accounts: withMany.accounts.slice(0, few) };
  await deliverFor(busy, '/api/v1/messages', environment.stub, 1, 0, 'idle');
  // The database vacuums the accounts that were just created.
  await pause(40_000);
  const used = { few: [] as number[], many: [] as number[] };
  for (let round = 0; round < order.rounds; round++)
    for (const [name, whom] of [
      ['few', withFew],
      ['many', withMany],
    ] as const) {
      const before = await whom.cpu();
      await pause(watchedSeconds * 1_000);
      used[name].push(cpuBetween(before, await whom.cpu()) / (watchedSeconds * 10));
      order.tell(`accounts, at rest: ${name} ${written(used[name].at(-1) ?? Number.NaN)} % of a core`);
    }
  return used;
}
