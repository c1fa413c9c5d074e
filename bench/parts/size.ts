// Disk space per message: messages that were really accepted, sent, and acknowledged by receipts.
import { until } from '../../tests/faults/processes.ts';
import { channelSecrets, type Environment, openEnvironment, type RecadoContestant, sending } from '../environment.ts';
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
    const plain = await environment.startRecado({ name: 'recado_size', accounts: 20 });
    const { grown, count, packed, seconds } = await measure(environment, plain, order);
    const rated = await environment.startRecado({ name: 'recado_size_rated', accounts: 20 });
    await useRateCard(rated);
    const withCard = await measure(environment, rated, order);
    const all = (sizes: Size[]) => sizes.reduce((sum, { heap, indexes }) => sum + heap + indexes, 0) / count;
    const shown = grown.filter(({ heap, indexes }) => (heap + indexes) / count >= 1);
    const row = ({ name, heap, indexes }: Size) => [
      name,
      written(Math.round(heap / count)),
      written(Math.round(indexes / count)),
      written(Math.round((heap + indexes) / count)),
    ];
    const sumOf = (name: string, sizes: Size[]): Size => ({
      name,
      heap: sizes.reduce((sum, { heap }) => sum + heap, 0),
      indexes: sizes.reduce((sum, { indexes }) => sum + indexes, 0),
    });
    return {
      title: 'size: of a message on the disk',
      how: `${count} messages of 20 accounts to 5,000 people, accepted over HTTP, called, and told of by three signed receipts each (sent, delivered, read), with their price: five events a message. The same in another database with a rate card. \`pg_table_size\` and \`pg_indexes_size\` of each table, less what it had before, as the database was at the end (dead rows and pages not yet reused are in it); the write-ahead log is not.`,
      table: [
        ['bytes a message', 'table', 'indexes', 'together'],
        ...shown.sort((one, other) => other.heap + other.indexes - one.heap - one.indexes).map(row),
        row(sumOf('all', grown)),
        row(sumOf('all, with a rate card', withCard.grown)),
      ],
      notes: [
        aim('a message', all(grown), 2_000, 'at most', ' bytes'),
        aim('more with a rate card, without dead rows', withCard.packed - packed, 150, 'at most', ' bytes'),
        `Time with a rate card to that without: accepted **${written(withCard.seconds.accepted / seconds.accepted)}**, told by receipts **${written(withCard.seconds.told / seconds.told)}**.`,
      ],
    };
  } finally {
    await environment.close();
  }
}

interface Size {
  name: string;
  heap: number;
  indexes: number;
}

/** Sends messages through a contestant, and gives how its tables grew and how long it took. */
async function measure(environment: Environment, recado: RecadoContestant, order: Order) {
  await environment.stub.reset();
  const before = await sizesOf(recado);
  const batches = Math.ceil(order.rows / perBatch);
  const count = batches * perBatch;
  const patienceS = 60 + count / 100;
  const begun = performance.now();
  await askAll(recado, batches, 202, await batchesOf(recado));
  const accepted = (performance.now() - begun) / 1_000;
  order.tell(`size: ${count} messages are accepted in ${written(accepted)} s`);
  await until('every message is called', patienceS, async () => (await environment.stub.count()).count === count);
  order.tell('size: all of them are called');
  await until('every call is recorded', 120, async () => (await left(recado, `status = 'sent'`)) === count);
  const receipts = await Promise.all(['sent', 'delivered', 'read'].map(status => webhooksOf(recado, status)));
  const heard = performance.now();
  for (const webhooks of receipts) await askAll(recado, webhooks.length, 200, number => webhooks[number] as Request);
  await until('every receipt is applied', patienceS, async () => (await left(recado, `status = 'read'`)) === count);
  const told = (performance.now() - heard) / 1_000;
  order.tell(`size: all receipts are applied in ${written(told)} s`);
  const after = await sizesOf(recado);
  // Without dead rows, which come and go with the autovacuum.
  for (const { name } of after) await recado.sql(`vacuum full ${name}`);
  const packed = (await sizesOf(recado)).reduce((sum, { heap, indexes }) => sum + heap + indexes, 0) / count;
  const grown = after.map(({ name, heap, indexes }): Size => {
    const was = before.find(table => table.name === name);
    return { name, heap: heap - (was?.heap ?? 0), indexes: indexes - (was?.indexes ?? 0) };
  });
  return { grown, count, packed, seconds: { accepted, told } };
}

/** From now on, messages of the contestant cost something: it has a rate card, and its accounts are no simulated ones. */
async function useRateCard(recado: RecadoContestant): Promise<void> {
  for (const statement of [
    'update account set simulated = false',
    `insert into rate_card (id, workspace_id, kind, name, currency, valid_from, file_name, file_hash, state, created_by,
        created_at, used_at)
      select gen_random_uuid(), id, 'rates', 'A sample', 'USD', '2020-01-01', 'sample.csv', '', 'used', id, now(), now()
      from workspace`,
    `insert into rate (card_id, workspace_id, market, category, amount)
      select id, workspace_id, 'France', 'service', 0.0068 from rate_card`,
    `insert into cost_setting (workspace_id, currency) select id, 'USD' from workspace`,
  ])
    await recado.sql(statement);
}

const left = async (recado: RecadoContestant, where: string): Promise<number> =>
  Number((await recado.sql<{ n: string }>(`select count(*) as n from message where ${where}`))[0]?.n);

async function sizesOf(recado: RecadoContestant): Promise<Size[]> {
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

/** As WhatsApp says it. */
const pricing = { billable: true, pricing_model: 'PMP', category: 'service', type: 'regular' };

/** Signed webhooks with a receipt for each call with its price. */
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
      ids.map(id => ({ id, status, pricing })),
    ),
  }));
}
