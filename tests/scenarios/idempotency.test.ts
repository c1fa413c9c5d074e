// Idempotency-Key on what is not a message: keys, invitations, workspaces, erasures; with secrets that are never in the clear.
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { storedKey } from '../../server/kit/http/idempotency.ts';
import { type OpenApi, readRoutes } from '../openapi/document.ts';
import { runRecado } from '../setup/command.ts';
import { audited, join, newEmail, tokenOf } from '../setup/people.ts';
import { placesIn } from '../setup/places.ts';
import {
  type Answer,
  type Call,
  makeDatabase,
  owner,
  type Scenario,
  secretKey,
  startScenario,
} from '../setup/scenario.ts';
import { type MailServer, startMailServer } from '../setup/smtp.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', env: { WORKSPACES: 'anyone' } });
});
afterAll(() => scenario.close());

/** Posts with an Idempotency-Key, by default as the owner. */
const post = (path: string, body: unknown, key: string, by: Call = scenario.api) =>
  by('POST', `/api/v1/${path}`, body, { 'idempotency-key': key });

const count = async (table: string) =>
  (await scenario.sql<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? 0;

const keyBody = (name = randomUUID()) => ({ name, scopes: ['accounts.read'] });

const creating = [
  { path: 'keys', table: 'api_key', action: 'api_key.created', bodies: () => [keyBody(), keyBody()] },
  {
    path: 'invitations',
    table: 'invitation',
    action: 'invitation.created',
    bodies: () => [newEmail(), newEmail()].map(email => ({ email, role: 'agent' })),
  },
  {
    path: 'wall-views',
    table: 'wall_view',
    action: 'wall_view.created',
    bodies: () => [{ name: randomUUID() }, { name: randomUUID() }],
  },
  {
    path: 'workspaces',
    table: 'workspace',
    action: 'workspace.created',
    bodies: () => [{ name: randomUUID() }, { name: randomUUID() }],
  },
];

test('every POST that creates takes the header, except those listed here', async () => {
  const { body } = await scenario.as(undefined)('GET', '/openapi.json');
  const creates = readRoutes(body as OpenApi).filter(
    ({ method, responses }) => method === 'POST' && ('201' in responses || '202' in responses),
  );
  const takes = (route: (typeof creates)[number]) =>
    route.parameters.some(({ name, in: place }) => place === 'header' && name === 'idempotency-key');
  expect(creates.filter(takes).map(({ name }) => name)).toEqual(
    expect.arrayContaining(creating.map(({ path }) => `POST /api/v1/${path}`)),
  );
  for (const { name, responses } of creates.filter(takes))
    expect([name, '422' in responses, '409' in responses]).toEqual([name, true, true]);
  const others = creates.filter(route => !takes(route)).map(({ name }) => name);
  expect(others.sort()).toEqual(Object.keys(withoutHeader).sort());
});

/** Why these take none. */
const withoutHeader: Record<string, string> = {
  'POST /api/v1/setup': 'its token is good once',
  'POST /api/v1/auth/password/forgot':
    'makes nothing that the answer shows; each letter takes the place of the one before',
  'POST /api/v1/me/second-factor': 'a seed takes the place of one that is not confirmed',
  'POST /api/v1/people/{id}/reset-link': 'a link takes the place of the one before',
  'POST /api/v1/invitations/accept': 'an invitation is good once',
  'POST /api/v1/messages/{id}/retry': 'makes no message; what is queued again is not failed any more',
  'POST /api/v1/messages/retry': 'makes no message; what is queued again is not failed any more',
  'POST /api/v1/media/{id}/retry': 'makes nothing; what is fetched again is not failed any more',
  'POST /api/v1/dead-letters/{id}/retry': 'makes nothing; an item that is applied is a dead letter no more',
  'POST /api/v1/accounts/{id}/link': 'a link takes the place of the one that waits for a phone',
  'POST /api/v1/demo': 'there is one demo in a workspace, and a repeat answers with it',
  'POST /api/v1/accounts/{id}/phones/{number}/messages':
    'what a person does on a simulated phone, who sees whether it is there',
  'POST /api/v1/media/{id}/link': 'a link is computed, and stored nowhere',
  'POST /api/v1/alert-channels/{id}/test': 'each request is a test of its own, for one channel',
  'POST /api/v1/hooks/{id}/test': 'each request is a test of its own, for one hook',
  'POST /hooks/{token}': 'other programs call it, and equal calls are told once',
  'POST /api/v1/self-check': 'a run that is under way answers a repeat',
  'POST /api/v1/endpoints/{id}/test': 'each request is a test event of its own, for one endpoint',
  'POST /api/v1/endpoints/{id}/deliveries/{delivery}/resend':
    'makes nothing; a delivery that waits is not queued twice',
};

describe('null, no field and the default priority are the same body', () => {
  const text = { to: '+33615000001', type: 'text', text: { body: 'Hello' } };
  const unset = { send_at: null, expires_at: null, valid_for_seconds: null, on_unknown: null };

  test('of a message', async () => {
    const body = { account_id: scenario.account.id, ...text };
    const first = await post('messages', body, 'null of a message');
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([202, null]);
    for (const same of [
      { ...body, ...unset, priority: null, text: { body: 'Hello', preview_url: null } },
      { ...body, priority: 'normal' },
    ]) {
      const again = await post('messages', same, 'null of a message');
      expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([202, first.text, 'true']);
    }
    const other = await post('messages', { ...body, priority: 'high' }, 'null of a message');
    expect(other.body.code).toBe('idempotency_key_reused');
  });

  test('of a batch', async () => {
    const item = { account_id: scenario.account.id, ...text };
    const first = await post('messages/batch', { messages: [item, { type: 'no' }] }, 'null of a batch');
    const nulls = { ...item, ...unset, priority: 'normal' };
    const again = await post('messages/batch', { messages: [nulls, { type: 'no' }] }, 'null of a batch');
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([202, first.text, 'true']);
    const other = await post('messages/batch', { messages: [nulls, { type: 'other' }] }, 'null of a batch');
    expect(other.status).toBe(422);
  });

  test('of a key', async () => {
    const body = keyBody();
    const first = await post('keys', body, 'null of a key');
    const nulls = { test: null, account_ids: null, addresses: null, expires_at: null };
    expect((await post('keys', { ...body, ...nulls }, 'null of a key')).text).toBe(first.text);
  });
});

describe.each(creating)('POST /api/v1/$path', ({ path, table, action, bodies }) => {
  // So that the limits of one test are not those of the next. Only here: a key is forgotten once a day has gone by.
  beforeEach(() => scenario.clock.advance(3_600_001));

  test('the same key and body: the same bytes and headers, one row, one entry in the log', async () => {
    const [body] = bodies();
    const [rows, entries] = [await count(table), (await audited(scenario, action)).length];
    const first = await post(path, body, `same ${path}`);
    expect(first.status).toBe(201);
    // The order of the fields does not make another request.
    const again = await post(path, Object.fromEntries(Object.entries(body ?? {}).reverse()), `same ${path}`);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    for (const header of ['content-type', 'cache-control'])
      expect([header, again.headers.get(header)]).toEqual([header, first.headers.get(header)]);
    expect(await count(table)).toBe(rows + 1);
    expect(await audited(scenario, action)).toHaveLength(entries + 1);
  });

  test('another body is rejected, and so is the same body of another caller', async () => {
    const [body, other] = bodies();
    const admin = await join(scenario, 'admin');
    expect((await post(path, body, `other ${path}`)).status).toBe(201);
    const rows = await count(table);
    for (const answer of [await post(path, other, `other ${path}`), await post(path, body, `other ${path}`, admin.api)])
      expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await count(table)).toBe(rows);
  });

  test('concurrent requests: the same response, or an error to retry', async () => {
    const [body] = bodies();
    const rows = await count(table);
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(path, body, `beside ${path}`)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await count(table)).toBe(rows + 1);
    expect((await post(path, body, `beside ${path}`)).text).toBe(made[0]?.text);
  });

  test('without a key, and after a day, it is another request', async () => {
    const [body] = bodies();
    const first = await post(path, body, `day ${path}`);
    await scenario.sql(`update idempotency set created_at = created_at - interval '25 hours' where key = $1`, [
      storedKey(`day ${path}`),
    ]);
    const later = await post(path, body, `day ${path}`);
    const free = await scenario.api('POST', `/api/v1/${path}`, body);
    const ids = [first, later, free].map(answer => answer.body.id);
    expect([later.status, free.status, new Set(ids).size]).toEqual([201, 201, 3]);
  });
});

