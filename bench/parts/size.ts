// Disk space per message: messages that were really accepted, sent, and acknowledged by receipts.
import { until } from '../../tests/faults/processes.ts';
import { channelSecrets, openEnvironment, type RecadoContestant, sending } from '../environment.ts';
import { openConnection, type Request } from '../load.ts';
import { signedReceipts } from '../receipts.ts';
import { aim, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const perBatch = 1_000;
const perWebhook = 100;
const connections = 4;

export async function size(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_size', accounts: 20 });
    const before = await sizesOf(recado);
    const batches = Math.ceil(order.rows / perBatch);
    const count = batches * perBatch;
    const patienceS = 60 + count / 100;
    await askAll(recado, batches, 202, await batchesOf(recado));
    order.tell(`size: ${count} messages are accepted`);
    await until('every message is called', patienceS, async () => (await environment.stub.count()).count === count);
    order.tell('size: all of them are called');
    await until('every call is recorded', 120, async () => (await left(recado, `status = 'sent'`)) === count);
    for (const status of ['sent', 'delivered', 'read']) {
      const webhooks = await webhooksOf(recado, status);
      await askAll(recado, webhooks.length, 200, number => webhooks[number] as Request);
    }
    await until('every receipt is applied', patienceS, async () => (await left(recado, `status = 'read'`)) === count);
    const after = await sizesOf(recado);
    const grown = after.map(({ name, heap, indexes }) => {
      const was = before.find(table => table.name === name);
      return { name, heap: heap - (was?.heap ?? 0), indexes: indexes - (was?.indexes ?? 0) };
    });
    const all = {
      name: 'all',
      heap: grown.reduce((sum, { heap }) => sum + heap, 0),
      indexes: grown.reduce((sum, { indexes }) => sum + indexes, 0),
    };
    const shown = grown.filter(({ heap, indexes }) => (heap + indexes) / count >= 1);
    return {
      title: 'size: of a message on the disk',
      how: `${count} messages of 20 accounts to 5,000 people, accepted over HTTP, called, and told of by three signed receipts each (sent, delivered, read): five events a message. \`pg_table_size\` and \`pg_indexes_size\` of each table, less what it had before, as the database was at the end (dead rows and pages not yet reused are in it); the write-ahead log is not.`,
      table: [
        ['bytes a message', 'table', 'indexes', 'together'],
        ...[...shown.sort((one, other) => other.heap + other.indexes - one.heap - one.indexes), all].map(
          ({ name, heap, indexes }) => [
            name,
            written(Math.round(heap / count)),
            written(Math.round(indexes / count)),
            written(Math.round((heap + indexes) / count)),
          ],
        ),
      ],
      notes: [aim('a message', (all.heap + all.indexes) / count, 2_000, 'at most', ' bytes')],
    };
  } finally {
    await environment.close();
  }
}

const left = async (recado: RecadoContestant, where: string): Promise<number> =>
  Number((await recado.sql<{ n: string }>(`select count(*) as n from message where ${where}`))[0]?.n);

async function sizesOf(recado: RecadoContestant): Promise<{ name: string; heap: number; indexes: number }[]> {
  const rows = await recado.sql<{ name: string; heap: string; indexes: string }>(
    `select relname as name, pg_table_size(oid) as heap, pg_indexes_size(oid) as indexes from pg_class
     where relnamespace = 'recado'::regnamespace and relkind = 'r'`,
  );
  return rows.map(({ name, heap, indexes }) => ({ name, heap: Number(heap), indexes: Number(indexes) }));
}

/** Sends all requests, some at a time. */
async function askAll(recado: RecadoContestant, count: number, status: number, request: (number: number) => Request) {
  let next = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await openConnection(recado.url);
      while (next < count) {
        const answer = await connection.ask(request(next++));
        if (answer.status !== status) throw new Error(`answered with ${answer.status}: ${answer.body.slice(0, 300)}`);
      }
      connection.close();
    }),
  );
}

async function batchesOf(recado: RecadoContestant): Promise<(batch: number) => Request> {
  const one = sending(recado, '/api/v1/messages', await recado.token(), 'size');
  return batch => {
    const requests = Array.from({ length: perBatch }, (_, index) => one(batch * perBatch + index));
    return {
      method: 'POST',
      path: '/api/v1/messages/batch',
      headers: requests[0]?.headers ?? {},
      body: JSON.stringify({ messages: requests.map(({ body }) => JSON.parse(body)) }),
    };
  };
}

/** Signed webhooks with a receipt for each call. */
async function webhooksOf(recado: RecadoContestant, status: string): Promise<Request[]> {
  const rows = await recado.sql<{ number: string; ids: string[] }>(
    `select a.phone_number_id as number, array_agg(m.channel_message_id) as ids
     from (select *, row_number() over (partition by account_id order by seq) / ${perWebhook} as part from message) m
     join account a on a.id = m.account_id group by a.phone_number_id, m.part`,
  );
  return rows.map(({ number, ids }) => ({
    path: '/webhooks/whatsapp/sandbox',
    ...signedReceipts(
      channelSecrets.appSecret,
      number,
      ids.map(id => ({ id, status })),
    ),
  }));
}
