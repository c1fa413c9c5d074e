// Hooks: other programs' alerts reach people on WhatsApp, each once, within a limit, and nothing is lost on the way.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { audited, join } from '../setup/people.ts';
import { type Answer, type Scenario, startScenario } from '../setup/scenario.ts';

const at = 'https://recado.example';
const minute = 60_000;
const hour = 60 * minute;
// biome-ignore lint/suspicious/noExplicitAny: what the API shows
type Shown = any;
let scenario: Scenario;
let contacts: Shown[];
let numbers = 0;

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true, window: true, publicUrl: at });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  scenario.simulator.setFault(null);
  contacts = await Promise.all(['Bruno Reis', 'Inês Duarte'].map(makeContact));
});

const makeContact = async (name: string): Promise<Shown> => {
  const phone = `+33617${String(500_000 + ++numbers)}`;
  const answer = await scenario.api('POST', '/api/v1/contacts', { phone, name });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
};
const template = { name: 'appointment_reminder', language: 'en_US', variables: ['source', 'message'] };
const bodyOf = (more: object = {}) => ({
  ...{ name: 'Backup script', account_id: scenario.account.id, contact_ids: contacts.map(({ id }) => id), template },
  ...more,
});
const create = async (more: object = {}): Promise<Shown> => {
  const answer = await scenario.api('POST', '/api/v1/hooks', bodyOf(more));
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
};

/** Calls a hook as another program does. */
function call(hook: Shown, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const type = typeof body === 'string' ? { 'content-type': 'text/plain' } : {};
  return scenario.as(undefined)('POST', hook.url.replace(at, ''), body, { ...type, ...headers });
}
const alert = (status: string, name = 'DiskFull', more: object = {}) => ({
  ...{
    version: '4',
    receiver: 'recado',
    status,
    groupKey: `{}:{alertname="${name}"}`,
    groupLabels: { alertname: name },
  },
  ...{ externalURL: 'http://alertmanager.example', truncatedAlerts: 0, commonLabels: {}, commonAnnotations: {} },
  alerts: [
    {
      ...{ status, labels: { alertname: name, instance: 'db-1' }, annotations: { summary: '4% left' } },
      ...{ startsAt: '2026-11-24T14:29:00Z', fingerprint: name },
    },
  ],
  ...more,
});
const callsOf = async (hook: Shown): Promise<Shown[]> =>
  (await scenario.api('GET', `/api/v1/hooks/${hook.id}/calls`)).body.data;
const messagesTo = async (contact: Shown): Promise<Shown[]> =>
  (await scenario.api('GET', `/api/v1/messages?contact_id=${contact.id}&order=asc&direction=outbound`)).body.data;
/** Long enough to group. */
const tell = () => scenario.advance(31_000);

