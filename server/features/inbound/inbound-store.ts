// The tables inbound_payload, dead_letter, orphan_receipt and read_mark: what channels post to us.

import type { DeadLetterCode } from '@recado/contract';
import { deleteExpired } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { deleteExpiredKeys } from '../../kit/http/idempotency.ts';
import { newUuid } from '../../kit/ids.ts';
import type { Notice, Receipt, Signal } from '../../ports/channel.ts';
import { deleteExpiredReceipts } from '../attempts/index.ts';
import { deleteExpiredSecrets } from './secret-store.ts';
import { isServed } from './served-apps-store.ts';

export interface NewPayload {
  app: string;
  laneKey: string;
  /** The headers that are kept. */
  headers: Record<string, string>;
  body: Buffer;
}

/** Stores raw payloads together, with one COMMIT. */
export async function insertPayloads(db: Queryable, payloads: NewPayload[], now: Date | null): Promise<void> {
  await db.query(sql`insert into inbound_payload (app, lane_key, public_id, headers, body, received_at)
    select u.app, u.key, u.id, u.headers, u.body, clock(${now}) from unnest(${payloads.map(p => p.app)}::text[],
      ${payloads.map(p => p.laneKey)}::uuid[], ${payloads.map(() => newUuid())}::uuid[],
      ${payloads.map(p => JSON.stringify(p.headers))}::jsonb[], ${payloads.map(p => p.body)}::bytea[])
      with ordinality u(app, key, id, headers, body, n) order by n`);
}

const bytesAtOnce = 4_000_000;

export interface StoredPayload {
  id: number;
  app: string;
  body: Buffer;
  received_at: Date;
  /** Whether it was processed before. */
  retried: boolean;
  /** The number of failed tries to apply it. */
  failures: number;
}

/** The oldest payloads of a lane that are still open, of served apps; `apps` are the configured ones. */
export async function openPayloads(
  db: Queryable,
  apps: readonly string[],
  laneKey: string,
  max: number,
): Promise<StoredPayload[]> {
  return db.query<StoredPayload>(sql`select id, app, body, received_at, retried, failures from (
      select id, app, body, received_at, retried, failures, sum(octet_length(body)) over (order by id) - octet_length(body) as before
      from inbound_payload
      where lane_key = ${laneKey} and processed_at is null and ${isServed(sql`app`, apps)} order by id limit ${max}) p
    where before < ${bytesAtOnce} order by id`);
}

/** Counts a failed try of payloads that are still open. Returns the payloads with at least `most` failed tries. */
export async function countFailures(db: Queryable, payloadIds: number[], most: number): Promise<number[]> {
  const rows = await db.query<{ id: number; failures: number }>(sql`update inbound_payload set failures = failures + 1
    where id = any (array(select id from inbound_payload where id = any (${payloadIds}) and processed_at is null order by id for update))
    returning id, failures`);
  return rows.filter(({ failures }) => failures >= most).map(({ id }) => id);
}

/** The place of a dead letter that is a whole payload. No item has it, nor the rest of many items. */
const wholePlace = -1;

/** Closes payloads that nobody can apply, and keeps each as one dead letter of its app's or its account's workspace. */
export async function setAside(tx: Queryable, payloadIds: number[], reason: string, now: Date | null): Promise<void> {
  await tx.query(sql`
    with closed as (
      update inbound_payload p set processed_at = clock(${now}),
        workspace_id = coalesce((select m.workspace_id from meta_app m where m.name = p.app), sole_workspace())
      where id = any (array(select id from inbound_payload where id = any (${payloadIds}) and processed_at is null order by id for update))
      returning id, workspace_id, lane_key, received_at),
    removed as (
      delete from dead_letter d using closed c where d.payload_id = c.id and d.retried_at is not null and d.place <> ${wholePlace})
    insert into dead_letter (public_id, payload_id, place, workspace_id, account_id, item, code, reason, created_at)
    select (${payloadIds.map(() => newUuid())}::uuid[])[row_number() over (order by c.id)], c.id, ${wholePlace}, coalesce(a.workspace_id, c.workspace_id),
      a.id, null, 'apply_failed', ${reason}, c.received_at
    from closed c left join account a on a.id = c.lane_key order by c.id
    on conflict (payload_id, place) do update set reason = excluded.reason, retried_at = null where dead_letter.discarded_at is null`);
}

/** A payload to close, and the workspace that alone it is about. */
export interface ReadPayload {
  id: number;
  workspaceId?: string | undefined;
}

