// What the operator does with an installation: its files, its database by hand, people and workspaces by command.
import { createHmac } from 'node:crypto';
import { chmod, lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiLogin } from '../../server/app/database/api-login.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { type Program, prepareProgram } from '../faults/program.ts';
import { runRecado } from '../setup/command.ts';
import { pdf, upload } from '../setup/media-files.ts';
import { goodPassword, join as joinPeople, logIn } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

describe('an installation with its own database', () => {
  let program: Program;
  let env: Record<string, string>;
  beforeAll(async () => {
    program = await prepareProgram();
    // A key that others may read, as a restore by hand leaves it.
    await writeFile(join(program.dataDir, 'secret-key'), `${'k7Jq2'.repeat(3)}Zr8mWv1XtB5nGh9Pd3fLs6\n`, {
      mode: 0o644,
    });
    await chmod(join(program.dataDir, 'secret-key'), 0o644);
    env = { DATA_DIR: program.dataDir };
    await program.start();
  });
  afterAll(() => program.close());

  test('warns about a secret key that others may read', async () => {
    expect(program.words()).toContain(
      `Other users may use the secret key in ${join(program.dataDir, 'secret-key')} (its mode is 644)`,
    );
    await chmod(join(program.dataDir, 'secret-key'), 0o600);
  });

  test('keeps every file to its own user', async () => {
    const open: string[] = [];
    async function look(folder: string): Promise<void> {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        // The programs of the database are no data, and its user may be another one.
        if (entry.name.startsWith('postgres-bin-')) continue;
        const mode = (await lstat(path)).mode & 0o777;
        if (mode & 0o077) open.push(`${path} ${mode.toString(8)}`);
        if (entry.isDirectory() && entry.name !== 'postgres') await look(path);
      }
    }
    const sent = await program.call('POST', '/api/v1/messages', {
      account_id: (await program.call('GET', '/api/v1/accounts')).body.data[0].id,
      to: '+5511987654321',
      type: 'text',
      text: { body: 'for nobody else' },
    });
    expect(sent.status).toBe(202);
    await expect.poll(() => program.ledger().then(entries => entries.length)).toBeGreaterThan(0);
    await look(program.dataDir);
    expect(open).toEqual([]);
    const mode = (await lstat(program.dataDir)).mode & 0o777;
    expect(mode & 0o066).toBe(0);
  });

  test('lets requests log in as a role that has nothing but the rights of recado_api', async () => {
    const connection = { host: join(program.dataDir, 'postgres-socket'), database: 'recado' };
    const owner = new pg.Client({ ...connection, user: 'recado' });
    await owner.connect();
    const { rows } = await owner.query(
      `select distinct usename::text as name from pg_stat_activity where application_name = 'recado api'`,
    );
    await owner.end();
    expect(rows).toEqual([{ name: apiLogin }]);

    const client = new pg.Client({
      ...connection,
      user: apiLogin,
      options: `-c search_path=${searchPath} -c role=recado_api`,
    });
    await client.connect();
    const code = (text: string) =>
      client.query(text).then(
        () => 'done',
        (error: pg.DatabaseError) => error.code,
      );
    try {
      expect(await code('select 1 from message')).toBe('done');
      expect(await code(`select set_config('role', 'none', false)`)).toBe('done');
      for (const text of ['select 1 from recado.message', 'select 1 from recado.person', 'create table recado.mine ()'])
        expect([text, await code(text)]).toEqual([text, '42501']);
      for (const role of ['recado', 'recado_engine'])
        expect([role, await code(`set role ${role}`)]).toEqual([role, '42501']);
      expect(await code('set session authorization recado')).toBe('42501');
    } finally {
      await client.end();
    }
  });

  test('opens psql on it, or says how', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recado-psql-'));
    try {
      const without = await runRecado({ ...env, PATH: folder }, ['psql']);
      expect(without).toMatchObject({ code: 0, err: '' });
      const socket = join(program.dataDir, 'postgres-socket');
      expect(without.out).toContain(`psql -h ${socket} -p 5432 -U recado recado`);

      await writeFile(join(folder, 'psql'), '#!/bin/sh\necho "$@"\necho "$PGOPTIONS"\nexit 3\n', { mode: 0o755 });
      const called = await runRecado({ ...env, PATH: `${folder}:/usr/bin:/bin` }, ['psql']);
      expect(called).toMatchObject({ code: 3, err: '' });
      expect(called.out).toBe(`-h ${socket} -p 5432 -U recado recado\n-c search_path=${searchPath}\n`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('tells the secret that signs webhooks of the Sandbox', async () => {
    const { code, out, err } = await runRecado(env, ['sandbox', 'secret']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const body = '{"object":"whatsapp_business_account","entry":[]}';
    const post = async (secret: string) => {
      const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      const headers = { 'x-hub-signature-256': signature, 'content-type': 'application/json' };
      return (await fetch(`${program.url}/webhooks/whatsapp/sandbox`, { method: 'POST', headers, body })).status;
    };
    expect(await post(out.trim())).toBe(200);
    expect(await post('another secret')).toBe(401);
  });
});

test('psql gets the password of DATABASE_URL where no other user sees it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recado-psql-'));
  try {
    const env = {
      DATABASE_URL: 'postgresql://ana:se%25cret@db.example.com:5433/shop',
      SECRET_KEY: 'k7Jq2Zr8mWv1XtB5nGh9Pd3fLs6Yc4Ea',
    };
    await writeFile(join(folder, 'psql'), '#!/bin/sh\necho "$@"\necho "$PGPASSWORD"\n', { mode: 0o755 });
    const called = await runRecado({ ...env, PATH: `${folder}:/usr/bin:/bin` }, ['psql']);
    expect(called.out).toBe('postgresql://ana@db.example.com:5433/shop\nse%cret\n');
    const without = await runRecado({ ...env, PATH: '/nowhere' }, ['psql']);
    expect(without.out).toContain('postgresql://ana@db.example.com:5433/shop');
    expect(without.out).not.toContain('se%');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('log lines name accounts and messages as the API does', async () => {
  let written = '';
  const log = openLog('info', undefined, { write: line => (written += line) });
  const own = await startScenario({ log });
  try {
    await own.send('+12025550133');
    await expect.poll(() => written).toContain('WhatsApp limits an account');
    const line = written.split('\n').find(each => each.includes('WhatsApp limits an account')) ?? '';
    expect(JSON.parse(line).account).toBe(own.account.id);
    expect(written).not.toContain(toUuid(own.account.id));
  } finally {
    await own.close();
  }
});

describe('people', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await openWorkspace();
  });
  afterAll(() => scenario.close());
  const people = (...words: string[]) => runRecado(scenario.env, ['people', ...words]);

  test('one whom the operator disables is out of every workspace, and comes back when enabled', async () => {
    const who = await joinPeople(scenario, 'owner');
    const made = await who.api('POST', '/api/v1/workspaces', { name: 'Refuge' });
    const switched = await who.api('POST', '/api/v1/auth/switch', { workspace_id: made.body.id });

    const disabled = await people('disable', who.email.toUpperCase());
    expect(disabled).toMatchObject({ code: 0, err: '' });
    expect(disabled.out).toContain(`<${who.email}> is disabled: 2 sessions ended.`);
    for (const call of [who.api, scenario.as(switched.body.access_token)])
      expect((await call('GET', '/api/v1/me')).status).toBe(401);
    const refreshed = await scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token: who.refreshToken });
    expect(refreshed.status).toBe(401);
    expect((await logIn(scenario, who.email)).body.code).toBe('credentials_invalid');
    expect((await logIn(scenario, who.email, { workspace_id: made.body.id })).body.code).toBe('credentials_invalid');
    expect((await people('disable', who.email)).out).toContain('is disabled already.');

    const enabled = await people('enable', who.email);
    expect(enabled).toMatchObject({ code: 0, err: '' });
    expect((await who.api('GET', '/api/v1/me')).status).toBe(401);
    expect((await logIn(scenario, who.email)).status).toBe(200);
    const log = await scenario.sql<{ action: string; workspace_id: string }>(
      `select action, workspace_id from audit_entry where target_id = $1 and action like 'person.%abled' order by id`,
      [toUuid(who.id)],
    );
    // Once in each of the two workspaces.
    expect(log.map(({ action }) => action)).toEqual([
      'person.disabled',
      'person.disabled',
      'person.enabled',
      'person.enabled',
    ]);
  });

  test('one who is disabled joins no workspace by an invitation, and sets no password by a link', async () => {
    const who = await joinPeople(scenario, 'agent');
    const reset = (await scenario.api('POST', `/api/v1/people/${who.id}/reset-link`)).body.link;
    const elsewhere = await scenario.another();
    const invited = await elsewhere.api('POST', '/api/v1/invitations', { email: who.email, role: 'agent' });
    await people('disable', who.email);
    const token = (link: string) => new URL(link).hash.replace('#token=', '');
    const anybody = scenario.as(undefined);
    const accept = { token: token(invited.body.link), name: 'x', password: goodPassword };
    expect((await anybody('POST', '/api/v1/invitations/accept', accept)).body.code).toBe('credentials_invalid');
    const change = { token: token(reset), password: 'green ladder by the well' };
    expect((await anybody('POST', '/api/v1/auth/password/reset', change)).body.code).toBe('reset_token_invalid');
  });

  test('an address that nobody has is a mistake', async () => {
    expect(await people('disable', 'nobody@example.com')).toEqual({
      code: 1,
      out: '',
      err: 'Nobody has the e-mail address nobody@example.com: check it. Nothing was changed.\n',
    });
  });
});

