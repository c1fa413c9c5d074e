// Where alerts go: each kind of channel, grouping, repeats, quiet hours, fallback to e-mail, and the call of each minute.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { type MailServer, startMailServer } from '../setup/smtp.ts';

const minute = 60_000;
const hour = 60 * minute;
interface Got {
  path: string;
  body: string;
  headers: IncomingHttpHeaders;
}
// biome-ignore lint/suspicious/noExplicitAny: what the API shows
type Shown = any;
let scenario: Scenario;
let mail: MailServer;
let server: Server;
let base: string;
const got: Got[] = [];
const refused = new Map<string, [number, string]>();
const channels: Record<string, Shown> = {};
let account: Shown;

beforeAll(async () => {
  mail = await startMailServer();
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString(), headers: request.headers });
    const [status, words] = refused.get(request.url ?? '') ?? [200, 'ok'];
    response.writeHead(status).end(words);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  base = `http://${host}`;
  scenario = await startScenario({
    clock: 'manual',
    env: {
      WEBHOOK_ALLOWED_HOSTS: host,
      SMTP_URL: mail.url,
      SMTP_FROM: 'Recado <recado@example.com>',
      PUBLIC_URL: 'http://recado.example.com',
    },
  });
  account = (await scenario.api('POST', '/api/v1/accounts', { name: 'Shop', channel: 'sandbox' })).body;
});
afterAll(async () => {
  await scenario.close();
  await mail.close();
  server.close();
});

const create = async (body: object): Promise<Shown> => {
  const answer = await scenario.api('POST', '/api/v1/alert-channels', body);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
};
const quality = (value: string, id = account.id) =>
  scenario.sql('update account set quality = $2 where id = $1', [toUuid(id), value]);
const botToken = `12:${'aB_-'.repeat(9)}`;
const botPath = `/bot${encodeURIComponent(botToken)}/sendMessage`;
const to = (path: string) => got.filter(each => each.path === path);
const deliveries = async (): Promise<Shown[]> =>
  (await scenario.api('GET', '/api/v1/alert-deliveries?limit=100')).body.data;
/** Long enough for a round, for grouping, and for the call. */
const tell = async () => {
  for (let n = 0; n < 3; n++) await scenario.advance(minute);
};

test('each kind of channel tells that an alert begins, once, without numbers and texts', async () => {
  const template = await scenario.api('POST', '/api/v1/templates', {
    ...{ account_id: scenario.account.id, name: 'ops_alert', language: 'en', category: 'UTILITY' },
    components: [{ type: 'BODY', text: 'Recado says: {{1}} Look soon.', example: { body_text: [['It is down.']] } }],
  });
  expect(template.status).toBe(201);
  await scenario.sql(`update template set status = 'APPROVED'`);
  const both = { tells: ['critical', 'warning', 'cleared'] };
  channels.webhook = await create({ kind: 'webhook', url: `${base}/hook`, ...both });
  channels.slack = await create({ kind: 'slack', url: `${base}/slack`, ...both });
  channels.telegram = await create({
    kind: 'telegram',
    url: base,
    secret: botToken,
    chat_id: '-7',
    tells: ['warning'],
  });
  channels.ntfy = await create({ kind: 'ntfy', url: `${base}/topic`, secret: 'tk_1' });
  channels.whatsapp = await create({
    ...{ kind: 'whatsapp', account_id: scenario.account.id, recipients: ['+33617350001'] },
    template: { name: 'ops_alert', language: 'en' },
  });
  expect(JSON.stringify((await scenario.api('GET', '/api/v1/alert-channels')).body)).not.toMatch(
    /12:ab|tk_1|\/hook|33617/,
  );
  await quality('RED');
  await tell();
  const title = 'WhatsApp warns of Shop';
  const [hook] = to('/hook');
  const signed = new Webhook(channels.webhook.secret);
  // The scenario's clock is ahead; the signature is what counts here.
  expect(
    signed.sign(
      String(hook?.headers['webhook-id']),
      new Date(Number(hook?.headers['webhook-timestamp']) * 1_000),
      hook?.body ?? '',
    ),
  ).toBe(hook?.headers['webhook-signature']);
  expect(JSON.parse(hook?.body ?? '')).toMatchObject({
    type: 'alert.firing',
    data: { title, alerts: [{ signal: 'quality' }] },
  });
  expect(JSON.parse(to('/slack')[0]?.body ?? '')).toMatchObject({ text: title });
  expect(JSON.parse(to(botPath)[0]?.body ?? '')).toMatchObject({ chat_id: '-7' });
  expect(to('/topic')[0]?.headers).toMatchObject({ authorization: 'Bearer tk_1', priority: '3' });
  expect(mail.letters.filter(({ subject }) => subject === title)).toHaveLength(1);
  const sent = (await scenario.api('GET', `/api/v1/messages?account_id=${scenario.account.id}`)).body.data;
  expect(sent.map(({ type }: Shown) => type)).toEqual(['template']);
  for (const path of ['/hook', '/slack', botPath, '/topic']) expect([path, to(path).length]).toEqual([path, 1]);
  expect((await deliveries()).map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'sent'));
});

