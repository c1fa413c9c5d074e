// The inbound rows of the table media, until their files are stored or given up.
import type { MediaKind } from '@recado/contract';
import type { Queryable } from '../../../kit/db/database.ts';
import { sql } from '../../../kit/db/sql.ts';
import { newUuid, toId } from '../../../kit/ids.ts';
import type { HeldFile } from '../files/store-file.ts';

/** The file of an inbound message, as its channel describes it. */
export interface ReceivedFile {
  workspaceId: string;
  accountId: string;
  messageId: string;
  kind: MediaKind;
  channelMediaId: string;
  declaredType: string | undefined;
  fileName: string | undefined;
  sha256: string | undefined;
  size: number | undefined;
}

/** Inserts the files of messages that are being stored, in the same transaction; they are due at once. */
export async function insertReceived(tx: Queryable, files: ReceivedFile[], now: Date | null): Promise<void> {
  if (files.length === 0) return;
  const column = <Value>(pick: (file: ReceivedFile) => Value) => files.map(pick);
  await tx.query(sql`
    insert into media (id, workspace_id, account_id, message_id, direction, status, kind, channel_media_id, declared_type, file_name,
      expected_sha256, expected_size, due_at, created_at)
    select u.id, u.w, u.a, u.m, 'received', 'pending', u.kind, u.channel_id, u.declared, u.name, u.sha, u.size, t, t
    from clock(${now}) t, unnest(${column(() => newUuid())}::uuid[], ${column(f => f.workspaceId)}::uuid[],
      ${column(f => f.accountId)}::uuid[], ${column(f => f.messageId)}::uuid[], ${column(f => f.kind)}::text[],
      ${column(f => f.channelMediaId)}::text[], ${column(f => f.declaredType ?? null)}::text[], ${column(f => f.fileName ?? null)}::text[],
      ${column(f => f.sha256 ?? null)}::text[], ${column(f => f.size ?? null)}::bigint[]) u(id, w, a, m, kind, channel_id, declared, name, sha, size)`);
}

export interface ClaimedFile {
  id: string;
  workspace_id: string;
  message_id: string | null;
  kind: MediaKind;
  channel: string;
  phone_number_id: string;
  channel_media_id: string;
  declared_type: string | null;
  file_name: string | null;
  expected_sha256: string | null;
  expected_size: number | null;
  /** The number of this try, from 1. */
  attempts: number;
}

export interface FileClaim {
  files: ClaimedFile[];
  /** Milliseconds on the database's clock, like the claim. */
  waitMs: number | undefined;
  more: boolean;
}

/** Claims due files of an account, at most `places` in flight on all workers. */
export async function claimFiles(
  db: Queryable,
  claim: {
    accountId: string;
    max: number;
    places: number;
    routes: readonly string[];
    leaseSeconds: number;
    /** The pause after each try, in milliseconds. */
    pauses: readonly number[];
  },
  now: Date | null,
): Promise<FileClaim> {
  const rows = await db.query<ClaimedFile & { more: boolean; wait_ms: number | null }>(sql`
    select *, ceil(1000 * extract(epoch from wait_until - clock(${now})))::float8 as wait_ms from claim_media(${claim.accountId}, ${claim.max}, ${claim.places}, ${claim.routes},
      ${claim.leaseSeconds} * interval '1 second', ${claim.pauses}, ${now})`);
  const last = rows.at(-1);
  return {
    files: rows.filter(row => row.id !== null),
    waitMs: typeof last?.wait_ms === 'number' ? Math.max(0, last.wait_ms) : undefined,
    more: last?.more ?? false,
  };
}

/** Extends the lease of a claimed file that takes longer than expected. */
export async function holdFetch(
  db: Queryable,
  file: Pick<ClaimedFile, 'id' | 'attempts'>,
  { leaseSeconds, pauseMs }: { leaseSeconds: number; pauseMs: number },
  now: Date | null,
): Promise<void> {
  const lease = sql`clock(${now}) + ${leaseSeconds} * interval '1 second'`;
  await db.query(sql`update media set lease_until = ${lease}, due_at = ${lease} + ${pauseMs} * interval '1 millisecond'
    where id = ${file.id} and status = 'pending' and attempts = ${file.attempts}`);
}

