// The lane of campaigns: prepares lists, feeds the queue, and holds, releases or ends what is queued.
import type { LaneKind } from '../../engine/lane.ts';
import type { Database } from '../../kit/db/database.ts';
import { AppError } from '../../kit/errors.ts';
import { holdCampaignMessages } from '../queue/index.ts';
import { accountsOf, sendingAccounts } from './accounts-store.ts';
import { noteSpend, releaseHeld, spendReason, spendReasonNow, takeBack } from './budget.ts';
import type { CampaignRow } from './campaign.ts';
import { type FeedNeeds, feedStep, type Shortage } from './feed.ts';
import { isUnderWay, isUnfinished, nextDue, openWave, passOnRecipients, waveProgress } from './feed-store.ts';
import { cancelQueued, cancelRecipients, lastOutcomesOf, markApplied, noteReason } from './lane-store.ts';
import { goOn } from './moves.ts';
import { prepareStep } from './prepare.ts';
import { brokenRule } from './stop-rules.ts';
import { isTemplateBack, stopOf, withoutAudience } from './stops.ts';
import { type Change, dueCampaigns, findAnyCampaign, moveTo, setStep } from './store.ts';

export interface CampaignLaneNeeds extends Omit<FeedNeeds, 'isMarketing'> {
  hasWindow: (channel: string) => boolean;
  wake: (campaignId: string) => void;
}

/** After this time a job ends, so that others have their turn. */
const sliceMs = 1_000;
/** The pause of a lane whose campaign waits for room in a queue, or for receipts. */
const pauseMs = 1_000;
/** How long after its time a campaign may still start by itself. */
const lateMs = 15 * 60_000;
const quarter = 250;
/** The pause of a lane that only waits for the last outcomes. */
const settleMs = 5_000;

/** Takes one step of a campaign. Returns after how many milliseconds it takes the next; undefined: somebody moves it. */
async function campaignStep(needs: CampaignLaneNeeds, campaign: CampaignRow): Promise<number | undefined> {
  if (campaign.unapplied && !(await applyState(needs, campaign))) return pauseMs;
  switch (campaign.state) {
    case 'scheduled':
      return startStep(needs, campaign);
    case 'preparing':
      return listStep(needs, campaign);
    case 'running':
      return runStep(needs, campaign);
    case 'held':
      return heldStep(needs, campaign);
    default:
      return undefined;
  }
}

/** Prepares a piece of the list. A list that cannot be made holds the campaign. */
async function listStep(needs: CampaignLaneNeeds, campaign: CampaignRow): Promise<number> {
  const { db, clock } = needs;
  try {
    const complete = await prepareStep(needs, campaign.id);
    if (complete === undefined) return await accountLost(needs, campaign);
    if (complete) await letGo(db, campaign, {}, new Date(clock.now()));
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    await move(db, campaign, 'held', { stepAt: null, reason: withoutAudience(error) }, new Date(clock.now()));
  }
  return 0;
}

/** Moves a campaign that is still in this state. Returns whether it was. */
async function move(
  db: Database,
  campaign: CampaignRow,
  state: CampaignRow['state'],
  change: Omit<Change, 'stepAt'> & { stepAt?: Date | null },
  at: Date,
): Promise<boolean> {
  return db.transaction(async tx => {
    const now = await findAnyCampaign(tx, campaign.id, 'update');
    if (now?.state !== campaign.state || now.state_at.getTime() !== campaign.state_at.getTime()) return false;
    await moveTo(tx, now, state, { stepAt: at, ...change }, at);
    return true;
  });
}

/** Lets a campaign that is still in this state go on. */
async function letGo(
  db: Database,
  campaign: CampaignRow,
  change: Omit<Change, 'stepAt' | 'reason'>,
  at: Date,
): Promise<void> {
  await db.transaction(async tx => {
    const now = await findAnyCampaign(tx, campaign.id, 'update');
    if (now?.state !== campaign.state || now.state_at.getTime() !== campaign.state_at.getTime()) return;
    await goOn(tx, now, change, at);
  });
}

