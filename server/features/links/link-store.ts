// What requests do to the table web_session. The credentials in it are not visible to them.
import { channelsWith, type StartLink } from '@recado/contract';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { type LinkRow, lockAccount } from '../accounts/index.ts';
import { type LinkChange, linkChanged } from './event-store.ts';

/** Gives an account its link, without a phone. */
export async function prepareLink(tx: Queryable, workspaceId: string, accountId: string): Promise<void> {
  await tx.query(sql`insert into web_session (account_id, workspace_id) values (${accountId}, ${workspaceId})`);
}

/** The link of an account that is not deleted; undefined without one. */
export async function findLink(db: Queryable, accountId: string): Promise<LinkRow | undefined> {
  const [row] = await db.query<{
    link: LinkRow;
  }>(sql`select jsonb_build_object('state', w.state, 'reason', w.reason, 'cause', w.cause,
      'since', w.since, 'phone', w.phone, 'linked_at', w.linked_at, 'consented_at', w.consented_at, 'code', w.code,
      'open_at', w.open_at) as link
    from web_session w join account a on a.id = w.account_id where a.id = ${accountId} and a.deleted_at is null`);
  return row?.link;
}

/** The state of a link and whether somebody accepted the risks, locked until the end of the transaction. */
export async function lockLink(
  tx: Queryable,
  accountId: string,
): Promise<Pick<LinkRow, 'state' | 'consented_at'> | undefined> {
  await lockAccount(tx, accountId);
  const [row] = await tx.query<Pick<LinkRow, 'state' | 'consented_at'>>(sql`
    select state, consented_at from web_session where account_id = ${accountId} for update`);
  return row;
}

/** Keeps who accepted the risks, and when. */
export async function keepConsent(tx: Queryable, accountId: string, by: { kind: string; id: string }): Promise<void> {
  await tx.query(sql`update web_session set consented_at = clock_timestamp(), consented_by_kind = ${by.kind},
    consented_by = ${by.id} where account_id = ${accountId}`);
}

/** Each start may put a notice on the phone of a stranger. */
const starts = { most: 5, within: '10 minutes' };

/**
 * Counts a start of a link that is locked. Returns the seconds until the next one may begin; undefined where this one may.
 */
export async function countStart(tx: Queryable, accountId: string): Promise<number | undefined> {
  const [row] = await tx.query<{ wait: number | null }>(sql`
    with recent as (select array(select s from unnest(w.link_starts) s
        where s > clock_timestamp() - ${starts.within}::interval order by s) as at from web_session w where account_id = ${accountId}),
    counted as (update web_session w set link_starts = r.at || clock_timestamp() from recent r
      where w.account_id = ${accountId} and cardinality(r.at) < ${starts.most} returning 1)
    select case when not exists (select 1 from counted)
        then ceil(extract(epoch from r.at[1] + ${starts.within}::interval - clock_timestamp()))::int end as wait from recent r`);
  return row?.wait == null ? undefined : Math.max(1, row.wait);
}

/** Lets a gateway link the account from the beginning. A session of before is ended. */
export async function wantLink(tx: Queryable, accountId: string, { method, phone }: StartLink): Promise<void> {
  await linkChanged(tx, accountId, { state: 'linking', reason: null, code: null });
  await deleteKeys(tx, accountId);
  await tx.query(sql`update web_session set wants = 'link', link_method = ${method}, link_phone = ${phone ?? null},
      code = null, credentials = null, phone = null, lid = null, name = null, linked_at = null, failures = 0, replaced = 0, open_at = null,
      refused_version = null, rhythm = null, fence = fence + 1, holder = null, lease_until = '-infinity'
    where account_id = ${accountId}`);
}

const mayBeKept: LinkChange = {
  state: 'unlinked',
  reason:
    'WhatsApp has not confirmed the end of the link, so the phone may keep the device. On the phone, open Linked devices and remove it there.',
  code: null,
  cause: 'phone_may_keep',
};

/** Says that WhatsApp did not confirm the end of a link, unless the account is being linked again. */
export async function tellKeptDevice(db: Database, accountId: string): Promise<void> {
  await db.transaction(async tx => {
    await lockAccount(tx, accountId);
    const rows = await tx.query(sql`select 1 from web_session w join account a on a.id = w.account_id
      where w.account_id = ${accountId} and w.state = 'unlinked' and a.deleted_at is null for update of w`);
    if (rows.length > 0) await linkChanged(tx, accountId, mayBeKept);
  });
}

/**
 * Ends the link: its credentials and keys are gone when the transaction commits. The gateway that has the session sees it,
 * and logs out at WhatsApp. Without a link it does nothing.
 */
export async function endLink(tx: Queryable, accountId: string): Promise<void> {
  await lockAccount(tx, accountId);
  const rows = await tx.query(sql`select 1 from web_session where account_id = ${accountId} and
    (state in ('reconnecting', 'banned', 'outdated') or state = 'connected' and lease_until < clock_timestamp()) for update`);
  const isUntold = rows.length > 0;
  await linkChanged(tx, accountId, isUntold ? mayBeKept : { state: 'unlinked', reason: null, code: null });
  await deleteKeys(tx, accountId);
  await tx.query(sql`update web_session set wants = 'off', link_method = null, link_phone = null, code = null,
      credentials = null, phone = null, lid = null, name = null, linked_at = null, failures = 0, replaced = 0, open_at = null,
      refused_version = null, rhythm = null, fence = fence + 1, holder = null, lease_until = '-infinity'
    where account_id = ${accountId}`);
}

/** Opens a session again at once that waits for somebody or for a time. */
export async function retryLink(tx: Queryable, accountId: string): Promise<void> {
  await lockAccount(tx, accountId);
  const rows =
    await tx.query(sql`update web_session set wants = 'on', failures = 0, replaced = 0, open_at = null, refused_version = null
    where account_id = ${accountId} and state in ('banned', 'outdated', 'reconnecting') returning account_id`);
  if (rows.length > 0) await linkChanged(tx, accountId, { state: 'reconnecting', reason: null, code: null });
}

/** Whether a process is alive that can hold sessions. */
export async function hasGateway(db: Queryable): Promise<boolean> {
  const rows = await db.query(sql`select 1 from worker where seen_at > clock_timestamp() - interval '10 seconds'
    and exists (select from unnest(routes) r
      where r like '%:%' and split_part(r, ':', 1) = any (${channelsWith('needs_session')})) limit 1`);
  return rows.length > 0;
}

async function deleteKeys(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`delete from web_session_key where account_id = ${accountId}`);
}

/** When the phone of an account was linked; undefined without one. */
export async function findLinkedAt(db: Queryable, accountId: string): Promise<Date | undefined> {
  const [row] = await db.query<{ linked_at: Date | null }>(
    sql`select linked_at from web_session where account_id = ${accountId}`,
  );
  return row?.linked_at ?? undefined;
}