/** Closes payloads. Returns those that were still open; another process closed the others. */
export async function closePayloads(tx: Queryable, payloads: ReadPayload[], now: Date | null): Promise<Set<number>> {
  const ids = payloads.map(({ id }) => id);
  const rows = await tx.query<{ id: number }>(sql`update inbound_payload p
    set processed_at = clock(${now}), workspace_id = coalesce(u.workspace_id, sole_workspace())
    from unnest(${ids}::bigint[], ${payloads.map(({ workspaceId }) => workspaceId ?? null)}::uuid[]) u(id, workspace_id)
    where p.id = any (array(select id from inbound_payload where id = any (${ids}) and processed_at is null order by id for update))
      and u.id = p.id
    returning p.id`);
  return new Set(rows.map(row => row.id));
}

/** The lanes that have open payloads of served apps. */
export async function duePayloadLanes(db: Queryable, apps: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ key: string }>(
    // One lane at a time: millions of payloads may wait. The condition keeps the planner from the index on id alone.
    sql`select l.key from open_lanes() l(key) cross join lateral (select 1 from inbound_payload p
      where p.lane_key between l.key and l.key and p.processed_at is null and ${isServed(sql`p.app`, apps)} order by p.lane_key, p.id limit 1) o`,
  );
  return rows.map(row => row.key);
}

/** An item's place: the payload, and which of its items it is. */
export interface ItemPlace {
  payloadId: number;
  place: number;
}

export interface DeadItem extends ItemPlace {
  /** null where it is the payload as a whole, or cannot be kept. */
  item: unknown;
  code: DeadLetterCode;
  reason: string;
  /** Whose it is; without an owner it is the workspace's where there is only one. */
  owner: { accountId: string | undefined; workspaceId: string } | undefined;
}

/** The most dead letters of one statement. */
const deadAtOnce = 200;

/** Keeps items that cannot be applied, with the reason. One that was kept before stays the same dead letter. */
export async function storeDeadLetters(tx: Queryable, items: DeadItem[]): Promise<void> {
  for (let from = 0; from < items.length; from += deadAtOnce)
    await storeSomeDeadLetters(tx, items.slice(from, from + deadAtOnce));
}

async function storeSomeDeadLetters(tx: Queryable, items: DeadItem[]): Promise<void> {
  await tx.query(sql`insert into dead_letter (public_id, payload_id, place, workspace_id, account_id, item, code, reason, created_at)
    select u.id, u.payload_id, u.place, coalesce(u.workspace_id, sole_workspace()), u.account_id, u.item, u.code, u.reason, p.received_at
    from unnest(${items.map(() => newUuid())}::uuid[], ${items.map(i => i.payloadId)}::bigint[], ${items.map(i => i.place)}::int[],
      ${items.map(i => i.owner?.workspaceId ?? null)}::uuid[], ${items.map(i => i.owner?.accountId ?? null)}::uuid[],
      ${items.map(i => (i.item === null ? null : JSON.stringify(i.item)))}::jsonb[], ${items.map(i => i.code)}::text[],
      ${items.map(i => i.reason)}::text[]) with ordinality u(id, payload_id, place, workspace_id, account_id, item, code, reason, n)
      join inbound_payload p on p.id = u.payload_id
    order by n
    on conflict (payload_id, place) do update set workspace_id = excluded.workspace_id, account_id = excluded.account_id,
      item = excluded.item, code = excluded.code, reason = excluded.reason, retried_at = null
      where dead_letter.discarded_at is null`);
}

/** Removes the dead letters of payloads that were tried again, as far as they were not kept once more. */
export async function removeApplied(tx: Queryable, payloadIds: number[]): Promise<void> {
  if (payloadIds.length === 0) return;
  await tx.query(sql`delete from dead_letter where payload_id = any (${payloadIds}) and retried_at is not null`);
}

export interface AccountNotice extends Pick<Notice, 'field' | 'businessId' | 'value' | 'hash'> {
  accountId: string;
  workspaceId: string;
}

/**
 * Applies new notices of some fields in the transaction that stores them. Fields that it does not know it skips. A
 * data error makes the notice a dead letter.
 */
export type NoticeHandler = (tx: Queryable, notices: AccountNotice[], now: Date | null) => Promise<void>;

