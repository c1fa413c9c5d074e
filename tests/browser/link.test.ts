// Linking a phone in a browser: the risks, codes that refresh, what became of it, and the end of a link.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeWhatsApp, startFakeWhatsApp } from '../../channels/whatsapp-web/tests/fake/index.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { type LinkedPhones, linkedPhones, webSettings } from '../setup/linked-phones.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, settled, type Visitor, visit } from './browser.ts';
import { codeOf, makeWebAccount } from './link-world.ts';

let fake: FakeWhatsApp;
let scenario: Scenario;
let phones: LinkedPhones;
let visitor: Visitor;
beforeAll(async () => {
  fake = await startFakeWhatsApp();
  scenario = await startScenario({ env: webSettings(fake) });
  phones = linkedPhones(scenario, fake);
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario?.close();
  await fake?.close();
});

const linked = () => ({ phone: '+351210000188', linked_at: new Date(), consented_at: new Date(), code: null });

/** Gives an account a quota of new chats, as a gateway keeps it. */
const limitNewChats = (id: string, left: number) =>
  scenario.sql(`update account set new_chats_left = $2, new_chats_until = now() + interval '2 days' where id = $1`, [
    toUuid(id),
    left,
  ]);

test('links a phone once the risks are accepted, and says when it is linked', async () => {
  const { page } = visitor;
  await visitor.goto('/accounts/new');
  await page.getByRole('radio', { name: /WhatsApp Web/ }).check({ force: true });
  await page.getByLabel('Name').fill('Farol Lisboa');
  await page.getByRole('button', { name: 'Create and show the code' }).click();
  await page.getByText('Accept the risks first.').waitFor();
  expect((await scenario.api('GET', '/api/v1/accounts')).body.data).toHaveLength(1);
  await page.getByLabel('I have read the risks and accept them').check();
  await page.getByRole('button', { name: 'Create and show the code' }).click();
  await page.waitForURL('**/accounts/acc_*/link');

  await page.getByRole('img', { name: 'QR code that links Farol Lisboa' }).waitFor();
  await page.getByText('1 of 6').waitFor();
  await page.getByText(/^New code in \d+ sec$/).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  const code = await page.locator('[data-code]').getAttribute('data-code');
  const number = phones.nextNumber();
  const owner = fake.phone(number, { name: 'Inês' });
  const ana = fake.person(phones.nextNumber(), { name: 'Ana' });
  owner.history([
    { with: ana, id: '3EB0AAAA', text: 'See you at the lighthouse', at: Math.round(Date.now() / 1_000) - 600 },
  ]);
  expect(await owner.scan(code ?? '')).toBe('linked');
  await page.getByRole('heading', { name: 'Farol Lisboa is linked' }).waitFor();
  await page.getByText('1 message of the history so far').waitFor();
  await page.getByRole('status').filter({ hasText: 'Farol Lisboa is linked' }).waitFor();
  await page.getByText(`+351 911 000 ${number.slice(-3)}`).waitFor();
  await page.getByRole('link', { name: 'Open the inbox' }).click();
  await page.getByRole('main').getByText('See you at the lighthouse').first().click();
  await page.getByRole('log').getByText('See you at the lighthouse').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('a fresh code takes the place of the last by itself', async () => {
  const { page } = visitor;
  const account = await makeWebAccount(scenario, 'Farol Sintra');
  await account.set('linking', { consented_at: new Date() });
  await visitor.goto(`/accounts/${account.id}/link`);
  await page.getByText('The code comes in a moment').waitFor();
  const shown = () => page.locator('[data-code]').getAttribute('data-code');
  const shows = async (number: number) => {
    await page.getByText(`${number} of 6`).waitFor();
    expect(await shown()).toBe(codeOf(number));
  };
  await account.showCode({ method: 'qr', value: codeOf(1), number: 1 });
  await shows(1);
  // An answer that was read with the second code comes after the third.
  const links = (url: URL) => url.pathname.endsWith(`/accounts/${account.id}/link`);
  let answer: (() => Promise<void>) | undefined;
  await page.route(links, async route => {
    if (answer) return route.continue();
    const response = await route.fetch();
    answer = () => route.fulfill({ response });
  });
  await account.showCode({ method: 'qr', value: codeOf(2), number: 2 });
  await shows(2);
  await expect.poll(() => answer).toBeDefined();
  await account.showCode({ method: 'qr', value: codeOf(3), number: 3 });
  await shows(3);
  await answer?.();
  // A page that took it would show it by now.
  await page.evaluate('fetch("/livez").then(() => new Promise(done => requestAnimationFrame(done)))');
  expect(await shown()).toBe(codeOf(3));
  await page.unroute(links);
  expect(visitor.mistakes).toEqual([]);
});

test('links without a camera: the code to type in is made for one number', async () => {
  const { page } = visitor;
  const id = await phones.makeAccount();
  const number = phones.nextNumber();
  const phone = fake.phone(number, { name: 'Rui' });
  await visitor.goto(`/accounts/${id}`);
  await page.getByRole('link', { name: 'Link a phone' }).first().click();
  await page.getByRole('button', { name: 'Link with the phone number' }).click();
  await page.getByText('Accept the risks first.').waitFor();
  await page.getByLabel('I have read the risks and accept them').check();
  await page.getByRole('button', { name: 'Link with the phone number' }).click();
  await page.getByLabel('Number of the phone').fill('912 345 678');
  await page.getByRole('button', { name: 'Show the code' }).click();
  await page.getByText('Begin with + and the country code').waitFor();
  await page.getByLabel('Number of the phone').fill(`${number.slice(0, 4)} ${number.slice(4, 7)}-${number.slice(7)}`);
  await page.getByRole('button', { name: 'Show the code' }).click();
  await page.getByText('and type this code').waitFor();
  const shown = page.locator('main code');
  await shown.waitFor();
  const code = (await shown.textContent()) ?? '';
  expect(code).toMatch(/^\w{4}-\w{4}$/);
  await page.getByText(/^Ends in /).waitFor();
  await page.getByRole('button', { name: 'Copy the pairing code' }).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: `Pairing code ${code}` })
    .waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await phone.enterCode(code);
  await page.getByRole('heading', { name: 'Shop is linked' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('the phone ends the link, and is linked again', async () => {
  const { page } = visitor;
  const { id, phone } = await phones.linked();
  await visitor.goto(`/accounts/${id}/link`);
  await page.getByRole('heading', { name: 'Shop is linked' }).waitFor();
  await fake.disconnect(phone, 401);
  await page.getByRole('heading', { name: 'The link of Shop has ended' }).waitFor();
  await page.getByRole('button', { name: 'Link again' }).click();
  await page.getByRole('img', { name: 'QR code that links Shop' }).waitFor();
  await phone.scan((await page.locator('[data-code]').getAttribute('data-code')) ?? '');
  await page.getByRole('heading', { name: 'Shop is linked' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('unlinks after a question, and the phone forgets the device', async () => {
  const { page } = visitor;
  const { id, phone } = await phones.linked();
  await visitor.goto(`/accounts/${id}`);
  await page.getByText('Linked on').waitFor();
  await page.getByRole('button', { name: 'Actions for Shop' }).click();
  await page.getByRole('menuitem', { name: 'Unlink' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Save a new token' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Unlink' }).click();
  const dialog = page.getByRole('dialog', { name: 'Unlink Shop?' });
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Unlink' }).click();
  await said(page, 'Shop is unlinked.');
  await page.getByText('Not linked').first().waitFor();
  await expect.poll(() => phone.companions.length).toBe(0);
  expect(visitor.mistakes).toEqual([]);
});

test('its inbox has no window and no templates, and says why WhatsApp rejects a message', async () => {
  const { page } = visitor;
  const { id } = await phones.linked();
  const ana = fake.person(phones.nextNumber(), { name: 'Ana' });
  const opened = await scenario.api('POST', '/api/v1/conversations', { account_id: id, to: ana.number });
  await visitor.goto(`/inbox/${opened.body.id}`);
  const box = page.getByRole('textbox', { name: /^Write to/ });
  await box.waitFor();
  await settled(page);
  expect(await page.getByRole('button', { name: 'Templates' }).count()).toBe(0);
  expect(await page.getByText('24-hour window').count()).toBe(0);
  fake.next({ ack: 463 });
  await box.fill('Bom dia');
  await page.keyboard.press('Enter');
  await page.getByText(/this link is too new for people who never wrote\. It was made on .+\(463\)/).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('says in each state what happened and what to do', async () => {
  const { page } = visitor;
  const account = await makeWebAccount(scenario, 'Farol Faro');
  await account.set('linking', { consented_at: new Date() });
  await visitor.goto(`/accounts/${account.id}/link`);
  await page.getByText('Keep this page open').waitFor();
  await account.set('failed', { reason: 'Nobody used the codes. Try again.' });
  await page.getByRole('heading', { name: 'No phone was linked to Farol Faro' }).waitFor();
  await page.getByText('Nobody used the codes.').waitFor();
  await page.getByRole('button', { name: 'Link again' }).waitFor();
  await account.set('connected', { ...linked(), reason: null });
  await account.set('reconnecting', { open_at: new Date(Date.now() + 50_000) });
  await page.getByText(/^Next attempt in \d+ sec\.$/).waitFor();
  await account.set('outdated');
  await page.getByText('npx recado web-version').first().waitFor();
  await account.set('banned');
  await page.getByRole('heading', { name: 'WhatsApp rejects the number of Farol Faro' }).waitFor();
  await page.getByRole('button', { name: 'Try now' }).waitFor();
  await account.set('logged_out');
  await page.getByRole('heading', { name: 'The link of Farol Faro has ended' }).waitFor();
  await visitor.goto('/accounts');
  const card = page.getByRole('region', { name: 'Farol Faro' });
  await card.getByText('Logged out').waitFor();
  await card.getByRole('link', { name: 'Link again' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('warns of a phone that was silent', async () => {
  const { page } = visitor;
  const account = await makeWebAccount(scenario, 'Farol Évora');
  await account.set('connected', linked());
  await account.tellSilence({ silent_seconds: 5_400, usual_seconds: 900, action: 'reconnected' });
  await visitor.goto(`/accounts/${account.id}`);
  await page.getByText(/^This phone was silent for 1 hr 30 min/).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('names the quota of new chats and the risk, on the page of the account and before a campaign starts', async () => {
  const { page } = visitor;
  const account = await makeWebAccount(scenario, 'Farol Lagos');
  await account.set('connected', linked());
  await limitNewChats(account.id, 12);
  await visitor.goto(`/accounts/${account.id}`);
  await page.getByText(/^12 until /).waitFor();
  await page.getByText('WhatsApp bans numbers that write to strangers.').waitFor();
  const { body: reader } = await scenario.api('POST', '/api/v1/contacts', { phone: '+351912000001' });
  const { body: campaign } = await scenario.api('POST', '/api/v1/campaigns', {
    name: 'News',
    account_ids: [account.id],
    variants: [{ share: 100, message: { type: 'text', text: { body: 'News' } } }],
    include: [{ contact_ids: [reader.id] }],
  });
  await visitor.goto(`/campaigns/${campaign.id}/edit`);
  const words = page.getByText(
    /^1 person never wrote to this account\. WhatsApp bans numbers that write to strangers\./,
  );
  await words.waitFor();
  expect(await words.textContent()).toMatch(/New chats that WhatsApp still allows until .+: 12\. The others wait\.$/);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(visitor.mistakes).toEqual([]);
});

test.each(looks)('axe finds nothing: $theme, $width px, $language', async look => {
  const account = await makeWebAccount(scenario, `Farol ${look.language}`);
  const other = await visit(scenario, look);
  const { page } = other;
  const problems: string[] = [];
  async function examine(path: string): Promise<void> {
    await page.goto('about:blank');
    await other.goto(path);
    await settled(page);
    problems.push(...(await accessibilityProblems(page)).map(problem => `${path} ${problem}`));
    const over = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
    if (over > 0) problems.push(`${path} runs over the edge by ${over} px`);
  }
  await logIn(other);
  await examine('/accounts/new?channel=web');
  await examine(`/accounts/${account.id}/link`);
  await account.set('linking', { consented_at: new Date() });
  await account.showCode({ method: 'pairing_code', value: 'K7QX3M9D', of: 1 });
  await examine(`/accounts/${account.id}/link`);
  await account.set('connected', linked());
  await limitNewChats(account.id, 12);
  await examine(`/accounts/${account.id}/link`);
  await examine(`/accounts/${account.id}`);
  expect(problems).toEqual([]);
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test('counts down in a toast how long linking pauses, and takes it away afterwards', async () => {
  const account = await makeWebAccount(scenario, 'Farol Sagres');
  await account.set('unlinked', { consented_at: new Date(), link_starts: Array(5).fill(new Date()) });
  const other = await visit(scenario);
  const { page } = other;
  await page.clock.install();
  await logIn(other);
  await other.goto(`/accounts/${account.id}/link`);
  await page.getByRole('button', { name: 'Show the QR code' }).click();
  const toast = page.getByRole('listitem').filter({ hasText: /Linking was started .* Try again in \d+ s/ });
  await toast.waitFor();
  const first = await toast.textContent();
  await page.clock.runFor(2_000);
  await expect.poll(() => toast.textContent()).not.toBe(first);
  await page.clock.runFor(600_000);
  await toast.waitFor({ state: 'detached' });
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test('says why a server without the channel cannot connect a phone', async () => {
  const without = await startScenario({ env: { WHATSAPP_WEB: 'off' } });
  const other = await visit(without);
  await logIn(other);
  await other.goto('/accounts/new?channel=web');
  await other.page.getByText('WhatsApp Web is missing here. WhatsApp Web is off (WHATSAPP_WEB=off).').waitFor();
  expect(await other.page.getByRole('radio').count()).toBe(2);
  expect(await other.page.locator('form').count()).toBe(0);
  expect(other.mistakes).toEqual([]);
  await other.close();
  await without.close();
});
