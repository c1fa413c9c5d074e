// Why all messages of a running campaign wait, by the same reasons as those of a message.
import type { WaitingReason } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { waitingOfSome } from '../messages/index.ts';

/** Why no message of a campaign leaves now. */
export interface CampaignWaiting {
  reason: WaitingReason;
  until: Date | null;
  /** The account (UUID) whose messages wait for this. */
  account_id: string;
  /** How many of its messages wait, in all accounts. */
  messages: number;
}

/** Messages that wait for these are sent at the pace of their account. */
const moving = new Set<WaitingReason>(['next', 'rate_limit', 'conversation_order']);

/**
 * The reason of the message that would leave first in each account of these campaigns, the soonest; none where a message is
 * being called, or only waits for its turn.
 */
export async function waitingOfCampaigns(
  db: Queryable,
  campaignIds: readonly string[],
  storageFull: boolean,
  now: Date | null,
): Promise<Map<string, CampaignWaiting>> {
  const found = new Map<string, CampaignWaiting>();
  if (campaignIds.length === 0) return found;
  const rows = await db.query<{ campaign_id: string; account_id: string; n: number; calls: number; id: string }>(sql`
    select o.campaign_id, o.account_id, count(*) filter (where o.state <> 'sending')::int as n,
      count(*) filter (where o.state = 'sending')::int as calls,
      (array_agg(o.id order by o.state = 'queued' desc, o.head desc, o.ready_at, o.seq)
        filter (where o.state <> 'sending'))[1] as id
    from open_message o where o.campaign_id = any (${[...campaignIds]}::uuid[]) and o.state <> 'unknown' group by 1, 2`);
  const firsts = rows.flatMap(({ id }) => id ?? []);
  const reasons = new Map((await waitingOfSome(db, firsts, storageFull, now)).map(each => [each.id, each]));
  for (const campaignId of campaignIds) {
    const own = rows.filter(row => row.campaign_id === campaignId);
    if (own.length === 0 || own.some(({ calls }) => calls > 0)) continue;
    const waits = own.flatMap(row => {
      const waiting = reasons.get(row.id);
      return waiting ? [{ ...waiting, account_id: row.account_id }] : [];
    });
    const [first] = waits.sort((a, b) => (a.until?.getTime() ?? Infinity) - (b.until?.getTime() ?? Infinity));
    if (!first || waits.length < own.length || waits.some(({ reason }) => moving.has(reason))) continue;
    const messages = own.reduce((sum, { n }) => sum + n, 0);
    found.set(campaignId, { reason: first.reason, until: first.until, account_id: first.account_id, messages });
  }
  return found;
}
