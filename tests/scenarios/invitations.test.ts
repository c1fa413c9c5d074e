// Invitations: by a link to hand over, by mail, and for somebody who has been here before.
import { invitationPage, newInvitationSchema } from '@recado/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { audited, goodPassword, invite, join, logIn, newEmail, tokenOf } from '../setup/people.ts';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';
import { type MailServer, startMailServer } from '../setup/smtp.ts';

const day = 86_400_000;

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());
// So that the limits of one test are not those of the next.
beforeEach(() => scenario.clock.advance(3_600_001));

const accept = (token: string, more: object = {}) =>
  scenario.as(undefined)('POST', '/api/v1/invitations/accept', { token, name: 'New', password: goodPassword, ...more });
const preview = (token: string) => scenario.as(undefined)('POST', '/api/v1/invitations/preview', { token });
const create = (by: Call, body: object) => by('POST', '/api/v1/invitations', body);

describe('without SMTP', () => {
  test('the response has the link once, and the person who follows it becomes a member', async () => {
    const email = newEmail();
    const made = await create(scenario.api, {
      email: email.toUpperCase(),
      role: 'agent',
      account_ids: [scenario.account.id],
    });
    expect(made.status).toBe(201);
    const invitation = newInvitationSchema.parse(made.body);
    expect(invitation).toMatchObject({
      email,
      role: 'agent',
      account_ids: [scenario.account.id],
      status: 'open',
      mailed: false,
    });
    expect(invitation.link).toContain(`${scenario.recado.url}/invitation#token=`);
    const list = async () => invitationPage.parse((await scenario.api('GET', '/api/v1/invitations')).body).data[0];
    expect(await list()).toMatchObject({ id: invitation.id, status: 'open' });
    const alone = () => scenario.api('GET', `/api/v1/invitations/${invitation.id}`);
    expect((await alone()).body).toEqual(await list());

    expect(await preview(tokenOf(invitation.link ?? ''))).toMatchObject({
      status: 200,
      body: {
        workspace_name: expect.any(String),
        invited_by: 'Owner',
        email,
        role: 'agent',
        expires_at: invitation.expires_at,
      },
    });
    const joined = await accept(tokenOf(invitation.link ?? ''));
    expect(joined.status).toBe(201);
    const call = scenario.as(joined.body.access_token);
    expect((await call('GET', '/api/v1/me')).body).toMatchObject({ person: { name: 'New', email }, role: 'agent' });
    expect((await call('GET', '/api/v1/me/permissions')).body.account_ids).toEqual([scenario.account.id]);
    expect((await logIn(scenario, email)).status).toBe(200);
    expect((await list())?.status).toBe('accepted');
    expect((await alone()).body.status).toBe('accepted');
    const { api: stranger } = await scenario.stranger();
    expect((await stranger('GET', `/api/v1/invitations/${invitation.id}`)).body.code).toBe('invitation_not_found');
    const entries = await audited(scenario, 'invitation.accepted');
    expect(entries.at(-1)).toMatchObject({ actor_kind: 'person', detail: { role: 'agent' } });
  });

  test('the token is stored as a hash only', async () => {
    const token = await invite(scenario.api, { email: newEmail(), role: 'agent' });
    const found = await scenario.sql(`select 1 from invitation i where i::text like '%' || $1 || '%'`, [token]);
    expect(found).toEqual([]);
  });

  test('of twenty who follow one link at once, one is in', async () => {
    const token = await invite(scenario.api, { email: newEmail(), role: 'agent' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => accept(token)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => ![201, 400, 401, 429].includes(status))).toEqual([]);
  });

  test('a link that was used, revoked, replaced, made up or is a week old is rejected', async () => {
    const refused = async (token: string) => {
      for (const ask of [accept, preview])
        expect(await ask(token)).toMatchObject({ status: 400, body: { code: 'invitation_invalid' } });
      scenario.clock.advance(60_000);
    };
    const email = newEmail();
    const replaced = await invite(scenario.api, { email, role: 'agent' });
    const used = await invite(scenario.api, { email, role: 'agent' });
    await refused(replaced);
    await accept(used);
    await refused(used);
    await refused('x'.repeat(43));
    const made = await create(scenario.api, { email: newEmail(), role: 'agent' });
    expect((await scenario.api('DELETE', `/api/v1/invitations/${made.body.id}`)).status).toBe(204);
    await refused(tokenOf(made.body.link));
    expect((await scenario.api('DELETE', `/api/v1/invitations/${made.body.id}`)).body.code).toBe(
      'invitation_not_found',
    );
    const late = await invite(scenario.api, { email: newEmail(), role: 'agent' });
    scenario.clock.advance(7 * day);
    await refused(late);
  });

  test('guessing tokens is paused like logins', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => accept(`guess ${n}`)));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(5);
    expect(answers.filter(({ body }) => body.code === 'too_many_failures')).toHaveLength(3);
  });

  test('who belongs already is not invited, whether enabled or not', async () => {
    const who = await join(scenario, 'agent');
    const again = () => create(scenario.api, { email: who.email, role: 'viewer' });
    expect(await again()).toMatchObject({ status: 409, body: { code: 'already_member' } });
    await scenario.api('PATCH', `/api/v1/people/${who.id}`, { disabled: true });
    expect((await again()).status).toBe(409);
  });

  test('invalid requests are rejected', async () => {
    const agent = await join(scenario, 'agent');
    for (const body of [
      { email: 'nobody', role: 'agent' },
      { email: newEmail(), role: 'king' },
      { email: newEmail(), role: 'admin', account_ids: [scenario.account.id] },
      { email: newEmail(), role: 'agent', account_ids: ['acc_01k9m3q5w8e7taz4x2c6v0b1n5'] },
    ])
      expect((await create(scenario.api, body)).status).toBe(400);
    expect((await create(agent.api, { email: newEmail(), role: 'viewer' })).status).toBe(403);
    const stranger = await scenario.stranger();
    const made = await create(stranger.api, { email: newEmail(), role: 'viewer' });
    expect((await scenario.api('DELETE', `/api/v1/invitations/${made.body.id}`)).status).toBe(404);
  });

  test('an admin revokes no invitation of an owner, and puts none in its place', async () => {
    const admin = await join(scenario, 'admin');
    const email = newEmail();
    const made = await create(scenario.api, { email, role: 'owner' });
    const refused = { status: 403, body: { code: 'role_above_yours' } };
    expect(await admin.api('DELETE', `/api/v1/invitations/${made.body.id}`)).toMatchObject(refused);
    expect(await create(admin.api, { email, role: 'viewer' })).toMatchObject(refused);
    expect((await accept(tokenOf(made.body.link))).status).toBe(201);
    // One that nobody can accept any more is in nobody's way.
    const late = newEmail();
    await create(scenario.api, { email: late, role: 'owner' });
    scenario.clock.advance(7 * day);
    expect((await create((await join(scenario, 'admin')).api, { email: late, role: 'viewer' })).status).toBe(201);
  });

  test('so many an hour', async () => {
    const admin = await join(scenario, 'admin');
    let made = 0;
    for (; made < 60; made++)
      if ((await create(admin.api, { email: newEmail(), role: 'viewer' })).status === 429) break;
    expect(made).toBe(50);
  });
});

