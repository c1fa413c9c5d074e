// Deletes messages for good, by retention or erasure.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { removeAttempts, removeReceipts } from '../attempts/index.ts';
import { forgetEventsOf, sweepEvents } from '../events/index.ts';
import { rememberRemoved, removeReadMarks } from '../inbound/index.ts';
import { forgetSentMessages } from '../links/index.ts';
import { lockFilesOf, removeFilesOf } from '../media/index.ts';
import { neededOf, removeMessageRows, removeReactions, takeFromUnread } from '../messages/index.ts';
import { removeSuggestions } from '../opt-outs/index.ts';
import { forgetAnswers } from '../webhooks/index.ts';

/** How many rows of each kind were deleted. */
export interface Removed {
  messages: number;
  attempts: number;
  events: number;
  receipts: number;
  read_marks: number;
  files: number;
}

const nothing: Removed = { messages: 0, attempts: 0, events: 0, receipts: 0, read_marks: 0, files: 0 };

/**
 * Deletes messages with all their data, including their files. This is the only place that deletes messages: add each
 * new kind of data here, by a function of its owner. Counts of statistics and conversations stay, as history. `still`
 * selects the messages again after they are locked.
 */
async function removeMessages(
  tx: Queryable,
  asked: string[],
  still: Fragment,
  now: Date | null,
): Promise<{ removed: Removed; addresses: string[] }> {
  await tx.query(sql`select 1 from conversation where id in (select conversation_id from message where id = any (${asked}::uuid[]))
    order by id for update`);
  const rows = await tx.query<{ id: string; address: string; workspace_id: string }>(sql`
    select m.id, m.address, m.workspace_id from message m where m.id = any (${asked}::uuid[]) and (${still}) order by m.id for update`);
  if (rows.length === 0) return { removed: nothing, addresses: [] };
  const ids = rows.map(row => row.id);
  await takeFromUnread(tx, ids);
  await removeReactions(tx, ids);
  await removeSuggestions(tx, ids);
  await rememberRemoved(tx, ids, now);
  await forgetSentMessages(tx, ids);
  const events = await removeEvents(tx, ids);
  const removed = {
    read_marks: await removeReadMarks(tx, ids),
    receipts: await removeReceipts(tx, ids),
    attempts: await removeAttempts(tx, ids),
    events: events.length,
    files: await removeFiles(tx, rows),
    messages: await removeMessageRows(tx, ids),
  };
  await sweepEvents(tx, events);
  return { removed, addresses: [...new Set(rows.map(row => row.address))] };
}

/** Events go with what endpoints answered to them. Returns their ids. */
async function removeEvents(tx: Queryable, ids: string[]): Promise<number[]> {
  const events = await forgetEventsOf(tx, ids);
  for (const workspaceId of [...new Set(events.map(event => event.workspace_id))].sort()) {
    const own = events.filter(event => event.workspace_id === workspaceId).map(({ id }) => id);
    await forgetAnswers(tx, workspaceId, own);
  }
  return events.map(({ id }) => id);
}

/** Files that a queued message carries stay for it. */
async function removeFiles(tx: Queryable, messages: readonly { id: string; workspace_id: string }[]): Promise<number> {
  const ids = messages.map(({ id }) => id);
  // A separate statement: the next one then sees every message accepted with one of them.
  const locked = await lockFilesOf(tx, ids);
  const needed = new Set<string>();
  for (const workspaceId of new Set(messages.map(message => message.workspace_id)))
    for (const id of await neededOf(tx, workspaceId, locked)) needed.add(id);
  return removeFilesOf(
    tx,
    ids,
    locked.filter(id => !needed.has(id)),
  );
}

// Retention -------------------------------------------------------------------

/** Workspaces with a limited retention of messages. */
export async function keepingWorkspaces(db: Queryable): Promise<{ id: string }[]> {
  return db.query(sql`select id from workspace where keep_messages_days is not null order by id`);
}

/** For how many days a workspace keeps messages now; null: without end. Nobody changes it before the transaction ends. */
export async function lockRetention(tx: Queryable, workspaceId: string): Promise<number | null> {
  const [row] = await tx.query<{ days: number | null }>(
    sql`select keep_messages_days as days from workspace where id = ${workspaceId} for share`,
  );
  return row?.days ?? null;
}

