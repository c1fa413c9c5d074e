// Lists from a replica: what they cost the primary, and how soon they come while messages are sent.
import { cpuBetween } from '../cpu.ts';
import { deliverFor } from '../delivering.ts';
import { analyze, openEnvironment, type RecadoContestant } from '../environment.ts';
import { fillHistory } from '../fill.ts';
import { drive } from '../load.ts';
import { median, quantile, ratio, rotated, spread, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const connections = 4;
const paths = [
  '/api/v1/messages',
  '/api/v1/conversations',
  '/api/v1/contacts?sort=last_message',
  '/api/v1/messages/statistics',
];

interface Turn {
  words: string;
  recado: RecadoContestant;
  cpuOfReplica: () => Promise<Map<number, number>>;
  waits: number[];
  /** Milliseconds of processor time a list, of the primary and of the replica. */
  primary: number[];
  replica: number[];
  /** While messages are sent. */
  busyWaits: number[];
  delivered: number[];
  sent: number;
}

export async function replica(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const copy = await environment.startReplica();
    const open = async (words: string, name: string, env: Record<string, string>): Promise<Turn> => {
      const recado = await environment.startRecado({ name, accounts: 20, roles: 'api,worker', env });
      await fillHistory(recado, order.rows, order.tell);
      const cpuOfReplica = () => copy.cpu(name);
      return {
        words,
        recado,
        cpuOfReplica,
        waits: [],
        primary: [],
        replica: [],
        busyWaits: [],
        delivered: [],
        sent: 0,
      };
    };
    const plain = await open('the primary', 'recado_plain', {});
    const read = await open('the replica', 'recado_read', { DATABASE_URL_READ: copy.url('recado_read') });
    await analyze([plain.recado, read.recado]);
    for (let round = 0; round <= order.rounds; round++)
      for (const turn of rotated([plain, read], round)) await play(turn, round, order, environment.stub);
    return {
      title: `replica: lists beside ${written(order.rows)} messages`,
      how: `${connections} connections ask in turn for messages, conversations, contacts and statistics, ${order.seconds} s alone and ${order.seconds} s while 64 connections post messages that are delivered; ${order.rounds} rounds by turns. Primary and replica are on this machine and share its cores, so the rates show what the replica costs, and the processor time what it saves. The time of the primary includes the question how far its log has come.`,
      table: [
        [
          'lists from',
          'p50 ms',
          'p99 ms',
          'CPU ms a list, primary',
          'replica',
          'while sending: p50 ms',
          'p99 ms',
          'delivered/s',
        ],
        ...[plain, read].map(turn => [
          turn.words,
          written(median(turn.waits)),
          written(quantile(turn.waits, 0.99)),
          spread(turn.primary),
          spread(turn.replica),
          written(median(turn.busyWaits)),
          written(quantile(turn.busyWaits, 0.99)),
          spread(turn.delivered),
        ]),
      ],
      notes: [
        `The replica answered **${written(await shareOfReplica(read.recado))} %** of the statements of lists; the primary answered where the replica was more than 100 ms behind.`,
        `Processor time of the primary's PostgreSQL a list, with the replica to without: **${written(ratio(read.primary, plain.primary))}**.`,
      ],
    };
  } finally {
    await environment.close();
  }
}

/** In percent, since the start of the process. */
async function shareOfReplica({ url }: RecadoContestant): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const of = (server: string) =>
    Number(new RegExp(`^recado_list_reads_total\\{server="${server}"\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
  return (100 * of('replica')) / (of('replica') + of('primary'));
}

async function play(turn: Turn, round: number, order: Order, stub: Parameters<typeof deliverFor>[2]): Promise<void> {
  const { recado } = turn;
  const headers = { authorization: `Bearer ${await recado.token()}` };
  const seconds = round === 0 ? 3 : order.seconds;
  const lists = () =>
    drive({
      ...{ url: recado.url, connections, seconds, first: 0, status: 200 },
      request: number => ({ method: 'GET', path: paths[number % paths.length] ?? '', headers }),
    });
  // Without the process of Recado: it does the same work in both.
  const ofPrimary = async () => {
    const all = await recado.cpu();
    all.delete(recado.actor.pid ?? 0);
    return all;
  };
  const [primary, copy] = [await ofPrimary(), await turn.cpuOfReplica()];
  const alone = await lists();
  const [primaryMs, copyMs] = [cpuBetween(primary, await ofPrimary()), cpuBetween(copy, await turn.cpuOfReplica())];
  const [busy, delivered] = await Promise.all([
    lists(),
    deliverFor(recado, '/api/v1/messages', stub, seconds, turn.sent, `replica ${round}`),
  ]);
  turn.sent += delivered.count;
  order.tell(`replica, round ${round}: from ${turn.words} ${written(alone.count / alone.seconds)} lists a second`);
  if (round === 0) return;
  turn.waits.push(...alone.latencies);
  turn.busyWaits.push(...busy.latencies);
  turn.primary.push(primaryMs / alone.count);
  turn.replica.push(copyMs / alone.count);
  turn.delivered.push(delivered.count / delivered.seconds);
}