describe('somebody who has been here before', () => {
  test('proves who they are, and gets the workspace beside the others', async () => {
    const stranger = await scenario.stranger();
    const who = await join(scenario, 'agent');
    const token = await invite(stranger.api, { email: who.email, role: 'viewer' });
    const wrong = await accept(token, { password: 'not the password at all' });
    const login = await logIn(scenario, who.email, { password: 'not the password at all' });
    expect(wrong.status).toBe(401);
    expect({ ...wrong.body, request_id: '' }).toEqual({ ...login.body, request_id: '' });
    const joined = await accept(token, { name: 'Another Name' });
    const me = (await scenario.as(joined.body.access_token)('GET', '/api/v1/me')).body;
    expect(me).toMatchObject({
      person: { id: who.id, name: 'agent' },
      workspace: { name: 'Elsewhere' },
      role: 'viewer',
    });
    const again = scenario.as((await logIn(scenario, who.email)).body.access_token);
    expect((await again('GET', '/api/v1/me/workspaces')).body.data).toHaveLength(2);
  });

  test('a removed person returns with the role of the invitation', async () => {
    const who = await join(scenario, 'admin');
    await scenario.api('DELETE', `/api/v1/people/${who.id}`);
    expect((await logIn(scenario, who.email)).body.code).toBe('credentials_invalid');
    const token = await invite(scenario.api, { email: who.email, role: 'viewer', account_ids: [scenario.account.id] });
    const back = scenario.as((await accept(token)).body.access_token);
    expect((await back('GET', '/api/v1/me/permissions')).body).toMatchObject({
      role: 'viewer',
      account_ids: [scenario.account.id],
    });
  });

  test('a wrong password counts as a failed login, and pauses both', async () => {
    const stranger = await scenario.stranger();
    const who = await join(scenario, 'agent');
    const token = await invite(stranger.api, { email: who.email, role: 'viewer' });
    for (let n = 0; n < 5; n++)
      expect((await accept(token, { password: `a wrong guess of it ${n}` })).status).toBe(401);
    expect((await accept(token)).status).toBe(429);
    expect((await logIn(scenario, who.email)).status).toBe(429);
    scenario.clock.advance(60_001);
    expect((await accept(token)).status).toBe(201);
  });

  test('a password that is easy to guess is answered like that of somebody new', async () => {
    const stranger = await scenario.stranger();
    const who = await join(scenario, 'agent');
    const known = await invite(stranger.api, { email: who.email, role: 'viewer' });
    const fresh = await invite(stranger.api, { email: newEmail(), role: 'viewer' });
    const answers = await Promise.all([known, fresh].map(token => accept(token, { password: 'Password1234!' })));
    expect(answers.map(({ body }) => ({ ...body, request_id: '' }))[0]).toEqual({
      ...answers[1]?.body,
      request_id: '',
    });
    expect(answers[0]).toMatchObject({ status: 400, body: { errors: [{ field: 'password' }] } });
  });
});

