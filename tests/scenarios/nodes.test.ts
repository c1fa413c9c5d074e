// Many processes on one database: any of them takes work of another, and an unsuitable Redis is rejected.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../server/app/compose.ts';
import { readConfig } from '../../server/app/config/config.ts';
import { schemaLockKey } from '../../server/kit/db/migrate.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { StartError } from '../../server/kit/start-error.ts';
import { redisProgram, startRedis, type TestRedis, wakeupTransports } from '../setup/redis.ts';
import { rotatingOne } from '../setup/rotation.ts';
import { makeDatabase, type Scenario, startScenario } from '../setup/scenario.ts';

describe.each(rotatingOne(wakeupTransports))('two apis and two workers with wake-ups in %s', store => {
  let redis: TestRedis | undefined;
  let scenario: Scenario;
  beforeAll(async () => {
    redis = store === 'redis' ? await startRedis() : undefined;
    scenario = await startScenario({ roles: 'api', ...(redis && { redisUrl: redis.url }) });
    await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
      limits: { rate: { messages: 10_000, seconds: 1 }, per_day: null },
    });
  });
  afterAll(async () => {
    await scenario.close();
    await redis?.close();
  });

  const allRead = async (count: number) => {
    for (;;) {
      const { total } = (await scenario.api('GET', '/api/v1/messages?status=read&limit=1')).body.page;
      if (total === count) return;
      await new Promise(resolve => setImmediate(resolve));
    }
  };

  test('what one api accepts, workers elsewhere send, each once', async () => {
    const waiting = await scenario.send();
    expect((await scenario.message(waiting.id)).status).toBe('queued');
    const workers = [await scenario.node('worker'), await scenario.node('worker')];
    const second = await scenario.node('api');
    const accounts = [scenario.account];
    for (let n = 0; n < 4; n++)
      accounts.push(
        (
          await scenario.api('POST', '/api/v1/accounts', {
            name: `Number ${n}`,
            channel: 'sandbox',
            limits: { per_day: null },
          })
        ).body,
      );
    const token = await scenario.token();
    const messages = Array.from({ length: 100 }, (_, n) => ({
      account_id: accounts[n % accounts.length].id,
      to: `+33614${String(100_000 + n)}`,
      type: 'text',
      text: { body: `${n}` },
    }));
    for (const url of [scenario.recado.url, second.url]) {
      const half = url === second.url ? messages.slice(50) : messages.slice(0, 50);
      const answer = await fetch(`${url}/api/v1/messages/batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ messages: half }),
      });
      expect(answer.status).toBe(202);
    }
    await allRead(101);
    expect(scenario.simulator.ledger.summary()).toMatchObject({ entries: 101, duplicated: 0 });
    // When one worker stops, the other goes on alone.
    await workers[0]?.close();
    await scenario.send();
    await allRead(102);
  });
});

test.skipIf(!redisProgram)('a Redis that would drop keys is rejected with a sentence', async () => {
  const redis = await startRedis('--maxmemory-policy', 'allkeys-lru');
  try {
    await expect(startScenario({ redisUrl: redis.url })).rejects.toThrow(StartError);
    await expect(startScenario({ redisUrl: redis.url })).rejects.toThrow('maxmemory-policy allkeys-lru');
  } finally {
    await redis.close();
  }
});

test('a connection whose settings are dropped on the way is rejected, as no wall would stand', async () => {
  const databaseUrl = await makeDatabase('migrated');
  // What stands in the address wins over what Recado asks for.
  const start = startScenario({ databaseUrl: `${databaseUrl}&options=${encodeURIComponent('-c geqo=off')}` });
  await expect(start).rejects.toThrow(StartError);
  await expect(start).rejects.toThrow("does not receive Recado's connection options: connect to PostgreSQL directly");
});

test('requests log in as a user of their own, who may be nothing but recado_api', async () => {
  const databaseUrl = await makeDatabase('migrated');
  const user = `scenario_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`create role ${user} login noinherit; grant recado_api, recado_limited to ${user}`);
  const asUser = (name: string) => Object.assign(new URL(databaseUrl), { username: name }).href;
  const start = (url: string) => startScenario({ databaseUrl, env: { DATABASE_URL_API: url } });
  try {
    const scenario = await start(asUser(user));
    try {
      expect((await scenario.send()).id).toMatch(/^msg_/);
      const { rows } = await client.query(
        `select distinct usename::text as name from pg_stat_activity
         where application_name = 'recado api' and datname = current_database()`,
      );
      expect(rows).toEqual([{ name: user }]);
    } finally {
      await scenario.close();
    }
    for (const more of ['recado_engine', 'pg_read_all_data']) {
      await client.query(`grant ${more} to ${user}`);
      await expect(start(asUser(user))).rejects.toThrow(
        `The user ${user} of DATABASE_URL_API may be other roles than recado_api`,
      );
      await client.query(`revoke ${more} from ${user}`);
    }
    await client.query(`alter role ${user} createrole`);
    await expect(start(asUser(user))).rejects.toThrow('may be other roles than recado_api');
    await client.query(`alter role ${user} nocreaterole; revoke recado_api, recado_limited from ${user}`);
    await expect(start(asUser(user))).rejects.toThrow(
      'of DATABASE_URL_API may not be recado_api and recado_limited: run grant recado_api, recado_limited',
    );
    await client.query(`grant recado_api, recado_limited to ${user}`);
    const elsewhere = Object.assign(new URL(await makeDatabase('migrated')), { username: user }).href;
    await expect(start(elsewhere)).rejects.toThrow('DATABASE_URL_API leads to another database than DATABASE_URL');
    await expect(start(databaseUrl)).rejects.toThrow('may be other roles than recado_api');
    await expect(start(asUser('stranger'))).rejects.toThrow(/cannot be reached with DATABASE_URL_API \(\w.*\): check/);
  } finally {
    await client.query(`drop owned by ${user}; drop role ${user}`);
    await client.end();
  }
});

test('the start fails if the database is unreachable or rejects the login', async () => {
  const there = new URL(await makeDatabase('empty'));
  const unknown = new URL(there);
  unknown.pathname = '/not_there';
  const stranger = new URL(there);
  stranger.username = 'stranger';
  for (const url of ['postgresql://recado:secret@localhost:1/recado', unknown.href, stranger.href]) {
    const refusal = await startScenario({ databaseUrl: url }).catch(error => error);
    expect(refusal, url).toBeInstanceOf(StartError);
    expect(refusal.message).toMatch(/^The database cannot be reached \(\w.*\): check DATABASE_URL/);
    expect(refusal.message).not.toContain('secret');
  }
});

test('the start fails if the upload folder cannot be used', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'recado-spool-'));
  try {
    await writeFile(join(dataDir, 'media-spool'), 'not a folder');
    const start = startScenario({ databaseUrl: await makeDatabase('migrated'), env: { DATA_DIR: dataDir } });
    await expect(start).rejects.toThrow(/^The folder .*media-spool for incoming files cannot be used/);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('the start fails without a reachable Redis', async () => {
  await expect(startScenario({ redisUrl: 'redis://127.0.0.1:1' })).rejects.toThrow(
    /^Redis cannot be reached .*: check REDIS_URL, or unset/,
  );
});

test.skipIf(!redisProgram)('the start tells why Redis refuses the login', async () => {
  const redis = await startRedis('--requirepass', 'right');
  try {
    const redisUrl = redis.url.replace('//', '//:wrong@');
    await expect(startScenario({ redisUrl })).rejects.toThrow(
      /^Redis cannot be reached \(WRONGPASS .*\): check REDIS_URL/,
    );
  } finally {
    await redis.close();
  }
});

test.skipIf(!redisProgram)('processes whose Redis has gone stop all the same', async () => {
  const redis = await startRedis();
  const lines: string[] = [];
  const log = openLog('warn', undefined, { write: line => void lines.push(line) });
  const scenario = await startScenario({ roles: 'api', redisUrl: redis.url, log });
  await scenario.node('worker');
  await redis.close();
  await expect.poll(() => lines.join('')).toContain('the connection to Redis was lost');
  // Its wake-up waits for a Redis that does not come back.
  await scenario.send();
  await scenario.close();
});

test('the start fails if the database has too few connections for the wake-ups', async () => {
  const databaseUrl = new URL(await makeDatabase('migrated'));
  const admin = new pg.Client({ connectionString: databaseUrl.href });
  await admin.connect();
  const role = `few_${randomBytes(6).toString('hex')}`;
  const lines: string[] = [];
  const log = openLog('warn', undefined, { write: line => void lines.push(line) });
  try {
    await admin.query(`create role ${role} login connection limit 8; grant ${admin.user} to ${role}`);
    databaseUrl.username = role;
    const start = async () => {
      // Connections of the start before count until the server has noticed that they are closed.
      const open = () => admin.query('select 1 from pg_stat_activity where usename = $1', [role]);
      await expect.poll(async () => (await open()).rows).toEqual([]);
      return startScenario({ databaseUrl: databaseUrl.href, log });
    };
    await expect(start()).rejects.toThrow(StartError);
    await expect(start()).rejects.toThrow(
      /^The connections for wake-ups could not be opened \(too many connections .*REDIS_URL/,
    );
    expect(lines.join('')).toMatch(/accepts 8 connections \(the connection limit of its user\), and .* up to \d+/);
    await admin.query(`alter role ${role} connection limit -1`);
    await (await start()).close();
  } finally {
    await admin.query(`drop owned by ${role}; drop role ${role}`);
    await admin.end();
  }
});

test.runIf(redisProgram)('a process fits a database with 20 connections, and lacks none under load', async () => {
  const databaseUrl = new URL(await makeDatabase('migrated'));
  const admin = new pg.Client({ connectionString: databaseUrl.href });
  await admin.connect();
  const role = `twenty_${randomBytes(6).toString('hex')}`;
  const lines: string[] = [];
  const log = openLog('warn', undefined, { write: line => void lines.push(line) });
  const redis = await startRedis();
  await admin.query(`create role ${role} login connection limit 20; grant ${admin.user} to ${role}`);
  databaseUrl.username = role;
  try {
    const env = { DATABASE_CONNECTIONS: '10' };
    const scenario = await startScenario({ databaseUrl: databaseUrl.href, redisUrl: redis.url, env, log });
    const asked = Array.from({ length: 60 }, (_, n) =>
      n % 2 ? scenario.api('GET', '/api/v1/conversations') : scenario.send().then(() => ({ status: 200 })),
    );
    expect((await Promise.all(asked)).filter(({ status }) => status !== 200)).toEqual([]);
    await expect
      .poll(async () => (await scenario.api('GET', '/api/v1/messages?status=read&limit=1')).body.page.total)
      .toBe(30);
    await scenario.close();
    expect(lines.filter(line => /connection/.test(line))).toEqual([]);
  } finally {
    await redis.close();
    await admin.query(`drop owned by ${role}; drop role ${role}`);
    await admin.end();
  }
});

test('a start that waits for another one to change the database says so', async () => {
  const databaseUrl = await makeDatabase('migrated');
  const other = new pg.Client({ connectionString: databaseUrl });
  await other.connect();
  await other.query('select pg_advisory_lock($1)', [schemaLockKey]);
  const lines: string[] = [];
  const log = openLog('warn', undefined, { write: line => void lines.push(line) });
  const start = startScenario({ databaseUrl, log });
  await expect.poll(() => lines.join('')).toContain('another process migrates or restores the database');
  await other.end();
  await (await start).close();
});

test('a start that is stopped claims nothing', async () => {
  const scenario = await startScenario({ roles: 'api' });
  try {
    const message = await scenario.send();
    const stop = AbortSignal.abort();
    await expect(compose(readConfig({ ...scenario.env, ROLES: 'worker' }), { stop })).rejects.toBe(stop.reason);
    expect((await scenario.message(message.id)).status).toBe('queued');
  } finally {
    await scenario.close();
  }
});

test('an account that needs attention keeps its reason over a start without the simulator', async () => {
  const scenario = await startScenario();
  const other = await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' });
  const shown = async (of: Scenario, id: string) => {
    const { status, status_reason } = (await of.api('GET', `/api/v1/accounts/${id}`)).body;
    return { status, status_reason };
  };
  // Refused with the channel's code for a token that has expired.
  await scenario.send('+12025550114');
  await scenario.settle();
  const troubled = await shown(scenario, scenario.account.id);
  expect(troubled.status).toBe('needs_attention');
  const start = (env: Record<string, string>) =>
    startScenario({ databaseUrl: scenario.databaseUrl, roles: 'api', env });
  try {
    const without = await start({ SIMULATOR: 'off', SIMULATOR_URL: '' });
    expect(await shown(without, scenario.account.id)).toEqual(troubled);
    expect((await shown(without, other.body.id)).status).toBe('disconnected');
    await without.close();
    const again = await start({});
    expect(await shown(again, scenario.account.id)).toEqual(troubled);
    expect(await shown(again, other.body.id)).toEqual({ status: 'connected', status_reason: null });
    await again.close();
  } finally {
    await scenario.close();
  }
});

test('an account that is made or resumed while the simulator is off is not connected, and is once it is on', async () => {
  const off = await startScenario({ roles: 'api', env: { SIMULATOR: 'off', SIMULATOR_URL: '' } });
  const shown = async (of: Scenario, id: string) => {
    const { status, status_reason } = (await of.api('GET', `/api/v1/accounts/${id}`)).body;
    return { status, status_reason };
  };
  const absent = { status: 'disconnected', status_reason: 'The simulator is off (SIMULATOR=off).' };
  try {
    const made = (await off.api('POST', '/api/v1/accounts', { name: 'Made', channel: 'sandbox' })).body;
    const resumed = (await off.api('POST', '/api/v1/accounts', { name: 'Resumed', channel: 'sandbox' })).body;
    expect(made).toMatchObject(absent);
    // It had trouble when the simulator was last on.
    await off.sql(`update account set status = 'needs_attention', status_reason = 'expired' where id = $1`, [
      toUuid(resumed.id),
    ]);
    await off.api('POST', `/api/v1/accounts/${resumed.id}/resume`);
    const ids = [off.account.id, made.id, resumed.id];
    for (const id of ids) {
      expect([id, await shown(off, id)]).toEqual([id, absent]);
      const body = { account_id: id, to: '+12025550123', type: 'text', text: { body: 'hello' } };
      const refused = await off.api('POST', '/api/v1/messages', body);
      expect(refused).toMatchObject({ status: 409, body: { code: 'account_not_connected' } });
    }
    const on = await startScenario({ databaseUrl: off.databaseUrl, roles: 'api' });
    for (const id of ids) expect(await shown(on, id)).toEqual({ status: 'connected', status_reason: null });
    await on.close();
  } finally {
    await off.close();
  }
});

test('a repeat is answered as the first request was, by another api too, and after its account was deleted', async () => {
  const scenario = await startScenario();
  try {
    const body = { account_id: scenario.account.id, to: '+33614900001', type: 'text', text: { body: 'hello' } };
    const first = await scenario.api('POST', '/api/v1/messages', body, { 'idempotency-key': 'key 1' });
    expect(first.status).toBe(202);
    await scenario.settle();
    expect((await scenario.api('DELETE', `/api/v1/accounts/${scenario.account.id}`)).status).toBe(204);
    const second = await scenario.node('api');
    const post = async (key: string) => {
      const headers = {
        authorization: `Bearer ${await scenario.token()}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      };
      const answer = await fetch(`${second.url}/api/v1/messages`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as { id?: string; code?: string } };
    };
    expect(await post('key 1')).toMatchObject({ status: 202, body: { id: first.body.id } });
    expect(await post('key 2')).toMatchObject({ status: 404, body: { code: 'account_not_found' } });
  } finally {
    await scenario.close();
  }
});

test('a process that has stopped has no connection left, so its database can stop without losing one', async () => {
  const scenario = await startScenario();
  // Seen from here: a backend may still be about to exit when its client has closed the socket.
  const connections = () => process.getActiveResourcesInfo().filter(resource => resource === 'PipeWrap').length;
  const busy = (url: string | undefined) =>
    Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/readyz`).then(answer => answer.text())));
  try {
    await busy(scenario.recado.url);
    const before = connections();
    const node = await scenario.node('api,worker');
    await busy(node.url);
    const most = connections();
    expect(most).toBeGreaterThan(before + 5);
    await node.close();
    // The other process may have opened some meanwhile.
    expect(connections()).toBeLessThanOrEqual(Math.min(before + 5, most - 5));
  } finally {
    await scenario.close();
  }
});
