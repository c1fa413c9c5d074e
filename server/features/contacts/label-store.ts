// The tables label, contact_label and conversation_label.
import { type LabelColor, type LabelKind, labelColors, mostLabels } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';

export interface LabelRow {
  id: string;
  name: string;
  color: LabelColor;
  kind: LabelKind;
  /** Counted up to 10,001. */
  used_by: number;
  created_at: Date;
  updated_at: Date;
}

/** A label beside what has it. */
export interface ShownLabelRow {
  id: string;
  name: string;
  color: LabelColor;
}

const shown = (from: Fragment): Fragment => sql`coalesce((select jsonb_agg(jsonb_build_object(
    'id', l.id, 'name', l.name, 'color', l.color) order by l.name)
  from ${from} join label l on l.id = x.label_id where l.deleted_at is null), '[]')`;

/** The labels of the contact `c`, and of the conversation `v`. */
export const labelsOfContact = shown(sql`(select label_id from contact_label where contact_id = c.id) x`);
export const labelsOfConversation = shown(
  sql`(select label_id from conversation_label where conversation_id = v.id) x`,
);

const columns = sql`l.id, l.name, l.color, l.kind, l.created_at, l.updated_at, (select count(*)::int from (
    select 1 from contact_label x where x.label_id = l.id
    union all select 1 from conversation_label x where x.label_id = l.id limit ${countedTo + 1}) x) as used_by`;

/** The labels of a workspace, by name. */
export const listLabels = (db: Queryable, workspaceId: string, kind?: LabelKind): Promise<LabelRow[]> =>
  db.query<LabelRow>(
    sql`select ${columns} from label l where ${all([
      sql`l.workspace_id = ${workspaceId} and l.deleted_at is null`,
      kind !== undefined && sql`l.kind = ${kind}`,
    ])} order by folded(l.name), l.id`,
  );

export async function findLabel(db: Queryable, workspaceId: string, id: string): Promise<LabelRow | undefined> {
  const [row] = await db.query<LabelRow>(sql`select ${columns} from label l
    where l.workspace_id = ${workspaceId} and l.id = ${id} and l.deleted_at is null`);
  return row;
}

/** The kinds of these labels, without unknown ones. The labels stay until the transaction ends. */
export async function holdLabels(tx: Queryable, workspaceId: string, ids: string[]): Promise<Map<string, LabelKind>> {
  const rows = await tx.query<{ id: string; kind: LabelKind }>(sql`select id, kind from label
    where workspace_id = ${workspaceId} and deleted_at is null and id = any (${ids}::uuid[]) order by id for share`);
  return new Map(rows.map(row => [row.id, row.kind]));
}

/** How many labels a workspace has. */
export async function countLabels(tx: Queryable, workspaceId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    sql`select count(*) as n from label where workspace_id = ${workspaceId} and deleted_at is null`,
  );
  return row?.n ?? 0;
}

/** The names of all labels of a workspace, with their kinds. */
export const knownLabels = (db: Queryable, workspaceId: string): Promise<{ name: string; kind: LabelKind }[]> =>
  db.query(sql`select name, kind from label where workspace_id = ${workspaceId} and deleted_at is null order by id`);

/**
 * The ids of the labels for contacts with these names. `creates`: those that are missing are made; undefined where
 * there would be too many. The caller runs alone: see oneAtATime.
 */
export async function labelsNamed(
  tx: Queryable,
  workspaceId: string,
  names: readonly string[],
  creates: boolean,
): Promise<Record<string, string> | undefined> {
  const rows = await tx.query<{ name: string; id: string | null }>(sql`select n.name, l.id
    from unnest(${[...names]}::text[]) n(name) left join label l on l.workspace_id = ${workspaceId} and l.kind = 'contact'
      and l.deleted_at is null and folded(l.name) = folded(n.name) order by n.name`);
  const missing = creates ? rows.filter(({ id }) => id === null) : [];
  const there = await countLabels(tx, workspaceId);
  if (there + missing.length > mostLabels) return undefined;
  for (const [at, row] of missing.entries()) {
    const color = labelColors[(there + at) % labelColors.length] ?? labelColors[0];
    row.id = await insertLabel(tx, workspaceId, { name: row.name, color, kind: 'contact' });
  }
  return Object.fromEntries(rows.flatMap(({ name, id }) => (id === null ? [] : [[name, id]])));
}

