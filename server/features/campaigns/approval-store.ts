// The table campaign_approval, and what decides whether a campaign has the approval that it needs.
import { createHash } from 'node:crypto';
import { type ApprovalBar, type CampaignSettings, rolePermissions, roles } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { templatesNamed } from '../templates/index.ts';
import { barsOf, covers, doingsOf, heldForApproval } from './approval.ts';
import {
  type Approval,
  approvalOf,
  type CampaignRow,
  type StoredReason,
  type Who,
  waitsForApproval,
} from './campaign.ts';
import { approvalAbove } from './store.ts';

export interface SaidRow {
  kind: 'asked' | 'approved' | 'refused' | 'changed';
  by: Who;
  at: Date;
  people: number | null;
  cost: Approval['cost'];
  note: string | null;
}

/** Somebody asked, approved, refused, or changed what was asked or approved. */
export async function noteSaid(
  tx: Queryable,
  { id, revision }: CampaignRow,
  said: Pick<SaidRow, 'kind' | 'by' | 'at'> & Partial<SaidRow> & { name?: string; settings?: CampaignSettings },
): Promise<void> {
  const json = (value: unknown) => (value == null ? null : JSON.stringify(value));
  await tx.query(sql`insert into campaign_approval (campaign_id, kind, by, at, revision, people, cost, name, settings, note)
    values (${id}, ${said.kind}, ${json(said.by)}, ${said.at}, ${revision},
      ${said.people ?? null}, ${json(said.cost)}, ${said.name ?? null}, ${json(said.settings)}, ${said.note ?? null})`);
}

const mostSaid = 50;

/** Who said what, newest first. */
export const saidOf = (db: Queryable, campaignId: string): Promise<SaidRow[]> =>
  db.query<SaidRow>(sql`select kind, by, at, people, cost, note from campaign_approval
    where campaign_id = ${campaignId} order by id desc limit ${mostSaid}`);

/** The newest approval with the settings that it was for. */
export async function lastApproved(
  db: Queryable,
  campaignId: string,
): Promise<{ by: Who; at: Date; name: string; settings: CampaignSettings } | undefined> {
  const [row] = await db.query<{ by: Who; at: Date; name: string; settings: CampaignSettings }>(sql`
    select by, at, name, settings from campaign_approval where campaign_id = ${campaignId} and kind = 'approved'
    order by id desc limit 1`);
  return row;
}

/** An example has addresses of files that change by themselves. */
const withoutExamples = (key: string, value: unknown) => (key === 'example' ? undefined : value);

/** A hash of the texts of the templates that a campaign sends. */
export async function templatesOf(db: Queryable, campaign: CampaignRow): Promise<string> {
  const hash = createHash('sha256');
  for (const accountId of campaign.account_ids)
    for (const { message } of campaign.settings.variants) {
      if (!message.template) continue;
      const { name, language } = message.template;
      const rows = await templatesNamed(db, campaign.workspace_id, accountId, name);
      for (const row of rows)
        if (message.by_language || row.language === language.code)
          hash.update(JSON.stringify([accountId, name, row.language, row.components], withoutExamples));
    }
  return hash.digest('hex');
}

/**
 * Why a campaign with a complete list may not send: it lacks the approval that the list needs. Undefined where it may.
 * Once it wrote to anybody, it may.
 */
export async function approvalLackOf(db: Queryable, campaign: CampaignRow): Promise<StoredReason | undefined> {
  if (campaign.frozen_at === null || campaign.started_at !== null) return undefined;
  const above = await approvalAbove(db, campaign.workspace_id);
  const { people } = campaign;
  if (above === null || people <= above) return undefined;
  const approval = approvalOf(campaign);
  if (!approval) return heldForApproval(people, above, undefined);
  const isOtherText = (await templatesOf(db, campaign)) !== approval.templates;
  if (!isOtherText && covers(approval.people, people)) return undefined;
  return heldForApproval(people, above, { people: approval.people, isOtherText });
}

