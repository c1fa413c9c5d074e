// Which apps' webhooks are processed: those in the database, and those that the configuration names.
import { type Fragment, sql } from '../../kit/db/sql.ts';

/** Whether webhooks of the app `name`, an SQL expression, are processed. */
export const isServed = (name: Fragment, configured: readonly string[]): Fragment =>
  sql`(${name} = any (${configured}) or exists (select 1 from meta_app served where served.name = ${name}))`;
