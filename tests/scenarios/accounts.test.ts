// Accounts as their callers meet them: good, bad, and those of another workspace.
import { accountPage, accountSchema, channelList, channels } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let stranger: Awaited<ReturnType<Scenario['stranger']>>;
beforeAll(async () => {
  scenario = await openWorkspace();
  stranger = await scenario.stranger();
});
afterAll(() => scenario.close());

describe('accounts', () => {
  test('create, show, list, change, delete', async () => {
    const made = await scenario.api('POST', '/api/v1/accounts', { name: 'Clinic', channel: 'sandbox' });
    expect(made.status).toBe(201);
    expect(accountSchema.parse(made.body)).toMatchObject({
      name: 'Clinic',
      status: 'connected',
      counters: { called: 0, received: 0 },
    });
    const path = `/api/v1/accounts/${made.body.id}`;
    const changed = await scenario.api('PATCH', path, {
      name: 'Clinic West',
      time_zone: 'America/Sao_Paulo',
      limits: { rate: { messages: 20, seconds: 60 }, per_day: null },
    });
    expect(changed.body).toMatchObject({
      name: 'Clinic West',
      time_zone: 'America/Sao_Paulo',
      limits: { rate: { messages: 20, seconds: 60 }, per_day: null },
    });
    expect((await scenario.api('PATCH', path, { name: 'Clinic East' })).body.limits.per_day).toBeNull();
    expect(
      accountPage.parse((await scenario.api('GET', '/api/v1/accounts?limit=100')).body).data.map(account => account.id),
    ).toContain(made.body.id);
    expect((await scenario.api('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await scenario.api(method, path, method === 'PATCH' ? { name: 'Gone' } : undefined)).status).toBe(404);
  });

  test('a channel tells its capabilities, and an account has those of its channel', async () => {
    const { status, body } = await scenario.api('GET', '/api/v1/channels');
    expect(status).toBe(200);
    const listed = channelList.parse(body).data;
    expect(listed.map(({ name, capabilities }) => [name, capabilities])).toEqual(Object.entries(channels));
    for (const channel of ['sandbox', 'web'] as const) {
      const { body: made } = await scenario.api('POST', '/api/v1/accounts', { name: 'Able', channel });
      expect([made.channel, made.capabilities]).toEqual([channel, channels[channel]]);
      // The queue asks these of the row.
      const [row] = await scenario.sql('select needs_session, own_ids, simulated from account where id = $1', [
        toUuid(made.id),
      ]);
      const { needs_session, own_ids, simulated } = channels[channel];
      expect(row).toEqual({ needs_session, own_ids, simulated });
    }
  });

  test.each([
    [{ name: '', channel: 'sandbox' }, 'name'],
    [{ name: 'x'.repeat(101), channel: 'sandbox' }, 'name'],
    [{ name: 'x', channel: 'telegram' }, 'channel'],
    [{ name: 'x', channel: 'sandbox', time_zone: 'Mars/Base' }, 'time_zone'],
    [{ name: 'x', channel: 'sandbox', limits: { rate: { messages: 0, seconds: 1 } } }, 'limits.rate.messages'],
    [{ name: 'x', channel: 'sandbox', limits: { per_day: 1.5 } }, 'limits.per_day'],
    [{ name: 'x', channel: 'sandbox', status: 'connected' }, 'status'],
  ])('%j is rejected for %s', async (body, field) => {
    const answer = await scenario.api('POST', '/api/v1/accounts', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  test('those of another workspace are not there', async () => {
    const path = `/api/v1/accounts/${stranger.account.id}`;
    for (const [method, sub, body] of [
      ['GET', ''],
      ['PATCH', '', { name: 'mine' }],
      ['DELETE', ''],
      ['POST', '/resume'],
    ] as const)
      expect((await scenario.api(method, path + sub, body)).body).toMatchObject({
        status: 404,
        code: 'account_not_found',
      });
    expect((await scenario.api('GET', '/api/v1/accounts')).text).not.toContain(stranger.account.id);
    expect((await stranger.api('GET', path)).body.name).toBe('Theirs');
  });
});