test('a caller without the permission gets no replay', async () => {
  const admin = await join(scenario, 'admin');
  const body = keyBody();
  expect((await post('keys', body, 'not any more', admin.api)).status).toBe(201);
  await scenario.api('PATCH', `/api/v1/people/${admin.id}`, { role: 'agent' });
  expect((await post('keys', body, 'not any more', admin.api)).status).toBe(403);
});

test('a rejected request is not stored under its key', async () => {
  const scope = await post(
    'keys',
    { name: 'x', scopes: ['accounts.read'], expires_at: '2020-01-01T00:00:00Z' },
    'free',
  );
  expect(scope.status).toBe(400);
  expect((await post('keys', keyBody(), 'free')).status).toBe(201);
});

test('a secret stored for a replay is encrypted everywhere', async () => {
  const key = await post('keys', keyBody(), 'canary key');
  const invited = { email: newEmail('canary'), role: 'agent' };
  const invitation = await post('invitations', invited, 'canary link');
  for (const secret of [key.body.key, key.body.key.slice(14), tokenOf(invitation.body.link)]) {
    expect(secret.length).toBeGreaterThan(20);
    expect(await placesIn(scenario, secret)).toEqual([]);
  }
  // The same search finds what is in the clear; a key may name somebody, so it is not.
  expect(await placesIn(scenario, storedKey('canary link'))).toEqual(['idempotency.key 1']);
  expect(await placesIn(scenario, 'canary link')).toEqual([]);
  const keys = [storedKey('canary key'), storedKey('canary link')];
  const kept = await scenario.sql<{ response: string }>('select response from idempotency where key = any ($1)', [
    keys,
  ]);
  expect(kept.map(({ response }) => response.slice(0, 3))).toEqual(['s1.', 's1.']);
  // Sealed for its own row: put into another one it opens nothing.
  await scenario.sql(
    'update idempotency set response = (select response from idempotency where key = $1) where key = $2',
    keys,
  );
  const moved = await post('invitations', invited, 'canary link');
  expect(moved).toMatchObject({ status: 409, body: { code: 'idempotency_answer_lost' } });
  expect(moved.text).not.toContain(key.body.key);
});

