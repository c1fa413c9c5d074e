// Alerts: each signal fires and clears once, with its remedy, and nothing in them names a person or quotes a message.
import { type AlertSignal, alertSignals, signalFacts } from '@recado/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;
const hour = 60 * minute;
let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: what the API shows
type Shown = any;
let account: Shown;
let numbers = 0;

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', roles: 'api,worker' });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  scenario.simulator.setFault(null);
  const answer = await scenario.api('POST', '/api/v1/accounts', { name: `Shop ${++numbers}`, channel: 'sandbox' });
  account = answer.body;
});

const rules = async (): Promise<Shown[]> => (await scenario.api('GET', '/api/v1/alert-rules')).body.data;
const ruleOf = async (signal: AlertSignal) => (await rules()).find(rule => rule.signal === signal);
const alertsOf = async (signal: AlertSignal): Promise<Shown[]> => {
  const rule = await ruleOf(signal);
  return (await scenario.api('GET', `/api/v1/alerts?rule_id=${rule.id}`)).body.data;
};
const eventsOf = async (alertId: string): Promise<string[]> => {
  const rows = await scenario.sql<{ type: string }>(
    `select type from event where type like 'alert.%' and data ->> 'alert_id' = $1 order by id`,
    [toUuid(alertId)],
  );
  return rows.map(({ type }) => type);
};
const send = async (to = `+3361734${String(1_000 + ++numbers)}`, more: object = {}) => {
  const answer = await scenario.api('POST', '/api/v1/messages', {
    ...{ account_id: account.id, to, type: 'text', text: { body: 'A secret text' }, ...more },
  });
  if (answer.status !== 202) throw new Error(answer.text);
  return answer.body;
};
const sql = (text: string, values: unknown[] = []) => scenario.sql(text, values);
const changeRule = async (signal: AlertSignal, body: object) => {
  const rule = await ruleOf(signal);
  const answer = await scenario.api('PATCH', `/api/v1/alert-rules/${rule.id}`, body);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body;
};

