// The table media_content: which contents a workspace has, who is at work with them, and which are being removed.
import type { Database, Queryable } from '../../../kit/db/database.ts';
import { sql } from '../../../kit/db/sql.ts';

export interface ContentKey {
  workspaceId: string;
  sha256: string;
}

export interface NewContent extends ContentKey {
  size: number;
  mimeType: string;
  /** The store that it would go to. */
  store: string;
}

type Now = Date | null;
const at = (now: Now) => sql`coalesce(${now}::timestamptz, now())`;
const anHourFrom = (now: Now) => sql`${at(now)} + interval '1 hour'`;
/** One holder more of a content c; those whose hour is over do not count. */
const held = (now: Now) => sql`held_until = ${anHourFrom(now)},
  holders = case when c.held_until < ${at(now)} then 1 else c.holders + 1 end`;

/**
 * Takes hold of a content, so that it stays until `letGo`. Tells in which store it is or has to go, and whether it is
 * there already; undefined where it is just being removed.
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

/** Takes hold of a content that is in this store, as `holdContent` does; false where it is not there any more. */
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
 * Notes that the file of a content is in a store, and that files are here again which had lost it. 'gone' where there is
 * no row any more, 'elsewhere' where it does not name the store that was `seen` in it any more.
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

/** Locks the files that have a content, or had it. They are locked before it, as by whoever brings one in. */
export async function lockFiles(tx: Queryable, { workspaceId, sha256 }: ContentKey): Promise<void> {
  await tx.query(sql`select 1 from media where workspace_id = ${workspaceId} and sha256 = ${sha256}
    order by id for no key update`);
}

/**
 * Writes where a content is; the files that had lost it are stored again, but for those that a worker is just fetching: it
 * writes that itself, and says it in the timeline of the message. Both are locked.
 */
export async function setStored(tx: Queryable, { workspaceId, sha256 }: ContentKey, store: string, now: Now) {
  await tx.query(sql`update media_content set store = ${store}, stored_at = coalesce(stored_at, ${at(now)}), lost_at = null
    where workspace_id = ${workspaceId} and sha256 = ${sha256}`);
  await tx.query(sql`update media set status = 'stored', error_code = null, error_title = null, due_at = null, lease_until = null
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and status <> 'stored'
      and not (status = 'pending' and coalesce(lease_until > ${at(now)}, false))`);
}

/** Lets go of what `holdContent` took; false where the content is not there any more. */
export async function letGo(db: Queryable, { workspaceId, sha256 }: ContentKey): Promise<boolean> {
  const rows = await db.query(sql`update media_content set holders = greatest(holders - 1, 0)
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and deleting_at is null returning sha256`);
  return rows.length > 0;
}

/** How many bytes a workspace has, with those that are on their way in. Others who ask wait until this transaction ends. */
export async function countBytes(tx: Queryable, workspaceId: string): Promise<number> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${workspaceId}, 6))`);
  return usedBytes(tx, workspaceId);
}

/** What could not be put, and nobody is at work with, does not count. */
export async function usedBytes(db: Queryable, workspaceId: string): Promise<number> {
  const [row] = await db.query<{ bytes: number }>(sql`select coalesce(sum(size), 0) as bytes from media_content
    where workspace_id = ${workspaceId} and (stored_at is not null or holders > 0)`);
  return row?.bytes ?? 0;
}

/** Whether any content should be in this store. */
export async function isInUse(engineDb: Queryable, store: string): Promise<boolean> {
  const rows = await engineDb.query(sql`select 1 from media_content
    where store = ${store} and stored_at is not null and deleting_at is null limit 1`);
  return rows.length > 0;
}

/** Whether a content counts already. */
export async function hasContent(db: Queryable, { workspaceId, sha256 }: ContentKey): Promise<boolean> {
  const rows = await db.query(sql`select 1 from media_content where workspace_id = ${workspaceId} and sha256 = ${sha256}
    and (stored_at is not null or holders > 0)`);
  return rows.length > 0;
}

/** Where a content is; undefined where there is none. */
export async function findContent(
  db: Queryable,
  { workspaceId, sha256 }: ContentKey,
): Promise<{ store: string; size: number; mimeType: string } | undefined> {
  const [row] = await db.query<{ store: string; size: number; mimeType: string }>(sql`
    select store, size, mime_type as "mimeType" from media_content
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and stored_at is not null and deleting_at is null`);
  return row;
}

/** Nobody holds it, no media has it, and it was made of nothing that one has. What one began to remove is free for another after a quarter of an hour. */
const unused = (now: Now) => sql`(c.holders = 0 or c.held_until < ${at(now)})
  and (c.deleting_at is null or c.deleting_at < ${at(now)} - interval '15 minutes')
  and not exists (select 1 from media m where m.workspace_id = c.workspace_id and m.sha256 = c.sha256)
  and not exists (select 1 from media m where m.workspace_id = c.workspace_id and m.thumbnail_sha256 = c.sha256)
  and not exists (select 1 from media_fit t join media m on m.workspace_id = t.workspace_id and m.sha256 = t.sha256
    where t.workspace_id = c.workspace_id and t.fit_sha256 = c.sha256)`;

/** Begins to remove a content that nothing needs: gives its store, or undefined where it has to stay. Asked by the engine. */
export async function beginDrop(
  engineDb: Database,
  { workspaceId, sha256 }: ContentKey,
  now: Now,
): Promise<{ store: string } | undefined> {
  return engineDb.transaction(async tx => {
    const mine = sql`c.workspace_id = ${workspaceId} and c.sha256 = ${sha256}`;
    // In a statement of its own: the next one then sees every file whose writer let go of the content.
    await tx.query(sql`select 1 from media_content c where ${mine} for update`);
    const [row] = await tx.query<{ store: string }>(sql`
      update media_content c set deleting_at = ${at(now)} where ${mine} and ${unused(now)} returning c.store`);
    return row;
  });
}

/** Ends it, once the file is gone. */
export async function endDrop(engineDb: Queryable, { workspaceId, sha256 }: ContentKey): Promise<void> {
  await engineDb.query(sql`delete from media_content
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and deleting_at is not null`);
}

/** The store did not do it: another may try in a minute, when the call that failed has surely come to its end there too. */
export async function putOffDrop(engineDb: Queryable, { workspaceId, sha256 }: ContentKey, now: Now): Promise<void> {
  await engineDb.query(sql`update media_content set deleting_at = ${at(now)} - interval '14 minutes'
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and deleting_at is not null`);
}

/** Contents that nothing needs, also those whose removal was cut off, which come last. */
export async function unusedContents(engineDb: Queryable, now: Now, most: number): Promise<ContentKey[]> {
  return engineDb.query<ContentKey>(sql`
    select c.workspace_id as "workspaceId", c.sha256 from media_content c where ${unused(now)}
    order by c.deleting_at nulls first limit ${most}`);
}
