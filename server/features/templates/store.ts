// The tables template and template_change.
import type { TemplateChange } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, join, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';
import type { ChannelTemplate } from '../../ports/channel.ts';

export interface TemplateRow {
  id: string;
  workspace_id: string;
  business_id: string;
  channel_template_id: string | null;
  name: string;
  language: string;
  category: string;
  status: string;
  reason: string | null;
  quality: string | null;
  parameter_format: 'named' | 'positional';
  components: Record<string, unknown>[];
  version: number;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
}

export interface ChangeRow {
  at: Date;
  change: TemplateChange;
  old_value: string | null;
  new_value: string | null;
  reason: string | null;
}

const columns = sql`t.id, t.workspace_id, t.business_id, t.channel_template_id, t.name, t.language, t.category, t.status,
  t.reason, t.quality, t.parameter_format, t.components, t.version, t.created_at, t.updated_at, t.deleted_at`;

/** The templates that an account can send, of this name. */
export async function templatesNamed(
  db: Queryable,
  workspaceId: string,
  accountId: string,
  name: string,
): Promise<TemplateRow[]> {
  return db.query<TemplateRow>(sql`select ${columns} from account a
    join template t on t.workspace_id = a.workspace_id and t.business_id = a.business_id
    where a.workspace_id = ${workspaceId} and a.id = ${accountId} and t.name = ${name} and t.deleted_at is null
    order by t.language limit 200`);
}

/** The templates of this name of all business accounts. */
export async function everyNamed(db: Queryable, workspaceId: string, name: string): Promise<TemplateRow[]> {
  return db.query<TemplateRow>(sql`select ${columns} from template t
    where t.workspace_id = ${workspaceId} and t.name = ${name} and t.deleted_at is null order by t.language limit 200`);
}

/** The approved names of all business accounts, for the advice of an error. */
export async function everyName(db: Queryable, workspaceId: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(sql`select distinct t.name from template t
    where t.workspace_id = ${workspaceId} and t.deleted_at is null and t.status = 'APPROVED'
      and t.category <> 'AUTHENTICATION' order by t.name limit 1000`);
  return rows.map(row => row.name);
}

/** The names that an account can send, for the advice of an error. */
export async function knownNames(db: Queryable, workspaceId: string, accountId: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(sql`select distinct t.name from account a
    join template t on t.workspace_id = a.workspace_id and t.business_id = a.business_id
    where a.workspace_id = ${workspaceId} and a.id = ${accountId} and t.deleted_at is null and t.status = 'APPROVED'
    order by t.name limit 1000`);
  return rows.map(row => row.name);
}

export interface TemplateFilter {
  accountId?: string | undefined;
  status?: string | undefined;
  category?: string | undefined;
  name?: string | undefined;
  language?: string | undefined;
  search?: string | undefined;
}