/** How each signal begins and ends: by the API and the simulator, else by what the program itself would have stored. */
const stories: Readonly<Record<AlertSignal, { begin: () => Promise<unknown>; end: () => Promise<unknown> }>> = {
  account_attention: {
    async begin() {
      scenario.simulator.setFault(() => 'token-expired');
      await send();
      await scenario.settle();
    },
    async end() {
      scenario.simulator.setFault(null);
      await scenario.api('POST', `/api/v1/accounts/${account.id}/resume`);
      await scenario.settle();
    },
  },
  silence_in: {
    async begin() {
      await sql(`update account set created_at = created_at - interval '40 days' where id = $1`, [toUuid(account.id)]);
      await sql(
        `insert into message_count (workspace_id, quarter, account_id, direction, type, status, code, messages, accepted)
         select a.workspace_id, counted_quarter($2::timestamptz) - w * interval '7 days' + q * interval '15 minutes', a.id,
           'inbound', 'text', 'received', '', 20, 0
         from account a, generate_series(1, 4) w, generate_series(-4, 4) q where a.id = $1`,
        [toUuid(account.id), new Date(scenario.clock.now())],
      );
    },
    async end() {
      const { envelope, post } = metaPosts(() => ({ ...scenario, account }));
      await post(envelope({ messages: [incoming('33617340001', 'wamid.alerts-1')] }));
      await scenario.settle();
      await scenario.settle();
    },
  },
  stall_out: {
    async begin() {
      // As if no worker served the account.
      await sql(`update account set route = 'nobody' where id = $1`, [toUuid(account.id)]);
      for (let n = 0; n < 10; n++) await send();
      await scenario.advance(11 * minute);
    },
    end: async () => {
      await sql(`update account set route = 'sandbox' where id = $1`, [toUuid(account.id)]);
      await scenario.advance(1_000);
    },
  },
  no_receipts: {
    async begin() {
      scenario.simulator.setFault(() => 'never-delivered');
      for (let n = 0; n < 10; n++) await send();
      await scenario.settle();
      scenario.simulator.setFault(null);
      // As if the receipts "sent" had not come either.
      await sql('update account set last_receipt_at = null where id = $1', [toUuid(account.id)]);
      await scenario.advance(16 * minute);
    },
    async end() {
      await send();
      await scenario.settle();
    },
  },
  failed_share: {
    async begin() {
      await scenario.api('PATCH', `/api/v1/accounts/${account.id}`, {
        limits: { rate: { messages: 1_000, seconds: 1 } },
      });
      for (let n = 0; n < 47; n++) await send();
      await scenario.settle();
      scenario.simulator.setFault(() => 'failed-131026');
      for (let n = 0; n < 3; n++) await send();
      await scenario.settle();
      scenario.simulator.setFault(null);
      await scenario.advance(minute);
      await scenario.advance(6 * minute);
    },
    async end() {
      for (let n = 0; n < 60; n++) await send();
      await scenario.settle();
      await scenario.advance(minute);
      await scenario.advance(11 * minute);
    },
  },
  quality: {
    begin: () => sql(`update account set quality = 'RED' where id = $1`, [toUuid(account.id)]),
    end: () => sql(`update account set quality = 'GREEN' where id = $1`, [toUuid(account.id)]),
  },
  token_expiry: {
    begin: () => ofFacts({ token_expires_at: new Date(scenario.clock.now() + 13 * 24 * hour) }),
    end: () => ofFacts({ token_expires_at: null }),
  },
  webhook_routing: {
    begin: () => ofWebhooks({ ok: false, message: 'They go to https://other.example.com.' }),
    end: () => ofWebhooks({ ok: true }),
  },
  limit_lowered: {
    begin: () =>
      sql('update account set limit_lowered = $2 where id = $1', [
        toUuid(account.id),
        JSON.stringify({ at: new Date(scenario.clock.now()), from: 'TIER_10K', to: 'TIER_1K' }),
      ]),
    end: () => scenario.advance(24 * hour),
  },
  template_trouble: {
    begin: () =>
      sql(
        `insert into template (id, workspace_id, business_id, name, language, category, status, components)
         select $1, workspace_id, 'b1', 'order_update', 'en', 'UTILITY', 'PAUSED', '[]' from account where id = $2`,
        [newUuid(), toUuid(account.id)],
      ),
    end: () => sql(`update template set status = 'APPROVED' where name = 'order_update'`),
  },
  unknown_age: {
    async begin() {
      await scenario.api('PATCH', `/api/v1/accounts/${account.id}`, { on_unknown: 'hold' });
      scenario.simulator.setFault(() => 'answer-and-receipts-lost');
      await send();
      await scenario.settle();
      scenario.simulator.setFault(null);
      await scenario.advance(31 * minute);
    },
    end: async () => {
      const list = await scenario.api('GET', `/api/v1/messages?account_id=${account.id}&status=unknown`);
      const ids = list.body.data.map(({ id }: { id: string }) => id);
      await scenario.api('POST', '/api/v1/messages/resolve', { ids, resolution: 'sent' });
    },
  },
  oldest_high: waiting('high', 2 * minute),
  oldest_normal: waiting('normal', 11 * minute),
  daily_limit: {
    async begin() {
      await scenario.api('PATCH', `/api/v1/accounts/${account.id}`, { limits: { per_day: 10 } });
      for (let n = 0; n < 9; n++) await send();
      await scenario.settle();
    },
    end: () => scenario.api('PATCH', `/api/v1/accounts/${account.id}`, { limits: { per_day: 100 } }),
  },
  spend_cap: {
    async begin() {
      await sql(
        `insert into cost_count (workspace_id, account_id, day, category, country, kind, messages, amount, surcharge)
         select workspace_id, id, ($2::timestamptz at time zone time_zone)::date, 'marketing', 'BR', 'charged', 9, 90, 0
         from account where id = $1`,
        [toUuid(account.id), new Date(scenario.clock.now())],
      );
      await sql(
        `insert into cost_setting (workspace_id, currency, cap) select workspace_id, 'USD', 100 from account where id = $1`,
        [toUuid(account.id)],
      );
    },
    end: () => sql('update cost_setting set cap = 1000'),
  },
  free_messages: {
    begin: () =>
      sql(
        `insert into cost_count (workspace_id, account_id, day, category, country, kind, messages, amount, surcharge)
         select workspace_id, id, ($2::timestamptz at time zone time_zone)::date, 'service', 'BR', 'free', 900, 0, 0
         from account where id = $1`,
        [toUuid(account.id), new Date(scenario.clock.now())],
      ),
    end: () => sql('delete from cost_count where account_id = $1', [toUuid(account.id)]),
  },
  unanswered: {
    async begin() {
      const { envelope, post } = metaPosts(() => ({ ...scenario, account }));
      await post(envelope({ messages: [incoming('33617340777', 'wamid.alerts-777')] }));
      await scenario.settle();
      // Its team is closed today: nobody waits in its hours.
      const days = [0, 1].map(n => new Date(scenario.clock.now() + n * 24 * hour).toISOString().slice(0, 10));
      const intervals = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '00:00', closes: '24:00' }));
      const holidays = days.map(date => ({ date, name: 'Closed' }));
      const hours = { time_zone: 'UTC', intervals, holidays };
      const { body: team } = await scenario.api('POST', '/api/v1/teams', { name: 'Day', hours });
      const { data } = (await scenario.api('GET', `/api/v1/conversations?account_id=${account.id}`)).body;
      await scenario.api('POST', `/api/v1/conversations/${data[0].id}/assign`, { team_id: team.id });
      await scenario.advance(61 * minute);
      await scenario.advance(6 * minute);
      // A customer of another signal's account may wait by now.
      expect((await alertsOf('unanswered')).filter(({ subject }) => subject?.id === account.id)).toEqual([]);
      await scenario.api('PATCH', `/api/v1/teams/${team.id}`, { hours: null });
      await scenario.advance(minute);
      await scenario.advance(6 * minute);
    },
    end: async () => {
      const { data } = (await scenario.api('GET', `/api/v1/conversations?account_id=${account.id}`)).body;
      await scenario.api('POST', `/api/v1/conversations/${data[0].id}/close`, {});
      for (const { id } of (await scenario.api('GET', '/api/v1/teams')).body.data)
        await scenario.api('DELETE', `/api/v1/teams/${id}`);
    },
  },
  nobody_online: {
    async begin() {
      const { envelope, post } = metaPosts(() => ({ ...scenario, account }));
      await post(envelope({ messages: [incoming('33617340778', 'wamid.alerts-778')] }));
      await scenario.settle();
      const hours = { time_zone: 'UTC', intervals: [{ weekday: 1, opens: '00:00', closes: '24:00' }] };
      const { body: team } = await scenario.api('POST', '/api/v1/teams', { name: 'Empty', hours });
      const holidays = [0, 1].map(n => new Date(scenario.clock.now() + n * 24 * hour).toISOString().slice(0, 10));
      const closed = { ...hours, holidays: holidays.map(date => ({ date, name: 'Closed' })) };
      await scenario.api('PATCH', `/api/v1/teams/${team.id}`, { hours: closed });
      const { data } = (await scenario.api('GET', `/api/v1/conversations?account_id=${account.id}`)).body;
      await scenario.api('POST', `/api/v1/conversations/${data[0].id}/assign`, { team_id: team.id });
      await scenario.advance(minute);
      await scenario.advance(11 * minute);
      expect((await alertsOf('nobody_online')).filter(({ state }) => state === 'firing')).toEqual([]);
      await scenario.api('PATCH', `/api/v1/teams/${team.id}`, { hours: null });
      await scenario.advance(minute);
      await scenario.advance(11 * minute);
    },
    async end() {
      const { person } = (await scenario.api('GET', '/api/v1/me')).body;
      const [team] = (await scenario.api('GET', '/api/v1/teams')).body.data;
      await scenario.api('PATCH', `/api/v1/teams/${team.id}`, { members: [{ person_id: person.id }] });
      await scenario.api('PUT', '/api/v1/me/availability', { status: 'online' });
      for (let n = 0; n < 2; n++) await scenario.advance(minute);
      expect((await alertsOf('nobody_online')).filter(({ state }) => state === 'firing')).toEqual([]);
      const { data } = (await scenario.api('GET', `/api/v1/conversations?account_id=${account.id}`)).body;
      await scenario.api('POST', `/api/v1/conversations/${data[0].id}/close`, {});
      await scenario.api('DELETE', `/api/v1/teams/${team.id}`);
    },
  },
  no_gateway: {
    begin: () =>
      sql(
        `insert into web_session (account_id, workspace_id, state, wants, lease_until)
         select id, workspace_id, 'connected', 'on', clock_timestamp() - interval '2 minutes' from account where id = $1`,
        [toUuid(account.id)],
      ),
    end: () => sql(`delete from web_session where account_id = $1`, [toUuid(account.id)]),
  },
  endpoint_failing: {
    async begin() {
      const made = await scenario.api('POST', '/api/v1/endpoints', { url: 'https://shop.example.com/hook' });
      await sql(
        `update delivery_lane set failing_since = $2::timestamptz, consecutive_failures = 5 where endpoint_id = $1`,
        [toUuid(made.body.id), new Date(scenario.clock.now() - 16 * minute)],
      );
    },
    end: () => sql(`update delivery_lane set failing_since = null, consecutive_failures = 0`),
  },
  dead_letters: {
    begin: () =>
      sql(
        `with raw as (insert into inbound_payload (app, lane_key, body, received_at, processed_at)
           values ('a', $1, '', now(), now()) returning id)
         insert into dead_letter (payload_id, workspace_id, account_id, code, reason, created_at)
           select raw.id, a.workspace_id, a.id, 'item_unreadable', 'x', now() from raw, account a where a.id = $1`,
        [toUuid(account.id)],
      ),
    async end() {
      const { data } = (await scenario.api('GET', '/api/v1/dead-letters')).body;
      for (const { id } of data) await scenario.api('DELETE', `/api/v1/dead-letters/${id}`);
    },
  },
  disk: bounded('disk'),
  clock: bounded('clock', { for_seconds: 0, keep_seconds: 0 }),
  backup_age: {
    begin: () => backUp(27 * hour),
    end: () => backUp(0),
  },
  web_version: {
    async begin() {
      await sql(
        `insert into installation_setting (name, value) values ('whatsapp_web_version', $1)
        on conflict (name) do update set value = excluded.value`,
        [JSON.stringify({ version: '2.3000.1', read_at: new Date(scenario.clock.now() - 4 * 24 * hour) })],
      );
      await sql(
        `insert into web_session (account_id, workspace_id, state, wants, lease_until)
         select id, workspace_id, 'connected', 'on', clock_timestamp() + interval '1 day' from account where id = $1`,
        [toUuid(account.id)],
      );
    },
    end: () => sql(`delete from web_session where account_id = $1`, [toUuid(account.id)]),
  },
};