test('it is told again until somebody takes it, and once it is over', async () => {
  await scenario.advance(4 * hour);
  await tell();
  expect(to('/slack')).toHaveLength(2);
  expect(JSON.parse(to('/slack')[1]?.body ?? '').text).toBe('Still: WhatsApp warns of Shop');
  const [alert] = (await scenario.api('GET', '/api/v1/alerts?state=firing')).body.data;
  await scenario.api('POST', `/api/v1/alerts/${alert.id}/take`);
  await scenario.advance(5 * hour);
  await tell();
  expect(to('/slack')).toHaveLength(2);
  await quality('GREEN');
  await tell();
  expect(JSON.parse(to('/slack')[2]?.body ?? '').text).toBe('Over: WhatsApp warns of Shop');
  expect(to('/topic')).toHaveLength(2);
});

test('what WhatsApp warns of is not told by the same account', async () => {
  const before = (await scenario.api('GET', `/api/v1/messages?account_id=${scenario.account.id}`)).body.data.length;
  await quality('RED', scenario.account.id);
  await tell();
  expect(to('/slack').length).toBeGreaterThan(3);
  const after = (await scenario.api('GET', `/api/v1/messages?account_id=${scenario.account.id}`)).body.data.length;
  expect(after).toBe(before);
  await quality('GREEN', scenario.account.id);
  await tell();
});

test('a channel that does not take it is tried three times; then it goes by e-mail', async () => {
  refused.set('/slack', [404, 'channel_not_found']);
  await scenario.api(
    'PATCH',
    `/api/v1/alert-channels/${(await scenario.api('GET', '/api/v1/alert-channels')).body.data[1].id}`,
    {
      tells: [],
    },
  );
  const [slack, letters] = [to('/slack').length, mail.letters.length];
  await quality('RED');
  for (let n = 0; n < 3; n++) await tell();
  expect(to('/slack').length).toBe(slack + 3);
  expect(mail.letters.length).toBe(letters + 1);
  const list = await deliveries();
  expect(list).toContainEqual(
    expect.objectContaining({ channel: 'slack', state: 'failed', error: 'channel_not_found' }),
  );
  expect(list).toContainEqual(expect.objectContaining({ channel: 'email', state: 'sent', instead_of: 'slack' }));
  const shown = (await scenario.api('GET', '/api/v1/alert-channels')).body.data.find(
    ({ kind }: Shown) => kind === 'slack',
  );
  expect(shown).toMatchObject({ error: 'channel_not_found', failing_since: expect.any(String) });
  refused.clear();
  const test = await scenario.api('POST', `/api/v1/alert-channels/${channels.slack.id}/test`);
  expect(test.body).toMatchObject({ news: 'test' });
  await scenario.settle();
  expect(JSON.parse(to('/slack').at(-1)?.body ?? '').text).toBe('A test of Recado');
  await quality('GREEN');
  await tell();
});

test('what begins about one account within half a minute is one delivery', async () => {
  await scenario.api('POST', '/api/v1/alert-rules', { signal: 'quality' });
  const before = to('/hook').length;
  await quality('RED');
  await tell();
  const [one, ...more] = to('/hook').slice(before);
  expect(more).toHaveLength(0);
  expect(JSON.parse(one?.body ?? '').data.alerts).toHaveLength(2);
  await quality('GREEN');
  await tell();
});

