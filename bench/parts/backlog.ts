// With a million low-priority messages queued in one account: does anyone else have to wait?
import { toUuid } from '../../server/kit/ids.ts';
import { pause, until } from '../../tests/faults/processes.ts';
import { monotonic, openEnvironment, type RecadoContestant, type Stub } from '../environment.ts';
import { fillBacklog } from '../fill.ts';
import { openConnection } from '../load.ts';
import { aim, median, quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const perRound = 50;
const fewQueued = 1_000;

export async function backlog(order: Order): Promise<Section> {
  const environment = await openEnvironment(0);
  try {
    const empty = await environment.startRecado({ name: 'recado_empty', accounts: 2 });
    const full = await environment.startRecado({ name: 'recado_full', accounts: 2 });
    // Quiet hours hold the low-priority messages, so that we measure the wait and not the emptying of the queue.
    for (const { client, accounts } of [empty, full])
      await client.call('PATCH', `/api/v1/accounts/${accounts[0]}`, {
        limits: { quiet_hours: { from: '00:00', until: '23:59' } },
      });
    await fillBacklog(full, order.rows);
    order.tell(`backlog: ${order.rows} messages queued`);
    const measures = [
      { words: 'a high one of the same account', account: 0, waits: [[], []] as [number[], number[]] },
      { words: 'a normal one of another account', account: 1, waits: [[], []] as [number[], number[]] },
    ];
    for (let round = 0; round <= order.rounds; round++)
      for (const { words, account, waits } of measures)
        for (const [place, recado] of [empty, full].entries()) {
          const times = await oneByOne(recado, account, environment.stub, `${words} ${round}`);
          order.tell(
            `backlog, round ${round}: ${words}, ${place ? 'full' : 'empty'}: p50 ${written(median(times))} ms`,
          );
          if (round > 0) waits[place]?.push(...times);
        }
    await fillBacklog(empty, fewQueued);
    const [claimsOfFew, claims] = await claimTimes([empty, full], order.rounds * 20);
    return {
      title: `backlog: ${written(order.rows)} low messages queued in one account`,
      how: `Two databases, one with the backlog and one without; one message every 20 to 60 ms, ${order.rounds} rounds of ${perRound} by turns, from the request to the call of the channel. Quiet hours of the account keep the backlog where it is.`,
      table: [
        ['', 'empty queue: p50 ms', 'p99 ms', 'with the backlog: p50 ms', 'p99 ms', 'ratio of p50'],
        ...measures.map(({ words, waits: [without, within] }) => [
          words,
          written(median(without)),
          written(quantile(without, 0.99)),
          written(median(within)),
          written(quantile(within, 0.99)),
          written(median(within) / median(without)),
        ]),
      ],
      notes: [
        ...measures.map(({ words, waits: [without, within] }) =>
          aim(`${words}, times the time on an empty queue`, median(within) / median(without), 1.2, 'at most'),
        ),
        aim(
          `a claim of ten out of the backlog, without quiet hours, times one out of ${written(fewQueued)} queued`,
          median(claims) / median(claimsOfFew),
          1.2,
          'at most',
        ),
        `That claim took ${written(median(claims))} ms (p99 ${written(quantile(claims, 0.99))} ms) and ${written(median(claimsOfFew))} ms (p99 ${written(quantile(claimsOfFew, 0.99))} ms), by turns, undone each time.`,
      ],
    };
  } finally {
    await environment.close();
  }
}

/** Milliseconds from request to call, for each message; high ones of the first account, normal ones of the others. */
export async function oneByOne(
  recado: RecadoContestant,
  account: number,
  stub: Stub,
  round: string,
): Promise<number[]> {
  await stub.reset();
  const headers = { authorization: `Bearer ${await recado.token()}`, 'content-type': 'application/json' };
  const connection = await openConnection(recado.url);
  const asked = new Map<string, number>();
  try {
    for (let number = 0; number < perRound; number++) {
      await pause(20 + Math.random() * 40);
      const text = `${round} ${number}`;
      const body = JSON.stringify({
        account_id: recado.accounts[account],
        to: `+4930${String(10_000_000 + number)}`,
        type: 'text',
        priority: account === 0 ? 'high' : 'normal',
        text: { body: text },
      });
      asked.set(text, monotonic());
      const answer = await connection.ask({ method: 'POST', path: '/api/v1/messages', headers, body });
      if (answer.status !== 202) throw new Error(`a message was answered with ${answer.status}: ${answer.body}`);
    }
    await until('every message is delivered', 60, async () => (await stub.count()).count >= perRound);
  } finally {
    connection.close();
  }
  const calls = await stub.calls();
  return [...asked].map(([text, at]) => (calls[text] ?? Number.NaN) - at);
}

/** The duration of the claim in each, in turn, while the workers are stopped. */
async function claimTimes(recados: [RecadoContestant, RecadoContestant], times: number): Promise<[number[], number[]]> {
  const found: [number[], number[]] = [[], []];
  for (const recado of recados) {
    recado.actor.signal('SIGTERM');
    await recado.actor.gone;
    await recado.sql('update account set quiet_from = null, quiet_until = null');
    await recado.sql('vacuum analyze');
  }
  // The first calls on a connection plan and warm up.
  for (let time = -5; time < times; time++)
    for (const [place, recado] of recados.entries()) {
      await recado.sql('begin');
      const began = performance.now();
      const rows = await recado.sql(
        `select * from claim_messages(p_accounts => array[$1]::uuid[], p_max => '{10}', p_routes => '{sandbox}',
           p_runner => 'bench', p_lease => interval '25 s', p_random => 0.5, p_now => null) where token is not null`,
        [toUuid(recado.accounts[0] ?? '')],
      );
      const took = performance.now() - began;
      await recado.sql('rollback');
      if (rows.length !== 10) throw new Error(`a claim took ${rows.length} messages and not 10`);
      if (time >= 0) found[place]?.push(took);
    }
  return found;
}
