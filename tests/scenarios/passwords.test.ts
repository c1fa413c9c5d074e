// New passwords: by a link that is mailed or handed over, and which ones are rejected.
import { auditPage, resetLinkSchema } from '@recado/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deleteExpiredSessions } from '../../server/features/auth/index.ts';
import { openDatabase } from '../../server/kit/db/database.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { audited, goodPassword, invite, join, logIn, newEmail, type Somebody, tokenOf } from '../setup/people.ts';
import { owner, type Scenario, startScenario } from '../setup/scenario.ts';
import { type MailServer, startMailServer } from '../setup/smtp.ts';

const minute = 60_000;
const hour = 60 * minute;
const other = 'green ladder by the well';

let scenario: Scenario;
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  scenario = await startScenario({ clock: 'manual', env: { WORKSPACES: 'anyone' } });
});
afterAll(async () => {
  await scenario.close();
  await mail.close();
});
beforeEach(() => scenario.clock.advance(hour + 1));

const reset = (of: Scenario, token: string, password = other) =>
  of.as(undefined)('POST', '/api/v1/auth/password/reset', { token, password });
const forgot = (of: Scenario, email: string) => of.as(undefined)('POST', '/api/v1/auth/password/forgot', { email });
const linkFor = async (who: Somebody) => {
  const answer = await scenario.api('POST', `/api/v1/people/${who.id}/reset-link`);
  if (answer.status !== 201) throw new Error(`no link: ${answer.status} ${answer.text}`);
  return tokenOf(resetLinkSchema.parse(answer.body).link ?? '');
};

