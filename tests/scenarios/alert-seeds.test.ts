// about: alerts
// Rules of new signals reach workspaces that exist, once, and a deleted rule stays deleted.
import { type AlertRule, type AlertSignal, alertSignals } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ roles: 'api' });
});
afterAll(() => scenario.close());

const rules = async (): Promise<AlertRule[]> => (await scenario.api('GET', '/api/v1/alert-rules')).body.data;
const signals = async () => (await rules()).map(({ signal }) => signal).sort();
const without = (...left: AlertSignal[]) => alertSignals.filter(signal => !left.includes(signal)).sort();
async function deleteRule(signal: AlertSignal): Promise<void> {
  const rule = (await rules()).find(each => each.signal === signal);
  expect((await scenario.api('DELETE', `/api/v1/alert-rules/${rule?.id}`)).status).toBe(204);
}
/** Starts workers at the same time, as a new release does. Each has swept once when it is there. */
const startWorkers = (count: number) => Promise.all(Array.from({ length: count }, () => scenario.node('worker')));

test('a signal that a workspace never had gets its rule once, and a deleted rule stays deleted', async () => {
  await deleteRule('clock');
  // As if the workspace was made before the release that brought the signal.
  await deleteRule('disk');
  await scenario.sql(`delete from alert_seed where signal = 'disk'`);
  expect(await signals()).toEqual(without('clock', 'disk'));
  await startWorkers(2);
  expect(await signals()).toEqual(without('clock'));
  const disk = (await rules()).find(({ signal }) => signal === 'disk');
  expect(disk).toMatchObject({ enabled: true, account_ids: null });
  await deleteRule('disk');
  await startWorkers(1);
  expect(await signals()).toEqual(without('clock', 'disk'));
});

test('a workspace of a program that recorded nothing keeps its rules as they are, and is recorded', async () => {
  await scenario.sql('delete from alert_seed');
  const before = await signals();
  await startWorkers(2);
  expect(await signals()).toEqual(before);
  const recorded = await scenario.sql<{ signal: string }>('select signal from alert_seed order by signal collate "C"');
  expect(recorded.map(({ signal }) => signal)).toEqual([...alertSignals].sort());
});

test('rules and alerts of a later release, which works beside this one, are left out', async () => {
  const before = await signals();
  const [row] = await scenario.sql<{ id: string }>(`insert into alert_rule
    select (r.u).* from (select jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'signal', 'of_a_later_release')) u
      from alert_rule x limit 1) r returning id`);
  await scenario.sql(
    `insert into alert (id, workspace_id, rule_id, signal, severity, subject_kind, subject_id, subject, value, began_at, told_at)
     select gen_random_uuid(), workspace_id, id, signal, 'warning', 'workspace', workspace_id, 'Ours', 1, now(), now()
     from alert_rule where id = $1`,
    [row?.id],
  );
  expect(await signals()).toEqual(before);
  const alerts = await scenario.api('GET', '/api/v1/alerts');
  expect([alerts.status, alerts.text.includes('of_a_later_release')]).toEqual([200, false]);
});
