// Statements as a simulation asks them: parsed and planned once in each connection.
import type pg from 'pg';
import { isConflict, type Queryable } from '../../server/kit/db/database.ts';
import { type Fragment, toQuery } from '../../server/kit/db/sql.ts';

/** As often as the engine's own database does it. */
export async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 5 || !isConflict(error)) throw error;
    }
  }
}

/** The names under which connections keep the statements that they have parsed and planned once. */
const names = new Map<string, string>();

/** A connection as the stores take it. */
export const queryOf = (client: pg.Client): Queryable => ({
  async query<Row extends object>(fragment: Fragment): Promise<Row[]> {
    const { text, values } = toQuery(fragment);
    let name = names.get(text);
    if (name === undefined) {
      name = `statement ${names.size}`;
      names.set(text, name);
    }
    return (await client.query<Row>({ name, text, values })).rows;
  },
});

/** The first words of a statement that tell it from others. */
export function labelOf({ texts }: Fragment): string {
  const text = texts.join('?').replace(/\s+/g, ' ').trim();
  return /\b([a-z]+_[a-z_]+)\(/.exec(text)?.[1] ?? text.slice(0, 40);
}
