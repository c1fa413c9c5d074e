// Real accounts, connected by API to the simulator as if it were Meta.
import { createHmac } from 'node:crypto';
import { newAccountChecksSchema } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import {
  type AtMeta,
  connect,
  connection,
  control,
  createAtMeta,
  createToken,
  loseKey,
  startWithCallback,
} from '../setup/meta.ts';
import { join } from '../setup/people.ts';
import { placesIn } from '../setup/places.ts';
import type { Scenario } from '../setup/scenario.ts';

let scenario: Scenario;
let at: AtMeta;
const lines: string[] = [];
// biome-ignore lint/suspicious/noExplicitAny: the body of an answer is whatever the scenario says it is
let account: any;

beforeAll(async () => {
  scenario = await startWithCallback({
    log: openLog('debug', undefined, { write: (line: string) => void lines.push(line) }),
  });
  at = await createAtMeta(scenario);
  account = await connect(scenario, at);
});
afterAll(() => scenario.close());

const send = async (from: { id: string }, to: string, body = 'hello') => {
  const answer = await scenario.api('POST', '/api/v1/messages', {
    account_id: from.id,
    to,
    type: 'text',
    text: { body },
  });
  expect(answer.status, answer.text).toBe(202);
  return answer.body;
};

/** The person writes first, which opens the window. */
const write = async (person: string, to: AtMeta, body: string) => {
  await control(scenario, 'POST', `/phones/${encodeURIComponent(person)}/messages`, {
    to: to.numberId,
    text: { body },
  });
  await scenario.settle();
};

const inbound = async (accountId: string) =>
  (await scenario.api('GET', `/api/v1/messages?account_id=${accountId}&direction=inbound`)).body.data;

test('a number with several messaging accounts says of which its messages are', async () => {
  const own = await createAtMeta(scenario);
  const { id: accountId } = await connect(scenario, own);
  const bodies: unknown[] = [];
  scenario.simulator.setFault(({ body }) => {
    bodies.push(body);
    return null;
  });
  const set = (messaging_account_id: string | null) =>
    scenario.api('PATCH', `/api/v1/accounts/${accountId}`, { delivery: { messaging_account_id } });
  expect((await set('abc')).body.errors).toEqual([
    { field: 'delivery.messaging_account_id', message: 'Must be the digits of a messaging account of Meta.' },
  ]);
  await write('+351912345001', own, 'hello');
  for (const id of ['9876543210', null]) {
    expect((await set(id)).body.delivery.messaging_account_id).toBe(id);
    const { id: messageId } = await send({ id: accountId }, '+351912345001');
    await scenario.settle();
    expect(await scenario.message(messageId)).toMatchObject({ status: 'read', options: null });
    expect((bodies.at(-1) as Record<string, unknown>).messaging_account_id).toBe(id ?? undefined);
  }
  scenario.simulator.setFault(null);
});

test('an account is checked, subscribed and saved, and shows what WhatsApp says about the number', async () => {
  expect(account).toMatchObject({
    channel: 'cloud',
    status: 'connected',
    phone: at.phone,
    phone_number_id: at.numberId,
    business_account_id: at.businessId,
    app_id: at.appId,
    webhook_url: expect.stringMatching(/\/webhooks\/whatsapp\/app_\w{26}$/),
    verified_name: 'Simulated business',
    name_status: 'APPROVED',
    quality: 'GREEN',
    throughput: 'STANDARD',
    checked_at: expect.any(String),
  });
  const { checks, ok } = (await scenario.api('POST', `/api/v1/accounts/${account.id}/check`)).body;
  expect(checks.map((check: { name: string; ok: boolean }) => `${check.name} ${check.ok}`)).toEqual([
    'token true',
    'scopes true',
    'app true',
    'number true',
    'business_account true',
    'webhooks true',
    'registration true',
    'health true',
  ]);
  expect(ok).toBe(true);
});

