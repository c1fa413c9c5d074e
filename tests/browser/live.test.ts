// What others do is seen at once, also after the network was gone; rights and sessions that end, end here too.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join, type Somebody } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { addressOf, closeBrowser, logIn, said, settled, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario();
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const place = ({ page }: Visitor) => new URL(page.url());

async function enter(role: 'admin' | 'agent'): Promise<Somebody & { who: Visitor }> {
  const somebody = await join(scenario, role);
  const who = await visit(scenario);
  await logIn(who, somebody.email, goodPassword);
  return { ...somebody, who };
}

/** A person writes to the account. */
async function write(body: string): Promise<void> {
  const answer = await fetch(`${scenario.simulator.url}/phones/351912345677/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, text: { body } }),
  });
  expect(answer.status).toBe(202);
}

test('what one does, another sees without a reload', async () => {
  const { who: other } = await enter('admin');
  await other.goto(`/accounts/${scenario.account.id}`);
  await other.page.getByText('No messages today').waitFor();
  await visitor.goto(`/accounts/${scenario.account.id}`);
  await scenario.send();
  await scenario.settle();
  await other.page.getByText('Today’s 1 message').waitFor();
  // Its event may be here before the answer: what is said is still what was done.
  await visitor.page.route('**/pause', async route => {
    const response = await route.fetch();
    await visitor.page.getByRole('button', { name: 'Resume' }).first().waitFor();
    await route.fulfill({ response });
  });
  await visitor.page.getByRole('button', { name: 'Pause' }).click();
  await said(visitor.page, 'Sandbox is paused.');
  await other.page.getByRole('button', { name: 'Resume' }).first().click();
  await visitor.page.getByRole('button', { name: 'Pause' }).waitFor();
  expect([...visitor.mistakes, ...other.mistakes]).toEqual([]);
  await other.close();
});

test('what one writes appears in the inbox of another, and the receipts with it', async () => {
  const { who: other } = await enter('agent');
  await write('The first');
  await visitor.goto('/inbox');
  await visitor.page.getByRole('listitem').filter({ hasText: 'The first' }).getByRole('link').click();
  await other.goto('/inbox');
  await other.page.getByRole('listitem').filter({ hasText: 'The first' }).waitFor();
  await visitor.page.getByRole('textbox', { name: /^Write to/ }).fill('We open at five');
  await visitor.page.keyboard.press('Enter');
  const row = other.page.getByRole('listitem').filter({ hasText: 'We open at five' });
  await row.getByRole('link').click();
  await other.page.getByRole('log').getByText('We open at five').first().waitFor();
  await other.page.getByRole('textbox', { name: /^Write to/ }).fill('And close at ten');
  await other.page.keyboard.press('Enter');
  const bubble = visitor.page.getByRole('log').getByRole('article').filter({ hasText: 'And close at ten' });
  await bubble.getByRole('button', { name: /Read/ }).waitFor();

  await other.page.context().setOffline(true);
  await other.page.getByText('You are offline.').waitFor();
  await write('Written meanwhile');
  await visitor.page.getByRole('log').getByText('Written meanwhile').first().waitFor();
  await other.page.context().setOffline(false);
  await other.page.getByRole('log').getByText('Written meanwhile').first().waitFor();
  expect([...visitor.mistakes, ...other.mistakes]).toEqual([]);
  await other.close();
});

test('what happens while the network is gone is there when it is back', async () => {
  const { page } = visitor;
  await visitor.goto(`/accounts/${scenario.account.id}`);
  await settled(page);
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await scenario.send('+351912345611');
  await scenario.settle();
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  await page.context().setOffline(false);
  await page.getByText('Today’s 4 messages').waitFor();
  await page.getByRole('button', { name: 'Resume' }).first().click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  expect(await page.getByText('You are offline.').count()).toBe(0);
  expect(visitor.mistakes).toEqual([]);
});

/**
 * Counts sounds and notifications of the browser, and lets the page be out of sight. As text: the tests have no types of
 * the browser.
 */
const observed = `
  window.told = { sounds: 0, notifications: [] };
  window.OscillatorNode = class extends OscillatorNode { start(at) { window.told.sounds++; super.start(at); } };
  window.Notification = class {
    static get permission() { return localStorage.permission ?? 'default'; }
    static async requestPermission() { return (localStorage.permission = 'granted'); }
    constructor(title, { body }) { window.told.notifications.push(title + ': ' + body); }
    close() {}
  };
  let isSeen = true;
  window.see = seen => { isSeen = seen; document.dispatchEvent(new Event('visibilitychange')); };
  Object.defineProperty(document, 'visibilityState', { get: () => (isSeen ? 'visible' : 'hidden') });
  document.hasFocus = () => isSeen;
`;

test('messages that nobody sees are told of: by the tab, by a sound and, if allowed, by one notification', async () => {
  // Who has the conversation open reads it.
  await visitor.goto('/accounts');
  const { id: agent, api, who } = await enter('agent');
  const { page } = who;
  // In a team people hear of what is theirs.
  const [{ id: conversation }] = (await scenario.api('GET', '/api/v1/conversations?search=351912345677')).body.data;
  await scenario.api('POST', `/api/v1/conversations/${conversation}/assign`, { person_id: agent });
  const unread = async () => (await api('GET', '/api/v1/me/notifications?unread=true')).body.data;
  const readAll = () => api('POST', '/api/v1/me/notifications/read', {});
  await expect.poll(async () => (await unread()).length).toBe(1);
  await readAll();
  await api('PATCH', '/api/v1/me/notification-settings', { content: 'text' });
  await page.context().addInitScript(observed);
  await who.goto('/inbox');
  await settled(page);
  const tab = await page.context().newPage();
  await tab.goto(`${addressOf(scenario)}/accounts`);
  await settled(tab);
  const told = async (which: 'sounds' | 'notifications.length') =>
    (await Promise.all([page, tab].map(each => each.evaluate<number>(`window.told.${which}`)))).reduce((a, b) => a + b);
  expect(await page.title()).toBe('Inbox · Recado');
  const icon = () => page.evaluate<string>("document.querySelector('link[rel=icon]').href");
  // One tab is seen: no sound, although the other is not.
  await page.evaluate('see(false)');
  await write('Seen at once');
  await expect.poll(() => page.title()).toBe('(1) Inbox · Recado');
  await expect.poll(icon).toContain('unread');
  await expect.poll(() => tab.title()).toMatch(/^\(1\) /);
  for (const name of [/Inbox.* unread/, /Notifications.* unread/])
    expect(await tab.getByRole('link', { name }).count()).toBe(1);
  expect(await told('sounds')).toBe(0);

  await tab.evaluate('see(false)');
  await write('Unseen');
  // Two notes make one sound.
  await expect.poll(() => told('sounds')).toBe(2);
  await page.evaluate('see(true)');
  await tab.evaluate('see(true)');
  const asking = (await page.getByText('A message came while nobody looked.').count()) > 0 ? page : tab;
  expect(await told('notifications.length')).toBe(0);
  await asking.getByRole('button', { name: 'Turn on notifications' }).click();
  await asking.getByText('A message came while nobody looked.').waitFor({ state: 'detached' });
  // Read on another device, it is gone here.
  await readAll();
  await expect.poll(() => page.title()).toBe('Inbox · Recado');
  await page.evaluate('see(false)');
  await tab.evaluate('see(false)');
  await write('Unseen again');
  await expect.poll(() => told('notifications.length')).toBe(1);
  expect(await asking.evaluate('window.told.notifications[0]')).toMatch(/: Unseen again$/);

  // Both can be turned off, in this browser.
  await asking.evaluate('see(true)');
  await asking.goto(`${addressOf(scenario)}/settings/your-notifications`);
  await asking.getByRole('checkbox', { name: 'Sound', exact: true }).uncheck();
  await asking.getByRole('checkbox', { name: 'Notifications of the browser' }).uncheck();
  expect(await asking.evaluate("[localStorage['recado.sound'], localStorage['recado.notifications']]")).toEqual([
    'false',
    'false',
  ]);
  expect(who.mistakes).toEqual([]);
  await who.close();
});

test('a role that becomes smaller takes what it may not do from the open page', async () => {
  const { id, who } = await enter('admin');
  await who.goto('/accounts');
  const connect = who.page.getByRole('link', { name: 'Connect an account' });
  await connect.waitFor();
  await scenario.api('PATCH', `/api/v1/people/${id}`, { role: 'agent' });
  await connect.waitFor({ state: 'detached' });
  await scenario.api('PATCH', `/api/v1/people/${id}`, { role: 'admin' });
  await connect.waitFor();
  await who.goto('/settings/keys');
  await who.page.getByRole('button', { name: 'New API key' }).waitFor();
  await scenario.api('PATCH', `/api/v1/people/${id}`, { role: 'viewer' });
  await who.page.getByRole('heading', { name: 'Your role may not see this page' }).waitFor();
  expect(who.mistakes).toEqual([]);
  await who.close();
});

test('a session that somebody ends leads to the login, and the login back', async () => {
  const { api, email, who } = await enter('agent');
  await who.goto(`/accounts/${scenario.account.id}`);
  await settled(who.page);
  const { data } = (await api('GET', '/api/v1/me/sessions')).body;
  const { id } = data.find(({ current }: { current: boolean }) => !current);
  expect((await api('DELETE', `/api/v1/me/sessions/${id}`)).status).toBe(204);
  await who.page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  await who.page.getByLabel('E-mail').fill(email);
  await who.page.getByLabel('Password').fill(goodPassword);
  await who.page.getByRole('button', { name: 'Log in' }).click();
  await expect.poll(() => place(who).pathname).toBe(`/accounts/${scenario.account.id}`);
  expect(who.mistakes).toEqual([]);
  await who.close();
});

test('a logout in one tab is one in all, and so is a login', async () => {
  const { email, who } = await enter('agent');
  const tab = await who.page.context().newPage();
  await tab.goto(`${addressOf(scenario)}/accounts`);
  await settled(tab);
  await who.page.getByRole('button', { name: 'your menu' }).click();
  await who.page.getByRole('menuitem', { name: 'Log out' }).click();
  await who.page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  await tab.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  await logIn(who, email, goodPassword);
  await tab.getByRole('heading', { name: 'Accounts' }).waitFor();
  expect(who.mistakes).toEqual([]);
  await who.close();
});

test('a logout that the server does not hear is none, and says so', async () => {
  const { who } = await enter('agent');
  const menu = who.page.getByRole('button', { name: 'your menu' });
  // A page that is still loading would wait for the network.
  await menu.waitFor();
  await settled(who.page);
  await who.page.context().setOffline(true);
  await menu.click();
  await who.page.getByRole('menuitem', { name: 'Log out' }).click();
  await said(who.page, 'You are still logged in: the server does not answer.');
  await who.page.context().setOffline(false);
  await menu.click();
  await who.page.getByRole('menuitem', { name: 'Log out' }).click();
  await who.page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  await who.close();
});
