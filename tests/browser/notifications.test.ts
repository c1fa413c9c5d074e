// Notifications in a browser: the list, what is read by looking at it, and how each person wants to hear of things.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join, type Somebody } from '../setup/people.ts';
import { type PushService, startPushService } from '../setup/push-service.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import {
  accessibilityProblems,
  addressOf,
  closeBrowser,
  logIn,
  looks,
  said,
  settled,
  type Visitor,
  visit,
} from './browser.ts';
import { people } from './inbox-world.ts';

let scenario: Scenario;
let service: PushService;
let world: ReturnType<typeof people>;
let leo: Somebody;
let visitor: Visitor;

beforeAll(async () => {
  service = await startPushService();
  scenario = await startScenario({ env: { WEBHOOK_ALLOWED_HOSTS: service.host } });
  world = people(scenario);
  leo = await join(scenario, 'agent', { email: 'leo@example.com' });
  visitor = await visit(scenario);
  await logIn(visitor, leo.email, goodPassword);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
  await service.close();
});

/** A conversation of the person's, which they were told of. */
async function given(phone: string, name: string): Promise<string> {
  await world.write(phone, 'Is it ready?', name);
  await scenario.settle();
  const [{ id }] = (await scenario.api('GET', `/api/v1/conversations?search=${phone}`)).body.data;
  await scenario.api('POST', `/api/v1/conversations/${id}/assign`, { person_id: leo.id });
  return id;
}
const unread = async () => (await leo.api('GET', '/api/v1/me/notifications?unread=true')).body.data.length;

test('what is new is in the list, and read by a button or by opening the conversation', async () => {
  const { page } = visitor;
  await given('33613000011', 'Ana Souza');
  await given('33613000012', 'Bruno Reis');
  await expect.poll(unread).toBe(2);
  await visitor.goto('/notifications');
  const list = page.getByRole('region', { name: 'Notifications' });
  await list.getByText('Owner gave it to you').nth(1).waitFor();
  await list.getByRole('button', { name: 'Mark as read: Bruno Reis' }).click();
  await expect.poll(unread).toBe(1);
  await expect.poll(() => list.getByRole('button').count()).toBe(1);
  await list.getByRole('link', { name: 'Ana Souza' }).click();
  await page.waitForURL('**/inbox/cnv_*');
  await expect.poll(unread).toBe(0);
  await given('33613000013', 'Carla');
  await page.getByRole('link', { name: /^Notifications.*1 unread/ }).click();
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await said(page, 'All notifications are read.');
  expect(visitor.mistakes).toEqual([]);
});

test('on a phone a long text is cut, and its button is in reach', async () => {
  const text = 'Olá, quero saber se o meu pedido de ontem já saiu para entrega, e a que horas chega aqui em casa';
  const newest = async () => (await leo.api('GET', '/api/v1/me/notifications')).body.data[0];
  await given('33613000019', 'Diego');
  await expect.poll(newest).toMatchObject({ kind: 'assigned', conversation: { name: 'Diego' } });
  await leo.api('POST', '/api/v1/me/notifications/read', {});
  await world.write('33613000019', text, 'Diego');
  await expect.poll(newest).toMatchObject({ kind: 'message', text });
  for (const language of ['en', 'ar']) {
    const phone = await visit(scenario, { width: 390, language });
    await logIn(phone, leo.email, goodPassword);
    await phone.goto('/notifications');
    const row = phone.page.getByRole('main').getByRole('row').filter({ hasText: text });
    await row.getByRole('button').waitFor();
    for (const part of [row.getByText(text).locator('..'), row.getByRole('button')]) {
      const box = await part.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    }
    await phone.page.context().close();
  }
  await leo.api('POST', '/api/v1/me/notifications/read', {});
});

