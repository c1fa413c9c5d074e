// The people of a workspace: who may change which role, alone and in races, and a person in several workspaces.
import {
  idExamples,
  myWorkspacePage,
  personPage,
  personSchema,
  workspaceSchema,
  workspaceSessionPage,
} from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { audited, goodPassword, invite, join, logIn, newEmail, type Somebody } from '../setup/people.ts';
import { type Answer, type Call, type Scenario, startScenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';
import { openRequest } from '../setup/socket.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ env: { WORKSPACES: 'anyone' } });
});
afterAll(() => scenario.close());

const change = (by: Call, who: { id: string }, body: object) => by('PATCH', `/api/v1/people/${who.id}`, body);
const remove = (by: Call, who: { id: string }) => by('DELETE', `/api/v1/people/${who.id}`);
const mine = async (who: Somebody) => (await who.api('GET', '/api/v1/me/permissions')).body;

test('people are listed with what they may do', async () => {
  const agent = await join(scenario, 'agent', { account_ids: [scenario.account.id] });
  const page = personPage.parse((await scenario.api('GET', '/api/v1/people?limit=100')).body);
  expect(page.data.find(person => person.id === agent.id)).toMatchObject({
    email: agent.email,
    name: 'agent',
    role: 'agent',
    account_ids: [scenario.account.id],
    disabled: false,
    second_factor: false,
  });
  expect(page.data.map(person => person.role)).toContain('owner');
  const alone = await scenario.api('GET', `/api/v1/people/${agent.id}`);
  expect(alone.status).toBe(200);
  expect(alone.body).toEqual(page.data.find(person => person.id === agent.id));
  const first = personPage.parse((await scenario.api('GET', '/api/v1/people?limit=1')).body);
  const cursor = first.page.next_cursor;
  const second = personPage.parse((await scenario.api('GET', `/api/v1/people?limit=1&cursor=${cursor}`)).body);
  expect(second.data[0]?.id).not.toBe(first.data[0]?.id);
});

describe('sessions', () => {
  const list = async (by: Call, query = '') =>
    workspaceSessionPage.parse((await by('GET', `/api/v1/sessions?limit=100${query}`)).body).data;

  test('those who manage people see and end the sessions of the workspace, and owners those of owners', async () => {
    const [agent, admin] = [await join(scenario, 'agent'), await join(scenario, 'admin')];
    const [session] = await list(scenario.api, `&person_id=${agent.id}`);
    expect(session).toMatchObject({ current: false, person: { id: agent.id, name: 'agent' }, address: '127.0.0.1' });
    expect((await list(admin.api)).filter(({ current }) => current).map(({ person }) => person.id)).toEqual([admin.id]);
    expect((await agent.api('GET', '/api/v1/sessions')).status).toBe(403);
    const own = (await list(scenario.api)).find(({ current }) => current);
    const ofOwner = await admin.api('DELETE', `/api/v1/sessions/${own?.id}`);
    expect(ofOwner).toMatchObject({ status: 403, body: { code: 'role_above_yours' } });
    expect((await admin.api('DELETE', `/api/v1/sessions/${session?.id}`)).status).toBe(204);
    expect((await agent.api('GET', '/api/v1/me')).status).toBe(401);
    expect((await admin.api('DELETE', `/api/v1/sessions/${session?.id}`)).body.code).toBe('session_not_found');
    const entries = await audited(scenario, 'session.ended');
    expect(entries.at(-1)).toMatchObject({ actor_kind: 'person', detail: { person_id: agent.id } });
  });

  test('a session in another workspace is none of theirs', async () => {
    const stranger = await scenario.stranger();
    const [theirs] = await list(stranger.api);
    expect((await scenario.api('DELETE', `/api/v1/sessions/${theirs?.id}`)).status).toBe(404);
    expect((await list(scenario.api)).map(({ id }) => id)).not.toContain(theirs?.id);
    expect((await stranger.api('GET', '/api/v1/me')).status).toBe(200);
  });

  test('a person ends all others of their own, everywhere', async () => {
    const who = await join(scenario, 'viewer');
    const other = scenario.as((await logIn(scenario, who.email)).body.access_token);
    expect((await other('DELETE', '/api/v1/me/sessions')).body).toEqual({ ended: 1 });
    expect([(await who.api('GET', '/api/v1/me')).status, (await other('GET', '/api/v1/me')).status]).toEqual([
      401, 200,
    ]);
    expect((await other('DELETE', '/api/v1/me/sessions')).body).toEqual({ ended: 0 });
    expect((await audited(scenario, 'session.others_ended')).at(-1)).toMatchObject({ detail: { sessions_ended: 1 } });
  });
});

