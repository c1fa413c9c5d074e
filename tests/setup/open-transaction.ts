// A transaction that stays open in a scenario's database, so that others reliably meet its locks.
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { searchPath } from '../../server/kit/db/function-set.ts';
import type { Scenario } from './scenario.ts';

export interface Standing {
  /** How many others currently wait for a lock. */
  waiting(): Promise<number>;
  /** Rolls it back, so that waiting transactions continue in order. */
  letGo(): Promise<void>;
  /** Commits it. */
  commit(): Promise<void>;
}

/**
 * Begins a transaction with this statement; its locks stay until `letGo`, however long that takes. The end of the test
 * ends it too: left open, it would hide the later events of every database of the server.
 */
export async function holdTransaction(scenario: Scenario, text: string, values: unknown[] = []): Promise<Standing> {
  const client = new pg.Client({
    connectionString: scenario.databaseUrl,
    options: `-c search_path=${searchPath} -c idle_in_transaction_session_timeout=0`,
  });
  onTestFinished(() => client.end());
  await client.connect();
  await client.query('begin');
  await client.query(text, values);
  const waiters = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const end = async (how: 'commit' | 'rollback') => {
    await client.query(how);
    await client.end();
  };
  return {
    waiting: async () => (await scenario.sql(waiters)).length,
    letGo: () => end('rollback'),
    commit: () => end('commit'),
  };
}
