// The values that a campaign takes from the columns of imports.
import type { CampaignSettings } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { toUuid } from '../../kit/ids.ts';
import type { CampaignRow } from './campaign.ts';

export interface KeptColumns {
  campaignId: string;
  /** UUIDs, in the order of the sources. */
  imports: readonly string[];
  keys: readonly string[];
}

/** The UUIDs of the imports that a campaign includes. */
export const importsOf = ({ include }: Pick<CampaignSettings, 'include'>): string[] =>
  include.flatMap(({ import_id: id }) => (id === undefined ? [] : [toUuid(id)]));

/** The values that a campaign takes from columns; undefined where it takes none. */
export function keptColumnsOf({ id, settings }: Pick<CampaignRow, 'id' | 'settings'>): KeptColumns | undefined {
  const variables = settings.variants.flatMap(({ message }) => Object.values(message.variables ?? {}));
  const keys = [...new Set(variables.flatMap(({ from, value }) => (from === 'column' ? [value] : [])))];
  return keys.length === 0 ? undefined : { campaignId: id, imports: importsOf(settings), keys };
}

type Values = Record<string, string>;

/**
 * The values of people by their contact: each from their last row, and of several imports from the last one that has it.
 * `which`: a condition on the contact_id of the row `r`. A query of its own, because a plan that joins the rows to the
 * people without fresh statistics may compare each with each.
 */
export async function keptValues(
  db: Queryable,
  { imports, keys }: KeptColumns,
  which: Fragment,
): Promise<ReadonlyMap<string, Values>> {
  const rows = await db.query<{ contact_id: string; import_id: string; kept: Values | null }>(sql`
    select distinct on (r.contact_id, r.import_id) r.contact_id, r.import_id, r.kept from contact_import_row r
    where r.import_id = any (array(select i.id from contact_import i where i.id = any (${[...imports]}::uuid[])
        and i.state not in ('undoing', 'undone')))
      and r.fate in ('created', 'updated', 'unchanged') and ${which}
    order by r.contact_id, r.import_id, r.number desc`);
  const found = new Map<string, Values>();
  rows.sort((left, right) => imports.indexOf(left.import_id) - imports.indexOf(right.import_id));
  for (const { contact_id: id, kept } of rows) {
    const own = Object.entries(kept ?? {}).filter(([key]) => keys.includes(key));
    if (own.length > 0) found.set(id, { ...found.get(id), ...Object.fromEntries(own) });
  }
  return found;
}
