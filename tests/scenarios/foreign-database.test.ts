// Databases that Recado did not make itself: copied from another server, with other settings, or behind a proxy.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../channels/whatsapp-web/tests/fake/certificate.ts';
import { schemaLockKey } from '../../server/kit/db/migrate.ts';
import { openLog } from '../../server/kit/log.ts';
import { startReceiver } from '../setup/receiver.ts';
import { makeDatabase, type Scenario, type ScenarioOptions, startScenario } from '../setup/scenario.ts';

const start = async (options: ScenarioOptions): Promise<Scenario> => {
  const story = await startScenario(options);
  onTestFinished(() => story.close());
  return story;
};

const clientOf = async (connectionString: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
};

const nameOf = (url: string) => new URL(url).pathname.slice(1);

test('dates of the API have their form, whatever DateStyle the database has', async () => {
  const databaseUrl = await makeDatabase('empty');
  const client = await clientOf(databaseUrl);
  await client.query(`alter database ${nameOf(databaseUrl)} set DateStyle = 'SQL, DMY'`);
  await client.query(`alter database ${nameOf(databaseUrl)} set IntervalStyle = 'sql_standard'`);
  const story = await start({ databaseUrl });
  const accounts = await story.api('GET', '/api/v1/accounts');
  expect(accounts.status).toBe(200);
  expect(Date.parse(accounts.body.data[0].created_at)).toBeGreaterThan(Date.now() - 600_000);
  const message = await story.send();
  await expect.poll(async () => (await story.message(message.id)).status).toBe('read');
});

test('a database copied from a server with higher transaction ids posts each event once', async () => {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const env = { WEBHOOK_ALLOWED_HOSTS: receiver.host };
  const first = await startScenario({ env });
  const endpoint = { url: receiver.url('/copied'), event_types: ['message.queued'] };
  expect((await first.api('POST', '/api/v1/endpoints', endpoint)).status).toBe(201);
  const before = [await first.send(), await first.send(), await first.send()];
  const posted = () => receiver.got('/copied').map(({ event }) => event.data.message.id);
  await expect.poll(posted).toHaveLength(before.length);
  await first.settle();
  await first.close();

  const client = await clientOf(first.databaseUrl);
  await client.query('set search_path = recado');
  const { rows } = await client.query<{ table: string; name: string }>(
    `select c.relname::text as table, a.attname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'recado'::regnamespace and c.relkind = 'r' and a.attnum > 0 and a.atttypid = 'xid8'::regtype`,
  );
  for (const { table, name } of rows) {
    await client.query(`alter table ${table} disable trigger user`);
    await client.query(`update ${table} set ${name} = (${name}::text::numeric + 5000000)::text::xid8`);
    await client.query(`alter table ${table} enable trigger user`);
  }

  const lines: string[] = [];
  const log = openLog('warn', undefined, { write: line => void lines.push(line) });
  const second = await start({ databaseUrl: first.databaseUrl, env, log });
  expect(lines.join('')).toContain('copied from another PostgreSQL server');
  const after = [await second.send(), await second.send(), await second.send()];
  await expect.poll(posted).toHaveLength(before.length + after.length);
  await second.settle();
  expect(posted()).toEqual([...before, ...after].map(({ id }) => id));
  const events = await second.api('GET', '/api/v1/events?limit=100');
  const queued = events.body.data.filter((event: { type: string }) => event.type === 'message.queued');
  expect(queued).toHaveLength(before.length + after.length);
});

test('a start that waits for the schema lock names its holder, and ends at a signal', async () => {
  const databaseUrl = await makeDatabase('migrated');
  const holder = await clientOf(databaseUrl);
  await holder.query(`set application_name = 'the holder'`);
  await holder.query('select pg_advisory_lock($1)', [schemaLockKey]);
  const stop = new AbortController();
  const lines: string[] = [];
  const log = openLog('warn', undefined, {
    write(line) {
      lines.push(line);
      if (line.includes('waiting until it is done')) stop.abort(new Error('stopped'));
    },
  });
  await expect(startScenario({ databaseUrl, log, stop: stop.signal })).rejects.toThrow('stopped');
  expect(lines.join('')).toMatch(/\(process \d+, \\"the holder\\", idle for \d+ s\)/);
});

