// What operators and callers mean by a filter, and cancelling what of it waits.
import type { SkippedCode } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, join, sql } from '../../kit/db/sql.ts';

export interface WaitingFilter {
  accountId?: string | undefined;
  contactId?: string | undefined;
  conversationId?: string | undefined;
  batchId?: string | undefined;
  campaignId?: string | undefined;
  messageId?: string | undefined;
  /** UUIDs. */
  ids?: readonly string[] | undefined;
  status?: 'scheduled' | 'queued' | undefined;
  priority?: number | undefined;
  from?: string | undefined;
  until?: string | undefined;
  errorCode?: string | undefined;
  /** Of templates. */
  category?: string | undefined;
}

export const matching = (filter: WaitingFilter): Fragment =>
  all([
    filter.accountId !== undefined && sql`m.account_id = ${filter.accountId}`,
    filter.contactId !== undefined &&
      sql`m.conversation_id = any (array(select id from conversation where contact_id = ${filter.contactId}))`,
    filter.conversationId !== undefined && sql`m.conversation_id = ${filter.conversationId}`,
    filter.batchId !== undefined && sql`m.batch_id = ${filter.batchId}`,
    filter.campaignId !== undefined && sql`m.campaign_id = ${filter.campaignId}`,
    filter.messageId !== undefined && sql`m.id = ${filter.messageId}`,
    filter.ids !== undefined && sql`m.id = any (${[...filter.ids]}::uuid[])`,
    filter.status !== undefined && sql`m.status = ${filter.status}`,
    filter.priority !== undefined && sql`m.priority = ${filter.priority}`,
    filter.errorCode !== undefined && sql`m.error_code = ${filter.errorCode}`,
    filter.category !== undefined && sql`m.category = ${filter.category}`,
    filter.from !== undefined && sql`m.created_at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`m.created_at < ${filter.until}::timestamptz`,
  ]);

/** How many messages were moved, and the accounts whose queues may move again. */
export interface Moved {
  messages: number;
  accounts: string[];
}

/** How many messages that fit a filter are left out, by reason. */
export interface Skipped {
  code: SkippedCode;
  count: number;
}

/** How many messages a statement cancels where there may be very many: far fewer than it has the time for. */
export const cancelledAtOnce = 10_000;

/** Why messages are cancelled, and by whom (an API id), for the timeline. */
export interface CancelReason {
  reason: string;
  by?: string | undefined;
}

/** Heads, the messages behind them, held and scheduled messages have an index each. No reader needs other messages. */
const waitingIn = [
  { is: sql`o.head and o.state = 'queued'`, order: sql`o.priority, o.ready_at, o.seq` },
  { is: sql`not o.head and o.state = 'queued'`, order: sql`o.seq` },
  { is: sql`o.state = 'held'`, order: sql`o.ready_at` },
  { is: sql`o.state = 'scheduled'`, order: sql`o.ready_at` },
];

/**
 * The messages of an account that wait in one of these ways and fit a filter, at most `max`, by the order of an index of
 * its own. Conversation and campaign are known of an open message, so its indexes find them. Batches and ids are not:
 * there the planner may begin with messages. Elsewhere `offset 0` keeps it from joining all that waits for each piece.
 */
function someWaiting(filter: WaitingFilter, { is, order }: (typeof waitingIn)[number], max: number): Fragment {
  const { contactId, conversationId, campaignId, ...others } = filter;
  const open = all([
    is,
    contactId !== undefined &&
      sql`o.conversation_id = any (array(select id from conversation where contact_id = ${contactId}))`,
    conversationId !== undefined && sql`o.conversation_id = ${conversationId}`,
    campaignId !== undefined && sql`o.campaign_id = ${campaignId}`,
  ]);
  const mayBeginWithMessages = others.batchId !== undefined || others.ids !== undefined;
  return sql`(
    select o.id from open_message o cross join lateral (select 1 from message m
      where m.id = o.id and ${matching(others)} ${mayBeginWithMessages ? sql`` : sql`offset 0`}) m
    where o.account_id = a.id and ${open} order by ${order} limit ${max})`;
}

/** The accounts that have something waiting that a filter means. */
export async function waitingAccounts(db: Queryable, workspaceId: string, filter: WaitingFilter): Promise<string[]> {
  const { accountId, contactId, conversationId, batchId, ids } = filter;
  const which = all([
    sql`a.workspace_id = ${workspaceId}`,
    accountId !== undefined && sql`a.id = ${accountId}`,
    contactId !== undefined && sql`a.id in (select account_id from conversation where contact_id = ${contactId})`,
    conversationId !== undefined && sql`a.id in (select account_id from conversation where id = ${conversationId})`,
    batchId !== undefined && sql`a.id in (select account_id from message where batch_id = ${batchId})`,
    ids !== undefined && sql`a.id in (select account_id from message where id = any (${[...ids]}::uuid[]))`,
  ]);
  const rows = await db.query<{ id: string }>(sql`select a.id from account a
    where ${which} and coalesce(${join(waitingIn.map(way => someWaiting(filter, way, 1)))}) is not null order by a.id`);
  return rows.map(row => row.id);
}

/** At most `max` waiting messages of accounts that match a filter. */
async function pickWaiting(tx: Queryable, workspaceId: string, filter: WaitingFilter, max: number): Promise<string[]> {
  if (filter.messageId !== undefined) return [filter.messageId];
  const accounts = await waitingAccounts(tx, workspaceId, filter);
  const ways = waitingIn.map(way => someWaiting(filter, way, max));
  const rows = await tx.query<{ id: string }>(sql`select x.id from unnest(${accounts}::uuid[]) a(id)
    cross join lateral (${ways.reduce((left, right) => sql`${left} union all ${right}`)}) x limit ${max}`);
  return rows.map(row => row.id);
}

/**
 * Cancels what is scheduled or queued and fits the filter, at most `max`. A message being claimed is either gone
 * or cancelled, never both.
 */
export async function cancelWaiting(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter,
  why: CancelReason,
  now: Date | null,
  max = 1_000_000,
): Promise<Moved> {
  const picked = await pickWaiting(tx, workspaceId, filter, max);
  if (picked.length === 0) return { messages: 0, accounts: [] };
  const [row] = await tx.query<Moved>(sql`
    select count(*)::int as messages, coalesce(array_agg(distinct account_id), '{}') as accounts
    from end_open(${now}, ${picked}::uuid[], 'cancelled', ${JSON.stringify(why)})`);
  return row ?? { messages: 0, accounts: [] };
}