test('each person says where they hear of what, and tries the sounds', async () => {
  const { page } = visitor;
  await page
    .context()
    .addInitScript(
      'window.tones = 0; window.OscillatorNode = class extends OscillatorNode { start(at) { window.tones++; super.start(at); } };',
    );
  await visitor.goto('/settings/your-notifications');
  await page.getByRole('button', { name: 'Play it once' }).click();
  await page.getByText('The sound of this browser has not played yet.').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Play Drop' }).click();
  await expect.poll(() => page.evaluate('window.tones')).toBe(3);
  await page.getByRole('radio', { name: 'Bell' }).check();
  await page.getByRole('checkbox', { name: 'New in the queue: Sound' }).check();
  await page.getByRole('button', { name: 'Nothing' }).click();
  await page.getByText('The text is hidden.').waitFor();
  const settings = () => leo.api('GET', '/api/v1/me/notification-settings').then(({ body }) => body);
  await expect.poll(settings).toMatchObject({ sound: 'bell', content: 'nothing', kinds: { queue: ['app', 'sound'] } });
  await page.getByRole('button', { name: 'Back to the defaults' }).click();
  await said(page, 'All kinds are as they were at first.');
  expect(await page.getByRole('checkbox', { name: 'New in the queue: Sound' }).isChecked()).toBe(false);
});

test('a browser is told by a push service while no page is open, and a click leads to the conversation', async () => {
  const browser = service.browser();
  const who = await visit(scenario);
  const { page } = who;
  const context = page.context();
  await context.grantPermissions(['notifications'], { origin: addressOf(scenario) });
  // Chromium has no push service here: it subscribes to ours, with keys that the test knows.
  await context.addInitScript(`
    const made = ${JSON.stringify(browser.subscription)};
    const subscription = { ...made, toJSON: () => made, options: { applicationServerKey: null }, unsubscribe: async () => !(delete localStorage.subscribed) };
    PushManager.prototype.getSubscription = async () => (localStorage.subscribed ? subscription : null);
    PushManager.prototype.subscribe = async () => { localStorage.subscribed = 'true'; return subscription; };
  `);
  await logIn(who, leo.email, goodPassword);
  await who.goto('/settings/your-notifications');
  const devices = page.getByRole('region', { name: 'Devices' });
  await devices.getByText('This one').waitFor();
  const session = await context.newCDPSession(page);
  const registration = new Promise<string>(resolve =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first) resolve(first.registrationId);
    }),
  );
  await session.send('ServiceWorker.enable');
  const registrationId = await registration;
  await leo.api('PATCH', '/api/v1/me/notification-settings', { content: 'name' });
  await page.goto('about:blank');
  const id = await given('33613000014', 'Dora');
  await expect.poll(() => browser.read().length, { timeout: 20_000 }).toBe(1);
  const [message] = browser.read();
  expect(message).toMatchObject({
    items: [{ kind: 'assigned', conversation_id: id, shown: { name: 'Dora', by: 'Owner' } }],
  });
  const data = JSON.stringify(message);
  await session.send('ServiceWorker.deliverPushMessage', { origin: addressOf(scenario), registrationId, data });
  await who.goto('/accounts');
  const shown = () =>
    page.evaluate(
      'navigator.serviceWorker.ready.then(worker => worker.getNotifications()).then(all => all.map(({ title, body, data }) => [title, body, data].join(": ")))',
    );
  await expect.poll(shown).toEqual([`Dora: Owner gave it to you: /inbox/${id}`]);
  // Read on another device, it is gone here.
  await leo.api('POST', '/api/v1/me/notifications/read', {});
  await expect.poll(shown).toEqual([]);
  await who.goto('/settings/your-notifications');
  await devices.getByRole('button', { name: 'Tell it no more' }).click();
  await said(page, 'The device is told no more.');
  await page.getByText('No device is told while Recado is closed').waitFor();
  expect(who.mistakes).toEqual([]);
  await who.close();
});

test.each(looks)('the pages are accessible: $theme, $width px, $language', async look => {
  const who = await visit(scenario, look);
  await logIn(who, leo.email, goodPassword);
  for (const path of ['/notifications', '/settings/your-notifications']) {
    await who.goto(path);
    await settled(who.page);
    expect(await accessibilityProblems(who.page)).toEqual([]);
  }
  expect(who.mistakes).toEqual([]);
  await who.close();
});
