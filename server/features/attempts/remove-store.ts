// Deletes the attempts of messages that are being removed, and the receipts that were kept for them.
import { deleteExpired } from '../../kit/db/chunks.ts';
import { countChanged } from '../../kit/db/count-changed.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';

/**
 * Their attempts, each message's by the stretch of the key. The array comes first: joined to other tables, the planner
 * compared every attempt with every message.
 */
const attemptsOf = (ids: string[]): Fragment => sql`select a.* from unnest(${ids}::uuid[]) u(id)
  cross join lateral (select * from attempt a where a.token > u.id and a.token <= token_of(u.id, 65535) offset 0) a`;

/** Deletes the receipts that were kept for attempts of these messages. Returns how many. */
export async function removeReceipts(tx: Queryable, messages: string[]): Promise<number> {
  return countChanged(
    tx,
    sql`delete from orphan_receipt where ctid = any (array(select r.ctid from (${attemptsOf(messages)}) k
      cross join lateral (select p.ctid from orphan_receipt p
        where p.account_id = k.account_id and p.channel_message_id = k.channel_message_id offset 0) r))`,
  );
}

/** Deletes the attempts of these messages. Returns how many. */
export async function removeAttempts(tx: Queryable, messages: string[]): Promise<number> {
  return countChanged(
    tx,
    sql`delete from attempt where token = any (array(select token from (${attemptsOf(messages)}) k))`,
  );
}

/** Deletes one batch of receipts that never found a message. Returns whether there may be more. */
export const deleteExpiredReceipts = (db: Queryable, now: Date | null): Promise<boolean> =>
  deleteExpired(db, sql`orphan_receipt`, sql`received_at < clock(${now}) - interval '8 days'`);