describe('a change holds from the next request on', () => {
  test('a role, and the accounts', async () => {
    const who = await join(scenario, 'viewer');
    expect((await mine(who)).permissions).not.toContain('messages.create');
    const made = await scenario.api('POST', '/api/v1/accounts', { name: 'Second', channel: 'sandbox' });
    const changed = await change(scenario.api, who, { role: 'agent', account_ids: [made.body.id] });
    expect(personSchema.parse(changed.body)).toMatchObject({ role: 'agent', account_ids: [made.body.id] });
    expect(await mine(who)).toMatchObject({ role: 'agent', account_ids: [made.body.id] });
    expect((await who.api('GET', `/api/v1/accounts/${scenario.account.id}`)).status).toBe(404);
    expect((await change(scenario.api, who, { account_ids: null })).body.account_ids).toBeNull();
    expect((await who.api('GET', `/api/v1/accounts/${scenario.account.id}`)).status).toBe(200);
    expect((await audited(scenario, 'person.changed'))[0]?.detail).toMatchObject({
      before: { role: 'viewer', account_ids: null },
      after: { role: 'agent', account_ids: [made.body.id] },
    });
  });

  test('what holds already is no change, and not in the log', async () => {
    const { id: other } = (await scenario.api('POST', '/api/v1/accounts', { name: 'One more', channel: 'sandbox' }))
      .body;
    const who = await join(scenario, 'agent', { account_ids: [scenario.account.id, other] });
    const logged = async () =>
      (await audited(scenario, 'person.changed')).filter(({ target_id }) => target_id === toUuid(who.id)).length;
    for (const body of [{ role: 'agent' }, { disabled: false }, { account_ids: [other, scenario.account.id] }])
      expect((await change(scenario.api, who, body)).status).toBe(200);
    expect(await logged()).toBe(0);
    expect((await change(scenario.api, who, { account_ids: [other] })).status).toBe(200);
    expect(await logged()).toBe(1);
  });

  test('a disabled person loses all sessions, and enabling does not restore them', async () => {
    const who = await join(scenario, 'agent');
    expect((await change(scenario.api, who, { disabled: true })).body.disabled).toBe(true);
    const refresh = () => scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token: who.refreshToken });
    expect((await who.api('GET', '/api/v1/me')).status).toBe(401);
    // So that the web app knows to delete what the person wrote.
    expect(await refresh()).toMatchObject({ status: 401, body: { code: 'membership_ended' } });
    expect((await logIn(scenario, who.email)).body.code).toBe('credentials_invalid');
    await change(scenario.api, who, { disabled: false });
    expect((await who.api('GET', '/api/v1/me')).status).toBe(401);
    expect(await refresh()).toMatchObject({ status: 401, body: { code: 'refresh_token_invalid' } });
    expect((await logIn(scenario, who.email)).status).toBe(200);
  });

  test('a removed person loses access, and past actions keep the name', async () => {
    const who = await join(scenario, 'admin');
    const key = await who.api('POST', '/api/v1/keys', { name: 'Theirs', scopes: ['messages.read'] });
    expect((await remove(scenario.api, who)).status).toBe(204);
    expect((await who.api('GET', '/api/v1/me')).status).toBe(401);
    expect((await remove(scenario.api, who)).body.code).toBe('person_not_found');
    expect((await change(scenario.api, who, { role: 'owner' })).body.code).toBe('person_not_found');
    expect((await scenario.api('GET', `/api/v1/keys/${key.body.id}`)).body.created_by).toEqual({
      id: who.id,
      name: 'admin',
    });
  });
});

