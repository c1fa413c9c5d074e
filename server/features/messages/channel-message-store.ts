// Looks up messages by the channel's id, for a channel that quotes them itself.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Whether a message of an account is ours, and its words; undefined for one that is not there. */
export async function findByChannelId(
  db: Queryable,
  accountId: string,
  channelMessageId: string,
): Promise<{ isOurs: boolean; text: string | undefined } | undefined> {
  const [row] = await db.query<{ is_ours: boolean; text: string | null }>(sql`
    select m.direction = 'outbound' as is_ours, coalesce(m.content ->> 'body', m.content ->> 'caption') as text
    from ((select o.id from message o where o.account_id = ${accountId} and o.received_id = ${channelMessageId}
        and o.direction = 'inbound' limit 1)
      union all (select a.message_id from attempt a where a.account_id = ${accountId}
        and a.channel_message_id = ${channelMessageId} limit 1)) x
    join message m on m.id = x.id limit 1`);
  return row && { isOurs: row.is_ours, text: row.text ?? undefined };
}