/** The start of a scheduled campaign: in time, or as its rule for a missed start says. */
async function startStep({ db, clock }: CampaignLaneNeeds, campaign: CampaignRow): Promise<number | undefined> {
  const now = clock.now();
  const start = campaign.start_at?.getTime() ?? now;
  if (start > now) return start - now;
  const at = new Date(now);
  const { missed } = campaign.settings.start;
  if (now - start <= lateMs || missed === 'start') {
    await letGo(db, campaign, {}, at);
    return 0;
  }
  const detail = `It was to start at ${campaign.start_at?.toISOString()}. Recado was not running until ${at.toISOString()}.`;
  const reason = { code: 'missed_start' as const, detail, until: null };
  if (missed === 'skip')
    await move(db, campaign, 'cancelled', { stepAt: at, note: detail, ended: true, unapplied: true }, at);
  else await move(db, campaign, 'missed', { stepAt: null, reason }, at);
  return 0;
}

async function accountLost({ db, clock }: CampaignLaneNeeds, campaign: CampaignRow): Promise<number> {
  if ((await accountsOf(db, campaign)).length > 0) return quarter;
  const detail = 'None of its accounts exists any more. Cancel it, and send a copy from another account.';
  await move(
    db,
    campaign,
    'held',
    { stepAt: null, reason: { code: 'account_gone', detail, until: null } },
    new Date(clock.now()),
  );
  return 0;
}

async function runStep(needs: CampaignLaneNeeds, campaign: CampaignRow): Promise<number | undefined> {
  const { db, clock } = needs;
  const at = new Date(clock.now());
  const accounts = await accountsOf(db, campaign);
  if (accounts.length === 0) return accountLost(needs, campaign);
  const left = accounts.map(({ id }) => id);
  const gone = campaign.account_ids.filter(id => !left.includes(id));
  if (gone.length > 0) await passOnRecipients(db, campaign.id, gone, left);
  const outcomes = await lastOutcomesOf(db, campaign, accounts);
  const broken = brokenRule(outcomes, campaign.settings.stop_rules, campaign.judged_from !== null);
  // Once everybody had their turn there is nothing to hold.
  if (broken && (await isUnfinished(db, campaign.id))) {
    await move(db, campaign, 'held', { stepAt: at, reason: { ...broken, until: null }, unapplied: true }, at);
    return 0;
  }
  await noteSpend(db, campaign);
  await takeBack(needs, campaign);
  const short = await releaseHeld(needs, campaign);
  if (short === 'moved') return quarter;
  if (short) return runShort(needs, campaign, short);
  const wait = await waveWait(needs, campaign, at);
  if (wait === 'next') return 0;
  const { isMarketing } = await sendingAccounts(db, campaign, accounts, needs.hasWindow);
  const result = await feedStep({ ...needs, isMarketing }, campaign);
  if ('moved' in result) return quarter;
  if ('stopped' in result) {
    await move(db, campaign, 'held', { stepAt: at, reason: stopOf(result.stopped), unapplied: true }, at);
    return 0;
  }
  if (result.fed > 0 && !result.waits) return 0;
  if (result.short) return runShort(needs, campaign, result.short);
  if (result.waits) return pauseMs;
  const due = await nextDue(db, campaign.id, campaign.wave);
  if (due && due > at) return Math.min(60_000, due.getTime() - at.getTime());
  if (due || wait === 'open') return pauseMs;
  if (await isUnfinished(db, campaign.id)) return settleMs;
  await move(db, campaign, 'done', { stepAt: null, ended: true }, at);
  return undefined;
}

/**
 * Opens the next wave once enough people of this one have a receipt, or its time is over. `last`: there is none; `open`:
 * the wave is not over; `next`: the next one is open.
 */
