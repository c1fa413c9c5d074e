// The message that another one quotes or reacts to.
import type { SendMessageBody } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { AppError } from '../../kit/errors.ts';
import { type Caller, invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';

/**
 * As it is stored: `id` is the channel's id of the message, as in what people write. `options` are what the channel is
 * told beside the content.
 */
export type Target = { id?: string; message_id?: string; options?: Record<string, unknown> };

const notYet = 'WhatsApp does not know the message yet. Send this one once its status is sent.';

/** The target of a message and its options, or why it cannot have them; undefined where it has neither. */
export async function targetOf(
  db: Queryable,
  caller: Caller,
  accountId: string,
  to: string,
  body: SendMessageBody,
): Promise<{ context?: Target; trouble?: AppError } | undefined> {
  const isReaction = body.type === 'reaction';
  const quoted = 'context' in body ? body.context?.message_id : undefined;
  const id = isReaction ? body.reaction.message_id : quoted;
  const { options } = body;
  if (id === undefined) return options && { context: { options } };
  const trouble = (message: string) => ({
    trouble: invalid(isReaction ? 'reaction.message_id' : 'context.message_id', message),
  });
  const found = await findTarget(db, caller.workspaceId, toUuid(id), to);
  if (found?.account_id !== accountId) return trouble('Message not found in this account.');
  if (!found.is_theirs) return trouble('Must be a message of the conversation with the recipient.');
  if (isReaction && found.type === 'reaction') return trouble('Must not be a reaction itself.');
  if (found.channel_message_id === null) return trouble(notYet);
  return { context: { id: found.channel_message_id, message_id: id, ...(options && { options }) } };
}

interface FoundTarget {
  account_id: string;
  type: string;
  channel_message_id: string | null;
  /** Whether its conversation is with the recipient. */
  is_theirs: boolean;
}

async function findTarget(
  db: Queryable,
  workspaceId: string,
  id: string,
  to: string,
): Promise<FoundTarget | undefined> {
  const [row] = await db.query<FoundTarget>(sql`select m.account_id, m.type, m.channel_message_id,
      m.address = ${to} or exists (select 1 from contact_address x
        where x.workspace_id = m.workspace_id and x.contact_id = m.contact_id and x.value = ${to}) as is_theirs
    from message m where m.workspace_id = ${workspaceId} and m.id = ${id}`);
  return row;
}
