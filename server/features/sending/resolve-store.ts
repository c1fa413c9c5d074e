// What operators decide of messages whose outcome is unknown.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { lockLaneOf } from './queue-store.ts';

export type Resolution = 'sent' | 'failed' | 'retry';

export type ResolveOutcome = 'resolved' | 'not_unknown' | 'account_deleted' | 'contact_deleted' | 'opted_out';

/**
 * What an operator knows of a message whose outcome is unknown, or that has failed for that. `by`: an API id, for the
 * timeline.
 */
export async function resolveUnknown(
  tx: Queryable,
  workspaceId: string,
  id: string,
  resolution: Resolution,
  by: string,
  now: Date | null,
): Promise<ResolveOutcome> {
  const lane = await lockLaneOf(tx, workspaceId, id, now);
  if (!lane) return 'not_unknown';
  const [message] = await tx.query<{ gone: boolean; unwanted: boolean; barred: boolean }>(sql`
    select a.deleted_at is not null as gone, c.deleted_at is not null as unwanted,
      is_opted_out(m.contact_id, m.category) as barred
    from message m join account a on a.id = m.account_id join contact c on c.id = m.contact_id
    where m.id = ${id} and m.workspace_id = ${workspaceId}
      and (m.status = 'unknown' or (m.status = 'failed' and m.error_code = 'unknown_outcome')) for update of m`);
  if (!message) return 'not_unknown';
  if (resolution === 'retry' && message.gone) return 'account_deleted';
  if (resolution === 'retry' && message.unwanted) return 'contact_deleted';
  if (resolution === 'retry' && message.barred) return 'opted_out';
  await tx.query(sql`
    with decided as (
      update message set event_count = event_count + 1 where id = ${id} returning id, workspace_id, account_id, event_count)
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.resolved', account_id, id, event_count,
      jsonb_build_object('resolution', ${resolution}::text, 'by', ${by}::text), ${lane.now} from decided`);
  if (resolution === 'retry') await tx.query(sql`select requeue_messages(${lane.now}, array[${id}]::uuid[], null)`);
  else if (resolution === 'failed')
    await tx.query(sql`select fail_unknown(${lane.now}, array[${id}]::uuid[], 'Decided by an operator.', '{}')`);
  else await tx.query(sql`select decide_sent(${lane.now}, ${id})`);
  return 'resolved';
}
