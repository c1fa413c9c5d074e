// Wall views: figures for everybody with the link, of the chosen accounts only, until somebody revokes it.
import { createHash } from 'node:crypto';
import { wallFiguresSchema } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { people } from '../browser/inbox-world.ts';
import { noonZone } from '../limits/plans.ts';
import { audited, join, tokenOf } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const at = 'https://recado.example';
let scenario: Scenario;
let other: { id: string };
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', publicUrl: at });
  const { body } = await scenario.api('POST', '/api/v1/accounts', { name: 'Farol Online', channel: 'sandbox' });
  other = body;
});
afterAll(() => scenario.close());

const create = (more: object = {}, by = scenario.api) =>
  by('POST', '/api/v1/wall-views', { name: 'Shop floor', ...more });

/** What a screen with this token shows, without a login. */
const show = (token: string) => scenario.as(undefined)('POST', '/api/v1/wall-views/show', { token });
const figures = async (token: string) => wallFiguresSchema.parse((await show(token)).body);

let numbers = 0;
async function sendFrom(account: { id: string }, more: object = {}) {
  const to = `+1202555${String(3_000 + ++numbers)}`;
  const message = { account_id: account.id, to, type: 'text', text: { body: 'Secret words' }, ...more };
  const { status, text } = await scenario.api('POST', '/api/v1/messages', message);
  expect([status, text]).toEqual([202, text]);
}

test('everybody with the link sees the figures of today, and nobody’s name, number or text', async () => {
  const { status, headers, body } = await create({ time_zone: 'Asia/Kathmandu' });
  expect(status).toBe(201);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({
    name: 'Shop floor',
    account_ids: null,
    time_zone: 'Asia/Kathmandu',
    last_shown_at: null,
  });
  expect(tokenOf(body.url)).toBe(body.token);
  expect(body.url).toMatch(`${at}/wall#`);
  const before = await figures(body.token);
  for (let n = 0; n < 3; n++) await sendFrom(scenario.account);
  await sendFrom(other);
  await scenario.settle();
  scenario.simulator.setFault(() => 'window-closed');
  await sendFrom(scenario.account);
  await scenario.settle();
  scenario.simulator.setFault(null);
  const answer = await show(body.token);
  const after = wallFiguresSchema.parse(answer.body);
  const sum = (of: Record<string, number>) => Object.values(of).reduce((all, count) => all + count, 0);
  expect(sum(after.by_status) - sum(before.by_status)).toBe(5);
  expect((after.by_status.failed ?? 0) - (before.by_status.failed ?? 0)).toBe(1);
  expect(after).toMatchObject({ queued: 0, sending: 0, unknown: 0, oldest_due: null, usual_failure_rate: null });
  expect(answer.text).not.toMatch(/Secret words|\+?1202555/);
  // A new day begins at midnight in Kathmandu: what failed today is what is usual by then.
  await scenario.advance(86_400_000);
  expect(await figures(body.token)).toMatchObject({ by_status: {}, failure_rate: null, usual_failure_rate: 0.2 });
});

test('it shows what is due for longest with its reason, and the accounts that need somebody', async () => {
  const { body } = await create();
  await scenario.api('POST', `/api/v1/accounts/${other.id}/pause`);
  await sendFrom(other);
  await scenario.advance(192_000);
  expect((await figures(body.token)).oldest_due).toEqual({
    seconds: expect.closeTo(192, 0),
    account_name: 'Farol Online',
    reason: 'paused',
  });
  await scenario.api('POST', `/api/v1/accounts/${other.id}/resume`);
  await scenario.settle();
  await scenario.sql(`update account set status = 'needs_attention', status_reason = 'Token expired' where id = $1`, [
    toUuid(other.id),
  ]);
  expect(await figures(body.token)).toMatchObject({
    oldest_due: null,
    troubled_accounts: [{ name: 'Farol Online', status: 'needs_attention', status_reason: 'Token expired' }],
  });
  await scenario.sql(`update account set status = 'connected', status_reason = null where id = $1`, [toUuid(other.id)]);
});

