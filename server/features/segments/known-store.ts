// The fields, labels and accounts that conditions may name.
import type { FieldType, LabelKind } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface KnownField {
  type: FieldType;
  choices: readonly string[] | null;
}

/** By key, and by UUID. */
export interface Known {
  fields: ReadonlyMap<string, KnownField>;
  labels: Readonly<Record<LabelKind, ReadonlySet<string>>>;
  accounts: ReadonlySet<string>;
}

/** The fields, labels and accounts of a workspace that the caller sees. */
export async function readKnown(db: Queryable, workspaceId: string): Promise<Known> {
  const rows = await db.query<{
    what: 'field' | 'account' | LabelKind;
    id: string;
    type: FieldType;
    choices: string[] | null;
  }>(sql`
    select 'field' as what, key as id, type, choices from contact_field
      where workspace_id = ${workspaceId} and deleted_at is null
    union all select kind, id::text, null, null from label where workspace_id = ${workspaceId} and deleted_at is null
    union all select 'account', id::text, null, null from account
      where workspace_id = ${workspaceId} and deleted_at is null`);
  const ids = (wanted: string) => new Set(rows.filter(({ what }) => what === wanted).map(({ id }) => id));
  return {
    fields: new Map(
      rows.filter(({ what }) => what === 'field').map(({ id, type, choices }) => [id, { type, choices }]),
    ),
    labels: { contact: ids('contact'), conversation: ids('conversation') },
    accounts: ids('account'),
  };
}
