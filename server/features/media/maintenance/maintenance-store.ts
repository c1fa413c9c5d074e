// Queries of media_content for maintenance: paging through it, and repairs.
import type { Queryable } from '../../../kit/db/database.ts';
import { sql } from '../../../kit/db/sql.ts';
import { type ContentKey, lockFiles, setStored } from '../files/content-store.ts';

export interface ContentRow extends ContentKey {
  store: string;
  size: number;
  mimeType: string;
}

const afterKey = (after: ContentKey | undefined) =>
  after ? sql`and (workspace_id, sha256) > (${after.workspaceId}::uuid, ${after.sha256})` : sql``;

/**
 * The next contents in order that exist and are not being removed. Optionally only those outside a store, or stored
 * until a time.
 */
export async function nextContents(
  db: Queryable,
  after: ContentKey | undefined,
  most: number,
  { outside, until }: { outside?: string; until?: string } = {},
): Promise<ContentRow[]> {
  return db.query<ContentRow>(sql`
    select workspace_id as "workspaceId", sha256, store, size, mime_type as "mimeType" from media_content
    where stored_at is not null and deleting_at is null ${outside === undefined ? sql`` : sql`and store <> ${outside}`}
      ${until === undefined ? sql`` : sql`and stored_at <= ${until}::timestamptz`} ${afterKey(after)}
    order by workspace_id, sha256 limit ${most}`);
}

/** Records that these contents are in a store, if they have rows. */
export async function notePlaced(db: Queryable, keys: readonly ContentKey[], store: string): Promise<void> {
  await db.query(sql`update media_content c set store = ${store}
    from unnest(${keys.map(key => key.workspaceId)}::uuid[], ${keys.map(key => key.sha256)}::text[]) k(workspace_id, sha256)
    where c.workspace_id = k.workspace_id and c.sha256 = k.sha256 and c.store <> ${store}`);
}

/** How many there are, and their bytes. */
export async function countContents(db: Queryable, outside?: string): Promise<{ count: number; bytes: number }> {
  const [row] = await db.query<{ count: number; bytes: number }>(sql`
    select count(*) as count, coalesce(sum(size), 0) as bytes from media_content
    where stored_at is not null and deleting_at is null ${outside === undefined ? sql`` : sql`and store <> ${outside}`}`);
  return row ?? { count: 0, bytes: 0 };
}

/** A content as the check sees it. */
export interface SeenContent extends ContentRow {
  /** Whether it was found in no store. */
  isLost: boolean;
  /** Changes whenever the row does. */
  version: string;
}

const seen = sql`workspace_id as "workspaceId", sha256, store, size, mime_type as "mimeType", lost_at is not null as "isLost", xmin::text as version`;
const isSettled = (now: Date | null) => sql`(stored_at is not null or lost_at is not null) and deleting_at is null
  and (holders = 0 or held_until < coalesce(${now}::timestamptz, now()))`;

/** The next contents in order that exist or are known to be lost, and that no process uses. */
export async function nextSettled(
  engineDb: Queryable,
  after: ContentKey | undefined,
  most: number,
  now: Date | null,
): Promise<SeenContent[]> {
  return engineDb.query<SeenContent>(sql`select ${seen} from media_content where ${isSettled(now)} ${afterKey(after)}
    order by workspace_id, sha256 limit ${most}`);
}

/** A content as it is now; undefined if a process uses it or it is gone. */
export async function findSettled(
  engineDb: Queryable,
  { workspaceId, sha256 }: ContentKey,
  now: Date | null,
): Promise<SeenContent | undefined> {
  const [row] = await engineDb.query<SeenContent>(sql`select ${seen} from media_content
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and ${isSettled(now)}`);
  return row;
}

/** Locks a content and its files; false if anything of it has changed since. */
async function lockUnchanged(
  tx: Queryable,
  { workspaceId, sha256, version }: SeenContent,
  now: Date | null,
): Promise<boolean> {
  await lockFiles(tx, { workspaceId, sha256 });
  const rows = await tx.query(sql`select 1 from media_content where workspace_id = ${workspaceId} and sha256 = ${sha256}
    and xmin = ${version}::xid and ${isSettled(now)} for update`);
  return rows.length > 0;
}

/**
 * Marks every file of a lost content as failed. Keeps what an undo needs: the content's row, and the hash in the rows
 * of its files. False if anything has changed since.
 */
export async function markLost(tx: Queryable, content: SeenContent, now: Date | null): Promise<boolean> {
  if (!(await lockUnchanged(tx, content, now))) return false;
  const mine = sql`workspace_id = ${content.workspaceId}`;
  await tx.query(sql`update media_content set stored_at = null, lost_at = coalesce(${now}::timestamptz, now())
    where ${mine} and sha256 = ${content.sha256}`);
  await tx.query(sql`update media set status = 'failed', error_code = 'lost', error_title = 'The file is missing from its store.'
    where ${mine} and sha256 = ${content.sha256} and status = 'stored'`);
  // Conversions of it are made again.
  await tx.query(
    sql`delete from media_conversion where ${mine} and converted_sha256 = ${content.sha256} and sha256 <> ${content.sha256}`,
  );
  return true;
}

/** Records that a content was found in this store; false if anything has changed since. */
export async function markFound(
  tx: Queryable,
  content: SeenContent,
  store: string,
  now: Date | null,
): Promise<boolean> {
  if (!(await lockUnchanged(tx, content, now))) return false;
  await setStored(tx, content, store, now);
  return true;
}