describe('a link to hand over', () => {
  test('sets a new password, once, and ends every session', async () => {
    const who = await join(scenario, 'agent');
    const token = await linkFor(who);
    expect((await reset(scenario, token)).status).toBe(204);
    expect((await who.api('GET', '/api/v1/me')).status).toBe(401);
    const refreshed = await scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token: who.refreshToken });
    expect(refreshed.status).toBe(401);
    expect((await logIn(scenario, who.email)).status).toBe(401);
    expect((await logIn(scenario, who.email, { password: other })).status).toBe(200);
    expect((await reset(scenario, token)).body.code).toBe('reset_token_invalid');
    expect((await audited(scenario, 'password.reset')).at(-1)?.detail).toEqual({ sessions_ended: 1 });
  });

  test('of twenty at once, one sets it', async () => {
    const token = await linkFor(await join(scenario, 'agent'));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => reset(scenario, token, `${other} ${n}`)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });

  test('is good for an hour, and until a newer one or a changed password', async () => {
    const who = await join(scenario, 'agent');
    const [first, second] = [await linkFor(who), await linkFor(who)];
    expect((await reset(scenario, first)).body.code).toBe('reset_token_invalid');
    const change = { current_password: goodPassword, new_password: other };
    expect((await who.api('POST', '/api/v1/me/password', change)).status).toBe(204);
    expect((await reset(scenario, second)).body.code).toBe('reset_token_invalid');
    const third = await linkFor(who);
    scenario.clock.advance(hour);
    expect((await reset(scenario, third)).body.code).toBe('reset_token_invalid');
  });

  test('is not for oneself, and not for who belongs elsewhere too', async () => {
    const me = (await scenario.api('GET', '/api/v1/me')).body.person;
    expect((await scenario.api('POST', `/api/v1/people/${me.id}/reset-link`)).body.code).toBe(
      'reset_link_for_yourself',
    );
    const who = await join(scenario, 'agent');
    await who.api('POST', '/api/v1/workspaces', { name: 'Theirs' });
    expect(await scenario.api('POST', `/api/v1/people/${who.id}/reset-link`)).toMatchObject({
      status: 409,
      body: { code: 'person_elsewhere_too' },
    });
  });

  test('is no way into a workspace that the person enters later', async () => {
    const who = await join(scenario, 'agent');
    const token = await linkFor(who);
    await who.api('POST', '/api/v1/workspaces', { name: 'Later' });
    expect((await reset(scenario, token)).body.code).toBe('reset_token_invalid');
    const someone = await join(scenario, 'agent');
    const invited = await invite((await scenario.stranger()).api, { email: someone.email, role: 'admin' });
    const before = await linkFor(someone);
    const body = { token: invited, name: 'x', password: goodPassword };
    expect((await scenario.as(undefined)('POST', '/api/v1/invitations/accept', body)).status).toBe(201);
    expect((await reset(scenario, before)).body.code).toBe('reset_token_invalid');
  });

  test('is no way into a workspace that the person enters while it is made', async () => {
    const who = await join(scenario, 'agent');
    const invited = await invite((await scenario.stranger()).api, { email: who.email, role: 'viewer' });
    const accept = { token: invited, name: 'x', password: goodPassword };
    for (const enter of [
      () => who.api('POST', '/api/v1/workspaces', { name: 'Meanwhile' }),
      () => scenario.as(undefined)('POST', '/api/v1/invitations/accept', accept),
    ]) {
      // The place of the link is taken, so that its making stands still after it was found to be allowed.
      const person = toUuid(who.id);
      await scenario.sql(
        `insert into password_reset (person_id, hash, expires_at) values ($1, 'old', now() + interval '1 day')`,
        [person],
      );
      const standing = await holdTransaction(scenario, 'select 1 from password_reset where person_id = $1 for update', [
        person,
      ]);
      const link = linkFor(who);
      await expect.poll(standing.waiting).toBe(1);
      let entered = false;
      const entering = enter().finally(() => {
        entered = true;
      });
      await expect.poll(async () => entered || (await standing.waiting()) === 2).toBe(true);
      await standing.letGo();
      const token = await link;
      expect((await entering).status).toBe(201);
      expect((await reset(scenario, token)).body.code).toBe('reset_token_invalid');
      await scenario.sql('update membership set removed_at = now() where person_id = $1 and role = $2', [
        person,
        'owner',
      ]);
    }
  });

  test('lets somebody in at once whom the guesses of a stranger keep out', async () => {
    const who = await join(scenario, 'agent');
    const token = await linkFor(who);
    for (let n = 0; n < 10; n++) {
      expect((await logIn(scenario, who.email, { password: `a guess ${n}` })).status).toBe(401);
      scenario.clock.advance(minute / 4);
    }
    expect((await logIn(scenario, who.email)).body.code).toBe('too_many_failures');
    expect((await reset(scenario, token)).status).toBe(204);
    expect((await logIn(scenario, who.email, { password: other })).status).toBe(200);
  });

  test('so many an hour', async () => {
    const [admin, who] = [await join(scenario, 'admin'), await join(scenario, 'agent')];
    let made = 0;
    for (; made < 60; made++)
      if ((await admin.api('POST', `/api/v1/people/${who.id}/reset-link`)).status === 429) break;
    expect(made).toBe(50);
  });

  test('guessing tokens is paused', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => reset(scenario, `guess ${n}`)));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
  });
});

test('no login with the old password and no switch outlives a new one, however they meet', async () => {
  for (let round = 0; round < 5; round++) {
    const who = await join(scenario, 'agent');
    const { workspace } = (await who.api('GET', '/api/v1/me')).body;
    const token = await linkFor(who);
    await Promise.all([
      ...Array.from({ length: 4 }, () => logIn(scenario, who.email)),
      ...Array.from({ length: 4 }, () => who.api('POST', '/api/v1/auth/switch', { workspace_id: workspace.id })),
      reset(scenario, token),
    ]);
    const live = `select 1 from session s join person p on p.id = s.person_id where p.email = $1 and revoked_at is null`;
    expect(await scenario.sql(live, [who.email])).toEqual([]);
    scenario.clock.advance(hour);
  }
});

