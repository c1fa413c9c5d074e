// Which messages of a person are shown as read, by the names that WhatsApp Web has for them.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** WhatsApp Web marks each message by itself; what was read long ago is marked already. */
const mostAtOnce = 200;

/** The messages that somebody read together with this one, and the address of their writer. */
export async function readTogether(
  db: Queryable,
  accountId: string,
  channelMessageId: string,
): Promise<{ to: string; keys: { channelMessageId: string; chat: string }[] }> {
  const rows = await db.query<{ to: string; id: string | null; chat: string | null }>(sql`
    select m.address as to, x.channel_message_id as id, x.chat from message m
    left join lateral (select o.channel_message_id, o.chat from message o
      where o.conversation_id = m.conversation_id and o.direction = 'inbound' and o.seq <= m.seq and o.chat is not null
        and o.type not in ('system', 'reaction') and (o.id = m.id
          -- One statement read them, at times of its own for each.
          or o.read_at between m.read_at - interval '1 second' and m.read_at + interval '1 second')
      order by o.seq desc limit ${mostAtOnce}) x on true
    where m.account_id = ${accountId} and m.received_id = ${channelMessageId} and m.direction = 'inbound'`);
  return {
    to: rows[0]?.to ?? '',
    keys: rows.flatMap(({ id, chat }) => (id !== null && chat !== null ? [{ channelMessageId: id, chat }] : [])),
  };
}
