// The table media_fit: which content was converted to which voice note or sticker.
import type { Queryable } from '../../../kit/db/database.ts';
import { sql } from '../../../kit/db/sql.ts';
import type { ContentKey } from '../files/content-store.ts';

export type Fit = 'voice' | 'sticker';

/** The hash of the converted content; undefined if there is none yet. */
export async function findFit(
  db: Queryable,
  { workspaceId, sha256 }: ContentKey,
  fit: Fit,
): Promise<string | undefined> {
  const [row] = await db.query<{ fit_sha256: string }>(sql`
    select fit_sha256 from media_fit where workspace_id = ${workspaceId} and sha256 = ${sha256} and fit = ${fit}`);
  return row?.fit_sha256;
}

/** Stores a conversion; false if one of the two contents was removed meanwhile. */
export async function keepFit(
  tx: Queryable,
  { workspaceId, sha256 }: ContentKey,
  fit: Fit,
  fitSha256: string,
): Promise<boolean> {
  const there = await tx.query(sql`select 1 from media_content
    where workspace_id = ${workspaceId} and sha256 in (${sha256}, ${fitSha256}) order by sha256 for key share`);
  if (there.length < (sha256 === fitSha256 ? 1 : 2)) return false;
  await tx.query(sql`insert into media_fit (workspace_id, sha256, fit, fit_sha256)
    values (${workspaceId}, ${sha256}, ${fit}, ${fitSha256})
    on conflict (workspace_id, sha256, fit) do update set fit_sha256 = excluded.fit_sha256`);
  return true;
}

/** The contents converted from this one. */
export async function madeOf(db: Queryable, { workspaceId, sha256 }: ContentKey): Promise<string[]> {
  const rows = await db.query<{ fit_sha256: string }>(sql`select distinct fit_sha256 from media_fit
    where workspace_id = ${workspaceId} and sha256 = ${sha256} and fit_sha256 <> ${sha256}`);
  return rows.map(row => row.fit_sha256);
}