test('no login that meets a disabling comes back to life with the person', async () => {
  for (let round = 0; round < 5; round++) {
    const who = await join(scenario, 'agent');
    const disable = (disabled: boolean) => scenario.api('PATCH', `/api/v1/people/${who.id}`, { disabled });
    const [disabled, ...logins] = await Promise.all([
      disable(true),
      ...Array.from({ length: 4 }, () => logIn(scenario, who.email)),
    ]);
    expect(disabled?.status).toBe(200);
    await disable(false);
    for (const login of logins.filter(({ status }) => status === 200))
      expect((await scenario.as(login.body.access_token)('GET', '/api/v1/me')).status).toBe(401);
    scenario.clock.advance(hour);
  }
});

describe('a password that was forgotten', () => {
  test('without SMTP nothing happens that can be seen', async () => {
    const [known, unknown] = [await forgot(scenario, owner.email), await forgot(scenario, newEmail())];
    expect(known.status).toBe(202);
    expect(known.text).toBe(unknown.text);
    expect(known.body.message).toBe('This server sends no mail. Ask a person who manages people for a reset link.');
    expect(await scenario.sql('select 1 from password_reset where made_by is null')).toEqual([]);
  });

  test('so many links an hour, alike for known and unknown addresses', async () => {
    for (const email of [owner.email, newEmail()]) {
      const answers = [];
      for (let n = 0; n < 7; n++) {
        answers.push((await forgot(scenario, email)).status);
        scenario.clock.advance(minute);
      }
      expect(answers).toEqual([202, 202, 202, 202, 202, 429, 429]);
    }
  });

  test('letters whose links would lead nowhere are not begun with', async () => {
    const env = { SMTP_URL: mail.url, SMTP_FROM: 'recado@example.com' };
    await expect(startScenario({ env })).rejects.toThrow('PUBLIC_URL is needed with SMTP_URL');
  });

  test('with SMTP a link is mailed to the owner of the address only', async () => {
    const own = await startScenario({
      env: { SMTP_URL: mail.url, SMTP_FROM: 'recado@example.com', PUBLIC_URL: 'http://recado.example.com' },
    });
    try {
      const unknown = await forgot(own, newEmail());
      const known = await forgot(own, owner.email);
      expect([unknown.status, known.status]).toEqual([202, 202]);
      expect(known.text).toBe(unknown.text);
      const letter = await mail.next();
      expect(letter).toMatchObject({ to: owner.email, subject: 'A new password for Recado' });
      const token = tokenOf(/http\S+/.exec(letter.text)?.[0] ?? '');
      expect((await reset(own, token)).status).toBe(204);
      expect((await logIn(own, owner.email, { password: other })).status).toBe(200);
      expect(mail.letters).toHaveLength(1);

      mail.refuse(true);
      const refused = await forgot(own, owner.email);
      expect([refused.status, refused.text]).toEqual([202, known.text]);
    } finally {
      await own.close();
      mail.refuse(false);
    }
  });

  describe('and whose letter the mail server does not take at once', () => {
    let own: Scenario;
    beforeAll(async () => {
      own = await startScenario({
        clock: 'manual',
        env: { SMTP_URL: mail.url, SMTP_FROM: 'recado@example.com', PUBLIC_URL: 'http://recado.example.com' },
      });
    });
    afterAll(() => own.close());
    beforeEach(() => own.clock.advance(hour + 1));
    afterEach(() => mail.refuse(false));

    const named = () => mail.said.filter(line => /^RCPT/i.test(line)).length;
    /** Resolves once the mail server has been asked so often since then. */
    const tried = (count: number, since: number) => expect.poll(() => named() - since).toBe(count);
    /** Moves the clock until the next try is made. */
    const tryAgain = (count: number, since: number) =>
      expect
        .poll(
          () => {
            own.clock.advance(2_000);
            return named() - since;
          },
          { interval: 5 },
        )
        .toBe(count);
    /** Advances the clock, so that due retries run. */
    async function passQuarter(): Promise<void> {
      for (let n = 0; n < 15; n++) {
        own.clock.advance(minute);
        await own.api('GET', '/api/v1/me');
      }
    }

    test('it is sent again, and the link of the second letter is good', async () => {
      const since = named();
      mail.refuse('for a while');
      expect((await forgot(own, owner.email)).status).toBe(202);
      await tryAgain(2, since);
      mail.refuse(false);
      const letter = mail.next();
      await tryAgain(3, since);
      const token = tokenOf(/http\S+/.exec((await letter).text)?.[0] ?? '');
      expect((await reset(own, token)).status).toBe(204);
    });

    test('after three tries it is given up', async () => {
      const since = named();
      mail.refuse('for a while');
      await forgot(own, owner.email);
      await tryAgain(3, since);
      await passQuarter();
      expect(named() - since).toBe(3);
    });

    test('one that is rejected for good is not sent again', async () => {
      const since = named();
      mail.refuse(true);
      await forgot(own, owner.email);
      await tried(1, since);
      mail.refuse(false);
      await passQuarter();
      expect(named() - since).toBe(1);
    });

    test('a link that another has taken the place of is not sent any more', async () => {
      const since = named();
      mail.refuse('for a while');
      await forgot(own, owner.email);
      await tried(1, since);
      mail.refuse(false);
      await forgot(own, owner.email);
      const token = tokenOf(/http\S+/.exec((await mail.next()).text)?.[0] ?? '');
      await passQuarter();
      expect(named() - since).toBe(2);
      expect((await reset(own, token)).status).toBe(204);
    });

    test('the program does not wait for it when it stops', async () => {
      const stopping = await startScenario({
        clock: 'manual',
        env: { SMTP_URL: mail.url, SMTP_FROM: 'recado@example.com', PUBLIC_URL: 'http://recado.example.com' },
      });
      const since = named();
      mail.refuse('for a while');
      await forgot(stopping, owner.email);
      await tried(1, since);
      await stopping.close();
      stopping.clock.advance(hour);
      await forgot(own, owner.email);
      await tried(2, since);
      expect(named() - since).toBe(2);
    });
  });

  test('with SMTP a link for somebody else is mailed to them', async () => {
    const own = await startScenario({
      env: { SMTP_URL: mail.url, SMTP_FROM: 'recado@example.com', PUBLIC_URL: 'http://recado.example.com' },
    });
    try {
      const email = newEmail();
      await own.api('POST', '/api/v1/invitations', { email, role: 'agent' });
      const invitation = /http\S+/.exec((await mail.next()).text)?.[0] ?? '';
      const body = { token: tokenOf(invitation), name: 'x', password: goodPassword };
      const joined = await own.as(undefined)('POST', '/api/v1/invitations/accept', body);
      const { person } = (await own.as(joined.body.access_token)('GET', '/api/v1/me')).body;
      const path = `/api/v1/people/${person.id}/reset-link`;
      expect((await own.api('POST', path)).body).toMatchObject({ link: null, mailed: true });
      const link = /http\S+/.exec((await mail.next()).text)?.[0] ?? '';
      expect((await reset(own, tokenOf(link))).status).toBe(204);
      mail.refuse(true);
      expect(await own.api('POST', path)).toMatchObject({ status: 502, body: { code: 'mail_not_sent' } });
      expect(await own.sql('select 1 from password_reset')).toEqual([]);
      expect((await audited(own, 'password_reset.withdrawn')).map(({ detail }) => detail)).toEqual([
        { reason: 'mail_not_sent' },
      ]);
    } finally {
      await own.close();
      mail.refuse(false);
    }
  });
});

