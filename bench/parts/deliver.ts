// Accepted and delivered: posts messages for some seconds; the clock stops at the last call to the channel.
import { cpuBetween } from '../cpu.ts';
import { deliverFor, rejectDuplicates } from '../delivering.ts';
import {
  analyze,
  type Contestant,
  hasRedis,
  noRedis,
  openEnvironment,
  type RecadoOptions,
  sending,
} from '../environment.ts';
import { drive } from '../load.ts';
import { aim, ratio, rotated, spread, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const connections = 64;

export async function deliver(order: Order): Promise<Section> {
  const title = 'deliver: accepted and delivered';
  if (!hasRedis) return { title, how: noRedis, table: [], notes: [] };
  const environment = await openEnvironment();
  try {
    const roles: ('api' | 'worker')[] = ['api', 'worker'];
    const turn = (words: string, path: string, whom: Contestant) => ({
      words,
      path,
      whom,
      rates: [] as number[],
      posted: [] as number[],
      cpu: [] as number[],
      count: 0,
    });
    const usualOf = async (concurrency: number) =>
      turn(
        `the baseline, ${concurrency} calls at once`,
        '/messages',
        await environment.startBaseline({ name: `baseline_${concurrency}`, accounts: 20, roles, concurrency }),
      );
    const oursOf = async (words: string, name: string, options: Partial<RecadoOptions>) =>
      turn(words, '/api/v1/messages', await environment.startRecado({ name, accounts: 20, ...options }));
    const usual = await usualOf(10);
    const wide = await usualOf(100);
    const ours = await oursOf('Recado', 'recado_alone', {});
    const preset = await oursOf('Recado, 10 calls at once an account', 'recado_preset', { concurrency: 10 });
    const redis = await oursOf('Recado, wake-ups by Redis', 'recado_redis', { redis: true });
    const turns = [usual, wide, ours, preset, redis];
    /** Milliseconds of processor time a request of a route that stores nothing. */
    const nothing: number[] = [];
    let posted = 0;
    for (let round = 0; round <= order.rounds; round++) {
      if (round === 1) await analyze(turns.map(({ whom }) => whom));
      for (const each of rotated(turns, round)) {
        const { words, path, whom } = each;
        const seconds = round === 0 ? 3 : order.seconds;
        const before = await whom.cpu();
        const result = await deliverFor(whom, path, environment.stub, seconds, each.count, `deliver ${round}`);
        each.count += result.count;
        order.tell(`deliver, round ${round}: ${words} ${written(result.count / result.seconds)}/s of ${result.count}`);
        if (round === 0) continue;
        each.cpu.push(cpuBetween(before, await whom.cpu()) / result.count);
        each.rates.push(result.count / result.seconds);
        each.posted.push(result.count / result.postedSeconds);
      }
    }
    for (let round = 0; round <= order.rounds; round++) {
      const before = await usual.whom.cpu();
      const request = sending(usual.whom, '/nothing', await usual.whom.token(), `nothing ${round}`);
      const { count } = await drive({
        url: usual.whom.url,
        connections,
        seconds: round === 0 ? 1 : order.seconds,
        request,
        first: posted,
        status: 202,
      });
      posted += count;
      if (round > 0) nothing.push(cpuBetween(before, await usual.whom.cpu()) / count);
    }
    rejectDuplicates(await environment.stub.count());
    return {
      title,
      how: `${connections} connections post for ${order.seconds} s to one process with both roles, 20 accounts without limits, a channel that answers after 5 ms, no receipts for anybody; ${order.rounds} rounds by turns, each round begun by another, after a warm-up and an ANALYZE. The rate is that of all messages from the first request to the last call of the channel. Each message was called exactly once. The baseline takes 10 jobs at once, or 100; an account of Recado may have 200 calls under way, or 10, which is what a new one has.`,
      table: [
        ['', 'delivered/s, median (least–most)', 'accepted/s meanwhile', 'CPU ms a message'],
        ...turns.map(({ words, rates, posted, cpu }) => [words, spread(rates), spread(posted), spread(cpu)]),
        ['a route that stores nothing', '–', '–', spread(nothing)],
      ],
      notes: [
        aim(
          'Processor time a message to that of a route that stores nothing',
          ratio(ours.cpu, nothing),
          3.4,
          'at most',
        ),
        aim('Recado to the baseline', ratio(ours.rates, usual.rates), 4),
        `Recado to the baseline with 100 calls at once: **${written(ratio(ours.rates, wide.rates))}**; with 10 calls at once an account to the baseline with 10: **${written(ratio(preset.rates, usual.rates))}**.`,
        aim('Recado with wake-ups by Redis to Recado with wake-ups by PostgreSQL', ratio(redis.rates, ours.rates), 0.8),
        `Processor time a message, the baseline to Recado: **${written(ratio(usual.cpu, ours.cpu))}**.`,
      ],
    };
  } finally {
    await environment.close();
  }
}
