// The table media_content: each content of a workspace, who holds it, and whether it is being removed.
import type { Database, Queryable } from '../../../kit/db/database.ts';
import { sql } from '../../../kit/db/sql.ts';

export interface ContentKey {
  workspaceId: string;
  sha256: string;
}

export interface NewContent extends ContentKey {
  size: number;
  mimeType: string;
  /** The store for a new content. */
  store: string;
}

type Now = Date | null;
const at = (now: Now) => sql`coalesce(${now}::timestamptz, now())`;
const anHourFrom = (now: Now) => sql`${at(now)} + interval '1 hour'`;
/** One more holder of content c; expired holds do not count. */
const held = (now: Now) => sql`held_until = ${anHourFrom(now)},
  holders = case when c.held_until < ${at(now)} then 1 else c.holders + 1 end`;

/**
 * Holds a content, so that it stays until `letGo`. Returns its store, or the one to put it in, and whether it is
 * there already; undefined while it is being removed.
 */
export async function holdContent(
  db: Queryable,
  content: NewContent,
  now: Now,
): Promise<{ store: string; stored: boolean } | undefined> {
  const [row] = await db.query<{ store: string; stored: boolean }>(sql`
    insert into media_content as c (workspace_id, sha256, store, size, mime_type, holders, held_until)
    values (${content.workspaceId}, ${content.sha256}, ${content.store}, ${content.size}, ${content.mimeType}, 1, ${anHourFrom(now)})
    on conflict (workspace_id, sha256) do update set ${held(now)},
      -- Where somebody is putting it already, that is where it goes.
      store = case when c.stored_at is null and (c.holders = 0 or c.held_until < ${at(now)}) then excluded.store else c.store end
    where c.deleting_at is null
    returning store, stored_at is not null as stored`);
  return row;
}

/** Holds a content in this store, as `holdContent` does; false if it is no longer there. */
export async function holdStored(
  db: Queryable,
  { workspaceId, sha256, store }: ContentKey & { store: string },
  now: Now,
): Promise<boolean> {
  const rows = await db.query(sql`update media_content c set ${held(now)}
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and store = ${store}
      and stored_at is not null and deleting_at is null returning sha256`);
  return rows.length > 0;
}

/**
 * Records that a content is in a store and its lost files exist again. 'gone' if the row no longer exists,
 * 'elsewhere' if it no longer names the store `seen`.
 */
export async function noteStored(
  engineDb: Database,
  { workspaceId, sha256 }: ContentKey,
  { seen, store }: { seen: string; store: string },
  now: Now,
): Promise<'noted' | 'gone' | 'elsewhere'> {
  return engineDb.transaction(async tx => {
    await lockFiles(tx, { workspaceId, sha256 });
    const [row] = await tx.query<{ store: string }>(sql`select store from media_content
      where workspace_id = ${workspaceId} and sha256 = ${sha256} and deleting_at is null for update`);
    if (row?.store !== seen) return row ? 'elsewhere' : 'gone';
    await setStored(tx, { workspaceId, sha256 }, store, now);
    return 'noted';
  });
}

/** Locks the files that have or had a content. Lock order: files before contents, as uploads do. */
export async function lockFiles(tx: Queryable, { workspaceId, sha256 }: ContentKey): Promise<void> {
  await tx.query(sql`select 1 from media where workspace_id = ${workspaceId} and sha256 = ${sha256}
    order by id for no key update`);
}

/**
 * Records where a content is. Its lost files become stored again, except those that a worker is fetching, which
 * records that itself with its event. Both must be locked.
 */
export async function setStored(tx: Queryable, { workspaceId, sha256 }: ContentKey, store: string, now: Now) {
  await tx.query(sql`update media_content set store = ${store}, stored_at = coalesce(stored_at, ${at(now)}), lost_at = null
    where workspace_id = ${workspaceId} and sha256 = ${sha256}`);
  await tx.query(sql`update media set status = 'stored', error_code = null, error_title = null, due_at = null, lease_until = null
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and status <> 'stored'
      and not (status = 'pending' and coalesce(lease_until > ${at(now)}, false))`);
}

/** Ends a hold of `holdContent`; false if the content no longer exists. */
export async function letGo(db: Queryable, { workspaceId, sha256 }: ContentKey): Promise<boolean> {
  const rows = await db.query(sql`update media_content set holders = greatest(holders - 1, 0)
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and deleting_at is null returning sha256`);
  return rows.length > 0;
}

