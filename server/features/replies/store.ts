// The tables saved_reply and saved_reply_use.
import type { MediaKind, SavedReply } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, join, sql } from '../../kit/db/sql.ts';
import type { PageRequest } from '../../kit/http/routes.ts';
import type { SavedReader } from '../team/index.ts';

export interface SavedReplyRow {
  id: string;
  /** Whose it is: the UUID of a person or an API key; null for a team or the workspace. */
  owner_id: string | null;
  team_id: string | null;
  shortcut: string;
  title: string;
  body: string;
  files: { id: string; filename: string | null; kind: MediaKind; mime_type: string | null; size: number | null }[];
  language: string | null;
  /** UUIDs; null for all. */
  accounts: string[] | null;
  /** With its language: sent instead while the 24-hour window is closed. */
  template: string | null;
  template_language: string | null;
  uses: number;
  creator_kind: 'person' | 'api_key';
  created_by: string;
  creator_name: string | null;
  created_at: Date;
  updated_at: Date;
}

/** The days whose uses count. */
const countedDays = 30;

const uses = sql`(select coalesce(sum(u.uses), 0)::int from saved_reply_use u
  where u.saved_reply_id = r.id and u.day > current_date - ${countedDays}::int)`;

const columns = sql`r.id, r.owner_id, r.team_id, r.shortcut, r.title, r.body, r.language, r.accounts, r.template,
  r.template_language, r.creator_kind, r.created_by, r.created_at, r.updated_at,
  coalesce((select name from person p where p.id = r.created_by), (select name from api_key k where k.id = r.created_by))
    as creator_name,
  coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'filename', m.file_name, 'kind', m.kind,
      'mime_type', m.mime_type, 'size', m.size) order by f.place)
    from unnest(r.files) with ordinality f(id, place) join media m on m.id = f.id), '[]') as files`;

/** What a caller sees: their own replies, those of their teams, and those of the workspace. */
const visible = ({ workspaceId, id, seesTeams }: SavedReader): Fragment =>
  sql`r.workspace_id = ${workspaceId} and (r.owner_id = ${id} or r.owner_id is null and (r.team_id is null or ${seesTeams}
    or r.team_id in (select m.team_id from team_member m where m.workspace_id = ${workspaceId} and m.person_id = ${id})))`;

const ofScope: Readonly<Record<SavedReply['scope'], Fragment>> = {
  personal: sql`r.owner_id is not null`,
  team: sql`r.team_id is not null`,
  workspace: sql`r.owner_id is null and r.team_id is null`,
};

export interface ReplyFilter {
  scope: SavedReply['scope'] | undefined;
  accountId: string | undefined;
  search: string | undefined;
}

/** A page of the replies that a caller sees, the most used first. */
export async function listSavedReplies(
  db: Queryable,
  reader: SavedReader,
  { scope, accountId, search }: ReplyFilter,
  page: PageRequest,
): Promise<{ rows: SavedReplyRow[]; total: number }> {
  const pattern = search && `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  const where = all([
    visible(reader),
    scope !== undefined && ofScope[scope],
    accountId !== undefined && sql`(r.accounts is null or ${accountId}::uuid = any (r.accounts))`,
    pattern !== undefined && sql`(r.title ilike ${pattern} or r.shortcut ilike ${pattern} or r.body ilike ${pattern})`,
  ]);
  const after = page.after ? sql`where (r.uses, r.id) < (${page.after[0]}::int, ${page.after[1]}::uuid)` : sql``;
  const rows = await db.query<SavedReplyRow>(sql`
    select r.uses, ${columns} from (select r.*, ${uses} as uses from saved_reply r where ${where}) r ${after}
    order by r.uses desc, r.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(sql`select count(*) as total from saved_reply r where ${where}`);
  return { rows, total: count?.total ?? 0 };
}

/** A reply that a caller sees. */
export async function findSavedReply(
  db: Queryable,
  reader: SavedReader,
  id: string,
): Promise<SavedReplyRow | undefined> {
  const [row] = await db.query<SavedReplyRow>(sql`
    select ${uses} as uses, ${columns} from saved_reply r where ${visible(reader)} and r.id = ${id}`);
  return row;
}

export interface NewSavedReply {
  id: string;
  owner_id: string | null;
  team_id: string | null;
  shortcut: string;
  title: string;
  body: string;
  files: string[];
  language: string | null;
  accounts: string[] | null;
  template: string | null;
  template_language: string | null;
  creator_kind: 'person' | 'api_key';
  created_by: string;
}

