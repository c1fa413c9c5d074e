// The second factor: begun, confirmed, asked for, used up, and taken away.
import { randomBytes } from 'node:crypto';
import { newSecondFactorSchema, recoveryCodesSchema } from '@recado/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { codeOf } from '../setup/authenticator.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { audited, goodPassword, invite, join, logIn, type Somebody, tokenOf } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;
const step = 30_000;

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', env: { WORKSPACES: 'anyone' } });
});
afterAll(() => scenario.close());
beforeEach(() => scenario.clock.advance(60 * minute));

const shownBy = (secret: string, awayMs = 0) => codeOf(secret, scenario.clock.now() + awayMs);

/** A code that no app shows for this secret about now. */
function wrongFor(secret: string): string {
  const shown = [-step, 0, step].map(awayMs => shownBy(secret, awayMs));
  return ['000000', '000001', '000002', '000003'].find(code => !shown.includes(code)) ?? '';
}

const begin = (who: Somebody, password = goodPassword) => who.api('POST', '/api/v1/me/second-factor', { password });
const confirm = (who: Somebody, code: string) => who.api('POST', '/api/v1/me/second-factor/confirm', { code });
const state = async (who: Somebody) => (await who.api('GET', '/api/v1/me/second-factor')).body;

/** Somebody with a second factor, a step after it was confirmed. */
async function secured(): Promise<{ who: Somebody; secret: string; codes: string[] }> {
  const who = await join(scenario, 'agent');
  const { secret } = newSecondFactorSchema.parse((await begin(who)).body);
  const confirmed = await confirm(who, shownBy(secret));
  const { recovery_codes: codes } = recoveryCodesSchema.parse(confirmed.body);
  scenario.clock.advance(step);
  return { who, secret, codes };
}

test('it counts once it is confirmed, and is sealed at rest', async () => {
  const who = await join(scenario, 'agent');
  expect((await begin(who, 'not the password')).body.code).toBe('current_password_wrong');
  const { secret, otpauth_uri: uri } = (await begin(who)).body;
  expect(uri).toContain(`secret=${secret}`);
  expect(await state(who)).toEqual({ enabled: false, recovery_codes_left: 0 });
  expect((await logIn(scenario, who.email)).status).toBe(200);
  expect((await confirm(who, wrongFor(secret))).body.code).toBe('second_factor_code_wrong');
  expect((await confirm(who, shownBy(secret))).body.recovery_codes).toHaveLength(10);
  expect(await state(who)).toEqual({ enabled: true, recovery_codes_left: 10 });
  expect((await begin(who)).body.code).toBe('second_factor_on');
  expect((await confirm(who, shownBy(secret))).body.code).toBe('second_factor_on');
  const [row] = await scenario.sql<{ totp_secret: string }>('select totp_secret from person where email = $1', [
    who.email,
  ]);
  expect(row?.totp_secret).toMatch(/^s1\.[0-9a-f]{16}\.[\w-]+$/);
  const people = (await scenario.api('GET', '/api/v1/people?limit=100')).body.data;
  expect(people.find((person: Somebody) => person.id === who.id).second_factor).toBe(true);
});

test('wrong codes at the confirmation count as failed logins, and are written down', async () => {
  const who = await join(scenario, 'agent');
  const { secret } = (await begin(who)).body;
  const before = (await audited(scenario, 'proof.rejected')).length;
  for (let n = 0; n < 5; n++) expect((await confirm(who, wrongFor(secret))).body.code).toBe('second_factor_code_wrong');
  expect(await confirm(who, shownBy(secret))).toMatchObject({ status: 429, body: { code: 'too_many_failures' } });
  const written = (await audited(scenario, 'proof.rejected')).slice(before);
  expect(written.map(({ detail }) => detail)).toEqual(Array(5).fill({ reason: 'second_factor_code_wrong' }));
  scenario.clock.advance(minute);
  expect((await confirm(who, shownBy(secret))).status).toBe(200);
});

