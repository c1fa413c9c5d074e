// The lane of campaigns reads outcomes here, and ends messages in the queue.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { AccountRow } from './accounts-store.ts';
import type { CampaignRow, StoredReason } from './campaign.ts';
import { lastOutcomes, type Outcomes } from './stop-rules.ts';

const worst = (qualities: readonly (string | null)[]) =>
  ['RED', 'YELLOW'].find(quality => qualities.some(each => each?.toUpperCase() === quality)) ?? null;

/** The last outcomes of a campaign since somebody resumed it in spite of its rules. */
export async function lastOutcomesOf(
  db: Queryable,
  campaign: CampaignRow,
  accounts: readonly AccountRow[],
): Promise<Outcomes> {
  const since = campaign.judged_from ?? new Date(0);
  const rows = await db.query<{ code: string | null; opted_out: boolean }>(sql`
    select case when m.status = 'failed' then coalesce(m.error_code, 'none') end as code, r.opted_out_at is not null as opted_out
    from (select * from campaign_recipient where campaign_id = ${campaign.id} and accepted_at > ${since}
      order by accepted_at desc limit 6000) r
    join message m on m.id = r.message_id
    where m.status in ('sent', 'delivered', 'read', 'played', 'failed')
    order by r.accepted_at desc, r.number desc limit ${lastOutcomes}`);
  const first = await db.query<{ code: string | null }>(sql`
    select case when m.status = 'failed' then coalesce(m.error_code, 'none') end as code
    from (select * from campaign_recipient where campaign_id = ${campaign.id} and accepted_at > ${since}
      order by accepted_at, number limit 3) r
    join message m on m.id = r.message_id where m.status in ('sent', 'delivered', 'read', 'played', 'failed')
    order by r.accepted_at, r.number`);
  const failed: Record<string, number> = {};
  for (const { code } of rows) if (code !== null) failed[code] = (failed[code] ?? 0) + 1;
  return {
    n: rows.length,
    failed,
    optedOut: rows.filter(row => row.opted_out).length,
    quality: worst(accounts.map(({ quality }) => quality)),
    first: first.map(({ code }) => code),
  };
}

/** Records that the queue fits the state of a campaign, unless somebody moved it meanwhile. */
export async function markApplied(db: Queryable, { id, state, state_at }: CampaignRow): Promise<void> {
  await db.query(
    sql`update campaign set unapplied = false where id = ${id} and state = ${state} and state_at = ${state_at}`,
  );
}

/** Cancels the recipients of a cancelled campaign that have no message yet, in pieces. */
export async function cancelRecipients(db: Queryable, id: string): Promise<void> {
  for (;;) {
    const rows =
      await db.query(sql`update campaign_recipient set state = 'cancelled', kept = null where campaign_id = ${id}
      and contact_id = any (array(select contact_id from campaign_recipient where campaign_id = ${id} and state = 'pending'
        limit 10000)) returning 1`);
    if (rows.length < 10_000) return;
  }
}

/** Cancels messages of a campaign that have not begun, at most `most`. Returns how many, and their accounts. */
export async function cancelQueued(
  db: Queryable,
  id: string,
  most: number,
  now: Date | null,
): Promise<{ messages: number; accounts: string[] }> {
  const [row] = await db.query<{ messages: number; accounts: string[] }>(sql`
    select count(*)::int as messages, coalesce(array_agg(distinct account_id), '{}') as accounts
    from end_open(${now}, array(select id from open_message where campaign_id = ${id}
      and state in ('scheduled', 'queued', 'held') limit ${most}), 'cancelled', '{"reason": "campaign_cancelled"}')`);
  return row ?? { messages: 0, accounts: [] };
}

/** Tells once that 80 % of the cap of a campaign are spent. */
export async function warnOfSpend(db: Queryable, { id, workspace_id: workspaceId }: CampaignRow): Promise<void> {
  await db.query(sql`
    with warned as (update campaign set spend_warned = true where id = ${id} and not spend_warned returning 1)
    select append_cap_event('approached', ${workspaceId}, null, null, ${id}) from warned`);
}

/** Words the reason of a held campaign anew, where its figures are others by now. */
export async function noteReason(db: Queryable, { id, state_at }: CampaignRow, reason: StoredReason): Promise<void> {
  const words = JSON.stringify(reason);
  await db.query(sql`update campaign set reason = ${words}::jsonb
    where id = ${id} and state = 'held' and state_at = ${state_at} and reason is distinct from ${words}::jsonb`);
}
