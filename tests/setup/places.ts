// Searches the whole database for a word.
import type { Scenario } from './scenario.ts';

/** Every table and column that contains a word. */
export async function placesIn(scenario: Pick<Scenario, 'sql'>, word: string): Promise<string[]> {
  const columns = await scenario.sql<{ table: string; column: string; type: string }>(`
    select c.relname::text as table, a.attname::text as column, a.atttypid::regtype::text as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'recado'::regnamespace and c.relkind = 'r'`);
  if (columns.length < 200) throw new Error(`only ${columns.length} columns were found`);
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    const holds =
      type === 'bytea'
        ? `position(convert_to($1, 'UTF8') in "${column}") > 0`
        : `position(lower($1) in lower("${column}"::text)) > 0`;
    const [row] = await scenario.sql<{ n: number }>(`select count(*)::int as n from "${table}" where ${holds}`, [word]);
    if (row?.n) found.push(`${table}.${column} ${row.n}`);
  }
  return found;
}
