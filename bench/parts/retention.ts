// How long retention takes to delete a day of messages that are all too old.
import { pause } from '../../tests/faults/processes.ts';
import { cpuBetween } from '../cpu.ts';
import { openEnvironment } from '../environment.ts';
import { fillHistory, fillTimelines } from '../fill.ts';
import { openConnection } from '../load.ts';
import { written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const lookEveryMs = 500;
/** Older than the 30 days for which an undelivered message stays. */
const day = { oldest: 41, newest: 40 };
const keepDays = 30;

export async function retention(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_retention', accounts: 20, roles: 'api,worker' });
    await fillHistory(recado, order.rows, order.tell, { days: day });
    await fillTimelines(recado);
    const left = async () => {
      const [row] = await recado.sql<{ n: number }>('select count(*)::int as n from message');
      return row?.n ?? 0;
    };
    const headers = { authorization: `Bearer ${await recado.token()}`, 'content-type': 'application/json' };
    const connection = await openConnection(recado.url);
    const answer = await connection.ask({
      method: 'PATCH',
      path: '/api/v1/workspace',
      headers,
      body: JSON.stringify({ retention: { messages_days: keepDays } }),
    });
    connection.close();
    if (answer.status !== 200) throw new Error(`the retention was answered with ${answer.status}: ${answer.body}`);
    // Retention runs at the start, then each hour.
    await recado.killAndRestart();
    const cpuBegan = await recado.cpu();
    const began = performance.now();
    let rest = order.rows;
    let firstAt: number | undefined;
    for (let looks = 1; rest > 0; looks++) {
      await pause(lookEveryMs);
      rest = await left();
      if (rest < order.rows) firstAt ??= performance.now();
      if (looks % 20 === 0) order.tell(`retention: ${rest} messages are left`);
    }
    const ended = performance.now();
    const cpuS = cpuBetween(cpuBegan, await recado.cpu()) / 1_000;
    return {
      title: `retention: ${written(order.rows)} messages that are too old`,
      how: `A day of messages, ${day.newest} days old, in 20 accounts of one workspace, which then keeps messages for ${keepDays} days only. One process with both roles deletes them in batches, with nothing else to do. Each of ours has an attempt and five events in rows of 50 messages, each inbound one an event. None has a file.`,
      table: [
        ['', 'value'],
        ['until the first batch, s', written(((firstAt ?? ended) - began) / 1_000)],
        ['from the first batch to the last, s', written((ended - (firstAt ?? began)) / 1_000)],
        ['processor time of it, process and PostgreSQL, s', written(cpuS)],
        ['processor time a message, ms', written((cpuS * 1_000) / order.rows)],
      ],
      notes: [],
    };
  } finally {
    await environment.close();
  }
}