const ofFacts = (facts: object) =>
  sql('update account set number_facts = number_facts || $2::jsonb where id = $1', [
    toUuid(account.id),
    JSON.stringify(facts),
  ]);

const ofWebhooks = (webhooks: object) =>
  sql('update account set webhooks = $2 where id = $1', [toUuid(account.id), JSON.stringify(webhooks)]);

/** A backup that somebody made by the command, so long ago. */
const backUp = (ago: number) =>
  sql(
    `insert into backup_run (id, kind, cause, state, file, taken_at, began_at, ended_at)
     values ($1, 'backup', 'command', 'done', '/backups/a', $2, $2, $2)`,
    [newUuid(), new Date(scenario.clock.now() - ago)],
  );

/** Messages wait because no worker serves the account. */
function waiting(priority: string, ms: number) {
  return {
    async begin() {
      await sql(`update account set route = 'nobody' where id = $1`, [toUuid(account.id)]);
      await send(undefined, { priority });
      await scenario.advance(ms);
    },
    async end() {
      await sql(`update account set route = 'sandbox' where id = $1`, [toUuid(account.id)]);
      await scenario.advance(1_000);
    },
  };
}

/** What the machine of the test always has some of: the bound moves. */
function bounded(signal: AlertSignal, more: object = {}) {
  return {
    begin: () => changeRule(signal, { fire_above: 0, clear_below: 0, ...more }),
    end: () => changeRule(signal, { fire_above: 100_000, clear_below: 100_000 }),
  };
}

