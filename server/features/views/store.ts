// The table saved_view.
import type { ViewFilter } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { toUuid } from '../../kit/ids.ts';
import type { SavedReader } from '../team/index.ts';

export interface SavedViewRow {
  id: string;
  /** Whose it is: the UUID of a person or an API key; null for a team or the workspace. */
  owner_id: string | null;
  team_id: string | null;
  name: string;
  filter: ViewFilter;
  creator_kind: 'person' | 'api_key';
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

const columns = sql`id, owner_id, team_id, name, filter, creator_kind, created_by, created_at, updated_at`;

const visible = ({ workspaceId, id, seesTeams }: SavedReader): Fragment =>
  sql`workspace_id = ${workspaceId} and (owner_id = ${id} or owner_id is null and (team_id is null or ${seesTeams}
    or team_id in (select m.team_id from team_member m where m.workspace_id = ${workspaceId} and m.person_id = ${id})))`;

/** The views of a caller, of their teams and of the workspace, by name. */
export const listSavedViews = (db: Queryable, reader: SavedReader): Promise<SavedViewRow[]> =>
  db.query<SavedViewRow>(sql`select ${columns} from saved_view where ${visible(reader)} order by lower(name), id`);

/** A view that a caller sees. */
export async function findSavedView(db: Queryable, reader: SavedReader, id: string): Promise<SavedViewRow | undefined> {
  const [row] = await db.query<SavedViewRow>(
    sql`select ${columns} from saved_view where ${visible(reader)} and id = ${id}`,
  );
  return row;
}

export type NewSavedView = Omit<SavedViewRow, 'created_at' | 'updated_at'>;

/** Keeps a new view, unless its owner has `most`. Returns whether it did. */
export async function insertSavedView(
  tx: Queryable,
  workspaceId: string,
  { id, owner_id, team_id, name, filter, creator_kind, created_by }: NewSavedView,
  most: number,
): Promise<boolean> {
  // One at a time, so that the count holds.
  await tx.query(sql`select 1 from workspace where id = ${workspaceId} for no key update`);
  const rows = await tx.query(sql`
    insert into saved_view (id, workspace_id, owner_id, team_id, name, filter, creator_kind, created_by)
    select ${id}, ${workspaceId}, ${owner_id}::uuid, ${team_id}::uuid, ${name}, ${JSON.stringify(filter)}::jsonb, ${creator_kind}, ${created_by}
    where (select count(*) from saved_view where workspace_id = ${workspaceId}
      and owner_id is not distinct from ${owner_id}::uuid and team_id is not distinct from ${team_id}::uuid) < ${most} returning id`);
  return rows.length > 0;
}

/** Changes the name or the filter. */
export async function changeSavedView(
  tx: Queryable,
  workspaceId: string,
  id: string,
  { name, filter }: { name: string | undefined; filter: ViewFilter | undefined },
): Promise<void> {
  await tx.query(sql`
    update saved_view set name = coalesce(${name ?? null}, name),
      filter = coalesce(${filter === undefined ? null : JSON.stringify(filter)}::jsonb, filter),
      updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
    where workspace_id = ${workspaceId} and id = ${id}`);
}

export async function deleteSavedView(tx: Queryable, workspaceId: string, id: string): Promise<void> {
  await tx.query(sql`delete from saved_view where workspace_id = ${workspaceId} and id = ${id}`);
}

/** The first field of a filter that names something that is not there for the caller. */
export async function missingIn(
  tx: Queryable,
  workspaceId: string,
  { account_id, label_id, team_id, assignee }: ViewFilter,
): Promise<keyof ViewFilter | undefined> {
  const ids = [account_id, label_id, team_id, assignee === 'me' || assignee === 'nobody' ? undefined : assignee];
  const [account = null, label = null, team = null, somebody = null] = ids.map(id => id && toUuid(id));
  const [row] = await tx.query<{ missing: keyof ViewFilter | null }>(sql`select case
    when ${account}::uuid is not null and not exists (select 1 from account
      where workspace_id = ${workspaceId} and id = ${account}::uuid and deleted_at is null) then 'account_id'
    when ${label}::uuid is not null and not exists (select 1 from label
      where workspace_id = ${workspaceId} and id = ${label}::uuid and deleted_at is null) then 'label_id'
    when ${team}::uuid is not null and not exists (select 1 from team
      where workspace_id = ${workspaceId} and id = ${team}::uuid and deleted_at is null) then 'team_id'
    when ${somebody}::uuid is not null and not exists (select 1 from membership
      where workspace_id = ${workspaceId} and person_id = ${somebody}::uuid and removed_at is null) and not exists (
      select 1 from api_key where workspace_id = ${workspaceId} and id = ${somebody}::uuid) then 'assignee'
    end as missing`);
  return row?.missing ?? undefined;
}
