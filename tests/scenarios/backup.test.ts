// Backup and restore: what was accepted is in the file, what waited is not sent again, and a bad file changes nothing.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backUp } from '../../server/admin/backup.ts';
import { checkBackup } from '../../server/admin/backup-reader.ts';
import { restore } from '../../server/admin/restore.ts';
import { encrypter, placeOf } from '../../server/kit/crypto/encryption.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { migrate } from '../../server/kit/db/migrate.ts';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { packageRoot } from '../../server/kit/os/package-root.ts';
import type { Stores } from '../../server/ports/storage.ts';
import { countersAstray } from '../faults/audit.ts';
import { runRecado, startRecado } from '../setup/command.ts';
import { isWhole, offset } from '../setup/rotation.ts';
import { makeDatabase, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

const migrations = join(packageRoot, 'migrations');
/** Where no media are, no store is asked. */
const noStores: Stores = {
  current: 'disk',
  names: ['disk'],
  open: () => Promise.reject(new Error('a store was opened')),
};

const silent = {
  dataDir: undefined,
  stores: noStores,
  progress: () => ({ onRows: () => {}, onContent: () => {} }),
  say: () => {},
  tell: () => {},
};
const fast = { rate: { messages: 10_000, seconds: 1 }, per_day: null };

let folder: string;
let scenario: Scenario;
let slow: { id: string };
const file = () => join(folder, 'under-load.backup.gz');
const settings = (databaseUrl: string) => ({ DATABASE_URL: databaseUrl, SECRET_KEY: secretKey });
/** Ids of what was answered with 202 before the backup began. */
const before: string[] = [];
let hanging: string;
let later: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-backup-'));
  // No receipt tells of the call that hangs, and it hangs until the backup is made.
  scenario = await startScenario({
    delays: { sent: 3_600_000, delivered: 3_600_000, read: 3_600_000 },
    channelDeadlineMs: 120_000,
  });
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, {
    limits: fast,
    delivery: { on_unknown: 'retry', unknown_window_seconds: 60 },
  });
  slow = (
    await scenario.api('POST', '/api/v1/accounts', {
      name: 'Slow',
      channel: 'sandbox',
      limits: { rate: { messages: 1, seconds: 3_600 }, per_day: null },
    })
  ).body;
});
afterAll(async () => {
  await scenario.close();
  await rm(folder, { recursive: true, force: true });
});

