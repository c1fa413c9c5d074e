// Tokens that somebody has tampered with, replays, races, cookies from other sites, and what ends at the next request.
import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessTokens } from '../../server/features/auth/index.ts';
import { deriveSigningKey } from '../../server/kit/crypto/secrets.ts';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { realClock } from '../../server/kit/time.ts';
import { type Answer, owner, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario.close());

const me = (call: Scenario, token: string | undefined, headers: Record<string, string> = {}) =>
  call.as(token)('GET', '/api/v1/me', undefined, headers);
const login = async (where = scenario, body: object = {}) =>
  where.as(undefined)('POST', '/api/v1/auth/login', { ...owner, ...body });
const refresh = (refresh_token: string) => scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token });

/** The UUIDs in a token that is ours. */
const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('access tokens', () => {
  const own = () => deriveSigningKey(secretKey, 'access tokens 1');
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = () => Math.floor(Date.now() / 1000);

  /** A token as ours, but for what is given; signed with our own key unless told otherwise. */
  async function forge(
    header: Record<string, unknown> = {},
    claims: Record<string, unknown> = {},
    signature: (data: string) => Buffer | string = data => signWith(null, Buffer.from(data), own().privateKey),
  ): Promise<string> {
    const good = claimsOf(await scenario.token());
    const data = `${part({ alg: 'EdDSA', kid: own().id, typ: 'at+jwt', ...header })}.${part({ ...good, ...claims })}`;
    const made = signature(data);
    return `${data}.${typeof made === 'string' ? made : made.toString('base64url')}`;
  }

  test('one that is made as ours is good, so that the refusals below mean something', async () => {
    expect((await me(scenario, await forge())).status).toBe(200);
  });

  const publicKey = () => own().publicKey.export({ format: 'pem', type: 'spki' });
  const rawKey = () => own().publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const hmac =
    (key: string | Buffer, hash = 'sha256') =>
    (data: string) =>
      createHmac(hash, key).update(data).digest();
  const stranger = generateKeyPairSync('ed25519');
  const byStranger = (data: string) => signWith(null, Buffer.from(data), stranger.privateKey);
  const jwk = stranger.publicKey.export({ format: 'jwk' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test.each<[string, () => Promise<string>]>([
    ['no algorithm', () => forge({ alg: 'none' }, {}, () => '')],
    ['no algorithm, and our signature', () => forge({ alg: 'none' })],
    ['None', () => forge({ alg: 'None' }, {}, () => '')],
    ['NONE', () => forge({ alg: 'NONE' }, {}, () => '')],
    ['HS256 with the public key as PEM', () => forge({ alg: 'HS256' }, {}, hmac(publicKey()))],
    ['HS256 with the bytes of the public key', () => forge({ alg: 'HS256' }, {}, hmac(rawKey()))],
    ['HS256 with the secret key', () => forge({ alg: 'HS256' }, {}, hmac(secretKey))],
    ['HS512 with an empty key', () => forge({ alg: 'HS512' }, {}, hmac('', 'sha512'))],
    ['RS256', () => forge({ alg: 'RS256' }, {}, data => signWith('sha256', Buffer.from(data), rsa.privateKey))],
    ['no alg', () => forge({ alg: undefined })],
    ['a list as alg', () => forge({ alg: ['EdDSA'] })],
    ['crit', () => forge({ crit: ['exp'], exp: 1 })],
    ['an unknown crit', () => forge({ crit: ['x'], x: 1 })],
    ['an empty crit', () => forge({ crit: [] })],
    ['its key in jwk', () => forge({ jwk }, {}, byStranger)],
    ['its key in jwk, without kid', () => forge({ jwk, kid: undefined }, {}, byStranger)],
    ['its key in jku', () => forge({ jku: 'https://example.com/jwks.json' }, {}, byStranger)],
    ['its key in x5u', () => forge({ x5u: 'https://example.com/c.pem' }, {}, byStranger)],
    ['another key under our kid', () => forge({}, {}, byStranger)],
    ['a kid that nobody knows', () => forge({ kid: 'ffffffffffffffff' })],
    ['a kid that leads to a file', () => forge({ kid: '../../../../dev/null' }, {}, hmac(''))],
    ['a kid of a prototype', () => forge({ kid: '__proto__' })],
    ['a kid that asks the database', () => forge({ kid: `x' union select 'k` })],
    ['a kid that is a number', () => forge({ kid: 1 })],
    ['no kid', () => forge({ kid: undefined })],
    ['another type', () => forge({ typ: 'JWT' })],
    ['no type', () => forge({ typ: undefined })],
    ['another audience', () => forge({}, { aud: 'another' })],
    ['no audience', () => forge({}, { aud: undefined })],
    ['another issuer', () => forge({}, { iss: 'another' })],
    ['no issuer', () => forge({}, { iss: undefined })],
    ['no expiry', () => forge({}, { exp: undefined })],
    ['an expiry that is a text', () => forge({}, { exp: '9999999999' })],
    ['expired', () => forge({}, { exp: now() - 1 })],
    ['not good yet', () => forge({}, { nbf: now() + 3_600 })],
    ['no session', () => forge({}, { sid: undefined })],
    ['a session that is no id', () => forge({}, { sid: `' or true --` })],
    ['the session of nobody', () => forge({}, { sid: newUuid() })],
    [
      'of another installation',
      () =>
        accessTokens('another key', realClock).sign({
          personId: newUuid(),
          workspaceId: newUuid(),
          sessionId: newUuid(),
        }),
    ],
    ['an empty signature', async () => (await scenario.token()).replace(/[^.]*$/, '')],
    ['no signature', async () => (await scenario.token()).replace(/\.[^.]*$/, '')],
    ['half a signature', async () => (await scenario.token()).slice(0, -43)],
    ['a signature with more behind it', async () => `${await scenario.token()}AA`],
    ['four parts', async () => `${await scenario.token()}.AA`],
    ['a refresh token', async () => (await login()).body.refresh_token],
  ])('with %s are rejected', async (_name, make) => {
    const answer = await me(scenario, await make());
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthorized']);
  });

  test('signed with secrets that are well known are rejected', async () => {
    const known = [
      'secret',
      'changeme',
      'password',
      'your-256-bit-secret',
      'jwt_secret',
      'test',
      'key',
      '123456',
      'admin',
      'default',
      'supersecret',
      'THISISMYSECURETOKEN',
      'your-super-secret-jwt-key',
      'shhhhh',
      'recado',
      '',
    ];
    for (const secret of known) {
      expect([secret, (await me(scenario, await forge({ alg: 'HS256' }, {}, hmac(secret)))).status]).toEqual([
        secret,
        401,
      ]);
      const derived = deriveSigningKey(secret, 'access tokens 1');
      const token = await forge({ kid: derived.id }, {}, data => signWith(null, Buffer.from(data), derived.privateKey));
      expect([secret, (await me(scenario, token)).status]).toEqual([secret, 401]);
    }
  });

  test('with any letter changed are rejected', async () => {
    const token = await scenario.token();
    // The last letter of a part of base64url has bits that nobody reads.
    const places = [...token].flatMap((letter, at) =>
      letter === '.' || at === token.length - 1 || token[at + 1] === '.' ? [] : [at],
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.constantFrom(...'aZ09-_'), async (at, letter) => {
        fc.pre(token[at] !== letter);
        expect((await me(scenario, token.slice(0, at) + letter + token.slice(at + 1))).status).toBe(401);
      }),
      { numRuns: 60 },
    );
  });

  test('are good for fifteen minutes by the clock, also once they have been seen', async () => {
    const own = await startScenario({ clock: 'manual' });
    try {
      const token = await own.token();
      expect((await me(own, token)).status).toBe(200);
      own.clock.advance(14 * 60_000);
      expect((await me(own, token)).status).toBe(200);
      own.clock.advance(61_000);
      expect((await me(own, token)).status).toBe(401);
    } finally {
      await own.close();
    }
  });
});

describe('replays and races', () => {
  test('of twenty exchanges of one refresh token one wins, and then the session is over', async () => {
    const { access_token, refresh_token } = (await login()).body;
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
    expect((await refresh(won[0]?.body.refresh_token)).body.code).toBe('refresh_token_invalid');
    expect((await me(scenario, access_token)).status).toBe(401);
    expect((await me(scenario, won[0]?.body.access_token)).status).toBe(401);
    const [row] = await scenario.sql<{ n: number }>(
      `select count(*)::int as n from audit_entry where action = 'session.ended' and target_id = $1 and detail->>'reason' = 'refresh_token_reused'`,
      [claimsOf(access_token).sid],
    );
    expect(row?.n).toBe(1);
  });

  test('fifty posts with one Idempotency-Key make one message, and are answered alike', async () => {
    const body = { account_id: scenario.account.id, to: '+33612777888', type: 'text', text: { body: 'once' } };
    const post = () => scenario.api('POST', '/api/v1/messages', body, { 'idempotency-key': 'fifty at once' });
    const answers = await Promise.all(Array.from({ length: 50 }, post));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const [row] = await scenario.sql<{ n: number }>(
      `select count(*)::int as n from message where address = '+33612777888'`,
    );
    expect(row?.n).toBe(1);
    await scenario.settle();
    expect(
      scenario.simulator.ledger.entries().filter(each => JSON.stringify(each).includes('33612777888')),
    ).toHaveLength(1);
  });

  test('the same key with another body is rejected, and in another workspace it is another key', async () => {
    const body = { account_id: scenario.account.id, to: '+33612777889', type: 'text', text: { body: 'mine' } };
    const headers = { 'idempotency-key': 'one key' };
    const first = await scenario.api('POST', '/api/v1/messages', body, headers);
    const other = await scenario.api('POST', '/api/v1/messages', { ...body, text: { body: 'else' } }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const stranger = await scenario.stranger();
    const theirs = await stranger.api(
      'POST',
      '/api/v1/messages',
      { ...body, account_id: stranger.account.id },
      headers,
    );
    expect(theirs.status).toBe(202);
    expect(theirs.body.id).not.toBe(first.body.id);
    const route = await scenario.api('POST', '/api/v1/contacts', { name: 'A' }, headers);
    expect(route.status).toBe(201);
  });

  test('after logging out neither token is good', async () => {
    const { access_token, refresh_token } = (await login()).body;
    expect((await me(scenario, access_token)).status).toBe(200);
    await scenario.as(undefined)('POST', '/api/v1/auth/logout', { refresh_token });
    expect((await me(scenario, access_token)).status).toBe(401);
    expect((await refresh(refresh_token)).status).toBe(401);
  });

  test('the password changes only with the current one, and then other sessions end', async () => {
    const own = await startScenario();
    try {
      const [here, elsewhere] = [(await login(own)).body, (await login(own)).body];
      const change = (current_password: string) =>
        own.as(here.access_token)('POST', '/api/v1/me/password', {
          current_password,
          new_password: 'another long password',
        });
      expect((await change('wrong')).body.code).toBe('current_password_wrong');
      expect((await me(own, elsewhere.access_token)).status).toBe(200);
      expect((await change(owner.password)).status).toBe(204);
      expect((await me(own, here.access_token)).status).toBe(200);
      expect((await me(own, elsewhere.access_token)).status).toBe(401);
      expect((await login(own)).status).toBe(401);
      expect((await login(own, { password: 'another long password' })).status).toBe(200);
    } finally {
      await own.close();
    }
  });
});

describe('cookies', () => {
  const cookiesOf = (answer: Answer) => answer.headers.getSetCookie();
  const sent = (answer: Answer) =>
    cookiesOf(answer)
      .map(each => each.split(';')[0])
      .join('; ');

  test('hold the tokens out of the reach of scripts and of other sites', async () => {
    const answer = await login(scenario, { cookies: true });
    expect(answer.text).not.toMatch(/rcr_|eyJ/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const set = cookiesOf(answer);
    expect(set.map(each => each.split('=')[0]).sort()).toEqual(['recado_access', 'recado_refresh']);
    for (const each of set) {
      expect(each).toMatch(/; HttpOnly/);
      expect(each).toMatch(/; SameSite=Strict/);
      expect(each).toMatch(/; Path=\//);
      expect(each).not.toMatch(/; Secure|; Domain/);
    }
  });

  test('under https are for this host alone, and sent over TLS only', async () => {
    const own = await startScenario({ publicUrl: 'https://recado.example.com' });
    try {
      const anonymous = own.as(undefined);
      const answer = await anonymous('POST', '/api/v1/auth/login', { ...owner, cookies: true });
      const set = cookiesOf(answer);
      expect(set.map(each => each.split('=')[0]).sort()).toEqual(['__Host-recado_access', '__Host-recado_refresh']);
      for (const each of set) {
        for (const flag of [/; HttpOnly/, /; SameSite=Strict/, /; Path=\/(;|$)/, /; Secure/])
          expect(each).toMatch(flag);
        expect(each).not.toMatch(/; Domain/);
      }
      const headers = { cookie: sent(answer), 'x-csrf-token': answer.body.csrf_token };
      const post = async (origin: string) =>
        (await anonymous('POST', '/api/v1/contacts', { name: 'A' }, { ...headers, origin })).status;
      expect(await post('https://recado.example.com')).toBe(201);
      for (const foreign of ['http://recado.example.com', 'https://example.com', 'null'])
        expect(await post(foreign)).toBe(403);
    } finally {
      await own.close();
    }
  });

  test('read freely, and change something only from our own pages', async () => {
    const answer = await login(scenario, { cookies: true });
    const cookie = sent(answer);
    const csrf = answer.body.csrf_token;
    const anonymous = scenario.as(undefined);
    expect((await anonymous('GET', '/api/v1/me', undefined, { cookie })).status).toBe(200);
    const post = (headers: Record<string, string>, body: unknown = { name: 'A' }) =>
      anonymous('POST', '/api/v1/contacts', body, { cookie, ...headers });
    expect((await post({ 'x-csrf-token': csrf })).status).toBe(201);
    expect(
      (await post({ 'x-csrf-token': csrf, origin: scenario.recado.url ?? '', 'sec-fetch-site': 'same-origin' })).status,
    ).toBe(201);
    const another = (await login(scenario, { cookies: true })).body.csrf_token;
    for (const headers of [
      {},
      { 'x-csrf-token': '' },
      { 'x-csrf-token': `${csrf}x` },
      { 'x-csrf-token': another },
      { 'x-csrf-token': csrf, origin: 'https://example.com' },
      { 'x-csrf-token': csrf, origin: 'null' },
      { 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' },
      { 'x-csrf-token': csrf, 'sec-fetch-site': 'same-site' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'text/plain', origin: 'https://example.com', 'sec-fetch-site': 'cross-site' },
    ])
      expect([headers, (await post(headers as Record<string, string>)).status]).toEqual([headers, 403]);
    // With the token too, a body that forms can send is rejected.
    expect((await post({ 'x-csrf-token': csrf, 'content-type': 'text/plain' }, '{"name":"A"}')).status).toBe(415);
    // Other credentials count, where they are given, and need no cookie.
    expect((await post({ authorization: 'Bearer x', 'x-csrf-token': csrf })).status).toBe(401);
  });

  test('are exchanged and ended only from our own pages too', async () => {
    const answer = await login(scenario, { cookies: true });
    const post = (path: string, headers: Record<string, string>) =>
      scenario.as(undefined)('POST', `/api/v1/auth/${path}`, {}, { cookie: sent(answer), ...headers });
    for (const path of ['refresh', 'logout']) expect([path, (await post(path, {})).status]).toEqual([path, 403]);
    const exchanged = await post('refresh', { 'x-csrf-token': answer.body.csrf_token });
    expect(exchanged.status).toBe(200);
    const cookie = sent(exchanged);
    const headers = { cookie, 'x-csrf-token': exchanged.body.csrf_token };
    const out = await scenario.as(undefined)('POST', '/api/v1/auth/logout', {}, headers);
    expect(out.status).toBe(204);
    for (const each of cookiesOf(out)) expect(each).toMatch(/=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/);
    expect((await scenario.as(undefined)('GET', '/api/v1/me', undefined, { cookie })).status).toBe(401);
  });
});

describe('a revocation applies at the next request, on every node', () => {
  const nodes: string[] = [];
  beforeAll(async () => {
    const other = await scenario.node('api');
    nodes.push(scenario.recado.url ?? '', other.url ?? '');
  });

  /** What each node answers to these credentials. */
  const everywhere = (token: string, path = '/api/v1/me', method = 'GET') =>
    Promise.all(
      nodes.map(async node => {
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const answer = await fetch(node + path, {
          method,
          headers,
          ...(method === 'POST' && { body: '{"name":"Ana"}' }),
        });
        await answer.arrayBuffer();
        return answer.status;
      }),
    );

  async function join(role: string) {
    const [personId, sessionId] = [newUuid(), newUuid()];
    const [row] = await scenario.sql<{ id: string }>('select id from workspace order by created_at limit 1');
    const workspaceId = row?.id ?? '';
    await scenario.sql(`insert into person (id, email, name, password_hash) values ($1, $2, 'P', 'none')`, [
      personId,
      `${personId}@example.com`,
    ]);
    await scenario.sql('insert into membership (workspace_id, person_id, role) values ($1, $2, $3)', [
      workspaceId,
      personId,
      role,
    ]);
    await scenario.sql(
      `insert into session (id, workspace_id, person_id, created_at, renewed_at, expires_at)
       values ($1, $2, $3, now(), now(), now() + interval '1 day')`,
      [sessionId, workspaceId, personId],
    );
    const token = await accessTokens(secretKey, realClock).sign({ personId, workspaceId, sessionId });
    return { personId, workspaceId, token };
  }

  test('a session', async () => {
    const { access_token } = (await login()).body;
    expect(await everywhere(access_token)).toEqual([200, 200]);
    const list = await scenario.as(access_token)('GET', '/api/v1/me/sessions');
    const current = list.body.data.find((each: { current: boolean }) => each.current);
    expect((await scenario.as(access_token)('DELETE', `/api/v1/me/sessions/${current.id}`)).status).toBe(204);
    expect(await everywhere(access_token)).toEqual([401, 401]);
  });

  test('a membership, while it is disabled', async () => {
    const { token, personId } = await join('agent');
    expect(await everywhere(token)).toEqual([200, 200]);
    await scenario.sql('update membership set disabled_at = now() where person_id = $1', [personId]);
    expect(await everywhere(token)).toEqual([401, 401]);
    await scenario.sql('update membership set disabled_at = null where person_id = $1', [personId]);
    expect(await everywhere(token)).toEqual([200, 200]);
    await scenario.sql('update membership set removed_at = now() where person_id = $1', [personId]);
    expect(await everywhere(token)).toEqual([401, 401]);
  });

  test('a role, and the accounts of it', async () => {
    const { token, personId } = await join('agent');
    expect(await everywhere(token, '/api/v1/contacts', 'POST')).toEqual([201, 201]);
    await scenario.sql(`update membership set role = 'viewer' where person_id = $1`, [personId]);
    expect(await everywhere(token, '/api/v1/contacts', 'POST')).toEqual([403, 403]);
    expect(await everywhere(token, `/api/v1/accounts/${scenario.account.id}`)).toEqual([200, 200]);
    await scenario.sql('update membership set accounts = $2 where person_id = $1', [personId, [newUuid()]]);
    expect(await everywhere(token, `/api/v1/accounts/${scenario.account.id}`)).toEqual([404, 404]);
  });

  test('a key', async () => {
    const { body } = await scenario.api('POST', '/api/v1/keys', { name: 'soon gone', scopes: ['accounts.read'] });
    expect(await everywhere(body.key, '/api/v1/accounts')).toEqual([200, 200]);
    expect((await scenario.api('DELETE', `/api/v1/keys/${body.id}`)).status).toBe(204);
    expect(await everywhere(body.key, '/api/v1/accounts')).toEqual([401, 401]);
    const [row] = await scenario.sql<{ at: Date | null }>('select revoked_at as at from api_key where id = $1', [
      toUuid(body.id),
    ]);
    expect(row?.at).not.toBeNull();
  });
});

test('a body is validated under any spelling of its content type', async () => {
  const letters = fc.constantFrom(' ', '\t', ';', ',', 'a', '/', '=', '"', 'charset=utf-8', 'text/plain');
  const types = fc
    .tuple(
      fc.array(letters, { maxLength: 3 }),
      fc.constantFrom('application/json', 'Application/JSON', 'application/', 'text/json'),
      fc.array(letters, { maxLength: 4 }),
    )
    .map(([before, type, after]) => before.join('') + type + after.join(''));
  const token = await scenario.token();
  await fc.assert(
    fc.asyncProperty(types, async type => {
      const answer = await scenario.as(token)('POST', '/api/v1/contacts', '{"name":1,"is_admin":true}', {
        'content-type': type,
      });
      expect([400, 415]).toContain(answer.status);
    }),
    { numRuns: 300 },
  );
});
