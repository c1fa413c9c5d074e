// The table campaign.
import type { CampaignSettings, CampaignState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { newUuid, toUuid } from '../../kit/ids.ts';
import type { Approval, CampaignRow, StoredReason, Who } from './campaign.ts';

export interface NewCampaign {
  name: string;
  settings: CampaignSettings;
  createdBy: Who;
}

const accountsOf = (settings: CampaignSettings) => settings.account_ids.map(toUuid);

/** Adds a draft. Returns its UUID. */
export async function insertCampaign(tx: Queryable, workspaceId: string, campaign: NewCampaign): Promise<string> {
  const id = newUuid();
  await tx.query(sql`insert into campaign (id, workspace_id, name, state, state_at, settings, account_ids, created_by,
      created_at, updated_at)
    values (${id}, ${workspaceId}, ${campaign.name}, 'draft', now(), ${JSON.stringify(campaign.settings)},
      ${accountsOf(campaign.settings)}::uuid[], ${JSON.stringify(campaign.createdBy)}, now(), now())`);
  return id;
}

export async function findCampaign(
  db: Queryable,
  workspaceId: string,
  id: string,
  lock: '' | 'update' | 'share' = '',
): Promise<CampaignRow | undefined> {
  const [row] = await db.query<CampaignRow>(sql`select * from campaign
    where workspace_id = ${workspaceId} and id = ${id} ${locked(lock)}`);
  return row;
}

/** The campaign of an engine's step, of any workspace. */
export async function findAnyCampaign(
  db: Queryable,
  id: string,
  lock: '' | 'update' | 'share' = '',
): Promise<CampaignRow | undefined> {
  const [row] = await db.query<CampaignRow>(sql`select * from campaign where id = ${id} ${locked(lock)}`);
  return row;
}

function locked(lock: '' | 'update' | 'share'): Fragment {
  if (lock === '') return sql``;
  return lock === 'update' ? sql`for no key update` : sql`for share`;
}

export async function listCampaigns(
  db: Queryable,
  workspaceId: string,
  states: readonly CampaignState[] | undefined,
  page: PageRequest,
): Promise<{ rows: CampaignRow[]; total: number }> {
  const where = all([
    sql`workspace_id = ${workspaceId}`,
    states !== undefined && sql`state = any (${[...states]}::text[])`,
  ]);
  const rows = await db.query<CampaignRow>(sql`select * from campaign where ${where}
    ${page.after ? sql`and id < ${page.after[0]}` : sql``} order by id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from campaign where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Changes the settings of a locked draft: a new revision, without an approval. */
export async function changeSettings(
  tx: Queryable,
  id: string,
  { name, settings, by }: { name: string; settings: CampaignSettings; by: Who },
): Promise<void> {
  await tx.query(sql`update campaign set name = ${name}, settings = ${JSON.stringify(settings)},
      account_ids = ${accountsOf(settings)}::uuid[], revision = revision + 1, updated_at = now(),
      asked_by = null, asked_at = null, approved_by = null, approved_at = null, approval = null,
      changed_by = ${JSON.stringify(by)}
    where id = ${id}`);
}

export async function deleteCampaign(tx: Queryable, id: string): Promise<void> {
  await tx.query(sql`delete from campaign_recipient where campaign_id = ${id}`);
  await tx.query(sql`delete from campaign_delta where campaign_id = ${id}`);
  await tx.query(sql`delete from campaign where id = ${id}`);
}

/** The other columns that a change of state sets. */
export interface Change {
  reason?: StoredReason | null;
  note?: string | null;
  startedBy?: Who;
  scope?: readonly string[] | null;
  startAt?: Date | null;
  /** When the lane takes the next step; null: only a person moves it. */
  stepAt: Date | null;
  /** Whether queued messages are to be held, released or cancelled. */
  unapplied?: boolean;
  ended?: boolean;
  judgedFrom?: Date;
}

/** Moves a locked campaign to a state. A trigger adds its event. */
export async function moveTo(
  tx: Queryable,
  row: CampaignRow,
  state: CampaignState,
  change: Change,
  at: Date,
): Promise<void> {
  await tx.query(sql`update campaign set state = ${state}, state_at = ${at}, step_at = ${change.stepAt},
      reason = ${change.reason ? JSON.stringify(change.reason) : null}, note = ${change.note ?? null},
      started_by = coalesce(${change.startedBy ? JSON.stringify(change.startedBy) : null}::jsonb, started_by),
      scope = ${change.scope === undefined ? sql`scope` : sql`${change.scope && [...change.scope]}::uuid[]`},
      start_at = ${change.startAt === undefined ? sql`start_at` : sql`${change.startAt}`},
      unapplied = unapplied or ${change.unapplied ?? false},
      judged_from = coalesce(${change.judgedFrom ?? null}, judged_from),
      ended_at = ${change.ended ? sql`${at}::timestamptz` : sql`null`}
    where id = ${row.id}`);
}

/** The campaigns whose lane has a step to take. */
export async function dueCampaigns(db: Queryable, now: Date | null): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    sql`select id from campaign where step_at <= clock(${now}) order by step_at limit 500`,
  );
  return rows.map(({ id }) => id);
}

/** Sets the time of the next step, unless somebody moved the campaign meanwhile. */
export async function setStep(db: Queryable, row: CampaignRow, at: Date | null): Promise<void> {
  await db.query(sql`update campaign set step_at = ${at}
    where id = ${row.id} and state = ${row.state} and state_at = ${row.state_at}`);
}

export async function noteAsked(tx: Queryable, id: string, by: Who, at: Date): Promise<void> {
  await tx.query(sql`update campaign set asked_by = ${JSON.stringify(by)}, asked_at = ${at} where id = ${id}`);
}

export async function noteApproved(tx: Queryable, id: string, by: Who, approval: Approval, at: Date): Promise<void> {
  await tx.query(sql`update campaign set approved_by = ${JSON.stringify(by)}, approved_at = ${at},
      approval = ${JSON.stringify(approval)} where id = ${id}`);
}

/** The question for an approval is answered with no. */
export async function noteRefused(tx: Queryable, id: string): Promise<void> {
  await tx.query(sql`update campaign set asked_by = null, asked_at = null, approved_by = null, approved_at = null,
      approval = null where id = ${id}`);
}

/** Above how many people a workspace asks a second person; null for no limit. */
export async function approvalAbove(db: Queryable, workspaceId: string): Promise<number | null> {
  const [row] = await db.query<{ approval_above: number | null }>(
    sql`select approval_above from campaign_setting where workspace_id = ${workspaceId}`,
  );
  return row?.approval_above ?? null;
}

/** How many contacts a workspace has, by its kept counts. */
export async function countContacts(db: Queryable, workspaceId: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(sql`select coalesce(sum(entries), 0) as n from (
    select entries from list_count where list = 'contacts' and workspace_id = ${workspaceId}
    union all select entries from list_delta where list = 'contacts' and workspace_id = ${workspaceId}) x`);
  return row?.n ?? 0;
}

export async function setApprovalAbove(tx: Queryable, workspaceId: string, above: number | null): Promise<void> {
  await tx.query(sql`insert into campaign_setting (workspace_id, approval_above) values (${workspaceId}, ${above})
    on conflict (workspace_id) do update set approval_above = excluded.approval_above`);
}

/**
 * Holds the campaigns of a restored backup that were under way or scheduled: the backup does not know what was sent since.
 * Returns how many.
 */
export async function holdRestoredCampaigns(tx: Queryable): Promise<number> {
  const reason: StoredReason = {
    code: 'restored',
    detail:
      'The database was restored, and it does not know what was sent since. Resuming may send to people again who have had the message. Look at WhatsApp, then resume or cancel.',
    until: null,
  };
  const rows =
    await tx.query(sql`update campaign set state = 'held', reason = ${JSON.stringify(reason)}, step_at = now(),
      state_at = now(), unapplied = true
    where state in ('scheduled', 'preparing', 'running') returning 1`);
  return rows.length;
}