const post = async (accountId: string, to: string, more: object = {}): Promise<string> => {
  const body = { account_id: accountId, to, type: 'text', text: { body: 'line one\nline\ttwo \\. é 🙂' }, ...more };
  const answer = await scenario.api('POST', '/api/v1/messages', body);
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${answer.text}`);
  return answer.body.id;
};

async function untilStatus(which: Scenario, id: string, statuses: string[]): Promise<string> {
  for (;;) {
    const { status } = await which.message(id);
    if (statuses.includes(status)) return status;
    await new Promise(resolve => setImmediate(resolve));
  }
}

/** Restores the file by the command, and gives the database. */
async function restored(...words: string[]): Promise<{ url: string; client: pg.Client; out: string }> {
  const url = await makeDatabase('empty');
  const { code, out, err } = await runRecado(settings(url), ['restore', file(), ...words]);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  for (const verb of ['checked', 'restored'])
    expect(err).toMatch(new RegExp(`^${verb} message: \\d+ rows, .* % of all`, 'm'));
  const client = new pg.Client({ connectionString: url, options: `-c search_path=${searchPath}` });
  await client.connect();
  return { url, client, out };
}

const count = async (client: pg.Client, query: string): Promise<number> =>
  (await client.query<{ n: number }>(`select count(*)::int as n from ${query}`)).rows[0]?.n ?? -1;

describe('a backup that was taken under load', () => {
  beforeAll(async () => {
    for (let n = 0; n < 30; n++) before.push(await post(slow.id, `+336220${String(10_000 + n)}`));
    later = await post(slow.id, '+33622019999', { send_at: new Date(Date.now() + 86_400_000).toISOString() });
    const soon = await post(slow.id, '+33622018888', { send_at: new Date(Date.now() + 1_000).toISOString() });
    hanging = await post(scenario.account.id, '+12025550126');
    before.push(later, soon, hanging);
    await untilStatus(scenario, hanging, ['sending']);

    let loading = true;
    let numbers = 0;
    const accepted: string[] = [];
    const load = Array.from({ length: 10 }, async () => {
      while (loading) accepted.push(await post(scenario.account.id, `+33611${String(100_000 + numbers++)}`));
    });
    while (accepted.length < 300) await new Promise(resolve => setImmediate(resolve));
    before.push(...accepted);
    const began = accepted.length;
    const { code, out, err } = await runRecado(settings(scenario.databaseUrl), ['backup', file()]);
    const during = accepted.length - began;
    loading = false;
    await Promise.all(load);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('is written') });
    for (const verb of ['counted', 'saved']) expect(err).toMatch(new RegExp(`^${verb} message: \\d+ rows`, 'm'));
    // Something, however slow the machine is meanwhile.
    expect(during).toBeGreaterThan(0);
  });

  test('is whole, readable by its owner only, and leaves nothing beside it', async () => {
    const { code, out } = await runRecado({}, ['backup', '--check', file()]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('is whole') });
    const handle = await open(file());
    expect((await handle.stat()).mode & 0o777).toBe(0o600);
    await handle.close();
    expect(await readdir(folder)).toEqual(['under-load.backup.gz']);
  });

  test('has every message that was accepted before it, and counters that a recount confirms', async () => {
    const { client, out } = await restored();
    const { rows } = await client.query<{ id: string; status: string }>('select id, status from message');
    const statuses = new Map(rows.map(row => [row.id, row.status]));
    expect(before.filter(id => !statuses.has(toUuid(id)))).toEqual([]);
    expect(await countersAstray(client)).toEqual([]);
    expect(await count(client, 'attempt a where not exists (select 1 from message m where m.id = a.message_id)')).toBe(
      0,
    );
    expect(await count(client, `message where status in ('queued', 'sending')`)).toBe(0);
    expect(await count(client, `attempt where status = 'sending'`)).toBe(0);
    expect(await count(client, `open_message where state = 'unknown' and resolve_by is not null`)).toBe(0);
    expect(statuses.get(toUuid(later))).toBe('scheduled');
    const unknown = await count(client, `message where status = 'unknown'`);
    expect(unknown).toBeGreaterThan(30);
    const told = await count(
      client,
      `logged_event e join message m on m.id = e.message_id and e.number = m.event_count where m.status = 'unknown'
         and e.type = 'message.unknown' and e.data ->> 'reason' = 'restored'`,
    );
    expect(told).toBe(unknown);
    expect(out).toContain(`${unknown} messages became unknown`);
    // Numbers go on where they were, and every later transaction is beyond what was restored.
    await client.query(`insert into event (workspace_id, type, at) select id, 'test', now() from workspace`);
    const events = await client.query<{ same: boolean }>(`
      select e.id = (select max(id) from event) and e.xid > (select max(xid) from event where type <> 'test') as same
      from event e where e.type = 'test'`);
    expect(events.rows).toEqual([{ same: true }]);
    // A reader by (xid, id) sees the restored events as one transaction, in the order of their ids.
    expect(await count(client, `(select distinct xid from event where type <> 'test') x`)).toBe(1);
    await client.end();
  });

  test('is not sent by the program that starts on it; the operator decides', async () => {
    const { url, client } = await restored();
    const { rows } = await client.query<{ id: string }>(
      `select id from message where status = 'unknown' and not exists (select 1 from attempt a where a.message_id = message.id) order by seq limit 3`,
    );
    await client.end();
    const after = await startScenario({ databaseUrl: url });
    try {
      for (let n = 0; n < 5; n++) await after.recado.sweeper?.sweep();
      await after.settle();
      expect(after.simulator.ledger.entries()).toEqual([]);

      const shown = await after.message(hanging);
      expect(shown).toMatchObject({ status: 'unknown', attempts: [{ class: 'unknown', code: 'restored' }] });
      expect(shown.events.at(-1)).toMatchObject({
        type: 'message.unknown',
        data: { reason: 'restored', from: 'sending' },
      });
      const resolve = (id: string, resolution: string) =>
        after.api('POST', `/api/v1/messages/${id}/resolve`, { resolution });
      const [sent = '', failed = '', retried = ''] = rows.map(row => before.find(id => toUuid(id) === row.id) ?? '');
      expect((await resolve(sent, 'sent')).body).toMatchObject({ status: 'sent', attempts: [{ number: 1 }] });
      expect((await resolve(failed, 'failed')).body).toMatchObject({
        status: 'failed',
        error: { code: 'unknown_outcome' },
      });
      await after.api('PATCH', `/api/v1/accounts/${slow.id}`, { limits: fast });
      expect((await resolve(retried, 'retry')).status).toBe(200);
      await untilStatus(after, retried, ['sent', 'delivered', 'read']);
      await after.settle();
      const tokens = (
        await after.sql<{ token: string }>('select token from attempt where message_id = $1', [toUuid(retried)])
      ).map(row => row.token);
      expect(after.simulator.ledger.entries().map(({ token }) => token)).toEqual(tokens);
      expect(await countersAstray(await clientOf(url))).toEqual([]);
    } finally {
      await after.close();
    }
  });

  test('with --resume sends each queued message once, and none that was in sending', async () => {
    const { url, client } = await restored('--resume');
    const { rows } = await client.query<{ id: string }>(`select id from message where status = 'queued'`);
    expect(rows.length).toBeGreaterThanOrEqual(29);
    expect(await countersAstray(client)).toEqual([]);
    await client.query(`update account set rate_messages = 10000, rate_seconds = 1`);
    await client.query(`update lane set held_until = '-infinity' where held_reason = 'rate_limit'`);
    const after = await startScenario({ databaseUrl: url });
    try {
      const open = async () => await count(client, `message where status in ('queued', 'sending')`);
      while ((await open()) > 0) {
        await after.recado.sweeper?.sweep();
        await after.settle();
      }
      const ledger = after.simulator.ledger.entries();
      const { rows: attempts } = await client.query<{ token: string; message_id: string }>(
        'select token, message_id from attempt',
      );
      const messageOf = new Map(attempts.map(row => [row.token, row.message_id]));
      const called = ledger.map(({ token }) => messageOf.get(token ?? ''));
      expect(new Set(called).size).toBe(called.length);
      expect(rows.filter(({ id }) => !called.includes(id))).toEqual([]);
      expect(called).not.toContain(toUuid(hanging));
      expect((await after.message(hanging)).status).toBe('unknown');
    } finally {
      await client.end();
      await after.close();
    }
  });
});

const clients: pg.Client[] = [];
afterAll(async () => {
  for (const client of clients) await client.end();
});
async function clientOf(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: `-c search_path=${searchPath}` });
  await client.connect();
  clients.push(client);
  return client;
}

describe('a file that is not as it was written', () => {
  const damagedFile = () => join(folder, 'damaged.gz');
  const whatItSays = async (bytes: Buffer): Promise<string> => {
    await writeFile(damagedFile(), bytes);
    return checkBackup(damagedFile(), silent.progress).then(
      () => 'whole',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  };
  let whole: Buffer;
  beforeAll(async () => {
    const path = join(folder, 'small.backup.gz');
    const url = await makeDatabase('migrated');
    await backUp({
      connection: { connectionString: url },
      secretKey,
      version: 'test',
      path,
      ...silent,
      stores: undefined,
      signal: new AbortController().signal,
    });
    whole = await readFile(path);
    expect(await whatItSays(whole)).toBe('whole');
  });

  // In every fifth byte; TEST_ALL=1 takes each.
  test('any flipped bit is found', async () => {
    const missed: string[] = [];
    for (let at = isWhole ? 0 : offset % 5; at < whole.length; at += isWhole ? 1 : 5) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      const said = await whatItSays(bytes);
      if (!/^CommandError: .*(damaged or incomplete|is not a backup of Recado)/.test(said))
        missed.push(`${at}: ${said}`);
    }
    expect(missed).toEqual([]);
  });

  test('a check ends where it is told to stop', async () => {
    const stopping = new AbortController();
    const tellOf = () => ({ onRows: () => stopping.abort(), onContent: () => {} });
    await expect(checkBackup(file(), tellOf, stopping.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('of a folder the newest is checked, which is the one that was just written', async () => {
    const place = join(folder, 'each-night');
    await mkdir(place);
    const check = () => runRecado({}, ['backup', '--check', place]);
    expect(await check()).toMatchObject({ code: 1, err: expect.stringMatching(/There is no backup in /) });
    const names = ['recado-20261124T032000Z.backup.gz', 'recado-20261125T032000Z.backup.gz'].map(name =>
      join(place, name),
    ) as [string, string];
    const bytes = await readFile(file());
    await writeFile(names[0], bytes.subarray(0, -100));
    await writeFile(join(place, 'recado-other.backup.gz'), 'none');
    await writeFile(names[1], bytes);
    expect(await check()).toMatchObject({ code: 0, out: expect.stringContaining(`${names[1]} is whole`) });
    await rm(names[1]);
    expect(await check()).toMatchObject({ code: 1, err: expect.stringMatching(/damaged or incomplete/) });
  });

  test('any missing or added byte is found', async () => {
    const cuts = [0, 1, 2, 10, 100, whole.length >> 1, whole.length - 120, whole.length - 40, whole.length - 1];
    for (const length of cuts) expect(await whatItSays(whole.subarray(0, length))).toMatch(/^CommandError: /);
    expect(await whatItSays(Buffer.concat([whole, Buffer.from('x')]))).toContain('damaged');
    expect(await whatItSays(Buffer.concat([whole, whole]))).toContain('damaged');
  });

  test('the command says so, and the restore leaves the database as it was', async () => {
    const bytes = Buffer.from(await readFile(file()));
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(damagedFile(), bytes);
    const checked = await runRecado({}, ['backup', '--check', damagedFile()]);
    expect(checked).toMatchObject({ code: 1, err: expect.stringContaining('is damaged or incomplete') });
    const url = await makeDatabase('empty');
    const { code, err } = await runRecado(settings(url), ['restore', damagedFile()]);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('is damaged or incomplete') });
    expect((await (await clientOf(url)).query(`select to_regnamespace('recado') as schema`)).rows).toEqual([
      { schema: null },
    ]);
  });

  test('a restore that is stopped leaves nothing', async () => {
    const url = await makeDatabase('empty');
    const stopping = new AbortController();
    const stopped = restore({
      connection: { connectionString: url },
      secretKey,
      path: file(),
      migrations,
      resume: false,
      stores: noStores,
      progress: verb => ({
        onRows: table => {
          if (verb === 'restored' && table.name === 'message') stopping.abort();
        },
        onContent: () => {},
      }),
      say: () => {},
      signal: stopping.signal,
    });
    await expect(stopped).rejects.toThrow();
    expect((await (await clientOf(url)).query(`select to_regnamespace('recado') as schema`)).rows).toEqual([
      { schema: null },
    ]);
  });
});

describe('what cannot be done is said in one sentence', () => {
  const refused = async (
    words: string[],
    sentence: RegExp,
    env: Record<string, string> = settings(scenario.databaseUrl),
  ) => {
    const { code, out, err } = await runRecado(env, words);
    expect({ code, out, err }).toMatchObject({ code: 1, out: '', err: expect.stringMatching(sentence) });
    expect(err).not.toMatch(/\n\s+at /);
  };

  test('a file that is missing, is none, or is there already', async () => {
    await refused(
      ['restore', join(folder, 'none.gz')],
      /none\.gz does not exist/m,
      settings(await makeDatabase('empty')),
    );
    await refused(['restore', folder], /is not a file/, settings(await makeDatabase('empty')));
    await writeFile(join(folder, 'text.gz'), gzipSync(randomBytes(1_000).toString('hex')));
    await refused(['backup', '--check', join(folder, 'text.gz')], /is damaged or incomplete/);
    await writeFile(join(folder, 'plain.txt'), 'hello\n'.repeat(100));
    await refused(['backup', '--check', join(folder, 'plain.txt')], /is not a backup of Recado/);
    await refused(['backup', file()], /already exists/);
    // Without a look at the database, whose rows may take minutes to count.
    const away = settings('postgresql://nobody@127.0.0.1:1/nothing');
    await refused(['backup', file()], /already exists/, away);
    await refused(['backup', join(folder, 'no', 'x.gz')], /check the name and its folder/, away);
  });

  test('a place where nothing can be written', async () => {
    await refused(['backup', join(folder, 'no', 'such', 'x.gz')], /check the name and its folder/);
    await refused(['backup', join(file(), 'x.gz')], /is not a folder/);
    // Nobody may make files there, root included.
    if (process.platform === 'linux') await refused(['backup', '/sys/x.gz'], /permission denied/);
  });

  test('a folder that is not there, which does not become a file', async () => {
    const there = await readdir(folder);
    for (const name of ['nightly', 'under-load.backup.gz/'])
      await refused(
        ['backup', `${folder}/${name}`],
        /^The folder .* does not exist: create it, or name a file ending in .gz/m,
      );
    expect(await readdir(folder)).toEqual(there);
  });

  test('a file that appeared while the backup was written', async () => {
    const path = join(folder, 'twice.gz');
    const there = await readdir(folder);
    const late = backUp({
      connection: { connectionString: scenario.databaseUrl },
      secretKey,
      version: 'test',
      path,
      ...silent,
      stores: undefined,
      progress: () => ({ ...silent.progress(), onRows: () => writeFileSync(path, 'of another') }),
      signal: new AbortController().signal,
    });
    await expect(late).rejects.toThrow(`${path} already exists: choose another name, or delete it.`);
    expect(await readFile(path, 'utf8')).toBe('of another');
    expect((await readdir(folder)).sort()).toEqual([...there, 'twice.gz'].sort());
  });

  test('a full disk, which leaves no file', async () => {
    const there = await readdir(folder);
    const target = join(folder, 'large.gz');
    const { code, err } = await runRecado(settings(scenario.databaseUrl), ['backup', target], 8);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining(`There is no space for ${target}`) });
    expect(await readdir(folder)).toEqual(there);
  });

  test('a database that is in use, or not empty, or holds no Recado', async () => {
    await refused(['restore', file()], /A Recado is running on this database/);
    const url = await makeDatabase('migrated');
    const client = await clientOf(url);
    await client.query(`insert into workspace (id, name) values (gen_random_uuid(), 'Ours')`);
    await refused(['restore', file()], /is not empty \(.*workspace 1\)/, settings(url));
    expect(await count(client, 'workspace')).toBe(1);
    await refused(['backup', join(folder, 'empty.gz')], /has no Recado data/, settings(await makeDatabase('empty')));
  });

  test('a user of the database who lacks a right', async () => {
    const url = new URL(await makeDatabase('empty'));
    const name = url.pathname.slice(1);
    const client = await clientOf(url.href);
    await client.query(`create role ${name} login`);
    await client.query(`alter database ${name} owner to ${name}`);
    url.username = name;
    await refused(
      ['restore', file()],
      /^The user of DATABASE_URL lacks a right for migration .* Have an administrator run once: create role recado_api/m,
      settings(url.href),
    );
  });

  test('words that are not known', async () => {
    await refused(['backup', '--fast'], /^Unknown option --fast\.\n\nnpx recado backup/);
  });

  test('another key is warned of', async () => {
    const env = {
      ...settings(await makeDatabase('empty')),
      SECRET_KEY: randomBytes(32).toString('base64'),
    };
    const { code, err } = await runRecado(env, ['restore', file()]);
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('Warning: the backup was made with a different SECRET_KEY'),
    });
  });
});

test('what a killed backup left behind goes after a day, and nothing else', async () => {
  const place = await mkdtemp(join(folder, 'parts-'));
  const old = ['.recado-20261125T032000Z.backup.gz.0123abcd.part', '.mine.gz.89abcdef.part'];
  const kept = ['.running.gz.0123abcd.part', '.mine.gz.part', 'mine.gz.0123abcd.part', '.other.0123abcd.part'];
  for (const name of [...old, ...kept]) await writeFile(join(place, name), 'messages');
  const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
  for (const name of [...old, ...kept.slice(1)]) await utimes(join(place, name), twoDaysAgo, twoDaysAgo);
  const taken = await runRecado(settings(await makeDatabase('migrated')), ['backup', join(place, 'new.gz')]);
  expect(taken).toMatchObject({ code: 0 });
  expect((await readdir(place)).sort()).toEqual([...kept, 'new.gz'].sort());
});

test('secrets that an earlier key sealed are missed, although the key is that of the backup', async () => {
  const url = await makeDatabase('migrated');
  const [id, earlier] = [newUuid(), randomBytes(32).toString('base64')];
  await (await clientOf(url)).query(
    `insert into person (id, email, name, password_hash, totp_secret) values ($1, 'a@example.com', 'A', 'none', $2)`,
    [id, encrypter(earlier).encrypt('JBSWY3DPEHPK3PXP', placeOf('person', 'totp_secret', id))],
  );
  const path = join(folder, 'rotated.backup.gz');
  expect(await runRecado(settings(url), ['backup', path])).toMatchObject({ code: 0 });
  const restoredWith = async (more: Record<string, string>) => {
    const { code, err } = await runRecado({ ...settings(await makeDatabase('empty')), ...more }, ['restore', path]);
    return { code, warning: /^Warning: .*/m.exec(err)?.[0] };
  };
  expect(await restoredWith({})).toEqual({
    code: 2,
    warning: expect.stringMatching(/^Warning: no given key decrypts 1 secrets in it\..*SECRET_KEY_PREVIOUS/),
  });
  expect(await restoredWith({ SECRET_KEY_PREVIOUS: earlier })).toEqual({ code: 0, warning: undefined });
});

describe('across a migration', () => {
  const grown = () => join(folder, 'grown');
  const filled = () => join(folder, 'filled');
  beforeAll(async () => {
    await cp(migrations, grown(), { recursive: true });
    // In the order of locks, as every migration that changes more than one table.
    await writeFile(
      join(grown(), '0900-test.sql'),
      `alter table lane add column mark int;
       alter table account add column color text not null default 'blue';
       alter table message add column note text;
       create index message_note on message (note) where note is not null;`,
    );
    await cp(grown(), filled(), { recursive: true });
    await writeFile(join(filled(), '0901-test.sql'), 'update message set note = status;');
    await writeFile(
      join(filled(), '0902-test.sql'),
      '-- concurrently\ncreate index concurrently contact_called on contact (name);\n',
    );
  });

  test('an older backup is brought up; a newer one is rejected', async () => {
    const url = await makeDatabase('migrated');
    const connection = { connectionString: url };
    const done = await restore({
      connection,
      secretKey,
      path: file(),
      migrations: filled(),
      resume: false,
      ...silent,
      signal: new AbortController().signal,
    });
    expect(done.migrated).toEqual(['0900-test.sql', '0901-test.sql', '0902-test.sql']);
    const client = await clientOf(url);
    // The migration saw the rows as the backup had them, and the marks came after it.
    expect(await count(client, `message where note = 'queued' and status = 'unknown'`)).toBeGreaterThan(0);
    expect(await countersAstray(client)).toEqual([]);
    await migrate(connection, filled());

    const path = join(folder, 'newer.backup.gz');
    await backUp({
      connection,
      secretKey,
      version: '0.2.0',
      path,
      ...silent,
      stores: undefined,
      signal: new AbortController().signal,
    });
    const { code, err } = await runRecado(settings(await makeDatabase('empty')), ['restore', path]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /made by Recado 0\.2\.0 with a newer schema \(it has 0900-test\.sql, but this Recado's last migration is 0/,
    );
  });

  test('a table that is rewritten as the backup begins is saved with its rows', async () => {
    const url = await makeDatabase('migrated');
    const [migration, watcher] = [await clientOf(url), await clientOf(url)];
    await watcher.query(`insert into workspace (id, name) values (gen_random_uuid(), 'Ours')`);
    await migration.query('begin');
    await migration.query('lock table account in access exclusive mode');
    const path = join(folder, 'rewritten.backup.gz');
    const taken = runRecado(settings(url), ['backup', path]);
    const waiting = `pg_stat_activity where datname = current_database() and application_name = 'recado backup' and wait_event_type = 'Lock'`;
    while ((await count(watcher, waiting)) === 0) await new Promise(resolve => setImmediate(resolve));
    await migration.query('alter table workspace add column mark uuid not null default gen_random_uuid()');
    await migration.query('commit');
    expect(await taken).toMatchObject({ code: 0 });
    const { tables } = (await checkBackup(path, silent.progress)).header;
    expect(tables.find(({ name }) => name === 'workspace')).toMatchObject({ rows: 1 });
  });

  test('a backup that waits for a table ends where it is told to stop', async () => {
    const url = await makeDatabase('migrated');
    const [migration, watcher] = [await clientOf(url), await clientOf(url)];
    await migration.query('begin');
    await migration.query('lock table account in access exclusive mode');
    const path = join(folder, 'stopped.backup.gz');
    const taken = startRecado(settings(url), ['backup', path]);
    const waiting = `pg_stat_activity where datname = current_database() and application_name = 'recado backup' and wait_event_type = 'Lock'`;
    while ((await count(watcher, waiting)) === 0) await new Promise(resolve => setImmediate(resolve));
    taken.stop();
    expect(await taken.ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Stopped\. Nothing was left or changed\.$/m),
    });
    // The server is notified too, and stops waiting.
    while ((await count(watcher, waiting)) > 0) await new Promise(resolve => setImmediate(resolve));
    await migration.query('rollback');
    expect((await readdir(folder)).filter(name => name.includes('stopped'))).toEqual([]);
  });

  test('a program that runs goes on when the schema grows under it; an old one does not start on it', async () => {
    const running = await startScenario();
    try {
      await running.api('PATCH', `/api/v1/accounts/${running.account.id}`, { limits: fast });
      let loading = true;
      const sent: string[] = [];
      const load = Array.from({ length: 5 }, async () => {
        while (loading) sent.push((await running.send()).id);
      });
      while (sent.length < 50) await new Promise(resolve => setImmediate(resolve));
      await migrate({ connectionString: running.databaseUrl }, grown());
      const soFar = sent.length;
      while (sent.length < soFar + 50) await new Promise(resolve => setImmediate(resolve));
      loading = false;
      await Promise.all(load);
      for (const id of sent) await untilStatus(running, id, ['read']);
      await running.settle();
      expect(running.simulator.ledger.entries()).toHaveLength(sent.length);
      await expect(running.node('api,worker')).rejects.toThrow(/migrated by a newer Recado \(it has 0900-test\.sql\)/);
    } finally {
      await running.close();
    }
  });
});

test('what is left out and what is rewritten fits the schema: these carry numbers of transactions', async () => {
  const [header] = gunzipSync(await readFile(file()))
    .toString()
    .split('\n', 1);
  const { tables } = JSON.parse(header ?? '');
  const rows = await scenario.sql<{ name: string }>(`select c.relname || '.' || a.attname as name from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.atttypid = 'xid8'::regtype
    where c.relnamespace = 'recado'::regnamespace and c.relkind = 'r'`);
  // Cursors over the events also have the number of the event, which a backup keeps. Of the audit log none is kept.
  expect(rows.map(({ name }) => name).sort()).toEqual([
    'audit_entry.xid',
    'endpoint.from_xid',
    'endpoint_replay.after_xid',
    'event.xid',
    'event_listener.xid',
  ]);
  const all = await scenario.sql<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'recado'::regnamespace and relkind = 'r'`,
  );
  const named = new Set(tables.map((table: { name: string }) => table.name));
  expect(
    all
      .map(({ name }) => name)
      .filter(name => !named.has(name))
      .sort(),
  ).toEqual([
    'backup_run',
    'calling_code',
    'function_set',
    'login_failure',
    'password_reset',
    'push_subscription',
    'refresh_token',
    'schema_migration',
    'self_check',
    'session',
    'setup_token',
    'worker',
  ]);
});
