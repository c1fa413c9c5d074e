// The self-check: each check says what is wrong, and what to do first, when its thing is broken.
import { rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Check, checkNames, type SelfCheck } from '@recado/contract';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { runRecado } from '../setup/command.ts';
import { join as joinPerson } from '../setup/people.ts';
import { type Call, makeDatabase, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';
import { type MailServer, startMailServer } from '../setup/smtp.ts';
import { type StrictMeta, startStrictMeta } from '../setup/strict-meta.ts';

/** Runs the self-check and returns its checks by name. */
async function checked(api: Call): Promise<SelfCheck & { by_name: Record<string, Check> }> {
  const { status } = await api('POST', '/api/v1/self-check');
  expect(status).toBe(202);
  for (;;) {
    const { body } = await api('GET', '/api/v1/self-check');
    if (body.state !== 'running')
      return { ...body, by_name: Object.fromEntries(body.checks.map((check: Check) => [check.name, check])) };
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** A proxy before a server, as at a public address. */
async function startProxy() {
  let target = '';
  let other: string | undefined;
  const server = createServer((asked, response) => {
    if (other !== undefined) return void response.end(other);
    const { method, url, headers } = asked;
    const passed = request(`${target}${url}`, { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passTo(url: string) {
      target = url;
    },
    answer(text: string) {
      other = text;
    },
    close() {
      server.closeAllConnections();
      return new Promise<void>(done => server.close(() => done()));
    },
  };
}

const localOf = ({ recado }: Scenario) =>
  `http://127.0.0.1:${(recado.server?.server.address() as AddressInfo | null)?.port}`;

describe('an installation', () => {
  let scenario: Scenario;
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let mail: MailServer;
  beforeAll(async () => {
    [proxy, mail] = await Promise.all([startProxy(), startMailServer()]);
    scenario = await startScenario({
      publicUrl: proxy.url,
      env: { WEBHOOK_ALLOWED_HOSTS: '127.0.0.1', SMTP_URL: mail.url, SMTP_FROM: 'recado@example.com' },
    });
    proxy.passTo(localOf(scenario));
  });
  afterAll(async () => {
    await scenario.close();
    await Promise.allSettled([proxy.close(), mail.close()]);
  });

  test('is checked from end to end, by whom it concerns', async () => {
    expect((await scenario.api('GET', '/api/v1/self-check')).body).toEqual({
      ...{ state: 'never', began_at: null, ended_at: null, by: null, of: [...checkNames], checks: [] },
    });
    const { by_name: found, ...run } = await checked(scenario.api);
    expect(run).toMatchObject({ state: 'warning', by: { name: 'Owner' } });
    expect(run.ended_at).not.toBeNull();
    const states = Object.fromEntries(Object.values(found).map(({ name, state, code }) => [name, `${state} ${code}`]));
    expect(states).toMatchObject({
      database: 'ok database',
      wakeups: 'ok wakeups',
      redis: 'skipped redis_off',
      workers: 'ok workers',
      gateways: 'skipped no_linked_phone',
      storage: 'ok storage',
      clock: 'ok clock',
      public_address: 'ok address',
      mail: 'ok mail',
      backup: 'warning backup_none',
      accounts: 'skipped no_cloud_account',
    });
    expect(Object.keys(states)).toHaveLength(13);
    // A greeting and a login are no mail.
    expect(mail.letters).toEqual([]);
    const { body: audit } = await scenario.api('GET', '/api/v1/audit?action=self_check.run');
    expect(audit.data).toHaveLength(1);

    const stranger = await scenario.stranger();
    expect((await stranger.api('GET', '/api/v1/self-check')).body.state).toBe('never');
  });

  test('answers its public address only as itself', async () => {
    const post = (body: object) => scenario.as(undefined)('POST', '/webhooks/reach', body);
    expect((await post({ nonce: 'x' })).status).toBe(400);
    const nonce = '0123456789abcdef0123456789abcdef';
    const [first, second] = [await post({ nonce }), await post({ nonce })];
    expect(first).toMatchObject({ status: 200, body: { answer: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(second.body).toEqual(first.body);
  });

  test('has mail, storage, a public address and connections that break', async () => {
    await mail.close();
    proxy.answer('Welcome to nginx!');
    await rm(join(scenario.dataDir, 'media'), { recursive: true });
    await writeFile(join(scenario.dataDir, 'media'), 'in the way');
    const broken = (await checked(scenario.api)).by_name;
    expect(broken.mail).toMatchObject({ state: 'failed', code: 'mail_failed', remedy: 'Correct SMTP_URL.' });
    expect(broken.public_address).toMatchObject({ state: 'warning', code: 'address_foreign', detail: { status: 200 } });
    expect(broken.storage).toMatchObject({ state: 'failed', code: 'storage_failed', detail: { store: 'disk' } });

    await proxy.close();
    const name = new URL(scenario.databaseUrl).pathname.slice(1);
    const allow = async (way: boolean) => {
      const client = new pg.Client({ connectionString: scenario.databaseUrl.replace(`/${name}`, '/postgres') });
      await client.connect();
      await client.query(`alter database ${name} with allow_connections ${way}`);
      await client.end();
    };
    await allow(false);
    const unreached = (await checked(scenario.api)).by_name;
    await allow(true);
    expect(unreached.public_address).toMatchObject({ state: 'warning', code: 'address_unreachable' });
    expect(unreached.wakeups).toMatchObject({ state: 'failed', code: 'wakeups_lost' });
    expect(unreached.database).toMatchObject({ state: 'ok' });
  });

  test('has linked phones that no gateway holds, or that are no longer linked', async () => {
    await scenario.sql(
      `insert into web_session (account_id, workspace_id, state, wants, lease_until)
       select id, workspace_id, 'connected', 'on', clock_timestamp() - interval '2 minutes' from account where id = $1`,
      [toUuid(scenario.account.id)],
    );
    const gateways = async () => (await checked(scenario.api)).by_name.gateways;
    expect(await gateways()).toMatchObject({ state: 'failed', code: 'no_gateway', detail: { names: 'Sandbox' } });
    await scenario.sql(`update web_session set state = 'logged_out', wants = 'off'`);
    expect(await gateways()).toMatchObject({ state: 'warning', code: 'phones_disconnected' });
    await scenario.sql('delete from web_session');
  });

  test('shows the owner of another workspace nothing of its host', async () => {
    const { api } = await scenario.another();
    const never = await api('GET', '/api/v1/self-check');
    expect(never.body).toMatchObject({ state: 'never', of: ['accounts'], checks: [] });
    const { checks, of } = await checked(api);
    expect([of, checks.map(({ name }) => name)]).toEqual([['accounts'], ['accounts']]);
    // A run of an earlier release has all.
    const host = { name: 'disk', state: 'ok', code: 'disk_ok', message: '/var/lib', remedy: null, detail: {}, ms: 1 };
    await scenario.sql('update self_check set checks = checks || $1::jsonb', [JSON.stringify([host])]);
    expect((await api('GET', '/api/v1/self-check')).text).not.toContain('/var/lib');
  });
});

describe('accounts at Meta', () => {
  const publicUrl = 'https://recado.example.com';
  let scenario: Scenario;
  let meta: StrictMeta;
  let local = '';
  beforeAll(async () => {
    meta = await startStrictMeta(url => url.replace(publicUrl, local));
    scenario = await startScenario({ publicUrl, env: { GRAPH_URL: meta.url } });
    local = localOf(scenario);
  });
  afterAll(async () => {
    await scenario.close();
    await meta.close();
  });

  test('are not shown to viewers, nor to who is limited to some', async () => {
    const viewer = await joinPerson(scenario, 'viewer');
    const scopes = { name: 'one account', scopes: ['installation.check'], account_ids: [scenario.account.id] };
    const { body: key } = await scenario.api('POST', '/api/v1/keys', scopes);
    for (const call of [viewer.api, scenario.as(key.key)])
      for (const method of ['GET', 'POST']) expect((await call(method, '/api/v1/self-check')).status).toBe(403);
  });

  test('have tokens that end, and need an address that Meta reaches', async () => {
    const { world } = meta;
    const account = {
      ...{ name: 'Porto', channel: 'cloud', phone_number_id: world.numberId, business_account_id: world.businessId },
      ...{ access_token: world.token, app_secret: world.appSecret, verify_token: 'a-verify-token' },
    };
    expect((await scenario.api('POST', '/api/v1/accounts', account)).status).toBe(201);
    const good = (await checked(scenario.api)).by_name;
    expect(good.accounts).toMatchObject({ state: 'ok', detail: { n: 1 } });
    // No name server knows it here.
    expect(good.public_address).toMatchObject({ state: 'failed', code: 'address_unreachable' });
    world.token = 'another';
    const { accounts } = (await checked(scenario.api)).by_name;
    expect(accounts).toMatchObject({ state: 'failed', code: 'accounts_failed', detail: { names: 'Porto' } });
    await meta.close();
    expect((await checked(scenario.api)).by_name.accounts).toMatchObject({ code: 'meta_unreachable' });
  });
});

describe('npx recado check', () => {
  const run = async (env: Record<string, string>) => {
    const { code, out } = await runRecado(env, ['check', '--json']);
    const { state, checks } = JSON.parse(out);
    return { code, state, found: Object.fromEntries(checks.map((check: Check) => [check.name, check])) };
  };

  test('checks an installation that does not run, and says so by its exit code', async () => {
    const databaseUrl = await makeDatabase('migrated');
    const env = { DATABASE_URL: databaseUrl, SECRET_KEY: secretKey, PUBLIC_URL: 'http://192.168.1.5:3000' };
    const stopped = await run({ ...env, REDIS_URL: 'redis://127.0.0.1:1' });
    expect(stopped).toMatchObject({ code: 2, state: 'failed' });
    expect(stopped.found).toMatchObject({
      database: { state: 'ok' },
      workers: { state: 'failed', code: 'no_worker' },
      redis: { state: 'failed', code: 'redis_away' },
      public_address: { state: 'warning', code: 'address_private' },
      mail: { state: 'skipped' },
    });
    const away = await run({ ...env, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
    expect(away).toMatchObject({
      code: 2,
      found: { database: { code: 'database_away' }, workers: { state: 'failed' } },
    });
  });

  test('prints lines for people', async () => {
    const env = { DATABASE_URL: await makeDatabase('migrated'), SECRET_KEY: secretKey };
    const { out } = await runRecado(env, ['check']);
    expect(out).toMatch(/^failed +workers +No worker is alive/m);
    expect(out).toMatch(/^ +Start Recado, or a process with the role worker\.$/m);
    expect(out).toMatch(/^13 checks: \d+ ok, \d+ warnings, 1 failed, \d+ skipped\.$/m);
  });
});