test('a new account is checked without creating anything, here or at Meta', async () => {
  const fresh = await createAtMeta(scenario);
  const { phone_number_id, business_account_id, access_token, app_secret } = connection(fresh);
  const asked = { phone_number_id, business_account_id, access_token, app_secret };
  const check = async (body: object) => (await scenario.api('POST', '/api/v1/accounts/check', body)).body;
  const { ok, checks } = newAccountChecksSchema.parse(await check(asked));
  expect([ok, checks.map(({ name }) => name)]).toEqual([
    true,
    ['token', 'scopes', 'app', 'number', 'business_account', 'registration'],
  ]);
  expect(await check({ ...asked, app_secret: 'another-secret' })).toMatchObject({
    ok: false,
    checks: expect.arrayContaining([expect.objectContaining({ name: 'app', ok: false, field: 'app_secret' })]),
  });
  expect((await check({ ...asked, phone_number_id: 'x' })).errors).toMatchObject([{ field: 'phone_number_id' }]);
  const numbers = (await scenario.api('GET', '/api/v1/accounts')).body.data;
  expect(numbers.map((each: { phone_number_id: string }) => each.phone_number_id)).not.toContain(fresh.numberId);
  expect(await scenario.sql('select 1 from meta_app where app_id = $1', [fresh.appId])).toEqual([]);
  const viewer = await join(scenario, 'viewer');
  expect((await viewer.api('POST', '/api/v1/accounts/check', asked)).status).toBe(403);
});

test('a person writes, and gets an answer, whose receipts arrive', async () => {
  await write('+33612000001', at, 'Are you open?');
  expect(await inbound(account.id)).toMatchObject([{ type: 'text', text: { body: 'Are you open?' } }]);
  const sent = await send(account, '+33612000001', 'Yes');
  await scenario.settle();
  expect(await scenario.message(sent.id)).toMatchObject({ status: 'read', account_id: account.id });
  expect(scenario.simulator.ledger.entries().filter(entry => entry.phone_number_id === at.numberId)).toHaveLength(1);
});

describe('a failed check names the field and where to look', () => {
  const refused = async (more: Record<string, unknown>, from: AtMeta = at) => {
    const answer = await scenario.api('POST', '/api/v1/accounts', connection(from, more));
    expect(answer.status, answer.text).toBe(400);
    return answer.body.errors;
  };

  test('a token that is not one', async () => {
    const [error] = await refused({ access_token: 'EAAnotatokenatall0123456789' });
    expect(error).toMatchObject({ field: 'access_token', message: expect.stringContaining('System users') });
  });

  test('a token without a permission', async () => {
    const token = await createToken(scenario, at, ['whatsapp_business_messaging']);
    expect(await refused({ access_token: token })).toMatchObject([
      { field: 'access_token', message: expect.stringContaining('whatsapp_business_management') },
    ]);
  });

  test('the secret of another app', async () => {
    expect(await refused({ app_secret: 'not-the-app-secret' })).toMatchObject([
      { field: 'app_secret', message: expect.stringContaining('App settings > Basic') },
    ]);
  });

  test('the id of another app', async () => {
    expect(await refused({ app_id: '123456' })).toMatchObject([
      {
        field: 'app_id',
        message: `The token is of the app ${at.appId}, not of 123456. Generate it for 123456, or give the app_id and the app_secret of ${at.appId}.`,
      },
    ]);
  });

  test('a new token of another app without its secret; with it, it is saved', async () => {
    const [number, other] = [await createAtMeta(scenario), await createAtMeta(scenario)];
    const one = await connect(scenario, number);
    const token = await createToken(scenario, { appId: other.appId, businessId: number.businessId });
    const change = (more: object) =>
      scenario.api('PATCH', `/api/v1/accounts/${one.id}/credentials`, { access_token: token, ...more });
    const message = `The token is of the app ${other.appId}, not of ${number.appId}. Generate it for ${number.appId}, or also give the app_secret of ${other.appId}.`;
    expect(await change({})).toMatchObject({ status: 400, body: { errors: [{ field: 'access_token', message }] } });
    expect(await change({ app_secret: other.appSecret })).toMatchObject({ status: 200, body: { app_id: other.appId } });
  });

  test('a number that the token may not read', async () => {
    const other = await createAtMeta(scenario);
    expect(await refused({ phone_number_id: other.numberId })).toMatchObject([
      { field: 'phone_number_id', message: expect.stringContaining('WhatsApp > API setup') },
    ]);
  });

  test('another business account', async () => {
    const other = await createAtMeta(scenario);
    expect(await refused({ business_account_id: other.businessId })).toMatchObject([
      { field: 'business_account_id', message: expect.stringContaining('WhatsApp > API setup') },
    ]);
  });

  test('a number of another business account that the token may use too', async () => {
    const other = await createAtMeta(scenario, { appId: at.appId, appSecret: at.appSecret });
    const both = await control(scenario, 'POST', '/business/tokens', {
      app_id: at.appId,
      business_account_ids: [at.businessId, other.businessId],
    });
    expect(await refused({ access_token: both.access_token, business_account_id: at.businessId }, other)).toMatchObject(
      [{ field: 'phone_number_id', message: expect.stringContaining('does not belong') }],
    );
  });

  test('a number that is not registered, without and with a wrong PIN; the right one registers it', async () => {
    const other = await createAtMeta(scenario, { registered: false, pin: '123456' });
    expect(await refused({}, other)).toMatchObject([{ field: 'pin' }]);
    expect(await refused({ pin: '654321' }, other)).toMatchObject([
      { field: 'pin', message: expect.stringContaining('Two-step verification') },
    ]);
    expect(await connect(scenario, other, { pin: '123456' })).toMatchObject({ status: 'connected' });
  });

  test('a number that is connected already', async () => {
    expect(await scenario.api('POST', '/api/v1/accounts', connection(at))).toMatchObject({
      status: 409,
      body: { code: 'number_taken' },
    });
  });

  test('a time zone or quiet hours that are not valid, before the number or the app is changed', async () => {
    const other = await createAtMeta(scenario, { appId: at.appId, appSecret: at.appSecret, registered: false });
    const changes = { pin: '123456', verify_token: 'another-verify-token' };
    expect(await refused({ ...changes, time_zone: 'Mars/Olympus' }, other)).toMatchObject([{ field: 'time_zone' }]);
    const quiet = { from: '08:00', until: '08:00' };
    expect(await refused({ ...changes, limits: { quiet_hours: quiet } }, other)).toMatchObject([
      { field: 'limits.quiet_hours' },
    ]);
    // The number is still not registered, and the app still has its verify token.
    expect(await refused({}, other)).toMatchObject([{ field: 'pin' }]);
    const token = `verify-${at.appId}`;
    const challenge = `${account.webhook_url}?hub.mode=subscribe&hub.challenge=123&hub.verify_token=${token}`;
    expect((await fetch(challenge)).status).toBe(200);
  });

  test('and nothing is saved', async () => {
    const { data } = (await scenario.api('GET', '/api/v1/accounts')).body;
    const numbers = data.map((each: { phone_number_id: string }) => each.phone_number_id);
    expect(numbers.filter((id: string) => id === at.numberId)).toHaveLength(1);
  });
});

