// What gateways do to the table web_session: leases, connections, and what the phone says of itself. Times are those of
// the database, because a lease is between processes.
import type { LinkCode, LinkMethodName, LinkState } from '@recado/contract';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { lockAccount, needAttention, setPhone, setRoute } from '../accounts/index.ts';
import { linkChanged } from './event-store.ts';
import type { Rhythm } from './silence.ts';

/** A session that this process holds. The fence proves it. */
export interface Lease {
  accountId: string;
  fence: number;
}

/** A session that was just taken. */
export interface TakenSession extends Lease {
  workspaceId: string;
  epoch: number;
  state: LinkState;
  wants: 'link' | 'on';
  linkMethod: LinkMethodName | null;
  linkPhone: string | null;
  failures: number;
  replaced: number;
  /** Encrypted. */
  credentials: string | null;
  rhythm: Rhythm | null;
}

/** Another gateway holds the session now, or somebody has ended the link. */
export class FencedError extends Error {}

/** How long a lease lasts after it was renewed. */
export const leaseMs = 8_000;
const leaseEnd = sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;

/** Takes sessions that nobody holds, and whose time has come. Those of a version that WhatsApp rejected wait for another. */
export async function takeSessions(
  db: Database,
  worker: string,
  version: string,
  max: number,
): Promise<TakenSession[]> {
  return db.atomic.query<TakenSession>(sql`
    with free as (
      select account_id from web_session
      where wants <> 'off' and lease_until <= clock_timestamp() and coalesce(open_at, '-infinity') <= clock_timestamp()
        and refused_version is distinct from ${version}
      order by open_at nulls first, account_id limit ${max} for update skip locked)
    update web_session s set holder = ${worker}, fence = s.fence + 1, epoch = s.epoch + 1, lease_until = ${leaseEnd},
      refused_version = null
    from free where s.account_id = free.account_id
    returning s.account_id as "accountId", s.workspace_id as "workspaceId", s.fence, s.epoch, s.state, s.wants,
      s.link_method as "linkMethod", s.link_phone as "linkPhone", s.failures, s.replaced,
      s.credentials, s.rhythm`);
}

/** Whether the database says of a session `s` of an account `a` that it is open in this process. */
const saysOpen = (worker: string) =>
  sql`(s.state = 'connected' and a.route = concat_ws(':', a.channel, ${worker}::text))`;

/**
 * Renews leases, and returns the accounts that are still held: whether the database says that they are connected, and
 * that their lanes run in this process. A lease that has ended cannot be renewed.
 */
export async function renewLeases(
  db: Database,
  worker: string,
  leases: readonly Lease[],
): Promise<Map<string, { saysOpen: boolean }>> {
  const rows = await db.atomic.query<{ id: string; saysOpen: boolean }>(sql`
    update web_session s set lease_until = ${leaseEnd}
    from unnest(${leases.map(each => each.accountId)}::uuid[], ${leases.map(each => each.fence)}::bigint[]) l(id, fence)
      join account a on a.id = l.id
    where s.account_id = l.id and s.fence = l.fence and s.holder = ${worker} and s.lease_until > clock_timestamp()
    returning s.account_id as id, ${saysOpen(worker)} as "saysOpen"`);
  return new Map(rows.map(({ id, saysOpen }) => [id, { saysOpen }]));
}

