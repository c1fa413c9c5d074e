// WhatsApp Web, as a user sees it: a phone is linked, and the link survives what can happen to it.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type FakeWhatsApp, startFakeWhatsApp } from '../../channels/whatsapp-web/tests/fake/index.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { runRecado } from '../setup/command.ts';
import { lastWarnings } from '../setup/last-warnings.ts';
import {
  type LinkedPhones,
  linkedPhones,
  patience,
  sessionProcesses,
  startPatience,
  webSettings,
} from '../setup/linked-phones.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

// Each waits for processes several times.
vi.setConfig({ testTimeout: 180_000 });

let fake: FakeWhatsApp;
let scenario: Scenario;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  scenario = await startScenario({ env: webSettings(fake) });
  phones = linkedPhones(scenario, fake);
});
afterAll(async () => {
  await scenario?.close();
  await fake?.close();
});

let phones: LinkedPhones;

describe('linking', () => {
  test('by QR code: consent first, then a code, then a connected account', async () => {
    const id = await phones.makeAccount();
    const before = await phones.accountOf(id);
    expect(before).toMatchObject({ channel: 'web', phone: null, status: 'disconnected', link: { state: 'unlinked' } });
    const refused = await phones.startLink(id, { method: 'qr' });
    expect([refused.status, refused.body.code]).toEqual([409, 'consent_required']);
    expect(refused.body.detail).toMatch(/does not allow unofficial programs/);
    const started = await phones.startLink(id);
    expect(started.status).toBe(202);
    expect(started.body).toMatchObject({ state: 'linking', consented_at: expect.any(String) });
    const code = await phones.codeOf(id);
    expect(code).toMatchObject({ method: 'qr', number: 1, of: 6 });
    const number = phones.nextNumber();
    await fake.phone(number, { name: 'Owner' }).scan(code.value);
    await phones.isState(id, 'connected');
    const account = await phones.accountOf(id);
    expect(account).toMatchObject({ phone: number, status: 'connected', status_reason: null });
    expect(account.limits.warm_up).toMatchObject({ first_day: 20, days: 14 });
    const again = await phones.startLink(id);
    expect([again.status, again.body.code]).toEqual([409, 'already_linked']);
  });

  test('the code is an image, and a text for terminals, for callers who may link', async () => {
    const id = await phones.makeAccount();
    const none = await scenario.api('GET', `/api/v1/accounts/${id}/link/qr.png`);
    expect([none.status, none.body.code]).toEqual([404, 'no_code']);
    await phones.startLink(id);
    await phones.codeOf(id);
    const image = await scenario.api('GET', `/api/v1/accounts/${id}/link/qr.png`);
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png']);
    const text = await scenario.api('GET', `/api/v1/accounts/${id}/link/qr.txt`);
    expect(text.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text.text).toMatch(/^[█▀▄ \n]+$/);
    const key = await scenario.api('POST', '/api/v1/keys', { name: 'reader', scopes: ['accounts.read'] });
    const reader = scenario.as(key.body.key);
    expect((await reader('GET', `/api/v1/accounts/${id}/link`)).body).toMatchObject({ state: 'linking', code: null });
    expect((await reader('GET', `/api/v1/accounts/${id}/link/qr.png`)).status).toBe(403);
    await scenario.api('POST', `/api/v1/accounts/${id}/unlink`);
    await phones.isState(id, 'unlinked');
  });

  test('by pairing code, for one number', async () => {
    const [id, number] = [await phones.makeAccount(), phones.nextNumber()];
    const wrong = await phones.startLink(id, { method: 'pairing_code', accept_risks: true });
    expect([wrong.status, wrong.body.errors?.[0]?.field]).toEqual([400, 'phone']);
    const phone = fake.phone(number, { name: 'Owner' });
    await phones.startLink(id, { method: 'pairing_code', phone: number, accept_risks: true });
    const code = await phones.codeOf(id);
    expect(code).toMatchObject({ method: 'pairing_code', number: 1, of: 1 });
    await phone.enterCode(code.value);
    await phones.isState(id, 'connected');
    expect(await phones.eventsOf(id, 'account.link_code_created')).toMatchObject([
      { method: 'pairing_code', value: code.value },
    ]);
    const changes = await phones.eventsOf(id, 'account.link_changed');
    expect(changes.map(({ from, state }) => `${from} > ${state}`)).toEqual([
      'unlinked > linking',
      'linking > connected',
    ]);
  });

  test('begins five times in ten minutes: each may put a notice on the phone of a stranger', async () => {
    const [id, other] = [await phones.makeAccount(), await phones.makeAccount()];
    const begin = (account: string) =>
      phones.startLink(account, { method: 'pairing_code', phone: phones.nextNumber(), accept_risks: true });
    for (let n = 0; n < 5; n++) expect((await begin(id)).status).toBe(202);
    const refused = await begin(id);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_links' } });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(600);
    expect((await begin(other)).status).toBe(202);
    // An end does not help.
    await scenario.api('POST', `/api/v1/accounts/${id}/unlink`);
    expect((await begin(id)).status).toBe(429);
    await scenario.sql(
      `update web_session set link_starts = array(select s - interval '10 minutes' from unnest(link_starts) s)`,
    );
    expect((await begin(id)).status).toBe(202);
    for (const each of [id, other]) await scenario.api('POST', `/api/v1/accounts/${each}/unlink`);
  });

  test('that WhatsApp breaks off has failed, and can begin again', async () => {
    const [id, number] = [await phones.makeAccount(), phones.nextNumber()];
    const phone = fake.phone(number, { name: 'Owner' });
    phone.refuseNextCode(400);
    await phones.startLink(id, { method: 'pairing_code', phone: number, accept_risks: true });
    await phones.isState(id, 'failed');
    expect((await phones.linkOf(id)).reason).toMatch(/WhatsApp ended the linking \(400/);
    await phones.startLink(id);
    await phone.scan((await phones.codeOf(id)).value);
    await phones.isState(id, 'connected');
  });

  test('of a number that needs a passkey fails, and says what helps', async () => {
    const [id, phone] = [await phones.makeAccount(), fake.phone(phones.nextNumber(), { name: 'Owner' })];
    phone.demandPasskey();
    await phones.startLink(id);
    expect(await phone.scan((await phones.codeOf(id)).value)).toBe('passkey');
    await phones.isState(id, 'failed');
    const link = await phones.linkOf(id);
    expect(link).toMatchObject({ cause: 'passkey_required', reason: expect.stringMatching(/passkey.*Cloud API/) });
    const [last] = (await phones.eventsOf(id, 'account.link_changed')).slice(-1);
    expect(last).toMatchObject({ from: 'linking', state: 'failed', cause: 'passkey_required', code: null });
  });

  const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
  test.each([null, { start: threeDaysAgo, first_day: 50, days: 30 }])(
    'begins no other warm-up than the chosen one: %o',
    async warm_up => {
      const { id } = await phones.linked({ limits: { warm_up } });
      expect((await phones.accountOf(id)).limits.warm_up).toEqual(warm_up);
    },
  );

  test('of a phone that another account is linked to ends again, and says which', async () => {
    const first = await phones.linked();
    const second = await phones.makeAccount();
    await phones.startLink(second);
    await first.phone.scan((await phones.codeOf(second)).value);
    await phones.isState(second, 'failed');
    expect((await phones.linkOf(second)).reason).toMatch(/already linked to the account Shop\. Unlink it there first/);
    expect(await phones.accountOf(second)).toMatchObject({ phone: null, link: { phone: null } });
    await expect.poll(() => first.phone.companions.length, patience).toBe(1);
    await phones.isState(first.id, 'connected');
    await scenario.api('POST', `/api/v1/accounts/${first.id}/unlink`);
    await phones.startLink(second);
    await first.phone.scan((await phones.codeOf(second)).value);
    await phones.isState(second, 'connected');
  });

  test('again, right after it was unlinked, leaves no device of before on the phone', async () => {
    const { id, phone } = await phones.linked();
    await scenario.api('POST', `/api/v1/accounts/${id}/unlink`);
    expect((await phones.startLink(id)).status).toBe(202);
    await expect.poll(() => phone.companions.length, patience).toBe(0);
    await phone.scan((await phones.codeOf(id)).value);
    await phones.isState(id, 'connected');
    expect(phone.companions.length).toBe(1);
  });

  test('another workspace sees nothing of it', async () => {
    const { id } = await phones.linked();
    const { api } = await scenario.stranger();
    for (const [method, path] of [
      ['GET', 'link'],
      ['POST', 'unlink'],
      ['GET', 'link/qr.png'],
    ] as const)
      expect((await api(method, `/api/v1/accounts/${id}/${path}`)).status).toBe(404);
  });

  test('a Sandbox account has no link', async () => {
    const answer = await scenario.api('GET', `/api/v1/accounts/${scenario.account.id}/link`);
    expect([answer.status, answer.body.code]).toEqual([409, 'not_linkable']);
    expect(scenario.account.link).toBeNull();
  });
});

describe('a link', () => {
  test('keeps its secrets encrypted, and unlinking deletes them and logs out', async () => {
    const { id, phone } = await phones.linked();
    const keys = await phones.rowsOf('web_session_key', id);
    expect(keys.length).toBeGreaterThan(10);
    for (const { value } of keys) expect(value).toMatch(/^s1\./);
    const [session] = await scenario.sql<{ credentials: string; consented: boolean }>(
      'select credentials, consented_by is not null as consented from web_session where account_id = $1',
      [toUuid(id)],
    );
    expect(session).toMatchObject({ credentials: expect.stringMatching(/^s1\./), consented: true });
    const ended = await scenario.api('POST', `/api/v1/accounts/${id}/unlink`);
    expect([ended.status, ended.body]).toMatchObject([200, { state: 'unlinked', phone: null, linked_at: null }]);
    await expect.poll(() => phone.companions.length, patience).toBe(0);
    expect(await phones.rowsOf('web_session_key', id)).toEqual([]);
    expect(await phones.accountOf(id)).toMatchObject({ status: 'disconnected', status_reason: 'No phone is linked.' });
    const audited = await scenario.api('GET', `/api/v1/audit?target_id=${id}`);
    const actions: { action: string }[] = audited.body.data;
    expect(actions.map(({ action }) => action).sort()).toEqual(
      [
        'account.created',
        'account.link_started',
        'account.linked',
        'account.risks_accepted',
        'account.unlinked',
      ].sort(),
    );
  });

  test('that ends while its phone is away says that the phone may keep the device', async () => {
    const { id, phone } = await phones.linked();
    fake.refuseLogin(503, { phone, times: 99 });
    fake.disconnect(phone, 503);
    await phones.isState(id, 'reconnecting');
    const ended = await scenario.api('POST', `/api/v1/accounts/${id}/unlink`);
    const said = { state: 'unlinked', cause: 'phone_may_keep', reason: expect.stringMatching(/remove it there/) };
    expect([ended.status, ended.body]).toMatchObject([200, said]);
    fake.script.welcome(phone.account);
  });

  test('whose end WhatsApp does not confirm says so later', async () => {
    const { id, phone } = await phones.linked();
    fake.halfOpen(phone);
    const ended = await scenario.api('POST', `/api/v1/accounts/${id}/unlink`);
    expect(ended.body).toMatchObject({ state: 'unlinked', cause: null });
    fake.disconnect(phone, 'broken');
    await expect.poll(async () => (await phones.linkOf(id)).cause, startPatience).toBe('phone_may_keep');
    expect(phone.companions).toHaveLength(1);
  });

  test('ends with its account', async () => {
    const { id, phone } = await phones.linked();
    expect((await scenario.api('DELETE', `/api/v1/accounts/${id}`)).status).toBe(204);
    await expect.poll(() => phone.companions.length, patience).toBe(0);
    expect(await phones.rowsOf('web_session_key', id)).toEqual([]);
  });

  test('401: it is logged out, its keys are deleted, and it can be linked again', async () => {
    const { id, phone } = await phones.linked();
    fake.disconnect(phone, 401);
    await phones.isState(id, 'logged_out');
    expect(await phones.rowsOf('web_session_key', id)).toEqual([]);
    expect(await phones.accountOf(id)).toMatchObject({
      status: 'disconnected',
      status_reason: expect.stringMatching(/Link the phone again/),
    });
    expect(await phones.eventsOf(id, 'account.link_changed')).toContainEqual(
      expect.objectContaining({ from: 'connected', state: 'logged_out', code: 401 }),
    );
    await phones.startLink(id, { method: 'qr' });
    await phone.scan((await phones.codeOf(id)).value);
    await phones.isState(id, 'connected');
  });

  test.each([402, 403] as const)(
    '%i: it stops, keeps its keys, and connects again when somebody resumes the account',
    async code => {
      const { id, phone } = await phones.linked();
      fake.refuseLogin(code, { phone, times: 1 });
      fake.disconnect(phone, 503);
      await phones.isState(id, 'banned');
      expect((await phones.rowsOf('web_session_key', id)).length).toBeGreaterThan(10);
      expect(await phones.accountOf(id)).toMatchObject({ status: 'needs_attention' });
      await scenario.api('POST', `/api/v1/accounts/${id}/resume`);
      await phones.isState(id, 'connected');
      expect(await phones.accountOf(id)).toMatchObject({ status: 'connected', status_reason: null });
    },
  );

  test('408, 428, 440, 500 and 503: each connects again, with the same keys', async () => {
    const codes = [408, 428, 440, 500, 503] as const;
    const links = [];
    for (const code of codes) links.push({ code, ...(await phones.linked()) });
    for (const { code, phone } of links) fake.disconnect(phone, code);
    for (const { code, id, phone } of links) {
      const states = async () => (await phones.eventsOf(id, 'account.link_changed')).map(({ state }) => state).slice(2);
      await expect.poll(async () => [code, ...(await states())], patience).toEqual([code, 'reconnecting', 'connected']);
      expect(await phones.accountOf(id)).toMatchObject({ status: 'connected' });
      expect(phone.companions).toHaveLength(1);
    }
  });

  test('440 five times in a row: it stops, and says that another program uses the link', async () => {
    const { id, phone } = await phones.linked();
    for (let times = 1; times <= 5; times++) {
      await phone.online();
      await phones.isState(id, 'connected');
      fake.disconnect(phone, 'conflict');
      await phones.isState(id, 'reconnecting');
      // The waits between the attempts grow, which is no matter of this test.
      await scenario.sql('update web_session set open_at = null where account_id = $1', [toUuid(id)]);
    }
    const isTold = async () => (await phones.linkOf(id)).cause;
    await expect.poll(isTold, patience).toBe('used_elsewhere');
    expect(await phones.accountOf(id)).toMatchObject({
      status: 'needs_attention',
      status_reason: expect.stringMatching(/Another program uses the same link/),
    });
    expect((await phones.rowsOf('web_session_key', id)).length).toBeGreaterThan(10);
    await scenario.api('POST', `/api/v1/accounts/${id}/resume`);
    await phones.isState(id, 'connected');
    expect(await phones.accountOf(id)).toMatchObject({
      status: 'connected',
      status_reason: null,
      link: { cause: null },
    });
  });

  test('405: it waits for another version, and connects when the operator sets one', async () => {
    const { id, phone } = await phones.linked();
    fake.script.minimumVersion = [2, 3000, 2_000_000_000];
    fake.disconnect(phone, 503);
    await phones.isState(id, 'outdated');
    expect(await phones.accountOf(id)).toMatchObject({ status: 'needs_attention' });
    const said = await runRecado(scenario.env, ['web-version', '2.3000.2000000001']);
    expect(said.out).toMatch(/2\.3000\.2000000001 is used from now on/);
    await phones.isState(id, 'connected');
    expect((await runRecado(scenario.env, ['web-version'])).out).toMatch(
      /^WhatsApp Web 2\.3000\.2000000001, used since/,
    );
    fake.script.minimumVersion = [2, 3000, 0];
  });

  test('a newer version of WhatsApp is read once a day, used by the next connection, and shown with its age', async () => {
    const { id, phone } = await phones.linked();
    const readAgain = () =>
      scenario.sql(
        `update installation_setting set value = value - 'next_reading_at' where name = 'whatsapp_web_version'`,
      );
    const shown = async () => (await runRecado(scenario.env, ['web-version'])).out;
    await expect.poll(shown, startPatience).toMatch(/WhatsApp had none newer on \d{4}-\d\d-\d\d\./);
    fake.script.revision = 2_000_000_005;
    await readAgain();
    await expect.poll(shown, startPatience).toMatch(/^WhatsApp Web 2\.3000\.2000000005, used since .* \(0 days\)\./);
    fake.script.minimumVersion = [2, 3000, 2_000_000_005];
    fake.disconnect(phone, 503);
    await phones.isState(id, 'reconnecting');
    await phones.isState(id, 'connected');
    fake.script.minimumVersion = [2, 3000, 0];
    // Neither an older one nor a server that does not tell changes anything.
    for (const revision of [1, undefined]) {
      fake.script.revision = revision;
      await readAgain();
      const next = `select 1 from installation_setting where name = 'whatsapp_web_version' and value ? 'next_reading_at'`;
      await expect.poll(async () => (await scenario.sql(next)).length, patience).toBe(1);
      expect(await shown()).toMatch(/^WhatsApp Web 2\.3000\.2000000005/);
    }
  });
});

describe('a session', () => {
  test('returns after its process is killed', async () => {
    const { id } = await phones.linked();
    const before = await sessionProcesses();
    expect(before).not.toEqual([]);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await expect
      .poll(
        async () => (await phones.eventsOf(id, 'account.link_changed')).map(({ state }) => state).slice(2),
        startPatience,
      )
      .toEqual(['reconnecting', 'connected']);
    const after = await sessionProcesses();
    expect(after.some(pid => before.includes(pid))).toBe(false);
  });

  test('that was taken and opened after a sweep read its list stays connected, and sends', async () => {
    const [first, taken, last] = [await phones.linked(), await phones.linked(), await phones.linked()];
    const all = [first, taken, last].map(({ id }) => toUuid(id));
    const before = await heldAs(taken.id);
    // The sweep waits for the first account of its list.
    const held = await holdTransaction(scenario, 'select 1 from account where id = $1 for no key update', [all[0]]);
    await scenario.sql(
      `update web_session s set holder = null, open_at = clock_timestamp() + interval '1 hour',
         lease_until = clock_timestamp() - (10 - n) * interval '1 minute'
       from unnest($1::uuid[]) with ordinality l(id, n) where s.account_id = l.id`,
      [all],
    );
    await expect.poll(() => held.waiting(), patience).toBe(1);
    await scenario.sql('update web_session set open_at = null where account_id = $1', [all[1]]);
    await expect.poll(async () => (await heldAs(taken.id)).epoch, patience).toBeGreaterThan(before.epoch);
    await phones.isState(taken.id, 'connected');
    await held.letGo();
    await phones.isState(last.id, 'reconnecting');

    const states = (await phones.eventsOf(taken.id, 'account.link_changed')).map(({ state }) => state);
    expect(states).toEqual(['linking', 'connected', 'reconnecting', 'connected']);
    expect(await heldAs(taken.id)).toMatchObject({ route: before.route, state: 'connected' });
    await sends(taken.id);
    for (const id of [first.id, last.id]) expect((await phones.linkOf(id)).reason).toMatch(/No process holds/);
  });

  test('that is open says so again, whatever another process wrote', async () => {
    const { id } = await phones.linked();
    const { route } = await heldAs(id);
    await scenario.sql(
      `update web_session set state = 'reconnecting', reason = 'No process holds it.' where account_id = $1`,
      [toUuid(id)],
    );
    await phones.isState(id, 'connected');
    expect((await phones.linkOf(id)).reason).toBeNull();
    await scenario.sql(`update account set route = 'web' where id = $1`, [toUuid(id)]);
    await expect.poll(async () => (await heldAs(id)).route, patience).toBe(route);
    const mended = () => lastWarnings.filter(line => line.includes('it is mended') && line.includes(id));
    await expect.poll(() => mended().length, patience).toBe(2);
    await sends(id);
  });

  const heldAs = async (id: string): Promise<{ epoch: number; state: string; route: string }> => {
    const [row] = await scenario.sql<{ epoch: string; state: string; route: string }>(
      'select s.epoch, s.state, a.route from web_session s join account a on a.id = s.account_id where a.id = $1',
      [toUuid(id)],
    );
    return { epoch: Number(row?.epoch), state: row?.state ?? '', route: row?.route ?? '' };
  };
  async function sends(id: string): Promise<void> {
    const ana = fake.person(phones.nextNumber(), { name: 'Ana' });
    const body = { account_id: id, to: ana.number, type: 'text', text: { body: 'Here again' } };
    expect((await scenario.api('POST', '/api/v1/messages', body)).status).toBe(202);
    await ana.waitFor('Here again');
  }
});
