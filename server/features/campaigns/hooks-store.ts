// What happens elsewhere to people and messages of campaigns: deleted people get nothing more, and what is sent again runs.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { HookHandlers, Hooks } from '../hooks.ts';

async function leaveOut(tx: Queryable, { contactIds }: { contactIds: string[] }): Promise<void> {
  await tx.query(sql`update campaign_recipient set
      state = case when state = 'pending' then 'left_out' else state end,
      reason = case when state = 'pending' then 'erased' else reason end, kept = null
    where contact_id = any (${contactIds}::uuid[])`);
}

/** A campaign that was done runs again while its messages are in a queue. */
async function runAgain(tx: Queryable, { workspaceId, accountId, now }: Hooks['messages.requeued']): Promise<void> {
  await tx.query(sql`update campaign k set state = 'running', state_at = clock(${now}), step_at = clock(${now}),
      ended_at = null
    where k.workspace_id = ${workspaceId} and k.state = 'done' and exists (select 1 from open_message o
      where o.campaign_id = k.id and o.account_id = ${accountId} and o.state <> 'unknown')`);
}

export const campaignHooks: HookHandlers = {
  'contact.deleted': leaveOut,
  'contact.erased': leaveOut,
  'messages.requeued': runAgain,
};