describe('an erasure', () => {
  const contact = async () => (await scenario.api('POST', '/api/v1/contacts', { name: 'Ana' })).body.id;

  test('a replay returns the same bytes; another contact is rejected and unchanged', async () => {
    const [one, two] = [await contact(), await contact()];
    const first = await post(`contacts/${one}/erase`, undefined, 'erase one');
    expect(first.status).toBe(200);
    const again = await post(`contacts/${one}/erase`, undefined, 'erase one');
    expect([again.status, again.text]).toEqual([200, first.text]);
    const other = await post(`contacts/${two}/erase`, undefined, 'erase one');
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect((await scenario.api('GET', `/api/v1/contacts/${two}`)).status).toBe(200);
  });

  test('a rejected request frees its key', async () => {
    const nobody = 'con_01k9m3q5w8e7taz4x2c6v0b1n5';
    expect((await post(`contacts/${nobody}/erase`, undefined, 'erase nobody')).status).toBe(404);
    expect((await post(`contacts/${await contact()}/erase`, undefined, 'erase nobody')).status).toBe(200);
  });
});

describe('work that takes several steps', () => {
  let own: Scenario;
  beforeAll(async () => {
    own = await startScenario({ env: { MEDIA_ALLOWED_HOSTS: '127.0.0.1' } });
  });
  afterAll(() => own.close());
  const text = (to: string) => ({ account_id: own.account.id, to, type: 'text', text: { body: 'hello' } });
  let lockedBy: pg.Client;
  beforeEach(async () => {
    lockedBy = new pg.Client({
      connectionString: own.databaseUrl,
      options: `-c search_path=${searchPath} -c idle_in_transaction_session_timeout=0`,
    });
    await lockedBy.connect();
    await lockedBy.query('begin');
  });
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    await lockedBy.end();
  });

  const link = async () => ({ link: `${(await slowFile()).url}/a.pdf` });
  let file: { url: string; finish: () => void } | undefined;
  async function slowFile() {
    let release = () => {};
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    // A second reader may come after the release: it gets the file, too.
    const server = createServer(async (_request, response) => {
      await released;
      response.end('%PDF-1.4\n%%EOF\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    file = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, finish: release };
    return file;
  }

  const lock = (text: string, ...values: unknown[]) => lockedBy.query(text, values);
  const cases = [
    {
      name: 'a batch',
      async begin(key: string) {
        await lock('select 1 from account for update');
        const items = { messages: [text('+33614000001'), text('+33614000002')] };
        return { ask: () => post('messages/batch', items, key, own.api), release: () => lock('commit') };
      },
    },
    {
      name: 'a file from a link',
      async begin(key: string) {
        const body = await link();
        return { ask: () => post('media', body, key, own.api), release: async () => file?.finish() };
      },
    },
    {
      name: 'an erasure',
      async begin(key: string) {
        const { id } = (await own.api('POST', '/api/v1/contacts', { name: 'Ana' })).body;
        await lock('select 1 from contact for update');
        return { ask: () => post(`contacts/${id}/erase`, undefined, key, own.api), release: () => lock('commit') };
      },
    },
  ];

  /** Resolves once the request that was begun has its key. */
  const hasKey = (key: string) =>
    expect
      .poll(() => own.sql('select 1 from idempotency where key = $1 and holder is not null', [storedKey(key)]))
      .toHaveLength(1);

  test.each(cases)('$name: a repeat gets an error while the first request runs', async ({ name, begin }) => {
    const { ask, release } = await begin(name);
    const first = ask();
    await hasKey(name);
    const beside = await ask();
    expect(beside).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    expect(beside.headers.get('retry-after')).toBe('1');
    await release();
    const { status, text } = await first;
    expect(status).toBeLessThan(300);
    expect(await ask()).toMatchObject({ status, text });
  });

  // A batch waits for its lock no longer than the engine does: the next test has what becomes of one that was cut off.
  const withoutLimit = cases.filter(({ name }) => name !== 'a batch');
  test.each(withoutLimit)(
    '$name: what has gone silent is gone on with, and there is one answer',
    async ({ name, begin }) => {
      const key = `${name}, silent ${randomUUID()}`;
      const { ask, release } = await begin(key);
      const first = ask();
      await hasKey(key);
      // As a process leaves it that stands still; with another holder, as the first, which does not, says that it is at work.
      const [{ holder } = { holder: '' }] = await own.sql<{ holder: string }>(
        'update idempotency set at_work_until = now(), holder = gen_random_uuid() where key = $1 returning holder',
        [storedKey(key)],
      );
      const second = ask();
      await expect
        .poll(() => own.sql('select 1 from idempotency where key = $1 and holder <> $2', [storedKey(key), holder]))
        .toHaveLength(1);
      await release();
      const answers = await Promise.all([first, second]);
      const answered = answers.filter(({ status }) => status < 300);
      expect(answered.length).toBeGreaterThan(0);
      expect(new Set(answered.map(({ text }) => text)).size).toBe(1);
      for (const answer of answers) if (answer.status >= 300) expect(answer.body.code).toBe('idempotency_key_in_use');
      expect((await ask()).text).toBe(answered[0]?.text);
    },
  );

  test('an interrupted batch continues: its items are accepted once', async () => {
    await lock('rollback');
    const items = { messages: [text('+33614000003'), text('+33614000004')] };
    const first = await post('messages/batch', items, 'cut off', own.api);
    expect([first.status, first.text]).toEqual([202, expect.any(String)]);
    await own.sql(
      `update idempotency set http_status = null, response = null, holder = gen_random_uuid(), at_work_until = now() where key = $1`,
      [storedKey('cut off')],
    );
    const again = await post('messages/batch', items, 'cut off', own.api);
    const ids = (answer: Answer) => answer.body.results.map(({ message }: { message: { id: string } }) => message.id);
    expect([again.status, again.body.id, ids(again)]).toEqual([202, first.body.id, ids(first)]);
  });

  test('an interrupted batch of somebody who was erased since is not sent again', async () => {
    const phone = '+33614000005';
    const items = { messages: [text(phone)] };
    expect((await post('messages/batch', items, 'cut off and erased', own.api)).status).toBe(202);
    await own.sql(
      `update idempotency set http_status = null, response = null, holder = gen_random_uuid(), at_work_until = now() where key = $1`,
      [storedKey('cut off and erased')],
    );
    // An erasure waits for calls under way.
    await own.settle();
    const [contact] = (await own.api('GET', `/api/v1/contacts?phone=${encodeURIComponent(phone)}`)).body.data;
    expect((await own.api('POST', `/api/v1/contacts/${contact.id}/erase`)).status).toBeLessThan(300);
    expect(await post('messages/batch', items, 'cut off and erased', own.api)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await own.sql('select 1 from message where address = $1', [phone.slice(1)])).toEqual([]);
  });
});

test('a batch is repeated for callers with the same accounts only', async () => {
  const second = (await scenario.api('POST', '/api/v1/accounts', { name: 'Second', channel: 'sandbox' })).body;
  const limited = await join(scenario, 'agent', { account_ids: [second.id] });
  const text = { to: '+33614000077', type: 'text', text: { body: 'not for all' } };
  const items = { messages: [{ account_id: scenario.account.id, ...text }] };
  const first = await post('messages/batch', items, 'whose batch');
  expect(first.status).toBe(202);
  expect(await post('messages/batch', items, 'whose batch', limited.api)).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reused' },
  });
  // By itself the same body names nothing of the other account.
  const refused = await post('messages/batch', items, 'a batch of the agent', limited.api);
  expect(refused.body.results).toMatchObject([{ status: 404, error: { code: 'account_not_found' } }]);
  const admin = await join(scenario, 'admin');
  expect((await post('messages/batch', items, 'whose batch', admin.api)).text).toBe(first.text);
});