/** Whether a label of the kind has the name, other than `except`. */
export async function hasName(
  tx: Queryable,
  workspaceId: string,
  { kind, name, except }: { kind: LabelKind; name: string; except?: string },
): Promise<boolean> {
  const rows = await tx.query(sql`select 1 from label where workspace_id = ${workspaceId} and kind = ${kind}
    and folded(name) = folded(${name}) and deleted_at is null and id is distinct from ${except ?? null}::uuid`);
  return rows.length > 0;
}

export async function insertLabel(
  tx: Queryable,
  workspaceId: string,
  { name, color, kind }: { name: string; color: LabelColor; kind: LabelKind },
): Promise<string> {
  const id = newUuid();
  await tx.query(sql`insert into label (id, workspace_id, name, color, kind)
    values (${id}, ${workspaceId}, ${name}, ${color}, ${kind})`);
  return id;
}

export async function changeLabel(
  tx: Queryable,
  workspaceId: string,
  id: string,
  { name, color }: { name?: string | undefined; color?: LabelColor | undefined },
): Promise<void> {
  await tx.query(sql`update label set name = coalesce(${name ?? null}, name), color = coalesce(${color ?? null}, color),
    updated_at = clock_timestamp() where workspace_id = ${workspaceId} and id = ${id}`);
}

/** Hides a label; a sweep frees what has it. */
export async function deleteLabel(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await tx.query(sql`update label set deleted_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning 1`);
  return rows.length > 0;
}

/** Contacts that get or lose labels. The labels are held. Returns how many contacts changed; they hear of it. */
async function changeLabels(tx: Queryable, workspaceId: string, contactIds: string[], change: Fragment) {
  // A contact that is being deleted is deleted first, or keeps no label.
  const [row] = await tx.query<{ changed: number }>(sql`
    with mine as materialized (select id from contact where workspace_id = ${workspaceId}
      and id = any (${contactIds}::uuid[]) and deleted_at is null order by id for no key update),
    changed as (${change}),
    touched as (update contact set updated_at = clock_timestamp()
      where id in (select contact_id from changed) returning id),
    told as (select append_event(${workspaceId}, 'contact.updated', null, jsonb_build_object('contact_id', id),
      clock_timestamp()) from touched)
    select count(*) as changed from (select from told) x`);
  return row?.changed ?? 0;
}

/** Gives contacts labels. Returns how many contacts changed; each of them has its event. */
export const addLabels = (
  tx: Queryable,
  workspaceId: string,
  contactIds: string[],
  labelIds: string[],
): Promise<number> =>
  changeLabels(
    tx,
    workspaceId,
    contactIds,
    sql`insert into contact_label (label_id, contact_id, workspace_id)
      select l, mine.id, ${workspaceId}::uuid from mine, unnest(${labelIds}::uuid[]) l order by 1, 2
      on conflict do nothing returning contact_id`,
  );

/** Takes labels from contacts. Returns how many contacts changed; each of them has its event. */
export const removeLabels = (
  tx: Queryable,
  workspaceId: string,
  contactIds: string[],
  labelIds: string[],
): Promise<number> =>
  changeLabels(
    tx,
    workspaceId,
    contactIds,
    sql`delete from contact_label where label_id = any (${labelIds}::uuid[])
      and contact_id in (select id from mine) returning contact_id`,
  );

/** The labels that a contact has. */
export async function labelIdsOf(tx: Queryable, contactId: string): Promise<string[]> {
  const rows = await tx.query<{ label_id: string }>(sql`select x.label_id from contact_label x
    join label l on l.id = x.label_id where x.contact_id = ${contactId} and l.deleted_at is null`);
  return rows.map(row => row.label_id);
}

/** Gives conversations a label, or takes it from them. Returns those that changed. */
export async function labelConversations(
  tx: Queryable,
  ids: readonly string[],
  labelId: string,
  has: boolean,
): Promise<string[]> {
  const change = has
    ? sql`insert into conversation_label (label_id, conversation_id, workspace_id, account_id)
        select l.id, v.id, v.workspace_id, v.account_id from label l join conversation v on v.workspace_id = l.workspace_id
        where l.id = ${labelId} and v.id = any (${[...ids]}::uuid[]) order by v.id
        on conflict do nothing returning conversation_id`
    : sql`delete from conversation_label where label_id = ${labelId} and conversation_id = any (${[...ids]}::uuid[])
        returning conversation_id`;
  const rows = await tx.query<{ id: string }>(sql`with changed as (${change}),
    told as materialized (select v.id, append_event(v.workspace_id, 'conversation.updated', v.account_id,
      jsonb_build_object('conversation_id', v.id, 'contact_id', v.contact_id), clock_timestamp())
      from changed x join conversation v on v.id = x.conversation_id)
    select id from told`);
  return rows.map(({ id }) => id);
}
