// The columns that hold sealed texts, all of them: whoever seals another one names it here (a test compares).
import pg from 'pg';

export interface SealedColumn {
  table: string;
  column: string;
  /** What the place of the text names the row by (placeOf), as an expression of SQL that gives a text. */
  id: string;
  /** What may be told of the row, as an expression too. */
  name: string;
  /** Which rows hold a sealed text, as a condition of SQL. */
  rows: string;
}

export const sealedColumns: readonly SealedColumn[] = [
  { table: 'person', column: 'totp_secret', id: 'id::text', name: 'id::text', rows: 'totp_secret is not null' },
  {
    table: 'idempotency',
    column: 'response',
    id: `workspace_id || ' ' || operation || ' ' || key`,
    // The key is somebody's own words.
    name: `operation || ' in the workspace ' || workspace_id`,
    // Most answers that are kept for a repeat hold no secret; this has an index.
    rows: `response like 's1.%'`,
  },
];

const quote = (name: string) => pg.escapeIdentifier(name);

/** How many texts of a column were sealed with each key, with one of them to know the key by. */
export async function countByKey(
  client: pg.Client,
  { table, column, rows: which }: SealedColumn,
): Promise<{ count: number; sample: string }[]> {
  const { rows } = await client.query<{ count: string; sample: string }>(
    `select count(*) as count, min(${quote(column)}) as sample from ${quote(table)} where ${which}
     group by split_part(${quote(column)}, '.', 2) order by 2`,
  );
  return rows.map(({ count, sample }) => ({ count: Number(count), sample }));
}

export interface SealedText {
  id: string;
  name: string;
  sealed: string;
}

/** The next texts of a column after a row, in the order of their ids. */
export async function textsAfter(
  client: pg.Client,
  { table, column, id, name, rows: which }: SealedColumn,
  after: string,
  most: number,
): Promise<SealedText[]> {
  const order = `(${id}) collate "C"`;
  const { rows } = await client.query<SealedText>(
    `select ${id} as id, ${name} as name, ${quote(column)} as sealed from ${quote(table)}
     where ${which} and ${order} > $1 order by ${order} limit $2`,
    [after, most],
  );
  return rows;
}

/** Puts a text in the place of another, unless that has changed meanwhile; tells whether it did. */
export async function replaceText(
  client: pg.Client,
  { table, column, id, rows: which }: SealedColumn,
  old: SealedText,
  sealed: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update ${quote(table)} set ${quote(column)} = $3 where ${which} and ${id} = $1 and ${quote(column)} = $2`,
    [old.id, old.sealed, sealed],
  );
  return rowCount === 1;
}
