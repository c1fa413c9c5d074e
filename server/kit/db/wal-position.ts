// How far the log of a PostgreSQL server has come. It never goes back, except where a server has lost commits.
import { type Fragment, sql } from './sql.ts';

export interface WalPosition {
  /** The server's own id, which its standbys and snapshots share. */
  system: string;
  /** How often one of them became the primary. */
  timeline: number;
  /** The place in the log, in bytes. */
  lsn: string;
  /** The time there. */
  at: string;
}

/**
 * The present position as JSON. In a statement that writes, its COMMIT proves that the position is on disk, and at the
 * synchronous standby.
 */
export const walPosition: Fragment = sql`(select json_build_object('system', s.system_identifier::text,
  'timeline', ('x' || left(pg_walfile_name(p.lsn), 8))::bit(32)::int, 'lsn', (p.lsn - '0/0')::text,
  'at', clock_timestamp())
  from pg_control_system() s, pg_current_wal_lsn() p(lsn))`;

/** Whether a server is behind a position that it had. Positions of two servers say nothing of each other. */
export function isBehind(now: WalPosition, known: WalPosition): boolean {
  if (now.system !== known.system) return false;
  return now.timeline < known.timeline || BigInt(now.lsn) < BigInt(known.lsn);
}
