// The table erased_inbound: which received messages were removed.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** An inbound message without what it says: enough to know it again. Of the columns of the table message. */
const inboundHash = sql`sha256(convert_to(concat_ws(' ', account_id, channel_message_id, address), 'UTF8'))`;

/** Of unnested places with account_id, channel_message_id and address: whether it was removed not long ago. */
export const wasRemoved = sql`exists (select 1 from erased_inbound e where e.hash = ${inboundHash})`;

/**
 * Remembers messages that are being removed. A channel repeats a message for a week if it believes that we missed it;
 * a dead letter can be retried for 90 days.
 */
export async function rememberRemoved(tx: Queryable, ids: string[], now: Date | null): Promise<void> {
  await tx.query(sql`
    insert into erased_inbound (workspace_id, hash, erased_at)
    select workspace_id, ${inboundHash}, clock(${now}) from message
    where id = any (${ids}::uuid[]) and (direction = 'inbound' or source is not null) and created_at > clock(${now}) - interval '100 days'
    on conflict do nothing`);
}