export interface Approver {
  id: string;
  name: string;
  /** Why they may not approve; empty for those who may. */
  bars: ApprovalBar[];
}

const approvingRoles = roles.filter(role => rolePermissions[role].has('campaigns.start'));

/** The people whose role lets them approve a campaign of these accounts, each with why they may not. */
export async function approversOf(db: Queryable, campaign: CampaignRow): Promise<Approver[]> {
  const rows = await db.query<{ id: string; name: string }>(sql`select p.id, p.name
    from membership m join person p on p.id = m.person_id
    where m.workspace_id = ${campaign.workspace_id} and m.role = any (${approvingRoles}::text[]) and m.removed_at is null
      and m.disabled_at is null and p.disabled_at is null
      and (m.accounts is null or ${campaign.account_ids}::uuid[] <@ m.accounts)
    order by p.name, p.id limit 200`);
  const doings = doingsOf(campaign);
  const keys = doings.filter(({ who }) => who.kind === 'api_key').map(({ who }) => who.id);
  const made = await db.query<{ id: string; created_by: string }>(
    sql`select id, created_by from api_key where id = any (${keys}::uuid[])`,
  );
  const makers = new Map(made.map(key => [key.id, key.created_by]));
  return rows.map(({ id, name }) => ({ id, name, bars: barsOf(id, doings, makers) }));
}

/** A campaign as those who may approve it are told of it. */
export interface WaitingCampaign {
  id: string;
  workspaceId: string;
  /** Whether it waits for an approval. */
  waits: boolean;
  askedBy: string | null;
  /** The people (UUIDs) who may approve it. */
  approvers: string[];
}

/** These campaigns, of any workspace, in no order. */
export async function waitingCampaigns(db: Queryable, ids: readonly string[]): Promise<WaitingCampaign[]> {
  const rows = await db.query<CampaignRow>(sql`select * from campaign where id = any (${[...ids]}::uuid[])`);
  const found: WaitingCampaign[] = [];
  for (const row of rows) {
    const waits = waitsForApproval(row);
    const approvers = waits ? (await approversOf(db, row)).filter(({ bars }) => bars.length === 0) : [];
    found.push({
      id: row.id,
      workspaceId: row.workspace_id,
      waits,
      askedBy: row.asked_by?.id ?? null,
      approvers: approvers.map(({ id }) => id),
    });
  }
  return found;
}

/** The people (UUIDs) of a workspace who may approve campaigns. */
export async function approvingPeople(db: Queryable, workspaceIds: readonly string[]) {
  return db.query<{ workspace_id: string; person_id: string }>(sql`select m.workspace_id, m.person_id
    from membership m join person p on p.id = m.person_id
    where m.workspace_id = any (${[...workspaceIds]}::uuid[]) and m.role = any (${approvingRoles}::text[])
      and m.removed_at is null and m.disabled_at is null and p.disabled_at is null`);
}

/** Adds an event about the approval of a campaign. */
export const tellApproval = (
  tx: Queryable,
  { id, workspace_id: workspaceId, name, state, reason }: CampaignRow,
  type: 'campaign.approval_asked' | 'campaign.approved' | 'campaign.refused',
): Promise<unknown> =>
  tx.query(sql`select append_event(${workspaceId}, ${type}, null, jsonb_build_object('campaign_id', ${id}::uuid,
    'name', ${name}::text, 'state', ${state}::text, 'reason', ${reason?.code ?? null}::text), clock_timestamp())`);

export const tellRule = (
  tx: Queryable,
  workspaceId: string,
  above: number | null,
  personId: string,
): Promise<unknown> =>
  tx.query(sql`select append_event(${workspaceId}, 'campaign_rules.updated', null,
    jsonb_build_object('approval_above', ${above}::int, 'person_id', ${personId}::uuid), clock_timestamp())`);
