// The lock of schema changes, for commands.
import type pg from 'pg';
import { schemaLockKey } from '../kit/db/migrate.ts';

/** Takes the lock until the end of the transaction, and says if that takes a wait. */
export async function lockSchema(client: pg.Client, say: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [
    schemaLockKey,
  ]);
  if (rows[0]?.mine) return;
  say("Another command or a starting Recado is changing this database's schema: waiting…");
  await client.query('select pg_advisory_xact_lock($1)', [schemaLockKey]);
}