/** Keeps notices as events of their accounts. A repeated one changes nothing. Returns those that are new, in order. */
export async function storeNotices(
  tx: Queryable,
  notices: AccountNotice[],
  now: Date | null,
): Promise<AccountNotice[]> {
  const once = [...new Map(notices.map(each => [`${each.accountId} ${each.hash.toString('hex')}`, each])).values()];
  if (once.length === 0) return [];
  const data = once.map(({ field, businessId, value }) =>
    JSON.stringify({ field, business_id: businessId ?? null, value }),
  );
  const rows = await tx.query<{ n: number }>(sql`
    with told as (
      select u.* from unnest(${once.map(n => n.accountId)}::uuid[], ${once.map(n => n.hash)}::bytea[], ${data}::jsonb[])
        with ordinality u(account_id, hash, data, n)),
    fresh as (
      insert into applied_signal (account_id, hash, applied_at)
      select account_id, hash, clock(${now}) from told order by account_id, hash
      on conflict do nothing returning account_id, hash),
    news as (select t.* from told t where (t.account_id, t.hash) in (select account_id, hash from fresh)),
    kept as (
      insert into event (workspace_id, type, account_id, data, at)
      select a.workspace_id, 'account.notice_received', t.account_id, t.data, clock(${now})
      from news t join account a on a.id = t.account_id order by t.n)
    select n::int as n from news order by n`);
  return rows.flatMap(({ n }) => once[n - 1] ?? []);
}