/** The result of a try. */
export type FetchResult =
  | { status: 'stored'; kept: HeldFile }
  | { status: 'failed' | 'expired'; code: string; title: string }
  /** Retried after the wait. */
  | { status: 'pending'; code: string; title: string; waitMs: number };

/** Records the result of a try; false if the lease was lost. A stored file counts in any case. */
export async function recordFetch(
  tx: Queryable,
  file: Pick<ClaimedFile, 'id' | 'attempts'>,
  result: FetchResult,
  now: Date | null,
): Promise<boolean> {
  const kept = result.status === 'stored' ? result.kept : undefined;
  const trouble = 'code' in result ? result : undefined;
  const data = { media_id: toId('media', file.id), ...(trouble && { code: trouble.code, title: trouble.title }) };
  const [row] = await tx.query<{ done: boolean }>(sql`
    select record_media(${now}, ${file.id}, ${file.attempts}, ${result.status}, ${kept?.sha256 ?? null}, ${kept?.size ?? null},
      ${kept?.mimeType ?? null}, ${kept?.width ?? null}, ${kept?.height ?? null}, ${kept?.thumbnailSha256 ?? null}, ${trouble?.code ?? null}, ${trouble?.title ?? null},
      ${result.status === 'pending' ? result.waitMs : 0}, ${JSON.stringify(data)}) as done`);
  return row?.done ?? false;
}

/** Releases a claimed file as if it had not been claimed. */
export async function releaseFile(
  db: Queryable,
  file: Pick<ClaimedFile, 'id' | 'attempts'>,
  now: Date | null,
): Promise<void> {
  await db.query(sql`update media set lease_until = null, due_at = clock(${now}), attempts = attempts - 1
    where id = ${file.id} and status = 'pending' and attempts = ${file.attempts}`);
}

/** Releases all claimed files. Call it only if no other worker lives. The attempts stay counted. */
export async function endFetches(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`update media set lease_until = null, due_at = clock(${now})
    where status = 'pending' and lease_until > clock(${now})`);
}

/** The accounts with these routes and a due file that nobody has claimed. */
export async function dueFetchLanes(db: Queryable, routes: readonly string[], now: Date | null): Promise<string[]> {
  const rows = await db.query<{ key: string }>(sql`
    select a.id as key from clock(${now}) t, account a
    where a.deleted_at is null and a.route = any (${routes}) and exists (
      select 1 from media m where m.account_id = a.id and m.status = 'pending' and m.due_at <= t
        and (m.lease_until is null or m.lease_until <= t))`);
  return rows.map(row => row.key);
}

/** Gives up the files of deleted accounts, one batch at a time. */
export async function giveUpOfDeleted(db: Queryable): Promise<void> {
  await db.query(sql`
    update media set status = 'failed', due_at = null, lease_until = null, error_code = 'account_deleted',
      error_title = 'The account was deleted before the file was fetched.'
    where id = any (array(select f.id from media f join account a on a.id = f.account_id
      where f.status = 'pending' and a.deleted_at is not null limit 500 for update of f skip locked))`);
}

export interface RetriedFile {
  status: string;
  direction: string;
  account_id: string | null;
}

/** Fetches a failed or expired file again from the first try; returns its previous state, if it exists. */
export async function retryFetch(
  tx: Queryable,
  workspaceId: string,
  id: string,
  now: Date | null,
): Promise<RetriedFile | undefined> {
  const [before] = await tx.query<RetriedFile>(sql`select status, direction, account_id from media
    where workspace_id = ${workspaceId} and id = ${id} for update`);
  if (before?.direction === 'received' && (before.status === 'failed' || before.status === 'expired'))
    await tx.query(sql`update media set status = 'pending', attempts = 0, due_at = clock(${now}), lease_until = null,
        error_code = null, error_title = null where id = ${id}`);
  return before;
}
