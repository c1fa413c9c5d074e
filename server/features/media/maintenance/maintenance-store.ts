// What the upkeep asks of media_content: all of it, page by page, and what has to be mended.
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
 * The next contents in order that are there and that nobody is removing; of those outside of a store, or stored until a
 * moment, where they are named.
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

/** Notes that these contents are in a store, as far as there are rows of them. */
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

/** A content as the check looks at it. */
export interface SeenContent extends ContentRow {
  /** Whether it was seen to be in no store. */
  isLost: boolean;
  /** Another one where anything of the row has changed since. */
  version: string;
}

const seen = sql`workspace_id as "workspaceId", sha256, store, size, mime_type as "mimeType", lost_at is not null as "isLost", xmin::text as version`;
const isSettled = (now: Date | null) => sql`(stored_at is not null or lost_at is not null) and deleting_at is null
  and (holders = 0 or held_until < coalesce(${now}::timestamptz, now()))`;

/** The next contents in order that are there, or are known to be lost, and that nobody is at work with. */
export async function nextSettled(
  engineDb: Queryable,
  after: ContentKey | undefined,
  most: number,
  now: Date | null,
): Promise<SeenContent[]> {
  return engineDb.query<SeenContent>(sql`select ${seen} from media_content where ${isSettled(now)} ${afterKey(after)}
    order by workspace_id, sha256 limit ${most}`);
}

/** A content as it is now; undefined where somebody is at work with it, or it has gone. */
export async function findSettled(
  engineDb: Queryable,
  { workspaceId, sha256 }: ContentKey,
  now: Date | null,
): Promise<SeenContent | undefined> {
  const [row] = await engineDb.query<SeenContent>(sql`select ${seen} from media_content
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and ${isSettled(now)}`);
  return row;
}

/** Locks a content and its files; false where anything of it has changed since it was seen. */
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
 * Says of every file whose content is lost that it failed. What is needed to undo that stays: the row of the content, and
 * the hash in the rows of its files. False where anything has changed since it was looked for.
 */
export async function markLost(tx: Queryable, content: SeenContent, now: Date | null): Promise<boolean> {
  if (!(await lockUnchanged(tx, content, now))) return false;
  const mine = sql`workspace_id = ${content.workspaceId}`;
  await tx.query(sql`update media_content set stored_at = null, lost_at = coalesce(${now}::timestamptz, now())
    where ${mine} and sha256 = ${content.sha256}`);
  await tx.query(sql`update media set status = 'failed', error_code = 'lost', error_title = 'The file is missing from its store.'
    where ${mine} and sha256 = ${content.sha256} and status = 'stored'`);
  // What was made of another content is made again.
  await tx.query(
    sql`delete from media_fit where ${mine} and fit_sha256 = ${content.sha256} and sha256 <> ${content.sha256}`,
  );
  return true;
}

/** Writes that a content was found in this store; false where anything has changed since it was looked for. */
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
 * Which of these files of a store have no row: nothing says that they are there. What somebody is at work with has one.
 * `isForeign` says that this database does not know the workspace.
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
 * Writes a row for a file that has none, as one that is being removed, so that who uploads the same waits until it is
 * gone. Gives what may be removed: 'row', where one was written; 'copy', where what is in this store is one too many, which
 * is so until the end of this transaction.
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
  // Who would move it here waits for the lock, and then puts it anew.
  const rows = await tx.query(sql`select 1 from media_content where workspace_id = ${workspaceId} and sha256 = ${sha256}
    and store <> ${store} and stored_at is not null and ${isSettled(now)} for update`);
  if (rows.length === 0) return undefined;
  // The transaction lasts as long as the store takes to remove the copy, and the lock must not be lost before.
  await tx.query(sql`select set_config('idle_in_transaction_session_timeout', '0', true)`);
  return 'copy';
}

/** Whether this database knows a workspace. */
export async function isWorkspace(db: Queryable, workspaceId: string): Promise<boolean> {
  return (await db.query(sql`select 1 from workspace where id = ${workspaceId}`)).length > 0;
}

/** Notes that a content is in another store now; false where somebody else moved or removed it. */
export async function noteMoved(
  db: Queryable,
  { workspaceId, sha256, store }: ContentRow,
  to: string,
): Promise<boolean> {
  const rows = await db.query(sql`update media_content set store = ${to}
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and store = ${store} and deleting_at is null returning sha256`);
  return rows.length > 0;
}

/** Where no other process is at work: nobody holds anything any more, and what was being removed is free to be ended. */
export async function forgetHolders(engineDb: Queryable): Promise<void> {
  await engineDb.query(sql`update media_content set holders = 0, held_until = null, deleting_at = deleting_at - interval '1 hour'
    where holders > 0 or deleting_at is not null`);
}

/**
 * Files that may go, behind this one in their order: those that were uploaded longer ago than their workspace keeps them,
 * and those that came with a message which has gone.
 */
export async function outlivedFiles(
  engineDb: Queryable,
  after: string,
  now: Date | null,
  most: number,
): Promise<{ id: string; workspaceId: string }[]> {
  return engineDb.query(sql`select * from (
    (select m.id, m.workspace_id as "workspaceId" from workspace w
      cross join lateral (select o.id, o.workspace_id from media o where o.workspace_id = w.id and o.id > ${after} and o.direction = 'uploaded'
        and o.created_at < coalesce(${now}::timestamptz, now()) - w.keep_media_days * interval '1 day' order by o.id limit ${most}) m
      where w.keep_media_days is not null order by m.id limit ${most})
    union all
    (select id, workspace_id from media where direction = 'received' and message_id is null and id > ${after} order by id limit ${most})
  ) f order by id limit ${most}`);
}