test('a start waits for a database that is not there yet, and ends at a signal', async () => {
  const real = new URL(await makeDatabase('migrated'));
  const socket = `${real.searchParams.get('host')}/.s.PGSQL.${real.port}`;
  const proxy = createServer(client => {
    const database = connect(socket);
    for (const end of [client, database]) end.on('error', () => {});
    client.pipe(database).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  proxy.close();
  await once(proxy, 'close');
  const databaseUrl = `postgresql://${real.username}@127.0.0.1:${port}${real.pathname}`;
  const lines: string[] = [];
  const log = openLog('warn', undefined, { write: line => void lines.push(line) });
  const begun = start({ databaseUrl, log, databaseWaitMs: 60_000 });
  await expect.poll(() => lines.join('')).toMatch(/waiting for the database: .*ECONNREFUSED/);
  const stop = new AbortController();
  const stopped = startScenario({ databaseUrl, log, databaseWaitMs: 60_000, stop: stop.signal });
  stop.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
  proxy.listen(port, '127.0.0.1');
  onTestFinished(() => void proxy.close());
  expect((await (await begun).send()).id).toMatch(/^msg_/);
});

test('a database that only reads, and a certificate that is not there, are named', async () => {
  const databaseUrl = await makeDatabase('empty');
  await (await clientOf(databaseUrl)).query(
    `alter database ${nameOf(databaseUrl)} set default_transaction_read_only = on`,
  );
  await expect(startScenario({ databaseUrl })).rejects.toThrow(/only reads .*: name the primary/);
  const secured = startScenario({ databaseUrl: `${databaseUrl}&sslmode=verify-full&sslrootcert=/nowhere/ca.pem` });
  await expect(secured).rejects.toThrow(/^DATABASE_URL cannot be used \(.*ENOENT.*\): check its sslrootcert/);
});

/** A database of `url` that speaks TLS only. */
async function startTls(url: string, { key, certificate }: ReturnType<typeof makeCertificate>): Promise<URL> {
  const real = new URL(url);
  const path = `${real.searchParams.get('host')}/.s.PGSQL.${real.port}`;
  const server = createServer(client => {
    client.on('error', () => {});
    client.once('data', () => {
      // The first message asks for TLS.
      client.write('S');
      const secure = new TLSSocket(client, { isServer: true, key, cert: certificate });
      const database = connect(path);
      const end = () => [secure, database].forEach(socket => void socket.destroy());
      for (const socket of [secure, database]) socket.on('error', end).on('close', end);
      secure.pipe(database).pipe(secure);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  real.searchParams.delete('host');
  real.hostname = '127.0.0.1';
  real.port = String((server.address() as AddressInfo).port);
  return real;
}

test('over TLS the certificate and its name are checked, unless the URL says otherwise', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recado-tls-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const made = makeCertificate();
  const file = join(folder, 'ca.pem');
  await writeFile(file, made.certificate);
  const database = await startTls(await makeDatabase('migrated'), made);
  const url = (host: string, words: string) => {
    const named = new URL(database);
    named.hostname = host;
    named.search = words;
    return named.href;
  };
  const full = `sslmode=verify-full&sslrootcert=${file}`;
  const refused = (databaseUrl: string) => expect(startScenario({ databaseUrl })).rejects;
  await refused(url('127.0.0.1', 'sslmode=verify-full')).toThrow(/cannot be reached \(self-signed certificate\)/);
  await refused(url('localhost', full)).toThrow(/cannot be reached \(.*localhost.* cert/);
  for (const [host, words] of [
    ['127.0.0.1', full],
    ['localhost', 'uselibpqcompat=true&sslmode=require'],
  ] as const) {
    const story = await startScenario({ databaseUrl: url(host, words) });
    const { id } = await story.send();
    await expect.poll(async () => (await story.message(id)).status).toBe('read');
    await story.close();
  }
});

/** A proxy that drops the options of connections, as PgBouncer does where it is told to ignore them. */
async function startDropper(url: string): Promise<string> {
  const real = new URL(url);
  const host = real.searchParams.get('host') ?? real.hostname;
  const port = Number(real.port);
  const server = createServer(client => {
    const database = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    const end = () => [client, database].forEach(socket => void socket.destroy());
    for (const socket of [client, database]) socket.on('error', () => {}).on('close', end);
    client.once('data', bytes => {
      // A length, the protocol's version, then names and values; the last byte ends them.
      const values = bytes.subarray(8, -2).toString().split('\0');
      const kept = values.filter((_, n) => values[n - (n % 2)] !== 'options');
      const body = Buffer.from(`${kept.join('\0')}\0\0`);
      const head = Buffer.from(bytes.subarray(0, 8));
      head.writeInt32BE(body.length + 8, 0);
      database.write(Buffer.concat([head, body]));
      client.pipe(database);
    });
    database.pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  real.searchParams.delete('host');
  real.hostname = '127.0.0.1';
  real.port = String((server.address() as AddressInfo).port);
  return real.href;
}

test('a start through a pooler is refused before it takes the schema lock', async () => {
  const databaseUrl = await makeDatabase('migrated');
  const holder = await clientOf(databaseUrl);
  await holder.query('select pg_advisory_lock($1)', [schemaLockKey]);
  const through = startScenario({ databaseUrl: await startDropper(databaseUrl) });
  await expect(through).rejects.toThrow(
    /does not receive Recado's connection options: connect to PostgreSQL directly, or/,
  );
});

test('through a pooler in session mode, the settings of a connection follow', async () => {
  const databaseUrl = await makeDatabase('empty');
  const story = await start({ databaseUrl: await startDropper(databaseUrl), env: { DATABASE_POOLER: 'session' } });
  const { id } = await story.send();
  await expect.poll(async () => (await story.message(id)).status).toBe('read');
  const { api } = await story.stranger();
  expect((await api('GET', `/api/v1/messages/${id}`)).status).toBe(404);
});

test('another user of the server cannot connect to the database, and the login for requests can', async () => {
  const databaseUrl = await makeDatabase('empty');
  const client = await clientOf(databaseUrl);
  const suffix = nameOf(databaseUrl);
  await client.query(`create role other_${suffix} login; create role api_${suffix} login noinherit`);
  const as = (user: string) => databaseUrl.replace(/\/\/[^@]+@/, `//${user}@`);
  await start({ databaseUrl });
  await client.query(`grant recado_api, recado_limited to api_${suffix}`);
  await expect(clientOf(as(`other_${suffix}`))).rejects.toThrow(/permission denied for database/);
  const story = await start({ databaseUrl, env: { DATABASE_URL_API: as(`api_${suffix}`) } });
  expect((await story.api('GET', '/api/v1/accounts')).status).toBe(200);
});
