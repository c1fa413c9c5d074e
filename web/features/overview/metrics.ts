// The figures at the head of the chart: their values, and how they compare with the period before.
import type { Figures } from '@recado/client';
import type { Metric } from './search.ts';

/** Shares are compared in points, counts in percent. */
export const isShare = (metric: Metric): boolean => metric === 'delivered' || metric === 'read' || metric === 'failed';

/** Null where there is nothing to have a share of. */
export function figureOf(metric: Metric, figures: Figures): number | null {
  if (metric === 'sent') return figures.sent;
  if (metric === 'received') return figures.inbound;
  return { delivered: figures.delivery, read: figures.reading, failed: figures.failure }[metric].rate;
}

export interface Change {
  /** Of a count a share of the one before, of a share the difference. */
  by: number;
  tone: 'good' | 'bad' | 'none';
}

/** Smaller differences would be shown as nothing. */
const least = 0.000_5;

/** The change from the period before; undefined where one of both is not known, or there was nothing. */
export function changeOf(metric: Metric, now: number | null, before: number | null | undefined): Change | undefined {
  if (now === null || before === null || before === undefined || (!isShare(metric) && before === 0)) return undefined;
  const by = isShare(metric) ? now - before : (now - before) / before;
  if (Math.abs(by) < least) return { by: 0, tone: 'none' };
  return { by, tone: by > 0 === (metric !== 'failed') ? 'good' : 'bad' };
}
