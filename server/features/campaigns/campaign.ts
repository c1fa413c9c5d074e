// The row of a campaign, and how the API shows it.
import type { Campaign, CampaignCounts, CampaignReason, CampaignSettings, CampaignState } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { Spender } from '../cost/index.ts';
import type { CampaignWaiting } from './waiting-store.ts';

/** The actor of something: a person or an API key, by its UUID. */
export interface Who {
  kind: 'person' | 'api_key';
  id: string;
  name: string | null;
}

export interface StoredReason {
  code: CampaignReason;
  detail: string;
  until: string | null;
  /** Of a spend cap: what the next message costs. It goes on once the cap leaves as much. */
  needs?: string;
}

/** What an approval is for. */
export interface Approval {
  revision: number;
  people: number;
  cost: { currency: string; high: string } | null;
  /** A hash of the texts of its templates. */
  templates: string;
}

export interface CampaignRow {
  id: string;
  workspace_id: string;
  name: string;
  state: CampaignState;
  reason: StoredReason | null;
  note: string | null;
  state_at: Date;
  settings: CampaignSettings;
  /** UUIDs. */
  account_ids: string[];
  revision: number;
  created_by: Who;
  /** Who changed its settings last; null for its creator. */
  changed_by: Who | null;
  started_by: Who | null;
  /** The accounts (UUIDs) that its starter is limited to; null for all. Segments look at no others. */
  scope: string[] | null;
  asked_by: Who | null;
  asked_at: Date | null;
  approved_by: Who | null;
  approved_at: Date | null;
  /** Null without an approval, and of one that an older program noted. */
  approval: Approval | null;
  start_at: Date | null;
  frozen_to: string | null;
  frozen_at: Date | null;
  looked_at: number;
  /** The rows of its list, and those of people to write to. */
  listed: number;
  people: number;
  wave: number;
  wave_at: Date | null;
  judged_from: Date | null;
  step_at: Date | null;
  unapplied: boolean;
  started_at: Date | null;
  ended_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export const approvalNeeded = 'approval_needed' satisfies CampaignReason;

/** The approval of a campaign as it is now; undefined where there is none, or it was changed since. */
export function approvalOf({ approval, approved_at, revision }: CampaignRow): Approval | undefined {
  return approved_at !== null && approval?.revision === revision ? approval : undefined;
}

/** Whether a campaign waits until a second person approves it. */
export const waitsForApproval = ({ state, reason, asked_by, approved_at }: CampaignRow): boolean =>
  state === 'draft' ? asked_by !== null && approved_at === null : state === 'held' && reason?.code === approvalNeeded;

/** The parts of a campaign that are stored elsewhere. */
export interface Beside {
  counts: CampaignCounts;
  /** How many contacts the workspace has. */
  contacts: number;
  needsApproval: boolean;
  /** Why all of its messages wait; undefined where they leave, or are not to. */
  waiting: CampaignWaiting | undefined;
}

const time = (at: Date | null): string | null => at?.toISOString() ?? null;
export const shownWho = (who: Who | null) => who && { id: toId(who.kind, who.id), name: who.name };

export function present(row: CampaignRow, { counts, contacts, needsApproval, waiting }: Beside): Campaign {
  const approval = approvalOf(row);
  return {
    id: toId('campaign', row.id),
    name: row.name,
    state: row.state,
    reason: row.reason && { code: row.reason.code, detail: row.reason.detail, until: row.reason.until },
    note: row.note,
    state_at: row.state_at.toISOString(),
    revision: row.revision,
    ...row.settings,
    counts: row.frozen_to === null && row.frozen_at === null ? null : counts,
    waiting: waiting
      ? { ...waiting, until: time(waiting.until), account_id: toId('account', waiting.account_id) }
      : null,
    progress: row.state === 'preparing' ? { looked_at: row.looked_at, of: Math.max(contacts, row.looked_at) } : null,
    wave: row.settings.waves && row.started_at ? row.wave : null,
    approval: {
      needed: (needsApproval && !approval) || (row.state === 'held' && waitsForApproval(row)),
      asked_by: shownWho(row.asked_by),
      asked_at: time(row.asked_at),
      approved_by: shownWho(row.approved_by),
      approved_at: time(row.approved_at),
      people: approval?.people ?? null,
      cost: approval?.cost ?? null,
      changed_by: shownWho(row.changed_by ?? row.created_by),
    },
    created_by: shownWho(row.created_by),
    started_by: shownWho(row.started_by),
    start_at: time(row.start_at),
    started_at: time(row.started_at),
    ended_at: time(row.ended_at),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** Whose budget a campaign spends. */
export const spenderOf = (
  { id, workspace_id: workspaceId, settings }: CampaignRow,
  accountIds: readonly string[],
): Spender => ({ workspaceId, campaignId: id, accountIds, ownCap: settings.stop_rules.spent ?? null });

/** Whether a change is of nothing but the spend cap. */
export function isCapAlone(
  { stop_rules: rules }: CampaignSettings,
  { stop_rules: given, ...others }: { stop_rules?: CampaignSettings['stop_rules'] | undefined },
): boolean {
  if (!given || Object.keys(others).length > 0) return false;
  const { spent: _, ...rest } = given;
  return Object.entries(rest).every(([rule, limit]) => rules[rule as keyof typeof rest] === limit);
}
