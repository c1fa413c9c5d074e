// Secrets: keys that everybody knows, a new SECRET_KEY beside the old one, and a log without anything that is nobody's business.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encryptedColumns } from '../../server/admin/encrypted-store.ts';
import { readConfig } from '../../server/app/config/config.ts';
import { keptSecretKey } from '../../server/app/config/secret-key.ts';
import { accessTokens } from '../../server/features/auth/index.ts';
import { encrypter, placeOf } from '../../server/kit/crypto/encryption.ts';
import { newUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { runRecado } from '../setup/command.ts';
import { pdf, upload } from '../setup/media-files.ts';
import { makeDatabase, owner, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';
import { wellKnownSecrets } from '../setup/well-known-secrets.ts';

const newKey = () => randomBytes(32).toString('base64');

describe('keys that everybody knows', () => {
  let scenario: Scenario;
  let session: { sessionId: string; personId: string; workspaceId: string };
  beforeAll(async () => {
    scenario = await startScenario();
    await scenario.token();
    const [row] = await scenario.sql<typeof session>(
      'select id as "sessionId", person_id as "personId", workspace_id as "workspaceId" from session limit 1',
    );
    session = row ?? { sessionId: '', personId: '', workspaceId: '' };
  });
  afterAll(() => scenario.close());

  test('are a hundred and more, each of its own', () => {
    expect(new Set(wellKnownSecrets).size).toBe(wellKnownSecrets.length);
    expect(wellKnownSecrets.length).toBeGreaterThanOrEqual(100);
  });

  test('stop the start, as the current key and as an earlier one, and are not shown', () => {
    for (const secret of wellKnownSecrets) {
      const start = (env: Record<string, string>) => () => readConfig(env);
      expect(start({ SECRET_KEY: secret }), secret).toThrow(/SECRET_KEY must have at least 32 characters/);
      expect(start({ SECRET_KEY: newKey(), SECRET_KEY_PREVIOUS: secret }), secret).toThrow(
        /SECRET_KEY_PREVIOUS has keys/,
      );
    }
  });

  test('stop the start in the data folder too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recado-key-'));
    for (const secret of wellKnownSecrets) {
      await writeFile(join(folder, 'secret-key'), `${secret}\n`);
      await expect(keptSecretKey(folder, true), secret).rejects.toThrow(/secret key in .* is (publicly known|damaged)/);
    }
    await rm(folder, { recursive: true });
  });

  test('sign no token: a live session, named in a token that each of them signed, lets nobody in', async () => {
    const good = await accessTokens(secretKey, realClock).sign(session);
    expect((await scenario.as(good)('GET', '/api/v1/me')).status).toBe(200);
    for (const secret of wellKnownSecrets) {
      const forged = await accessTokens(secret, realClock).sign(session);
      expect((await scenario.as(forged)('GET', '/api/v1/me')).status, secret).toBe(401);
    }
  });

  test('a random key is taken, however it is written', () => {
    for (let i = 0; i < 5_000; i++) {
      // By a seed: one key in some hundred thousand looks like a pattern, and is rejected.
      const bytes = createHash('sha512')
        .update(String(i))
        .digest()
        .subarray(0, 16 + (i % 33));
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        const key = bytes.toString(encoding);
        if (key.length >= 32) expect(readConfig({ SECRET_KEY: key }).secretKey, key).toBe(key);
      }
    }
  });
});

