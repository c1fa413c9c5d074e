// How far the log of the database has come, and whether the database was marked as recovered.
import pg from 'pg';
import { lastRecovery } from '../../features/outcomes/index.ts';
import { type Queryable, queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { type WalPosition, walPosition } from '../../kit/db/wal-position.ts';

/** Undefined where the server does not tell: a managed one may keep it to itself. */
export async function findPosition(db: Queryable): Promise<WalPosition | undefined> {
  try {
    const [row] = await db.query<{ position: WalPosition }>(sql`select ${walPosition} as position`);
    return row?.position;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return undefined;
    throw error;
  }
}

/** Whether a database has no data of ours, or was marked as recovered since a time. */
export async function isRecoveredSince(client: pg.Client, time: Date): Promise<boolean> {
  const db = queryable(client);
  const [row] = await db.query<{ there: boolean }>(
    sql`select to_regclass('recado.installation_setting') is not null as there`,
  );
  if (!row?.there) return true;
  const at = await lastRecovery(db);
  return at !== undefined && at > time;
}