test('an enrolment can be confirmed for ten minutes', async () => {
  const who = await join(scenario, 'agent');
  const { secret } = (await begin(who)).body;
  scenario.clock.advance(10 * minute);
  expect(await confirm(who, shownBy(secret))).toMatchObject({ status: 409, body: { code: 'second_factor_off' } });
  const again = (await begin(who)).body.secret;
  expect((await confirm(who, shownBy(again))).status).toBe(200);
});

test('a login needs a code of now or a step away, and none works twice', async () => {
  const { who, secret } = await secured();
  const first = await logIn(scenario, who.email);
  expect(first).toMatchObject({ status: 401, body: { code: 'second_factor_needed' } });
  expect((await logIn(scenario, who.email, { password: 'wrong' })).body.code).toBe('credentials_invalid');
  expect((await logIn(scenario, who.email, { code: shownBy(secret, -3 * step) })).body.code).toBe(
    'second_factor_invalid',
  );
  expect((await logIn(scenario, who.email, { code: shownBy(secret, step) })).status).toBe(200);
  // Neither the same one again nor one before it.
  expect((await logIn(scenario, who.email, { code: shownBy(secret, step) })).status).toBe(401);
  expect((await logIn(scenario, who.email, { code: shownBy(secret) })).status).toBe(401);
  scenario.clock.advance(2 * step);
  const typed = shownBy(secret).replace(/(...)/, '$1 ');
  expect((await logIn(scenario, who.email, { code: typed })).status).toBe(200);
  expect((await audited(scenario, 'session.opened')).at(-1)?.detail).toEqual({ second_factor: 'app' });
});

test('the code that confirmed it does not log in', async () => {
  const who = await join(scenario, 'agent');
  const { secret } = (await begin(who)).body;
  await confirm(who, shownBy(secret));
  expect((await logIn(scenario, who.email, { code: shownBy(secret) })).body.code).toBe('second_factor_invalid');
});

test('of five logins with one code at once, one wins', async () => {
  const { who, secret, codes } = await secured();
  const five = (code: string) => Promise.all(Array.from({ length: 5 }, () => logIn(scenario, who.email, { code })));
  const won = (answers: { status: number }[]) => answers.filter(({ status }) => status === 200).length;
  expect(won(await five(shownBy(secret)))).toBe(1);
  scenario.clock.advance(minute);
  expect(won(await five(codes[0] ?? ''))).toBe(1);
});

test('a recovery code works once, however it is typed', async () => {
  const { who, codes } = await secured();
  const [first = '', second = ''] = codes;
  expect((await logIn(scenario, who.email, { code: first })).status).toBe(200);
  expect((await logIn(scenario, who.email, { code: first })).body.code).toBe('second_factor_invalid');
  expect((await logIn(scenario, who.email, { code: second.replaceAll('-', '').toUpperCase() })).status).toBe(200);
  expect(await state(who)).toEqual({ enabled: true, recovery_codes_left: 8 });
  const other = await secured();
  expect((await logIn(scenario, other.who.email, { code: codes[2] })).status).toBe(401);
});

test('wrong codes pause the address and the person; a missing one does not', async () => {
  const { who, secret } = await secured();
  for (let n = 0; n < 8; n++) expect((await logIn(scenario, who.email)).body.code).toBe('second_factor_needed');
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 5; n++)
      expect((await logIn(scenario, who.email, { code: '12345x' })).body.code).toBe('second_factor_invalid');
    expect((await logIn(scenario, who.email, { code: shownBy(secret) })).body.code).toBe('too_many_failures');
    scenario.clock.advance(minute);
  }
  // The address may again, the person not yet.
  expect((await logIn(scenario, who.email, { code: shownBy(secret) })).body.code).toBe('too_many_failures');
  scenario.clock.advance(15 * minute);
  expect((await logIn(scenario, who.email, { code: shownBy(secret) })).status).toBe(200);
});

