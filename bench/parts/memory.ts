// Memory of the main process: at rest, and whether it grows under load.
import { pause, until } from '../../tests/faults/processes.ts';
import { openEnvironment, type RecadoContestant, sending } from '../environment.ts';
import { openConnection } from '../load.ts';
import { residentOf } from '../resident.ts';
import { aim, median, slope, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const restSeconds = 30;
const connections = 8;
const everyMs = 40;

export async function memory(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_alone', accounts: 20 });
    await pause(restSeconds * 1_000);
    const rest = Array.from({ length: 5 }, () => residentOf(recado.actor.pid));
    const points: { x: number; y: number }[] = [];
    const heap: { x: number; y: number }[] = [];
    const began = performance.now();
    const minutes = () => (performance.now() - began) / 60_000;
    let token = await recado.token();
    let number = 0;
    await environment.stub.postReceipts(`${recado.url}/webhooks/whatsapp/sandbox`);
    const load = Array.from({ length: connections }, async () => {
      const connection = await openConnection(recado.url);
      while (minutes() < order.minutes) {
        const { status } = await connection.ask(sending(recado, '/api/v1/messages', token, 'memory')(number++));
        if (status !== 202) throw new Error(`a message was answered with ${status}`);
        await pause(everyMs);
      }
      connection.close();
    });
    const watch = async () => {
      while (minutes() < order.minutes) {
        await pause(1_000);
        points.push({ x: minutes(), y: residentOf(recado.actor.pid) });
        heap.push({ x: minutes(), y: await heapOf(recado.url) });
        // A token is valid for 15 minutes.
        if (points.length % 300 === 0) {
          token = await recado.token();
          order.tell(`memory: ${written(minutes())} min, ${written(points.at(-1)?.y ?? 0)} MB`);
        }
      }
    };
    await Promise.all([...load, watch()]);
    await until('every message is read', 60, async () => (await unread(recado)) === 0);
    const { duplicated, refused } = await environment.stub.count();
    if (duplicated + refused > 0)
      throw new Error(`${duplicated} messages were called twice, ${refused} receipts refused`);
    // The first half fills the compiler's heap and the pools.
    const later = points.slice(points.length >> 1);
    const growth = slope(later);
    const troughs = leastOfEach(heap, 1);
    return {
      title: 'memory: of the main process',
      how: `Resident memory of the server process (api and worker; without PostgreSQL), ${restSeconds} s after the start, then each second over ${order.minutes} minutes of load: ${connections} connections, each posting ${everyMs} ms after its answer; a signed webhook tells of each message that it was sent, delivered and read.`,
      table: [
        ['', 'MB'],
        ['at rest', written(median(rest))],
        ['median under load, first half', written(median(points.slice(0, points.length >> 1).map(({ y }) => y)))],
        ['median under load, second half', written(median(later.map(({ y }) => y)))],
        ['most under load', written(Math.max(...points.map(({ y }) => y)))],
        [
          'of it V8 heap, the least of each minute: median of the first half',
          medianOf(troughs.slice(0, troughs.length >> 1)),
        ],
        ['the same of the second half', medianOf(troughs.slice(troughs.length >> 1))],
      ],
      notes: [
        aim('at rest', median(rest), 150, 'at most', ' MB'),
        aim('growth in the second half', growth, 1, 'at most', ' MB a minute'),
        'V8 gives memory back when it likes; what is kept shows in the least that its heap has, after a collection.',
        `${written(number / minutes() / 60)} messages/s were accepted, called and read, each by its receipts.`,
      ],
    };
  } finally {
    await environment.close();
  }
}

const medianOf = (points: { y: number }[]) => written(median(points.map(({ y }) => y)));

/** The lowest point in each interval of this many minutes. */
function leastOfEach(points: { x: number; y: number }[], minutes: number): { x: number; y: number }[] {
  const least = new Map<number, { x: number; y: number }>();
  for (const point of points) {
    const stretch = Math.floor(point.x / minutes);
    if (point.y < (least.get(stretch)?.y ?? Number.POSITIVE_INFINITY)) least.set(stretch, point);
  }
  return [...least.values()];
}

/** Megabytes of a process in V8's heap, from its metrics. */
async function heapOf(url: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`);
  const bytes = /^nodejs_heap_size_used_bytes (\S+)$/m.exec(await answer.text())?.[1];
  if (bytes === undefined) throw new Error(`the metrics do not tell of the heap (${answer.status})`);
  return Number(bytes) / 1_048_576;
}

/** How many messages have no read receipt. */
async function unread(recado: RecadoContestant): Promise<number> {
  const [row] = await recado.sql<{ n: number }>(`select count(*)::int as n from message where status <> 'read'`);
  return row?.n ?? Number.NaN;
}
