// The transitions of a campaign that people and programs bring about.
import type { CampaignState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { fieldsInWords } from '../../kit/http/routes.ts';
import type { CampaignRow, Who } from './campaign.ts';
import { problem } from './errors.ts';
import { forgetList } from './list-store.ts';
import { instantOfText } from './local-time.ts';
import { shortcomings } from './readiness-store.ts';
import { approvalAbove, moveTo, noteApproved, noteAsked } from './store.ts';

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

/** Whether a second person must approve a campaign of about this size, and has not. */
async function needsApproval(db: Queryable, campaign: CampaignRow, people: number): Promise<boolean> {
  const above = await approvalAbove(db, campaign.workspace_id);
  return above !== null && people > above && campaign.approved_at === null;
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
  if (await needsApproval(tx, campaign, people)) throw problem('approval_needed');
  const planned = isNow ? null : startOf(campaign);
  const isAhead = planned !== null && planned > at;
  if (campaign.state === 'draft') await forgetList(tx, campaign.id);
  const isFrozen = campaign.state === 'missed' && campaign.frozen_at !== null;
  const prepares = !isFrozen && (!isAhead || campaign.settings.recipients_at === 'schedule');
  const next = prepares ? 'preparing' : isAhead ? 'scheduled' : 'running';
  const startAt = isAhead ? planned : at;
  await moveTo(tx, campaign, next, { startedBy: by, scope, startAt, stepAt: prepares || !isAhead ? at : planned }, at);
}

/** Takes a scheduled campaign back to a draft. Its list is forgotten. */
export async function unschedule(tx: Queryable, campaign: CampaignRow, at: Date): Promise<void> {
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
  const isAhead = campaign.start_at !== null && campaign.start_at > at && campaign.started_at === null;
  const listed = isAhead ? 'scheduled' : 'running';
  const next = campaign.frozen_at === null ? 'preparing' : listed;
  const judgedFrom = campaign.state === 'held' ? at : undefined;
  const stepAt = next === 'scheduled' ? campaign.start_at : at;
  await moveTo(tx, campaign, next, { stepAt, unapplied: true, ...(judgedFrom && { judgedFrom }) }, at);
}

/** Cancels what has not begun; repeating it changes nothing. */
export async function cancel(tx: Queryable, campaign: CampaignRow, note: string | null, at: Date): Promise<void> {
  if (campaign.state === 'cancelled') return;
  demandState(campaign, ['draft', 'scheduled', 'missed', 'preparing', 'running', 'paused', 'held'], 'cancel');
  await moveTo(tx, campaign, 'cancelled', { note, stepAt: at, unapplied: true, ended: true }, at);
}

/** Asks a second person to approve a locked draft. */
export async function ask(tx: Queryable, campaign: CampaignRow, by: Who, at: Date): Promise<void> {
  demandState(campaign, ['draft'], 'ask for the approval of');
  const fields = await shortcomings(tx, campaign);
  if (fields.length > 0) throw problem('campaign_not_ready', fieldsInWords(fields), { fields });
  await noteAsked(tx, campaign.id, by, at);
}

/** Approves a locked draft that another person asked for. @throws AppError for the same person */
export async function approve(tx: Queryable, campaign: CampaignRow, by: Who, at: Date): Promise<void> {
  demandState(campaign, ['draft'], 'approve');
  if (campaign.asked_by === null) throw problem('campaign_state', 'Nobody asked for the approval of this campaign.');
  if (campaign.asked_by.id === by.id) throw problem('approval_by_same_person');
  await noteApproved(tx, campaign.id, by, at);
}