test('a repeat with the same key connects once', async () => {
  const other = await createAtMeta(scenario);
  const headers = { 'idempotency-key': `connect ${other.numberId}` };
  const first = await scenario.api('POST', '/api/v1/accounts', connection(other), headers);
  const second = await scenario.api('POST', '/api/v1/accounts', connection(other), headers);
  expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
});

test('a token expires with messages in the queue; a new one sends each of them once', async () => {
  const number = await createAtMeta(scenario);
  const one = await connect(scenario, number);
  const people = [1, 2, 3, 4, 5].map(n => `+3361200010${n}`);
  for (const person of people) await write(person, number, 'Hello');
  await control(scenario, 'PATCH', '/business/tokens', { access_token: number.token, expired: true });
  const sent = [];
  for (const person of people) sent.push(await send(one, person));
  await scenario.settle();
  const show = async () => (await scenario.api('GET', `/api/v1/accounts/${one.id}`)).body;
  expect(await show()).toMatchObject({ status: 'needs_attention' });
  const checked = (await scenario.api('POST', `/api/v1/accounts/${one.id}/check`)).body;
  expect(checked).toMatchObject({ ok: false, checks: [{ name: 'token', ok: false, field: 'access_token' }] });

  const change = (body: unknown) => scenario.api('PATCH', `/api/v1/accounts/${one.id}/credentials`, body);
  expect(await change({ access_token: 'EAAnotatokenatall0123456789' })).toMatchObject({ status: 400 });
  expect(await show()).toMatchObject({ status: 'needs_attention' });
  const renewed = await change({ access_token: await createToken(scenario, number) });
  expect(renewed, renewed.text).toMatchObject({ status: 200, body: { status: 'connected' } });
  await scenario.settle();
  for (const { id } of sent) expect(await scenario.message(id)).toMatchObject({ status: 'read' });
  const entries = scenario.simulator.ledger.entries().filter(entry => entry.phone_number_id === number.numberId);
  expect(entries.map(entry => entry.to).sort()).toEqual(sent.map(({ to }) => to.slice(1)).sort());
});

