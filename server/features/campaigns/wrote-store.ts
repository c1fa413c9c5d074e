// Whether a person ever wrote to an account, or called it.
import { type Fragment, sql } from '../../kit/db/sql.ts';

/** A condition about the conversation `v`. What came with the history of a link is a message, and nothing else. */
export const wroteIn: Fragment = sql`(v.last_received_at is not null or v.last_called_at is not null or exists (
  select 1 from message i where i.conversation_id = v.id and i.direction = 'inbound'))`;