describe('who loses a right while a body is on its way does nothing with it', () => {
  /** Begins a request of somebody new, who is known by its headers, and takes the right away before the body comes. */
  async function meanwhile(method: string, path: string, body: object, takeAway: (who: Somebody) => Promise<Answer>) {
    const who = await join(scenario, 'admin');
    const token = (await logIn(scenario, who.email)).body.access_token;
    const standing = await holdTransaction(scenario, 'lock table session in access exclusive mode');
    const sendBody = openRequest(`${scenario.recado.url}${path}`, method, token, body);
    await expect.poll(standing.waiting).toBe(1);
    await standing.letGo();
    expect((await takeAway(who)).status).toBeLessThan(300);
    const { status, text } = await sendBody();
    return { status, code: JSON.parse(text).code };
  }
  const takeOut = (who: Somebody) => remove(scenario.api, who);
  const demote = (who: Somebody) => change(scenario.api, who, { role: 'viewer' });
  const logOut = (who: Somebody) =>
    who.api('POST', '/api/v1/me/password', {
      current_password: goodPassword,
      new_password: 'green ladder by the well',
    });

  test.each([
    ['removed', takeOut, { status: 401, code: 'unauthorized' }],
    ['logged out by a new password', logOut, { status: 401, code: 'unauthorized' }],
    ['demoted', demote, { status: 403, code: 'forbidden' }],
  ])('%s', async (_name, takeAway, refused) => {
    const key = { name: 'a way back', scopes: ['messages.read'] };
    expect(await meanwhile('POST', '/api/v1/keys', key, takeAway)).toEqual(refused);
    const invitation = { email: newEmail(), role: 'admin' };
    expect(await meanwhile('POST', '/api/v1/invitations', invitation, takeAway)).toEqual(refused);
  });
});

