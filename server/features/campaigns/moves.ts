// The transitions of a campaign that people and programs bring about.
import type { CampaignState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { fieldsInWords } from '../../kit/http/routes.ts';
import { barsInWords } from './approval.ts';
import { approvalLackOf, approversOf, noteSaid, tellApproval, templatesOf } from './approval-store.ts';
import { type Approval, approvalOf, type CampaignRow, type Who, waitsForApproval } from './campaign.ts';
import { problem } from './errors.ts';
import { forgetList } from './list-store.ts';
import { instantOfText } from './local-time.ts';
import { shortcomings } from './readiness-store.ts';
import { approvalAbove, type Change, moveTo, noteApproved, noteAsked, noteRefused } from './store.ts';

const names: Record<CampaignState, string> = {
  draft: 'a draft',
  scheduled: 'scheduled',
  missed: 'waiting for a decision about its missed start',
  preparing: 'preparing its list',
  running: 'running',
  paused: 'paused',
  held: 'held by a rule',
  done: 'done',
  cancelled: 'cancelled',
};

/** @throws AppError if the campaign is in none of these states */
export function demandState(campaign: CampaignRow, states: readonly CampaignState[], verb: string): void {
  if (!states.includes(campaign.state))
    throw problem('campaign_state', `The campaign is ${names[campaign.state]}. Recado cannot ${verb} it now.`);
}

/** The earliest time anywhere: 14 hours before that of UTC. */
const earliest = (local: string) => instantOfText(local, 'UTC') - 14 * 3_600_000;

/** When a campaign is to start by its settings; null for now. */
function startOf({ settings: { start } }: CampaignRow): Date | null {
  if (start.at !== undefined) return new Date(start.at);
  return start.local === undefined ? null : new Date(earliest(start.local));
}

/**
 * Lets a campaign go on: to its list where that is not complete, else to its start or to sending. A list that lacks its
 * approval holds it instead. No other function moves a campaign to `running` before its first message.
 */
export async function goOn(
  tx: Queryable,
  campaign: CampaignRow,
  change: Omit<Change, 'stepAt' | 'reason'>,
  at: Date,
): Promise<void> {
  if (campaign.frozen_at === null) return moveTo(tx, campaign, 'preparing', { ...change, stepAt: at }, at);
  const reason = await approvalLackOf(tx, campaign);
  if (reason) return moveTo(tx, campaign, 'held', { ...change, reason, stepAt: null }, at);
  const { start_at: startAt, started_at: startedAt } = campaign;
  const isAhead = startAt !== null && startAt > at && startedAt === null;
  return moveTo(tx, campaign, isAhead ? 'scheduled' : 'running', { ...change, stepAt: isAhead ? startAt : at }, at);
}

interface Starting {
  by: Who;
  at: Date;
  isNow: boolean;
  /** About how many people are in the audience. */
  people: number;
  /** The accounts (UUIDs) that who starts it is limited to; null for all. */
  scope: readonly string[] | null;
}

/** Starts or schedules a locked draft. `isNow`: whatever its settings say of the time. */
export async function start(
  tx: Queryable,
  campaign: CampaignRow,
  { by, at, isNow, people, scope }: Starting,
): Promise<void> {
  demandState(campaign, ['draft', 'missed'], 'start');
  const fields = await shortcomings(tx, campaign);
  if (fields.length > 0) throw problem('campaign_not_ready', fieldsInWords(fields), { fields });
  const above = await approvalAbove(tx, campaign.workspace_id);
  const isFrozen = campaign.state === 'missed' && campaign.frozen_at !== null;
  if (!isFrozen && above !== null && people > above && !approvalOf(campaign))
    throw problem('approval_needed', await howToApprove(tx, campaign, above));
  const planned = isNow ? null : startOf(campaign);
  const isAhead = planned !== null && planned > at;
  if (campaign.state === 'draft') await forgetList(tx, campaign.id);
  const prepares = !isAhead || campaign.settings.recipients_at === 'schedule';
  const change = { startedBy: by, scope, startAt: isAhead ? planned : at };
  if (isFrozen) await goOn(tx, { ...campaign, start_at: change.startAt, started_by: by }, change, at);
  else if (prepares) await moveTo(tx, campaign, 'preparing', { ...change, stepAt: at }, at);
  else await moveTo(tx, campaign, 'scheduled', { ...change, stepAt: planned }, at);
}

/** Takes a campaign back to a draft that is scheduled, missed its start, or waits for an approval. Its list is forgotten. */
export async function unschedule(tx: Queryable, campaign: CampaignRow, at: Date): Promise<void> {
  if (!(campaign.state === 'held' && waitsForApproval(campaign)))
    demandState(campaign, ['scheduled', 'missed'], 'change');
  await forgetList(tx, campaign.id);
  await moveTo(tx, campaign, 'draft', { stepAt: null, startAt: null }, at);
}

/** Pauses a campaign; repeating it changes nothing. */
export async function pause(tx: Queryable, campaign: CampaignRow, note: string | null, at: Date): Promise<void> {
  if (campaign.state === 'paused') return;
  demandState(campaign, ['preparing', 'running', 'held'], 'pause');
  await moveTo(tx, campaign, 'paused', { note, stepAt: at, unapplied: true }, at);
}

/** Resumes a paused or held campaign; repeating it changes nothing. Outcomes until now hold it no more. */
export async function resume(tx: Queryable, campaign: CampaignRow, at: Date): Promise<void> {
  if (campaign.state === 'running' || campaign.state === 'preparing' || campaign.state === 'scheduled') return;
  demandState(campaign, ['paused', 'held'], 'resume');
  if (waitsForApproval(campaign)) {
    const lack = await approvalLackOf(tx, campaign);
    if (lack) throw problem('approval_needed', lack.detail);
  }
  const judgedFrom = campaign.state === 'held' ? at : undefined;
  await goOn(tx, campaign, { unapplied: true, ...(judgedFrom && { judgedFrom }) }, at);
}

/** Cancels what has not begun; repeating it changes nothing. */
export async function cancel(tx: Queryable, campaign: CampaignRow, note: string | null, at: Date): Promise<void> {
  if (campaign.state === 'cancelled') return;
  demandState(campaign, ['draft', 'scheduled', 'missed', 'preparing', 'running', 'paused', 'held'], 'cancel');
  await moveTo(tx, campaign, 'cancelled', { note, stepAt: at, unapplied: true, ended: true }, at);
}

/** Where a campaign waits for an approval. @throws AppError elsewhere */
function demandAskable(campaign: CampaignRow, verb: string): void {
  if (!(campaign.state === 'held' && waitsForApproval(campaign))) demandState(campaign, ['draft'], verb);
}

/** Asks a second person to approve a locked draft, or a campaign that is held for its approval. */
export async function ask(tx: Queryable, campaign: CampaignRow, by: Who, at: Date): Promise<void> {
  demandAskable(campaign, 'ask for the approval of');
  const fields = await shortcomings(tx, campaign);
  if (fields.length > 0) throw problem('campaign_not_ready', fieldsInWords(fields), { fields });
  await noteAsked(tx, campaign.id, by, at);
  await noteSaid(tx, campaign, { kind: 'asked', by, at });
  await tellApproval(tx, campaign, 'campaign.approval_asked');
}

/**
 * Approves a locked draft that another person asked for, or a campaign that is held for its approval, which goes on.
 * @throws AppError for keys, and for the people who may not
 */
export async function approve(
  tx: Queryable,
  campaign: CampaignRow,
  by: Who,
  reach: Pick<Approval, 'people' | 'cost'>,
  at: Date,
): Promise<void> {
  if (by.kind !== 'person') throw problem('approval_by_key');
  demandAskable(campaign, 'approve');
  if (campaign.state === 'draft' && campaign.asked_by === null)
    throw problem('campaign_state', 'Nobody asked for the approval of this campaign.');
  const approver = (await approversOf(tx, campaign)).find(({ id }) => id === by.id);
  if (!approver || approver.bars.length > 0)
    throw problem('approval_by_same_person', barsInWords(approver?.bars ?? []));
  const approval = { ...reach, revision: campaign.revision, templates: await templatesOf(tx, campaign) };
  await noteApproved(tx, campaign.id, by, approval, at);
  const { name, settings } = campaign;
  await noteSaid(tx, campaign, { kind: 'approved', by, at, ...reach, name, settings });
  await tellApproval(tx, campaign, 'campaign.approved');
  if (campaign.state === 'held') await goOn(tx, { ...campaign, approval, approved_at: at, approved_by: by }, {}, at);
}

/** Refuses the approval of a campaign. One that is held for it becomes a draft again. */
export async function refuse(
  tx: Queryable,
  campaign: CampaignRow,
  by: Who,
  note: string | null,
  at: Date,
): Promise<void> {
  demandAskable(campaign, 'refuse');
  if (campaign.state === 'draft' && campaign.asked_by === null)
    throw problem('campaign_state', 'Nobody asked for the approval of this campaign.');
  await noteRefused(tx, campaign.id);
  await noteSaid(tx, campaign, { kind: 'refused', by, at, note });
  if (campaign.state === 'held') await unschedule(tx, campaign, at);
  await tellApproval(tx, campaign, 'campaign.refused');
}

/** What to do about an approval that a campaign lacks: who may give it. */
async function howToApprove(db: Queryable, campaign: CampaignRow, above: number): Promise<string> {
  const names = (await approversOf(db, campaign)).filter(({ bars }) => bars.length === 0).map(({ name }) => name);
  const rule = `Above ${above} people a second person must approve the campaign.`;
  if (names.length > 0) return `${rule} These may: ${names.slice(0, 10).join(', ')}.`;
  return `${rule} Nobody may: give another person the role owner or admin, or let an owner raise the limit with PATCH /api/v1/workspace/campaigns.`;
}