const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** A page of templates, newest first. */
export async function listTemplates(
  db: Queryable,
  workspaceId: string,
  filter: TemplateFilter,
  page: PageRequest,
): Promise<{ rows: TemplateRow[]; total: number }> {
  const { accountId, status, category, name, language, search } = filter;
  const pattern = search === undefined ? undefined : `%${literally(search)}%`;
  const where = all([
    sql`t.workspace_id = ${workspaceId} and t.deleted_at is null`,
    accountId !== undefined && sql`t.business_id in (select business_id from account where id = ${accountId})`,
    status !== undefined && sql`t.status = ${status}`,
    category !== undefined && sql`t.category = ${category}`,
    name !== undefined && sql`t.name = ${name}`,
    language !== undefined && sql`t.language = ${language}`,
    pattern !== undefined &&
      sql`(t.name ilike ${pattern} or exists (select 1 from jsonb_array_elements(t.components) c
        where c->>'type' = 'BODY' and c->>'text' ilike ${pattern}))`,
  ]);
  const after = page.after ? sql`and t.id < ${page.after[0]}` : sql``;
  const rows = await db.query<TemplateRow>(sql`select ${columns} from template t where ${where} ${after}
    order by t.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(sql`select count(*) as total from (
    select 1 from template t where ${where} limit ${countedTo + 1}) x`);
  return { rows, total: count?.total ?? 0 };
}

/** A template, also a deleted one. */
export async function findTemplate(db: Queryable, workspaceId: string, id: string): Promise<TemplateRow | undefined> {
  const [row] = await db.query<TemplateRow>(sql`select ${columns} from template t
    where t.workspace_id = ${workspaceId} and t.id = ${id}`);
  return row;
}

/** The last changes of a template, newest first. */
export async function historyOf(db: Queryable, id: string): Promise<ChangeRow[]> {
  return db.query<ChangeRow>(sql`select at, change, old_value, new_value, reason from template_change
    where template_id = ${id} order by number desc limit 100`);
}

/** Inserts templates of a business account that never had any. */
export async function insertTemplates(
  tx: Queryable,
  workspaceId: string,
  businessId: string,
  templates: ChannelTemplate[],
): Promise<void> {
  const known = await tx.query(sql`select 1 from template
    where workspace_id = ${workspaceId} and business_id = ${businessId} limit 1`);
  if (known.length === 0)
    for (const template of templates) await insertTemplate(tx, workspaceId, businessId, template, null);
}

/** Inserts a template, unless there is one of this name and language. Returns its id. */
export async function insertTemplate(
  tx: Queryable,
  workspaceId: string,
  businessId: string,
  template: ChannelTemplate,
  now: Date | null,
): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }>(sql`insert into template (id, workspace_id, business_id,
      channel_template_id, name, language, category, status, reason, quality, parameter_format, components, created_at,
      updated_at)
    values (${newUuid()}, ${workspaceId}, ${businessId}, ${template.channelId ?? null}, ${template.name},
      ${template.language}, ${template.category}, ${template.status}, ${template.reason ?? null},
      ${template.quality ?? null}, ${template.parameterFormat}, ${JSON.stringify(template.components)}, clock(${now}),
      clock(${now}))
    on conflict do nothing returning id`);
  if (row) await addChanges(tx, workspaceId, row.id, [{ change: 'created', from: null, to: template.status }], now);
  return row?.id;
}

/** A change of a template. */
export interface Change {
  change: TemplateChange;
  from: string | null;
  to: string | null;
  reason?: string | null | undefined;
}

async function addChanges(
  tx: Queryable,
  workspaceId: string,
  id: string,
  changes: Change[],
  now: Date | null,
): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(sql`insert into template_change (template_id, number, workspace_id, at, change, old_value, new_value, reason)
    select ${id}, n.last + c.place, ${workspaceId}, clock(${now}), c.change, c.old_value, c.new_value, c.reason
    from unnest(${changes.map(each => each.change)}::text[], ${changes.map(each => each.from)}::text[],
        ${changes.map(each => each.to)}::text[], ${changes.map(each => each.reason ?? null)}::text[])
      with ordinality c(change, old_value, new_value, reason, place),
      (select coalesce(max(number), 0) as last from template_change where template_id = ${id}) n`);
}

/** The values of a template that the channel changes. */
export type TemplateState = Partial<
  Pick<
    TemplateRow,
    'channel_template_id' | 'category' | 'status' | 'reason' | 'quality' | 'parameter_format' | 'components'
  >
>;

/** Writes new values of a locked template with its history. Returns the changes; none if nothing changed. */
export async function changeTemplate(
  tx: Queryable,
  row: TemplateRow,
  wanted: TemplateState,
  now: Date | null,
): Promise<Change[]> {
  const changes: Change[] = [];
  const state = { ...row, ...wanted };
  const note = (change: TemplateChange, from: string | null, to: string | null) => {
    if (from !== to) changes.push({ change, from, to, reason: state.reason });
  };
  note('status', row.status, state.status);
  note('category', row.category, state.category);
  note('quality', row.quality, state.quality);
  if (canonical(row.components) !== canonical(state.components))
    changes.push({ change: 'components', from: null, to: null });
  const isNew =
    changes.length > 0 || row.reason !== state.reason || row.channel_template_id !== state.channel_template_id;
  if (!isNew) return [];
  await tx.query(
    sql`update template set ${join([
      sql`channel_template_id = ${state.channel_template_id}`,
      sql`category = ${state.category}`,
      sql`status = ${state.status}`,
      sql`reason = ${state.reason}`,
      sql`quality = ${state.quality}`,
      sql`parameter_format = ${state.parameter_format}`,
      sql`components = ${JSON.stringify(state.components)}`,
      sql`version = version + 1`,
      sql`updated_at = clock(${now})`,
    ])} where id = ${row.id}`,
  );
  await addChanges(tx, row.workspace_id, row.id, changes, now);
  return changes;
}

/** Says that the queue may not fit the state of a template any more. */
export async function doubtQueue(db: Queryable, id: string): Promise<void> {
  await db.query(sql`update template set applied_version = 0 where id = ${id}`);
}

/** A template whose last change the queue of its accounts may not know yet, and one of these accounts. */
export interface Unapplied {
  id: string;
  version: number;
  name: string;
  language: string;
  status: string;
  isDeleted: boolean;
  accounts: { id: string; holds: boolean }[];
}

/** Templates whose queued messages have to be held or released, at most 50. */
export async function unappliedTemplates(db: Queryable): Promise<Unapplied[]> {
  return db.query<Unapplied>(sql`select t.id, t.version, t.name, t.language, t.status,
      t.deleted_at is not null as "isDeleted", coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'holds',
        a.on_template_paused = 'hold')) from account a where a.workspace_id = t.workspace_id
        and a.business_id = t.business_id and a.deleted_at is null), '[]') as accounts
    from template t where t.applied_version < t.version order by t.id limit 50`);
}

/** The templates in these states whose messages these accounts hold. */
export const pausedTemplates = (
  db: Queryable,
  accounts: readonly string[],
  states: readonly string[],
): Promise<{ id: string; accountId: string; name: string; language: string }[]> =>
  db.query(sql`select t.id, a.id as "accountId", t.name, t.language from account a
    join template t on t.workspace_id = a.workspace_id and t.business_id = a.business_id
    where a.id = any (${[...accounts]}::uuid[]) and a.deleted_at is null and a.on_template_paused = 'hold'
      and t.deleted_at is null and t.status = any (${[...states]}::text[]) order by t.id, a.id`);

/** The queue fits this version of the template. */
export async function markApplied(db: Queryable, { id, version }: Pick<Unapplied, 'id' | 'version'>): Promise<void> {
  await db.query(
    sql`update template set applied_version = ${version} where id = ${id} and applied_version < ${version}`,
  );
}

/** The business accounts of all workspaces, or of one, each with an account through which it is reached. */
export interface ReachedBusiness {
  workspaceId: string;
  businessId: string;
  accountId: string;
  channel: string;
}

export async function reachedBusinesses(
  db: Queryable,
  workspaceId?: string,
  accountId?: string,
): Promise<ReachedBusiness[]> {
  return db.query<ReachedBusiness>(sql`select distinct on (workspace_id, business_id) workspace_id as "workspaceId",
      business_id as "businessId", id as "accountId", channel
    from account where business_id is not null and deleted_at is null
      and (${workspaceId ?? null}::uuid is null or workspace_id = ${workspaceId ?? null})
      and (${accountId ?? null}::uuid is null or id = ${accountId ?? null})
    order by workspace_id, business_id, (status = 'connected') desc, id`);
}

/** Marks a locked template as deleted. */
export async function deleteTemplate(tx: Queryable, row: TemplateRow, now: Date | null): Promise<void> {
  await tx.query(sql`update template set deleted_at = clock(${now}), updated_at = clock(${now}), version = version + 1
    where id = ${row.id}`);
  await addChanges(tx, row.workspace_id, row.id, [{ change: 'deleted', from: row.status, to: null }], now);
}

/** Locks a template that is not deleted, by its id at the channel, or by name and language. */
export async function lockNamed(
  tx: Queryable,
  workspaceId: string,
  businessId: string,
  { channelId, name, language }: { channelId: string | undefined; name: string; language: string },
): Promise<TemplateRow | undefined> {
  const [row] = await tx.query<TemplateRow>(sql`select ${columns} from template t
    where t.workspace_id = ${workspaceId} and t.business_id = ${businessId} and t.deleted_at is null
      and (t.name = ${name} and t.language = ${language} or t.channel_template_id = ${channelId ?? null})
    order by (t.channel_template_id = ${channelId ?? null}) is true desc limit 1 for update`);
  return row;
}

/** Locks the template that an account sends, and says whether the account holds messages while it is paused. */
export async function lockForAccount(
  tx: Queryable,
  accountId: string,
  name: string,
  language: string,
): Promise<{ row: TemplateRow; holds: boolean } | undefined> {
  const [row] = await tx.query<TemplateRow & { holds: boolean }>(sql`select ${columns},
      a.on_template_paused = 'hold' as holds from account a
    join template t on t.workspace_id = a.workspace_id and t.business_id = a.business_id
    where a.id = ${accountId} and t.name = ${name} and t.language = ${language} and t.deleted_at is null
    for update of t`);
  return row && { row, holds: row.holds };
}

/** How an account sends a template by the endpoint for marketing; undefined if it is no marketing, or not wanted. */
export async function marketingChoice(
  db: Queryable,
  accountId: string,
  name: string,
  language: string,
): Promise<'prefer' | 'only' | undefined> {
  const [row] = await db.query<{ choice: 'prefer' | 'only' }>(sql`select a.marketing_endpoint as choice from account a
    join template t on t.workspace_id = a.workspace_id and t.business_id = a.business_id
    where a.id = ${accountId} and a.marketing_endpoint <> 'off' and t.name = ${name} and t.language = ${language}
      and t.category = 'MARKETING' and t.deleted_at is null`);
  return row?.choice;
}

/** Locks a template that is not deleted. */
export async function lockTemplate(tx: Queryable, workspaceId: string, id: string): Promise<TemplateRow | undefined> {
  const [row] = await tx.query<TemplateRow>(sql`select ${columns} from template t
    where t.workspace_id = ${workspaceId} and t.id = ${id} and t.deleted_at is null for update`);
  return row;
}

/** The approved authentication templates of an account, with this name and language where given. */
export async function authenticationTemplates(
  db: Queryable,
  workspaceId: string,
  accountId: string,
  name: string | undefined,
  language: string | undefined,
): Promise<TemplateRow[]> {
  return db.query<TemplateRow>(sql`select ${columns} from account a
    join template t on t.workspace_id = a.workspace_id and t.business_id = a.business_id
    where a.workspace_id = ${workspaceId} and a.id = ${accountId} and t.category = 'AUTHENTICATION'
      and t.status = 'APPROVED' and t.deleted_at is null and t.name = coalesce(${name ?? null}, t.name)
      and t.language = coalesce(${language ?? null}, t.language)
    order by t.name, t.language limit 50`);
}

/** Locks the templates of a business account that are not deleted. */
export async function lockTemplates(tx: Queryable, workspaceId: string, businessId: string): Promise<TemplateRow[]> {
  return tx.query<TemplateRow>(sql`select ${columns} from template t
    where t.workspace_id = ${workspaceId} and t.business_id = ${businessId} and t.deleted_at is null
    order by t.id for update`);
}

/** The same text for the same value, whatever the order of its fields. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
