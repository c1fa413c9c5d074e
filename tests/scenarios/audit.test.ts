// The audit log: who did what, readable by those who may, and changed by nobody.
import { type AuditEntry, auditEntrySchema, auditPage } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entriesBelow, snapshot } from '../../server/features/audit/store.ts';
import { toId, toUuid } from '../../server/kit/ids.ts';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());

const entries = async (query = '', call: Call = scenario.api): Promise<AuditEntry[]> =>
  auditPage.parse((await call('GET', `/api/v1/audit?limit=100${query}`)).body).data;

async function keyFor(scopes: string[], more: object = {}): Promise<{ id: string; call: Call }> {
  const { body } = await scenario.api('POST', '/api/v1/keys', { name: `for ${scopes.join()}`, scopes, ...more });
  return { id: body.id, call: scenario.as(body.key) };
}

describe('the list', () => {
  test('tells who did what to what, from where, the newest first', async () => {
    const { body: me } = await scenario.api('GET', '/api/v1/me');
    const made = await scenario.api('POST', '/api/v1/contacts', { name: 'Ana' }, { 'x-request-id': 'audit-1' });
    await scenario.api('PATCH', `/api/v1/contacts/${made.body.id}`, { name: 'Ana Souza' });
    await scenario.api('PATCH', '/api/v1/workspace', { name: 'Clinic', retention: { messages_days: 400 } });
    const [workspace, updated, created] = await entries();
    expect(created).toMatchObject({
      actor: { kind: 'person', id: me.person.id, name: me.person.name },
      action: 'contact.created',
      target: { kind: 'contact', id: made.body.id },
      address: '127.0.0.1',
      request_id: 'audit-1',
    });
    expect(updated).toMatchObject({ action: 'contact.updated', detail: { fields: ['name'] } });
    expect(workspace).toMatchObject({
      action: 'workspace.updated',
      target: { kind: 'workspace', id: me.workspace.id },
      detail: { fields: ['name', 'retention'], retention: { messages_days: 400 } },
    });
    expect((await entries()).at(-1)).toMatchObject({ action: 'workspace.created', actor: { kind: 'system' } });
  });

  test('takes filters, and goes on where the page before ended', async () => {
    const { id, call } = await keyFor(['contacts.manage']);
    const made = await call('POST', '/api/v1/contacts', { name: 'By a key' });
    await scenario.api('DELETE', `/api/v1/keys/${id}`);
    expect(await entries(`&actor_id=${id}`)).toMatchObject([
      { action: 'contact.created', actor: { kind: 'api_key', id, name: 'for contacts.manage' } },
    ]);
    expect((await entries(`&target_id=${id}`)).map(entry => entry.action)).toEqual([
      'api_key.revoked',
      'api_key.created',
    ]);
    expect(new Set((await entries('&action=api_key.')).map(entry => entry.action))).toEqual(
      new Set(['api_key.revoked', 'api_key.created']),
    );
    expect(await entries('&action=api_key')).toEqual([]);
    expect((await entries(`&target_id=${made.body.id}&action=contact.created`)).length).toBe(1);
    const all = await entries();
    const [third, later] = [all[2], all[1]];
    expect((await entries(`&until=${later?.at}`)).every(entry => entry.at < (later?.at ?? ''))).toBe(true);
    expect((await entries(`&from=${third?.at}`)).length).toBeGreaterThanOrEqual(3);
    const first = await scenario.api('GET', '/api/v1/audit?limit=2');
    const next = await scenario.api('GET', `/api/v1/audit?limit=2&cursor=${first.body.page.next_cursor}`);
    expect([...first.body.data, ...next.body.data].map(({ id }) => id)).toEqual(all.slice(0, 4).map(entry => entry.id));
    for (const query of ['actor_id=x', 'target_id=x', 'action=%25', 'from=x', 'word=x'])
      expect((await scenario.api('GET', `/api/v1/audit?${query}`)).status).toBe(400);
  });

  test('is of one workspace, and not for those who see some accounts only', async () => {
    const stranger = await scenario.stranger();
    expect((await entries('', stranger.api)).map(entry => entry.action)).toEqual(['account.created']);
    expect((await entries()).some(entry => entry.target?.id === stranger.account.id)).toBe(false);
    const { call } = await keyFor(['audit.read'], { account_ids: [scenario.account.id] });
    for (const path of ['/api/v1/audit', '/api/v1/audit/export?format=csv'])
      expect((await call('GET', path)).body).toMatchObject({ status: 403, code: 'forbidden' });
  });
});

