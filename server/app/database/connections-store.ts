// Whether the database has room for the connections of this process.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { Logger } from '../../kit/log.ts';

/** Warns if the database, its server or the user has fewer connections than this process may open. */
export async function warnOfFewConnections(db: Queryable, needed: number, log: Pick<Logger, 'warn'>): Promise<void> {
  const [limit] = await db.query<{ room: number; name: string }>(sql`
    select room::int, name from (
      select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as room,
        'max_connections, without those for superusers' as name
      union all select datconnlimit, 'the connection limit of the database' from pg_database
        where datname = current_database() and datconnlimit >= 0
      union all select rolconnlimit, 'the connection limit of its user' from pg_roles
        where rolname = session_user and rolconnlimit >= 0) x
    order by room limit 1`);
  if (!limit || limit.room >= needed) return;
  log.warn(
    `the database accepts ${limit.room} connections (${limit.name}), and this process opens up to ${needed}: raise that limit, lower DATABASE_CONNECTIONS, or set REDIS_URL`,
  );
}
