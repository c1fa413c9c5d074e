// Linking a phone in a browser: the risks, codes that refresh, what became of it, and the end of a link.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, said, settled, type Visitor, visit } from './browser.ts';
import { codeOf, makeWebAccount, pretendGateway, webAccount } from './link-world.ts';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario();
  await pretendGateway(scenario);
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const linked = () => ({ phone: '+351210000188', linked_at: new Date(), consented_at: new Date(), code: null });

test('connects a phone once the risks are accepted; codes refresh, and the page says when it is linked', async () => {
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
  await page.getByText('The code comes in a moment').waitFor();

  const { data } = (await scenario.api('GET', '/api/v1/accounts')).body;
  const created = data.find(({ channel }: { channel: string }) => channel === 'web');
  expect(created.link).toMatchObject({ state: 'linking', consented_at: expect.any(String) });
  const account = webAccount(scenario, created);
  const shown = () => page.locator('[data-code]').getAttribute('data-code');
  await account.showCode({ method: 'qr', value: codeOf(1) });
  await page.getByRole('img', { name: 'QR code that links Farol Lisboa' }).waitFor();
  await page.getByText('1 of 6').waitFor();
  await page.getByText(/^New code in \d+ sec$/).waitFor();
  expect(await shown()).toBe(codeOf(1));
  await account.showCode({ method: 'qr', value: codeOf(2), number: 2 });
  await page.getByText('2 of 6').waitFor();
  expect(await shown()).toBe(codeOf(2));
  expect(await accessibilityProblems(page)).toEqual([]);

  await account.set('connected', linked());
  await page.getByRole('heading', { name: 'Farol Lisboa is linked' }).waitFor();
  expect(await page.getByRole('status').first().textContent()).toContain('Farol Lisboa is linked');
  await page.getByText('+351210000188').waitFor();
  await page.getByRole('link', { name: 'Open the account' }).click();
  await page.getByRole('heading', { name: 'Farol Lisboa', level: 1 }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('links without a camera: the code to type in is made for one number', async () => {
  const { page } = visitor;
  const account = await makeWebAccount(scenario, 'Farol Porto');
  await visitor.goto(`/accounts/${account.id}`);
  await page.getByRole('link', { name: 'Link a phone' }).first().click();
  await page.getByRole('button', { name: 'Link with the phone number' }).click();
  await page.getByText('Accept the risks first.').waitFor();
  await page.getByLabel('I have read the risks and accept them').check();
  await page.getByRole('button', { name: 'Link with the phone number' }).click();
  await page.getByLabel('Number of the phone').fill('912 345 678');
  await page.getByRole('button', { name: 'Show the code' }).click();
  await page.getByText('Begin with + and the country code').waitFor();
  await page.getByLabel('Number of the phone').fill('+351 912-345-678');
  await page.getByRole('button', { name: 'Show the code' }).click();
  await page.getByText('and type this code').waitFor();
  const [session] = await scenario.sql<{ link_method: string; link_phone: string }>(
    "select link_method, link_phone from web_session where state = 'linking'",
  );
  expect(session).toEqual({ link_method: 'pairing_code', link_phone: '+351912345678' });
  await account.showCode({ method: 'pairing_code', value: 'K7QX3M9D', of: 1 });
  await page.locator('code', { hasText: 'K7QX-3M9D' }).waitFor();
  await page.getByText(/^Ends in \d+ sec$/).waitFor();
  await page.getByRole('button', { name: 'Copy the pairing code' }).waitFor();
  expect(await page.getByRole('status').first().textContent()).toContain('Pairing code K7QX-3M9D');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Show a QR code' }).click();
  await page.getByText('Point the camera at this code').waitFor();
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
  await page.getByRole('button', { name: 'Link again' }).click();
  await page.getByText('The code comes in a moment').waitFor();
  await account.set('connected', { ...linked(), reason: null });
  await account.set('reconnecting', { open_at: new Date(Date.now() + 50_000) });
  await page.getByText(/^Next attempt in \d+ sec\.$/).waitFor();
  await account.set('outdated');
  await page.getByText('npx recado web-version').first().waitFor();
  await account.set('banned');
  await page.getByRole('heading', { name: 'WhatsApp rejects the number of Farol Faro' }).waitFor();
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByRole('heading', { name: 'Farol Faro is reconnecting' }).waitFor();
  await account.set('logged_out');
  await page.getByRole('heading', { name: 'The link of Farol Faro has ended' }).waitFor();
  await visitor.goto('/accounts');
  const card = page.getByRole('region', { name: 'Farol Faro' });
  await card.getByText('Logged out').waitFor();
  await card.getByRole('link', { name: 'Link again' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('unlinks after a question, and warns of a phone that was silent', async () => {
  const { page } = visitor;
  const account = await makeWebAccount(scenario, 'Farol Évora');
  await account.set('connected', linked());
  await account.tellSilence({ silent_seconds: 5_400, usual_seconds: 900, action: 'reconnected' });
  await visitor.goto(`/accounts/${account.id}`);
  await page.getByText(/^This phone was silent for 1 hr 30 min/).waitFor();
  await page.getByText('Linked on').waitFor();
  await page.getByRole('button', { name: 'Actions for Farol Évora' }).click();
  await page.getByRole('menuitem', { name: 'Unlink' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Save a new token' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Unlink' }).click();
  const dialog = page.getByRole('dialog', { name: 'Unlink Farol Évora?' });
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Unlink' }).click();
  await said(page, 'Farol Évora is unlinked.');
  await page.getByText('Not linked').first().waitFor();
  expect((await scenario.api('GET', `/api/v1/accounts/${account.id}/link`)).body.state).toBe('unlinked');
  expect(visitor.mistakes).toEqual([]);
});

test('the inbox of a phone has no window and no templates', async () => {
  const { page } = visitor;
  const account = await makeWebAccount(scenario, 'Farol Braga');
  await account.set('connected', linked());
  const opened = await scenario.api('POST', '/api/v1/conversations', { account_id: account.id, to: '+351912000111' });
  await visitor.goto(`/inbox/${opened.body.id}`);
  await page.getByRole('textbox', { name: /^Write to/ }).waitFor();
  await settled(page);
  expect(await page.getByRole('button', { name: 'Templates' }).count()).toBe(0);
  expect(await page.getByText('24-hour window').count()).toBe(0);
  expect(visitor.mistakes).toEqual([]);
});

test.each([
  { theme: 'light', width: 1440, language: 'en' },
  { theme: 'dark', width: 360, language: 'ar' },
] as const)('axe finds nothing: $theme, $width px, $language', async look => {
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
  await examine(`/accounts/${account.id}/link`);
  await examine(`/accounts/${account.id}`);
  expect(problems).toEqual([]);
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
