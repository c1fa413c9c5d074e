// The ledger of opt-outs and consents, the gate of a claim, and the page behind a link.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid } from '../../server/kit/ids.ts';
import type { Call, Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;
let key: Call;
let numbers = 0;
const number = () => `+33623${String(100_000 + ++numbers)}`;

beforeAll(async () => {
  scenario = await openWorkspace();
  const { body } = await call('POST', 'keys', {
    name: 'Opt-outs',
    scopes: ['opt_outs.read', 'opt_outs.manage', 'contacts.configure'],
  });
  key = scenario.as(body.key);
  for (const category of ['MARKETING', 'UTILITY']) {
    const made = await call('POST', 'templates', {
      ...{ account_id: scenario.account.id, name: `news_${category.toLowerCase()}`, language: 'en_US', category },
      components: [{ type: 'BODY', text: 'The shop is open.' }],
    });
    scenario.simulator.templates.act(made.body.channel_template_id, 'approve');
  }
  await scenario.settle();
});
afterAll(() => scenario.close());

const call = (method: string, path: string, body?: object) => scenario.api(method, `/api/v1/${path}`, body);
const ledger = async (query: string): Promise<Json[]> => (await call('GET', `opt-outs/ledger?${query}`)).body.data;
const newsTo = (to: string, category: string, more: object = {}) =>
  call('POST', 'messages', {
    ...{ account_id: scenario.account.id, to, type: 'template' },
    template: { name: `news_${category}`, language: { code: 'en_US' } },
    ...more,
  });
const contactFor = async (phone: string): Promise<string> => (await call('POST', 'contacts', { phone })).body.id;
const refused = { status: 409, body: { code: 'opted_out' } };
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('the ledger', () => {
  test('has each opt-out and its end: who, how we know, and why', async () => {
    const [ana, bo] = [number(), number()];
    const made = await call('POST', 'opt-outs', { to: ana, category: 'marketing', reason: 'Asked on the phone.' });
    await call('POST', 'opt-outs', { to: ana, category: 'marketing', reason: 'Again.' });
    await call('DELETE', `opt-outs/${made.body.id}`, { reason: 'Asked again.' });
    await key('POST', '/api/v1/opt-outs', { to: bo, reason: 'A form.' });
    const contact = made.body.contact_id;
    const of = {
      contact_id: contact,
      phone: ana,
      category: 'marketing',
      source: 'person',
      proof: {},
      account_id: null,
    };
    expect(await ledger(`contact_id=${contact}`)).toMatchObject([
      { ...of, kind: 'in', reason: 'Asked again.', actor: { kind: 'person' }, legal_basis: null },
      { ...of, kind: 'out', reason: 'Asked on the phone.', actor: { kind: 'person' } },
    ]);
    const [other] = await ledger(`to=${encodeURIComponent(bo)}`);
    expect(other).toMatchObject({ category: 'all', source: 'api', actor: { kind: 'api_key' }, reason: 'A form.' });
    expect(await ledger(`contact_id=${contact}&kind=in`)).toHaveLength(1);
    expect(await ledger(`contact_id=${contact}&source=word`)).toEqual([]);
    expect(await ledger(`contact_id=${contact}&from=${inAnHour()}`)).toEqual([]);
    const first = await call('GET', `opt-outs/ledger?contact_id=${contact}&limit=1`);
    const rest = await call(
      'GET',
      `opt-outs/ledger?contact_id=${contact}&limit=1&cursor=${first.body.page.next_cursor}`,
    );
    expect([first.body.data[0].kind, rest.body.data[0].kind]).toEqual(['in', 'out']);
    const file = await call('GET', `opt-outs/ledger/export?contact_id=${contact}`);
    expect(file.headers.get('content-type')).toContain('text/csv');
    const lines = file.text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain(`"${ana}","","out","marketing","person"`);
  });

  test.each(['recado_api', 'recado_engine'])('%s can change or delete nothing of it', async role => {
    await call('POST', 'opt-outs', { to: number(), reason: 'x' });
    for (const change of [
      "update opt_out_ledger set kind = 'in'",
      'delete from opt_out_ledger',
      'truncate opt_out_ledger',
    ]) {
      const failing = scenario.sql(`do $$ begin set local role ${role}; ${change}; end $$`);
      await expect(failing).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('outlives the person as hashes, by which their number finds it', async () => {
    const ana = number();
    const { body } = await call('POST', 'opt-outs', { to: ana, reason: 'Ana asked.' });
    const person = JSON.parse((await call('GET', `contacts/${body.contact_id}/export`)).text);
    expect(person.opt_out_ledger).toMatchObject([{ kind: 'out', category: 'all', reason: 'Ana asked.' }]);
    await call('POST', `contacts/${body.contact_id}/erase`);
    const left = await ledger(`to=${encodeURIComponent(ana)}`);
    expect(left).toMatchObject([{ contact_id: null, phone: null, reason: null, kind: 'out', category: 'all' }]);
    expect(left[0].address_hashes).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(JSON.stringify(left)).not.toContain(ana.slice(1));
    expect(await ledger(`to=${encodeURIComponent(number())}`)).toEqual([]);
    await call('DELETE', `opt-outs/${body.id}`, { reason: 'Came back.' });
    const [end] = await ledger(`to=${encodeURIComponent(ana)}`);
    expect(end).toMatchObject({ kind: 'in', phone: null, address_hashes: left[0].address_hashes });
  });

  test('of two contacts that are one person is one, and the stricter opt-out stays', async () => {
    const [ana, bo] = [number(), number()];
    const [kept, lost] = [await contactFor(ana), await contactFor(bo)];
    await call('POST', 'consents', { contact_id: kept, legal_basis: 'a', wording: 'w' });
    await call('POST', 'opt-outs', { contact_id: lost, category: 'all', reason: 'Nothing more.' });
    expect((await call('POST', `contacts/${kept}/merge`, { other_id: lost })).status).toBe(200);
    expect((await ledger(`contact_id=${kept}`)).map(({ kind }) => kind)).toEqual(['out', 'in']);
    expect(await newsTo(ana, 'utility')).toMatchObject(refused);
  });
});

describe('a consent', () => {
  test('is recorded with its legal basis, its words and its time', async () => {
    const ana = number();
    const given = { legal_basis: 'GDPR Art. 6 (1) a', wording: 'I would like to hear of new books.' };
    const made = await call('POST', 'consents', {
      to: ana,
      ...given,
      given_at: '2026-02-03T10:20:00Z',
      reason: 'Counter.',
    });
    expect(made).toMatchObject({
      status: 201,
      body: { ...given, kind: 'in', category: 'marketing', phone: ana, given_at: '2026-02-03T10:20:00.000Z' },
    });
    expect(await ledger(`contact_id=${made.body.contact_id}`)).toEqual([made.body]);
    const [entry] = (await call('GET', `audit?target_id=${made.body.id}`)).body.data;
    expect(entry).toMatchObject({ action: 'consent.created', detail: { contact_id: made.body.contact_id } });
    const fieldOf = async (body: object) => (await call('POST', 'consents', body)).body.errors[0].field;
    expect(await fieldOf({ to: ana, ...given, given_at: inAnHour() })).toBe('given_at');
    expect(await fieldOf({ to: ana, wording: 'w' })).toBe('legal_basis');
    expect(await fieldOf(given)).toBe('contact_id');
  });

  test('may be needed for marketing: without one it is refused, and nothing else is', async () => {
    const [ana, bo] = [number(), number()];
    await call('PATCH', 'workspace/opt-outs', { consent_required: true });
    const missing = { status: 409, body: { code: 'consent_missing', errors: [{ field: 'to' }] } };
    expect(await newsTo(ana, 'marketing')).toMatchObject(missing);
    expect((await newsTo(ana, 'utility')).status).toBe(202);
    await call('POST', 'consents', { to: ana, legal_basis: 'a', wording: 'w' });
    expect((await newsTo(ana, 'marketing')).status).toBe(202);
    // An opt-out bars also who consented, and ends the consent.
    const { body } = await call('POST', 'opt-outs', { to: ana, category: 'marketing', reason: 'x' });
    expect(await newsTo(ana, 'marketing')).toMatchObject(refused);
    await call('DELETE', `opt-outs/${body.id}`, { reason: 'Asked.' });
    expect(await newsTo(ana, 'marketing')).toMatchObject(missing);
    await call('POST', 'consents', { to: ana, legal_basis: 'a', wording: 'w' });
    expect((await newsTo(ana, 'marketing')).status).toBe(202);
    // The end of an opt-out alone is no consent.
    const other = await call('POST', 'opt-outs', { to: bo, category: 'marketing', reason: 'x' });
    await call('DELETE', `opt-outs/${other.body.id}`, { reason: 'Asked.' });
    const items = [bo, ana].map(to => ({
      ...{ account_id: scenario.account.id, to, type: 'template' },
      template: { name: 'news_marketing', language: { code: 'en_US' } },
    }));
    const { results } = (await call('POST', 'messages/batch', { messages: items })).body;
    expect(results.map((result: Json) => result.error?.code)).toEqual(['consent_missing', undefined]);
    const [entry] = (await call('GET', 'audit?action=opt_out_settings.updated')).body.data;
    expect(entry.detail).toEqual({ consent_required: true });
    await call('PATCH', 'workspace/opt-outs', { consent_required: false });
    expect((await newsTo(bo, 'marketing')).status).toBe(202);
  });
});

describe('a claim', () => {
  test('never calls for a barred person, whatever path wrote the opt-out; others leave', async () => {
    const { body: account } = await call('POST', 'accounts', { name: 'Gate', channel: 'sandbox' });
    await call('POST', `accounts/${account.id}/pause`);
    const [all, marketing, free] = [number(), number(), number()];
    const send = async (to: string, more: object) =>
      (await call('POST', 'messages', { account_id: account.id, to, ...more })).body.id;
    const text = { type: 'text', text: { body: 'hello' } };
    const offer = { type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } };
    await scenario.sql("update template set category = 'MARKETING' where name = 'hello_world'");
    const barred = [await send(all, text), await send(all, text), await send(marketing, offer)];
    const going = [await send(marketing, text), await send(free, text), await send(free, offer)];
    // By no path of ours: nothing is cancelled now.
    for (const [phone, category] of [
      [all, 'all'],
      [marketing, 'marketing'],
    ])
      await scenario.sql(
        `insert into opt_out (id, workspace_id, contact_id, category, source, created_at)
          select $1, workspace_id, contact_id, $2, 'import', now() from contact_address where value = $3`,
        [newUuid(), category, phone],
      );
    const statusOf = async (id: string) => (await scenario.message(id)).status;
    for (const id of barred) expect(await statusOf(id)).toBe('queued');
    await call('POST', `accounts/${account.id}/resume`);
    await scenario.settle();
    for (const id of barred) {
      const { status, attempts, events } = await scenario.message(id);
      expect([status, attempts]).toEqual(['cancelled', []]);
      expect(events.at(-1)).toMatchObject({ type: 'message.cancelled', data: { reason: 'opted_out' } });
    }
    for (const id of going) expect(['sent', 'delivered', 'read']).toContain(await statusOf(id));
    expect(await scenario.sql('select * from check_queue()')).toEqual([]);
  });
});

describe('the page behind a link', () => {
  const linkTo = async (to: string): Promise<Json> => (await call('POST', 'opt-out-links', { to })).body;
  const page = (method: string, token: string) => scenario.as(undefined)(method, `/api/v1/opt-out-links/${token}`);

  test('opts out of marketing with one press, and takes that back', async () => {
    const ana = number();
    const link = await linkTo(ana);
    expect(await linkTo(ana)).toEqual(link);
    expect(link.url).toMatch(new RegExp(`^http.*/opt-out/${link.token}$`));
    const waiting = (await newsTo(ana, 'marketing', { send_at: inAnHour() })).body.id;
    const open = {
      ...{ workspace_name: expect.any(String), number_ending: ana.slice(-4) },
      ...{ opted_out: null, since: null, revocable: false },
    };
    // A scanner opens it.
    for (const method of ['GET', 'HEAD', 'GET']) expect((await page(method, link.token)).status).toBe(200);
    expect((await page('GET', link.token)).body).toEqual(open);
    const done = await page('POST', link.token);
    expect(done.body).toEqual({ ...open, opted_out: 'marketing', since: expect.any(String), revocable: true });
    expect((await page('POST', link.token)).body).toEqual(done.body);
    expect((await scenario.message(waiting)).status).toBe('cancelled');
    expect(await newsTo(ana, 'marketing')).toMatchObject(refused);
    expect((await newsTo(ana, 'utility')).status).toBe(202);
    expect((await page('DELETE', link.token)).body).toEqual(open);
    expect((await page('DELETE', link.token)).body).toEqual(open);
    expect(await ledger(`contact_id=${link.contact_id}`)).toMatchObject([
      { kind: 'in', source: 'page', actor: null },
      { kind: 'out', source: 'page', actor: null, category: 'marketing' },
    ]);
    const entries = (await call('GET', `audit?target_id=${link.contact_id}`)).body.data;
    expect(entries.map(({ action }: Json) => action)).toEqual(['opt_out.removed_by_link', 'opt_out.created_by_link']);
    expect(JSON.stringify(done.body)).not.toContain(ana.slice(1));
  });

  test('takes back nothing that came another way', async () => {
    const ana = number();
    const { token } = await linkTo(ana);
    await call('POST', 'opt-outs', { to: ana, category: 'all', reason: 'By phone.' });
    expect((await page('GET', token)).body).toMatchObject({ opted_out: 'all', revocable: false });
    await page('DELETE', token);
    expect((await page('GET', token)).body.opted_out).toBe('all');
  });

  test('needs its whole link, and a person that is there', async () => {
    const ana = number();
    const { token, contact_id: id } = await linkTo(ana);
    const wrong = [token.slice(0, -1), `${token}A`, token.replace(/^./, (c: string) => (c === 'A' ? 'B' : 'A')), 'x'];
    for (const each of wrong)
      for (const method of ['GET', 'POST', 'DELETE'])
        expect(await page(method, each)).toMatchObject({ status: 404, body: { code: 'opt_out_link_invalid' } });
    await call('DELETE', `contacts/${id}`);
    expect((await page('POST', token)).status).toBe(404);
  });

  test('is made by callers who may opt out, for contacts of their own workspace', async () => {
    const stranger = await scenario.stranger();
    const theirs = { contact_id: stranger.message.contact_id };
    expect((await call('POST', 'opt-out-links', theirs)).body.code).toBe('contact_not_found');
    expect((await call('POST', 'consents', { ...theirs, legal_basis: 'a', wording: 'w' })).body.code).toBe(
      'contact_not_found',
    );
    const { body } = await stranger.api('POST', '/api/v1/opt-out-links', theirs);
    await page('POST', body.token);
    expect((await stranger.api('GET', '/api/v1/opt-outs')).body.data).toMatchObject([{ source: 'page' }]);
    expect(await ledger(`contact_id=${stranger.message.contact_id}`)).toEqual([]);
    expect(await stranger.api('GET', `/api/v1/opt-outs/ledger?contact_id=${body.contact_id}`)).toMatchObject({
      body: { data: [{ source: 'page' }] },
    });
  });
});
