// Login: the response time of a rejection must not reveal whether an address is known.
import { owner } from '../../tests/faults/client.ts';
import { monotonic, openEnvironment } from '../environment.ts';
import { quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const perRound = 40;
const password = 'not the password of anybody';

export async function login(order: Order): Promise<Section> {
  const environment = await openEnvironment(0);
  try {
    const recado = await environment.startRecado({ name: 'recado_login', accounts: 1 });
    const turns = [
      { words: 'of an address that somebody has', email: () => owner.email, times: [] as number[] },
      {
        words: 'of an address that nobody has',
        email: () => `nobody-${Math.random()}@example.com`,
        times: [] as number[],
      },
    ];
    for (let round = 0; round <= order.rounds; round++) {
      for (let attempt = 0; attempt < perRound; attempt++)
        for (const { email, times } of attempt % 2 === 0 ? turns : turns.toReversed()) {
          // Ten failures would pause the person's logins; we want to measure single ones.
          await recado.sql('delete from login_failure');
          const body = JSON.stringify({ email: email(), password });
          const began = monotonic();
          const answer = await fetch(`${recado.url}/api/v1/auth/login`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
          });
          await answer.text();
          const took = monotonic() - began;
          if (answer.status !== 401) throw new Error(`a wrong password was answered with ${answer.status}`);
          if (round > 0) times.push(took);
        }
      order.tell(`login, round ${round}`);
    }
    const [known, unknown] = turns.map(({ times }) => ({ least: Math.min(...times), middle: quantile(times, 0.5) }));
    return {
      title: 'login: known and unknown addresses',
      how: `Wrong passwords, one login at a time and by turns, ${order.rounds} rounds of ${perRound} each. Measured from outside, from writing the request to the whole answer.`,
      table: [
        ['refusals', 'min ms', 'p50 ms', 'p95 ms'],
        ...turns.map(({ words, times }) => [words, ...[0, 0.5, 0.95].map(part => written(quantile(times, part)))]),
      ],
      notes: [
        `Between the two: ${written(Math.abs((known?.least ?? 0) - (unknown?.least ?? 0)))} ms of the least, ${written(Math.abs((known?.middle ?? 0) - (unknown?.middle ?? 0)))} ms of the medians. That both do the same work is a test (tests/scenarios/login.test.ts); this shows what is left of it in time.`,
      ],
    };
  } finally {
    await environment.close();
  }
}
