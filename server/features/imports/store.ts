// The tables contact_import and contact_import_part.
import type { ImportState } from '@recado/contract';
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { type ColumnRow, type FileFacts, type ImportRowOfTable, keptMs, type Settings } from './import.ts';

const columns = sql`i.id, i.workspace_id, i.name, i.state, i.bytes, i.sha256, i.encoding, i.delimiter, i.header, i.columns,
  i.settings, i.counts, i.labels, i.new_labels, i.stored, i.version, i.place, i.done, i.total, i.error, i.created_kind,
  i.created_by, i.created_at, i.checked_at, i.started_at, i.finished_at, i.undone_at, i.expired_at`;

// Uploads ---------------------------------------------------------------------

export interface NewImport {
  id: string;
  workspaceId: string;
  createdBy: { kind: 'person' | 'api_key'; id: string };
}

/** Begins an import, which nobody sees before its file is complete. */
export async function insertUpload(db: Queryable, { id, workspaceId, createdBy }: NewImport, at: Date): Promise<void> {
  await db.query(sql`insert into contact_import (id, workspace_id, name, state, created_kind, created_by, created_at)
    values (${id}, ${workspaceId}, '', 'uploading', ${createdBy.kind}, ${createdBy.id}, ${at})`);
}

/** Stores a piece of a file. */
export async function insertPart(
  db: Queryable,
  workspaceId: string,
  { id, number, bytes }: { id: string; number: number; bytes: Buffer },
): Promise<void> {
  await db.query(sql`insert into contact_import_part (import_id, number, workspace_id, bytes)
    values (${id}, ${number}, ${workspaceId}, ${bytes})`);
}

/** A piece of a file, from 0; undefined behind the last one. */
export async function findPart(db: Queryable, id: string, number: number): Promise<Buffer | undefined> {
  const [row] = await db.query<{ bytes: Buffer }>(
    sql`select bytes from contact_import_part where import_id = ${id} and number = ${number}`,
  );
  return row?.bytes;
}

export interface UploadedFile extends FileFacts {
  name: string;
  bytes: number;
  sha256: string;
  columns: ColumnRow[];
  settings: Settings;
  rows: number;
}

/** Shows an import with its file. */
export async function completeUpload(tx: Queryable, id: string, file: UploadedFile): Promise<void> {
  await tx.query(sql`update contact_import set state = 'uploaded', name = ${file.name}, bytes = ${file.bytes},
      sha256 = ${file.sha256}, encoding = ${file.encoding}, delimiter = ${file.delimiter}, header = ${file.header},
      columns = ${JSON.stringify(file.columns)}, settings = ${JSON.stringify(file.settings)}, total = ${file.rows},
      counts = jsonb_build_object('rows', ${file.rows}::int)
    where id = ${id} and state = 'uploading'`);
}

/** Removes an import whose upload failed. */
export async function removeUpload(db: Queryable, id: string): Promise<void> {
  const rows = await db.query(sql`delete from contact_import where id = ${id} and state = 'uploading' returning 1`);
  if (rows.length > 0) await db.query(sql`delete from contact_import_part where import_id = ${id}`);
}

/** The newest import of the same file: one that ran, or else one that may still run. */
export async function findSameFile(
  db: Queryable,
  workspaceId: string,
  sha256: string,
): Promise<{ id: string; created_at: Date; started: boolean } | undefined> {
  const [row] = await db.query<{ id: string; created_at: Date; started: boolean }>(sql`
    select id, created_at, started_at is not null as started from contact_import
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and state not in ('undone', 'uploading')
      and (state not in ('cancelled', 'failed') or started_at is not null)
    order by started_at is not null desc, id desc limit 1`);
  return row;
}

/** How many files of a workspace wait for their import. */
export async function countWaiting(db: Queryable, workspaceId: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    sql`select count(*)::int as n from contact_import where workspace_id = ${workspaceId} and stored`,
  );
  return row?.n ?? 0;
}

// Reading ---------------------------------------------------------------------

