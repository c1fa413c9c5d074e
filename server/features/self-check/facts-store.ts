// What the database says about itself and about the processes that use it.
import { isAlive } from '../../engine/worker-store.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface DatabaseFacts {
  version: string;
  bytes: number;
  connections: number;
  most_connections: number;
  /** Sessions that have waited for a lock for longer than five seconds. */
  waiting: number;
  /** How long the oldest transaction that writes has been open, in seconds. */
  oldest_seconds: number;
  read_only: boolean;
}

export async function databaseFacts(db: Queryable): Promise<DatabaseFacts> {
  const [row] = await db.query<DatabaseFacts>(sql`select current_setting('server_version') as version,
    (select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from pg_class
      where relnamespace = 'recado'::regnamespace and relkind = 'r') as bytes,
    (select count(*) from pg_stat_activity where backend_type = 'client backend' or backend_type is null) as connections,
    current_setting('max_connections')::int as most_connections,
    (select count(*) from pg_locks where not granted and waitstart < clock_timestamp() - interval '5 seconds') as waiting,
    longest_transaction() as oldest_seconds, current_setting('transaction_read_only')::boolean as read_only`);
  if (!row) throw new Error('a query for facts returned no row');
  return row;
}

/** How many workers are alive, and how long ago the newest heartbeat was, in seconds; null where there was none. */
export async function workerFacts(db: Queryable): Promise<{ alive: number; seconds: number | null }> {
  const [row] = await db.query<{
    alive: number;
    seconds: number | null;
  }>(sql`select count(*) filter (where ${isAlive}) as alive,
    extract(epoch from clock_timestamp() - max(seen_at))::float8 as seconds from worker`);
  return row ?? { alive: 0, seconds: null };
}

export interface LinkFacts {
  name: string;
  /** Whether a gateway holds its session. */
  held: boolean;
  /** Whether the link itself is over or refused, so that somebody has to act. */
  ended: boolean;
}

/** The phones that are to be linked, of a workspace or of all. */
export async function linkFacts(db: Queryable, workspaceId: string | undefined): Promise<LinkFacts[]> {
  return db.query<LinkFacts>(sql`select a.name, s.lease_until >= clock_timestamp() as held,
      s.state in ('logged_out', 'banned', 'outdated', 'failed') as ended
    from web_session s join account a on a.id = s.account_id and a.deleted_at is null
    where (s.wants = 'on' or s.state in ('logged_out', 'banned', 'outdated', 'failed'))
      and (${workspaceId ?? null}::uuid is null or s.workspace_id = ${workspaceId ?? null}) order by a.name`);
}
