// Measures how soon everything works again after a fault.
import pg from 'pg';
import type { Actors } from './actors.ts';
import type { Witness } from './load.ts';
import { until } from './processes.ts';

/** In milliseconds, one value per fault. */
export interface RecoveryTimes {
  /**
   * From the return of the fault's target until the next message is accepted, and until one is delivered whose call
   * began after it.
   */
  accepted: number[];
  delivered: number[];
  /** Until all messages accepted before that moment have left, unless they wait for another of their conversation. */
  left: number[];
  /**
   * From the fault until a message is accepted and one delivered: separately for targets that the run or Recado
   * restores.
   */
  whole: number[];
  byItself: number[];
}

export const noTimes = (): RecoveryTimes => ({ accepted: [], delivered: [], left: [], whole: [], byItself: [] });

export const addTimes = (one: RecoveryTimes, other: RecoveryTimes): RecoveryTimes => ({
  accepted: [...one.accepted, ...other.accepted],
  delivered: [...one.delivered, ...other.delivered],
  left: [...one.left, ...other.left],
  whole: [...one.whole, ...other.whole],
  byItself: [...one.byItself, ...other.byItself],
});

const patienceSeconds = 60;

/** Called when the target is back; adds one value to each of the times. */
export async function timeRecovery(
  actors: Actors,
  witness: Witness,
  { began, byItself }: { began: number; byItself: boolean },
  times: RecoveryTimes,
): Promise<void> {
  const back = performance.now();
  const client = new pg.Client(actors.connection());
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query(
      `select (select coalesce(max(id), 0) from recado.logged_event)::bigint as event, (select coalesce(max(seq), 0) from recado.message)::bigint as message,
        clock_timestamp()::text as back`,
    );
    const has = async (query: string, ...values: unknown[]) => ((await client.query(query, values)).rowCount ?? 0) > 0;
    const since = async (what: string, look: () => Promise<boolean>) => {
      await until(what, patienceSeconds, look, 10);
      return performance.now() - back;
    };
    const [accepted, delivered, left] = await Promise.all([
      since('a message is accepted', async () => (witness.accepted.at(-1)?.at ?? 0) > back),
      since('a message is delivered', () => has(deliveredQuery, rows[0].event, rows[0].back)),
      since('what was accepted before has left', async () => !(await has(queuedQuery, rows[0].message))),
    ]);
    times.accepted.push(accepted);
    times.delivered.push(delivered);
    times.left.push(left);
    times[byItself ? 'byItself' : 'whole'].push(back - began + Math.max(accepted, delivered));
  } finally {
    await client.end();
  }
}

/** Not the receipt of an earlier call. */
const deliveredQuery = `select 1 from recado.logged_event e where e.row_id > $1 - 1024 and e.id > $1 and e.type = 'message.delivered'
  and exists (select 1 from recado.attempt a where a.message_id = e.message_id and a.started_at > $2)`;

/** Without messages that wait for another of their conversation, which may be in a call without a response. */
const queuedQuery = `select 1 from recado.message m where direction = 'outbound' and status = 'queued' and seq <= $1
  and not exists (select 1 from recado.message o where o.conversation_id = m.conversation_id
    and o.status in ('sending', 'unknown'))`;

/** A line for each of the times. */
export function timesInWords(times: RecoveryTimes): string[] {
  const words = (name: string, stats: number[]) =>
    stats.length > 0 ? [`${name}: median ${inSeconds(median(stats))}, max ${inSeconds(Math.max(...stats))}`] : [];
  return [
    ...words('from back to first accepted', times.accepted),
    ...words('from back to first delivered', times.delivered),
    ...words('from back until what had been accepted has left', times.left),
    ...words('from the fault to accepted and delivered, put right by the run', times.whole),
    ...words('from the fault to accepted and delivered, put right by Recado itself', times.byItself),
  ];
}

const inSeconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;

function median(stats: number[]): number {
  const sorted = stats.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const promisedMs = 5_000;

/** Recoveries that took longer than promised, as text. */
export function tooLate(times: RecoveryTimes): string[] {
  const late = (stats: number[], since: string) =>
    stats
      .filter(ms => ms > promisedMs)
      .map(ms => `it went on ${inSeconds(ms)} after ${since}; ${inSeconds(promisedMs)} are promised`);
  return [
    ...late([...times.accepted, ...times.delivered, ...times.left], 'what was hit was back'),
    ...late(times.byItself, 'the fault'),
  ];
}