export interface AccountReceipt extends Receipt {
  accountId: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An echo that is not one of our tokens is foreign; the channel's id then decides. */
const echoOf = ({ token }: Receipt): string | null => (token !== undefined && uuid.test(token) ? token : null);

/** What names the message of a receipt: the token of its attempt if it is one of ours, and the channel's id. */
export const receiptNames = (receipt: AccountReceipt) => ({
  accountId: receipt.accountId,
  token: echoOf(receipt),
  channelMessageId: receipt.channelMessageId,
});

/** Locks, in one order and before anything else, the lanes that what has come may write in. */
export async function lockInbound(
  tx: Queryable,
  signals: { accountId: string }[],
  messages: { accountId: string }[],
  receipts: AccountReceipt[],
  workspaces: string[],
): Promise<void> {
  const accountsOf = (items: { accountId: string }[]) => [...new Set(items.map(({ accountId }) => accountId))];
  await tx.query(sql`select lock_inbound(${accountsOf(signals)}::uuid[], ${accountsOf(messages)}::uuid[],
    ${receipts.map(r => r.accountId)}::uuid[], ${receipts.map(echoOf)}::uuid[], ${workspaces}::uuid[])`);
}

/** Applies receipts. Returns the accounts whose queues may move again. */
export async function applyReceipts(tx: Queryable, receipts: AccountReceipt[], now: Date | null): Promise<string[]> {
  if (receipts.length === 0) return [];
  const column = <Value>(pick: (receipt: AccountReceipt) => Value) => receipts.map(pick);
  const rows = await tx.query<{
    account_id: string;
  }>(sql`select * from apply_receipts(${now}, ${column(r => r.accountId)}::uuid[], ${column(echoOf)}::uuid[],
    ${column(r => r.channelMessageId)}::text[], ${column(r => r.status)}::text[], ${column(r => r.at)}::timestamptz[],
    ${column(r => r.code)}::text[], ${column(r => r.title)}::text[],
    ${column(r => (r.pricing ? JSON.stringify(r.pricing) : null))}::jsonb[])`);
  return rows.map(row => row.account_id);
}

export interface AccountSignal extends Pick<Signal, 'class' | 'title' | 'hash' | 'until'> {
  accountId: string;
  /** When the trouble occurred, if the channel reports it. */
  at: Date | undefined;
}

/**
 * Holds the reported accounts and returns them. Ignores repeats, and reports older than the last resume. Call it first:
 * lanes are locked first.
 */
export async function applySignals(tx: Queryable, signals: AccountSignal[], now: Date | null): Promise<string[]> {
  if (signals.length === 0) return [];
  const rows = await tx.query<{ account_id: string }>(
    sql`select account_id from apply_signals(${now}, ${signals.map(s => s.accountId)}::uuid[],
      ${signals.map(s => s.class)}::text[], ${signals.map(s => s.title)}::text[], ${signals.map(s => s.hash ?? null)}::bytea[],
      ${signals.map(s => s.at ?? null)}::timestamptz[], ${signals.map(s => s.until ?? null)}::timestamptz[])`,
  );
  return rows.map(row => row.account_id);
}

export interface ReadState {
  status: string;
  direction: string;
  account_id: string;
  conversation_id: string;
}

/** Marks an inbound message, and those before it in its conversation, as read, and asks for blue ticks. */
export async function markRead(
  tx: Queryable,
  workspaceId: string,
  id: string,
  now: Date | null,
): Promise<ReadState | undefined> {
  const [message] = await tx.query<ReadState & { seq: number }>(sql`
    select status, direction, account_id, conversation_id, seq from message
    where workspace_id = ${workspaceId} and id = ${id}`);
  if (message?.direction !== 'inbound') return message;
  await tx.query(sql`select 1 from conversation where id = ${message.conversation_id} for update`);
  const read = await tx.query<{ channel_message_id: string }>(sql`
    with read as (
      update message set status = 'read', read_at = clock(${now}), event_count = event_count + 1
      where conversation_id = ${message.conversation_id} and direction = 'inbound' and listed_status = 'received' and seq <= ${message.seq}
      returning id, seq, channel_message_id, workspace_id, account_id, event_count),
    fact as (
      insert into event (workspace_id, type, account_id, message_id, number, at)
      select workspace_id, 'message.read', account_id, id, event_count, clock(${now}) from read order by id)
    select channel_message_id from read order by seq desc limit 1`);
  await tx.query(sql`
    with read as (
      update conversation set marked_unread = false, unread_count = (select count(*) from message
        where conversation_id = ${message.conversation_id} and direction = 'inbound' and listed_status = 'received')
      where id = ${message.conversation_id} and (marked_unread or ${read.length > 0}::boolean) returning *)
    select append_event(workspace_id, 'conversation.read', account_id, jsonb_build_object('conversation_id', id,
      'contact_id', contact_id, 'unread_count', unread_count), clock(${now})) from read`);
  // It is not the message itself where that is of the system.
  const [newest] = read;
  if (!newest) return message;
  await tx.query(sql`
    insert into read_mark (account_id, conversation_id, channel_message_id, marked_at, due_at)
    values (${message.account_id}, ${message.conversation_id}, ${newest.channel_message_id}, clock(${now}), clock(${now}))
    on conflict (account_id, conversation_id) do update set channel_message_id = excluded.channel_message_id,
      marked_at = excluded.marked_at, attempts = 0, due_at = excluded.due_at`);
  return message;
}

export interface ReadMark {
  conversation_id: string;
  channel_message_id: string;
  /** In PostgreSQL's text: a Date has no microseconds. */
  marked_at: string;
  attempts: number;
  /** Whether the writer is shown that we are typing. A repeated call shows it no more: the answer may have left. */
  is_typing: boolean;
  channel: string;
  phone_number_id: string;
}

/** Marks of an account that are due, if its route is one of these. */
export async function dueReadMarks(
  db: Queryable,
  routes: readonly string[],
  accountId: string,
  max: number,
  now: Date | null,
): Promise<ReadMark[]> {
  return db.query<ReadMark>(sql`select r.conversation_id, r.channel_message_id, r.marked_at::text as marked_at, r.attempts,
      coalesce(r.typing_until > clock(${now}), false) and r.attempts = 0 as is_typing, a.channel, a.phone_number_id
    from read_mark r join account a on a.id = r.account_id
    where r.account_id = ${accountId} and r.due_at <= clock(${now}) and a.deleted_at is null and a.route = any (${routes}) order by r.due_at limit ${max}`);
}

/** The mark, unless a newer one has taken its place meanwhile. */
const isMark = (accountId: string, mark: ReadMark) => sql`account_id = ${accountId}
  and conversation_id = ${mark.conversation_id} and channel_message_id = ${mark.channel_message_id}
  and marked_at = ${mark.marked_at}::timestamptz`;

/** Forgets a mark that was shown. */
export async function closeReadMark(db: Queryable, accountId: string, mark: ReadMark): Promise<void> {
  await db.query(sql`delete from read_mark where ${isMark(accountId, mark)}`);
}

export async function postponeReadMark(
  db: Queryable,
  accountId: string,
  mark: ReadMark,
  waitMs: number,
  now: Date | null,
): Promise<void> {
  await db.query(sql`update read_mark set attempts = attempts + 1, due_at = clock(${now}) + ${waitMs} * interval '1 millisecond'
    where ${isMark(accountId, mark)}`);
}

export async function dueReadMarkLanes(db: Queryable, routes: readonly string[], now: Date | null): Promise<string[]> {
  const rows = await db.query<{
    key: string;
  }>(sql`select distinct r.account_id as key from read_mark r join account a on a.id = r.account_id
    where r.due_at <= clock(${now}) and a.deleted_at is null and a.route = any (${routes})`);
  return rows.map(row => row.key);
}

/**
 * Forgets some of what has outlived its use: receipts that never found a message, old idempotency keys, and which
 * messages were removed. Gives whether there may be more.
 */
export async function deleteExpiredInbound(db: Queryable, now: Date | null): Promise<boolean> {
  const left = [
    await deleteExpiredReceipts(db, now),
    await deleteExpired(db, sql`applied_signal`, sql`applied_at < clock(${now}) - interval '100 days'`),
    await deleteExpiredKeys(db, now),
    await deleteExpiredSecrets(db, now),
    await deleteExpired(db, sql`erased_inbound`, sql`erased_at < clock(${now}) - interval '100 days'`),
  ];
  return left.includes(true);
}