describe('so many an hour', () => {
  test('sessions of a person, by logins and by switching together', async () => {
    const who = await join(scenario, 'agent');
    const { workspace } = (await who.api('GET', '/api/v1/me')).body;
    // As if the person had opened so many already.
    await scenario.sql('insert into login_failure (subject, failed_at) select $1, $2 from generate_series(1, 98)', [
      `sessions person ${toUuid(who.id)}`,
      new Date(scenario.clock.now()),
    ]);
    const switchTo = () => who.api('POST', '/api/v1/auth/switch', { workspace_id: workspace.id });
    expect([(await logIn(scenario, who.email)).status, (await switchTo()).status]).toEqual([200, 200]);
    for (const refused of [await logIn(scenario, who.email), await switchTo()]) {
      expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      expect(refused.headers.get('retry-after')).toBe('3600');
    }
    scenario.clock.advance(hour);
    expect((await logIn(scenario, who.email)).status).toBe(200);
  });

  test('refreshes of a session; a token that comes twice ends it all the same', async () => {
    const who = await join(scenario, 'agent');
    const refresh = (refresh_token: string) =>
      scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token });
    let token = who.refreshToken;
    for (let n = 0; n < 60; n++) {
      const answer = await refresh(token);
      expect(answer.status).toBe(200);
      token = answer.body.refresh_token;
    }
    expect(await refresh(token)).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    // Another session of the person has a limit of its own.
    expect((await refresh((await logIn(scenario, who.email)).body.refresh_token)).status).toBe(200);
    expect((await refresh(who.refreshToken)).body.code).toBe('refresh_token_invalid');
    scenario.clock.advance(hour);
    expect((await refresh(token)).body.code).toBe('refresh_token_invalid');
  });
});