describe('what a call becomes', () => {
  test('an alert of Alertmanager is one template message to each contact, and shown with what became of it', async () => {
    const hook = await create();
    const taken = await call(hook, alert('firing'));
    expect(taken).toMatchObject({ status: 202, body: { outcome: 'waiting' } });
    await tell();
    await scenario.settle();
    for (const contact of contacts) {
      const [message, ...others] = await messagesTo(contact);
      expect(others).toEqual([]);
      const { id, type } = message;
      expect(type).toBe('template');
      expect((await scenario.message(id)).created_by).toMatchObject({ id: hook.created_by });
      expect(message.template.text).toContain('Alertmanager: DiskFull on db-1. 4% left');
    }
    expect(await callsOf(hook)).toEqual([
      {
        ...{
          id: taken.body.id,
          at: expect.any(String),
          format: 'alertmanager',
          state: 'firing',
          title: 'DiskFull on db-1',
        },
        ...{ outcome: 'sent', status: 202, error: null, told_with: null },
        messages: { total: 2, by_status: { read: 2 } },
      },
    ]);
    const shown = (await scenario.api('GET', `/api/v1/hooks/${hook.id}`)).body;
    expect(shown).toMatchObject({ calls: 1, last_call: { outcome: 'sent' } });
    // Its text is gone once it is told.
    expect(await scenario.sql('select body from hook_call where hook_id = $1', [toUuid(hook.id)])).toEqual([
      { body: null },
    ]);
  });

  test('in an open 24-hour window it is a text, with a link', async () => {
    const hook = await create({ contact_ids: [contacts[0].id] });
    const written = await fetch(`${scenario.simulator.url}/phones/${contacts[0].phone.slice(1)}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: scenario.account.phone_number_id, text: { body: 'hi' } }),
    });
    expect(written.status).toBe(202);
    await scenario.settle();
    await call(hook, { ...alert('resolved'), orgId: 1 });
    await tell();
    const [message] = await messagesTo(contacts[0]);
    expect(message.text.body).toBe('*Over: Grafana: DiskFull on db-1*\n4% left\nhttp://alertmanager.example');
  });

  test('calls within the time of grouping are one message', async () => {
    const hook = await create();
    const first = await call(hook, 'Backup failed\ndisk 3 is gone');
    await call(hook, { heartbeat: { status: 0, msg: 'timeout' }, monitor: { id: 1, name: 'Shop' }, msg: 'down' });
    await tell();
    const [message, ...others] = await messagesTo(contacts[0]);
    expect(others).toEqual([]);
    expect(message.template.text).toContain('2 alerts. Note: Backup script: Backup failed; Firing: Uptime Kuma: Shop');
    const [second] = await callsOf(hook);
    expect(second).toMatchObject({ outcome: 'sent', told_with: first.body.id, messages: { total: 2 } });
  });

  test('without a template nothing leaves a closed window, and the call says so after three tries', async () => {
    const hook = await create({ template: null, group_seconds: 0 });
    await call(hook, 'Backup failed');
    await scenario.advance(1_000);
    expect(await callsOf(hook)).toMatchObject([{ outcome: 'waiting', error: expect.stringContaining('template') }]);
    for (let n = 0; n < 4; n++) await scenario.advance(minute);
    expect(await callsOf(hook)).toMatchObject([{ outcome: 'failed', messages: { total: 0 } }]);
    // A failed call is no reason to keep quiet.
    expect((await call(hook, 'Backup failed')).body.outcome).toBe('waiting');
  });
});

describe('the same once', () => {
  test('a repeat of a group in the same state is no second message; its end and its return are', async () => {
    const hook = await create({ contact_ids: [contacts[0].id] });
    for (const status of ['firing', 'firing', 'resolved', 'firing']) {
      await call(hook, alert(status));
      await tell();
    }
    const outcomes = (await callsOf(hook)).map(({ outcome }) => outcome).reverse();
    expect(outcomes).toEqual(['sent', 'repeated', 'sent', 'sent']);
    expect(await messagesTo(contacts[0])).toHaveLength(3);
    await scenario.advance(hour);
    expect((await call(hook, alert('firing'))).body.outcome).toBe('waiting');
  });

  test('equal calls at the same moment are one', async () => {
    const hook = await create({ contact_ids: [contacts[0].id] });
    const answers = await Promise.all(Array.from({ length: 6 }, () => call(hook, alert('firing'))));
    expect(answers.map(({ body }) => body.outcome).sort()).toEqual([
      'repeated',
      'repeated',
      'repeated',
      'repeated',
      'repeated',
      'waiting',
    ]);
    await tell();
    expect(await messagesTo(contacts[0])).toHaveLength(1);
  });

  test('a hook that does not tell what is over leaves it out, and tells when it begins again', async () => {
    const hook = await create({ contact_ids: [contacts[0].id], tells_resolved: false });
    for (const status of ['firing', 'resolved', 'firing']) {
      await call(hook, alert(status));
      await tell();
    }
    expect((await callsOf(hook)).map(({ outcome }) => outcome)).toEqual(['sent', 'left_out', 'sent']);
  });

  test('a worker that dies between the message and its record tells nobody twice', async () => {
    const hook = await create({ group_seconds: 0 });
    await scenario.sql(
      `create function die_of_hooks() returns trigger language plpgsql as $$ begin raise 'killed'; end $$`,
    );
    await scenario.sql(`create trigger die before update on hook_call for each row when (new.outcome = 'sent')
      execute function die_of_hooks()`);
    await call(hook, alert('firing'));
    await scenario.advance(1_000);
    expect(await messagesTo(contacts[0])).toHaveLength(1);
    expect(await callsOf(hook)).toMatchObject([{ outcome: 'waiting' }]);
    await scenario.sql('drop trigger die on hook_call');
    await scenario.advance(61_000);
    await scenario.advance(1_000);
    expect(await callsOf(hook)).toMatchObject([{ outcome: 'sent', messages: { total: 2 } }]);
    for (const contact of contacts) expect(await messagesTo(contact)).toHaveLength(1);
  });
});

test('what comes beyond the limit waits, and one message tells it with its number', async () => {
  const hook = await create({
    ...{ contact_ids: [contacts[0].id], group_seconds: 0, limit: { messages: 2, seconds: 600 } },
  });
  for (let n = 0; n < 30; n++) {
    expect((await call(hook, `Job ${n} failed`)).body.outcome).toBe('waiting');
    if (n < 2) await scenario.advance(1_000);
  }
  await scenario.advance(minute);
  expect(await messagesTo(contacts[0])).toHaveLength(2);
  expect((await callsOf(hook)).filter(({ outcome }) => outcome === 'waiting')).toHaveLength(28);
  await scenario.advance(10 * minute);
  const [, , third, ...others] = await messagesTo(contacts[0]);
  expect(others).toEqual([]);
  expect(third.template.text).toContain('28 alerts');
  expect(third.template.text).toContain('28 alerts. Note: Backup script: Job 2 failed; ');
  expect((await callsOf(hook)).every(({ outcome }) => outcome === 'sent')).toBe(true);
});

describe('what is refused', () => {
  test('a body that nobody understands, with the reason, and it is shown', async () => {
    const hook = await create();
    const answer = await call(hook, { a: 1 });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'hook_call_not_understood',
        errors: [{ field: 'body', message: expect.stringContaining('text/plain') }],
      },
    });
    expect(await callsOf(hook)).toMatchObject([
      { outcome: 'rejected', status: 400, error: answer.body.detail, title: null },
    ]);
    expect((await call(hook, 'x'.repeat(300_000))).status).toBe(413);
  });

  test('a hook with a format takes no other one', async () => {
    const hook = await create({ format: 'uptime_kuma' });
    expect(await call(hook, alert('firing'))).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('Uptime Kuma') },
    });
  });

  test('Recado itself: an alert about a message must not send a message', async () => {
    const hook = await create();
    expect(await call(hook, 'an alert', { 'user-agent': 'Recado' })).toMatchObject({
      status: 409,
      body: { code: 'hook_loop' },
    });
    for (const kind of ['slack', 'ntfy', 'webhook'])
      expect(await scenario.api('POST', '/api/v1/alert-channels', { kind, url: hook.url })).toMatchObject({
        status: 400,
        body: { code: 'alert_link_rejected', errors: [{ field: 'url' }] },
      });
  });

  test('too many calls in a minute, with the time to wait', async () => {
    const hook = await create();
    const answers = await Promise.all(Array.from({ length: 125 }, () => call(hook, 'again')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('settings that nothing could be sent with, by the field of the hook', async () => {
    const refused = async (more: object) => {
      const { status, body } = await scenario.api('POST', '/api/v1/hooks', bodyOf(more));
      return [status, body.errors?.map(({ field }: { field: string }) => field)];
    };
    expect(await refused({ template: { ...template, name: 'no_such_template' } })).toEqual([400, ['template.name']]);
    expect(await refused({ template: { ...template, language: 'pt_PT' } })).toEqual([400, ['template.language']]);
    expect(await refused({ template: { ...template, variables: ['title'] } })).toEqual([400, ['template.variables']]);
    expect(await refused({ account_id: scenario.account.id.replace(/.{4}$/, '0000') })).toEqual([400, ['account_id']]);
    expect(await refused({ contact_ids: [contacts[0].id.replace(/.{4}$/, '0000')] })).toEqual([400, ['contact_ids']]);
  });
});

describe('the address', () => {
  test('is stored as a hash, shown once, ends with a new one, and is gone with the hook', async () => {
    const hook = await create();
    const id = toUuid(hook.id);
    expect(hook.url).toBe(`${at}/hooks/${hook.token}`);
    const [row] = await scenario.sql<{ hash: Buffer; text: string }>(
      'select hash, h::text as text from hook h where id = $1',
      [id],
    );
    expect(row?.hash).toEqual(createHash('sha256').update(hook.token).digest());
    expect(row?.text).not.toContain(hook.token);
    expect((await scenario.api('GET', `/api/v1/hooks/${hook.id}`)).text).not.toContain(hook.token);
    expect(hook.token.endsWith(hook.token_end)).toBe(true);

    const rotated = await scenario.api('POST', `/api/v1/hooks/${hook.id}/rotate`);
    expect(rotated.headers.get('cache-control')).toBe('no-store');
    const gone = { status: 404, body: { code: 'hook_not_found' } };
    expect(await call(hook, 'former')).toMatchObject(gone);
    expect((await call(rotated.body, 'new')).status).toBe(202);
    expect((await scenario.api('PATCH', `/api/v1/hooks/${hook.id}`, { name: 'Nightly' })).body.name).toBe('Nightly');
    expect((await scenario.api('DELETE', `/api/v1/hooks/${hook.id}`)).status).toBe(204);
    expect(await call(rotated.body, 'after')).toMatchObject(gone);

    for (const action of ['created', 'rotated', 'updated', 'revoked'])
      expect((await audited(scenario, `hook.${action}`)).at(-1)).toMatchObject({ actor_kind: 'person', target_id: id });
    const { body: events } = await scenario.api('GET', '/api/v1/events?types=hook.*&limit=100');
    const mine = events.data.filter(({ data }: Shown) => data.hook_id === hook.id);
    expect(mine.map(({ type }: Shown) => type)).toEqual([
      'hook.created',
      'hook.rotated',
      'hook.updated',
      'hook.revoked',
    ]);
  });

  test('a test is sent as a call is, and logged', async () => {
    const hook = await create({ contact_ids: [contacts[0].id] });
    for (let n = 0; n < 2; n++)
      expect((await scenario.api('POST', `/api/v1/hooks/${hook.id}/test`)).body).toMatchObject({ outcome: 'waiting' });
    await scenario.advance(1_000);
    await scenario.advance(1_000);
    expect((await callsOf(hook)).every(({ outcome }) => outcome === 'sent')).toBe(true);
    expect((await audited(scenario, 'hook.tested')).at(-1)).toMatchObject({ target_id: toUuid(hook.id) });
  });

  test('who may not send makes none; who is limited to other accounts sees none', async () => {
    const keyOf = async (more: object) =>
      (await scenario.api('POST', '/api/v1/keys', { name: 'hooks', ...more })).body.key;
    const reader = scenario.as(await keyOf({ scopes: ['hooks.manage'] }));
    expect(await reader('POST', '/api/v1/hooks', bodyOf())).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const { api: agent } = await join(scenario, 'agent');
    expect((await agent('GET', '/api/v1/hooks')).status).toBe(403);
    const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' })).body;
    const hook = await create();
    const scopes = ['hooks.manage', 'messages.create'];
    const limited = scenario.as(await keyOf({ scopes, account_ids: [other.id] }));
    expect((await limited('GET', '/api/v1/hooks')).body.data).toEqual([]);
    expect((await limited('GET', `/api/v1/hooks/${hook.id}/calls`)).status).toBe(404);
    expect(await limited('POST', '/api/v1/hooks', bodyOf())).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'account_id' }] },
    });
  });
});

test('a deleted contact is written to no more, and old calls go', async () => {
  const hook = await create();
  await scenario.api('DELETE', `/api/v1/contacts/${contacts[0].id}`);
  expect((await scenario.api('GET', `/api/v1/hooks/${hook.id}`)).body.contact_ids).toEqual([contacts[1].id]);
  await scenario.sql(
    `insert into hook_call (id, hook_id, workspace_id, account_id, at, outcome)
     select $2, id, workspace_id, account_id, $3, 'sent' from hook where id = $1`,
    [toUuid(hook.id), newUuid(), new Date(scenario.clock.now() - 31 * 24 * hour)],
  );
  expect(await callsOf(hook)).toHaveLength(1);
  await scenario.advance(hour);
  await scenario.advance(1_000);
  expect(await callsOf(hook)).toHaveLength(0);
});
