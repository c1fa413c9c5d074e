// The figures of the statistics as the stages of a strip.
import type { Figures } from '@recado/client';
import type { Counts } from '../../components/strip.tsx';

/** Each message once: what was sent and failed later is with the failed ones. */
export function countsOfFigures(figures: Figures): Counts {
  const { outbound, waiting, sending, unknown, delivered, read, failed, cancelled, expired } = figures;
  const left = cancelled + expired;
  const sent = Math.max(delivered, outbound - waiting - sending - unknown - failed - left);
  return { waiting, sending, sent, delivered, read, left, unknown, failed };
}
