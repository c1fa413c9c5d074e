// Accepted and delivered: messages are posted for some seconds, and the clock stops at the last call to the channel.
import { until } from '../../tests/faults/processes.ts';
import { cpuBetween } from '../cpu.ts';
import { aim, ratio, spread, written } from '../figures.ts';
import { drive } from '../load.ts';
import { type Contestant, hasRedis, monotonic, noRedis, openStage, type Stub, sending } from '../stage.ts';
import type { Order, Section } from './part.ts';

const connections = 64;
/** By when everything has to be delivered. */
const patienceSeconds = 180;

export async function deliver(order: Order): Promise<Section> {
  const title = 'deliver: accepted and delivered';
  if (!hasRedis) return { title, how: noRedis, table: [], notes: [] };
  const stage = await openStage();
  try {
    const roles: ('api' | 'worker')[] = ['api', 'worker'];
    const turns = [
      {
        words: 'the baseline',
        path: '/messages',
        whom: await stage.startBaseline({ name: 'baseline', accounts: 20, roles }),
      },
      {
        words: 'Recado',
        path: '/api/v1/messages',
        whom: await stage.startRecado({ name: 'recado_alone', accounts: 20 }),
      },
      {
        words: 'Recado, hints by Redis',
        path: '/api/v1/messages',
        whom: await stage.startRecado({ name: 'recado_redis', accounts: 20, redis: true }),
      },
    ].map(turn => ({ ...turn, rates: [] as number[], posted: [] as number[], cpu: [] as number[], count: 0 }));
    for (let round = 0; round <= order.rounds; round++)
      for (const turn of turns) {
        const { words } = turn;
        const seconds = round === 0 ? 3 : order.seconds;
        const before = await turn.whom.cpu();
        const result = await deliverFor(turn.whom, turn.path, stage.stub, seconds, turn.count, `deliver ${round}`);
        turn.count += result.count;
        order.tell(`deliver, round ${round}: ${words} ${written(result.count / result.seconds)}/s of ${result.count}`);
        if (round === 0) continue;
        turn.cpu.push(cpuBetween(before, await turn.whom.cpu()) / result.count);
        turn.rates.push(result.count / result.seconds);
        turn.posted.push(result.count / result.postedSeconds);
      }
    const [usual, ours, redis] = turns as [(typeof turns)[0], (typeof turns)[0], (typeof turns)[0]];
    return {
      title,
      how: `${connections} connections post for ${order.seconds} s to one process with both roles, 20 accounts without limits, a channel that answers after 5 ms, no receipts for anybody; ${order.rounds} rounds by turns. The rate is that of all messages from the first request to the last call of the channel. Each message was called exactly once.`,
      table: [
        ['', 'delivered/s, median (least–most)', 'accepted/s meanwhile', 'CPU ms a message'],
        ...turns.map(({ words, rates, posted, cpu }) => [words, spread(rates), spread(posted), spread(cpu)]),
      ],
      notes: [
        aim('Recado to the baseline', ratio(ours.rates, usual.rates), 8),
        aim('Recado with hints by Redis to Recado with hints by PostgreSQL', ratio(redis.rates, ours.rates), 0.8),
        `Processor time a message, the baseline to Recado: **${written(ratio(usual.cpu, ours.cpu))}**.`,
      ],
    };
  } finally {
    await stage.close();
  }
}

async function deliverFor(whom: Contestant, path: string, stub: Stub, seconds: number, first: number, round: string) {
  const request = sending(whom, path, await whom.token(), round);
  await stub.reset();
  const began = monotonic();
  const { count, seconds: postedSeconds } = await drive({
    url: whom.url,
    connections,
    seconds,
    request,
    first,
    status: 202,
  });
  const end = await until('every message is delivered', patienceSeconds, async () => {
    const seen = await stub.count();
    if (seen.doubled > 0) throw new Error(`${seen.doubled} messages were called twice`);
    return seen.count >= count && seen;
  });
  return { count, postedSeconds, seconds: (end.last - began) / 1_000 };
}
