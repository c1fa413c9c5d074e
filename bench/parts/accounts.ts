// Many accounts: the same load with 20 and with 2,000 accounts, and the cost of 20,000 mostly idle accounts at rest.
import { end, pause } from '../../tests/faults/processes.ts';
import { cpuBetween } from '../cpu.ts';
import { deliverFor, rejectDuplicates } from '../delivering.ts';
import { openEnvironment } from '../environment.ts';
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
    for (let round = 0; round <= order.rounds; round++)
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
    rejectDuplicates(await environment.stub.count());
    for (const { whom } of turns) await end(whom.actor);
    const resting = await atRest(order, environment);
    const [small, large] = turns as [(typeof turns)[0], (typeof turns)[0]];
    return {
      title: 'accounts: many of them',
      how: `64 connections post for ${order.seconds} s to one process with both roles, over ${few} and over ${written(many)} accounts without limits, a channel that answers after 5 ms; ${order.rounds} rounds by turns. Then a process with ${written(idle)} accounts, of which 20 have sent a message, rests: its processor time with that of its connections, over ${watchedSeconds} s a round.`,
      table: [
        ['', 'delivered/s, median (least–most)', 'CPU ms a message'],
        ...turns.map(({ words, rates, cpu }) => [words, spread(rates), spread(cpu)]),
      ],
      notes: [
        aim(`${written(many)} accounts to ${few}`, ratio(large.rates, small.rates), 0.6),
        aim(`${written(idle)} mostly idle accounts`, median(resting), 2, 'at most', ' % of a core'),
      ],
    };
  } finally {
    await environment.close();
  }
}

/** CPU use of a process with many idle accounts, in percent of a core, one value per round. */
async function atRest(order: Order, environment: Awaited<ReturnType<typeof openEnvironment>>): Promise<number[]> {
  const whom = await environment.startRecado({ name: 'recado_idle', accounts: idle });
  await deliverFor(
    { ...whom, accounts: whom.accounts.slice(0, 20) },
    '/api/v1/messages',
    environment.stub,
    1,
    0,
    'idle',
  );
  await pause(5_000);
  const used: number[] = [];
  for (let round = 0; round < order.rounds; round++) {
    const before = await whom.cpu();
    await pause(watchedSeconds * 1_000);
    used.push(cpuBetween(before, await whom.cpu()) / (watchedSeconds * 10));
    order.tell(`accounts, at rest: ${written(used.at(-1) ?? Number.NaN)} % of a core`);
  }
  return used;
}