/** Keeps a new reply, unless its owner has `most`, or its shortcut is taken. */
export async function insertSavedReply(
  tx: Queryable,
  workspaceId: string,
  row: NewSavedReply,
  most: number,
): Promise<'made' | 'taken' | 'too_many'> {
  // One at a time, so that the count holds.
  await tx.query(sql`select 1 from workspace where id = ${workspaceId} for no key update`);
  const [count] = await tx.query<{ n: number }>(sql`select count(*) as n from saved_reply
    where workspace_id = ${workspaceId} and owner_id is not distinct from ${row.owner_id}::uuid
      and team_id is not distinct from ${row.team_id}::uuid`);
  if ((count?.n ?? 0) >= most) return 'too_many';
  const made = await tx.query(sql`
    insert into saved_reply (id, workspace_id, owner_id, team_id, shortcut, title, body, files, language, accounts, template,
      template_language, creator_kind, created_by)
    values (${row.id}, ${workspaceId}, ${row.owner_id}::uuid, ${row.team_id}::uuid, ${row.shortcut}, ${row.title}, ${row.body},
      ${row.files}::uuid[], ${row.language}, ${row.accounts}::uuid[], ${row.template}, ${row.template_language},
      ${row.creator_kind}, ${row.created_by})
    on conflict (workspace_id, owner_id, team_id, shortcut) do nothing returning id`);
  return made.length > 0 ? 'made' : 'taken';
}

type Changeable = Pick<
  NewSavedReply,
  'shortcut' | 'title' | 'body' | 'files' | 'language' | 'accounts' | 'template' | 'template_language'
>;
/** Absent fields stay as they are. */
export type ReplyChange = { [field in keyof Changeable]?: Changeable[field] | undefined };

/** Changes a reply. Returns whether its shortcut was free. */
export async function changeSavedReply(
  tx: Queryable,
  workspaceId: string,
  { id, owner_id, team_id }: Pick<SavedReplyRow, 'id' | 'owner_id' | 'team_id'>,
  change: ReplyChange,
): Promise<boolean> {
  await tx.query(sql`select 1 from workspace where id = ${workspaceId} for no key update`);
  if (change.shortcut !== undefined) {
    const taken = await tx.query(sql`select 1 from saved_reply where workspace_id = ${workspaceId}
      and owner_id is not distinct from ${owner_id}::uuid and team_id is not distinct from ${team_id}::uuid
      and shortcut = ${change.shortcut} and id <> ${id}`);
    if (taken.length > 0) return false;
  }
  const { shortcut, title, body, files, language, accounts, template, template_language } = change;
  const set = [
    sql`updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')`,
    ...(shortcut === undefined ? [] : [sql`shortcut = ${shortcut}`]),
    ...(title === undefined ? [] : [sql`title = ${title}`]),
    ...(body === undefined ? [] : [sql`body = ${body}`]),
    ...(files === undefined ? [] : [sql`files = ${files}::uuid[]`]),
    ...(language === undefined ? [] : [sql`language = ${language}`]),
    ...(accounts === undefined ? [] : [sql`accounts = ${accounts}::uuid[]`]),
    ...(template === undefined ? [] : [sql`template = ${template}`]),
    ...(template_language === undefined ? [] : [sql`template_language = ${template_language}`]),
  ];
  await tx.query(sql`update saved_reply set ${join(set)} where workspace_id = ${workspaceId} and id = ${id}`);
  return true;
}

export async function deleteSavedReply(tx: Queryable, workspaceId: string, id: string): Promise<void> {
  await tx.query(sql`delete from saved_reply where workspace_id = ${workspaceId} and id = ${id}`);
}

/** Notes that somebody used a reply, and forgets the days that do not count any more. */
export async function countUse(tx: Queryable, workspaceId: string, id: string): Promise<void> {
  await tx.query(sql`insert into saved_reply_use as u (saved_reply_id, workspace_id, day, uses)
    values (${id}, ${workspaceId}, current_date, 1)
    on conflict (saved_reply_id, day) do update set uses = u.uses + 1`);
  await tx.query(sql`delete from saved_reply_use
    where saved_reply_id = ${id} and day <= current_date - ${countedDays}::int`);
}

/** The first of these files (UUIDs) that the workspace has not stored; undefined if it has all. */
export async function missingFile(tx: Queryable, workspaceId: string, ids: string[]): Promise<number | undefined> {
  const rows = await tx.query<{ id: string }>(sql`select id from media
    where workspace_id = ${workspaceId} and id = any (${ids}::uuid[]) and status = 'stored' and note_id is null`);
  const known = new Set(rows.map(({ id }) => id));
  const at = ids.findIndex(id => !known.has(id));
  return at === -1 ? undefined : at;
}
