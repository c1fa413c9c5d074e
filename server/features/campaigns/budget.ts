// Keeps a campaign within its budget: what it queues is reserved before, and what is beyond a cap waits without a claim on it.
import type { Database } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import { type Budget, budgetOf, campaignSpend, lockBudget } from '../cost/index.ts';
import { releaseReserved } from '../messages/index.ts';
import { freeEstimates, holdCampaignMessages, lockLanesOf } from '../queue/index.ts';
import { type CampaignRow, type StoredReason, spenderOf } from './campaign.ts';
import type { Shortage } from './feed.ts';
import { hasHeld } from './feed-store.ts';
import { warnOfSpend } from './lane-store.ts';
import { findAnyCampaign } from './store.ts';

interface BudgetNeeds {
  db: Database;
  clock: Clock;
  wakeAccount: (accountId: string) => void;
}

/** The most messages that one transaction releases. */
const atOnce = 1_000;
const warnedFrom = 0.8;

/** Tells once that 80 % of the cap of a campaign are used. */
export async function noteSpend(db: Database, campaign: CampaignRow): Promise<void> {
  const spend = await campaignSpend(db, campaign.workspace_id, campaign.id, campaign.settings.stop_rules.spent ?? null);
  if (spend && (spend.share ?? 0) >= warnedFrom) await warnOfSpend(db, campaign);
}

/** Where more is reserved than a cap allows, takes the queued messages of a campaign back, and what they were to cost. */
export async function takeBack({ db, clock, wakeAccount }: BudgetNeeds, campaign: CampaignRow): Promise<void> {
  const budget = await budgetOf(db, spenderOf(campaign, campaign.account_ids), clock.sqlNow());
  if (!budget || Number(budget.left) >= 0) return;
  for (const id of campaign.account_ids) {
    await holdCampaignMessages(db, id, campaign.id, clock.sqlNow());
    await freeEstimates(db, id, campaign.id);
    wakeAccount(id);
  }
}

/**
 * Queues messages that a campaign held while it was stopped, as far as its budget pays for them. Returns the shortage where
 * it does not pay for all; `moved`: somebody moved the campaign.
 */
export async function releaseHeld(
  { db, clock, wakeAccount }: BudgetNeeds,
  campaign: CampaignRow,
): Promise<Shortage | 'moved' | undefined> {
  if (!(await hasHeld(db, campaign.id))) return undefined;
  for (;;) {
    const result = await db.transaction(async tx => {
      const at = await lockLanesOf(tx, campaign.account_ids, clock.sqlNow());
      const row = await findAnyCampaign(tx, campaign.id, 'share');
      if (row?.state !== 'running') return 'moved' as const;
      const budget = await lockBudget(tx, spenderOf(row, row.account_ids), clock.sqlNow());
      const { released, needs } = await releaseReserved(tx, campaign.id, budget?.left ?? null, at, atOnce);
      return { released, short: budget && needs !== null ? { ...budget, needs } : undefined };
    });
    for (const id of campaign.account_ids) wakeAccount(id);
    if (result === 'moved') return result;
    if (result.short || result.released < atOnce) return result.short;
  }
}

/** Whose cap it is, in words. */
const owners: Record<Budget['of'], string> = {
  campaign: 'its cap',
  workspace: 'the cap of the workspace',
  account: 'the cap of an account',
};

/** Why a shortage holds a campaign. */
export function spendReason({ of, currency, amount, cap, needs }: Shortage): StoredReason {
  const sum = of === 'campaign' ? `It costs ${currency} ${amount}` : `The month costs ${currency} ${amount}`;
  const next = Number(needs) > 0 ? `, and the next message costs ${currency} ${needs}` : '';
  const until = of === 'campaign' ? '' : ', or in the next month';
  const detail = `${sum}, ${owners[of]} is ${currency} ${cap}${next}. It goes on by itself once somebody raises the cap${until}.`;
  return { code: 'spend_cap', detail, until: null, needs };
}

/** Why a campaign that a cap holds stays held now; undefined once its budget pays for the next message. */
export async function spendReasonNow(
  { db, clock }: Pick<BudgetNeeds, 'db' | 'clock'>,
  campaign: CampaignRow,
): Promise<StoredReason | undefined> {
  const budget = await budgetOf(db, spenderOf(campaign, campaign.account_ids), clock.sqlNow());
  const needs = campaign.reason?.needs;
  if (!budget) return undefined;
  // An older program holds without a price: anything that is left lets it try.
  if (needs === undefined) return Number(budget.left) > 0 ? undefined : (campaign.reason ?? undefined);
  return Number(budget.left) >= Number(needs) ? undefined : spendReason({ ...budget, needs });
}
