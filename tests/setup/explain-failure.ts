// Explains failures of scenarios: what their programs logged last, and which transactions were open for long.
import pg from 'pg';
import { afterEach } from 'vitest';
import { lastWarnings } from './last-warnings.ts';
import { workerPostgres } from './worker-postgres.ts';

afterEach(async ({ task }) => {
  const warnings = lastWarnings.splice(0);
  if (task.result?.state !== 'fail') return;
  const lines = [...warnings, ...(await openTransactions())];
  console.error(`What may explain "${task.name}":\n${lines.join('\n') || 'no warning, and no long transaction'}`);
});

/** They hide later events of all databases of their server. */
async function openTransactions(): Promise<string[]> {
  const { host, port, user } = workerPostgres();
  const client = new pg.Client({ host, port, user, database: 'postgres' });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(`
    select datname, application_name, state, wait_event, backend_xid, clock_timestamp() - xact_start as age, query
    from pg_stat_activity
    where xact_start < clock_timestamp() - interval '2 seconds' and pid <> pg_backend_pid()`);
  await client.end();
  return rows.map(row => JSON.stringify(row).slice(0, 500));
}
