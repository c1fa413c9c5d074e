// The table note.
import type { MediaKind } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { PageRequest } from '../../kit/http/routes.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import { type WhoRow, who } from '../../kit/who.ts';
import type { FileRow } from '../media/index.ts';

export interface NoteRow {
  id: string;
  seq: number;
  conversation_id: string;
  contact_id: string;
  account_id: string;
  episode_id: string | null;
  author: string;
  writer: WhoRow | null;
  body: string | null;
  mentioned: { id: string; name: string }[];
  files: (FileRow & { kind: MediaKind })[];
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
}

const columns = sql`n.id, n.seq, n.conversation_id, v.contact_id, n.account_id, n.episode_id, n.author,
  ${who(sql`n.author`)} as writer, n.body, n.created_at, n.edited_at, n.deleted_at,
  coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by u.place)
    from unnest(n.mentions) with ordinality u(id, place) join person p on p.id = u.id), '[]') as mentioned,
  coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'status', f.status, 'mime_type', f.mime_type,
      'size', f.size, 'file_name', f.file_name, 'width', f.width, 'height', f.height,
      'has_thumbnail', f.thumbnail_sha256 is not null, 'error_code', f.error_code, 'error_title', f.error_title)
      order by f.note_place) from media f where f.note_id = n.id), '[]') as files`;

/** A page of the notes of a conversation, newest first. */
export async function listNotes(
  db: Queryable,
  conversationId: string,
  page: PageRequest,
): Promise<{ rows: NoteRow[]; total: number }> {
  const rows = await db.query<NoteRow>(sql`
    select ${columns} from note n join conversation v on v.id = n.conversation_id
    where n.conversation_id = ${conversationId} ${page.after ? sql`and n.seq < ${page.after[0]}::bigint` : sql``}
    order by n.seq desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from note where conversation_id = ${conversationId}`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** The note; undefined if the caller has no such note. `locks` it until the transaction ends. */
export async function findNote(
  db: Queryable,
  workspaceId: string,
  id: string,
  { locks = false } = {},
): Promise<NoteRow | undefined> {
  const [row] = await db.query<NoteRow>(sql`
    select ${columns} from note n join conversation v on v.id = n.conversation_id
    where n.workspace_id = ${workspaceId} and n.id = ${id} ${locks ? sql`for update of n` : sql``}`);
  return row;
}

/** The place of the first of these people who is no member, or may not see the account of a conversation. */
export async function strangerAmong(
  db: Queryable,
  workspaceId: string,
  conversationId: string,
  people: readonly string[],
): Promise<number | undefined> {
  const [row] = await db.query<{ place: number }>(sql`
    select u.place::int - 1 as place from unnest(${[...people]}::uuid[]) with ordinality u(id, place)
    where not exists (select 1 from membership m join conversation v on v.workspace_id = m.workspace_id
      where m.workspace_id = ${workspaceId} and m.person_id = u.id and v.id = ${conversationId} and m.removed_at is null
        and m.disabled_at is null and (m.accounts is null or v.account_id = any (m.accounts)))
    order by u.place limit 1`);
  return row?.place;
}

interface Written {
  body: string;
  /** UUIDs. */
  mentions: readonly string[];
}

/** Stores a note in the episode that the conversation is in. */
export async function insertNote(
  tx: Queryable,
  conversationId: string,
  { body, mentions, author }: Written & { author: string },
  now: Date | null,
): Promise<{ id: string; accountId: string }> {
  const id = newUuid();
  const [row] = await tx.query<{ account_id: string }>(sql`
    insert into note (id, workspace_id, account_id, conversation_id, episode_id, author, body, mentions, created_at)
    select ${id}, v.workspace_id, v.account_id, v.id, v.episode_id, ${author}, ${body}, ${[...mentions]}::uuid[], clock(${now})
    from conversation v where v.id = ${conversationId} returning account_id`);
  if (!row) throw new Error('the conversation of a new note is gone');
  return { id, accountId: row.account_id };
}

export async function editNote(
  tx: Queryable,
  id: string,
  { body, mentions }: Written,
  now: Date | null,
): Promise<void> {
  await tx.query(
    sql`update note set body = ${body}, mentions = ${[...mentions]}::uuid[], edited_at = clock(${now}) where id = ${id}`,
  );
}

/** Removes the text of a note; its line stays. */
export async function emptyNote(tx: Queryable, id: string, now: Date | null): Promise<void> {
  await tx.query(sql`update note set body = null, mentions = '{}', deleted_at = clock(${now}) where id = ${id}`);
}

/** Writes the event of a note. `before`: the people whom it named before (UUIDs). */
export async function tellOfNote(
  tx: Queryable,
  workspaceId: string,
  type: 'note.created' | 'note.updated' | 'note.deleted',
  { id, conversation_id, contact_id, account_id, mentioned, files }: NoteRow,
  before: readonly string[],
  by: { kind: 'person' | 'api_key'; id: string },
  now: Date | null,
): Promise<void> {
  const data = {
    note_id: id,
    conversation_id,
    contact_id,
    person_id: by.kind === 'person' ? by.id : null,
    api_key_id: by.kind === 'api_key' ? by.id : null,
    mentions: mentioned.map(person => toId('person', person.id)),
    new_mentions: mentioned.filter(person => !before.includes(person.id)).map(person => toId('person', person.id)),
    media_ids: files.map(file => toId('media', file.id)),
  };
  await tx.query(
    sql`select append_event(${workspaceId}, ${type}, ${account_id}, ${JSON.stringify(data)}::jsonb, clock(${now}))`,
  );
}

/** Deletes the notes about contacts that are erased. */
export async function removeNotesAbout(tx: Queryable, contacts: readonly string[]): Promise<void> {
  await tx.query(sql`delete from note n using conversation v
    where v.contact_id = any (${[...contacts]}::uuid[]) and n.conversation_id = v.id`);
}

/** Deletes one batch of notes older than `days`: oldest first, at most `max`. Returns how many. */
export async function removeOldNotes(
  tx: Queryable,
  workspaceId: string,
  days: number,
  max: number,
  now: Date | null,
): Promise<number> {
  const rows = await tx.query(sql`delete from note where id = any (array(select id from note
    where workspace_id = ${workspaceId} and created_at < clock(${now}) - ${days} * interval '1 day'
    order by created_at limit ${max})) returning 1`);
  return rows.length;
}

/** The notes about these contacts, oldest first. */
export async function exportNotes(
  db: Queryable,
  workspaceId: string,
  contacts: readonly string[],
): Promise<
  { conversation_id: string; author: string | null; body: string | null; files: string[]; created_at: Date }[]
> {
  return db.query(sql`
    select n.conversation_id, ${who(sql`n.author`)} ->> 'name' as author, n.body, n.created_at,
      array(select coalesce(f.file_name, f.id::text) from media f where f.note_id = n.id order by f.note_place) as files
    from conversation v join note n on n.conversation_id = v.id
    where v.workspace_id = ${workspaceId} and v.contact_id = any (${[...contacts]}::uuid[]) order by n.seq`);
}