describe('roles', () => {
  test('an admin touches no owner, and raises nobody to one', async () => {
    const [admin, agent] = [await join(scenario, 'admin'), await join(scenario, 'agent')];
    const owner = { id: (await scenario.api('GET', '/api/v1/me')).body.person.id };
    for (const answer of [
      await change(admin.api, owner, { disabled: true }),
      await remove(admin.api, owner),
      await change(admin.api, admin, { role: 'owner' }),
      await change(admin.api, agent, { role: 'owner' }),
      await admin.api('POST', '/api/v1/invitations', { email: newEmail(), role: 'owner' }),
      await admin.api('POST', `/api/v1/people/${owner.id}/reset-link`),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: 'role_above_yours' } });
    expect((await change(admin.api, agent, { role: 'admin' })).status).toBe(200);
  });

  test('agents and viewers change nobody', async () => {
    const [agent, viewer] = [await join(scenario, 'agent'), await join(scenario, 'viewer')];
    expect((await change(agent.api, viewer, { role: 'agent' })).body.code).toBe('forbidden');
    expect((await remove(viewer.api, agent)).body.code).toBe('forbidden');
    expect((await viewer.api('GET', '/api/v1/people')).status).toBe(403);
    expect((await agent.api('GET', '/api/v1/people')).status).toBe(200);
  });

  test('admins and owners are limited to no accounts, and accounts have to be there', async () => {
    const agent = await join(scenario, 'agent', { account_ids: [scenario.account.id] });
    const stranger = await scenario.stranger();
    for (const body of [{ role: 'admin' }, { role: 'owner', account_ids: [scenario.account.id] }])
      expect((await change(scenario.api, agent, body)).body.errors[0].field).toBe('account_ids');
    expect((await change(scenario.api, agent, { account_ids: [stranger.account.id] })).body.errors[0]).toEqual({
      field: 'account_ids[0]',
      message: 'This account does not exist.',
    });
    expect((await change(scenario.api, agent, {})).status).toBe(400);
    expect((await change(scenario.api, agent, { account_ids: [] })).status).toBe(400);
    expect((await change(scenario.api, agent, { role: 'admin', account_ids: null })).body.account_ids).toBeNull();
  });

  test('people of other workspaces are not there', async () => {
    const stranger = await scenario.stranger();
    const theirs = { id: (await stranger.api('GET', '/api/v1/me')).body.person.id };
    expect((await scenario.api('GET', `/api/v1/people/${theirs.id}`)).body.code).toBe('person_not_found');
    expect((await change(scenario.api, theirs, { disabled: true })).status).toBe(404);
    expect((await remove(scenario.api, theirs)).status).toBe(404);
    expect((await scenario.api('POST', `/api/v1/people/${theirs.id}/reset-link`)).status).toBe(404);
  });

  test('an API key reaches none of it', async () => {
    const key = await scenario.api('POST', '/api/v1/keys', { name: 'k', scopes: ['accounts.manage'] });
    const call = scenario.as(key.body.key);
    for (const [method, path] of [
      ['GET', '/api/v1/people'],
      ['GET', '/api/v1/invitations'],
      ['GET', '/api/v1/me/workspaces'],
      ['GET', '/api/v1/me/second-factor'],
    ] as const)
      expect((await call(method, path)).status).toBe(403);
    expect((await call('POST', '/api/v1/workspaces', { name: 'x' })).status).toBe(403);
  });
});

describe('an owner is left', () => {
  test('the last owner cannot leave', async () => {
    const own = await startScenario();
    try {
      const owner = { id: (await own.api('GET', '/api/v1/me')).body.person.id };
      for (const answer of [
        await change(own.api, owner, { role: 'admin' }),
        await change(own.api, owner, { disabled: true }),
        await remove(own.api, owner),
      ])
        expect(answer).toMatchObject({ status: 409, body: { code: 'last_owner' } });
      const second = await join(own, 'owner');
      expect((await change(own.api, second, { disabled: true })).status).toBe(200);
      // An owner who cannot log in is none.
      expect((await remove(own.api, owner)).body.code).toBe('last_owner');
    } finally {
      await own.close();
    }
  });

  test.each(['demoting', 'disabling', 'removing'])('of six owners who are %s one another at once', async how => {
    const own = await startScenario();
    try {
      const owners: { id: string; api: Call }[] = [
        { id: (await own.api('GET', '/api/v1/me')).body.person.id, api: own.api },
      ];
      for (let n = 0; n < 5; n++) owners.push(await join(own, 'owner'));
      const answers = await Promise.all(
        owners.flatMap(by =>
          owners.map(who => {
            if (how === 'removing') return remove(by.api, who);
            return change(by.api, who, how === 'demoting' ? { role: 'viewer' } : { disabled: true });
          }),
        ),
      );
      expect(answers.every(({ status }) => [200, 204, 401, 403, 404, 409].includes(status))).toBe(true);
      const left = await own.sql(
        `select person_id from membership where role = 'owner' and disabled_at is null and removed_at is null`,
      );
      expect(left).toHaveLength(1);
    } finally {
      await own.close();
    }
  });
});