test('refreshing and switching do not ask again; joining elsewhere and a new password do not go round it', async () => {
  const { who, secret } = await secured();
  const anybody = scenario.as(undefined);
  const refreshed = await anybody('POST', '/api/v1/auth/refresh', { refresh_token: who.refreshToken });
  expect(refreshed.status).toBe(200);
  const call = scenario.as(refreshed.body.access_token);
  const { workspace } = (await call('GET', '/api/v1/me')).body;
  expect((await call('POST', '/api/v1/auth/switch', { workspace_id: workspace.id })).status).toBe(200);

  const link = (await scenario.api('POST', `/api/v1/people/${who.id}/reset-link`)).body.link;
  const password = 'green ladder by the well';
  expect((await anybody('POST', '/api/v1/auth/password/reset', { token: tokenOf(link), password })).status).toBe(204);
  expect((await logIn(scenario, who.email, { password })).body.code).toBe('second_factor_needed');

  const token = await invite((await scenario.stranger()).api, { email: who.email, role: 'viewer' });
  const body = { token, name: 'x', password };
  const accept = (more: object) => anybody('POST', '/api/v1/invitations/accept', { ...body, ...more });
  expect((await accept({})).body.code).toBe('second_factor_needed');
  expect((await accept({ code: '12345x' })).body.code).toBe('second_factor_invalid');
  expect((await accept({ code: shownBy(secret) })).status).toBe(201);
});

test('new recovery codes and taking it away need password and code', async () => {
  const { who, secret, codes } = await secured();
  const renew = (body: object) => who.api('POST', '/api/v1/me/second-factor/recovery-codes', body);
  const drop = (body: object) => who.api('DELETE', '/api/v1/me/second-factor', body);
  for (const call of [renew, drop]) {
    expect((await call({ password: goodPassword })).status).toBe(400);
    expect((await call({ password: 'wrong', code: shownBy(secret) })).body.code).toBe('current_password_wrong');
    expect((await call({ password: goodPassword, code: '12345x' })).body.code).toBe('second_factor_code_wrong');
  }
  const renewed = (await renew({ password: goodPassword, code: shownBy(secret) })).body.recovery_codes;
  expect(renewed).toHaveLength(10);
  scenario.clock.advance(minute);
  expect((await drop({ password: goodPassword, code: codes[0] })).body.code).toBe('second_factor_code_wrong');
  expect((await drop({ password: goodPassword, code: renewed[0] })).status).toBe(204);
  expect(await state(who)).toEqual({ enabled: false, recovery_codes_left: 0 });
  expect((await logIn(scenario, who.email)).status).toBe(200);
  expect((await drop({ password: goodPassword, code: '123456' })).body.code).toBe('second_factor_off');
  expect((await audited(scenario, 'second_factor.disabled')).length).toBe(1);
});

test('what somebody changes about themselves is in the log of each of their workspaces', async () => {
  const who = await join(scenario, 'agent');
  const there = (await who.api('POST', '/api/v1/workspaces', { name: 'Elsewhere' })).body.id;
  const here = (await who.api('GET', '/api/v1/me')).body.workspace.id;
  const logOf = async (workspace: string) =>
    (
      await scenario.sql<{ action: string; target: string | null }>(
        `select action, target_id as target from audit_entry where workspace_id = $1 and actor_id = $2 order by id`,
        [toUuid(workspace), toUuid(who.id)],
      )
    ).filter(({ action }) => /^(password|second_factor|recovery_codes|session)\./.test(action));
  const before = await logOf(here);
  const { secret } = (await begin(who)).body;
  const codes = (await confirm(who, shownBy(secret))).body.recovery_codes;
  const renew = { password: goodPassword, code: codes[0] };
  const renewed = (await who.api('POST', '/api/v1/me/second-factor/recovery-codes', renew)).body.recovery_codes;
  await who.api('DELETE', '/api/v1/me/second-factor', { password: goodPassword, code: renewed[0] });
  const switched = await who.api('POST', '/api/v1/auth/switch', { workspace_id: there });
  const [session] = (await scenario.as(switched.body.access_token)('GET', '/api/v1/me/sessions')).body.data;
  // It is ended from here, and belongs there.
  expect((await who.api('DELETE', `/api/v1/me/sessions/${session.id}`)).status).toBe(204);
  const change = { current_password: goodPassword, new_password: 'green ladder by the well' };
  expect((await who.api('POST', '/api/v1/me/password', change)).status).toBe(204);
  const both = ['second_factor.enabled', 'recovery_codes.renewed', 'second_factor.disabled', 'password.changed'];
  expect((await logOf(here)).slice(before.length).map(({ action }) => action)).toEqual(both);
  const inTheOther = await logOf(there);
  expect(inTheOther.map(({ action }) => action)).toEqual([
    ...both.slice(0, 3),
    'session.opened',
    'session.ended',
    'password.changed',
  ]);
  expect(inTheOther[4]?.target).toBe(toUuid(session.id));
});

