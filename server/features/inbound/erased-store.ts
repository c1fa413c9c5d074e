// The table erased_inbound: which received messages were removed.
import { sql } from '../../kit/db/sql.ts';

/** An inbound message without what it says: enough to know it again. Of the columns of the table message. */
export const inboundHash = sql`sha256(convert_to(concat_ws(' ', account_id, channel_message_id, address), 'UTF8'))`;

/** Of unnested places with account_id, channel_message_id and address: whether it was removed not long ago. */
export const wasRemoved = sql`exists (select 1 from erased_inbound e where e.hash = ${inboundHash})`;
