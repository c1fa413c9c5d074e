// How far the primary and a replica have come.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Up to where the primary's log is on its disk, in bytes: every transaction that has committed is in it. */
export async function flushedBy(primary: Queryable): Promise<bigint> {
  const [row] = await primary.query<{ lsn: string }>(sql`select (pg_current_wal_flush_lsn() - '0/0')::text as lsn`);
  return BigInt(row?.lsn ?? 0);
}

/** Up to where a replica has applied that log. @throws Error if it is none, or was promoted */
export async function replayedBy(replica: Queryable): Promise<bigint> {
  const [row] = await replica.query<{ lsn: string | null }>(
    sql`select case when pg_is_in_recovery() then (pg_last_wal_replay_lsn() - '0/0')::text end as lsn`,
  );
  if (row?.lsn == null) throw new Error('DATABASE_URL_READ leads to no replica: it takes writes');
  return BigInt(row.lsn);
}

/** When a worker last signed, in microseconds; 0 where none is alive. It tells a copy from other databases. */
export async function lastSigned(db: Queryable): Promise<number> {
  const [row] = await db.query<{ at: number }>(
    sql`select coalesce(extract(epoch from max(seen_at)) * 1000000, 0)::bigint as at from worker`,
  );
  return row?.at ?? 0;
}
