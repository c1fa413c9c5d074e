// The tables account, daily_usage and daily_received.
import { type ChannelName, channels } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, join, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import type { AccountNumber, AccountRow } from './account.ts';
import type { Settings, SettingsChange } from './settings.ts';
import { toColumns } from './settings-store.ts';

const columns = sql`a.id, a.name, a.channel, a.phone, a.phone_number_id,
  case when a.status = 'connected' and l.held_until = 'infinity' and l.held_reason = 'paused' then 'paused' else a.status end as status,
  a.status_reason, a.time_zone,
  coalesce(a.setting_rate_messages, a.rate_messages) as rate_messages, coalesce(a.setting_rate_seconds, a.rate_seconds) as rate_seconds,
  case when a.setting_rate_messages is null then a.new_per_day else a.setting_new_per_day end as new_per_day,
  a.rate_messages as used_rate_messages, a.rate_seconds as used_rate_seconds, a.new_per_day as used_new_per_day,
  case when a.new_chats_left is not null and (a.new_chats_until is null or a.new_chats_until > now()) then jsonb_build_object(
    'left', a.new_chats_left, 'until', a.new_chats_until) end as new_chats,
  a.business_id, m.app_id, m.name as app_name, a.verified_name, a.name_status, a.quality, a.throughput, a.messaging_limit, a.number_facts, a.webhooks, a.checked_at,
  a.per_day, a.concurrency, a.recipient_burst, a.recipient_seconds, a.jitter_ms,
  a.quiet_from::text, a.quiet_until::text, a.warm_up_start::text, a.warm_up_first, a.warm_up_days, a.on_limit, a.max_queued,
  a.on_unknown, a.unknown_window_s, a.retry_attempts, a.retry_delay_ms, a.undelivered_after_s, a.on_template_paused, a.marketing_endpoint, a.on_window_closed, a.messaging_account_id, a.created_at, a.updated_at, a.deleted_at,
  coalesce(d.sent, 0) + coalesce(l.sent, 0) as called, coalesce(r.received, 0) as received,
  case when l.day = (now() at time zone a.time_zone)::date then l.sent else 0 end as called_today,
  case when w.account_id is not null then jsonb_build_object('state', w.state, 'reason', w.reason, 'cause', w.cause, 'since', w.since, 'phone', w.phone,
    'linked_at', w.linked_at, 'consented_at', w.consented_at, 'code', null, 'open_at', w.open_at) end as link`;

const tables = sql`account a
  left join lane l on l.account_id = a.id
  left join meta_app m on m.id = a.meta_app_id
  left join web_session w on w.account_id = a.id
  left join lateral (select sum(sent)::bigint as sent from daily_usage where account_id = a.id) d on true
  left join lateral (select sum(received)::bigint as received from daily_received where account_id = a.id) r on true`;

export interface NewAccount {
  id: string;
  workspaceId: string;
  name: string;
  channel: ChannelName;
  /** Null: no phone is linked yet. */
  phone: string | null;
  numberId: string;
  businessId: string | null;
  /** Why its channel is unavailable, if it is. */
  absence: string | undefined;
  timeZone: string;
  settings: Settings;
}

