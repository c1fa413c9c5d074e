// Queued messages of a template that WhatsApp does not send for now, and of a stopped campaign.
import { call } from '../../kit/db/call.ts';
import { inChunks } from '../../kit/db/chunks.ts';
import type { Database, Queryable } from '../../kit/db/database.ts';

/** The most messages that one transaction holds or releases. */
const atOnce = 1_000;

/** Holds or releases the queued messages of an account that use a template, in batches. */
export async function moveTemplateMessages(
  db: Queryable,
  what: 'hold_template' | 'release_template',
  accountId: string,
  { name, language }: { name: string; language: string },
  now: Date | null,
): Promise<number> {
  const args = { p_now: now, p_account: accountId, p_name: name, p_language: language, p_max: atOnce };
  for (let total = 0; ; ) {
    const moved =
      what === 'hold_template'
        ? (await call(db, 'hold_template', args))[0]?.hold_template
        : (await call(db, 'release_template', args))[0]?.release_template;
    total += moved ?? 0;
    if ((moved ?? 0) < atOnce) return total;
  }
}

/** Holds the queued messages of a campaign in an account, in batches. */
export const holdCampaignMessages = (db: Database, accountId: string, campaignId: string, now: Date | null) =>
  inChunks(atOnce, async () => {
    const args = { p_now: now, p_account: accountId, p_campaign: campaignId, p_max: atOnce };
    return (await call(db, 'hold_campaign', args))[0]?.hold_campaign ?? 0;
  });

/** Takes back the estimates of the messages that a campaign holds in an account, in batches. */
export const freeEstimates = (db: Database, accountId: string, campaignId: string) =>
  inChunks(atOnce, async () => {
    const args = { p_account: accountId, p_campaign: campaignId, p_max: atOnce };
    return (await call(db, 'free_estimates', args))[0]?.free_estimates ?? 0;
  });
