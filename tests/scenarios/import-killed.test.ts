// An import whose process is killed in the check, in the run and at its end: contacts are as after one that was not.

import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type Actor, end, freePort, launchNode, until } from '../faults/processes.ts';
import { done, imported, importOf, inState, uploaded } from '../setup/import-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

// Four processes start one after the other.
vi.setConfig({ testTimeout: 240_000 });

const lockNumber = 4_711;
const rows = 3_000;

let scenario: Scenario;
let gatekeeper: pg.Client;
let worker: Actor | undefined;

beforeAll(async () => {
  // The work is done by the process that is killed.
  scenario = await startScenario({ roles: 'api' });
  await scenario.sql(`create function recado.stop_here() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(${lockNumber}); return new; end $$`);
  gatekeeper = new pg.Client(scenario.databaseUrl);
  await gatekeeper.connect();
});
afterAll(async () => {
  await end(worker);
  await gatekeeper.end();
  await scenario.close();
});

async function startWorker(): Promise<void> {
  const port = await freePort();
  worker = launchNode('scripts/start.mjs', scenario.dataDir, {
    ...scenario.env,
    ROLES: 'worker',
    PORT: String(port),
    LOG_LEVEL: 'warn',
  });
}

/** Kills the worker while its transaction waits at this step, and lets another one begin. */
async function killAt(step: string): Promise<void> {
  const waiting = `from pg_locks where locktype = 'advisory' and objid = ${lockNumber} and not granted
    and database = (select oid from pg_database where datname = current_database())`;
  await until(step, 60, async () => (await scenario.sql(`select 1 ${waiting}`)).length > 0);
  await end(worker);
  // Whose process is gone would else go on when the way is free.
  await scenario.sql(`select pg_terminate_backend(pid) ${waiting}`);
  await until('its transaction is gone', 20, async () => (await scenario.sql(`select 1 ${waiting}`)).length === 0);
  // As when the time of the dead process is over.
  await scenario.sql(`update contact_import set lease_until = now() where runner is not null`);
}

async function stopAt(trigger: string): Promise<void> {
  await gatekeeper.query(`select pg_advisory_lock(${lockNumber})`);
  await scenario.sql(`create trigger stop_here ${trigger} execute function recado.stop_here()`);
}

async function goOn(table: string): Promise<void> {
  await scenario.sql(`drop trigger stop_here on recado.${table}`);
  await gatekeeper.query(`select pg_advisory_unlock(${lockNumber})`);
}

/** The contacts of a workspace, without ids and times. */
async function contactsOf(workspace: string): Promise<string[]> {
  const found = await scenario.sql<{ line: string }>(
    `select concat_ws('|', (select string_agg(x.value, ',' order by x.value) from contact_address x where x.contact_id = c.id),
      c.name, c.language, c.reference, c.fields, (select string_agg(l.name, ',' order by l.name) from contact_label x
        join label l on l.id = x.label_id where x.contact_id = c.id),
      (select string_agg(concat_ws(' ', o.category, o.source), ',') from opt_out o where o.contact_id = c.id),
      (select count(*) from opt_out_ledger o where o.contact_id = c.id)) as line
    from contact c where c.workspace_id = $1 and c.deleted_at is null order by 1`,
    [toUuid(workspace)],
  );
  return found.map(({ line }) => line);
}

async function prepared(of: Scenario): Promise<string> {
  await of.api('POST', '/api/v1/contact-fields', { key: 'points', name: 'Points', type: 'number' });
  await of.api('POST', '/api/v1/contacts', { name: 'Known', phone: '+351920000007' });
  return (await of.api('GET', '/api/v1/workspace')).body.id;
}

test('an import that was killed at three places ends as one that was not', async () => {
  const lines = ['phone,name,Points,labels,opt out'];
  for (let n = 0; n < rows; n++)
    lines.push(`+35192000${String(n).padStart(4, '0')},Person ${n},${n},label ${n % 3},${n % 7 === 0 ? 'yes' : ''}`);
  // Twice in the file, in another chunk.
  lines.push('+351920000001,Person again,5,,');
  const file = lines.join('\n');
  const change = {
    columns: [
      { column: 3, target: 'fields.points' },
      { column: 5, target: 'opt_out' },
    ],
    if_known: 'replace',
  };
  const workspace = await prepared(scenario);
  const other = await scenario.another();
  const untouched = await prepared(other);

  const { id } = await uploaded(scenario, file);
  await stopAt('before insert on recado.contact_import_row for each row when (new.number = 1500)');
  await startWorker();
  const path = `/api/v1/imports/${id}`;
  expect((await scenario.api('PATCH', path, change)).status).toBe(200);
  await killAt('the check is at row 1500');
  await goOn('contact_import_row');
  await startWorker();
  expect((await inState(scenario, id, 'ready')).counts).toMatchObject({ rows: rows + 1, duplicate: 1, known: 1 });

  await stopAt(`before insert on recado.contact for each row when (new.name = 'Person 1700')`);
  await scenario.api('POST', `${path}/run`);
  await killAt('the run is at a row in the middle');
  expect((await importOf(scenario, id)).state).toBe('running');
  await goOn('contact');
  await stopAt(`before update on recado.contact_import for each row when (new.state = 'finished')`);
  await startWorker();
  await killAt('the run ends');
  await goOn('contact_import');
  await startWorker();
  const finished = await inState(scenario, id, 'finished');
  expect(finished.counts).toMatchObject({ created: rows - 1, updated: 1, duplicate: 1, invalid: 0 });

  expect((await imported(other, file, change)).counts).toEqual(finished.counts);
  const contacts = await contactsOf(workspace);
  expect(contacts).toEqual(await contactsOf(untouched));
  expect(contacts).toHaveLength(rows);
  // The totals of the lists hold.
  expect((await scenario.api('GET', '/api/v1/contacts?limit=1')).body.page.total).toBe(rows);

  const undone = await done(other, (await other.api('GET', '/api/v1/imports')).body.data[0].id, 'undo');
  expect(undone.counts.restored).toBe(rows);
  const [left, ...more] = await contactsOf(untouched);
  expect([left?.split('|').slice(0, 2), more]).toEqual([['+351920000007', 'Known'], []]);
});