/** Whether PostgreSQL knows the time zone; it computes with it. */
export async function isTimeZone(db: Queryable, zone: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from pg_timezone_names where name = ${zone}`);
  return rows.length > 0;
}

/** Inserts an account; false if its number is taken. */
export async function insertAccount(tx: Queryable, account: NewAccount): Promise<boolean> {
  const columns = toColumns(account.settings);
  const { needs_session: needsSession, own_ids: ownIds, simulated } = channels[account.channel];
  const rows = await tx.query(sql`
    insert into account (id, workspace_id, name, channel, needs_session, own_ids, simulated, route, phone, phone_number_id, business_id, status, status_reason, time_zone, ${join(columns.map(column => column.name))})
    values (${account.id}, ${account.workspaceId}, ${account.name}, ${account.channel}, ${needsSession}, ${ownIds}, ${simulated}, ${account.channel}, ${account.phone},
      ${account.numberId}, ${account.businessId},
      ${account.absence === undefined ? 'connected' : 'disconnected'}, ${account.absence ?? null}, ${account.timeZone}, ${join(columns.map(column => sql`${column.value}`))})
    on conflict do nothing returning id`);
  return rows.length > 0;
}

export async function findAccount(db: Queryable, workspaceId: string, id: string): Promise<AccountRow | undefined> {
  const [row] = await db.query<AccountRow>(sql`select ${columns} from ${tables}
    where a.workspace_id = ${workspaceId} and a.id = ${id} and a.deleted_at is null`);
  return row;
}

/** A page of accounts, either deleted or not. */
export async function listAccounts(
  db: Queryable,
  workspaceId: string,
  deleted: boolean,
  page: PageRequest,
): Promise<{ rows: AccountRow[]; total: number }> {
  const after: Fragment = page.after ? sql`and a.id > ${page.after[0]}` : sql``;
  const which = deleted ? sql`deleted_at is not null and demo is distinct from 'removed'` : sql`deleted_at is null`;
  const rows = await db.query<AccountRow>(sql`select ${columns} from ${tables}
    where a.workspace_id = ${workspaceId} and a.${which} ${after}
    order by a.id limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(sql`select count(*) as total from (
    select 1 from account where workspace_id = ${workspaceId} and ${which} limit ${countedTo + 1}) x`);
  return { rows, total: count?.total ?? 0 };
}

export interface AccountChange extends SettingsChange {
  name?: string | undefined;
  timeZone?: string | undefined;
}

/** The caller has locked the lane. */
export async function updateAccount(
  tx: Queryable,
  workspaceId: string,
  id: string,
  change: AccountChange,
  now: Date | null,
): Promise<boolean> {
  const [before] =
    change.timeZone === undefined
      ? []
      : await tx.query<{ zone: string }>(sql`select time_zone as zone from account where id = ${id}`);
  const set = toColumns(change).map(({ name, value }) => sql`${name} = ${value}`);
  const rows = await tx.query(
    sql`update account set ${join([
      sql`name = coalesce(${change.name ?? null}, name)`,
      sql`time_zone = coalesce(${change.timeZone ?? null}, time_zone)`,
      sql`updated_at = clock_timestamp()`,
      ...set,
    ])} where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`,
  );
  if (rows.length > 0 && set.length > 0) await applyChannelLimits(tx, id, now);
  if (rows.length > 0 && before) await tx.query(sql`select move_day(${now}, ${id}, ${before.zone})`);
  return rows.length > 0;
}

/** Sets the limits that the engine uses. The caller has locked the lane. */
export async function applyChannelLimits(tx: Queryable, id: string, now: Date | null): Promise<void> {
  await tx.query(sql`select apply_channel_limits(${id}, ${now})`);
}

/** Marks the account as deleted. Batches being accepted for it finish before, or see the deletion. */
export async function deleteAccount(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  await tx.query(sql`select 1 from lane where account_id = ${id} for update`);
  const rows =
    await tx.query(sql`update account set deleted_at = clock_timestamp(), status = 'disconnected', status_reason = 'deleted'
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`);
  return rows.length > 0;
}

/**
 * Marks a channel's accounts disconnected while the channel is unavailable. Accounts that need attention keep that
 * state and its reason.
 */
export async function setChannelPresence(
  db: Queryable,
  channel: ChannelName,
  absence: string | undefined,
): Promise<void> {
  if (absence === undefined)
    await db.query(sql`update account set status = 'connected', status_reason = null, updated_at = clock_timestamp()
      where channel = ${channel} and status = 'disconnected' and ended_at is null and deleted_at is null`);
  else
    await db.query(sql`update account set status = 'disconnected', status_reason = ${absence}, updated_at = clock_timestamp()
      where channel = ${channel} and deleted_at is null and status <> 'needs_attention' and ended_at is null
        and status_reason is distinct from ${absence}`);
}

/**
 * Ends an account's trouble by hand. The next call shows whether it is over. If the channel is unavailable, it stays
 * disconnected for `absence`.
 */
export async function reconnectAccount(
  tx: Queryable,
  workspaceId: string,
  id: string,
  absence: string | undefined,
  now: Date | null,
): Promise<boolean> {
  const status = absence === undefined ? 'connected' : 'disconnected';
  const rows =
    await tx.query(sql`update account set status = ${status}, status_reason = ${absence ?? null}, resumed_at = clock(${now}),
      warning = null, number_trouble = null, ended_at = null, updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null
      and (status <> 'disconnected' or ended_at is not null) returning id`);
  return rows.length > 0;
}

