// The table wall_view, and what a screen shows beside the statistics.
import type { WallFigures } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { PageRequest } from '../../kit/http/routes.ts';

export interface WallViewRow {
  id: string;
  workspace_id: string;
  name: string;
  accounts: string[] | null;
  time_zone: string;
  creator_kind: 'person' | 'api_key';
  created_by: string;
  created_at: Date;
  last_shown_at: Date | null;
}

const columns = sql`id, workspace_id, name, accounts, time_zone, creator_kind, created_by, created_at, last_shown_at`;

export type NewWallView = Omit<WallViewRow, 'created_at' | 'last_shown_at'> & { hash: Buffer };

/** Keeps a new wall view, unless there are `most`. Returns whether it did. */
export async function insertWallView(tx: Queryable, made: NewWallView, most: number, now: Date): Promise<boolean> {
  // One at a time, so that the count holds.
  await tx.query(sql`select 1 from workspace where id = ${made.workspace_id} for no key update`);
  const rows = await tx.query(sql`
    insert into wall_view (id, workspace_id, name, hash, accounts, time_zone, creator_kind, created_by, created_at)
    select ${made.id}, ${made.workspace_id}, ${made.name}, ${made.hash}, ${made.accounts}::uuid[], ${made.time_zone},
      ${made.creator_kind}, ${made.created_by}, ${now}
    where (select count(*) from wall_view where workspace_id = ${made.workspace_id}) < ${most} returning id`);
  return rows.length > 0;
}

export async function findWallView(db: Queryable, workspaceId: string, id: string): Promise<WallViewRow | undefined> {
  const [row] = await db.query<WallViewRow>(
    sql`select ${columns} from wall_view where workspace_id = ${workspaceId} and id = ${id}`,
  );
  return row;
}

/** A page of wall views, newest first. */
export async function listWallViews(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<{ rows: WallViewRow[]; total: number }> {
  const rows = await db.query<WallViewRow>(sql`select ${columns} from wall_view where workspace_id = ${workspaceId}
    ${page.after ? sql`and id < ${page.after[0]}` : sql``} order by id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from wall_view where workspace_id = ${workspaceId}`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Revokes a wall view: its link shows nothing from now on. Returns whether there was one. */
export async function deleteWallView(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await tx.query(
    sql`delete from wall_view where workspace_id = ${workspaceId} and id = ${id} returning id`,
  );
  return rows.length > 0;
}

/** The wall view of a link, and that a screen shows it. */
export async function openWallView(db: Queryable, hash: Buffer, now: Date): Promise<WallViewRow | undefined> {
  const [row] = await db.query<WallViewRow>(sql`select ${columns} from wall_view where hash = ${hash}`);
  if (row && (row.last_shown_at?.getTime() ?? 0) < now.getTime() - 60_000)
    await db.query(sql`update wall_view set last_shown_at = ${now} where id = ${row.id}`);
  return row;
}

interface WallFrame {
  workspace_name: string;
  /** The beginning of the day. */
  today: Date;
  /** The same 28 days before. */
  before: Date;
}

/** The name of the workspace, and where the day begins in a time zone. */
export async function frameOf(db: Queryable, view: WallViewRow, now: Date): Promise<WallFrame> {
  const [row] = await db.query<WallFrame>(sql`select w.name as workspace_name, d.today,
      (d.today at time zone ${view.time_zone} - interval '28 days') at time zone ${view.time_zone} as before
    from workspace w, (select date_trunc('day', ${now}::timestamptz, ${view.time_zone}) as today) d
    where w.id = ${view.workspace_id}`);
  return row as WallFrame;
}

/** The accounts that do not send because of something, the worst first. */
export async function troubledAccounts(db: Queryable, workspaceId: string): Promise<WallFigures['troubled_accounts']> {
  return db.query(sql`select name, status, status_reason from account
    where workspace_id = ${workspaceId} and deleted_at is null and status <> 'connected'
    order by status desc, name, id limit 20`);
}
