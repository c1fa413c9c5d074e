// The event log of a scenario: a transaction that began earlier hides the newest events until it ends.
import { until } from '../faults/processes.ts';
import type { Scenario } from './scenario.ts';

/** Waits until no transaction hides an event that is committed by now. */
export const logIsOpen = ({ sql }: Pick<Scenario, 'sql'>) =>
  until(
    'no transaction hides an event',
    20,
    async () => {
      const hidden = await sql('select 1 from event where xid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1');
      return hidden.length === 0;
    },
    5,
  );
