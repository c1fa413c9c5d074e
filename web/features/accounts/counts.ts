import type { AccountQueue, Statistics } from '@recado/client';
import { type Counts, countsOf } from '../../components/strip.tsx';
import { queuedOf } from './reason.ts';

/** Today's counts of an account; what waits and what is unknown is what is there now, also of days before. */
export function countsOfDay(day: Statistics, queue: AccountQueue): Counts {
  const counts = countsOf(day.by_status);
  return { ...counts, waiting: queuedOf(queue), sending: queue.sending, unknown: queue.unknown };
}