describe('each signal fires and clears once', () => {
  test.each(alertSignals)('%s', async signal => {
    const before = (await alertsOf(signal)).length;
    await stories[signal].begin();
    for (let n = 0; n < 3; n++) await scenario.advance(minute);
    const [firing, ...others] = await alertsOf(signal);
    expect(others.length).toBe(before);
    expect(firing).toMatchObject({ signal, state: 'firing', severity: signalFacts[signal].rule.severity });
    expect(firing.remedy).not.toBe('');
    expect(JSON.stringify(firing)).not.toMatch(/secret text|\+3361734/);
    await stories[signal].end();
    for (let n = 0; n < 4; n++) await scenario.advance(minute);
    const [cleared, ...rest] = await alertsOf(signal);
    expect(rest.length).toBe(before);
    expect(cleared).toMatchObject({ id: firing.id, state: 'cleared' });
    expect(await eventsOf(firing.id)).toEqual(['alert.firing', 'alert.cleared']);
  });
});

const ofQuality = (quality: string) =>
  sql('update account set quality = $2 where id = $1', [toUuid(account.id), quality]);
const newest = async (signal: AlertSignal) => (await alertsOf(signal))[0];

test('more than four changes in an hour are one unstable alert', async () => {
  const before = (await alertsOf('quality')).length;
  for (let n = 0; n < 5; n++) {
    await ofQuality('RED');
    await scenario.advance(minute);
    await ofQuality('GREEN');
    await scenario.advance(minute);
  }
  const all = await alertsOf('quality');
  // Twice it fired and cleared. From the third time on it is one alert, which stays open.
  expect(all.length).toBe(before + 3);
  expect(all[0]).toMatchObject({ state: 'firing', unstable: true });
  expect(await eventsOf(all[0].id)).toEqual(['alert.firing']);
  await scenario.advance(61 * minute);
  await scenario.advance(minute);
  expect(await newest('quality')).toMatchObject({ id: all[0].id, state: 'cleared' });
});

