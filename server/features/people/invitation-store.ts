// The table invitation.
import type { ConversationLimit, Role } from '@recado/contract';
import { deleteExpired } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';

export interface NewInvitation {
  id: string;
  email: string;
  role: Role;
  accounts: string[] | null;
  conversations: ConversationLimit;
  seesNumbers: boolean;
  hash: Buffer;
  invitedBy: string;
  expiresAt: Date;
}

export async function insertInvitation(
  tx: Queryable,
  workspaceId: string,
  made: NewInvitation,
  now: Date,
): Promise<void> {
  await tx.query(sql`insert into invitation (id, workspace_id, email, role, accounts, conversations, sees_numbers, hash,
      invited_by, created_at, expires_at)
    values (${made.id}, ${workspaceId}, ${made.email}, ${made.role}, ${made.accounts}::uuid[], ${made.conversations},
      ${made.seesNumbers}, ${made.hash}, ${made.invitedBy}, ${now}, ${made.expiresAt})`);
}

export interface InvitationRow {
  id: string;
  email: string;
  role: Role;
  accounts: string[] | null;
  conversations: ConversationLimit;
  sees_numbers: boolean;
  status: 'open' | 'accepted' | 'revoked' | 'expired';
  invited_by: string;
  inviter: string | null;
  created_at: Date;
  expires_at: Date;
}

const columns = (
  now: Date,
) => sql`i.id, i.email, i.role, i.accounts, i.conversations, i.sees_numbers, i.invited_by, p.name as inviter,
  i.created_at, i.expires_at,
  case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
    when i.expires_at <= ${now} then 'expired' else 'open' end as status`;
const tables = sql`invitation i left join person p on p.id = i.invited_by`;
const open = sql`i.accepted_at is null and i.revoked_at is null`;

export async function findInvitation(
  db: Queryable,
  workspaceId: string,
  id: string,
  now: Date,
): Promise<InvitationRow | undefined> {
  const [row] = await db.query<InvitationRow>(
    sql`select ${columns(now)} from ${tables} where i.workspace_id = ${workspaceId} and i.id = ${id}`,
  );
  return row;
}

/** A page of invitations, newest first. */
export async function listInvitations(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
  now: Date,
): Promise<{ rows: InvitationRow[]; total: number }> {
  const rows =
    await db.query<InvitationRow>(sql`select ${columns(now)} from ${tables} where i.workspace_id = ${workspaceId}
    ${page.after ? sql`and i.id < ${page.after[0]}` : sql``} order by i.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from invitation where workspace_id = ${workspaceId} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Which open invitations of a workspace: one, those to an address, or those by an inviter. */
export type Which = { id: string } | { email: string } | { invitedBy: string };

const are = (workspaceId: string, which: Which) => {
  const condition =
    'id' in which
      ? sql`i.id = ${which.id}`
      : 'email' in which
        ? sql`i.email = ${which.email}`
        : sql`i.invited_by = ${which.invitedBy}`;
  return sql`i.workspace_id = ${workspaceId} and ${condition} and ${open}`;
};

/** Revokes open invitations. Returns how many. */
export async function revokeInvitations(tx: Queryable, workspaceId: string, which: Which, now: Date): Promise<number> {
  const rows = await tx.query(
    sql`update invitation i set revoked_at = ${now} where ${are(workspaceId, which)} returning i.id`,
  );
  return rows.length;
}

/** The roles of invitations that can still be accepted. */
export async function invitedRoles(tx: Queryable, workspaceId: string, which: Which, now: Date): Promise<Role[]> {
  const rows = await tx.query<{ role: Role }>(
    sql`select i.role from invitation i where ${are(workspaceId, which)} and i.expires_at > ${now}`,
  );
  return rows.map(({ role }) => role);
}

export interface OpenInvitation {
  id: string;
  workspaceId: string;
  workspaceName: string;
  email: string;
  role: Role;
  accounts: string[] | null;
  conversations: ConversationLimit;
  seesNumbers: boolean;
  inviter: string | null;
  expiresAt: Date;
}

/** The invitation of a token while it can be accepted; `hold` locks it until the transaction ends. */
export async function findOpenInvitation(
  db: Queryable,
  hash: Buffer,
  now: Date,
  hold = false,
): Promise<OpenInvitation | undefined> {
  const [row] = await db.query<OpenInvitation>(sql`
    select i.id, i.workspace_id as "workspaceId", w.name as "workspaceName", i.email, i.role, i.accounts, i.conversations,
      i.sees_numbers as "seesNumbers", p.name as inviter, i.expires_at as "expiresAt"
    from invitation i join workspace w on w.id = i.workspace_id left join person p on p.id = i.invited_by
    where i.hash = ${hash} and ${open} and i.expires_at > ${now} ${hold ? sql`for update of i` : sql``}`);
  return row;
}

export async function markAccepted(tx: Queryable, id: string, now: Date): Promise<void> {
  await tx.query(sql`update invitation set accepted_at = ${now} where id = ${id}`);
}

/** Deletes one batch of invitations that expired before `before`. Returns whether there may be more. */
export const deleteExpiredInvitations = (db: Queryable, before: Date): Promise<boolean> =>
  deleteExpired(db, sql`invitation`, sql`least(expires_at, accepted_at, revoked_at) < ${before}`);
