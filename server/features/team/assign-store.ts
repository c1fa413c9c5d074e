// The assignee of a conversation. A trigger follows it: it writes the line of the thread and the event.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface Assignee {
  kind: 'person' | 'bot';
  /** The UUID of the person or of the API key. */
  id: string;
}

/** Whether somebody may answer in a conversation: a member or an API key that sees its account and may write. */
export async function mayAnswer(
  db: Queryable,
  workspaceId: string,
  conversationId: string,
  { kind, id }: Assignee,
): Promise<boolean> {
  const rows = await db.query(
    kind === 'person'
      ? sql`select 1 from conversation v join membership m on m.workspace_id = v.workspace_id and m.person_id = ${id}
          where v.workspace_id = ${workspaceId} and v.id = ${conversationId} and m.removed_at is null
            and m.disabled_at is null and m.role <> 'viewer'
            and (m.accounts is null or v.account_id = any (m.accounts))`
      : sql`select 1 from conversation v join api_key k on k.workspace_id = v.workspace_id and k.id = ${id}
          where v.workspace_id = ${workspaceId} and v.id = ${conversationId} and k.revoked_at is null
            and 'messages.create' = any (k.scopes) and (k.accounts is null or v.account_id = any (k.accounts))`,
  );
  return rows.length > 0;
}

/** Whether a person has a conversation, which it locks. */
export async function isOfPerson(tx: Queryable, workspaceId: string, conversationId: string): Promise<boolean> {
  const [row] = await tx.query<{ assignee_kind: Assignee['kind'] | null }>(sql`select assignee_kind from conversation
    where workspace_id = ${workspaceId} and id = ${conversationId} for no key update`);
  return row?.assignee_kind === 'person';
}

/**
 * Gives a conversation to somebody, or to nobody, and to a team, or to none; `team` undefined: it stays of its team. Who
 * has it already keeps it. A person of a team has its time to answer.
 */
export async function assign(
  tx: Queryable,
  workspaceId: string,
  conversationId: string,
  {
    to,
    team,
    by,
    reason,
  }: { to: Assignee | undefined; team: string | null | undefined; by: string; reason: string | null },
  now: Date | null,
): Promise<void> {
  const id = to?.id ?? null;
  const ofTeam = team === undefined ? sql`team_id` : sql`${team}::uuid`;
  const due =
    to?.kind === 'person'
      ? sql`(select business_due(g.hours, clock(${now}), g.reassign_after_minutes) from team g
          where g.id = ${ofTeam} and g.deleted_at is null)`
      : sql`null`;
  await tx.query(sql`
    update conversation set assignee_kind = ${to?.kind ?? null}, assignee_id = ${id}, team_id = ${ofTeam},
      assigned_at = clock(${now}), assigned_by = ${by}, assign_reason = ${reason}, reassign_due_at = ${due}
    where workspace_id = ${workspaceId} and id = ${conversationId}
      and (assignee_id, team_id) is distinct from (${id}::uuid, ${ofTeam})`);
}
