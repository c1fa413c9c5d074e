// Deletes messages for good, by retention or erasure.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { inboundHash } from '../inbound/index.ts';
import { forgetSentMessages } from '../links/index.ts';
import { lockFilesOf, removeFilesOf } from '../media/index.ts';
import { neededOf } from '../messages/index.ts';
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
 * new kind of data here. Counts of statistics and conversations stay, as history. `still` selects the messages again
 * after they are locked.
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
  const mine = sql`message_id = any (${ids}::uuid[])`;
  const tokens = sql`(select a.* from unnest(${ids}::uuid[]) u(id) join attempt a on a.token > u.id and a.token <= token_of(u.id, 65535))`;
  await tx.query(sql`
    update conversation v set unread_count = greatest(0, v.unread_count - x.n)
    from (select conversation_id, count(*)::int as n from message
      where id = any (${ids}::uuid[]) and direction = 'inbound' and status = 'received' group by 1) x
    where v.id = x.conversation_id`);
  await tx.query(sql`delete from message_reaction where ${mine}`);
  // A channel repeats a message for a week if it believes that we missed it; a dead letter can be retried for 90 days.
  await tx.query(sql`
    insert into erased_inbound (workspace_id, hash, erased_at)
    select workspace_id, ${inboundHash}, clock(${now}) from message
    where id = any (${ids}::uuid[]) and (direction = 'inbound' or source is not null) and created_at > clock(${now}) - interval '100 days'
    on conflict do nothing`);
  const gone = async (statement: Fragment): Promise<number> => {
    const [row] = await tx.query<{ n: number }>(
      sql`with gone as (${statement} returning 1) select count(*) as n from gone`,
    );
    return row?.n ?? 0;
  };
  await forgetSentMessages(tx, ids);
  const removed = {
    read_marks:
      await gone(sql`delete from read_mark r using message m where m.id = any (${ids}::uuid[]) and m.direction = 'inbound'
      and r.account_id = m.account_id and r.conversation_id = m.conversation_id and r.channel_message_id = m.channel_message_id`),
    receipts: await gone(
      sql`delete from orphan_receipt p using ${tokens} k where p.account_id = k.account_id and p.channel_message_id = k.channel_message_id`,
    ),
    attempts: await gone(sql`delete from attempt where token in (
      select k.token from ${tokens} k)`),
    events: await removeEvents(tx, rows),
    files: await removeFiles(tx, rows),
    messages: await gone(sql`delete from message where id = any (${ids}::uuid[])`),
  };
  return { removed, addresses: [...new Set(rows.map(row => row.address))] };
}

/** Events go with what endpoints answered to them. */
async function removeEvents(tx: Queryable, messages: readonly { id: string; workspace_id: string }[]): Promise<number> {
  const events = await tx.query<{ id: number; workspace_id: string }>(sql`delete from event
    where message_id = any (${messages.map(({ id }) => id)}::uuid[]) returning id, workspace_id`);
  for (const workspaceId of [...new Set(events.map(event => event.workspace_id))].sort()) {
    const own = events.filter(event => event.workspace_id === workspaceId).map(({ id }) => id);
    await forgetAnswers(tx, workspaceId, own);
  }
  return events.length;
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
export async function keepingWorkspaces(db: Queryable): Promise<{ id: string; days: number }[]> {
  return db.query(
    sql`select id, keep_messages_days as days from workspace where keep_messages_days is not null order by id`,
  );
}

/**
 * Deletes one batch of final messages older than `days`: oldest first, at most `max`. A message that WhatsApp
 * accepted and has not delivered stays for 30 days after it was sent, because it may still be delivered.
 */
export async function removeOld(
  tx: Queryable,
  workspaceId: string,
  days: number,
  max: number,
  now: Date | null,
): Promise<number> {
  const moment = sql`coalesce(${now}::timestamptz, now())`;
  const old = sql`m.created_at < ${moment} - ${days} * interval '1 day'
    and (m.status = 'cancelled' or coalesce(m.send_at < ${moment} - ${days} * interval '1 day', true)) and (m.status in ('delivered', 'read', 'played', 'failed', 'cancelled', 'expired', 'received')
    or m.status = 'sent' and m.sent_at < ${moment} - interval '30 days')
    and not exists (select 1 from open_message o where o.id = m.id)`;
  const rows = await tx.query<{ id: string }>(sql`
    select m.id from message m where m.workspace_id = ${workspaceId} and ${old} order by m.created_at limit ${max}`);
  if (rows.length === 0) return 0;
  const { removed } = await removeMessages(
    tx,
    rows.map(row => row.id),
    old,
    now,
  );
  return removed.messages;
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
