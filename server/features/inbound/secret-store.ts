// The secrets of messages: what is sealed later about one of them, such as an edit, is opened with it.
import { deleteExpired } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { ReceivedMessage } from './received-message.ts';

/** Keeps the secrets of messages that were just stored. */
export async function keepSecrets(
  tx: Queryable,
  messages: readonly ReceivedMessage[],
  stored: readonly { message_id: string; n: number }[],
  now: Date | null,
): Promise<void> {
  const kept = stored.flatMap(({ message_id: id, n }) => {
    const secret = messages[n]?.secret;
    return secret === undefined ? [] : [{ id, secret }];
  });
  if (kept.length === 0) return;
  await tx.query(sql`insert into message_secret (message_id, secret, at)
    select u.id, decode(u.secret, 'base64'), clock(${now})
    from unnest(${kept.map(({ id }) => id)}::uuid[], ${kept.map(({ secret }) => secret)}::text[]) u(id, secret)
    on conflict do nothing`);
}

/** The secret of the message that a change is about. Undefined if the message or its secret is not there. */
export async function secretOf(
  tx: Queryable,
  { accountId, channelMessageId, changedBy }: ReceivedMessage,
): Promise<Buffer | undefined> {
  const by = changedBy ? [...changedBy] : null;
  const [row] = await tx.query<{ secret: Buffer }>(sql`select secret from message_secret
    where message_id = (select changed_message(${accountId}, ${channelMessageId}, ${by}))`);
  return row?.secret;
}

/** Deletes a batch of secrets after a month: WhatsApp keeps what we miss for weeks. Returns whether there may be more. */
export const deleteExpiredSecrets = (db: Queryable, now: Date | null): Promise<boolean> =>
  deleteExpired(db, sql`message_secret`, sql`at < clock(${now}) - interval '30 days'`);