describe('a new SECRET_KEY', () => {
  const place = (id: string) => placeOf('person', 'totp_secret', id);

  test('reads what the earlier one signed, until that is taken away', async () => {
    const before = await startScenario();
    const login = () =>
      before.as(undefined)('POST', '/api/v1/auth/login', { email: owner.email, password: owner.password });
    const { access_token: token } = (await login()).body;
    const file = await upload(before, { bytes: pdf() });
    const { link } = (await before.api('POST', `/api/v1/media/${file.body.id}/link`, {})).body;
    const linked = async (of: Scenario) => (await fetch(new URL(new URL(link).pathname, of.recado.url))).status;
    expect(await linked(before)).toBe(200);
    const cookies = await before.as(undefined)('POST', '/api/v1/auth/login', {
      email: owner.email,
      password: owner.password,
      cookies: true,
    });
    const cookie = cookies.headers
      .getSetCookie()
      .map(each => each.split(';')[0])
      .join('; ');
    const current = newKey();
    const { databaseUrl } = before;
    const next = (earlier?: string) =>
      startScenario({
        databaseUrl,
        env: {
          SECRET_KEY: current,
          DATA_DIR: before.dataDir,
          SIMULATOR: 'off',
          SIMULATOR_URL: '',
          ...(earlier && { SECRET_KEY_PREVIOUS: earlier }),
        },
      });
    const within = await next(`${newKey()},${secretKey}`);
    expect((await within.as(token)('GET', '/api/v1/me')).status).toBe(200);
    const change = (of: Scenario) =>
      of.as(undefined)('POST', '/api/v1/auth/refresh', {}, { cookie, 'x-csrf-token': cookies.body.csrf_token });
    expect((await change(within)).status).toBe(200);
    expect(await linked(within)).toBe(200);
    await within.close();
    const after = await next();
    expect((await after.as(token)('GET', '/api/v1/me')).status).toBe(401);
    expect(await linked(after)).toBe(404);
    await after.close();
    await before.close();
  });

  test('`npx recado secrets` seals everything again, goes on after a stop, and tells when the earlier key can go', async () => {
    const databaseUrl = await makeDatabase('migrated');
    const scenario = await startScenario({ databaseUrl });
    // That of the push services is encrypted with the scenario's own.
    await scenario.sql('delete from push_key');
    const [oldest, old, current] = [newKey(), newKey(), newKey()];
    const people: { id: string; secret: string }[] = [];
    const put = async (key: string, n: number) => {
      const { encrypt } = encrypter(key);
      const made = Array.from({ length: n }, () => ({ id: newUuid(), secret: randomBytes(20).toString('hex') }));
      people.push(...made);
      await scenario.sql(
        `insert into person (id, email, name, password_hash, totp_secret)
         select id, id || '@example.com', 'x', 'none', secret from unnest($1::uuid[], $2::text[]) u(id, secret)`,
        [made.map(({ id }) => id), made.map(({ id, secret }) => encrypt(secret, place(id)))],
      );
    };
    await put(oldest, 300);
    await put(old, 900);
    await put(current, 5);
    const run = (words: string[], previous: string) =>
      runRecado({ DATABASE_URL: databaseUrl, SECRET_KEY: current, SECRET_KEY_PREVIOUS: previous }, [
        'secrets',
        ...words,
      ]);

    expect(await run(['check'], `${old},${oldest}`)).toMatchObject({
      code: 0,
      out: 'SECRET_KEY: 5 secrets\nSECRET_KEY_PREVIOUS (number 1): 900 secrets\nSECRET_KEY_PREVIOUS (number 2): 300 secrets\nThe earlier keys are still needed: run npx recado secrets rotate.\n',
    });
    // Without one of the keys the rest is done all the same, and it is told.
    const half = await run(['rotate'], old);
    expect(half).toMatchObject({ code: 1, out: 'Re-encrypted 900 secrets with SECRET_KEY; 5 already used it.\n' });
    expect(half.err).toContain('No given key decrypts 300 secrets');
    expect(await run(['check'], old)).toMatchObject({ code: 1, err: expect.stringContaining('300 secrets') });
    const rest = await run(['rotate'], oldest);
    expect(rest).toMatchObject({ code: 0, out: 'Re-encrypted 300 secrets with SECRET_KEY; 905 already used it.\n' });
    expect(rest.err).toContain('person.totp_secret: 1205 checked, 300 re-encrypted');
    expect(await run(['check'], oldest)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Remove SECRET_KEY_PREVIOUS'),
    });

    const rows = await scenario.sql<{ id: string; encrypted: string }>(
      'select id, totp_secret as encrypted from person where totp_secret is not null',
    );
    const { open } = encrypter(current);
    const opened = new Map(rows.map(({ id, encrypted }) => [id, open(encrypted, place(id))]));
    for (const { id, secret } of people) expect(opened.get(id)).toBe(secret);
    for (const { out, err } of [half, rest])
      for (const secret of [oldest, old, current, ...people.map(({ secret }) => secret)])
        expect(out + err).not.toContain(secret);
    await scenario.close();
  });

  test('knows every column that is sealed', async () => {
    const files = (await readdir('server', { recursive: true })).filter(
      file => /^(features|app|lanes|kit)\/.*\.ts$/.test(file) && !/\.test\.ts$|^kit\/sealed\.ts$/.test(file),
    );
    const sources = await Promise.all(files.map(file => readFile(join('server', file), 'utf8')));
    const used = sources.flatMap(source =>
      [...source.matchAll(/placeOf\(\s*'(\w+)',\s*'(\w+)'/g)].map(([, table, column]) => `${table}.${column}`),
    );
    const known = encryptedColumns.map(({ table, column }) => `${table}.${column}`);
    for (const each of used) expect(known).toContain(each);
    const isPlaced = (source: string) => /import [^;]*\bplaceOf\b[^;]*encryption\.ts/.test(source);
    for (const source of sources.filter(isPlaced))
      expect(source.replaceAll(/placeOf\(\s*'\w+',\s*'\w+'/g, '')).not.toContain('placeOf(');
  });
});

test('the whole program at debug level writes no secret, no text and no number into its log', async () => {
  const lines: string[] = [];
  const log = openLog('debug', undefined, { write: line => void lines.push(line) });
  const canary = (name: string) => `canary${name}${randomBytes(6).toString('hex')}`;
  const person = { email: `${canary('mail')}@example.com`, password: canary('password'), name: canary('name') };
  const [body, inbound] = [canary('text'), canary('inbound')];
  const [to, from] = ['+33698761234', '+33698765678'];
  const scenario = await startScenario({ owner: false, log, env: { LOG_LEVEL: 'debug' } });
  const secretsSeen = [
    person.email,
    person.password,
    person.name,
    body,
    inbound,
    to.slice(1),
    from.slice(1),
    secretKey,
  ];
  secretsSeen.push(...Object.values(scenario.secrets));

  const setupToken = new URL(scenario.recado.setupLink ?? 'http://x/#token=').hash.slice('#token='.length);
  const call = scenario.as(undefined);
  await call('POST', '/api/v1/setup', { ...person, token: 'a wrong one' });
  expect((await call('POST', '/api/v1/setup', { ...person, token: setupToken })).status).toBe(201);
  const { email, password } = person;
  await call('POST', '/api/v1/auth/login', { email, password: canary('wrong') });
  const { body: tokens } = await call('POST', '/api/v1/auth/login', { email, password });
  const cookies = await call('POST', '/api/v1/auth/login', { email, password, cookies: true });
  secretsSeen.push(setupToken, tokens.access_token, tokens.refresh_token, cookies.body.csrf_token);
  secretsSeen.push(...cookies.headers.getSetCookie().map(each => each.split(';')[0]?.split('=')[1] ?? ''));
  const api = scenario.as(tokens.access_token);
  const { key } = (await api('POST', '/api/v1/keys', { name: 'canary', scopes: ['messages.read', 'messages.create'] }))
    .body;
  secretsSeen.push(key);
  const [account] = (await api('GET', '/api/v1/accounts')).body.data;
  const send = (number: string, text: string) =>
    scenario.as(key)('POST', '/api/v1/messages', {
      account_id: account.id,
      to: number,
      type: 'text',
      text: { body: text },
    });
  expect((await send(to, body)).status).toBe(202);
  expect((await send('not a number', body)).status).toBe(400);
  await scenario.settle();
  const phone = `${scenario.simulator.url}/phones/${from}/messages`;
  const say = (text: string) =>
    fetch(phone, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'text', text: { body: text }, profile_name: person.name }),
    });
  const said = await say(inbound);
  expect(said.ok, await said.text()).toBe(true);
  await scenario.settle();
  // A failure says why: a statement that breaks, and an item that cannot be read.
  await scenario.sql('alter table contact_address rename to contact_address_away');
  await api('GET', `/api/v1/contacts?search=${body}`);
  expect((await send(from, body)).status).toBe(500);
  await say(inbound);
  await vi.waitFor(() => expect(lines.join('')).toMatch(/a lane run failed|a job failed|dead-lettered/), 20_000);
  await scenario.sql('alter table contact_address_away rename to contact_address');
  await scenario.sql('alter table message add constraint nothing_more check (false) not valid');
  expect((await send(to, body)).status).toBe(500);
  await call('POST', '/api/v1/auth/refresh', { refresh_token: tokens.refresh_token });
  await call('POST', '/api/v1/auth/refresh', { refresh_token: tokens.refresh_token });
  await call('POST', '/webhooks/whatsapp/sandbox', { entry: [body] }, { 'x-hub-signature-256': 'sha256=0' });
  await call('GET', `/api/v1/messages?token=${tokens.access_token}`);
  await scenario.close();

  const written = lines.join('');
  expect(written).toContain('a request failed');
  for (const secret of secretsSeen) {
    expect(secret.length).toBeGreaterThan(7);
    expect(written).not.toContain(secret);
  }
});