/** A file counts at least that much: it takes a block and a row, however few bytes it has. */
const leastBytes = 4_096;

/** The bytes in the quota for a content of this size. */
export const countedBytes = (size: number): number => Math.max(size, leastBytes);

/** The bytes of a workspace as the quota counts them, including uploads in progress. Other callers wait until this transaction ends. */
export async function countBytes(tx: Queryable, workspaceId: string): Promise<number> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${workspaceId}, 6))`);
  return usedBytes(tx, workspaceId);
}

/** Failed puts that nobody holds do not count. */
export async function usedBytes(db: Queryable, workspaceId: string): Promise<number> {
  const [row] = await db.query<{
    bytes: number;
  }>(sql`select coalesce(sum(greatest(size, ${leastBytes})), 0) as bytes from media_content
    where workspace_id = ${workspaceId} and (stored_at is not null or holders > 0)`);
  return row?.bytes ?? 0;
}

/** Whether this store should have any content. */
export async function isInUse(engineDb: Queryable, store: string): Promise<boolean> {
  const rows = await engineDb.query(sql`select 1 from media_content
    where store = ${store} and stored_at is not null and deleting_at is null limit 1`);
  return rows.length > 0;
}

/** Whether a content already counts. */
export async function hasContent(db: Queryable, { workspaceId, sha256 }: ContentKey): Promise<boolean> {
  const rows = await db.query(sql`select 1 from media_content where workspace_id = ${workspaceId} and sha256 = ${sha256}
    and (stored_at is not null or holders > 0)`);
  return rows.length > 0;
}

/** Where a content is; undefined if it does not exist. */
export async function findContent(
  db: Queryable,
  { workspaceId, sha256 }: ContentKey,
): Promise<{ store: string; size: number; mimeType: string } | undefined> {
  const [row] = await db.query<{ store: string; size: number; mimeType: string }>(sql`
    select store, size, mime_type as "mimeType" from media_content
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and stored_at is not null and deleting_at is null`);
  return row;
}

/**
 * Nobody holds it, no media row has it, and it was not converted from one that is in use. A removal that stalled for
 * 15 minutes is free for others.
 */
const unused = (now: Now) => sql`(c.holders = 0 or c.held_until < ${at(now)})
  and (c.deleting_at is null or c.deleting_at < ${at(now)} - interval '15 minutes')
  and not exists (select 1 from media m where m.workspace_id = c.workspace_id and m.sha256 = c.sha256)
  and not exists (select 1 from media m where m.workspace_id = c.workspace_id and m.thumbnail_sha256 = c.sha256)
  and not exists (select 1 from media_conversion t join media m on m.workspace_id = t.workspace_id and m.sha256 = t.sha256
    where t.workspace_id = c.workspace_id and t.converted_sha256 = c.sha256)`;

/**
 * Begins to remove an unused content: returns its store, or undefined if it must stay. Needs the engine's connection.
 */
export async function beginDrop(
  engineDb: Database,
  { workspaceId, sha256 }: ContentKey,
  now: Now,
): Promise<{ store: string } | undefined> {
  return engineDb.transaction(async tx => {
    const mine = sql`c.workspace_id = ${workspaceId} and c.sha256 = ${sha256}`;
    // A separate statement: the next one then sees all files whose writer released the content.
    await tx.query(sql`select 1 from media_content c where ${mine} for update`);
    const [row] = await tx.query<{ store: string }>(sql`
      update media_content c set deleting_at = ${at(now)} where ${mine} and ${unused(now)} returning c.store`);
    return row;
  });
}

/** Ends it after the file was deleted. */
export async function endDrop(engineDb: Queryable, { workspaceId, sha256 }: ContentKey): Promise<void> {
  await engineDb.query(sql`delete from media_content
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and deleting_at is not null`);
}

/** The store failed: retry in a minute, when the failed call has surely ended there too. */
export async function deferDrop(engineDb: Queryable, { workspaceId, sha256 }: ContentKey, now: Now): Promise<void> {
  await engineDb.query(sql`update media_content set deleting_at = ${at(now)} - interval '14 minutes'
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and deleting_at is not null`);
}

/** Unused contents. Those with an interrupted removal come last. */
export async function unusedContents(engineDb: Queryable, now: Now, most: number): Promise<ContentKey[]> {
  return engineDb.query<ContentKey>(sql`
    select c.workspace_id as "workspaceId", c.sha256 from media_content c where ${unused(now)}
    order by c.deleting_at nulls first limit ${most}`);
}