test('after SECRET_KEY is lost, a check and a part of the credentials are rejected with the remedy; all of them are saved', async () => {
  const number = await createAtMeta(scenario);
  const one = await connect(scenario, number);
  await loseKey(scenario, number);
  const path = `/api/v1/accounts/${one.id}`;
  const unreadable = {
    status: 409,
    body: {
      code: 'credentials_unreadable',
      detail: expect.stringMatching(/SECRET_KEY_PREVIOUS.*`access_token`, `app_secret` and `verify_token`/),
    },
  };
  expect(await scenario.api('POST', `${path}/check`)).toMatchObject(unreadable);
  const token = await createToken(scenario, number);
  const change = (body: unknown) => scenario.api('PATCH', `${path}/credentials`, body);
  expect(await change({ access_token: token })).toMatchObject(unreadable);
  expect(await change({ access_token: token, app_secret: number.appSecret })).toMatchObject(unreadable);
  const saved = await change({
    access_token: token,
    app_secret: number.appSecret,
    verify_token: 'another-verify-token',
  });
  expect(saved, saved.text).toMatchObject({ status: 200, body: { status: 'connected' } });
  expect(await scenario.api('POST', `${path}/check`)).toMatchObject({ status: 200, body: { ok: true } });
});

test('another process that has the earlier token in memory sends with the new one', async () => {
  const number = await createAtMeta(scenario);
  const one = await connect(scenario, number);
  for (const person of ['+33612000201', '+33612000202']) await write(person, number, 'Hello');
  await send(one, '+33612000201');
  await scenario.settle();
  const node = await scenario.node('api', { PORT: '0' });
  const token = await createToken(scenario, number);
  const answer = await fetch(`http://127.0.0.1:${portOf(node)}/api/v1/accounts/${one.id}/credentials`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${await scenario.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ access_token: token }),
  });
  expect(answer.status, await answer.clone().text()).toBe(200);
  await control(scenario, 'PATCH', '/business/tokens', { access_token: number.token, expired: true });
  const sent = await send(one, '+33612000202');
  await scenario.settle();
  expect(await scenario.message(sent.id)).toMatchObject({ status: 'read' });
  expect((await scenario.api('GET', `/api/v1/accounts/${one.id}`)).body.status).toBe('connected');
});

const portOf = (node: Scenario['recado']) => {
  const address = node.server?.server.address();
  return typeof address === 'object' ? address?.port : undefined;
};

test('two apps and three numbers side by side: each message goes to its own account', async () => {
  const first = await createAtMeta(scenario);
  const second = await createAtMeta(scenario, {
    appId: first.appId,
    appSecret: first.appSecret,
    businessId: first.businessId,
    token: first.token,
  });
  const third = await createAtMeta(scenario);
  const accounts = [];
  for (const each of [first, second, third]) accounts.push(await connect(scenario, each));
  expect(accounts[0].webhook_url).toBe(accounts[1].webhook_url);
  expect(accounts[0].webhook_url).not.toBe(accounts[2].webhook_url);
  for (const [n, each] of [first, second, third].entries()) await write('+33612000300', each, `to number ${n}`);
  for (const [n, each] of accounts.entries()) {
    expect((await inbound(each.id)).map((message: { text: { body: string } }) => message.text.body)).toEqual([
      `to number ${n}`,
    ]);
    const sent = await send(each, '+33612000300', `from number ${n}`);
    await scenario.settle();
    expect(await scenario.message(sent.id)).toMatchObject({ status: 'read' });
  }
});

test('a business account of another workspace is rejected, and its webhooks stay; its deletion frees it', async () => {
  const first = await createAtMeta(scenario);
  const one = await connect(scenario, first);
  const second = await createAtMeta(scenario, {
    appId: first.appId,
    appSecret: first.appSecret,
    businessId: first.businessId,
    token: first.token,
    registered: false,
  });
  const stranger = await scenario.another();
  const workspaces = await scenario.sql<{ id: string }>('select id from workspace');
  const take = () => stranger.api('POST', '/api/v1/accounts', connection(second, { pin: '123456' }));
  const refused = await take();
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'business_account_taken', errors: [{ field: 'business_account_id', message: expect.any(String) }] },
  });
  for (const { id } of workspaces) expect(refused.text).not.toContain(id);
  expect(await scenario.api('POST', `/api/v1/accounts/${one.id}/check`)).toMatchObject({ body: { ok: true } });
  await write('+33612000350', first, 'Still here?');
  expect(await inbound(one.id)).toMatchObject([{ text: { body: 'Still here?' } }]);
  // The rejected request has not registered the number.
  expect(await scenario.api('POST', '/api/v1/accounts', connection(second))).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'pin' }] },
  });

  expect(await scenario.api('DELETE', `/api/v1/accounts/${one.id}`)).toMatchObject({ status: 204 });
  const taken = await take();
  expect(taken.status, taken.text).toBe(201);
});

