// The files of notes, in media.note_id: a note alone has them, so that no message carries them.
import type { Queryable } from '../../../kit/db/database.ts';
import { sql } from '../../../kit/db/sql.ts';

/**
 * Locks the files that a note may have, and returns them: its own, and free uploads of its author. A message that is
 * just accepted with one of them holds it, or finds it with the note. Lock order: before the note is stored.
 */
export async function lockForNote(
  tx: Queryable,
  workspaceId: string,
  ids: readonly string[],
  { author, noteId }: { author: string; noteId: string | undefined },
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.query<{ id: string }>(sql`select id from media
    where workspace_id = ${workspaceId} and id = any (${[...ids]}::uuid[]) and status = 'stored'
      and (note_id = ${noteId ?? null} or note_id is null and direction = 'uploaded' and created_by = ${author})
    order by id for update`);
  return new Set(rows.map(({ id }) => id));
}

/** Gives a note these files, which are locked for it, in their order. Its other files are deleted. */
export async function setFilesOfNote(
  tx: Queryable,
  { noteId, accountId }: { noteId: string; accountId: string },
  ids: readonly string[],
): Promise<void> {
  await tx.query(sql`delete from media where note_id = ${noteId} and id <> all (${[...ids]}::uuid[])`);
  if (ids.length === 0) return;
  await tx.query(sql`update media m set note_id = ${noteId}, note_place = u.place, account_id = ${accountId}
    from unnest(${[...ids]}::uuid[]) with ordinality u(id, place) where m.id = u.id`);
}
