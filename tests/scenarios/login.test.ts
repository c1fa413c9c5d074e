// The way in and out: logins, refresh tokens, what is no token of ours, and the setup of the first owner.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accessTokens } from '../../server/features/auth/index.ts';
import { logIn } from '../../server/features/auth/log-in.ts';
import { encrypter } from '../../server/kit/crypto/encryption.ts';
import { type Database, openDatabase, type Queryable } from '../../server/kit/db/database.ts';
import { toQuery } from '../../server/kit/db/sql.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { goodPassword, join, tokenOf } from '../setup/people.ts';
import { owner, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario.close());

describe('tokens that are not ours', () => {
  test.each([
    ['nothing', ''],
    ['not a token', 'Bearer x'],
    ['another scheme', 'Basic b3duZXI6eA=='],
    [
      'no signature',
      `Bearer ${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${Buffer.from('{"sub":"x","wsp":"x","role":"owner"}').toString('base64url')}.`,
    ],
  ])('%s', async (_name, authorization) => {
    const answer = await scenario.as(undefined)('GET', '/api/v1/messages', undefined, { authorization });
    expect(answer.status).toBe(401);
    const isToken = authorization.startsWith('Bearer ');
    expect(answer.headers.get('www-authenticate')).toBe(isToken ? 'Bearer error="invalid_token"' : 'Bearer');
    expect(answer.body.detail).toContain(isToken ? 'Send `Authorization: Bearer' : 'Authorization must be `Bearer `');
  });
});

describe('login', () => {
  const login = (body: unknown) => scenario.as(undefined)('POST', '/api/v1/auth/login', body);

  test('after five failures in a minute the address has to wait', async () => {
    const own = await startScenario();
    try {
      const attempt = (password: string) =>
        own.as(undefined)('POST', '/api/v1/auth/login', { email: 'owner@example.com', password });
      const answers = await Promise.all(Array.from({ length: 9 }, () => attempt('wrong')));
      expect(answers.filter(answer => answer.status === 401)).toHaveLength(5);
      const refused = answers.find(answer => answer.status === 429);
      expect(refused?.body.code).toBe('too_many_failures');
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await attempt('a long enough password')).status).toBe(429);
    } finally {
      await own.close();
    }
  });

  test('an unknown address and a wrong password are answered alike', async () => {
    const unknown = await login({ email: 'nobody@example.com', password: 'wrong' });
    const wrong = await login({ email: 'owner@example.com', password: 'wrong' });
    expect(unknown.status).toBe(401);
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
  });

  test('a refresh token works once; the second time ends its session', async () => {
    const first = (await login({ email: 'owner@example.com', password: 'a long enough password' })).body;
    const refresh = (refresh_token: string) =>
      scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token });
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    expect((await scenario.as(second.body.access_token)('GET', '/api/v1/accounts')).status).toBe(200);
    expect((await refresh(first.refresh_token)).status).toBe(401);
    expect((await refresh(second.body.refresh_token)).body.code).toBe('refresh_token_invalid');
  });

  test('logging out ends the session', async () => {
    const { refresh_token } = (await login({ email: 'owner@example.com', password: 'a long enough password' })).body;
    expect((await scenario.as(undefined)('POST', '/api/v1/auth/logout', { refresh_token })).status).toBe(204);
    expect((await scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token })).status).toBe(401);
  });
});

