// One number in every place of a workspace: a caller who sees no numbers finds its digits by no route, in no stream, no
// file and no letter. The routes come from the running server, so that a new one is asked too.
import { type IdKind, idPrefixes, maskedKeyScopes, rolePermissions } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type OpenApi, type Route, readRoutes } from '../openapi/document.ts';
import { idKindOf } from '../openapi/example.ts';
import { type Connected, openSocket, openStream } from '../setup/event-clients.ts';
import { logIsOpen } from '../setup/event-log.ts';
import { fillPlaces, masked, names, numbers, tells } from '../setup/number-places.ts';
import { goodPassword, tokenOf } from '../setup/people.ts';
import { type FakeBrowser, type PushService, startPushService } from '../setup/push-service.ts';
import { type Receiver, startReceiver } from '../setup/receiver.ts';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';
import { servedRoutes } from '../setup/served-routes.ts';
import { type MailServer, startMailServer } from '../setup/smtp.ts';
import { portOf } from '../setup/socket.ts';
import { requestFor } from '../tenancy/probes.ts';

const minute = 60_000;
/** Files full of numbers are refused, and so are the phones of the Sandbox. */
const refused = [
  'GET /api/v1/accounts/{id}/phones/{number}',
  'GET /api/v1/accounts/{id}/phones/{number}/messages/{message}/file',
  'GET /api/v1/conversations/{id}/export',
  'GET /api/v1/opt-outs/export',
  'GET /api/v1/opt-outs/ledger/export',
];
/** They end in no answer, need what nobody here has, or lead to files of the web app. */
const unasked = [
  '/api/v1/events/stream',
  '/api/v1/opt-out-links/:token',
  '/assets/:file',
  '/media/:token',
  '/socket.io/',
  '/webhooks/reach',
  '/webhooks/whatsapp/:app',
];
/** What they show is not there: the account has no linked phone, and nobody was alerted or made a card. */
const withoutObject = [
  'GET /api/v1/accounts/{id}/link',
  'GET /api/v1/alerts/{id}',
  'GET /api/v1/cost/cards/{id}/changes',
  'GET /api/v1/media/{id}/thumbnail',
];

interface Masked {
  name: string;
  id: string;
  token: string;
  api: Call;
}

let scenario: Scenario;
let mail: MailServer;
let push: PushService;
let receiver: Receiver;
let workspaceId: string;
let agent: Masked;
let callers: Masked[];
let browser: FakeBrowser;
let places: string[];
const connected: Connected[] = [];
const ids = new Map<IdKind, Set<string>>();

beforeAll(async () => {
  [mail, push, receiver] = [await startMailServer(), await startPushService(), await startReceiver()];
  scenario = await startScenario({
    clock: 'manual',
    publicUrl: 'http://recado.example.com',
    env: {
      SMTP_URL: mail.url,
      SMTP_FROM: 'Recado <recado@example.com>',
      WEBHOOK_ALLOWED_HOSTS: `${push.host},${receiver.host}`,
    },
  });
  await scenario.api('PUT', '/api/v1/workspace/search', { enabled: true });
  workspaceId = toUuid((await scenario.api('GET', '/api/v1/workspace')).body.id);
  agent = await maskedPerson('agent');
  const asked = { name: 'assistant', scopes: maskedKeyScopes, sees_numbers: false };
  const { body: key } = await scenario.api('POST', '/api/v1/keys', asked);
  callers = [
    agent,
    await maskedPerson('viewer'),
    { name: 'key', id: key.id, token: key.key, api: scenario.as(key.key) },
  ];
  const endpoint = { url: receiver.url('/masked'), sees_numbers: false };
  expect((await scenario.api('POST', '/api/v1/endpoints', endpoint)).status).toBe(201);
  await agent.api('PATCH', '/api/v1/me/notification-settings', { content: 'text' });
  browser = push.browser();
  const subscription = { ...browser.subscription, language: 'en' };
  expect((await agent.api('PUT', '/api/v1/me/push-subscription', subscription)).status).toBe(200);
  const url = `http://127.0.0.1:${portOf(scenario)}`;
  for (const { token } of callers)
    connected.push(await openStream(url, { token }), await openSocket(url, { token, presence: true }));
});
afterAll(async () => {
  for (const each of connected) each.drop();
  await scenario?.close();
  await Promise.all([mail?.close(), push?.close(), receiver?.close()]);
});

/** Somebody of a role who sees no numbers. */
async function maskedPerson(role: 'agent' | 'viewer'): Promise<Masked> {
  await scenario.api('POST', '/api/v1/invitations', { email: `${role}@example.com`, role, sees_numbers: false });
  const token = tokenOf(/http\S+/.exec((await mail.next()).text)?.[0] ?? '');
  const { body } = await scenario.as(undefined)('POST', '/api/v1/invitations/accept', {
    ...{ token, name: role, password: goodPassword },
  });
  const api = scenario.as(body.access_token);
  const { person } = (await api('GET', '/api/v1/me')).body;
  return { name: role, id: person.id, token: body.access_token, api };
}

