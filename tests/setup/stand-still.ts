// A transaction that stands still in a story's database, so that what meets in its middle meets there every time.
import pg from 'pg';
import { searchPath } from '../../server/kit/db/function-set.ts';
import type { Story } from './scenario.ts';

export interface Standing {
  /** How many others wait for a lock at the moment. */
  waiting(): Promise<number>;
  /** Undoes it, and lets those that wait go on, in their order. */
  letGo(): Promise<void>;
}

/** Begins a transaction with this statement, whose locks stay until it is let go. */
export async function standStill(story: Story, text: string, values: unknown[] = []): Promise<Standing> {
  const client = new pg.Client({
    connectionString: story.databaseUrl,
    options: `-c search_path=${searchPath}`,
  });
  await client.connect();
  await client.query('begin');
  await client.query(text, values);
  const waiters = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return {
    waiting: async () => (await story.sql(waiters)).length,
    async letGo() {
      await client.query('rollback');
      await client.end();
    },
  };
}