describe('the webhooks of an app', () => {
  const post = (url: string, body: string, secret: string) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body,
    });
  const textFor = (numberId: string, id: string) =>
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: at.businessId,
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '1', phone_number_id: numberId },
                contacts: [{ profile: { name: 'Eve' }, wa_id: '33612000400' }],
                messages: [{ from: '33612000400', id, timestamp: '1764300000', type: 'text', text: { body: id } }],
              },
            },
          ],
        },
      ],
    });

  test('need the secret of that app, and the challenge its verify token', async () => {
    const other = await createAtMeta(scenario);
    await connect(scenario, other);
    const body = textFor(at.numberId, 'wamid.signed');
    expect((await post(account.webhook_url, body, other.appSecret)).status).toBe(401);
    expect((await post(account.webhook_url, body, at.appSecret)).status).toBe(200);
    const challenge = (token: string) =>
      fetch(`${account.webhook_url}?hub.mode=subscribe&hub.challenge=123&hub.verify_token=${token}`);
    expect((await challenge(`verify-${other.appId}`)).status).toBe(403);
    expect(await (await challenge(`verify-${at.appId}`)).text()).toBe('123');
  });

  test('say nothing about the numbers of another workspace', async () => {
    const stranger = await scenario.another();
    const theirs = await createAtMeta(scenario);
    const made = await stranger.api('POST', '/api/v1/accounts', connection(theirs));
    expect(made.status, made.text).toBe(201);
    const before = (await inbound(account.id)).length;
    const answer = await post(made.body.webhook_url, textFor(at.numberId, 'wamid.of-a-stranger'), theirs.appSecret);
    expect(answer.status).toBe(200);
    await scenario.settle();
    expect(await inbound(account.id)).toHaveLength(before);
  });
});

test('a change of quality, tier and throughput is read after its notice, and governs the limits', async () => {
  const made = await createAtMeta(scenario);
  const lent = await control(scenario, 'POST', '/business/tokens', {
    ...{ app_id: made.appId, business_account_ids: [made.businessId], expires_in_seconds: 60 * 86_400 },
  });
  const number = { ...made, token: lent.access_token };
  const one = await connect(scenario, number, {
    limits: { rate: { messages: 3_000, seconds: 60 }, new_conversations_per_day: 50_000 },
  });
  expect(one).toMatchObject({
    limits: { rate: { messages: 3_000, seconds: 60 }, new_conversations_per_day: 50_000 },
    effective_limits: { rate: { messages: 80, seconds: 2 } },
  });
  expect(Date.parse(one.token_expires_at)).toBeGreaterThan(Date.now() + 59 * 86_400_000);
  const told = await control(scenario, 'PATCH', `/business/numbers/${number.numberId}`, {
    quality_rating: 'RED',
    throughput: 'high',
    tier: 'TIER_250',
  });
  expect(told).toEqual({ delivered: true });
  await expect
    .poll(async () => {
      await scenario.recado.sweeper?.sweep();
      return (await scenario.api('GET', `/api/v1/accounts/${one.id}`)).body;
    })
    .toMatchObject({
      quality: 'RED',
      throughput: 'HIGH',
      messaging_limit: 'TIER_250',
      limits: { new_conversations_per_day: 50_000 },
      effective_limits: { rate: { messages: 1_000, seconds: 20 }, new_conversations_per_day: 250 },
    });
  const [kept] = await scenario.sql('select limit_lowered from account where id = $1', [toUuid(one.id)]);
  expect(kept).toMatchObject({ limit_lowered: { from: one.messaging_limit, to: 'TIER_250' } });
});

test('a Sandbox account has no credentials to check or to change', async () => {
  const path = `/api/v1/accounts/${scenario.account.id}`;
  expect((await scenario.api('POST', `${path}/check`)).body).toMatchObject({ code: 'no_credentials' });
  expect((await scenario.api('PATCH', `${path}/credentials`, { pin: '123456' })).body).toMatchObject({
    code: 'no_credentials',
  });
});

test('no secret is in an answer, in the log, or in plain in the database', async () => {
  const answers = [
    await scenario.api('GET', `/api/v1/accounts/${account.id}`),
    await scenario.api('GET', '/api/v1/accounts'),
    await scenario.api('POST', `/api/v1/accounts/${account.id}/check`),
    await scenario.api('GET', '/api/v1/audit-log'),
  ];
  for (const secret of [at.token, at.appSecret, `verify-${at.appId}`]) {
    for (const { text } of answers) expect(text).not.toContain(secret);
    expect(lines.join('\n')).not.toContain(secret);
    expect(await placesIn(scenario, secret)).toEqual([]);
  }
  expect(lines.length).toBeGreaterThan(0);
});
