// Retention: what is older than its workspace keeps it goes, in pieces.
import { audit } from '../../kit/audit.ts';
import type { Database } from '../../kit/db.ts';
import { forgetRaw } from './raw-store.ts';
import { keepingWorkspaces, removeOld } from './remove-store.ts';

const atOnce = 500;
/** So many pieces in one sweep, so that it does not keep others waiting for long. */
const pieces = 4;

/**
 * Removes some of what is older than its workspace keeps it: messages with all that belongs to them, and raw webhooks.
 * Gives whether there may be more. What was removed is told in the audit log, in the same transaction.
 */
export async function forgetMessages(db: Database, now: Date | null): Promise<boolean> {
  let left = pieces;
  for (const { id, days } of await keepingWorkspaces(db)) {
    let removed = atOnce;
    for (; removed === atOnce && left > 0; left--)
      removed = await db.transaction(async tx => {
        const messages = await removeOld(tx, id, days, atOnce, now);
        const actor = {
          kind: 'system',
          workspaceId: id,
          id: undefined,
          address: undefined,
          requestId: undefined,
        } as const;
        if (messages > 0) await audit(tx, actor, { action: 'messages.forgotten', detail: { messages, days } });
        return messages;
      });
    if (left === 0) return true;
  }
  return forgetRaw(db, 5_000, now);
}