/** Fails where a text has digits of the numbers. */
const demandMasked = (where: unknown[], text: string) =>
  expect([...where, tells(text, workspaceId) ? text : 'no number']).toEqual([...where, 'no number']);

const anyId = new RegExp(`\\b(${Object.values(idPrefixes).join('|')})_[0-7][0-9a-hjkmnp-tv-z]{25}\\b`, 'g');
const kindOf = new Map(Object.entries(idPrefixes).map(([kind, prefix]) => [prefix as string, kind as IdKind]));

function collect(text: string): void {
  for (const [id, prefix = ''] of text.matchAll(anyId)) {
    const kind = kindOf.get(prefix);
    // The catalogue of events has examples, which are nobody's.
    if (kind && !id.includes('_01k9m3q5w8e')) ids.set(kind, (ids.get(kind) ?? new Set()).add(id));
  }
}

/** The newest and the oldest of a kind, as there may be many. */
const someOf = (kind: IdKind): string[] => {
  const known = [...(ids.get(kind) ?? [])].sort();
  return [...new Set([...known.slice(0, 3), ...known.slice(-5)])];
};

/** The requests of a route: for each id that its path may name, or one. */
function requestsOf(route: Route): { path: string }[] {
  const own = route.parameters.find(
    ({ in: where, name, schema }) => where === 'path' && name === 'id' && idKindOf(schema),
  );
  const kind = own && idKindOf(own.schema);
  const given = (id: string | undefined) => ({
    next: () => 1,
    id: (of: IdKind) => (of === kind ? id : someOf(of)[0]) ?? `${idPrefixes[of]}_01k9m3q5w8e7taz4x2c6v0b1n3`,
  });
  const some = kind ? someOf(kind) : [];
  return (some.length > 0 ? some : [undefined]).map(id => {
    const { path } = requestFor(route, given(id));
    if (route.name === 'GET /api/v1/messages/waiting') return { path: `${route.path}?ids=${someOf('message')[0]}` };
    return { path: path.replace(/\/phones\/[^/]+/, `/phones/${encodeURIComponent(numbers.phone)}`) };
  });
}

test('the numbers are there for callers who see them', async () => {
  places = await fillPlaces(scenario, { personId: agent.id });
  expect(tells(numbers.phone, workspaceId)).toBe(true);
  for (const name of names) expect([name, tells(JSON.stringify({ name }), workspaceId)]).toEqual([name, true]);
  expect(tells(masked, workspaceId)).toBe(false);
  expect(places.length).toBeGreaterThanOrEqual(30);
  for (let n = 0; n < 4; n++) await scenario.advance(1_000);
  await logIsOpen(scenario);
  const seen: string[] = [];
  for (const path of [
    'contacts',
    'conversations',
    'messages',
    'opt-outs',
    'opt-outs/ledger',
    'events',
    'imports',
    'audit',
  ])
    if (tells((await scenario.api('GET', `/api/v1/${path}?limit=100`)).text, workspaceId)) seen.push(path);
  expect(seen).toEqual([
    'contacts',
    'conversations',
    'messages',
    'opt-outs',
    'opt-outs/ledger',
    'events',
    'imports',
    'audit',
  ]);
});

