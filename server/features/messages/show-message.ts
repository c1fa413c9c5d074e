// Showing a message with its timeline.
import type { MessageDetails } from '@recado/contract';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import type { Caller } from '../../kit/http/routes.ts';
import type { Clock } from '../../kit/time.ts';
import { chargeOf } from '../cost/index.ts';
import type { Accepting } from './accept-message.ts';
import { problem } from './errors.ts';
import * as store from './list-store.ts';
import { presentDetails } from './message.ts';
import { waitingOf } from './waiting-store.ts';

export interface MessageNeeds {
  db: ScopedDatabase;
  clock: Clock;
  accepting: Accepting;
  wake: (kind: string, key: string) => void;
  /** Whether the lanes hold back for want of room on the disk. */
  storageFull: () => boolean;
}

/** Makes the function that shows a message with its timeline, or refuses where it is not of the workspace. */
export function showMessage({ db, clock, storageFull }: MessageNeeds) {
  return async (caller: Caller, id: string): Promise<MessageDetails> => {
    const mine = db.within(caller);
    const row = await store.findMessage(mine, caller.workspaceId, id);
    if (!row) throw problem('message_not_found');
    const [timeline, waiting, charge] = await Promise.all([
      store.timelineOf(mine, id),
      waitingOf(mine, id, storageFull(), clock.sqlNow()),
      caller.permissions.has('cost.read') ? chargeOf(mine, id) : null,
    ]);
    return presentDetails(row, { ...timeline, waiting, charge });
  };
}
