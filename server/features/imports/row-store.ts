// The table contact_import_row.
import type { ImportFate, ImportRowCode, ImportSuggestion } from '@recado/contract';
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { bytesPassed } from '../../kit/os/gc-nudge.ts';
import type { FileRow } from './import.ts';
import type { ReadRow } from './read-row.ts';
import { isCertain } from './store.ts';

const columns = sql`r.number, r.fate, r.code, r.message, r.wrong_column, r.suggestion, r.cells,
  case when r.fate <> 'new' then r.contact_id end as contact_id, r.name, r.phone, r.reference, r.language, r.fields, r.labels,
  r.kept, r.opt_out, r.opted_out, r.unreachable, case when r.fate = 'invalid' and r.suggestion is not null then (
    select a.contact_id from contact_address a where a.workspace_id = r.workspace_id and a.kind = 'phone'
      and a.value = r.suggestion ->> 'phone') end as suggested_contact`;

/** Stores rows as the check read them. */
export async function storeRows(tx: Queryable, workspaceId: string, id: string, rows: ReadRow[]): Promise<void> {
  const given = JSON.stringify(rows);
  await call(tx, 'check_rows', { p_import: id, p_workspace: workspaceId, p_rows: given });
  // A row that was read and parsed takes some 10 kB, which would else pile up.
  bytesPassed(10_000 * rows.length);
}

/** Gives the next rows the numbers that are certainly meant. Returns how many rows that were. */
export async function takeSuggestions(tx: Queryable, id: string, most: number): Promise<number> {
  const [row] = await call(tx, 'take_suggestions', { p_import: id, p_most: most });
  return row?.take_suggestions ?? 0;
}

/** Removes the rows of an earlier check. `mended`: whether those that a person mended go too. */
export async function removeRows(tx: Queryable, id: string, { mended }: { mended: boolean }): Promise<void> {
  await tx.query(sql`delete from contact_import_row where import_id = ${id} and (${mended}::boolean or not mended)`);
}

/** Removes rows of an import in part. Returns whether there may be more. */
export async function removeSomeRows(tx: Queryable, id: string, most: number): Promise<boolean> {
  const rows = await tx.query(sql`delete from contact_import_row where import_id = ${id} and number = any (array(
    select number from contact_import_row where import_id = ${id} order by number limit ${most})) returning 1`);
  return rows.length === most;
}

/** The cells of rows that a person mended, by their numbers. */
export async function mendedCells(db: Queryable, id: string): Promise<Map<number, string[]>> {
  const rows = await db.query<{ number: number; cells: string[] }>(
    sql`select number, cells from contact_import_row where import_id = ${id} and mended`,
  );
  return new Map(rows.map(({ number, cells }) => [number, cells]));
}

export interface RowFilter {
  fate?: ImportFate | undefined;
  code?: ImportRowCode | undefined;
  suggestion?: ImportSuggestion | undefined;
}

const several = sql`r.fate = 'invalid' and r.suggestion ? 'readings' and not r.suggestion ? 'more'`;
const suggested: Record<ImportSuggestion, Fragment> = {
  certain: isCertain,
  known: sql`${isCertain} and exists (select 1 from contact_address a where a.workspace_id = r.workspace_id
    and a.kind = 'phone' and a.value = r.suggestion ->> 'phone')`,
  two_readings: several,
  none: sql`r.fate = 'invalid' and (r.suggestion is null or r.suggestion ? 'more')`,
};

/** A page of the rows of an import, by their numbers. */
export async function listRows(
  db: Queryable,
  id: string,
  { fate, code, suggestion }: RowFilter,
  page: PageRequest,
): Promise<{ rows: FileRow[]; total: number }> {
  const isCoded = fate !== undefined && ['invalid', 'duplicate', 'skipped'].includes(fate);
  const where = all([
    sql`r.import_id = ${id}`,
    fate !== undefined && sql`r.fate = ${fate}`,
    isCoded && sql`r.code is not null`,
    code !== undefined && sql`r.code = ${code}`,
    suggestion !== undefined && suggested[suggestion],
  ]);
  const rows = await db.query<FileRow>(sql`select ${columns} from contact_import_row r where ${where}
    ${page.after ? sql`and r.number > ${page.after[0]}::int` : sql``} order by r.number limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from contact_import_row r where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** A row of an import. */
export async function findRow(db: Queryable, id: string, number: number): Promise<FileRow | undefined> {
  const [row] = await db.query<FileRow>(
    sql`select ${columns} from contact_import_row r where r.import_id = ${id} and r.number = ${number}`,
  );
  return row;
}

/** The next invalid rows behind a number. */
export const badRows = (
  db: Queryable,
  id: string,
  after: number,
  most: number,
): Promise<Pick<FileRow, 'number' | 'cells' | 'message'>[]> =>
  db.query(sql`select number, cells, message from contact_import_row
    where import_id = ${id} and fate = 'invalid' and number > ${after} order by number limit ${most}`);

/** Whether a row of an import that is not expired names one of these contacts. */
const naming = (workspaceId: string, contacts: string[]): Fragment => {
  const keys = sql`array(select value from contact_address where contact_id = any (${contacts}::uuid[])
    union select 'contact ' || id from contact where id = any (${contacts}::uuid[])
    union select 'reference ' || reference from contact where id = any (${contacts}::uuid[]) and reference is not null)`;
  return sql`workspace_id = ${workspaceId}
    and import_id = any (array(select id from contact_import where workspace_id = ${workspaceId} and expired_at is null))
    and (key = any (${keys}) or phone = any (${keys}) or contact_id = any (${contacts}::uuid[]))`;
};

/** The values that rows keep of these contacts for campaigns. */
export const keptInRows = (
  db: Queryable,
  workspaceId: string,
  contacts: string[],
): Promise<{ import_id: string; number: number; kept: Record<string, string> }[]> =>
  db.query(sql`select import_id, number, kept from contact_import_row
    where ${naming(workspaceId, contacts)} and kept is not null order by import_id, number`);

/** Removes the rows that name one of these contacts. Returns the imports that had one. */
export async function forgetRows(tx: Queryable, workspaceId: string, contacts: string[]): Promise<string[]> {
  const rows = await tx.query<{ import_id: string }>(sql`
    with gone as (
      delete from contact_import_row where ${naming(workspaceId, contacts)} returning import_id)
    select distinct import_id from gone`);
  return rows.map(row => row.import_id);
}
