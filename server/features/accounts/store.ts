// The tables account and account_day.
import type { Limits } from '@recado/contract';
import type { Queryable } from '../../kit/db.ts';
import { countedTo, type PageRequest } from '../../kit/http.ts';
import { type Fragment, sql } from '../../kit/sql.ts';
import type { AccountRow, ChannelName } from './account.ts';

const columns = sql`a.id, a.name, a.channel, a.phone, a.phone_number_id, a.status, a.status_reason, a.time_zone,
  a.rate_messages, a.rate_seconds, a.per_day, a.created_at, a.updated_at,
  coalesce(d.sent, 0) as sent, coalesce(d.received, 0) as received, coalesce(t.sent, 0) as sent_today`;

const tables = sql`account a
  left join lateral (select sum(sent)::bigint as sent, sum(received)::bigint as received from account_day where account_id = a.id) d on true
  left join account_day t on t.account_id = a.id and t.day = (now() at time zone a.time_zone)::date`;

export interface NewAccount {
  id: string;
  workspaceId: string;
  name: string;
  channel: ChannelName;
  phone: string;
  numberId: string;
  timeZone: string;
  limits: Limits;
}

/** Stores an account; false where its number is taken. */
export async function insertAccount(tx: Queryable, account: NewAccount): Promise<boolean> {
  const rows = await tx.query(sql`
    insert into account (id, workspace_id, name, channel, phone, phone_number_id, status, time_zone, rate_messages, rate_seconds, per_day)
    values (${account.id}, ${account.workspaceId}, ${account.name}, ${account.channel}, ${account.phone}, ${account.numberId},
      'connected', ${account.timeZone}, ${account.limits.rate.messages}, ${account.limits.rate.seconds}, ${account.limits.per_day})
    on conflict do nothing returning id`);
  return rows.length > 0;
}

export async function findAccount(db: Queryable, workspaceId: string, id: string): Promise<AccountRow | undefined> {
  const [row] = await db.query<AccountRow>(sql`select ${columns} from ${tables}
    where a.workspace_id = ${workspaceId} and a.id = ${id} and a.deleted_at is null`);
  return row;
}

export async function listAccounts(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<{ rows: AccountRow[]; total: number }> {
  const after: Fragment = page.after ? sql`and a.id > ${page.after[0]}` : sql``;
  const rows = await db.query<AccountRow>(sql`select ${columns} from ${tables}
    where a.workspace_id = ${workspaceId} and a.deleted_at is null ${after}
    order by a.id limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(sql`select count(*) as total from (
    select 1 from account where workspace_id = ${workspaceId} and deleted_at is null limit ${countedTo + 1}) x`);
  return { rows, total: count?.total ?? 0 };
}

export interface AccountChange {
  name?: string | undefined;
  timeZone?: string | undefined;
  rate?: Limits['rate'] | undefined;
  perDay?: number | null | undefined;
}

export async function updateAccount(
  tx: Queryable,
  workspaceId: string,
  id: string,
  change: AccountChange,
): Promise<boolean> {
  const rows = await tx.query(sql`update account set
      name = coalesce(${change.name ?? null}, name), time_zone = coalesce(${change.timeZone ?? null}, time_zone),
      rate_messages = coalesce(${change.rate?.messages ?? null}, rate_messages),
      rate_seconds = coalesce(${change.rate?.seconds ?? null}, rate_seconds),
      per_day = case when ${change.perDay !== undefined} then ${change.perDay ?? null}::int else per_day end,
      updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`);
  return rows.length > 0;
}

/** Marks the account as deleted. Batches that are being accepted for it are over before, or see it deleted. */
export async function deleteAccount(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  await tx.query(sql`select 1 from lane where kind = 'send' and key = ${id} for update`);
  await tx.query(sql`select 1 from account_day where account_id = ${id} order by day desc limit 1 for update`);
  const rows =
    await tx.query(sql`update account set deleted_at = clock_timestamp(), status = 'disconnected', status_reason = 'deleted'
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`);
  return rows.length > 0;
}

/** Puts the accounts of a channel that is not there into words, and takes them back when it is there again. */
export async function setChannelPresence(
  db: Queryable,
  channel: ChannelName,
  absence: string | undefined,
): Promise<void> {
  if (absence === undefined)
    await db.query(sql`update account set status = 'connected', status_reason = null, updated_at = clock_timestamp()
      where channel = ${channel} and status = 'disconnected' and deleted_at is null`);
  else
    await db.query(sql`update account set status = 'disconnected', status_reason = ${absence}, updated_at = clock_timestamp()
      where channel = ${channel} and deleted_at is null and status_reason is distinct from ${absence}`);
}

/** Ends an account's trouble by hand; the next call tells whether it is over. */
export async function reconnectAccount(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows =
    await tx.query(sql`update account set status = 'connected', status_reason = null, updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null and status <> 'disconnected' returning id`);
  return rows.length > 0;
}

export async function channelOf(db: Queryable, workspaceId: string, id: string): Promise<ChannelName | undefined> {
  const [row] = await db.query<{ channel: ChannelName }>(sql`select channel from account
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null`);
  return row?.channel;
}

export interface NumberOwner {
  accountId: string;
  workspaceId: string;
  numberId: string;
}

/** The accounts of numbers, as channels name them. */
export async function findByNumbers(db: Queryable, channel: string, numberIds: string[]): Promise<NumberOwner[]> {
  return db.query<NumberOwner>(sql`select id as "accountId", workspace_id as "workspaceId", phone_number_id as "numberId"
    from account where channel = ${channel} and phone_number_id = any (${numberIds}) and deleted_at is null`);
}