test('a delivery whose worker died is tried again beside the next one of its group', async () => {
  const twice = await scenario.sql<{ id: string }>(
    `insert into alert_delivery (id, workspace_id, channel_id, person_id, topic, news, alerts, critical, state, attempts,
         gathers, lease_until, due_at, created_at)
       select gen_random_uuid(), d.workspace_id, d.channel_id, d.person_id, d.topic, 'repeat', d.alerts, true, x.state,
         x.attempts, x.attempts = 0, $1, $1, $1
       from (select d.* from alert_delivery d join alert_channel c on c.id = d.channel_id where c.kind = 'email' limit 1) d,
         (values ('sending', 1), ('waiting', 0)) x(state, attempts)
       returning id`,
    [new Date(scenario.clock.now() - minute)],
  );
  expect(twice).toHaveLength(2);
  await tell();
  const ended = await scenario.sql('select state from alert_delivery where id = any ($1)', [twice.map(({ id }) => id)]);
  expect(ended).toEqual([{ state: 'sent' }, { state: 'sent' }]);
});

test('quiet hours hold what is not critical', async () => {
  const email = (await scenario.api('GET', '/api/v1/alert-channels')).body.data[1].id;
  await scenario.api('PATCH', `/api/v1/alert-channels/${email}`, { tells: ['critical', 'warning'] });
  const at = new Date(scenario.clock.now());
  const time = (ms: number) => new Date(at.getTime() + ms).toISOString().slice(11, 16);
  const quiet_hours = { from: time(-hour), until: time(hour), time_zone: 'UTC' };
  expect((await scenario.api('PUT', '/api/v1/me/alerts', { quiet_hours })).body).toEqual({ quiet_hours });
  const before = mail.letters.length;
  await quality('RED');
  await tell();
  expect(mail.letters.length).toBe(before);
  await scenario.advance(hour);
  await scenario.advance(minute);
  expect(mail.letters.length).toBe(before + 1);
  await scenario.api('PUT', '/api/v1/me/alerts', { quiet_hours: null });
});

test('an address of the operator is called every minute', async () => {
  const set = await scenario.api('PATCH', '/api/v1/alert-settings', { ping_url: `${base}/ping/4f0c` });
  expect(set.body.ping).toMatchObject({ at: null });
  expect(set.text).not.toContain('4f0c');
  await scenario.advance(minute);
  await scenario.advance(minute);
  await expect.poll(() => to('/ping/4f0c').length).toBeGreaterThanOrEqual(2);
  const now = await scenario.api('POST', '/api/v1/alert-settings/ping');
  expect(now.body.ping).toMatchObject({ status: 200, error: null });
  expect((await scenario.api('PATCH', '/api/v1/alert-settings', { ping_url: 'http://10.0.0.1/x' })).body).toMatchObject(
    {
      code: 'alert_link_rejected',
    },
  );
});

test('a secret that cannot be one is refused at once, by its field', async () => {
  const telegram = { kind: 'telegram', name: 'Bot', url: base, chat_id: '-7' };
  const ntfy = { kind: 'ntfy', name: 'Topic', url: `${base}/topic` };
  const good = await create({ ...telegram, secret: botToken });
  for (const secret of [
    '123:abc/../../x',
    botToken.slice(0, 20),
    `${botToken}\n`,
    `${botToken} `,
    'x:'.padEnd(50, 'a'),
  ]) {
    const made = await scenario.api('POST', '/api/v1/alert-channels', { ...telegram, secret });
    expect([secret, made.status, made.body.errors?.[0].field]).toEqual([secret, 400, 'secret']);
    const changed = await scenario.api('PATCH', `/api/v1/alert-channels/${good.id}`, { secret });
    expect([secret, changed.status, changed.body.errors?.[0].field]).toEqual([secret, 400, 'secret']);
  }
  for (const secret of ['tk 1', 'tk_1\r\nx-evil: 1', 'tk_é']) {
    const made = await scenario.api('POST', '/api/v1/alert-channels', { ...ntfy, secret });
    expect([secret, made.status, made.body.errors?.[0].field]).toEqual([secret, 400, 'secret']);
  }
});