test('a workspace is listed, and removed with all its rows once the operator confirms', async () => {
  const own = await startScenario();
  const { env } = own;
  const databaseUrl = own.databaseUrl;
  const run = (...words: string[]) => runRecado(env, ['workspaces', ...words]);
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=recado,public' });
  await client.connect();
  try {
    const theirs = await own.another();
    const id = (await theirs.api('GET', '/api/v1/me')).body.workspace.id;
    const kept = (await own.api('GET', '/api/v1/me')).body.workspace.id;
    for (const each of [own, theirs]) {
      await each.send();
      await each.send('+12025550113');
      await upload(each, { bytes: pdf() });
      await each.api('POST', '/api/v1/keys', { name: 'k', scopes: ['messages.read'] });
    }
    await own.settle();
    const list = await run('list');
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out.split('\n').filter(Boolean)).toHaveLength(2);
    expect(list.out).toContain(`${id} "Workspace of Owner", created `);

    const running = await run('remove', id, '--yes');
    expect(running).toMatchObject({ code: 1, out: '' });
    expect(running.err).toMatch(/^A Recado is running on this database \(\d+ connections\): stop it/);
    await own.recado.close();

    const unconfirmed = await run('remove', id);
    expect(unconfirmed.code).toBe(1);
    expect(unconfirmed.err).toContain('To confirm, run it again with --yes.');
    expect((await run('remove', 'wsp_x', '--yes')).err).toContain('wsp_x is not the id of a workspace');

    const rowsOf = async (workspaceId: string) => {
      const { rows: tables } = await client.query<{ name: string }>(
        `select c.relname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
         where c.relnamespace = 'recado'::regnamespace and c.relkind = 'r' and c.relname <> 'audit_entry' order by 1`,
      );
      const found: Record<string, number> = {};
      for (const { name } of tables) {
        const { rows } = await client.query(`select count(*)::int as n from ${name} where workspace_id = $1`, [
          toUuid(workspaceId),
        ]);
        if (rows[0].n > 0) found[name] = rows[0].n;
      }
      return found;
    };
    const ofOthers = async () => {
      const counts: Record<string, number> = {};
      for (const table of ['account', 'attempt', 'lane', 'daily_usage', 'inbound_payload', 'person', 'session'])
        counts[table] = (await client.query(`select count(*)::int as n from ${table}`)).rows[0].n;
      return counts;
    };
    const [before, all] = [await rowsOf(kept), await ofOthers()];
    expect(Object.keys(await rowsOf(id)).length).toBeGreaterThan(10);

    // A webhook in its lane may be about others: it is processed first, and one that is about nobody alone stays.
    const lane = `(select id from account where workspace_id = $1 limit 1)`;
    await client.query(
      `insert into inbound_payload (app, lane_key, body, received_at) select 'sandbox', ${lane}, '{}', now()`,
      [toUuid(id)],
    );
    expect((await run('remove', id, '--yes')).err).toContain('1 webhooks of its numbers are not processed yet');
    await client.query('update inbound_payload set processed_at = now() where processed_at is null');
    const removed = await run('remove', id, '--yes');
    expect(removed).toMatchObject({ code: 0, err: '' });
    expect(removed.out).toContain(`${id} (Workspace of Owner) is removed: `);
    expect(await rowsOf(id)).toEqual({});
    expect(await rowsOf(kept)).toEqual(before);
    await client.query(`delete from inbound_payload where body = '{}'`);
    const left = await ofOthers();
    // Both workspaces did the same, so half of it is left.
    expect(left).toEqual(Object.fromEntries(Object.entries(all).map(([table, count]) => [table, count / 2])));
    const orphans = await client.query(`select 1 from attempt where account_id not in (select id from account)
      union all select 1 from lane where account_id not in (select id from account)
      union all select 1 from refresh_token where session_id not in (select id from session)`);
    expect(orphans.rowCount).toBe(0);
    const entry = await client.query(
      `select detail from audit_entry where action = 'workspace.removed' and workspace_id = $1`,
      [toUuid(id)],
    );
    expect(entry.rows).toEqual([{ detail: { name: 'Workspace of Owner' } }]);
    expect((await run('list')).out).not.toContain(id);
  } finally {
    await client.end();
    await own.close();
  }
});