describe('tries at the same time', () => {
  const failures = async (email: string) =>
    (
      await scenario.sql<{ n: number }>('select count(*)::int as n from login_failure where subject = $1', [
        `person ${email}`,
      ])
    )[0]?.n;

  test('that are right keep nobody out for longer than they last', async () => {
    const who = await join(scenario, 'agent');
    const standing = await holdTransaction(scenario, 'lock table person in access exclusive mode');
    const logins = Array.from({ length: 5 }, () => logIn(scenario, who.email));
    await expect.poll(() => failures(who.email)).toBe(5);
    const refused = await logIn(scenario, who.email);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_failures' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await failures(who.email)).toBe(5);
    await standing.letGo();
    expect((await Promise.all(logins)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await logIn(scenario, who.email)).status).toBe(200);
  });

  test('that are wrong pause for as long as others, and those that are rejected leave nothing', async () => {
    const who = await join(scenario, 'agent');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => logIn(scenario, who.email, { password: `${n}` })),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    const refused = await logIn(scenario, who.email);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await failures(who.email)).toBe(5);
  });

  test('one that nobody ended counts as failed', async () => {
    const who = await join(scenario, 'agent');
    const gone = new Date(scenario.clock.now());
    await scenario.sql(
      'insert into login_failure (subject, failed_at, under_way) select $1, $2, true from generate_series(1, 10)',
      [`person ${who.email} from 127.0.0.1`, gone],
    );
    expect((await logIn(scenario, who.email)).headers.get('retry-after')).toBe('1');
    scenario.clock.advance(minute);
    expect((await logIn(scenario, who.email)).headers.get('retry-after')).toBe(String(14 * 60));
  });
});

describe('the current password', () => {
  test('is counted like a login, so that a stolen session cannot try for long', async () => {
    const who = await join(scenario, 'agent');
    const change = (current_password: string) =>
      who.api('POST', '/api/v1/me/password', { current_password, new_password: other });
    for (let n = 0; n < 5; n++) expect((await change(`wrong ${n}`)).body.code).toBe('current_password_wrong');
    expect((await change(goodPassword)).body.code).toBe('too_many_failures');
    scenario.clock.advance(minute);
    expect((await change(goodPassword)).status).toBe(204);
    expect((await audited(scenario, 'proof.rejected')).length).toBe(5);
  });
});

