// `npm run screenshots`: starts the built program with demo data and photographs every page into docs/screenshots/.
// The names say page, theme and width. `npm run screenshots -- inbox queue` takes only these pages.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { buildIfNeeded, root } from './build-if-needed.mjs';

const target = join(root, 'docs', 'screenshots');
const owner = { name: 'Inês Duarte', email: 'ines@farol.example', password: 'a lighthouse above the bay' };
const only = process.argv.slice(2);
const themes = ['light', 'dark'];
const widths = [
  { width: 1440, height: 900 },
  { width: 360, height: 780 },
];

/** Also pictures, which come after the page. */
const isLoading =
  'document.querySelector("[aria-busy=true]") !== null || ![...document.images].every(image => image.complete)';

buildIfNeeded();
// WhatsApp Web without WhatsApp: the fake of the tests shows the codes of a phone to link.
register('../tests/faults/load-typescript.mjs', import.meta.url);
const { startFakeWhatsApp } = await import('../channels/whatsapp-web/tests/fake/index.ts');
const fake = await startFakeWhatsApp();
const dataDir = await mkdtemp(join(tmpdir(), 'recado-shots-'));
// The bundled PostgreSQL does not run as root, so another user has to enter.
await chmod(dataDir, 0o755);
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const server = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], {
  cwd: root,
  env: { ...process.env, PORT: String(port), DATA_DIR: join(dataDir, 'data'), WHATSAPP_WEB_URL: fake.url },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let printed = '';
server.stdout.on('data', chunk => {
  printed += chunk;
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const setupPath = await setupLink();
  await photographAll([
    { name: 'setup', path: setupPath },
    { name: 'login', path: '/login' },
  ]);
  const api = await setUp(setupPath);
  await photographAll([{ name: 'welcome', path: '/welcome' }], api);
  await api('POST', '/api/v1/demo', {});
  await demoIsPlayed(api);
  await photographAll(await pagesOf(api), api);
  await photographAll(await teamPages(api), api);
  if (isWanted('account-link')) await photographLink(api);
} finally {
  await browser.close();
  if (server.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await fake.close();
  await rm(dataDir, { recursive: true, force: true });
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address();
  probe.close();
  await once(probe, 'close');
  return free;
}

/** The path of the link that the program prints once. */
async function setupLink() {
  for (let waited = 0; waited < 120 && server.exitCode === null; waited++) {
    const found = /\/setup#token=\S+/.exec(printed);
    if (found) return found[0];
    await new Promise(resolve => setTimeout(resolve, 1_000));
  }
  throw new Error(`The program printed no setup link: ${printed}`);
}

/** Creates the owner. Returns a function that calls the API as the owner. */
async function setUp(setupPath) {
  const token = setupPath.split('=')[1];
  await send('POST', '/api/v1/setup', { token, ...owner });
  const { access_token } = await send('POST', '/api/v1/auth/login', { email: owner.email, password: owner.password });
  return (method, path, body) => send(method, path, body, access_token);
}

async function send(method, path, body, token) {
  const answer = await fetch(address + path, {
    method,
    headers: {
      ...(body && !(body instanceof FormData) && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

/** Waits until the demo has done what it does at once: the rest waits on purpose. */
async function demoIsPlayed(api) {
  const deadline = Date.now() + 60_000;
  let before = -1;
  while (Date.now() < deadline) {
    const { by_status: counts } = await api('GET', '/api/v1/messages/statistics');
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (total === before && !counts.sending) return;
    before = total;
    await new Promise(resolve => setTimeout(resolve, 3_000));
  }
  throw new Error('The demo data did not come to rest within a minute.');
}

/** The pages behind the login, with what they show. */
async function pagesOf(api) {
  const { data: conversations } = await api('GET', '/api/v1/conversations?limit=50');
  const { data: accounts } = await api('GET', '/api/v1/accounts');
  const { data: failed } = await api('GET', '/api/v1/messages?status=failed&limit=1');
  const { data: templates } = await api('GET', '/api/v1/templates?name=appointment_reminder');
  const template = templates[0];
  const open = conversations.find(({ window, last_message: last }) => window.open && last?.direction === 'outbound');
  const closed = conversations.find(({ window }) => !window.open);
  const demo = accounts.find(({ id }) => id === open?.account_id) ?? accounts[0];
  const { data: read } = await api('GET', '/api/v1/events?before=latest&types=message.read&limit=1');
  const event = read[0];
  const { data: rules } = await api('GET', '/api/v1/alert-rules');
  const rule = rules.find(({ signal }) => signal === 'failed_share');
  const link = await api('POST', '/api/v1/opt-out-links', { contact_id: open.contact.id });
  const wall = await api('POST', '/api/v1/wall-views', { name: 'Shop floor', time_zone: 'America/Sao_Paulo' });
  return [
    { name: 'inbox', path: `/inbox/${open.id}` },
    { name: 'inbox-list', path: '/inbox' },
    ...(closed ? [{ name: 'inbox-closed', path: `/inbox/${closed.id}` }] : []),
    { name: 'overview', path: '/overview' },
    { name: 'overview-week', path: '/overview?period=week&metric=delivered' },
    { name: 'overview-wall', path: `/wall#token=${wall.token}` },
    { name: 'queue', path: '/queue' },
    { name: 'queue-failed', path: '/queue?status=failed' },
    ...(failed[0] ? [{ name: 'message', path: `/messages/${failed[0].id}` }] : []),
    { name: 'templates', path: '/templates' },
    ...(template ? [{ name: 'template-edit', path: `/templates/${template.id}` }] : []),
    ...(await campaignPages(api, demo)),
    { name: 'contacts', path: '/contacts' },
    { name: 'contact', path: `/contacts/${open.contact.id}` },
    { name: 'import', path: `/contacts/import/${await checkedImport(api)}` },
    { name: 'import-file', path: '/contacts/import' },
    { name: 'imports', path: '/contacts/imports' },
    { name: 'contacts-segment', path: `/contacts/segments/${await savedSegment(api)}` },
    { name: 'contacts-segment-empty', path: '/contacts/segments/new' },
    { name: 'segments', path: '/contacts/segments' },
    { name: 'accounts', path: '/accounts' },
    { name: 'account', path: `/accounts/${demo.id}` },
    { name: 'account-connect', path: '/accounts/new' },
    { name: 'account-connect-web', path: '/accounts/new?channel=web' },
    { name: 'settings-workspace', path: '/settings/workspace' },
    { name: 'settings-people', path: '/settings/people' },
    { name: 'settings-sessions', path: '/settings/sessions' },
    { name: 'audit', path: '/settings/audit' },
    { name: 'settings-fields', path: '/settings/fields' },
    { name: 'alerts', path: '/alerts' },
    { name: 'alert-rule', path: `/alerts/rules/${rule.id}` },
    { name: 'settings-notifications', path: '/settings/notifications' },
    { name: 'webhooks', path: '/developers/endpoints' },
    { name: 'hooks', path: '/developers/hooks' },
    { name: 'hook', path: `/developers/hooks/${await calledHook(api, demo, open.contact)}` },
    { name: 'events', path: `/developers/events?event=${event.id}` },
    { name: 'requests', path: '/developers/requests' },
    { name: 'dead-letters', path: '/developers/dead-letters' },
    { name: 'settings-keys', path: '/settings/keys' },
    { name: 'settings-opt-outs', path: '/settings/opt-outs' },
    { name: 'settings-cost', path: '/settings/cost' },
    { name: 'settings-you', path: '/settings/you' },
    { name: 'opt-out-page', path: `/opt-out/${link.token}` },
    { name: 'workspaces', path: '/workspaces' },
    { name: 'inbox-ar', path: `/inbox/${open.id}`, language: 'ar' },
  ];
}

/** The pages of a workspace of three people: a team that is online, notes, replies, and what is told to the owner. */
async function teamPages(api) {
  const { data: conversations } = await api('GET', '/api/v1/conversations?limit=50');
  const { data: accounts } = await api('GET', '/api/v1/accounts');
  const { person: me } = await api('GET', '/api/v1/me');
  const [ana, leo] = [await addAgent(api, 'Ana Souza'), await addAgent(api, 'Leo Prado')];
  await ana('PUT', '/api/v1/me/availability', { status: 'online' });
  await api('PUT', '/api/v1/me/availability', { status: 'online' });
  const { person: anaPerson } = await ana('GET', '/api/v1/me');
  const { person: leoPerson } = await leo('GET', '/api/v1/me');
  const members = [me, anaPerson, leoPerson].map(({ id }) => ({ person_id: id, capacity: 6 }));
  const team = await api('POST', '/api/v1/teams', {
    ...{ name: 'Lisbon shop', mode: 'balanced', members, reassign_after_minutes: 30 },
    account_ids: [accounts[0].id],
    hours: {
      time_zone: 'Europe/Lisbon',
      intervals: [1, 2, 3, 4, 5, 6].map(weekday => ({
        weekday,
        opens: '09:00',
        closes: weekday < 6 ? '18:00' : '13:00',
      })),
      holidays: [{ date: `${new Date().getFullYear()}-12-25`, name: 'Christmas' }],
    },
  });
  const [first, second, ...more] = conversations;
  for (const { id } of more.slice(0, 6)) await api('POST', `/api/v1/conversations/${id}/assign`, { team_id: team.id });
  await ana('POST', `/api/v1/conversations/${first.id}/assign`, { person_id: me.id, reason: 'She asks for you.' });
  await ana('POST', `/api/v1/conversations/${second.id}/assign`, { person_id: me.id, team_id: team.id });
  await ana('POST', `/api/v1/conversations/${first.id}/notes`, {
    ...{ body: '@Inês Duarte she is a regular: the signed copy is under the counter.', mentions: [me.id] },
  });
  for (const [shortcut, title, body] of [
    ['hours', 'Opening hours', 'Hi {{contact.first_name|there}}, we are open from 10:00 to 19:00, Monday to Saturday.'],
    ['return', 'Return at the shop', 'You can bring the book back to our shop on any day. {{agent.name}}'],
    ['wait', 'A moment, please', 'Thank you, {{contact.first_name|there}}. I will look and be back in ten minutes.'],
  ])
    await api('POST', '/api/v1/saved-replies', { shortcut, title, body, scope: 'workspace' });
  await api('PATCH', `/api/v1/people/${leoPerson.id}`, { conversations: 'team' });
  return [
    { name: 'inbox-team', path: `/inbox/${first.id}` },
    { name: 'inbox-views', path: '/inbox' },
    { name: 'settings-people-team', path: '/settings/people' },
    { name: 'settings-teams', path: '/settings/teams' },
    { name: 'settings-replies', path: '/settings/replies' },
    { name: 'settings-you-notifications', path: '/settings/your-notifications' },
    { name: 'notifications', path: '/notifications' },
  ];
}

/** Adds an agent. Returns a function that calls the API as that person. */
async function addAgent(api, name) {
  const email = `${name.split(' ')[0].toLowerCase()}@farol.example`;
  const { link } = await api('POST', '/api/v1/invitations', { email, role: 'agent' });
  const token = new URL(link).hash.replace('#token=', '');
  await send('POST', '/api/v1/invitations/accept', { token, name, password: owner.password });
  const { access_token } = await send('POST', '/api/v1/auth/login', { email, password: owner.password });
  return (method, path, body) => send(method, path, body, access_token);
}

/** A hook of somebody's Grafana, with its calls. */
async function calledHook(api, account, contact) {
  const body = { name: 'Grafana', account_id: account.id, contact_ids: [contact.id], group_seconds: 0 };
  const { id, token } = await api('POST', '/api/v1/hooks', body);
  const labels = { alertname: 'DiskFull', instance: 'db-1', severity: 'critical' };
  for (const status of ['firing', 'resolved'])
    await send('POST', `/hooks/${token}`, {
      ...{ orgId: 1, status, groupKey: 'disk', groupLabels: {} },
      alerts: [{ status, labels, annotations: { summary: '4% left' }, fingerprint: 'f1' }],
    });
  await send('POST', `/hooks/${token}`, { title: 'neither' }).catch(() => {});
  return id;
}

/** An import before it runs: a file of Excel with new, known, repeated and wrong rows. */
async function checkedImport(api) {
  const { data: known } = await api('GET', '/api/v1/contacts?limit=5');
  const people = Array.from(
    { length: 60 },
    (_, n) => `Pessoa ${n + 1};1198765${4000 + n};Chiado;newsletter;${200 + n}`,
  );
  const rows = [
    'Nome;Telemóvel;Loja;Etiquetas;NIF',
    'Ana Souza;11987654321;Chiado;collector,newsletter;245',
    'Beatriz Nakamura;(11) 97777-0190;Chiado;newsletter;198',
    ...known.filter(({ phone }) => phone).map(({ name, phone }) => `${name ?? ''};${phone};Almada;collector;`),
    ...people,
    'Ana Souza;+55 11 98765-4321;Almada;newsletter;245',
    'Carla Mota;119876-4;;;',
    'Duarte Sá;+351 21;;;',
    ';;Chiado;;',
    'Hélène Dupont;06 12 34 56 78;;;',
  ];
  const form = new FormData();
  form.append('file', new Blob([Buffer.from(rows.join('\r\n'), 'latin1')]), 'clientes-novembro.csv');
  const { id } = await api('POST', '/api/v1/imports', form);
  await api('PATCH', `/api/v1/imports/${id}`, { default_country: 'BR' });
  for (let waited = 0; waited < 300; waited++) {
    if ((await api('GET', `/api/v1/imports/${id}`)).state === 'ready') return id;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error('The import was not checked within 30 seconds.');
}

/** A segment of those who wrote lately, with a group of conditions, and without a list. */
async function savedSegment(api) {
  const { data: people } = await api('GET', '/api/v1/contacts?sort=last_message&limit=12');
  const field = { key: 'favourite_shop', name: 'Favourite shop', type: 'choice', choices: ['Chiado', 'Almada'] };
  const { data: fields } = await api('GET', '/api/v1/contact-fields');
  if (!fields.some(({ key }) => key === field.key)) await api('POST', '/api/v1/contact-fields', field);
  const label = await api('POST', '/api/v1/labels', { name: 'reader', color: 'teal', on: 'contact' });
  const contact_ids = people.map(({ id }) => id);
  await api('POST', `/api/v1/labels/${label.id}/contacts`, { action: 'add', contact_ids });
  for (const [n, id] of contact_ids.entries())
    await api('PATCH', `/api/v1/contacts/${id}`, { fields: { favourite_shop: field.choices[n % 2] } });
  const staff = await api('POST', '/api/v1/segments', { name: 'Staff', kind: 'list' });
  await api('POST', `/api/v1/segments/${staff.id}/members`, { action: 'add', contact_ids: contact_ids.slice(0, 2) });
  const any = [
    { field: 'country', op: 'is', value: 'PT' },
    { field: 'field:favourite_shop', op: 'in', value: ['Chiado', 'Almada'] },
  ];
  const all = [
    { field: 'label', op: 'is', value: label.id },
    { field: 'last_received', op: 'within_days', value: 180 },
    { any },
  ];
  const filter = { match: { all }, leave_out: [staff.id] };
  return (await api('POST', '/api/v1/segments', { name: 'Readers, active', kind: 'filter', filter })).id;
}

/** A campaign that was sent, and a draft to those who did not read it. */
async function campaignPages(api, account) {
  const { data: people } = await api('GET', '/api/v1/contacts?limit=40');
  const contactIds = people.filter(({ phone }) => phone !== null).map(({ id }) => id);
  const body = [
    { type: 'text', text: '{{body_1}}' },
    { type: 'text', text: '{{body_2}}' },
  ];
  const message = {
    type: 'template',
    template: {
      name: 'appointment_reminder',
      language: { code: 'en_US' },
      components: [{ type: 'body', parameters: body }],
    },
    variables: {
      body_1: { from: 'built_in', value: 'first_name', fallback: 'reader' },
      body_2: { from: 'constant', value: '19 December' },
    },
  };
  const settings = {
    account_ids: [account.id],
    variants: [
      { share: 50, message },
      { share: 50, message },
    ],
    waves: { sizes: [5, 10] },
    include: [{ contact_ids: contactIds }],
  };
  const { id } = await api('POST', '/api/v1/campaigns', { ...settings, name: 'Book fair weekend' });
  await api('POST', `/api/v1/campaigns/${id}/start`, {});
  const deadline = Date.now() + 60_000;
  while ((await api('GET', `/api/v1/campaigns/${id}`)).state !== 'done' && Date.now() < deadline)
    await new Promise(resolve => setTimeout(resolve, 1_000));
  const draft = await api('POST', '/api/v1/campaigns', {
    ...settings,
    name: 'Signed copies, December',
    control_share: 10,
    exclude: [{ campaign_id: id, fate: 'replied' }],
    start: { local: `${new Date().getFullYear() + 1}-12-01T10:00` },
    hours: { from: '09:00', until: '20:00', days: [1, 2, 3, 4, 5, 6] },
  });
  return [
    { name: 'campaigns', path: '/campaigns' },
    { name: 'campaign', path: `/campaigns/${id}` },
    { name: 'campaign-result', path: `/campaigns/${id}?tab=result` },
    { name: 'campaign-new', path: `/campaigns/${draft.id}/edit` },
  ];
}

/** An account of WhatsApp Web while a phone is linked to it: each picture with a fresh code. */
async function photographLink(api) {
  const { id } = await api('POST', '/api/v1/accounts', { name: 'Farol Lisboa', channel: 'web' });
  await photographAll([{ name: 'account-link', path: `/accounts/${id}/link`, before: () => showCode(api, id) }], api);
}

/** Lets a QR code be made for the account. */
async function showCode(api, id) {
  await api('POST', `/api/v1/accounts/${id}/link`, { method: 'qr', accept_risks: true });
  for (let waited = 0; waited < 300; waited++) {
    if ((await api('GET', `/api/v1/accounts/${id}/link`)).code) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error('There was no code to link a phone with.');
}

function isWanted(name) {
  return only.length === 0 || only.includes(name);
}

/** Photographs pages in both themes and widths; behind the login with `api`. */
async function photographAll(pages, api) {
  await mkdir(target, { recursive: true });
  const wanted = pages.filter(({ name }) => isWanted(name));
  for (const theme of themes)
    for (const viewport of widths)
      for (const language of new Set(wanted.map(page => page.language ?? 'en'))) {
        const context = await browser.newContext({
          viewport,
          colorScheme: theme,
          locale: language,
          reducedMotion: 'reduce',
        });
        const page = await context.newPage();
        if (api) await logIn(page);
        for (const each of wanted.filter(given => (given.language ?? 'en') === language))
          await photograph(page, each, `${each.name}-${theme}-${viewport.width}.png`);
        await context.close();
      }
}

async function logIn(page) {
  await page.goto(`${address}/login`);
  await page.locator('input[name=email]').fill(owner.email);
  await page.locator('input[name=password]').fill(owner.password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(url => url.pathname !== '/login');
}

async function photograph(page, { path, before }, file) {
  await before?.();
  await page.goto('about:blank');
  await page.goto(address + path);
  await page.locator('h1:visible, h2:visible').first().waitFor();
  // The policy of the page forbids waitForFunction, which evaluates a text within it.
  while (await page.evaluate(isLoading)) await new Promise(resolve => setTimeout(resolve, 100));
  const bytes = await page.screenshot();
  await writeFile(join(target, file), await sharp(bytes).png({ palette: true, quality: 90 }).toBuffer());
  console.log(file);
}
