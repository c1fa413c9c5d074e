// Idle: one message at a time to an idle system, from the request to the channel call.
import { pause, until } from '../../tests/faults/processes.ts';
import { analyze, type Contestant, hasRedis, monotonic, openEnvironment, type Stub, sending } from '../environment.ts';
import { openConnection } from '../load.ts';
import { aim, quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const perRound = 100;

export async function idle(order: Order): Promise<Section> {
  const environment = await openEnvironment(0);
  try {
    const turns = [
      {
        words: 'Recado',
        path: '/api/v1/messages',
        whom: await environment.startRecado({ name: 'recado_alone', accounts: 1 }),
      },
      ...(hasRedis
        ? [
            {
              words: 'the baseline',
              path: '/messages',
              whom: await environment.startBaseline({ name: 'baseline', accounts: 1, roles: ['api', 'worker'] }),
            },
          ]
        : []),
    ].map(turn => ({ ...turn, waits: [] as number[], count: 0 }));
    for (let round = 0; round <= order.rounds; round++) {
      if (round === 1) await analyze(turns.map(({ whom }) => whom));
      for (const turn of turns) {
        const waits = await oneByOne(turn.whom, turn.path, environment.stub, turn.count, `idle ${round}`);
        turn.count += perRound;
        order.tell(`idle, round ${round}: ${turn.words} p50 ${written(quantile(waits, 0.5))} ms`);
        if (round > 0) turn.waits.push(...waits);
      }
    }
    const ours = turns[0]?.waits ?? [];
    return {
      title: 'idle: from the request to the call of the channel',
      how: `One message every 20 to 80 ms, one at a time, ${order.rounds} rounds of ${perRound} by turns, after a warm-up and an ANALYZE. Measured from outside: from writing the request to the arrival of the call at the channel.`,
      table: [
        ['', 'p50 ms', 'p95 ms', 'p99 ms', 'most'],
        ...turns.map(({ words, waits }) => [
          words,
          ...[0.5, 0.95, 0.99, 1].map(part => written(quantile(waits, part))),
        ]),
      ],
      notes: [
        ...turns
          .slice(1)
          .map(usual =>
            aim('p50 to that of the baseline', quantile(ours, 0.5) / quantile(usual.waits, 0.5), 1.1, 'at most'),
          ),
        aim('p50', quantile(ours, 0.5), 10, 'at most', ' ms'),
        aim('p99', quantile(ours, 0.99), 50, 'at most', ' ms'),
      ],
    };
  } finally {
    await environment.close();
  }
}

/** Milliseconds of each. */
async function oneByOne(whom: Contestant, path: string, stub: Stub, first: number, round: string): Promise<number[]> {
  await stub.reset();
  const request = sending(whom, path, await whom.token(), round);
  const connection = await openConnection(whom.url);
  const asked = new Map<string, number>();
  try {
    for (let number = first; number < first + perRound; number++) {
      await pause(20 + Math.random() * 60);
      const message = request(number);
      const text = JSON.parse(message.body).text.body;
      asked.set(text, monotonic());
      const { status, body } = await connection.ask(message);
      if (status !== 202) throw new Error(`a message was answered with ${status}: ${body}`);
    }
    await until('every message is delivered', 30, async () => (await stub.count()).count >= perRound);
  } finally {
    connection.close();
  }
  const calls = await stub.calls();
  return [...asked].map(([text, at]) => (calls[text] ?? Number.NaN) - at);
}