describe('with SMTP', () => {
  let mail: MailServer;
  let own: Scenario;
  beforeAll(async () => {
    mail = await startMailServer();
    own = await startScenario({
      env: { SMTP_URL: mail.url, SMTP_FROM: 'Recado <recado@example.com>', PUBLIC_URL: 'https://recado.example.com' },
    });
  });
  afterAll(async () => {
    await own.close();
    await mail.close();
  });

  test('the link is mailed, and the answer has none', async () => {
    const email = newEmail();
    const made = await create(own.api, { email, role: 'agent' });
    expect(made.body).toMatchObject({ mailed: true, link: null });
    const letter = await mail.next();
    expect(letter).toMatchObject({ to: email, subject: 'An invitation to Recado' });
    expect(letter.text).toContain('Workspace: Workspace of Owner');
    const link = /https:\/\/\S+/.exec(letter.text)?.[0] ?? '';
    expect(link).toMatch(/^https:\/\/recado\.example\.com\/invitation#token=/);
    const answer = await own.as(undefined)('POST', '/api/v1/invitations/accept', {
      token: tokenOf(link),
      name: 'New',
      password: goodPassword,
    });
    expect(answer.status).toBe(201);
  });

  test('where the mail server refuses, the invitation is withdrawn and says so', async () => {
    mail.refuse(true);
    const email = newEmail();
    const refused = await create(own.api, { email, role: 'agent' });
    expect(refused).toMatchObject({ status: 502, body: { code: 'mail_not_sent' } });
    expect(refused.text).not.toContain(email);
    const [last] = (await own.api('GET', '/api/v1/invitations?limit=1')).body.data;
    expect(last).toMatchObject({ email, status: 'revoked' });
    mail.refuse(false);
    expect((await create(own.api, { email, role: 'agent' })).status).toBe(201);
    expect((await mail.next()).to).toBe(email);
  });
});