describe('who may create a workspace', () => {
  const create = (by: Call) => by('POST', '/api/v1/workspaces', { name: 'Another' });
  const mayCreate = async (by: Call): Promise<boolean> =>
    (await by('GET', '/api/v1/me/permissions')).body.permissions.includes('workspaces.create');

  test('an owner, and nobody else', async () => {
    const workspace = await openWorkspace();
    try {
      for (const role of ['admin', 'agent', 'viewer']) {
        const { api } = await join(workspace, role);
        expect(await create(api)).toMatchObject({
          status: 403,
          body: { code: 'forbidden', detail: expect.stringContaining('workspaces.create') },
        });
        expect(await mayCreate(api)).toBe(false);
      }
      const { api } = await join(workspace, 'owner');
      expect(await mayCreate(api)).toBe(true);
      expect((await create(api)).status).toBe(201);
    } finally {
      await workspace.close();
    }
  });

  test('nobody, if the operator says so', async () => {
    const own = await startScenario({ env: { WORKSPACES: 'nobody' } });
    try {
      expect(await mayCreate(own.api)).toBe(false);
      expect((await create(own.api)).status).toBe(403);
    } finally {
      await own.close();
    }
  });

  test('everybody, if the operator says so', async () => {
    const { api } = await join(scenario, 'viewer');
    expect(await mayCreate(api)).toBe(true);
    expect((await create(api)).status).toBe(201);
  });
});

