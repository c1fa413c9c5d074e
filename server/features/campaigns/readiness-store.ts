// Whether a campaign can start: what its settings still lack.
import type { CampaignSettings, CampaignSource, MessageContent } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { FieldError } from '../../kit/errors.ts';
import { invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { findSendable } from '../media/index.ts';
import { attachedFiles } from '../messages/index.ts';
import { templatesNamed } from '../templates/index.ts';
import type { CampaignRow } from './campaign.ts';
import { importsOf } from './kept-store.ts';
import { isZone } from './local-time.ts';
import { placeholdersIn } from './values.ts';

const sendable = new Set(['APPROVED', 'FLAGGED']);

/** The ids of these accounts that exist in the workspace. */
async function existing(db: Queryable, workspaceId: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ id: string }>(sql`select id from account
    where workspace_id = ${workspaceId} and id = any (${[...ids]}::uuid[]) and deleted_at is null`);
  return new Set(rows.map(({ id }) => id));
}

async function isSegment(db: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from segment where workspace_id = ${workspaceId} and id = ${toUuid(id)}`);
  return rows.length > 0;
}

/** The keys of the columns that the included imports keep for campaigns and still have. */
async function keptColumns(db: Queryable, { workspace_id: workspaceId, settings }: CampaignRow): Promise<string[]> {
  const rows = await db.query<{ key: string }>(sql`select distinct c ->> 'key' as key
    from contact_import i cross join jsonb_array_elements(i.columns) c
    where i.workspace_id = ${workspaceId} and i.id = any (${importsOf(settings)}::uuid[]) and i.expired_at is null
      and i.state not in ('undoing', 'undone') and c ->> 'target' = 'value' order by 1`);
  return rows.map(({ key }) => key);
}

/** The errors of variables that name a column which no included import has. A list has its values already. */
async function columnErrors(db: Queryable, campaign: CampaignRow): Promise<FieldError[]> {
  const wanted = campaign.settings.variants.flatMap(({ message }, place) =>
    placeholdersIn(message[message.type]).flatMap(name => {
      const variable = message.variables?.[name];
      if (variable?.from !== 'column') return [];
      return [{ field: `variants[${place}].message.variables.${name}`, key: variable.value }];
    }),
  );
  if (wanted.length === 0 || campaign.frozen_at !== null) return [];
  const known = await keptColumns(db, campaign);
  const remedy =
    known.length === 0
      ? 'Import the file again, and give the column the target value.'
      : `Take one of ${known.join(', ')}.`;
  return wanted
    .filter(({ key }) => !known.includes(key))
    .map(({ field, key }) => ({ field, message: `No included import keeps a column ${key}. ${remedy}` }));
}

/** The errors of the settings of a campaign that keep it from starting, by field; none if it can start. */
export async function shortcomings(db: Queryable, campaign: CampaignRow): Promise<FieldError[]> {
  const { settings, workspace_id: workspaceId } = campaign;
  const errors: FieldError[] = [];
  const known = await existing(db, workspaceId, campaign.account_ids);
  if (settings.account_ids.length === 0)
    errors.push({ field: 'account_ids', message: 'Must have at least one account.' });
  settings.account_ids.forEach((id, place) => {
    if (!known.has(toUuid(id))) errors.push({ field: `account_ids[${place}]`, message: 'Account not found.' });
  });
  if (settings.include.length === 0) errors.push({ field: 'include', message: 'Must say who gets it.' });
  for (const list of ['include', 'exclude'] as const)
    for (const [place, source] of settings[list].entries())
      if (source.segment_id !== undefined && !(await isSegment(db, workspaceId, source.segment_id)))
        errors.push({ field: `${list}[${place}].segment_id`, message: 'Was deleted. Take it out.' });
  if (settings.variants.length === 0) errors.push({ field: 'variants', message: 'Must have a message.' });
  const total = settings.variants.reduce((sum, { share }) => sum + share, 0);
  if (settings.variants.length > 0 && total <= 0)
    errors.push({ field: 'variants', message: 'Must have a share above 0.' });
  for (const [place, { message }] of settings.variants.entries()) {
    const at = `variants[${place}].message`;
    for (const name of placeholdersIn(message[message.type]))
      if (!message.variables?.[name])
        errors.push({ field: `${at}.variables.${name}`, message: 'Must say which value the placeholder takes.' });
    if (!message.template) continue;
    const { name, language } = message.template;
    for (const accountId of known) {
      const rows = await templatesNamed(db, workspaceId, accountId, name);
      const own = rows.find(row => row.language === language.code);
      if (own && sendable.has(own.status)) continue;
      const words = own
        ? `Is ${own.status}. Only an approved template can be sent.`
        : 'Is unknown to an account of the campaign.';
      errors.push({ field: `${at}.template.name`, message: words });
      break;
    }
  }
  errors.push(...(await columnErrors(db, campaign)));
  const field = settings.start.zone_field;
  if (field !== undefined && !isZone(field)) {
    const rows = await db.query(sql`select 1 from contact_field
      where workspace_id = ${workspaceId} and key = ${field} and deleted_at is null`);
    if (rows.length === 0) errors.push({ field: 'start.zone_field', message: 'The workspace has no such field.' });
  }
  return errors;
}

type Given = { [Name in 'account_ids' | 'variants' | 'include' | 'exclude']?: CampaignSettings[Name] | undefined };

/** The tables that sources name, with what they are called. */
const named = [
  ['segment_id', sql`segment`, 'Segment not found.'],
  ['import_id', sql`contact_import`, 'Import not found.'],
  ['campaign_id', sql`campaign`, 'Campaign not found.'],
] as const;

/** Whether the workspace has everything that a request names. @throws AppError that names the first that it has not */
export async function demandKnown(db: Queryable, workspaceId: string, given: Given): Promise<void> {
  const accounts = await existing(db, workspaceId, (given.account_ids ?? []).map(toUuid));
  given.account_ids?.forEach((id, place) => {
    if (!accounts.has(toUuid(id))) throw invalid(`account_ids[${place}]`, 'Account not found.');
  });
  for (const list of ['include', 'exclude'] as const)
    for (const [place, source] of (given[list] ?? []).entries())
      await demandSource(db, workspaceId, `${list}[${place}]`, source);
  for (const [place, { message }] of (given.variants ?? []).entries()) {
    const content = message[message.type];
    if (!content) continue;
    for (const { id, path } of attachedFiles(message.type, content as MessageContent))
      if (!(await findSendable(db, workspaceId, id)))
        throw invalid(`variants[${place}].message.${path}.id`, 'File not found.');
  }
}

/** A campaign without the segments of its audience that were deleted since. */
export async function withKnownSources<Campaign extends Pick<CampaignRow, 'workspace_id' | 'settings'>>(
  db: Queryable,
  campaign: Campaign,
): Promise<Campaign> {
  const { include, exclude } = campaign.settings;
  const ids = [...include, ...exclude].flatMap(({ segment_id: id }) => (id === undefined ? [] : toUuid(id)));
  const rows = await db.query<{ id: string }>(
    sql`select id from segment where workspace_id = ${campaign.workspace_id} and id = any (${ids}::uuid[])`,
  );
  const known = new Set(rows.map(({ id }) => id));
  const isKnown = ({ segment_id: id }: CampaignSource) => id === undefined || known.has(toUuid(id));
  const settings = { ...campaign.settings, include: include.filter(isKnown), exclude: exclude.filter(isKnown) };
  return { ...campaign, settings };
}

async function demandSource(db: Queryable, workspaceId: string, at: string, source: CampaignSource): Promise<void> {
  for (const [field, table, words] of named) {
    const id = source[field];
    if (id === undefined) continue;
    const rows = await db.query(sql`select 1 from ${table} where workspace_id = ${workspaceId} and id = ${toUuid(id)}`);
    if (rows.length === 0) throw invalid(`${at}.${field}`, words);
  }
  if (source.contact_ids)
    await demandContacts(db, workspaceId, place => `${at}.contact_ids[${place}]`, source.contact_ids);
}

/** Whether the workspace has these contacts. @throws AppError that names the first that it has not */
export async function demandContacts(
  db: Queryable,
  workspaceId: string,
  fieldOf: (place: number) => string,
  contactIds: readonly string[],
): Promise<void> {
  const ids = contactIds.map(toUuid);
  const rows = await db.query<{ id: string }>(sql`select id from contact
    where workspace_id = ${workspaceId} and id = any (${ids}::uuid[]) and deleted_at is null`);
  const known = new Set(rows.map(({ id }) => id));
  const lost = ids.findIndex(id => !known.has(id));
  if (lost >= 0) throw invalid(fieldOf(lost), 'Contact not found.');
}
