// The table worker: the heartbeats of worker processes. They use real time, not the clock of the engine.
import type { Queryable } from '../kit/db/database.ts';
import { sql } from '../kit/db/sql.ts';
import { type WalPosition, walPosition } from '../kit/db/wal-position.ts';

/** Whether the process of a row of the table worker is alive. */
export const isAlive = sql`seen_at > clock_timestamp() - interval '10 seconds'`;

export interface WorkerSelf {
  id: string;
  kinds: string[];
  routes: readonly string[];
}

/** Records a heartbeat, and deletes workers without one for a day. Returns how far the database's log had come, if asked. */
export async function recordHeartbeat(
  db: Queryable,
  self: WorkerSelf,
  asksPosition: boolean,
): Promise<WalPosition | undefined> {
  const position = asksPosition ? walPosition : sql`null`;
  const [row] = await db.query<{ position: WalPosition | null }>(sql`insert into worker (id, kinds, routes)
    values (${self.id}, ${self.kinds}, ${self.routes})
    on conflict (id) do update set seen_at = clock_timestamp() returning ${position} as position`);
  await db.query(sql`delete from worker where seen_at < clock_timestamp() - interval '1 day'`);
  return row?.position ?? undefined;
}

/** Whether any worker recorded a heartbeat in the last ten seconds. */
export async function isAnyAlive(db: Queryable): Promise<boolean> {
  const rows = await db.query(
    sql`select 1 from worker where seen_at > clock_timestamp() - interval '10 seconds' limit 1`,
  );
  return rows.length > 0;
}

/** Returns how far the database's log had come, if asked. */
export async function endHeartbeat(db: Queryable, id: string, asksPosition: boolean): Promise<WalPosition | undefined> {
  const position = asksPosition ? walPosition : sql`null`;
  const [row] = await db.query<{ position: WalPosition | null }>(
    sql`delete from worker where id = ${id} returning ${position} as position`,
  );
  return row?.position ?? undefined;
}
