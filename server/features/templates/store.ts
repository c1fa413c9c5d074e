// The tables template and template_change.
import type { TemplateChange } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, sql } from '../../kit/db/sql.ts';
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
async function insertTemplate(
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
