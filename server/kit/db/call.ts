// Calls SQL functions by argument name, checked against the types in their files.
import type { Queryable } from './database.ts';
import { argumentTypes, type SqlFunctions } from './function-types.ts';
import { type Fragment, sql } from './sql.ts';

/** The call as an SQL fragment, for statements that do more than call it. */
function callOf<Name extends keyof SqlFunctions>(name: Name, args: SqlFunctions[Name]['args']): Fragment {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const casts = argumentTypes[name];
  const texts = given.map(([argument], place) => `${place === 0 ? `${name}(` : ''}${argument} => `);
  for (let place = 1; place < given.length; place++)
    texts[place] = `::${casts[given[place - 1]?.[0] ?? '']}, ${texts[place]}`;
  const last = given.at(-1)?.[0];
  return {
    texts: last === undefined ? [`${name}()`] : [...texts, `::${casts[last]})`],
    values: given.map(([, value]) => value),
  };
}

/** Calls a function and returns its rows. */
export async function call<Name extends keyof SqlFunctions>(
  db: Queryable,
  name: Name,
  args: SqlFunctions[Name]['args'],
): Promise<SqlFunctions[Name]['row'][]> {
  return db.query<SqlFunctions[Name]['row']>(sql`select * from ${callOf(name, args)}`);
}
