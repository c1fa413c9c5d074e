// The table workspace, for people who belong to several.
import type { Role } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';

export async function insertWorkspace(tx: Queryable, id: string, name: string, now: Date): Promise<void> {
  await tx.query(sql`insert into workspace (id, name, created_at) values (${id}, ${name}, ${now})`);
}

export async function workspaceName(db: Queryable, id: string): Promise<string> {
  const [row] = await db.query<{ name: string }>(sql`select name from workspace where id = ${id}`);
  return row?.name ?? '';
}

export interface MyWorkspaceRow {
  id: string;
  name: string;
  role: Role;
  created_at: Date;
}

const live = (personId: string) => sql`m.person_id = ${personId} and m.disabled_at is null and m.removed_at is null`;

/** A page of the workspaces that a person may enter, newest first. */
export async function listWorkspaces(
  db: Queryable,
  personId: string,
  page: PageRequest,
): Promise<{ rows: MyWorkspaceRow[]; total: number }> {
  const rows = await db.query<MyWorkspaceRow>(sql`select w.id, w.name, w.created_at, m.role
    from membership m join workspace w on w.id = m.workspace_id where ${live(personId)}
    ${page.after ? sql`and w.id < ${page.after[0]}` : sql``} order by w.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from membership m where ${live(personId)} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Whether a person may enter a workspace; locks the membership until the transaction ends. */
export async function mayEnter(tx: Queryable, workspaceId: string, personId: string): Promise<boolean> {
  const rows = await tx.query(
    sql`select 1 from membership m where m.workspace_id = ${workspaceId} and ${live(personId)} for update`,
  );
  return rows.length > 0;
}
