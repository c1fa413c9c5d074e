// The columns that hold sealed texts, all of them: whoever seals another one names it here (a test compares).
import pg from 'pg';

export interface SealedColumn {
  table: string;
  column: string;
  /** What the place of the text names the row by (placeOf), a UUID. */
  id: string;
}

export const sealedColumns: readonly SealedColumn[] = [{ table: 'person', column: 'totp_secret', id: 'id' }];

const quote = (name: string) => pg.escapeIdentifier(name);

/** How many texts of a column were sealed with each key, with one of them to know the key by. */
export async function countByKey(
  client: pg.Client,
  { table, column }: SealedColumn,
): Promise<{ count: number; sample: string }[]> {
  const { rows } = await client.query<{ count: string; sample: string }>(
    `select count(*) as count, min(${quote(column)}) as sample from ${quote(table)} where ${quote(column)} is not null
     group by split_part(${quote(column)}, '.', 2) order by 2`,
  );
  return rows.map(({ count, sample }) => ({ count: Number(count), sample }));
}

export interface SealedText {
  id: string;
  sealed: string;
}

/** The next texts of a column after a row, in the order of their ids. */
export async function textsAfter(
  client: pg.Client,
  { table, column, id }: SealedColumn,
  after: string,
  most: number,
): Promise<SealedText[]> {
  const { rows } = await client.query<SealedText>(
    `select ${quote(id)} as id, ${quote(column)} as sealed from ${quote(table)}
     where ${quote(column)} is not null and ${quote(id)} > $1 order by ${quote(id)} limit $2`,
    [after, most],
  );
  return rows;
}

/** Puts a text in the place of another, unless that has changed meanwhile; tells whether it did. */
export async function replaceText(
  client: pg.Client,
  { table, column, id }: SealedColumn,
  old: SealedText,
  sealed: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update ${quote(table)} set ${quote(column)} = $3 where ${quote(id)} = $1 and ${quote(column)} = $2`,
    [old.id, old.sealed, sealed],
  );
  return rowCount === 1;
}