/** Whether the keys of the account's session are deleted. Nobody can open it again, so it must log out. */
export async function hasNoKeys(db: Queryable, accountId: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from web_session where account_id = ${accountId} and credentials is null`);
  return rows.length > 0;
}

/**
 * Runs `work` in one transaction, in which the session stays ours. @throws FencedError if it is not
 * Nobody can take it over meanwhile, so nothing of an earlier holder is written after a later one has read.
 */
export function fenced<Result>(
  db: Database,
  { accountId, fence }: Lease,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  return db.transaction(async tx => {
    const rows = await tx.query(
      sql`select 1 from web_session where account_id = ${accountId} and fence = ${fence} for share`,
    );
    if (rows.length === 0) throw new FencedError('Another gateway holds the session.');
    return work(tx);
  });
}

/** The same for a change of the link's state, which locks the account first. */
export function fencedChange<Result>(
  db: Database,
  { accountId, fence }: Lease,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  return db.transaction(async tx => {
    await lockAccount(tx, accountId);
    const rows = await tx.query(
      sql`select 1 from web_session where account_id = ${accountId} and fence = ${fence} for update`,
    );
    if (rows.length === 0) throw new FencedError('Another gateway holds the session.');
    return work(tx);
  });
}

/** Saves the encrypted credentials. @throws FencedError */
export async function saveCredentials(db: Database, { accountId, fence }: Lease, credentials: string): Promise<void> {
  const rows = await db.atomic.query(sql`update web_session set credentials = ${credentials}
    where account_id = ${accountId} and fence = ${fence} returning 1`);
  if (rows.length === 0) throw new FencedError('Another gateway holds the session.');
}

/** A fresh code to link with, in its row and as an event. */
export async function saveCode(
  tx: Queryable,
  { accountId }: Lease,
  workspaceId: string,
  code: LinkCode,
): Promise<void> {
  const text = JSON.stringify(code);
  await tx.query(sql`update web_session set code = ${text}::jsonb where account_id = ${accountId}`);
  await tx.query(
    sql`select append_event(${workspaceId}, 'account.link_code_created', ${accountId}, ${text}::jsonb, clock_timestamp())`,
  );
}

/** What the phone says of itself. */
export interface Phone {
  phone: string;
  lid: string | undefined;
  name: string | undefined;
}

/** The phone accepted the link. */
export async function saveLinked(tx: Queryable, accountId: string, { phone, lid, name }: Phone): Promise<void> {
  await tx.query(sql`update web_session set wants = 'on', link_method = null, link_phone = null, code = null, phone = ${phone},
    lid = ${lid ?? null}, name = ${name ?? null}, linked_at = clock_timestamp() where account_id = ${accountId}`);
  await setPhone(tx, accountId, phone);
}

/** Forgets the phone of a link that was refused: it belongs to another account. */
export async function forgetPhone(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`update web_session set phone = null, lid = null, name = null where account_id = ${accountId}`);
  await setPhone(tx, accountId, null);
}

/** The name of another account of the workspace to which this phone was linked before; undefined if there is none. */
export async function findOlderLink(
  db: Database,
  { accountId, workspaceId }: Pick<TakenSession, 'accountId' | 'workspaceId'>,
  phone: string,
): Promise<string | undefined> {
  const [row] = await db.atomic.query<{ name: string }>(sql`
    select a.name from web_session w join account a on a.id = w.account_id
    where w.workspace_id = ${workspaceId} and w.account_id <> ${accountId} and w.phone = ${phone}
      and w.credentials is not null and a.deleted_at is null
      and w.linked_at < (select linked_at from web_session where account_id = ${accountId}) limit 1`);
  return row?.name;
}

/** The session is open: its lanes run in this process from now on. */
export async function saveOpen(
  tx: Queryable,
  accountId: string,
  worker: string,
  { phone, lid, name }: Phone,
): Promise<void> {
  await tx.query(sql`update web_session set phone = ${phone}, lid = coalesce(${lid ?? null}, lid),
    name = coalesce(${name ?? null}, name), open_at = null where account_id = ${accountId}`);
  await setPhone(tx, accountId, phone);
  await sayOpen(tx, accountId, worker);
}

async function sayOpen(tx: Queryable, accountId: string, worker: string): Promise<void> {
  await linkChanged(tx, accountId, { state: 'connected', reason: null, code: null });
  await setRoute(tx, accountId, worker);
}

/** Says again that a session is open in this process, if the database says otherwise. Returns whether it did. */
export async function mendOpen(tx: Queryable, accountId: string, worker: string): Promise<boolean> {
  const known = await tx.query(sql`select 1 from web_session s join account a on a.id = s.account_id
    where a.id = ${accountId} and ${saysOpen(worker)}`);
  if (known.length > 0) return false;
  await sayOpen(tx, accountId, worker);
  return true;
}

/** Another connection of the same session: its epoch, and the encrypted credentials. */
export async function nextEpoch(
  tx: Queryable,
  accountId: string,
): Promise<{ epoch: number; credentials: string | null }> {
  const [row] = await tx.query<{ epoch: number; credentials: string | null }>(
    sql`update web_session set epoch = epoch + 1 where account_id = ${accountId} returning epoch, credentials`,
  );
  if (!row) throw new Error('a session is gone');
  return row;
}

/** Saves the rhythms of sessions that are still held under these leases. */
export async function saveRhythms(db: Database, sessions: readonly (Lease & { rhythm: Rhythm })[]): Promise<void> {
  const [ids, fences] = [sessions.map(each => each.accountId), sessions.map(each => each.fence)];
  const rhythms = sessions.map(each => JSON.stringify(each.rhythm));
  await db.atomic.query(sql`update web_session s set rhythm = l.rhythm
    from unnest(${ids}::uuid[], ${fences}::bigint[], ${rhythms}::jsonb[]) l(id, fence, rhythm)
    where s.account_id = l.id and s.fence = l.fence`);
}

/** The state that a released session keeps for its next owner. */
interface Release {
  failures: number;
  replaced: number;
  waitMs: number;
  rhythm: Rhythm | null;
}

/** Releases a session that is to be opened again after a time. */
export async function releaseSession(
  tx: Queryable,
  accountId: string,
  { failures, replaced, waitMs, rhythm }: Release,
): Promise<void> {
  await tx.query(sql`update web_session set holder = null, lease_until = '-infinity', failures = ${failures},
    replaced = ${replaced}, rhythm = ${rhythm === null ? null : JSON.stringify(rhythm)}::jsonb,
    open_at = clock_timestamp() + ${waitMs} * interval '1 millisecond' where account_id = ${accountId}`);
}

/**
 * Ends a session until somebody acts. With a version, only until there is another one. What the session process still
 * writes is fenced.
 */
export async function endSession(
  tx: Queryable,
  accountId: string,
  { forgets, refusedVersion }: { forgets: boolean; refusedVersion: string | undefined },
): Promise<void> {
  await tx.query(sql`update web_session set holder = null, lease_until = '-infinity', open_at = null, failures = 0, replaced = 0, code = null,
      fence = fence + 1, refused_version = ${refusedVersion ?? null},
      wants = case when ${refusedVersion !== undefined} and credentials is not null then 'on' else 'off' end
    where account_id = ${accountId}`);
  if (!forgets) return;
  await tx.query(sql`update web_session set credentials = null, linked_at = null where account_id = ${accountId}`);
  await tx.query(sql`delete from web_session_key where account_id = ${accountId}`);
}

const isLapsed = sql`wants <> 'off' and state = 'connected' and lease_until < clock_timestamp() - interval '10 seconds'`;

/** Links that say connected although nobody has had their session for a while: every gateway is gone. The longest first. */
export async function lapsedSessions(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    sql`select account_id as id from web_session where ${isLapsed} order by lease_until, account_id limit 100`,
  );
  return rows.map(({ id }) => id);
}

/** Whether a link is still one of these. It locks the account and the session, so that no gateway takes it meanwhile. */
export async function isStillLapsed(tx: Queryable, accountId: string): Promise<boolean> {
  await lockAccount(tx, accountId);
  const rows = await tx.query(
    sql`select 1 from web_session where account_id = ${accountId} and ${isLapsed} for update`,
  );
  return rows.length > 0;
}

/**
 * Keeps the sessions of a restored backup closed until somebody resumes their accounts: WhatsApp closes one of two
 * connections with the same keys, and the original may still run.
 */
export async function holdRestoredLinks(tx: Queryable): Promise<void> {
  const rows = await tx.query<{ id: string }>(
    sql`update web_session set wants = 'off' where wants = 'on' returning account_id as id`,
  );
  for (const { id } of rows) {
    await linkChanged(tx, id, { state: 'reconnecting', reason: restoredReason, code: null });
    await needAttention(tx, id, restoredReason);
  }
}

const restoredReason =
  'This link comes from a backup. Recado opens it once you resume the account: stop the Recado that made the backup first.';

/** How many links are in each state. */
export async function countLinks(db: Queryable): Promise<{ state: LinkState; links: number }[]> {
  return db.query<{ state: LinkState; links: number }>(
    sql`select w.state, count(*)::int as links from web_session w join account a on a.id = w.account_id
      where a.deleted_at is null group by 1`,
  );
}