/**
 * Final messages `m` older than `days`. One that WhatsApp accepted and has not delivered stays for 30 days after it was
 * sent, because it may still be delivered.
 */
function isOld(days: number, now: Date | null): Fragment {
  const moment = sql`coalesce(${now}::timestamptz, now())`;
  return sql`m.created_at < ${moment} - ${days} * interval '1 day'
    and (m.status = 'cancelled' or coalesce(m.send_at < ${moment} - ${days} * interval '1 day', true)) and (m.status in ('delivered', 'read', 'played', 'failed', 'cancelled', 'expired', 'received')
    or m.status = 'sent' and m.sent_at < ${moment} - interval '30 days')
    and not exists (select 1 from open_message o where o.id = m.id)`;
}

/** How many messages a retention of so many days would delete now, at most `max`, and the time of the oldest. */
export async function countOld(
  db: Queryable,
  workspaceId: string,
  days: number,
  max: number,
  now: Date | null,
): Promise<{ count: number; oldest: Date | null }> {
  const [row] = await db.query<{ count: number; oldest: Date | null }>(sql`
    select count(*)::int as count, min(x.created_at) as oldest from (select m.created_at from message m
      where m.workspace_id = ${workspaceId} and ${isOld(days, now)} order by m.created_at limit ${max}) x`);
  return row ?? { count: 0, oldest: null };
}

/**
 * Deletes one batch of final messages older than `days`: oldest first, at most `max`, from those of a time on. `found`:
 * how many were looked at, the last of them of the time `last`.
 */
export async function removeOld(
  tx: Queryable,
  workspaceId: string,
  days: number,
  max: number,
  now: Date | null,
  from: Date | undefined,
): Promise<{ found: number; removed: number; last: Date | undefined }> {
  const old = isOld(days, now);
  const rows = await tx.query<{ id: string; at: Date }>(sql`
    select m.id, m.created_at as at from message m where m.workspace_id = ${workspaceId} and ${old}
      ${from ? sql`and m.created_at >= ${from}` : sql``} order by m.created_at limit ${max}`);
  if (rows.length === 0) return { found: 0, removed: 0, last: undefined };
  const ids = rows.map(row => row.id);
  const { removed } = await removeMessages(tx, ids, old, now);
  return { found: rows.length, removed: removed.messages, last: rows.at(-1)?.at };
}

// Erasing a person ------------------------------------------------------------

/**
 * Messages of these contacts that cannot be deleted yet: calls in flight and unknown outcomes, with the time until
 * they resolve; null if one waits for a person. A sweep may be up to a minute late.
 */
export async function openOf(
  db: Queryable,
  contacts: string[],
  now: Date | null,
): Promise<{ sending: number; unknown: number; waitSeconds: number | null }> {
  const [row] = await db.query<{ sending: number; unknown: number; waitSeconds: number | null }>(sql`
    select count(*) filter (where o.state = 'sending')::int as sending, count(*) filter (where o.state = 'unknown')::int as unknown,
      case when count(*) filter (where o.state = 'unknown' and o.resolve_by > clock(${now}) - interval '1 minute')
          = count(*) filter (where o.state = 'unknown')
        then ceil(extract(epoch from max(o.resolve_by) filter (where o.state = 'unknown') - clock(${now})))::int end as "waitSeconds"
    from open_message o where o.conversation_id in (select id from conversation where contact_id = any (${contacts}::uuid[]))
      and o.state in ('sending', 'unknown')`);
  return row ?? { sending: 0, unknown: 0, waitSeconds: null };
}

/** Deletes one batch of these contacts' messages, and returns their addresses. */
export async function removeSome(
  tx: Queryable,
  contacts: string[],
  max: number,
  now: Date | null,
): Promise<{ removed: Removed; addresses: string[]; found: number }> {
  const rows = await tx.query<{ id: string }>(sql`
    select m.id from message m where m.conversation_id in (select id from conversation where contact_id = any (${contacts}::uuid[]))
    limit ${max}`);
  const asked = rows.map(row => row.id);
  // A receipt may arrive before its call's response, while the message is still open.
  const still = sql`not exists (select 1 from open_message o where o.id = m.id)`;
  const result = rows.length === 0 ? { removed: nothing, addresses: [] } : await removeMessages(tx, asked, still, now);
  return { ...result, found: rows.length };
}
