// What can be done with many messages, in requests of bounded size.
import { recado } from '../kit/client.ts';
import { listFilterOf, type QueueFilter, type View } from './queue-filter.ts';

export type BulkAction = 'retry' | 'cancel' | 'resolve';
export const resolutions = ['sent', 'failed', 'retry'] as const;
export type Resolution = (typeof resolutions)[number];

/** What an action is about: some messages, or all that fit a filter. */
export interface Target {
  action: BulkAction;
  ids: readonly string[];
  all?: { filter: QueueFilter; total: number | null };
}

export interface Outcome {
  done: number;
  left: number;
  skipped: { code: string; count: number }[];
}

/** The action of a list, if the person may do it. */
export function actionOf(view: View, may: { mayUpdate: boolean; mayCreate: boolean }): BulkAction | undefined {
  if (view === 'failed') return may.mayCreate ? 'retry' : undefined;
  if (view === 'waiting' || view === 'scheduled') return may.mayUpdate ? 'cancel' : undefined;
  return view === 'unknown' && may.mayUpdate ? 'resolve' : undefined;
}

/** As many as one request may name. */
const idsAtOnce = 1_000;

export interface RunOptions {
  reason: string;
  /** Only where the action is to resolve. */
  resolution: Resolution | undefined;
  /** Called with how many are done so far. */
  onProgress: (done: number) => void;
  signal: AbortSignal;
}

/** Does it, request after request, until nothing is left that can be done. Each request is whole in itself. */
export async function runBulk({ action, ids, all }: Target, given: RunOptions): Promise<Outcome> {
  const why = given.reason === '' ? {} : { reason: given.reason };
  const targets = all
    ? [bodyOf(action, all.filter)]
    : Array.from({ length: Math.ceil(ids.length / idsAtOnce) }, (_, n) => ({
        ids: ids.slice(n * idsAtOnce, (n + 1) * idsAtOnce),
      }));
  const sum: Outcome = { done: 0, left: 0, skipped: [] };
  for (const body of targets) {
    const before = sum.skipped;
    for (;;) {
      const answer = await send(action, { ...body, ...why }, given);
      sum.done += answer.count;
      sum.skipped = add(before, answer.skipped);
      given.onProgress(sum.done);
      if (answer.left === 0 || answer.count === 0 || given.signal.aborted) {
        sum.left += answer.left;
        break;
      }
    }
  }
  return sum;
}

function bodyOf(action: BulkAction, filter: QueueFilter) {
  const { waiting_reason, ...rest } = listFilterOf(filter);
  // Without a filter an action is rejected: one that every message fits.
  const some = Object.keys(rest).length > 0 ? rest : { from: '2020-01-01T00:00:00.000Z' };
  return action === 'cancel' ? { ...rest, status: filter.view === 'scheduled' ? 'scheduled' : 'queued' } : some;
}

type Body = Record<string, unknown>;

async function send(action: BulkAction, body: Body, { resolution }: RunOptions) {
  if (action === 'retry') return recado.messages.retryAll(body);
  if (action === 'resolve') {
    if (!resolution) throw new Error('Nobody has decided what became of the messages.');
    return recado.messages.resolveAll({ ...body, resolution });
  }
  const { count } = await recado.messages.cancelAll(body);
  return { count, left: 0, skipped: [] };
}

function add(one: Outcome['skipped'], other: Outcome['skipped']): Outcome['skipped'] {
  const sums = new Map(one.map(({ code, count }) => [code, count]));
  for (const { code, count } of other) sums.set(code, (sums.get(code) ?? 0) + count);
  return [...sums].map(([code, count]) => ({ code, count }));
}
