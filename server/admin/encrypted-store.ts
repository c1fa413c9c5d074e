// All columns with encrypted texts. Add each new one here; a test compares.
import pg from 'pg';

export interface EncryptedColumn {
  table: string;
  column: string;
  /** The row's part of the text's place (placeOf), as an SQL expression of type text. */
  id: string;
  /** The row's name for the operator, as an SQL expression. */
  name: string;
  /** The rows with an encrypted text, as an SQL condition. */
  rows: string;
}

export const encryptedColumns: readonly EncryptedColumn[] = [
  { table: 'person', column: 'totp_secret', id: 'id::text', name: 'id::text', rows: 'totp_secret is not null' },
  { table: 'account', column: 'access_token', id: 'id::text', name: 'id::text', rows: 'access_token is not null' },
  { table: 'meta_app', column: 'app_secret', id: 'id::text', name: 'id::text', rows: 'true' },
  { table: 'meta_app', column: 'verify_token', id: 'id::text', name: 'id::text', rows: 'true' },
  {
    table: 'web_session',
    column: 'credentials',
    id: 'account_id::text',
    name: 'account_id::text',
    rows: 'credentials is not null',
  },
  {
    table: 'web_session_key',
    column: 'value',
    id: `account_id || ' ' || type || ' ' || key_id`,
    name: `type || ' of ' || account_id`,
    rows: 'true',
  },
  { table: 'alert_channel', column: 'settings', id: 'id::text', name: 'id::text', rows: 'settings is not null' },
  {
    table: 'alert_setting',
    column: 'ping_url',
    id: 'workspace_id::text',
    name: 'workspace_id::text',
    rows: 'ping_url is not null',
  },
  { table: 'push_key', column: 'private_key', id: 'id::text', name: 'id::text', rows: 'true' },
  { table: 'endpoint', column: 'secret', id: 'id::text', name: 'id::text', rows: 'true' },
  { table: 'endpoint', column: 'former_secrets', id: 'id::text', name: 'id::text', rows: 'former_secrets is not null' },
  { table: 'endpoint', column: 'headers', id: 'id::text', name: 'id::text', rows: 'headers is not null' },
  {
    table: 'idempotency',
    column: 'response',
    id: `workspace_id || ' ' || operation || ' ' || key`,
    // The key was chosen by a client.
    name: `operation || ' in the workspace ' || workspace_id`,
    // Most stored responses hold no secret; this condition has an index.
    rows: `response like 's1.%'`,
  },
];

const quote = (name: string) => pg.escapeIdentifier(name);

/** How many texts of a column each key encrypted, with one sample to identify the key. */
export async function countByKey(
  client: pg.Client,
  { table, column, rows: which }: EncryptedColumn,
): Promise<{ count: number; sample: string }[]> {
  const { rows } = await client.query<{ count: string; sample: string }>(
    `select count(*) as count, min(${quote(column)}) as sample from ${quote(table)} where ${which}
     group by split_part(${quote(column)}, '.', 2) order by 2`,
  );
  return rows.map(({ count, sample }) => ({ count: Number(count), sample }));
}

export interface EncryptedText {
  id: string;
  name: string;
  encrypted: string;
}

/** The next texts of a column after a row, in id order. */
export async function textsAfter(
  client: pg.Client,
  { table, column, id, name, rows: which }: EncryptedColumn,
  after: string,
  most: number,
): Promise<EncryptedText[]> {
  const order = `(${id}) collate "C"`;
  const { rows } = await client.query<EncryptedText>(
    `select ${id} as id, ${name} as name, ${quote(column)} as encrypted from ${quote(table)}
     where ${which} and ${order} > $1 order by ${order} limit $2`,
    [after, most],
  );
  return rows;
}

/** Replaces a text unless it has changed meanwhile. Returns whether it did. */
export async function replaceText(
  client: pg.Client,
  { table, column, id, rows: which }: EncryptedColumn,
  old: EncryptedText,
  encrypted: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update ${quote(table)} set ${quote(column)} = $3 where ${which} and ${id} = $1 and ${quote(column)} = $2`,
    [old.id, old.encrypted, encrypted],
  );
  return rowCount === 1;
}