/** The channel of an account; with `orDeleted` also of a deleted one. */
export async function channelOf(
  db: Queryable,
  workspaceId: string,
  id: string,
  orDeleted = false,
): Promise<ChannelName | undefined> {
  const [row] = await db.query<{ channel: ChannelName }>(sql`select channel from account
    where workspace_id = ${workspaceId} and id = ${id} and (${orDeleted} or deleted_at is null)`);
  return row?.channel;
}

/** The channel of an account and its number there. */
export async function findNumber(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<{ channel: ChannelName; numberId: string } | undefined> {
  const [row] = await db.query<{ channel: ChannelName; numberId: string }>(sql`
    select channel, phone_number_id as "numberId" from account
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null`);
  return row;
}

export interface NumberOwner {
  accountId: string;
  workspaceId: string;
  numberId: string;
  /** Reports about its sent messages still arrive; nobody can write to it. */
  deleted: boolean;
  /** The channel's business account of this number, if known. */
  businessId: string | null;
  /** The settings of its workspace for the words by which people opt out; null for the defaults. */
  words: { stop_words: string[]; start_words: string[]; other_words: string[] } | null;
}

/** What an app may speak of: accounts of a channel, all of them or those of its workspace. */
export interface AppScope {
  channel: string;
  workspaceId: string | undefined;
}

const isOf = ({ channel, workspaceId }: AppScope) =>
  sql`channel = ${channel} and (${workspaceId ?? null}::uuid is null or workspace_id = ${workspaceId ?? null})`;

/** The accounts of channel numbers; if deleted, the last one that had the number. */
export async function findByNumbers(db: Queryable, app: AppScope, numberIds: string[]): Promise<NumberOwner[]> {
  if (numberIds.length === 0) return [];
  return db.query<NumberOwner>(sql`
    select distinct on (phone_number_id) id as "accountId", workspace_id as "workspaceId", phone_number_id as "numberId",
      deleted_at is not null as deleted, business_id as "businessId",
      (select to_jsonb(o) from opt_out_setting o where o.workspace_id = account.workspace_id) as words
    from account where ${isOf(app)} and phone_number_id = any (${numberIds})
    order by phone_number_id, deleted_at desc nulls first`);
}

/** Stores the business account of a number. Skips a locked account: each webhook repeats it. */
export async function keepBusiness(db: Queryable, accountId: string, businessId: string): Promise<void> {
  await db.query(sql`update account set business_id = ${businessId}
    where id = (select id from account where id = ${accountId} for no key update skip locked)`);
}

/** An account that a report of the channel is about. */
export type ConcernedAccount = Pick<NumberOwner, 'accountId' | 'workspaceId' | 'businessId'>;

const concerned = sql`id as "accountId", workspace_id as "workspaceId", business_id as "businessId"`;

/** The accounts of an app with this phone number. */
export async function findByPhone(db: Queryable, app: AppScope, phone: string): Promise<ConcernedAccount[]> {
  return db.query<ConcernedAccount>(sql`select ${concerned} from account
    where ${isOf(app)} and phone = ${phone} and deleted_at is null`);
}

/** The accounts of an app with this or an unknown business account; all if none is given. */
export async function findByBusiness(
  db: Queryable,
  app: AppScope,
  businessId: string | undefined,
): Promise<ConcernedAccount[]> {
  return db.query<ConcernedAccount>(sql`select ${concerned} from account where ${isOf(app)} and deleted_at is null
    and (${businessId ?? null}::text is null or business_id is null or business_id = ${businessId ?? null})`);
}

/** The numbers of all accounts of a channel. */
export async function numbersOf(db: Queryable, channel: ChannelName): Promise<AccountNumber[]> {
  return db.query<AccountNumber>(sql`select phone, phone_number_id as "numberId", business_id as "businessId" from account
    where channel = ${channel} and phone is not null and deleted_at is null`);
}

/** Which of these accounts exist. */
export async function knownAccounts(db: Queryable, workspaceId: string, ids: string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    sql`select id from account where workspace_id = ${workspaceId} and id = any (${ids}::uuid[]) and deleted_at is null`,
  );
  return rows.map(row => row.id);
}