test('it shows who waits for an answer, and how long people waited for the first one', async () => {
  const { body } = await create({ time_zone: noonZone(new Date(scenario.clock.now())) });
  const [before, world] = [await figures(body.token), people(scenario)];
  await world.write('33613000001', 'Is it ready?', 'Ana');
  await world.write('33613000002', 'And mine?', 'Bruno');
  await scenario.settle();
  await scenario.advance(360_000);
  const waiting = await figures(body.token);
  expect(waiting.unanswered.conversations - before.unanswered.conversations).toBe(2);
  expect(Date.parse(waiting.at) - Date.parse(waiting.unanswered.oldest_at ?? '')).toBeGreaterThanOrEqual(359_000);
  await scenario.send('+33613000001', 'Until six.');
  await scenario.advance(60_000);
  const { unanswered, first_response: first } = await figures(body.token);
  expect(unanswered.conversations - before.unanswered.conversations).toBe(1);
  expect(first.conversations).toBe(1);
  expect(first.median_seconds).toBeGreaterThan(330);
  expect(first.median_seconds).toBeLessThan(390);
});

test('it shows the chosen accounts only, and a person gives on no more than they see', async () => {
  const one = await create({ account_ids: [other.id] });
  const [mine, all] = [await figures(one.body.token), await figures((await create()).body.token)];
  await sendFrom(other);
  await sendFrom(scenario.account);
  await sendFrom(scenario.account);
  await scenario.settle();
  const sum = (of: Record<string, number>) => Object.values(of).reduce((total, count) => total + count, 0);
  const added = async (token: string, before: typeof mine) =>
    sum((await figures(token)).by_status) - sum(before.by_status);
  expect(await added(one.body.token, mine)).toBe(1);
  const { body: list } = await scenario.api('GET', '/api/v1/wall-views');
  expect(all.workspace_name).toBe(mine.workspace_name);
  expect(list.data.find(({ id }: { id: string }) => id === one.body.id)).toMatchObject({
    account_ids: [other.id],
    last_shown_at: expect.any(String),
  });
  expect(list.data[0]).not.toHaveProperty('token');

  // Admins are limited to no accounts, so it is a program here.
  const scopes = ['wall_views.manage', 'messages.read'];
  const key = { name: 'one account', scopes, account_ids: [other.id] };
  const limited = scenario.as((await scenario.api('POST', '/api/v1/keys', key)).body.key);
  const theirs = (await limited('GET', '/api/v1/wall-views')).body.data;
  expect(theirs.map(({ id }: { id: string }) => id)).toEqual([one.body.id]);
  expect((await create({}, limited)).body.account_ids).toEqual([other.id]);
  expect(await create({ account_ids: [scenario.account.id] }, limited)).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'account_ids[0]' }] },
  });
});

test('a link that is revoked shows nothing, and log and events tell who did it', async () => {
  const { body } = await create({ name: 'Window' });
  const [row] = await scenario.sql<{ hash: Buffer; text: string }>(
    'select hash, w::text as text from wall_view w where id = $1',
    [toUuid(body.id)],
  );
  expect(row?.hash).toEqual(createHash('sha256').update(body.token).digest());
  expect(row?.text).not.toContain(body.token);
  expect((await show(body.token)).status).toBe(200);
  expect((await scenario.api('DELETE', `/api/v1/wall-views/${body.id}`)).status).toBe(204);
  const gone = { status: 404, body: { code: 'wall_view_not_found' } };
  expect(await show(body.token)).toMatchObject(gone);
  expect(await show('of_nobody')).toMatchObject(gone);
  expect(await scenario.api('DELETE', `/api/v1/wall-views/${body.id}`)).toMatchObject(gone);
  for (const action of ['wall_view.created', 'wall_view.revoked'])
    expect((await audited(scenario, action)).at(-1)).toMatchObject({
      actor_kind: 'person',
      target_id: toUuid(body.id),
    });
  const { body: events } = await scenario.api('GET', '/api/v1/events?types=wall_view.*&limit=100');
  expect(events.data.slice(-2)).toMatchObject([
    { type: 'wall_view.created', data: { wall_view_id: body.id, name: 'Window' } },
    { type: 'wall_view.revoked', data: { wall_view_id: body.id, name: 'Window' } },
  ]);
});

test('who reads no messages makes no link to their figures', async () => {
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'walls', scopes: ['wall_views.manage'] });
  expect(await create({}, scenario.as(key.key))).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const { api } = await join(scenario, 'agent');
  expect((await create({}, api)).status).toBe(403);
});
