// The way in and out: logins, refresh tokens, what is no token of ours, and the setup of the first owner.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessTokens } from '../../server/features/auth/index.ts';
import { logIn } from '../../server/features/auth/log-in.ts';
import { encrypter } from '../../server/kit/crypto/encryption.ts';
import { type Database, openDatabase, type Queryable } from '../../server/kit/db/database.ts';
import { toQuery } from '../../server/kit/db/sql.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
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
