// The tables conversation_job and conversation_job_item, and what a piece of a job does to conversations.
import type { ConversationAction, ConversationJob } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import type { PageRequest } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';
import { labelConversations } from '../contacts/index.ts';

export interface JobRow {
  id: string;
  workspace_id: string;
  by_id: string;
  action: ConversationAction;
  until: Date | null;
  reason: string | null;
  person_id: string | null;
  team_id: string | null;
  label_id: string | null;
  state: ConversationJob['state'];
  total: number;
  done: number;
  skipped: number;
  undone: number;
  created_at: Date;
  ended_at: Date | null;
}

export type NewJob = Pick<
  JobRow,
  'workspace_id' | 'by_id' | 'action' | 'until' | 'reason' | 'person_id' | 'team_id' | 'label_id'
>;

/** Stores a job for these conversations, as far as the caller sees them. */
export async function insertJob(
  tx: Queryable,
  job: NewJob,
  conversations: readonly string[],
  now: Date | null,
): Promise<string> {
  const id = newUuid();
  await tx.query(sql`insert into conversation_job (id, workspace_id, by_id, action, until, reason, person_id, team_id, label_id,
      total, created_at)
    values (${id}, ${job.workspace_id}, ${job.by_id}, ${job.action}, ${job.until}, ${job.reason}, ${job.person_id},
      ${job.team_id}, ${job.label_id}, 0, clock(${now}))`);
  await tx.query(sql`with items as (
      insert into conversation_job_item (job_id, conversation_id, workspace_id, account_id)
      select ${id}, v.id, v.workspace_id, v.account_id from conversation v
      where v.workspace_id = ${job.workspace_id} and v.id = any (${[...conversations]}::uuid[]) returning 1)
    update conversation_job set total = (select count(*) from items) where id = ${id}`);
  return id;
}

/** A page of the jobs of a caller, newest first. */
export async function listJobs(
  db: Queryable,
  workspaceId: string,
  by: string,
  page: PageRequest,
): Promise<{ rows: JobRow[]; total: number }> {
  const rows =
    await db.query<JobRow>(sql`select * from conversation_job where workspace_id = ${workspaceId} and by_id = ${by}
      ${page.after ? sql`and id < ${page.after[0]}::uuid` : sql``}
    order by id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from conversation_job where workspace_id = ${workspaceId} and by_id = ${by}`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** The job of a caller. `locks` it until the transaction ends. */
export async function findJob(
  db: Queryable,
  workspaceId: string,
  by: string,
  id: string,
  { locks = false } = {},
): Promise<JobRow | undefined> {
  const [row] = await db.query<JobRow>(sql`select * from conversation_job
    where workspace_id = ${workspaceId} and by_id = ${by} and id = ${id} ${locks ? sql`for update` : sql``}`);
  return row;
}

/** Gives a job its state; one that ends gets the time of its end. */
export async function setJobState(
  tx: Queryable,
  id: string,
  state: ConversationJob['state'],
  now: Date | null,
): Promise<void> {
  const end = state === 'running' || state === 'undoing' ? sql`ended_at` : sql`clock(${now})`;
  await tx.query(sql`update conversation_job set state = ${state}, ended_at = ${end} where id = ${id}`);
}

/** The jobs with work, oldest first. */
export async function openJobs(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    sql`select id from conversation_job where state in ('running', 'undoing') order by created_at limit 20`,
  );
  return rows.map(({ id }) => id);
}

/** Deletes jobs that ended a week ago. */
export async function deleteOldJobs(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`delete from conversation_job where id = any (array(select id from conversation_job
    where ended_at < clock(${now}) - interval '7 days' limit 20))`);
}

/** The conversations of one transaction. */
export const jobPiece = 500;

/**
 * Does the next piece of a job. Returns how many conversations it handled; undefined where the job has nothing to do, or
 * another process is at it. With `waits` it waits for conversations that others change; a later piece does them otherwise.
 */
export async function runPiece(
  tx: Queryable,
  id: string,
  now: Date | null,
  { waits = false } = {},
): Promise<number | undefined> {
  const [job] = await tx.query<JobRow>(
    sql`select * from conversation_job where id = ${id} and state in ('running', 'undoing') for update skip locked`,
  );
  if (!job) return undefined;
  const isUndo = job.state === 'undoing';
  const rows = await tx.query<{ id: string }>(sql`
    select v.id from conversation_job_item i join conversation v on v.id = i.conversation_id
    where i.job_id = ${id} and i.state = ${isUndo ? 'done' : 'waiting'}
    order by v.id limit ${jobPiece} for update of v ${waits ? sql`` : sql`skip locked`}`);
  const ids = rows.map(row => row.id);
  if (ids.length > 0) {
    const changed = await (isUndo ? undoSome(tx, job, ids, now) : changeSome(tx, job, ids, now));
    await tx.query(sql`update conversation_job_item set state = ${isUndo ? 'kept' : 'skipped'}
      where job_id = ${id} and conversation_id = any (${ids}::uuid[]) and state = ${isUndo ? 'done' : 'waiting'}`);
    const [done, skipped, undone] = isUndo ? [0, 0, changed] : [changed, ids.length - changed, 0];
    await tx.query(sql`update conversation_job set done = done + ${done}, skipped = skipped + ${skipped},
      undone = undone + ${undone} where id = ${id}`);
  }
  const [left] = await tx.query(sql`select 1 from conversation_job_item
    where job_id = ${id} and state = ${isUndo ? 'done' : 'waiting'} limit 1`);
  if (!left) await setJobState(tx, id, isUndo ? 'undone' : 'done', now);
  return ids.length;
}

