// What the link of an account of WhatsApp Web changes in the table account.
import type { LinkState } from '@recado/contract';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { lockLane } from '../queue/index.ts';
import { notLinked } from './account.ts';

/** Locks an account: before its session, in each transaction that writes both. */
export async function lockAccount(tx: Queryable, id: string): Promise<void> {
  await tx.query(sql`select 1 from account where id = ${id} for no key update`);
}

/** The status of an account by the state of its link. */
const statuses: Record<LinkState, 'connected' | 'disconnected' | 'needs_attention'> = {
  connected: 'connected',
  // It accepts messages: they wait until it is back.
  reconnecting: 'connected',
  unlinked: 'disconnected',
  linking: 'disconnected',
  logged_out: 'disconnected',
  failed: 'disconnected',
  banned: 'needs_attention',
  outdated: 'needs_attention',
};

/** Why, where the link itself gives no reason. */
const reasons: Partial<Record<LinkState, string>> = {
  unlinked: notLinked,
  linking: 'A phone is being linked.',
  reconnecting: 'The connection to WhatsApp is lost. Recado connects again.',
};

/** Lets the status of an account follow its link. A session that is not open has no process that runs its lanes. */
export async function followLink(tx: Queryable, id: string, state: LinkState, reason: string | null): Promise<void> {
  const status = statuses[state];
  const said = reason ?? reasons[state] ?? null;
  if (status === 'needs_attention') await needAttention(tx, id, said ?? '');
  else {
    if (status === 'connected') await tx.query(sql`select end_account_trouble(${id}, clock_timestamp())`);
    await tx.query(sql`update account set status = ${status}, status_reason = ${said}
      where id = ${id} and deleted_at is null and (status, status_reason) is distinct from (${status}, ${said}::text)`);
  }
  if (state !== 'connected') await setRoute(tx, id, undefined);
}

/** Says that somebody has to act before an account can send. */
export async function needAttention(tx: Queryable, id: string, reason: string): Promise<void> {
  await tx.query(sql`select set_account_trouble(${id}, ${reason}, clock_timestamp())`);
}

/** Disconnects linked accounts for `reason` while WhatsApp Web is off. Once it is on, they wait for their sessions. */
export async function setLinksOff(db: Queryable, isOff: boolean, reason: string): Promise<void> {
  if (isOff)
    await db.query(sql`update account set status = 'disconnected', status_reason = ${reason}, updated_at = clock_timestamp()
      where needs_session and status = 'connected' and deleted_at is null`);
  else
    await db.query(sql`update account set status = 'connected', status_reason = ${reasons.reconnecting ?? null},
        updated_at = clock_timestamp()
      where needs_session and status = 'disconnected' and status_reason = ${reason} and deleted_at is null`);
}

/**
 * Begins no new conversations of an account until then: WhatsApp restricts it. Messages that would begin one wait until
 * the next day of the account at least. Unknown times count as a day.
 */
export async function pauseNewConversations(db: Queryable, id: string, until: Date | undefined): Promise<void> {
  await db.query(sql`update account
    set new_paused_until = greatest(new_paused_until, coalesce(${until ?? null}::timestamptz, clock_timestamp() + interval '1 day'))
    where id = ${id}`);
}

/** WhatsApp's quota of chats that an account begins with people who never wrote to it. */
export interface NewChats {
  left: number;
  /** When it ends, in milliseconds since 1970; undefined if WhatsApp does not say. */
  until: number | undefined;
}

/** Keeps the quota of new chats as WhatsApp told it, less what already waits for people who never wrote; null: none. */
export async function keepNewChats(db: Database, id: string, quota: NewChats | null): Promise<void> {
  const until = quota?.until === undefined ? null : new Date(quota.until);
  await db.transaction(async tx => {
    // Who feeds a campaign holds the lane, and takes from the quota.
    await lockLane(tx, id);
    await tx.query(sql`update account a set new_chats_left = x.n, new_chats_until = ${until}::timestamptz,
        updated_at = case when (a.new_chats_left, a.new_chats_until) is distinct from (x.n, ${until}::timestamptz)
          then clock_timestamp() else a.updated_at end
      from (select case when ${quota !== null}::boolean then greatest(0, ${quota?.left ?? 0}::int - (
          select count(distinct o.conversation_id)::int from open_message o join conversation v on v.id = o.conversation_id
          where o.account_id = ${id} and o.state <> 'scheduled' and v.last_received_at is null
            and v.last_called_at is null)) end as n) x
      where a.id = ${id}`);
  });
}

/** Takes chats that are begun from the quota of an account, if it has one. The caller has locked the lane. */
export async function takeNewChats(tx: Queryable, id: string, count: number): Promise<void> {
  await tx.query(sql`update account set new_chats_left = greatest(0, new_chats_left - ${count}::int)
    where id = ${id} and new_chats_left is not null`);
}

/** Lets the lanes of an account run in the process that has its session; undefined while none has. */
export async function setRoute(tx: Queryable, id: string, worker: string | undefined): Promise<void> {
  await tx.query(sql`update account set route = concat_ws(':', channel, ${worker ?? null}::text)
    where id = ${id} and needs_session and route <> concat_ws(':', channel, ${worker ?? null}::text)`);
}

/** Keeps the number of the linked phone; null forgets it. The quota of another phone is unknown. */
export async function setPhone(tx: Queryable, id: string, phone: string | null): Promise<void> {
  await tx.query(sql`update account set phone = ${phone}, new_chats_left = null, new_chats_until = null
    where id = ${id} and phone is distinct from ${phone}`);
}

/** Keeps whether somebody chose to have no warm-up. */
export async function chooseWarmUp(tx: Queryable, id: string, isNone: boolean): Promise<void> {
  await tx.query(sql`update account set no_warm_up = ${isNone} where id = ${id} and no_warm_up <> ${isNone}`);
}

/** Begins a warm-up today, unless one is set that has not ended, or somebody chose to have none. */
export async function beginWarmUp(
  tx: Queryable,
  id: string,
  { firstDay, days }: { firstDay: number; days: number },
): Promise<void> {
  await tx.query(sql`update account set warm_up_start = (clock_timestamp() at time zone time_zone)::date,
      warm_up_first = ${firstDay}, warm_up_days = ${days}, updated_at = clock_timestamp()
    where id = ${id} and not no_warm_up and (warm_up_start is null
      or warm_up_start + warm_up_days < (clock_timestamp() at time zone time_zone)::date)`);
}
