// Posts messages for some seconds and waits until the channel has been called once for each.
import { until } from '../tests/faults/processes.ts';
import { type Contestant, monotonic, type Stub, sending } from './environment.ts';
import { drive } from './load.ts';

const connections = 64;
/** The deadline of all deliveries. */
const patienceSeconds = 180;

export interface Delivered {
  count: number;
  postedSeconds: number;
  /** From the first request to the last channel call. */
  seconds: number;
}

/**
 * Posts for `seconds` with 64 connections; `first` is the number of the first message.
 * @throws if a message was called twice
 */
export async function deliverFor(
  whom: Contestant,
  path: string,
  stub: Stub,
  seconds: number,
  first: number,
  round: string,
): Promise<Delivered> {
  const request = sending(whom, path, await whom.token(), round);
  // Calls after the last count of the previous turn.
  rejectDuplicates(await stub.count());
  await stub.reset();
  const began = monotonic();
  const { count, seconds: postedSeconds } = await drive({
    url: whom.url,
    connections,
    seconds,
    request,
    first,
    status: 202,
  });
  const end = await until('every message is delivered', patienceSeconds, async () => {
    const seen = await stub.count();
    return (seen.count >= count || seen.duplicated > 0) && seen;
  });
  rejectDuplicates(end);
  return { count, postedSeconds, seconds: (end.last - began) / 1_000 };
}

/** @throws if the channel was called twice for a message */
export function rejectDuplicates({ duplicated }: { duplicated: number }): void {
  if (duplicated > 0) throw new Error(`${duplicated} messages were called twice`);
}