describe('a mail', () => {
  let mail: MailServer;
  let own: Scenario;
  beforeAll(async () => {
    mail = await startMailServer();
    own = await startScenario({
      env: { SMTP_URL: mail.url, SMTP_FROM: 'Recado <recado@example.com>', PUBLIC_URL: 'http://recado.example.com' },
    });
  });
  afterAll(async () => {
    await own.close();
    await mail.close();
  });
  const invite = (email: string, key: string) => post('invitations', { email, role: 'agent' }, key, own.api);

  test('is sent once', async () => {
    const email = newEmail();
    const answers: Answer[] = await Promise.all(Array.from({ length: 4 }, () => invite(email, 'one letter')));
    answers.push(await invite(email, 'one letter'));
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    expect(made[0]?.body).toMatchObject({ mailed: true, link: null });
    expect(answers.filter(({ status }) => ![201, 409].includes(status))).toEqual([]);
    expect(mail.letters.filter(({ to }) => to.includes(email))).toHaveLength(1);
  });

  test('that was not sent stores no response: the same key sends it later', async () => {
    const email = newEmail();
    mail.refuse(true);
    expect(await invite(email, 'refused letter')).toMatchObject({ status: 502, body: { code: 'mail_not_sent' } });
    mail.refuse(false);
    expect((await invite(email, 'refused letter')).status).toBe(201);
    expect(mail.letters.filter(({ to }) => to.includes(email))).toHaveLength(1);
    const states = (await own.api('GET', '/api/v1/invitations')).body.data
      .filter((each: { email: string }) => each.email === email)
      .map(({ status }: { status: string }) => status);
    expect(states).toEqual(['open', 'revoked']);
  });

  test('whose sending is unknown blocks the key for a while, and is then sent again', async () => {
    const email = newEmail();
    expect((await invite(email, 'killed')).status).toBe(201);
    // As a process leaves it that is killed while the letter is on its way.
    await own.sql(`update idempotency set http_status = null where key = $1`, [storedKey('killed')]);
    expect(await invite(email, 'killed')).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    await own.sql(`update idempotency set created_at = created_at - interval '6 minutes' where key = $1`, [
      storedKey('killed'),
    ]);
    expect((await invite(email, 'killed')).status).toBe(201);
    expect(mail.letters.filter(({ to }) => to.includes(email))).toHaveLength(2);
  });
});

