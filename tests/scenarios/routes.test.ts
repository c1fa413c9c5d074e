// What every route has in common: whom it lets in, and that it refuses what it does not ask for.
import { problemSchema } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario.close());

test('every route that is not public refuses callers without credentials, and so it is documented', async () => {
  const { body: document } = await scenario.as(undefined)('GET', '/openapi.json');
  const open = [];
  let closed = 0;
  for (const [path, methods] of Object.entries<Record<string, { 'x-permission'?: string }>>(document.paths))
    for (const [method, route] of Object.entries(methods)) {
      const answer = await scenario.as(undefined)(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x'));
      if (route['x-permission']) {
        closed++;
        expect([path, method, answer.status]).toEqual([path, method, 401]);
        expect(problemSchema.parse(answer.body)).toMatchObject({ code: 'unauthorized' });
      } else open.push(`${method} ${path}`);
    }
  expect(closed).toBeGreaterThanOrEqual(19);
  expect(open.sort()).toEqual([
    'delete /api/v1/opt-out-links/{token}',
    'get /api/v1/opt-out-links/{token}',
    'get /api/v1/setup',
    'get /webhooks/whatsapp/{app}',
    'post /api/v1/auth/login',
    'post /api/v1/auth/logout',
    'post /api/v1/auth/password/forgot',
    'post /api/v1/auth/password/reset',
    'post /api/v1/auth/refresh',
    'post /api/v1/invitations/accept',
    'post /api/v1/invitations/preview',
    'post /api/v1/opt-out-links/{token}',
    'post /api/v1/setup',
    'post /api/v1/wall-views/show',
    'post /hooks/{token}',
    'post /webhooks/whatsapp/{app}',
  ]);
});

test('a route that declares neither a permission nor that it is public stops the start', () => {
  expect(() => scenario.recado.server?.get('/api/v1/forgotten', async () => 'x')).toThrow();
});

describe('what a route does not ask for', () => {
  const account = () => `/api/v1/accounts/${scenario.account.id}`;
  const refusal = (field: string, message: string) => ({
    status: 400,
    body: { code: 'invalid_request', errors: [{ field, message }] },
  });

  test('is rejected in the address, before anything is done', async () => {
    for (const [method, path, body] of [
      ['DELETE', `${account()}/queue?priority=low`],
      ['GET', `${account()}?priority=low`],
      ['POST', '/api/v1/auth/refresh?priority=low', {}],
    ] as const)
      expect(await scenario.api(method, path, body)).toMatchObject(refusal('priority', 'Is not a known field.'));
  });

  test('is rejected as a body, unless it says nothing', async () => {
    expect(await scenario.api('POST', `${account()}/pause`, { minutes: 30 })).toMatchObject(
      refusal('minutes', 'Is not a known field.'),
    );
    expect(await scenario.api('POST', `${account()}/pause`, [30])).toMatchObject(
      refusal('body', 'Is not accepted here.'),
    );
    expect(await scenario.api('DELETE', `${account()}/queue`, { priority: 'low' })).toMatchObject(
      refusal('priority', 'Is not a known field.'),
    );
    expect((await scenario.api('POST', `${account()}/pause`, {})).status).toBe(200);
    expect((await scenario.api('POST', `${account()}/resume`)).status).toBe(200);
    expect((await scenario.api('POST', `${account()}/pause`, '')).status).toBe(200);
    expect((await scenario.api('POST', `${account()}/resume`, '')).status).toBe(200);
    expect((await scenario.api('DELETE', `${account()}/queue`, '')).status).toBe(200);
    expect((await scenario.api('POST', '/api/v1/contacts', '')).body).toMatchObject({ errors: [{ field: 'body' }] });
  });

  test('is let through where Meta calls, whose address is as the operator gave it', async () => {
    const { verifyToken } = scenario.secrets;
    const answer = await scenario.as(undefined)(
      'GET',
      `/webhooks/whatsapp/sandbox?shop=1&hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=42`,
    );
    expect([answer.status, answer.text]).toEqual([200, '42']);
    expect((await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox?shop=1', {})).status).toBe(401);
  });
});

test('a change that names nothing is rejected, with what can be changed', async () => {
  const me = (await scenario.api('GET', '/api/v1/me')).body.person;
  const contact = (await scenario.api('POST', '/api/v1/contacts', { name: 'Ana' })).body;
  const key = (await scenario.api('POST', '/api/v1/keys', { name: 'shop', scopes: ['messages.read'] })).body;
  const changes: [string, string][] = [
    [`/api/v1/accounts/${scenario.account.id}`, 'name, time_zone, limits, delivery'],
    [`/api/v1/contacts/${contact.id}`, 'name, phone, reference, metadata, language, fields, label_ids'],
    [`/api/v1/people/${me.id}`, 'role, account_ids, conversations, sees_numbers, disabled'],
    ['/api/v1/workspace', 'name, retention, auto_close_days, close_reasons'],
  ];
  for (const [path, fields] of changes) {
    const { status, body } = await scenario.api('PATCH', path, {});
    expect([path, status, body.errors]).toEqual([
      path,
      400,
      [{ field: 'body', message: `Must have at least one of these fields: ${fields}.` }],
    ]);
  }
  expect((await scenario.api('PATCH', `/api/v1/keys/${key.id}`, {})).body.errors[0].field).toBe('name');
  const written = `select 1 from audit_entry where action ~ '^(account|contact|person|workspace).(updated|changed)$'
    and workspace_id = (select workspace_id from account where id = $1)`;
  expect(await scenario.sql(written, [toUuid(scenario.account.id)])).toEqual([]);
});
