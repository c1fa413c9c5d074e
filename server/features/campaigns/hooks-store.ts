// People who are deleted or erased get nothing of a campaign any more, and leave nothing in it.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { HookHandlers } from '../hooks.ts';

async function leaveOut(tx: Queryable, { contactIds }: { contactIds: string[] }): Promise<void> {
  await tx.query(sql`update campaign_recipient set
      state = case when state = 'pending' then 'left_out' else state end,
      reason = case when state = 'pending' then 'erased' else reason end, kept = null
    where contact_id = any (${contactIds}::uuid[])`);
}

export const campaignHooks: HookHandlers = { 'contact.deleted': leaveOut, 'contact.erased': leaveOut };
