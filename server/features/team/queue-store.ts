// What waits for a team: how it comes there, and that it is given out.
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The teams, of a workspace or of all, with something to give out and somebody online. */
export async function teamsToServe(db: Queryable, workspaceId: string | undefined): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select g.id from team g
    where g.deleted_at is null and g.mode <> 'manual'
      ${workspaceId === undefined ? sql`` : sql`and g.workspace_id = ${workspaceId}`}
      and exists (select from conversation c where c.team_id = g.id and c.state = 'open' and c.assignee_id is null)
      and exists (select from team_member m join availability a on a.workspace_id = m.workspace_id
        and a.person_id = m.person_id and a.status = 'online' where m.team_id = g.id)
    order by g.id`);
  return rows.map(({ id }) => id);
}

/** Gives out what waits for a team. Returns how many it gave. */
export async function assignWaiting(db: Queryable, teamId: string, now: Date | null): Promise<number> {
  const [row] = await call(db, 'assign_waiting', { p_team: teamId, p_now: now });
  return row?.assign_waiting ?? 0;
}

/**
 * Gives some conversations that wait, and that are of nobody, to the team of their account. What a person put out of all
 * teams stays out until it opens again. Returns how many.
 */
export async function queueNew(db: Queryable, now: Date | null, most: number): Promise<number> {
  const rows = await db.query(sql`
    update conversation v set team_id = (select a.team_id from team_account a where a.account_id = v.account_id),
      assigned_at = t.t, assigned_by = null, assign_reason = 'queued'
    from clock(${now}) t(t)
    where v.id = any (array(
      select c.id from team_account a
        join conversation c on c.workspace_id = a.workspace_id and c.account_id = a.account_id
      where c.state = 'open' and c.waiting_since is not null and c.assignee_id is null
        and not exists (select from team g where g.id = c.team_id and g.deleted_at is null)
        and not (coalesce(c.assigned_at >= c.state_since, false) and exists (select from person p where p.id = c.assigned_by))
      limit ${most} for update of c skip locked))
    returning v.id`);
  return rows.length;
}

/**
 * Looks at some conversations whose assignee had time to answer until now: those that nobody answered go back to their
 * team. Returns how many it looked at.
 */
export async function freeUnanswered(db: Queryable, now: Date | null, most: number): Promise<number> {
  const rows = await db.query(sql`
    update conversation v set reassign_due_at = null,
      (assignee_kind, assignee_id, assigned_at, assigned_by, assign_reason) = (
        select case when not l.lapsed then v.assignee_kind end, case when not l.lapsed then v.assignee_id end,
          case when l.lapsed then t.t else v.assigned_at end, case when not l.lapsed then v.assigned_by end,
          case when l.lapsed then 'no_answer' else v.assign_reason end
        from (select v.state = 'open' and v.waiting_since is not null and v.assignee_kind is not distinct from 'person'
          and exists (select from team g where g.id = v.team_id and g.deleted_at is null)
          and coalesce(v.answered_at <= v.assigned_at, true) as lapsed) l)
    from clock(${now}) t(t)
    where v.id = any (array(select id from conversation where reassign_due_at <= clock(${now})
      order by reassign_due_at limit ${most} for update skip locked))
    returning v.id`);
  return rows.length;
}

/**
 * Gives some open conversations of people who went offline back to their team, as its policy says. What somebody got
 * after that stays. Returns how many.
 */
export async function freeOffline(db: Queryable, now: Date | null, most: number): Promise<number> {
  const rows = await db.query(sql`
    update conversation v set assignee_kind = null, assignee_id = null, assigned_at = t.t, assigned_by = null,
      assign_reason = 'offline', reassign_due_at = null
    from clock(${now}) t(t)
    where v.id = any (array(
      select c.id from availability a
        join conversation c on c.assignee_id = a.person_id and c.workspace_id = a.workspace_id and c.state = 'open'
        join team g on g.id = c.team_id and g.deleted_at is null
      where a.status = 'offline' and c.assigned_at <= a.since
        and a.since + case g.offline_policy when 'to_team' then interval '0'
          when 'grace' then g.offline_grace_minutes * interval '1 minute' end <= clock(${now})
      limit ${most} for update of c skip locked))
    returning v.id`);
  return rows.length;
}