describe('strangers who guess', () => {
  const minute = 60_000;
  let own: Scenario;
  beforeAll(async () => {
    own = await startScenario({ clock: 'manual', env: { TRUST_PROXY: '1' } });
  });
  afterAll(() => own.close());
  beforeEach(() => own.clock.advance(60 * minute));

  let networks = 0;
  const newNetwork = () => `203.0.113.${++networks}`;
  const from = (address: string, email: string, password = goodPassword) =>
    own.as(undefined)('POST', '/api/v1/auth/login', { email, password }, { 'x-forwarded-for': address });

  /** Guesses from several networks until the person's own count is full. */
  async function guess(email: string): Promise<string[]> {
    const strangers = [newNetwork(), newNetwork(), newNetwork()];
    for (let n = 0; n < 10; n++) expect((await from(strangers[n % 3] ?? '', email, `guess ${n}`)).status).toBe(401);
    return strangers;
  }

  /** A person who logged in from a network of their own. */
  async function somebody() {
    const who = await join(own, 'agent');
    const home = newNetwork();
    const opened = await from(home, who.email);
    expect(opened.status).toBe(200);
    return { ...who, home, api: own.as(opened.body.access_token) };
  }

  test('do not lock the person out of a network of their own', async () => {
    const who = await somebody();
    await guess(who.email);
    for (let round = 0; round < 3; round++) {
      expect((await from(newNetwork(), who.email, 'a guess')).status).toBe(401);
      expect((await from(who.home, who.email)).status).toBe(200);
      own.clock.advance(minute / 2);
    }
  });

  test('slow down networks that are new to the person: one try in 30 seconds for all of them', async () => {
    const who = await somebody();
    await guess(who.email);
    expect((await from(newNetwork(), who.email, 'a guess')).status).toBe(401);
    const late = await from(newNetwork(), who.email);
    expect(late).toMatchObject({ status: 429, body: { code: 'too_many_failures' } });
    expect(Number(late.headers.get('retry-after'))).toBeLessThanOrEqual(30);
    own.clock.advance(30_000);
    expect((await from(newNetwork(), who.email)).status).toBe(200);
  });

  test('of an office keep out only who errs, and guessing at many people is stopped for the whole office', async () => {
    const [nora, kwame] = [await somebody(), await somebody()];
    const office = newNetwork();
    for (let n = 0; n < 5; n++) expect((await from(office, nora.email, `wrong ${n}`)).status).toBe(401);
    expect((await from(office, nora.email)).body.code).toBe('too_many_failures');
    expect((await from(office, kwame.email)).status).toBe(200);
    const email = 'invited-at-the-office@example.com';
    const { link } = (await own.api('POST', '/api/v1/invitations', { email, role: 'agent' })).body;
    const accepted = await own.as(undefined)(
      'POST',
      '/api/v1/invitations/accept',
      { token: tokenOf(link), name: 'Kofi', password: goodPassword },
      { 'x-forwarded-for': office },
    );
    expect(accepted.status, accepted.text).toBe(201);
    for (let n = 0; n < 15; n++) expect((await from(office, `person-${n}@example.com`, 'a guess')).status).toBe(401);
    expect((await from(office, kwame.email)).body.code).toBe('too_many_failures');
    expect((await from(newNetwork(), kwame.email)).status).toBe(200);
    own.clock.advance(minute);
    expect((await from(office, kwame.email)).status).toBe(200);
  });

  test('guess from one network for one person ten times in a quarter of an hour at most', async () => {
    const who = await somebody();
    const stranger = newNetwork();
    for (let n = 0; n < 10; n++) {
      expect((await from(stranger, who.email, `guess ${n}`)).status).toBe(401);
      own.clock.advance(minute / 4);
    }
    const refused = await from(stranger, who.email);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, String(12.5 * 60)]);
  });

  test('are told the same of an address that nobody has', async () => {
    await guess('nobody@example.com');
    expect((await from(newNetwork(), 'nobody@example.com')).status).toBe(401);
    expect((await from(newNetwork(), 'nobody@example.com')).status).toBe(429);
  });

  test('keep nobody from a new password and a second factor within a session', async () => {
    const who = await somebody();
    await guess(who.email);
    const begun = await who.api('POST', '/api/v1/me/second-factor', { password: goodPassword });
    expect(begun.status).toBe(201);
    const change = { current_password: goodPassword, new_password: 'green ladder by the well' };
    expect((await who.api('POST', '/api/v1/me/password', change)).status).toBe(204);
  });

  test('are forgotten with a new password by a link', async () => {
    const who = await somebody();
    await guess(who.email);
    await from(newNetwork(), who.email, 'a guess');
    const { link } = (await own.api('POST', `/api/v1/people/${who.id}/reset-link`)).body;
    const body = { token: tokenOf(link), password: 'green ladder by the well' };
    expect((await own.as(undefined)('POST', '/api/v1/auth/password/reset', body)).status).toBe(204);
    expect((await from(newNetwork(), who.email, 'green ladder by the well')).status).toBe(200);
  });
});

test('a login does the same work whether the address is known or not', async () => {
  const engine = openDatabase(
    { connection: { connectionString: scenario.databaseUrl }, role: 'recado_engine', name: 'work', max: 2 },
    openLog('silent'),
  );
  const work: unknown[] = [];
  const counted = (db: Queryable): Queryable => ({
    query: fragment => {
      work.push(toQuery(fragment).text);
      return db.query(fragment);
    },
  });
  const db: Database = {
    ...engine,
    ...counted(engine),
    atomic: counted(engine.atomic),
    transaction: run => {
      work.push('begin');
      return engine.transaction(tx => run(counted(tx)));
    },
  };
  const note = (message: unknown) => work.push(message);
  subscribe('recado.password.tried', note);
  try {
    const tokens = accessTokens(secretKey, realClock);
    const attempt = async (email: string, address: string) => {
      work.length = 0;
      await expect(
        logIn(
          { db, clock: realClock, tokens, encrypter: encrypter(secretKey) },
          { email, password: 'not the password' },
          {
            address,
            network: address,
            userAgent: undefined,
            requestId: 'x',
          },
        ),
      ).rejects.toMatchObject({ code: 'credentials_invalid' });
      return [...work];
    };
    const known = await attempt(owner.email, '198.51.100.20');
    const unknown = await attempt('nobody@example.com', '198.51.100.21');
    expect(unknown).toEqual(known);
    expect(known).toContainEqual({ parameters: '$argon2id$v=19$m=19456,t=2,p=1' });
    expect(known.length).toBeGreaterThan(8);
  } finally {
    unsubscribe('recado.password.tried', note);
    await engine.close();
  }
});

describe('setup', () => {
  test('of twenty at once, one wins', async () => {
    const own = await startScenario({ owner: false });
    try {
      const token = new URL(own.recado.setupLink ?? '').hash.replace('#token=', '');
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          own.as(undefined)('POST', '/api/v1/setup', {
            token,
            email: `owner${n}@example.com`,
            password: 'a long enough password',
            name: 'Ana',
          }),
        ),
      );
      expect(answers.filter(answer => answer.status === 201)).toHaveLength(1);
      // Who comes once the link is used is counted as failing.
      expect(answers.filter(({ status }) => status === 403 || status === 429)).toHaveLength(19);
    } finally {
      await own.close();
    }
  });

  test('a wrong token, a short password and an unknown field are rejected', async () => {
    const setup = (body: object) =>
      scenario.as(undefined)('POST', '/api/v1/setup', {
        token: 'x',
        email: 'a@example.com',
        password: 'a long enough password',
        name: 'A',
        ...body,
      });
    expect((await setup({})).body.code).toBe('setup_token_invalid');
    expect((await setup({ password: 'short' })).body.errors).toEqual([
      { field: 'password', message: 'Must have at least 12 characters.' },
    ]);
    expect((await setup({ role: 'owner' })).status).toBe(400);
  });
});