describe('several workspaces', () => {
  test('anybody makes one, is its owner, goes over to it, and logs in to the one used last', async () => {
    const who = await join(scenario, 'viewer');
    const made = await who.api('POST', '/api/v1/workspaces', { name: 'My own' });
    expect(made.status).toBe(201);
    const workspace = workspaceSchema.parse(made.body);
    const list = myWorkspacePage.parse((await who.api('GET', '/api/v1/me/workspaces')).body);
    expect(list.data.map(({ name, role, current }) => ({ name, role, current }))).toEqual([
      { name: 'My own', role: 'owner', current: false },
      { name: 'Workspace of Owner', role: 'viewer', current: true },
    ]);
    const switched = await who.api('POST', '/api/v1/auth/switch', { workspace_id: workspace.id });
    expect(switched.status).toBe(200);
    const there = scenario.as(switched.body.access_token);
    expect((await there('GET', '/api/v1/me')).body).toMatchObject({ workspace: { name: 'My own' }, role: 'owner' });
    expect((await there('GET', '/api/v1/accounts')).body.data.map((account: { name: string }) => account.name)).toEqual(
      ['Sandbox'],
    );
    // The session before goes on, where it was.
    expect((await who.api('GET', '/api/v1/me')).body.role).toBe('viewer');
    const again = scenario.as((await logIn(scenario, who.email)).body.access_token);
    expect((await again('GET', '/api/v1/me')).body.workspace.id).toBe(workspace.id);
    expect((await audited(scenario, 'workspace.created')).length).toBeGreaterThan(0);
  });

  test('a login enters the workspace that it names, whatever was used last', async () => {
    const who = await join(scenario, 'viewer');
    const here = (await who.api('GET', '/api/v1/me')).body.workspace.id;
    const made = await who.api('POST', '/api/v1/workspaces', { name: 'Elsewhere' });
    await who.api('POST', '/api/v1/auth/switch', { workspace_id: made.body.id });
    const entered = async (more: object) => {
      const opened = await logIn(scenario, who.email, more);
      const me = await scenario.as(opened.body.access_token)('GET', '/api/v1/me');
      return me.body.workspace.id;
    };
    expect(await entered({})).toBe(made.body.id);
    expect(await entered({ workspace_id: here })).toBe(here);
    expect(await entered({ workspace_id: made.body.id })).toBe(made.body.id);
  });

  test('a login to a workspace of others says no more than that it is not found', async () => {
    const who = await join(scenario, 'viewer');
    const stranger = await scenario.stranger();
    const theirs = (await stranger.api('GET', '/api/v1/me')).body.workspace.id;
    const nowhere = idExamples.workspace;
    const refused = await Promise.all(
      [theirs, nowhere].map(workspace_id => logIn(scenario, who.email, { workspace_id })),
    );
    for (const answer of refused)
      expect(answer).toMatchObject({
        status: 404,
        body: { code: 'workspace_not_found', title: 'Workspace not found.' },
      });
    expect({ ...refused[0]?.body, request_id: '' }).toEqual({ ...refused[1]?.body, request_id: '' });
    // With a wrong password, not even that.
    const wrong = await logIn(scenario, who.email, { password: 'not this one', workspace_id: theirs });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'credentials_invalid' } });
    expect((await logIn(scenario, who.email, { workspace_id: 'x' })).body.errors[0].field).toBe('workspace_id');
  });

  test('one that is not mine, or not any more, is not there', async () => {
    const who = await join(scenario, 'viewer');
    const here = (await who.api('GET', '/api/v1/me')).body.workspace.id;
    const stranger = await scenario.stranger();
    const theirs = (await stranger.api('GET', '/api/v1/me')).body.workspace.id;
    const enter = (by: Call, id: string) => by('POST', '/api/v1/auth/switch', { workspace_id: id });
    expect((await enter(who.api, theirs)).body.code).toBe('workspace_not_found');
    const made = await who.api('POST', '/api/v1/workspaces', { name: 'Refuge' });
    const inRefuge = scenario.as((await enter(who.api, made.body.id)).body.access_token);
    await change(scenario.api, who, { disabled: true });
    expect((await enter(inRefuge, here)).body.code).toBe('workspace_not_found');
    expect((await inRefuge('GET', '/api/v1/me/workspaces')).body.data).toHaveLength(1);
    // A login leads to what is left.
    const again = scenario.as((await logIn(scenario, who.email)).body.access_token);
    expect((await again('GET', '/api/v1/me')).body.workspace.name).toBe('Refuge');
  });

  test('by cookie the cookies hold the new session, and the one before ends', async () => {
    const who = await join(scenario, 'viewer');
    const made = await who.api('POST', '/api/v1/workspaces', { name: 'Web' });
    const anybody = scenario.as(undefined);
    const opened = await logIn(scenario, who.email, { cookies: true });
    const cookiesOf = (answer: { headers: Headers }) =>
      answer.headers
        .getSetCookie()
        .map(cookie => cookie.split(';')[0])
        .join('; ');
    const before = { cookie: cookiesOf(opened), 'x-csrf-token': opened.body.csrf_token };
    const body = { workspace_id: made.body.id };
    expect((await anybody('POST', '/api/v1/auth/switch', body, { cookie: before.cookie })).status).toBe(403);
    const switched = await anybody('POST', '/api/v1/auth/switch', body, before);
    expect(switched.body).toEqual({ csrf_token: expect.any(String), expires_in: 900 });
    const after = { cookie: cookiesOf(switched) };
    expect((await anybody('GET', '/api/v1/me', undefined, after)).body.workspace.name).toBe('Web');
    expect((await anybody('GET', '/api/v1/me', undefined, { cookie: before.cookie })).status).toBe(401);
  });

  test('so many an hour', async () => {
    const who = await join(scenario, 'viewer');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => who.api('POST', '/api/v1/workspaces', { name: `W ${n}` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  test('what an admin did as one ends with it: invitations, and links for passwords', async () => {
    const [admin, agent] = [await join(scenario, 'admin'), await join(scenario, 'agent')];
    const token = await invite(admin.api, { email: newEmail(), role: 'admin' });
    const link = (await admin.api('POST', `/api/v1/people/${agent.id}/reset-link`)).body.link;
    await change(scenario.api, admin, { role: 'agent' });
    const anybody = scenario.as(undefined);
    const password = 'a way back in through the window';
    expect((await anybody('POST', '/api/v1/invitations/accept', { token, name: 'x', password })).body.code).toBe(
      'invitation_invalid',
    );
    const reset = { token: new URL(link).hash.slice('#token='.length), password };
    expect((await anybody('POST', '/api/v1/auth/password/reset', reset)).body.code).toBe('reset_token_invalid');
  });
});
