// The table contact_field.
import type { FieldType } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { newUuid } from '../../kit/ids.ts';
import type { FieldRow, FieldRule } from './field.ts';

const columns = sql`id, key, name, type, choices, created_at, updated_at,
  row_number() over (order by position, key)::int as position`;

/** The fields of a workspace in their order. */
export const listFields = (db: Queryable, workspaceId: string): Promise<FieldRow[]> =>
  db.query<FieldRow>(sql`select ${columns} from contact_field
    where workspace_id = ${workspaceId} and deleted_at is null order by position`);

export const findField = async (db: Queryable, workspaceId: string, id: string): Promise<FieldRow | undefined> =>
  (await listFields(db, workspaceId)).find(field => field.id === id);

/** The fields with these keys, which stay until the transaction ends. */
export const holdFields = (tx: Queryable, workspaceId: string, keys: string[]): Promise<FieldRule[]> =>
  tx.query<FieldRule>(sql`select key, type, choices from contact_field
    where workspace_id = ${workspaceId} and deleted_at is null and key = any (${keys}::text[]) order by key for share`);

/** Has the changes of fields and labels of a workspace happen one after the other, so that their limits hold. */
export async function oneAtATime(tx: Queryable, workspaceId: string): Promise<void> {
  await tx.query(sql`select 1 from workspace where id = ${workspaceId} for no key update`);
}

/** Whether a field has the key: one that is there, or one whose values are being removed. */
export async function fieldWithKey(
  tx: Queryable,
  workspaceId: string,
  key: string,
): Promise<'there' | 'going' | undefined> {
  const [row] = await tx.query<{ going: boolean }>(
    sql`select deleted_at is not null as going from contact_field where workspace_id = ${workspaceId} and key = ${key}`,
  );
  return row && (row.going ? 'going' : 'there');
}

export async function insertField(
  tx: Queryable,
  workspaceId: string,
  field: { key: string; name: string; type: FieldType; choices: string[] | undefined },
): Promise<string> {
  const id = newUuid();
  await tx.query(sql`insert into contact_field (id, workspace_id, key, name, type, choices, position)
    select ${id}, ${workspaceId}, ${field.key}, ${field.name}, ${field.type}, ${field.choices ?? null},
      coalesce(max(position), 0) + 1 from contact_field where workspace_id = ${workspaceId}`);
  return id;
}

export async function changeField(
  tx: Queryable,
  workspaceId: string,
  id: string,
  { name, choices }: { name?: string | undefined; choices?: string[] | undefined },
): Promise<void> {
  await tx.query(sql`update contact_field set name = coalesce(${name ?? null}, name),
      choices = coalesce(${choices ?? null}, choices), updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id}`);
}

/** Numbers the fields in this order. */
export async function orderFields(tx: Queryable, workspaceId: string, ids: string[]): Promise<void> {
  await tx.query(sql`update contact_field f set position = u.n
    from unnest(${ids}::uuid[]) with ordinality u(id, n)
    where f.workspace_id = ${workspaceId} and f.id = u.id and f.position <> u.n`);
}

/** Hides a field; a sweep removes its values. */
export async function deleteField(
  tx: Queryable,
  workspaceId: string,
  id: string,
): Promise<{ key: string } | undefined> {
  const [row] = await tx.query<{ key: string }>(sql`update contact_field set deleted_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning key`);
  return row;
}