test('a password that was proven before a reset changes nothing after it', async () => {
  const who = await join(scenario, 'agent');
  const token = await linkFor(who);
  const standing = await holdTransaction(scenario, 'select 1 from person where id = $1 for update', [toUuid(who.id)]);
  const resetting = reset(scenario, token);
  await expect.poll(standing.waiting).toBe(1);
  const body = { current_password: goodPassword, new_password: 'whoever has the session' };
  const changing = who.api('POST', '/api/v1/me/password', body);
  await expect.poll(standing.waiting).toBe(2);
  await standing.letGo();
  expect((await resetting).status).toBe(204);
  expect(await changing).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  expect((await logIn(scenario, who.email, { password: other })).status).toBe(200);
});

describe('a password that is easy to guess is rejected', () => {
  test('on every route that sets one', async () => {
    const who = await join(scenario, 'agent', { email: 'margarita.lopez@example.com' });
    const easy = 'MargaritaLopez1';
    const change = { current_password: goodPassword, new_password: easy };
    expect((await who.api('POST', '/api/v1/me/password', change)).body.errors[0].field).toBe('new_password');
    const token = await linkFor(who);
    expect((await reset(scenario, token, easy)).body.errors[0].field).toBe('password');
    // The link is still good for a better one.
    expect((await reset(scenario, token)).status).toBe(204);
    const invited = await invite(scenario.api, { email: newEmail(), role: 'agent' });
    const body = { token: invited, name: 'x', password: 'qwertyuiop123' };
    expect((await scenario.as(undefined)('POST', '/api/v1/invitations/accept', body)).status).toBe(400);
  });

  test('at the setup too, which is in the log with who did it and the session', async () => {
    const own = await startScenario({ owner: false });
    try {
      const token = tokenOf(own.recado.setupLink ?? '');
      const setUp = (password: string) =>
        own.as(undefined)('POST', '/api/v1/setup', { token, email: 'a@example.com', name: 'Ana', password });
      expect((await setUp('password1234')).status).toBe(400);
      const { status, body } = await setUp(goodPassword);
      expect(status).toBe(201);
      const { data } = auditPage.parse((await own.as(body.access_token)('GET', '/api/v1/audit')).body);
      expect(data.map(({ action, actor, address }) => [action, actor.kind, actor.name, address])).toEqual([
        ['session.opened', 'person', 'Ana', '127.0.0.1'],
        ['workspace.created', 'person', 'Ana', '127.0.0.1'],
      ]);
    } finally {
      await own.close();
    }
  });
});

test('expired rows are deleted', async () => {
  const who = await join(scenario, 'agent');
  await linkFor(who);
  await logIn(scenario, who.email, { password: 'wrong' });
  const [kept] = await scenario.sql<{ n: number }>('select count(*)::int as n from session where revoked_at is null');
  const log = openLog('silent');
  const connection = { connectionString: scenario.databaseUrl };
  const db = openDatabase({ connection, role: 'recado_engine', name: 'test', max: 1 }, log);
  try {
    scenario.clock.advance(8 * 24 * hour);
    await deleteExpiredSessions(db, scenario.clock);
    expect(await scenario.sql('select 1 from session where revoked_at is not null')).toEqual([]);
    expect(await scenario.sql('select 1 from password_reset')).toEqual([]);
    expect(await scenario.sql('select 1 from login_failure')).toEqual([]);
    const [left] = await scenario.sql<{ n: number }>('select count(*)::int as n from session');
    expect(left).toEqual(kept);
    scenario.clock.advance(31 * 24 * hour);
    await deleteExpiredSessions(db, scenario.clock);
    // The scenario's own is good for ten years.
    expect(await scenario.sql(`select 1 from session where expires_at < now() + interval '1 year'`)).toEqual([]);
  } finally {
    await db.close();
  }
});