/** Writes what a statement changed (id, before, mark) to the items, and returns how many it were. */
async function record(tx: Queryable, job: JobRow, state: 'done' | 'undone', changed: Fragment): Promise<number> {
  const rows = await tx.query(sql`with changed as (${changed})
    update conversation_job_item i set state = ${state}, before = coalesce(c.before, i.before), mark = coalesce(c.mark, i.mark)
    from changed c where i.job_id = ${job.id} and i.conversation_id = c.id returning 1`);
  return rows.length;
}

const named = (ids: string[]): Fragment =>
  sql`select u as id, null::jsonb as before, null::timestamptz as mark from unnest(${ids}::uuid[]) u`;

const wasSo = sql`jsonb_build_object('state', o.state, 'until', o.snoozed_until, 'kind', o.assignee_kind, 'assignee', o.assignee_id, 'team', o.team_id)`;

/** Leaves a conversation as it is whose person wrote since somebody chose it. */
async function changeSome(tx: Queryable, job: JobRow, ids: string[], now: Date | null): Promise<number> {
  const { action, until, reason, person_id: person, team_id: team, label_id: label } = job;
  const ofTeam = sql`coalesce((select g.id from team g where g.id = ${team} and g.deleted_at is null), v.team_id)`;
  const these = sql`o.id = v.id and v.id = any (${ids}::uuid[])`;
  const isQuiet = sql`coalesce(v.last_received_at <= ${job.created_at}, true)`;
  if (action === 'close')
    return record(
      tx,
      job,
      'done',
      sql`update conversation v set state = 'closed', state_since = clock(${now}), state_by = ${job.by_id},
          state_reason = ${reason}, snoozed_until = null
        from conversation o where ${these} and v.state <> 'closed' and ${isQuiet}
        returning v.id, ${wasSo} as before, v.state_since as mark`,
    );
  if (action === 'snooze')
    return record(
      tx,
      job,
      'done',
      sql`update conversation v set state = 'snoozed', state_since = clock(${now}), state_by = ${job.by_id},
          state_reason = null, snoozed_until = coalesce(${until}::timestamptz, 'infinity')
        from conversation o where ${these} and v.state <> 'closed' and ${isQuiet}
        returning v.id, ${wasSo} as before, v.state_since as mark`,
    );
  if (action === 'assign')
    return record(
      tx,
      job,
      'done',
      sql`update conversation v set assignee_kind = case when ${person}::uuid is not null then 'person' end,
          assignee_id = ${person}, team_id = ${ofTeam}, assigned_at = clock(${now}), assigned_by = ${job.by_id}, assign_reason = ${reason},
          reassign_due_at = case when ${person}::uuid is not null then (
            select business_due(g.hours, clock(${now}), g.reassign_after_minutes) from team g
            where g.id = ${ofTeam} and g.deleted_at is null) end
        from conversation o where ${these} and (v.assignee_id, v.team_id) is distinct from (${person}::uuid, ${ofTeam})
          and (${person}::uuid is null or exists (select 1 from membership m where m.workspace_id = v.workspace_id
            and m.person_id = ${person} and m.removed_at is null and m.disabled_at is null and m.role <> 'viewer'
            and (m.accounts is null or v.account_id = any (m.accounts))))
        returning v.id, ${wasSo} as before, v.assigned_at as mark`,
    );
  return record(tx, job, 'done', named(await labelConversations(tx, ids, label ?? '', action === 'label')));
}

/** Only what is still as the job made it becomes what it was. */
async function undoSome(tx: Queryable, job: JobRow, ids: string[], now: Date | null): Promise<number> {
  const { action, label_id: label } = job;
  const these = sql`i.job_id = ${job.id} and i.conversation_id = v.id and v.id = any (${ids}::uuid[])`;
  if (action === 'close' || action === 'snooze')
    return record(
      tx,
      job,
      'undone',
      sql`update conversation v set state = w.state, state_since = clock(${now}), state_by = ${job.by_id},
          state_reason = case w.state when 'open' then 'by_hand' end,
          snoozed_until = case w.state when 'snoozed' then (i.before ->> 'until')::timestamptz end
        from conversation_job_item i
        cross join lateral (select case when i.before ->> 'state' = 'snoozed' and (i.before ->> 'until')::timestamptz <= clock(${now})
          then 'open' else i.before ->> 'state' end as state) w
        where ${these} and v.state = ${action === 'close' ? 'closed' : 'snoozed'} and v.state_since = i.mark
        returning v.id, null::jsonb as before, null::timestamptz as mark`,
    );
  if (action === 'assign')
    return record(
      tx,
      job,
      'undone',
      sql`update conversation v set assignee_kind = i.before ->> 'kind', assignee_id = (i.before ->> 'assignee')::uuid,
          team_id = (select g.id from team g where g.id = (i.before ->> 'team')::uuid and g.deleted_at is null),
          assigned_at = clock(${now}), assigned_by = ${job.by_id}, assign_reason = null, reassign_due_at = null
        from conversation_job_item i where ${these} and v.assigned_at = i.mark
          and (i.before ->> 'kind' is null
            or exists (select 1 from membership m where m.workspace_id = v.workspace_id and m.removed_at is null
              and m.disabled_at is null and m.person_id = (i.before ->> 'assignee')::uuid)
            or exists (select 1 from api_key k where k.id = (i.before ->> 'assignee')::uuid and k.revoked_at is null))
        returning v.id, null::jsonb as before, null::timestamptz as mark`,
    );
  return record(tx, job, 'undone', named(await labelConversations(tx, ids, label ?? '', action !== 'label')));
}