// They start the program several times, and the command too.
describe('another SECRET_KEY', { timeout: 240_000 }, () => {
  const current = randomBytes(32).toString('base64');
  const next = (databaseUrl: string, earlier?: string) =>
    startScenario({ databaseUrl, env: { SECRET_KEY: current, SECRET_KEY_PREVIOUS: earlier ?? '' } });

  test('a stored response is decrypted with the earlier key, encrypted again, and rejected without a key', async () => {
    const databaseUrl = await makeDatabase('migrated');
    const before = await startScenario({ databaseUrl });
    const body = keyBody();
    const first = await post('keys', body, 'rotated', before.api);
    await before.close();
    const settings = (earlier: string) => ({
      DATABASE_URL: databaseUrl,
      SECRET_KEY: current,
      SECRET_KEY_PREVIOUS: earlier,
    });
    const ask = async (earlier?: string) => {
      const after = await next(databaseUrl, earlier);
      try {
        // Tokens signed with the earlier key are no longer valid.
        const { email, password } = owner;
        const login = await after.as(undefined)('POST', '/api/v1/auth/login', { email, password });
        const answer = await post('keys', body, 'rotated', after.as(login.body.access_token));
        return { answer, keys: (await after.sql('select 1 from api_key')).length };
      } finally {
        await after.close();
      }
    };

    expect((await ask(secretKey)).answer.text).toBe(first.text);
    const lost = await ask();
    expect(lost.answer).toMatchObject({ status: 409, body: { code: 'idempotency_answer_lost' } });
    expect(lost.answer.body.detail ?? lost.answer.body.title).toContain('cannot be decrypted');
    expect(lost.keys).toBe(1);

    const blind = await runRecado(settings(''), ['secrets', 'rotate']);
    expect(blind.code).toBe(1);
    expect(blind.err).toMatch(/idempotency\.response of keys\.create in the workspace \S+ was not re-encrypted/);
    expect(await runRecado(settings(secretKey), ['secrets', 'rotate'])).toMatchObject({
      code: 0,
      // The other one is the key of push services.
      out: expect.stringContaining('Re-encrypted 2 secrets'),
    });
    expect((await runRecado(settings(''), ['secrets', 'check'])).code).toBe(0);
    const after = await ask();
    expect([after.answer.text, after.keys]).toEqual([first.text, 1]);
  });

  test('a backup has the stored responses encrypted, and a restore replays them', async () => {
    const folder = await mkdtemp(joinPath(tmpdir(), 'recado-idempotency-'));
    try {
      const [from, to] = [await makeDatabase('migrated'), await makeDatabase('empty')];
      const one = await startScenario({ databaseUrl: from });
      const body = keyBody();
      const first = await post('keys', body, 'in the backup', one.api);
      const file = joinPath(folder, 'x.backup.gz');
      const settings = (url: string) => ({ DATABASE_URL: url, SECRET_KEY: secretKey });
      expect((await runRecado(settings(from), ['backup', file])).code).toBe(0);
      await one.close();
      expect((await runRecado(settings(to), ['restore', file])).code).toBe(0);
      const two = await startScenario({ databaseUrl: to });
      expect(await placesIn(two, first.body.key)).toEqual([]);
      expect((await post('keys', body, 'in the backup', two.api)).text).toBe(first.text);
      await two.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