test('a round that is killed leaves nothing, and the next one fires once', async () => {
  const before = (await alertsOf('quality')).length;
  await sql('create sequence deaths');
  await sql('grant usage on sequence deaths to recado_engine');
  await sql(
    `create function die() returns trigger language plpgsql as $$ begin perform nextval('deaths'); raise 'killed'; end $$`,
  );
  await sql(
    'create constraint trigger die after insert on alert deferrable initially deferred for each row execute function die()',
  );
  await ofQuality('RED');
  scenario.clock.advance(minute);
  // The sweep of the timer or this one.
  await scenario.recado.sweeper?.sweep().catch(() => {});
  expect(await sql('select is_called from deaths')).toEqual([{ is_called: true }]);
  expect(await alertsOf('quality')).toHaveLength(before);
  await sql('drop trigger die on alert');
  const second = await scenario.node('worker');
  scenario.clock.advance(minute);
  await Promise.all([scenario.recado.sweeper?.sweep(), second.sweeper?.sweep()]);
  await scenario.advance(minute);
  await second.close();
  const [alert, ...rest] = await alertsOf('quality');
  expect(rest).toHaveLength(before);
  expect(await eventsOf(alert.id)).toEqual(['alert.firing']);
  await ofQuality('GREEN');
  await scenario.advance(minute);
});

