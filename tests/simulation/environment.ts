// Where simulations play: a migrated database of their own, with the three connections that a world needs.
import pg from 'pg';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { newUuid } from '../../server/kit/ids.ts';

export interface Environment {
  clients: [pg.Client, pg.Client, pg.Client];
  readonly workspaceId: string;
  /** How many schedules it has not forgotten yet. */
  readonly played: number;
  /** When the next schedule begins: later than anything that an earlier one did. */
  nextStart(): number;
  /**
   * Takes away of accounts that have been judged what sweeps of the next schedule would look at or wait for: which schedule
   * was before may not change what it does.
   */
  retire(accounts: string[]): Promise<void>;
  /** Plays what comes in another workspace, where nobody has been written to yet. */
  moveOn(): Promise<void>;
  /** Forgets what earlier schedules have left. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface Server {
  host: string;
  port: number;
  user: string;
}

/** Makes a copy of a migrated database, and gives its name. */
export async function cloneDatabase(server: Server, template: string): Promise<string> {
  const name = `simulation_${newUuid().replaceAll('-', '')}`;
  const client = new pg.Client({ ...server, database: 'postgres' });
  await client.connect();
  await client.query(`create database ${name} template ${template}`);
  await client.end();
  return name;
}

/** Opens a stage in a database that is migrated already. */
export async function openEnvironment(server: Server, database: string): Promise<Environment> {
  // Small tables and one plan for each statement: planning anew would be most of the time here. Without hashes what has
  // no order comes in that of its keys, as often as it is asked for.
  const options =
    `-c search_path=${searchPath} -c TimeZone=UTC -c jit=off -c plan_cache_mode=force_generic_plan -c synchronous_commit=off -c enable_hashagg=off -c enable_hashjoin=off` +
    ' -c track_activities=off -c track_counts=off -c update_process_title=off';
  const open = async () => {
    const client = new pg.Client({ ...server, database, options, pipeline: true });
    await client.connect();
    return client;
  };
  const clients: Environment['clients'] = [await open(), await open(), await open()];
  // What it learns of the tables would change plans, and with them the order of what has none, at a moment of its own.
  await clients[0].query(`do $$ declare name regclass; begin
    for name in select oid from pg_class where relnamespace = 'recado'::regnamespace and relkind = 'r' loop
      execute format('alter table %s set (autovacuum_enabled = off)', name);
    end loop; end $$`);
  let workspaceId = newUuid();
  const start = Date.UTC(2026, 0, 1, 9);
  let played = 0;
  const moveOn = async () => {
    workspaceId = newUuid();
    await clients[0].query(`insert into workspace (id, name) values ($1, 'Simulation')`, [workspaceId]);
  };
  const clear = async () => {
    await clients[0].query('truncate workspace cascade');
    await clients[0].query('truncate lane, open_message, event, idempotency, inbound_payload, dead_letter cascade');
    await moveOn();
    played = 0;
  };
  await clear();
  return {
    clients,
    get workspaceId() {
      return workspaceId;
    },
    get played() {
      return played;
    },
    nextStart: () => start + played++ * 30 * 86_400_000,
    async retire(accounts) {
      const text = `with b as (delete from message_delta), d as (delete from template_change), e as (delete from template),
        f as (delete from contact_merge), c as (delete from list_delta), g as (delete from latency_delta),
        h as (update open_message set ready_at = 'infinity', expires_at = null, resolve_by = null
          where account_id = any ($1) and state in ('scheduled', 'held', 'unknown'))
        delete from lane where account_id = any ($1)`;
      await clients[0].query({ name: 'retire', text, values: [accounts] });
    },
    moveOn,
    clear,
    async close() {
      for (const client of clients) await client.end();
    },
  };
}
