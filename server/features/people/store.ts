// The people of a workspace: the table membership.
import type { ConversationLimit, Role } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import type { Member } from './rules.ts';

/** All members of a workspace, locked until the transaction ends, so that changes run one after the other. */
export async function lockMembers(tx: Queryable, workspaceId: string): Promise<Member[]> {
  return tx.query<Member>(sql`
    select person_id as "personId", role, accounts, conversations, sees_numbers as "seesNumbers",
      disabled_at is not null as disabled from membership
    where workspace_id = ${workspaceId} and removed_at is null order by person_id for update`);
}

/** An active member, whose rights are locked until the transaction ends. */
export async function holdMember(
  tx: Queryable,
  workspaceId: string,
  personId: string,
): Promise<Pick<Member, 'role' | 'accounts'> | undefined> {
  const [row] = await tx.query<Pick<Member, 'role' | 'accounts'>>(sql`select role, accounts from membership
    where workspace_id = ${workspaceId} and person_id = ${personId} and removed_at is null and disabled_at is null for share`);
  return row;
}

export interface PersonRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  accounts: string[] | null;
  conversations: ConversationLimit;
  sees_numbers: boolean;
  disabled: boolean;
  second_factor: boolean;
  created_at: Date;
}

const columns = sql`p.id, p.name, p.email, m.role, m.accounts, m.conversations, m.sees_numbers,
  m.disabled_at is not null as disabled, p.totp_confirmed_at is not null as second_factor, m.created_at`;
const of = (workspaceId: string) =>
  sql`membership m join person p on p.id = m.person_id where m.workspace_id = ${workspaceId} and m.removed_at is null`;

/** A page of people, newest first. */
export async function listPeople(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<{ rows: PersonRow[]; total: number }> {
  const rows = await db.query<PersonRow>(sql`select ${columns} from ${of(workspaceId)}
    ${page.after ? sql`and m.person_id < ${page.after[0]}` : sql``}
    order by m.person_id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from ${of(workspaceId)} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

export async function findPersonOf(db: Queryable, workspaceId: string, id: string): Promise<PersonRow | undefined> {
  const [row] = await db.query<PersonRow>(sql`select ${columns} from ${of(workspaceId)} and m.person_id = ${id}`);
  return row;
}

export async function isMemberByEmail(db: Queryable, workspaceId: string, email: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from ${of(workspaceId)} and p.email = ${email}`);
  return rows.length > 0;
}

/** Stores a changed member; undefined for one that was removed. */
export async function putMember(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  member: Member | undefined,
  now: Date,
): Promise<void> {
  const where = sql`workspace_id = ${workspaceId} and person_id = ${personId}`;
  if (!member) await tx.query(sql`update membership set removed_at = ${now} where ${where}`);
  else
    await tx.query(sql`update membership set role = ${member.role}, accounts = ${member.accounts}::uuid[],
      conversations = ${member.conversations}, sees_numbers = ${member.seesNumbers},
      disabled_at = case when ${member.disabled} then coalesce(disabled_at, ${now}) end where ${where}`);
}

/** Adds a member, or restores a removed one; false if the person is a member. */
export async function addMember(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  { role, accounts, conversations, seesNumbers }: Omit<Member, 'personId' | 'disabled'>,
): Promise<boolean> {
  const rows =
    await tx.query(sql`insert into membership (workspace_id, person_id, role, accounts, conversations, sees_numbers)
    values (${workspaceId}, ${personId}, ${role}, ${accounts}::uuid[], ${conversations}, ${seesNumbers})
    on conflict (workspace_id, person_id) do update set role = excluded.role, accounts = excluded.accounts,
      conversations = excluded.conversations, sees_numbers = excluded.sees_numbers, removed_at = null, disabled_at = null
    where membership.removed_at is not null returning person_id`);
  return rows.length > 0;
}

/** Whether the person is in another workspace too. Only the engine's connection can tell. */
export async function isElsewhere(tx: Queryable, workspaceId: string, personId: string): Promise<boolean> {
  const rows = await tx.query(sql`select 1 from membership
    where person_id = ${personId} and workspace_id <> ${workspaceId} and removed_at is null limit 1`);
  return rows.length > 0;
}