/** An import that people see. */
export async function findImport(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<ImportRowOfTable | undefined> {
  const [row] = await db.query<ImportRowOfTable>(sql`select ${columns} from contact_import i
    where i.workspace_id = ${workspaceId} and i.id = ${id} and i.state <> 'uploading'`);
  return row;
}

/** The same, locked until the transaction ends. */
export async function lockImport(
  tx: Queryable,
  workspaceId: string,
  id: string,
): Promise<ImportRowOfTable | undefined> {
  const [row] = await tx.query<ImportRowOfTable>(sql`select ${columns} from contact_import i
    where i.workspace_id = ${workspaceId} and i.id = ${id} and i.state <> 'uploading' for update`);
  return row;
}

/** A page of the imports of a workspace, newest first. */
export async function listImports(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<{ rows: ImportRowOfTable[]; total: number }> {
  const where = sql`i.workspace_id = ${workspaceId} and i.state <> 'uploading'`;
  const rows = await db.query<ImportRowOfTable>(sql`select ${columns} from contact_import i where ${where}
    ${page.after ? sql`and i.id < ${page.after[0]}::uuid` : sql``} order by i.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from contact_import i where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

// Changing --------------------------------------------------------------------

export interface ImportChange extends FileFacts {
  columns: ColumnRow[];
  settings: Settings;
  rows: number;
}

/** Begins a check with other settings. */
export async function beginCheck(tx: Queryable, id: string, change: ImportChange): Promise<void> {
  await tx.query(sql`update contact_import set state = 'checking', version = version + 1, place = 0, done = 0,
      encoding = ${change.encoding}, delimiter = ${change.delimiter}, header = ${change.header},
      columns = ${JSON.stringify(change.columns)}, settings = ${JSON.stringify(change.settings)}, total = ${change.rows},
      counts = jsonb_build_object('rows', ${change.rows}::int), labels = '{}', new_labels = '{}', checked_at = null,
      runner = null, lease_until = null
    where id = ${id}`);
}

/** Begins to run a locked import, whose file is needed no more. `labelIds`: the ids of its labels, by name. */
export async function beginRun(
  tx: Queryable,
  id: string,
  labelIds: Record<string, string>,
  at: Date | null,
): Promise<void> {
  await tx.query(sql`update contact_import set state = 'running', place = 0, done = 0, stored = false,
      label_ids = ${JSON.stringify(labelIds)}, started_at = clock(${at}), runner = null, lease_until = null,
      total = coalesce((counts ->> 'new')::int, 0) + coalesce((counts ->> 'known')::int, 0)
    where id = ${id}`);
  await tx.query(sql`delete from contact_import_part where import_id = ${id}`);
}

/** Begins to undo a locked import. */
export async function beginUndo(tx: Queryable, id: string): Promise<void> {
  await tx.query(sql`update contact_import set state = 'undoing', place = 0, done = 0, runner = null, lease_until = null,
      total = coalesce((counts ->> 'created')::int, 0) + coalesce((counts ->> 'updated')::int, 0)
    where id = ${id}`);
}

/** Ends a locked import in this state. `stored`: whether its file stays. */
export async function endImport(
  tx: Queryable,
  id: string,
  state: ImportState,
  at: Date | null,
  error?: { code: string; message: string },
): Promise<void> {
  await tx.query(sql`update contact_import set state = ${state}, runner = null, lease_until = null, stored = false,
      error = ${error ? JSON.stringify(error) : null}, finished_at = coalesce(finished_at, clock(${at})),
      undone_at = case when ${state} = 'undone' then clock(${at}) end
    where id = ${id}`);
  await tx.query(sql`delete from contact_import_part where import_id = ${id}`);
}

/** Ends the check of a locked import. */
export async function endCheck(
  tx: Queryable,
  id: string,
  { labels, newLabels }: { labels: string[]; newLabels: string[] },
  at: Date | null,
): Promise<void> {
  await tx.query(sql`update contact_import set state = 'ready', runner = null, lease_until = null, done = total,
      labels = ${labels}::text[], new_labels = ${newLabels}::text[], checked_at = clock(${at}) where id = ${id}`);
}

/** Adds labels that a mended row names. */
export async function addLabels(tx: Queryable, id: string, labels: string[], newLabels: string[]): Promise<void> {
  await tx.query(sql`update contact_import set labels = array(select distinct x from unnest(labels || ${labels}::text[]) x),
      new_labels = array(select distinct x from unnest(new_labels || ${newLabels}::text[]) x) where id = ${id}`);
}

/** Of rows `r`: those that a suggestion makes valid. */
export const isCertain = sql`r.fate = 'invalid' and r.suggestion is not null and not r.suggestion ?| '{readings,more}'`;

/** Counts the rows of an import by what became of them. */
export async function recount(tx: Queryable, id: string): Promise<void> {
  await tx.query(sql`update contact_import i set counts = i.counts || x.counts from (
      select jsonb_object_agg(kind, n) as counts from (
        select kind, coalesce(sum(n) filter (where r.fate = kind), 0)::int as n
        from unnest('{new,known,duplicate,invalid,created,updated,unchanged,skipped}'::text[]) kind
        left join (select fate, count(*) as n from contact_import_row where import_id = ${id} group by 1) r on true
        group by 1
        union all select 'opted_out', count(*)::int from contact_import_row
          where import_id = ${id} and opted_out and fate in ('new', 'known')
        union all select 'unreachable', count(*)::int from contact_import_row
          where import_id = ${id} and unreachable and fate in ('new', 'known')
        union all select 'second_phone', count(*)::int from contact_import_row
          where import_id = ${id} and second_phone and fate in ('new', 'known')
        union all select 'two_readings', count(*)::int from contact_import_row
          where import_id = ${id} and fate = 'invalid' and suggestion ? 'readings' and not suggestion ? 'more'
        union all select c.kind, c.n from (
          select coalesce(sum(s.n), 0)::int as suggested,
            count(*) filter (where a.value is null and not s.has_row)::int as added,
            count(*) filter (where a.value is not null and not s.has_row)::int as known,
            coalesce(sum(s.n) filter (where a.value is not null), 0)::int as contacts
          from (select g.*, exists (select 1 from contact_import_row k where k.key = g.phone
                and k.import_id = ${id} and k.fate in ('new', 'known')) as has_row
              from (select r.suggestion ->> 'phone' as phone, r.workspace_id, count(*) as n from contact_import_row r
                where r.import_id = ${id} and ${isCertain} group by 1, 2) g) s
            left join contact_address a on a.workspace_id = s.workspace_id and a.kind = 'phone' and a.value = s.phone) x,
          lateral (values ('suggested', x.suggested), ('suggested_new', x.added), ('suggested_known', x.known),
            ('suggested_contacts', x.contacts)) c(kind, n)
      ) k) x
    where i.id = ${id}`);
}

/** Tells of an import: the readers of the log get its state and its progress. */
export async function tell(tx: Queryable, id: string, type: string): Promise<void> {
  await tx.query(sql`select append_event(workspace_id, ${type}, null, jsonb_build_object('contact_import_id', id,
      'state', state, 'done', done, 'of', total), clock_timestamp()) from contact_import where id = ${id}`);
}

// Work ------------------------------------------------------------------------

/** How long an import is of the process that advanced it last. */
const lease = sql`interval '10 seconds'`;

/** Imports with work left that nobody works on. */
export async function dueImports(db: Queryable, now: Date | null): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select id from contact_import
    where state in ('checking', 'running', 'undoing') and (lease_until is null or lease_until < clock(${now}))
    order by id limit 50`);
  return rows.map(row => row.id);
}

/** Takes an import with work left for a while, unless another process has it. */
export async function claimImport(
  db: Queryable,
  id: string,
  runner: string,
  now: Date | null,
): Promise<ImportRowOfTable | undefined> {
  const [row] = await db.query<ImportRowOfTable>(sql`update contact_import i set runner = ${runner},
      lease_until = clock(${now}) + ${lease}
    where i.id = ${id} and i.state in ('checking', 'running', 'undoing')
      and (i.lease_until is null or i.lease_until < clock(${now})) returning ${columns}`);
  return row;
}

/** Gives an import up, so that another process may take it at once. */
export async function releaseImport(db: Queryable, id: string, runner: string): Promise<void> {
  await db.query(
    sql`update contact_import set runner = null, lease_until = null where id = ${id} and runner = ${runner}`,
  );
}

/** Locks an import that this process works on, if it still does. */
export async function holdImport(
  tx: Queryable,
  id: string,
  { runner, version, state }: { runner: string; version: number; state: ImportState },
): Promise<ImportRowOfTable | undefined> {
  const [row] = await tx.query<ImportRowOfTable>(sql`select ${columns} from contact_import i where i.id = ${id}
    and i.runner = ${runner} and i.version = ${version} and i.state = ${state} for update`);
  return row;
}

/** Records how far the check of a held import is. */
export async function advanceCheck(
  tx: Queryable,
  id: string,
  { place, rows }: { place: number; rows: number },
  now: Date | null,
): Promise<void> {
  await tx.query(sql`update contact_import set place = ${place}, done = done + ${rows},
      lease_until = clock(${now}) + ${lease} where id = ${id}`);
}

interface Range {
  id: string;
  runner: string;
  /** The rows behind this number, up to `until`. */
  after: number;
  until: number;
}

/** Opts out the known contacts of a range of rows. Returns false where the import is not ours. */
export async function optOutKnown(tx: Queryable, range: Range, now: Date | null): Promise<boolean> {
  const [row] = await call(tx, 'opt_out_known', argsOf(range, now));
  return row?.opt_out_known ?? false;
}

/** Runs a range of rows. Returns how many were done; undefined where the import is not ours. */
export async function runRows(tx: Queryable, range: Range, now: Date | null): Promise<number | undefined> {
  const [row] = await call(tx, 'run_import', argsOf(range, now));
  return row?.run_import ?? undefined;
}

const argsOf = ({ id, runner, after, until }: Range, now: Date | null) => ({
  p_now: now,
  p_import: id,
  p_runner: runner,
  p_after: after,
  p_until: until,
});

/** Undoes the next rows. Returns how many are done now, -1 where none is left; undefined where it is not ours. */
export async function undoRows(
  tx: Queryable,
  { id, runner, most }: { id: string; runner: string; most: number },
  now: Date | null,
): Promise<number | undefined> {
  const [row] = await call(tx, 'undo_import', { p_now: now, p_import: id, p_runner: runner, p_most: most });
  return row?.undo_import ?? undefined;
}

/** The number of the last row of an import, and how many of its rows were run. */
export async function extentOf(db: Queryable, id: string): Promise<{ last: number; done: number }> {
  const [row] = await db.query<{ last: number; done: number }>(sql`select coalesce(max(number), 0) as last,
      count(*) filter (where fate in ('created', 'updated', 'unchanged', 'skipped'))::int as done
    from contact_import_row where import_id = ${id}`);
  return row ?? { last: 0, done: 0 };
}

/** Records how far an import is that this process runs. Returns false where it is not ours. */
export async function advanceRun(
  tx: Queryable,
  { id, runner, place, done }: { id: string; runner: string; place: number; done: number },
  now: Date | null,
): Promise<boolean> {
  const rows = await tx.query(sql`update contact_import set place = greatest(place, ${place}), done = ${done},
      lease_until = clock(${now}) + ${lease} where id = ${id} and runner = ${runner} and state = 'running' returning 1`);
  return rows.length > 0;
}

// Ends ------------------------------------------------------------------------

/** Longer than any upload takes, in milliseconds. */
const uploadMs = 3_600_000;

/** The next import whose rows are not kept any longer, locked. */
export async function lockExpired(tx: Queryable, now: Date): Promise<string | undefined> {
  const before = new Date(now.getTime() - keptMs);
  const abandoned = new Date(now.getTime() - uploadMs);
  const [row] = await tx.query<{ id: string }>(sql`select id from contact_import where expired_at is null
    and state not in ('checking', 'running', 'undoing') and (coalesce(finished_at, created_at) < ${before}
      or state = 'cancelled' and started_at is null or state = 'uploading' and created_at < ${abandoned})
    order by id limit 1 for update skip locked`);
  return row?.id;
}

/** Ends an expired import, once its rows are gone: its counts stay. */
export async function expireImport(tx: Queryable, id: string, now: Date): Promise<void> {
  await tx.query(sql`delete from contact_import_part where import_id = ${id}`);
  await tx.query(sql`delete from contact_import where id = ${id} and state = 'uploading'`);
  await tx.query(sql`update contact_import set expired_at = ${now}, stored = false,
      state = case when state in ('uploaded', 'ready') then 'cancelled' else state end,
      finished_at = coalesce(finished_at, ${now}), columns = (select coalesce(jsonb_agg(c || '{"values": []}'), '[]')
        from jsonb_array_elements(columns) c) where id = ${id}`);
}

/** Imports whose rows are not all known yet. */
export async function lockUnread(tx: Queryable, workspaceId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`select id from contact_import where workspace_id = ${workspaceId}
    and state in ('uploading', 'uploaded', 'checking') order by id for update`);
  return rows.map(row => row.id);
}

/** Removes the files and the first values of imports, which may name a person. */
export async function removeFiles(tx: Queryable, ids: string[]): Promise<void> {
  await tx.query(sql`update contact_import set stored = false, columns = (
      select coalesce(jsonb_agg(c || '{"values": []}'), '[]') from jsonb_array_elements(columns) c)
    where id = any (${ids}::uuid[])`);
  await tx.query(sql`delete from contact_import_part where import_id = any (${ids}::uuid[])`);
}
