// The table media_conversion: which content was converted to which voice note or sticker.
import type { Queryable } from '../../../kit/db/database.ts';
import { sql } from '../../../kit/db/sql.ts';
import type { ContentKey } from '../files/content-store.ts';

export type Format = 'voice' | 'sticker';

/** The hash of the converted content; undefined if there is none yet. */
export async function findConversion(
  db: Queryable,
  { workspaceId, sha256 }: ContentKey,
  format: Format,
): Promise<string | undefined> {
  const [row] = await db.query<{ converted_sha256: string }>(sql`
    select converted_sha256 from media_conversion where workspace_id = ${workspaceId} and sha256 = ${sha256} and format = ${format}`);
  return row?.converted_sha256;
}

/** Stores a conversion; false if one of the two contents was removed meanwhile. */
export async function storeConversion(
  tx: Queryable,
  { workspaceId, sha256 }: ContentKey,
  format: Format,
  convertedSha256: string,
): Promise<boolean> {
  const there = await tx.query(sql`select 1 from media_content
    where workspace_id = ${workspaceId} and sha256 in (${sha256}, ${convertedSha256}) order by sha256 for key share`);
  if (there.length < (sha256 === convertedSha256 ? 1 : 2)) return false;
  await tx.query(sql`insert into media_conversion (workspace_id, sha256, format, converted_sha256)
    values (${workspaceId}, ${sha256}, ${format}, ${convertedSha256})
    on conflict (workspace_id, sha256, format) do update set converted_sha256 = excluded.converted_sha256`);
  return true;
}

/** The contents converted from this one. */
export async function madeOf(db: Queryable, { workspaceId, sha256 }: ContentKey): Promise<string[]> {
  const rows = await db.query<{ converted_sha256: string }>(sql`select distinct converted_sha256 from media_conversion
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and converted_sha256 <> ${sha256}`);
  return rows.map(row => row.converted_sha256);
}