async function waveWait({ db }: CampaignLaneNeeds, campaign: CampaignRow, at: Date): Promise<'last' | 'open' | 'next'> {
  const { waves } = campaign.settings;
  if (!waves || campaign.wave > waves.sizes.length) return 'last';
  const { people, pending, heard, lastAt } = await waveProgress(db, campaign.id, campaign.wave);
  const isOver =
    pending === 0 &&
    (people === 0 ||
      (heard / people) * 100 >= waves.receipts ||
      (lastAt !== null && at.getTime() - lastAt.getTime() >= waves.wait_minutes * 60_000));
  if (!isOver) return 'open';
  await openWave(db, campaign.id, campaign.wave + 1, at);
  return 'next';
}

/** What is queued is paid for and leaves; one that fails pays for the next. Then the cap holds the campaign. */
async function runShort({ db, clock }: CampaignLaneNeeds, campaign: CampaignRow, short: Shortage): Promise<number> {
  if (await isUnderWay(db, campaign.id)) return pauseMs;
  const at = new Date(clock.now());
  await move(db, campaign, 'held', { stepAt: at, reason: spendReason(short), unapplied: true }, at);
  return 0;
}

/**
 * A campaign that waits for its template, or for a higher cap, goes on by itself. One whose people all had their turn is
 * done, whatever held it.
 */
async function heldStep(needs: CampaignLaneNeeds, campaign: CampaignRow): Promise<number | undefined> {
  const { db, clock } = needs;
  const at = new Date(clock.now());
  if (campaign.frozen_at && !(await isUnfinished(db, campaign.id))) {
    await move(db, campaign, 'done', { stepAt: null, ended: true }, at);
    return undefined;
  }
  const { code } = campaign.reason ?? {};
  // Calls under way end, and may be the last.
  if (code !== 'template_paused' && code !== 'spend_cap')
    return (await isUnderWay(db, campaign.id)) ? settleMs : undefined;
  const reason = code === 'spend_cap' ? await spendReasonNow(needs, campaign) : undefined;
  if (reason) await noteReason(db, campaign, reason);
  if (reason || (code === 'template_paused' && !(await isTemplateBack(db, campaign)))) return 10_000;
  await letGo(db, campaign, { unapplied: true }, at);
  return 0;
}

/** Makes the queue fit the state of a campaign. Returns whether it does. */
async function applyState(needs: CampaignLaneNeeds, campaign: CampaignRow): Promise<boolean> {
  const { db, clock } = needs;
  const now = () => clock.sqlNow();
  if (campaign.state === 'cancelled') {
    await cancelRecipients(db, campaign.id);
    // A call under way may still come back to the queue.
    for (;;) {
      const { messages, accounts } = await cancelQueued(db.atomic, campaign.id, 1_000, now());
      for (const id of accounts) needs.wakeAccount(id);
      if (messages < 1_000) break;
    }
    if (await isUnfinished(db, campaign.id)) return false;
  } else if (campaign.state === 'paused' || campaign.state === 'held') {
    for (const id of campaign.account_ids) {
      await holdCampaignMessages(db, id, campaign.id, now());
      needs.wakeAccount(id);
    }
  }
  await markApplied(db, campaign);
  return true;
}

/** The lane kind of campaigns; the key is the UUID of one. */
export function campaignLane(needs: CampaignLaneNeeds): LaneKind {
  const { db, clock } = needs;
  return {
    kind: 'campaign',
    concurrency: 1,
    async claim(key) {
      const job = {
        async run() {
          const end = clock.elapsed() + sliceMs;
          for (;;) {
            const campaign = await findAnyCampaign(db, key);
            if (!campaign) return undefined;
            const wait = await campaignStep(needs, campaign);
            if (wait === 0 && clock.elapsed() < end) continue;
            // A move of its own set the time of the next step: this is for the state that the step saw.
            await setStep(db, campaign, wait === undefined ? null : new Date(clock.now() + wait));
            if (wait === 0) needs.wake(key);
            return wait === 0 ? undefined : wait;
          }
        },
        release: async () => {},
      };
      return { jobs: [job], waitMs: undefined, more: false };
    },
    due: () => dueCampaigns(db, clock.sqlNow()),
  };
}
