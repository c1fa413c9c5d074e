// Signed Meta webhooks, stored and acknowledged, against a route that only verifies the signature.

import { channelSecrets, hasRedis, noRedis, openEnvironment } from '../environment.ts';
import { drive, type Request } from '../load.ts';
import { signedReceipts } from '../receipts.ts';
import { quantile, ratio, spread, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const connections = 32;
const perBatch = 100;

export async function inbound(order: Order): Promise<Section> {
  const title = 'inbound: signed webhooks, stored and answered';
  if (!hasRedis) return { title, how: noRedis, table: [], notes: [] };
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_alone', accounts: 1, roles: 'api' });
    const baseline = await environment.startBaseline({ name: 'baseline', accounts: 1, roles: ['api'] });
    const { body } = await recado.client.call('GET', `/api/v1/accounts/${recado.accounts[0]}`);
    const turns = [1, perBatch].flatMap(receipts => {
      const request = posting(body.phone_number_id, receipts);
      const words = receipts === 1 ? 'one receipt' : `${receipts} receipts at once`;
      return [
        { words: `Recado, ${words}`, url: recado.url, request: request('/webhooks/whatsapp/sandbox'), stored: true },
        { words: `only verifying, ${words}`, url: baseline.url, request: request('/verify'), stored: false },
      ].map(turn => ({ ...turn, rates: [] as number[], waits: [] as number[] }));
    });
    let stored = 0;
    let first = 0;
    for (let round = 0; round <= order.rounds; round++)
      for (const turn of turns) {
        const seconds = round === 0 ? 2 : order.seconds;
        const result = await drive({ url: turn.url, connections, seconds, request: turn.request, first, status: 200 });
        first += result.count;
        if (turn.stored) stored += result.count;
        order.tell(`inbound, round ${round}: ${turn.words} ${written(result.count / result.seconds)}/s`);
        if (round === 0) continue;
        turn.rates.push(result.count / result.seconds);
        for (const wait of result.latencies) turn.waits.push(wait);
      }
    const [row] = await recado.sql<{ n: string }>('select count(*) as n from inbound_payload');
    if (Number(row?.n) !== stored) throw new Error(`${stored} webhooks were answered and ${row?.n} are stored`);
    const of = (place: number) => turns[place]?.rates ?? [];
    return {
      title,
      how: `${connections} connections, one api process each, no worker; ${order.rounds} rounds of ${order.seconds} s by turns. Every webhook that was answered with 200 was found in the database at the end.`,
      table: [
        ['', 'webhooks/s, median (least–most)', 'p50 ms', 'p99 ms'],
        ...turns.map(({ words, rates, waits }) => [
          words,
          spread(rates),
          written(quantile(waits, 0.5)),
          written(quantile(waits, 0.99)),
        ]),
      ],
      notes: [
        `Recado to only verifying, one receipt: **${written(ratio(of(0), of(1)))}**.`,
        `Recado to only verifying, ${perBatch} receipts at once: **${written(ratio(of(2), of(3)))}**, which is ${written(perBatch * quantile(of(2), 0.5))} receipts/s stored.`,
      ],
    };
  } finally {
    await environment.close();
  }
}

/** Returns the request maker for a path: each request posts this many signed receipts of unknown messages. */
function posting(numberId: string, receipts: number) {
  return (path: string) =>
    (number: number): Request => {
      const told = Array.from({ length: receipts }, (_, index) => ({
        id: `wamid.${number}.${index}`,
        status: 'delivered',
      }));
      return { path, ...signedReceipts(channelSecrets.appSecret, numberId, told, 1_760_000_000) };
    };
}