test('somebody takes an alert, with a note, and mutes it; the audit log and an event tell', async () => {
  await ofQuality('YELLOW');
  await scenario.advance(minute);
  const { id } = await newest('quality');
  const taken = await scenario.api('POST', `/api/v1/alerts/${id}/take`, { note: 'wrote to Meta' });
  expect(taken.body).toMatchObject({ taken_note: 'wrote to Meta', taken_by: { name: expect.any(String) } });
  const until = new Date(scenario.clock.now() + hour).toISOString();
  expect((await scenario.api('POST', `/api/v1/alerts/${id}/mute`, { until })).body).toMatchObject({
    muted_until: until,
  });
  expect((await scenario.api('POST', `/api/v1/alerts/${id}/mute`, { until: null })).body.muted_until).toBeNull();
  expect((await scenario.api('POST', '/api/v1/alerts/mute', { until })).body.muted).toBeGreaterThan(0);
  expect(await eventsOf(id)).toEqual(['alert.firing', 'alert.taken']);
  const actions = (await scenario.api('GET', '/api/v1/audit?action=alert.')).body.data.map(
    ({ action }: Shown) => action,
  );
  expect(actions).toEqual(expect.arrayContaining(['alert.taken', 'alert.muted', 'alert.unmuted']));
  await changeRule('quality', { enabled: false });
  await scenario.advance(minute);
  expect(await newest('quality')).toMatchObject({ id, state: 'cleared' });
  expect((await scenario.api('POST', `/api/v1/alerts/${id}/take`)).body).toMatchObject({ code: 'alert_cleared' });
  await changeRule('quality', { enabled: true });
  await ofQuality('GREEN');
});

test('a rule watches its accounts only, and says what it sees', async () => {
  const made = await scenario.api('POST', '/api/v1/alert-rules', {
    ...{ signal: 'quality', account_ids: [account.id], severity: 'critical', note: 'Ask Bruno.' },
  });
  expect(made.body).toMatchObject({ state: 'no_data', fire_above: 0, clear_below: 1, now: null });
  const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' })).body;
  await sql(`update account set quality = 'RED' where id = $1`, [toUuid(other.id)]);
  await scenario.advance(minute);
  const path = `/api/v1/alert-rules/${made.body.id}`;
  expect((await scenario.api('GET', path)).body).toMatchObject({ state: 'ok', firing: 0 });
  await ofQuality('RED');
  await scenario.advance(minute);
  expect((await scenario.api('GET', path)).body).toMatchObject({
    state: 'firing',
    firing: 1,
    now: { subject: account.name },
  });
  const [alert] = (await scenario.api('GET', `/api/v1/alerts?rule_id=${made.body.id}`)).body.data;
  expect(alert).toMatchObject({ note: 'Ask Bruno.', severity: 'critical' });
  expect((await scenario.api('PATCH', path, { clear_below: 5 })).body.errors).toMatchObject([{ field: 'clear_below' }]);
  expect((await scenario.api('DELETE', path)).status).toBe(204);
  await scenario.advance(minute);
  expect((await scenario.api('GET', `/api/v1/alerts/${alert.id}`)).body).toMatchObject({
    state: 'cleared',
    rule_id: null,
  });
  await sql(`update account set quality = 'GREEN' where id = any ($1)`, [[toUuid(other.id), toUuid(account.id)]]);
});