test('a proof from before a new password changes no second factor after it', async () => {
  const [dropped, renewed] = [await secured(), await secured()];
  const [begun, beginning] = [await join(scenario, 'agent'), await join(scenario, 'agent')];
  const { secret } = (await begin(begun)).body;
  const proof = ({ codes }: { codes: string[] }) => ({ password: goodPassword, code: codes[0] });
  for (const [who, call] of [
    [dropped.who, () => dropped.who.api('DELETE', '/api/v1/me/second-factor', proof(dropped))],
    [renewed.who, () => renewed.who.api('POST', '/api/v1/me/second-factor/recovery-codes', proof(renewed))],
    [begun, () => confirm(begun, shownBy(secret))],
    [beginning, () => begin(beginning)],
  ] as const) {
    const { link } = (await scenario.api('POST', `/api/v1/people/${who.id}/reset-link`)).body;
    const standing = await holdTransaction(scenario, 'select 1 from person where id = $1 for update', [toUuid(who.id)]);
    const body = { token: tokenOf(link), password: 'green ladder by the well' };
    const resetting = scenario.as(undefined)('POST', '/api/v1/auth/password/reset', body);
    await expect.poll(standing.waiting).toBe(1);
    const changing = call();
    await expect.poll(standing.waiting).toBe(2);
    await standing.letGo();
    expect((await resetting).status).toBe(204);
    expect(await changing).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  }
  expect((await logIn(scenario, dropped.who.email, { password: 'green ladder by the well' })).body.code).toBe(
    'second_factor_needed',
  );
});

test('with another SECRET_KEY the app is of no use, which is said; a recovery code still opens the door', async () => {
  const { who, secret, codes } = await secured();
  const pending = await join(scenario, 'agent');
  const { secret: begun } = (await begin(pending)).body;
  const other = { SECRET_KEY: randomBytes(32).toString('base64'), SIMULATOR: 'off', SIMULATOR_URL: '' };
  const after = await startScenario({ databaseUrl: scenario.databaseUrl, clock: 'manual', env: other });
  try {
    const refused = await logIn(after, who.email, { code: shownBy(secret) });
    expect(refused).toMatchObject({ status: 409, body: { code: 'second_factor_unreadable' } });
    expect((await audited(scenario, 'session.rejected')).at(-1)?.detail).toEqual({
      reason: 'second_factor_unreadable',
    });
    expect((await logIn(after, pending.email)).status).toBe(200);
    const again = after.as((await logIn(after, pending.email)).body.access_token);
    const confirmed = await again('POST', '/api/v1/me/second-factor/confirm', { code: shownBy(begun) });
    expect(confirmed).toMatchObject({ status: 409, body: { code: 'second_factor_unreadable' } });

    const opened = await logIn(after, who.email, { code: codes[0] });
    expect(opened.status).toBe(200);
    const call = after.as(opened.body.access_token);
    const drop = (code: string | undefined) =>
      call('DELETE', '/api/v1/me/second-factor', { password: goodPassword, code });
    expect((await drop(shownBy(secret))).body.code).toBe('second_factor_unreadable');
    expect((await drop(codes[1])).status).toBe(204);
    const anew = await call('POST', '/api/v1/me/second-factor', { password: goodPassword });
    expect(anew.status).toBe(201);
    const code = shownBy(anew.body.secret, after.clock.now() - scenario.clock.now());
    expect((await call('POST', '/api/v1/me/second-factor/confirm', { code })).status).toBe(200);
  } finally {
    await after.close();
  }
});