/**
 * Which of these files of a store have no row. Contents in use have one. `isForeign` means that this database does
 * not know the workspace.
 */
export async function withoutRow(
  db: Queryable,
  store: string,
  keys: readonly ContentKey[],
  now: Date | null,
): Promise<(ContentKey & { isForeign: boolean })[]> {
  return db.query(sql`
    select f.workspace_id as "workspaceId", f.sha256, not exists (select 1 from workspace w where w.id = f.workspace_id) as "isForeign"
    from unnest(${keys.map(key => key.workspaceId)}::uuid[], ${keys.map(key => key.sha256)}::text[]) f(workspace_id, sha256)
    where not exists (select 1 from media_content c where c.workspace_id = f.workspace_id and c.sha256 = f.sha256
      and (c.store = ${store} or c.lost_at is not null or (c.holders > 0 and c.held_until >= coalesce(${now}::timestamptz, now()))))`);
}

/**
 * Inserts a row in removal state for a file without one, so that an upload of the same content waits until it is
 * gone. Returns what to delete: 'row' if a row was inserted; 'copy' if the file in this store is redundant, which
 * holds until this transaction ends.
 */
export async function beginStray(
  tx: Queryable,
  store: string,
  { workspaceId, sha256 }: ContentKey,
  size: number,
  now: Date | null,
): Promise<'row' | 'copy' | undefined> {
  const made = await tx.query(sql`
    insert into media_content (workspace_id, sha256, store, size, mime_type, deleting_at)
    select id, ${sha256}, ${store}, ${size}, 'application/octet-stream', coalesce(${now}::timestamptz, now())
    from workspace where id = ${workspaceId}
    on conflict do nothing returning sha256`);
  if (made.length > 0) return 'row';
  // A parallel move to this store waits for the lock, and then puts it again.
  const rows = await tx.query(sql`select 1 from media_content where workspace_id = ${workspaceId} and sha256 = ${sha256}
    and store <> ${store} and stored_at is not null and ${isSettled(now)} for update`);
  if (rows.length === 0) return undefined;
  // The transaction lasts as long as the store's delete, and must keep the lock.
  await tx.query(sql`select set_config('idle_in_transaction_session_timeout', '0', true)`);
  return 'copy';
}

/** Whether this database has a workspace. */
export async function isWorkspace(db: Queryable, workspaceId: string): Promise<boolean> {
  return (await db.query(sql`select 1 from workspace where id = ${workspaceId}`)).length > 0;
}

/** Records that a content is in another store; false if another process moved or removed it. */
export async function noteMoved(
  db: Queryable,
  { workspaceId, sha256, store }: ContentRow,
  to: string,
): Promise<boolean> {
  const rows = await db.query(sql`update media_content set store = ${to}
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and store = ${store} and deleting_at is null returning sha256`);
  return rows.length > 0;
}

/** Call it only if no other process runs: ends all holds, and frees interrupted removals. */
export async function endHolds(engineDb: Queryable): Promise<void> {
  await engineDb.query(sql`update media_content set holders = 0, held_until = null, deleting_at = deleting_at - interval '1 hour'
    where holders > 0 or deleting_at is not null`);
}

/**
 * The next deletable files after this one: uploads older than the workspace's retention, and inbound files whose
 * message is gone. A file of a note goes with the note.
 */
export async function outlivedFiles(
  engineDb: Queryable,
  after: string,
  now: Date | null,
  most: number,
): Promise<{ id: string; workspaceId: string }[]> {
  return engineDb.query(sql`select * from (
    (select m.id, m.workspace_id as "workspaceId" from workspace w
      cross join lateral (select o.id, o.workspace_id from media o where o.workspace_id = w.id and o.id > ${after} and o.direction = 'uploaded' and o.note_id is null
        and o.created_at < coalesce(${now}::timestamptz, now()) - w.keep_media_days * interval '1 day' order by o.id limit ${most}) m
      where w.keep_media_days is not null order by m.id limit ${most})
    union all
    (select id, workspace_id from media where direction = 'received' and message_id is null and id > ${after} order by id limit ${most})
  ) f order by id limit ${most}`);
}

/** Whether a file is still one of these. Its retention stays until the transaction ends. */
export async function isOutlived(tx: Queryable, workspaceId: string, id: string, now: Date | null): Promise<boolean> {
  await tx.query(sql`select 1 from workspace where id = ${workspaceId} for share`);
  const rows = await tx.query(sql`select 1 from media m join workspace w on w.id = m.workspace_id
    where m.id = ${id} and w.id = ${workspaceId} and (m.direction = 'received' and m.message_id is null
      or m.direction = 'uploaded' and m.note_id is null
        and m.created_at < coalesce(${now}::timestamptz, now()) - w.keep_media_days * interval '1 day')`);
  return rows.length > 0;
}

/** Uploaded files without a note older than so many days, oldest first. */
export async function uploadedBefore(
  db: Queryable,
  workspaceId: string,
  days: number,
  most: number,
  now: Date | null,
): Promise<{ id: string; size: number; createdAt: Date }[]> {
  return db.query(sql`select m.id, coalesce(m.size, 0)::float8 as size, m.created_at as "createdAt" from media m
    where m.workspace_id = ${workspaceId} and m.direction = 'uploaded' and m.note_id is null
      and m.created_at < coalesce(${now}::timestamptz, now()) - ${days} * interval '1 day' order by m.id limit ${most}`);
}