test('no GET route tells a number', async () => {
  const document = (await scenario.as(undefined)('GET', '/openapi.json')).body as OpenApi;
  const routes = readRoutes(document).filter(({ method }) => method === 'GET');
  const served = servedRoutes(scenario.recado.server)
    .filter(({ method }) => method === 'GET')
    .map(({ path }) => path);
  const documented = new Set(routes.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1')));
  const others = served.filter(path => !documented.has(path) && !unasked.includes(path));
  for (const path of others) {
    expect(path).not.toMatch(/[:*]/);
    for (const { name, api } of callers) demandMasked([path, name], (await api('GET', path)).text);
  }
  // A job is shown to who began it, and a file to everybody.
  const job = { action: 'close', filter: { search: numbers.phone } };
  expect((await agent.api('POST', '/api/v1/conversation-jobs', job)).status).toBe(201);
  const form = new FormData();
  form.append('file', new Blob(['Hours'], { type: 'text/plain' }), 'hours.txt');
  const headers = { authorization: `Bearer ${agent.token}` };
  const media = `http://127.0.0.1:${portOf(scenario)}/api/v1/media`;
  expect((await fetch(media, { method: 'POST', headers, body: form })).status).toBe(201);
  // The owner's answers name what there is.
  for (const route of routes)
    if (!/[{]|stream/.test(route.path) && route.permission)
      collect(
        (await scenario.api('GET', requestFor(route, { next: () => 1, id: kind => someOf(kind)[0] ?? '' }).path)).text,
      );
  const asked: string[] = [];
  const answered = new Set<string>();
  for (const route of routes.filter(({ path }) => !unasked.includes(path.replaceAll(/\{(\w+)\}/g, ':$1')))) {
    asked.push(route.name);
    for (const { path } of requestsOf(route))
      await Promise.all(
        callers.map(async ({ name, api }) => {
          const { status, text } = await api('GET', path, undefined, { accept: 'application/json, */*' });
          expect([path, name, status < 500 || status === 503]).toEqual([path, name, true]);
          demandMasked([path, name], text);
          if (status < 300) {
            answered.add(route.name);
            collect(text);
          }
        }),
      );
  }
  expect(asked.length + others.length).toBe(served.length - served.filter(path => unasked.includes(path)).length);
  // Each was answered, unless it is not for callers who see no numbers.
  const may = (route: Route) => !route.permission || rolePermissions.agent.has(route.permission);
  const due = routes.filter(route => may(route) && asked.includes(route.name)).map(({ name }) => name);
  expect(due.filter(name => !answered.has(name)).sort()).toEqual([...refused, ...withoutObject].sort());
  for (const name of refused) expect(answered.has(name)).toBe(false);
  console.info(`${places.length} places, ${asked.length + others.length} GET routes, ${callers.length} callers`);
});

test('no search and no filter shows one', async () => {
  const list = (path: string) => agent.api('GET', `/api/v1/${path}`);
  for (const path of [
    'messages/search?q=changed',
    `messages/search?q=Tomorrow`,
    'contacts?search=Person&sort=name',
    'contacts?segment_id=',
  ]) {
    const [segment = ''] = someOf('segment');
    demandMasked([path], (await list(path.endsWith('=') ? path + segment : path)).text);
  }
  const isReady = async () => {
    await scenario.advance(1_000);
    return (await scenario.api('GET', '/api/v1/workspace/search')).body.ready;
  };
  await expect.poll(isReady).toBe(true);
  const notice = (await list('messages/search?q=changed')).body.data;
  expect(notice).toMatchObject([
    { type: 'system', text: expect.stringContaining(`changed from ${masked} to ${masked}`) },
  ]);
  expect((await scenario.api('GET', `/api/v1/messages/search?q=${numbers.named.slice(1)}`)).body.data).toHaveLength(1);
  for (const part of [numbers.named.slice(1), numbers.named.slice(1, 8)])
    expect((await list(`messages/search?q=${part}`)).body.data).toEqual([]);
  // A part of a name that is a number finds nothing, by whatever it is searched.
  const has = (op: string, value: string) => ({ filter: { match: { all: [{ field: 'name', op, value }] } } });
  const count = async (api: Call, body: object) => (await api('POST', '/api/v1/segments/count', body)).body.count;
  for (const [op, value] of [
    ['contains', numbers.phone.slice(1, 7)],
    ['begins', numbers.phone.slice(1, 7)],
    ['is', numbers.phone.slice(1)],
  ] as const)
    expect([op, await count(scenario.api, has(op, value)), await count(agent.api, has(op, value))]).toEqual([
      op,
      expect.toSatisfy((n: number) => n > 0),
      0,
    ]);
  for (const path of ['contacts?search=', 'messages/search?q=from:'])
    for (const part of ['35', numbers.phone.slice(1, 7), '91']) {
      const { body } = await list(path + part);
      expect([path, part, body.data]).toEqual([path, part, []]);
    }
});

test('no stream, socket, webhook, push and letter tells one', async () => {
  await scenario.send(numbers.phone, 'The end.');
  await logIsOpen(scenario);
  for (const each of connected) {
    await expect.poll(() => JSON.stringify(each.events)).toContain('The end.');
    expect(each.events.length).toBeGreaterThan(10);
    demandMasked(['events'], JSON.stringify([each.events, each.told]));
    expect(JSON.stringify(each.events)).toContain(masked);
  }
  for (let n = 0; n < 4; n++) await scenario.advance(4_000);
  const posted = receiver.got('/masked').map(({ body }) => body);
  expect(posted.join()).toContain(masked);
  demandMasked(['webhooks'], posted.join('\n'));
  await expect.poll(() => JSON.stringify(browser.read())).toContain(masked);
  demandMasked(['push'], JSON.stringify(browser.read()));
  await scenario.advance(16 * minute);
  await expect.poll(() => mail.letters.length).toBe(3);
  expect(mail.letters.at(-1)?.text).toMatch(/in a note about \S+2345\./);
  demandMasked(['letters'], JSON.stringify(mail.letters));
});