test('denied requests are audited: one entry a second for a caller and a route, with a count', async () => {
  const { id, call } = await keyFor(['messages.read']);
  const refused = () => entries(`&actor_id=${id}&action=access.rejected`);
  await Promise.all(Array.from({ length: 20 }, () => call('GET', '/api/v1/contacts')));
  await call('POST', '/api/v1/messages', {});
  expect((await refused()).map(entry => entry.detail)).toEqual([
    { route: 'POST /api/v1/messages', permission: 'messages.create', code: 'forbidden', count: 1 },
    { route: 'GET /api/v1/contacts', permission: 'contacts.read', code: 'forbidden', count: 1 },
  ]);
  scenario.clock.advance(1_000);
  await expect
    .poll(async () => (await refused())[0]?.detail)
    .toMatchObject({ route: 'GET /api/v1/contacts', count: 19 });
  scenario.clock.advance(1_000);
  await call('GET', '/api/v1/contacts');
  // The entry before may be there before the second behind it has begun.
  const later = async () => {
    scenario.clock.advance(1_000);
    return (await refused()).length;
  };
  await expect.poll(later).toBe(4);
  // Without credentials nobody is known, and nothing is written.
  await scenario.as('rcd_live_nonsense')('GET', '/api/v1/contacts');
  expect((await refused()).length).toBe(4);
});

test.each(['recado_api', 'recado_engine', 'none'])('%s can change, delete or empty nothing of it', async role => {
  const deed = (statement: string) =>
    scenario.sql(`do $$ begin perform set_config('role', '${role}', true); ${statement}; end $$`);
  for (const statement of ['update audit_entry set action = action', 'delete from audit_entry', 'truncate audit_entry'])
    await expect(deed(statement)).rejects.toMatchObject({ code: '42501' });
  expect((await entries()).length).toBeGreaterThan(0);
});

describe('the export', () => {
  const hostile = ['=1+1', ' =1', '\t=1', '\r=1', '＝1', '"=', '+1', '-1', '@x', ';=1', 'a,"b"\r\n=c'];
  const many = 2_500;

  beforeAll(async () => {
    const { id } = await keyFor(['contacts.read']);
    await scenario.sql('update api_key set name = $1 where id = $2', [hostile.join(' '), toUuid(id)]);
    await scenario.sql(
      `insert into audit_entry (workspace_id, at, actor_kind, actor_id, action, request_id, detail)
       select workspace_id, now(), 'api_key', id, 'contact.shown', ($2::text[])[1 + n % cardinality($2)], jsonb_build_object('n', -n)
       from api_key, generate_series(1, $3) n where id = $1`,
      [toUuid(id), hostile, many],
    );
  });

  test('has every entry as a line, and the export itself as the newest', async () => {
    const answer = await scenario.api('GET', '/api/v1/audit/export?format=ndjson');
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map(line => auditEntrySchema.parse(JSON.parse(line)));
    const rows = await scenario.sql<{ public_id: string }>(
      'select public_id from audit_entry where workspace_id = (select workspace_id from account where id = $1) order by id desc',
      [toUuid(scenario.account.id)],
    );
    expect(lines[0]).toMatchObject({ action: 'audit.exported', detail: { format: 'ndjson' } });
    expect(lines.map(line => line.id)).toEqual(rows.map(row => toId('audit_entry', row.public_id)));
  });

  test('is in CSV no formula anywhere, and its ids are ids', async () => {
    const answer = await scenario.api('GET', '/api/v1/audit/export?format=csv&action=contact.shown');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
    const cells = [...answer.text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)].map(([, cell = '']) => cell);
    expect(cells).toHaveLength(11 * (many + 1));
    const values = cells.map(cell => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
    // A + with digits only is a number, and stays one.
    const isFormula = (value: string) => !/^\+\d+$/.test(value) && /^[\s\p{C}"]*[=+\-@＝]|^[\t\r]/u.test(value);
    expect(values.filter(isFormula)).toEqual([]);
    expect(values.filter((_, place) => place % 11 === 9 && place > 11)).toContain("'=1+1");
    expect(
      values
        .filter((_, place) => place % 11 === 0)
        .slice(1)
        .every(cell => /^aud_[0-9a-z]{26}$/.test(cell)),
    ).toBe(true);
  });

  test('does not have what was written and not committed when it began', async () => {
    const [row] = await scenario.sql<{ id: string }>('select workspace_id as id from account limit 1');
    const workspaceId = row?.id ?? '';
    const filter = {
      actorId: undefined,
      action: 'contact.late',
      targetId: undefined,
      from: undefined,
      until: undefined,
    };
    const moment = await snapshot(scenario.engineDb);
    await scenario.sql(
      `insert into audit_entry (workspace_id, at, actor_kind, action) values ($1, now(), 'system', 'contact.late')`,
      [workspaceId],
    );
    const read = (at: string) => entriesBelow(scenario.engineDb, workspaceId, filter, at, Number.MAX_SAFE_INTEGER, 10);
    expect(await read(moment)).toEqual([]);
    expect(await read(await snapshot(scenario.engineDb))).toHaveLength(1);
  });
});
