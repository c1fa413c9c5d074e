// Cancels messages that wait for people who opted out.
import type { Queryable } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import type { RunHook } from '../hooks.ts';
import { cancelWaiting } from '../queue/index.ts';

export interface CancelNeeds {
  clock: Pick<Clock, 'sqlNow'>;
  runHook: RunHook;
}

/** Cancels the messages that wait for people who just opted out: marketing templates only, or all. */
export async function cancelOptedOut(
  tx: Queryable,
  { clock, runHook }: CancelNeeds,
  workspaceId: string,
  contactIds: string[],
  category: 'marketing' | 'all',
): Promise<void> {
  for (const contactId of contactIds) {
    const filter = { contactId, category: category === 'marketing' ? category : undefined };
    await cancelWaiting(tx, workspaceId, filter, { reason: 'opted_out' }, clock.sqlNow());
  }
  await runHook('person.opted_out', tx, { workspaceId, contactIds, category });
}
