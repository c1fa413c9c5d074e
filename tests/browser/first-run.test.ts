// From the setup link to the first delivered message on the simulated phone, and what a newcomer does next.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, addressOf, closeBrowser, logIn, settled, type Visitor, visit } from './browser.ts';

const person = { name: 'Bea', email: 'bea@example.com', password: 'four words picked at random' };

let scenario: Scenario;
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  scenario = await startScenario({ owner: false, window: true });
  visitor = await visit(scenario);
  page = visitor.page;
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const run = promisify(execFile);
const phone = () => page.locator('.phone');
const shots = process.env.SHOTS;
const shoot = async (name: string, of: Page = page) => {
  if (shots) await of.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
};

test('setup link, Sandbox, first message on the phone', async () => {
  const token = new URL(scenario.recado.setupLink ?? '').hash;
  await visitor.goto(`/setup${token}`);
  expect(await accessibilityProblems(page)).toEqual([]);
  await shoot('setup');
  for (const [name, value] of Object.entries(person)) await page.locator(`input[name=${name}]`).fill(value);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/welcome');
  await page.getByRole('button', { name: 'Continue with the Sandbox' }).waitFor();
  await shoot('account');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('radio', { name: 'WhatsApp Web' }).check({ force: true });
  await page.getByRole('button', { name: 'Link a phone' }).click();
  await page.waitForURL('**/accounts/new?channel=web');
  await page.goBack();
  await page.getByRole('button', { name: 'Continue with the Sandbox' }).click();
  // Ana writes first, before anything is sent.
  await phone().getByText('Hello! Is my table ready?').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await phone().getByText('Your table is ready.').waitFor();
  expect(await phone().getByText('Hello! Is my table ready?').count()).toBe(1);
  await page.getByRole('list', { name: 'Where it is' }).getByText('Delivered').waitFor();
  await expect.poll(() => page.getByRole('list', { name: 'Where it is' }).getByText('not yet').count()).toBe(0);
  await page.getByText(/^Read .* after it was stored/).waitFor();
  // The way on is in sight, on a low screen too.
  await page.setViewportSize({ width: 1440, height: 768 });
  for (const name of ['Make an API key', 'Fill with demo data', 'Open the inbox']) {
    const box = await page.getByRole('button', { name }).boundingBox();
    expect(box && box.y + box.height).toBeLessThan(768);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await shoot('message');
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('the key is shown once, and the curl line works as it stands', async () => {
  await page.getByRole('button', { name: 'Make an API key' }).click();
  const key = page.getByLabel('API key', { exact: true });
  await key.waitFor();
  const secret = (await key.textContent()) ?? '';
  expect(secret).toMatch(/^rcd_/);
  const curl = (await page.locator('pre').textContent()) ?? '';
  expect(curl).toContain(secret);
  await shoot('program');
  expect(await accessibilityProblems(page)).toEqual([]);
  const { stdout } = await run('sh', ['-c', `${curl} -s`]);
  const { id } = JSON.parse(stdout);
  // No line runs out of the box.
  expect(await page.locator('pre').evaluate(box => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: 'Run it here' }).click();
  await page.getByText(/"id": "msg_/).waitFor();
  await page.getByRole('button', { name: 'Python' }).click();
  await page.locator('pre').first().getByText('urllib.request').waitFor();
  await page.getByRole('button', { name: 'TypeScript' }).click();
  expect(await page.locator('pre').first().textContent()).toContain(`token: '${secret}'`);
  await scenario.settle();
  expect(
    (
      await run('sh', [
        '-c',
        `curl -s ${addressOf(scenario)}/api/v1/messages/${id} -H 'Authorization: Bearer ${secret}'`,
      ])
    ).stdout,
  ).toContain('"status":"read"');
  await page.reload();
  await settled(page);
  expect(await page.content()).not.toContain(secret);
  await page.getByText('A key is shown only once.').waitFor();
});

test('the person answers, reacts, presses a button and sends a file', async () => {
  await visitor.goto('/inbox');
  await page.getByText('Ana').first().click();
  await phone().getByRole('textbox', { name: 'Write as Ana' }).fill('I am on my way');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByText('I am on my way').count()).toBeGreaterThan(1);
  const api = await apiOf(page);
  const [account] = (await api('GET', 'accounts')).data;
  const to = '+5511987654321';
  await api('POST', 'messages', {
    account_id: account.id,
    to,
    type: 'interactive',
    interactive: {
      type: 'button',
      body: { text: 'Terrace or inside?' },
      action: { buttons: [{ type: 'reply', reply: { id: 'out', title: 'Terrace' } }] },
    },
  });
  await phone().getByRole('button', { name: 'Terrace', exact: true }).click();
  await phone().getByText('Terrace', { exact: true }).last().waitFor();
  await phone().getByRole('button', { name: 'Answer or react: Terrace or inside?' }).click();
  await page.getByRole('menuitem', { name: 'React with 👍' }).click();
  await phone().getByRole('img', { name: 'Reactions: 👍' }).waitFor();
  await page.locator('aside input[type=file]').setInputFiles({
    name: 'menu.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('The menu.'),
  });
  await phone().getByText('menu.txt').waitFor();
  await scenario.settle();
  const { data } = await api('GET', 'messages?direction=inbound');
  const types = data.map(({ type }: { type: string }) => type);
  expect(types.slice(0, 4).sort()).toEqual(['document', 'interactive', 'reaction', 'text']);
  await shoot('phone');
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('a number that fails on purpose begins a conversation, which shows the reason', async () => {
  await page.getByRole('button', { name: /0113/ }).click();
  await page.waitForURL(url => url.search.includes('side=phone'));
  const api = await apiOf(page);
  await expect.poll(async () => (await api('GET', 'messages?status=failed')).data[0]?.error?.code).toBe('131047');
});

test('demo data comes with one click, and goes after a question that counts it', async () => {
  await visitor.goto('/welcome?step=3');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('button', { name: 'Fill with demo data' }).click();
  await page.waitForURL('**/inbox');
  await page.getByText('Lucía Fernández').first().waitFor();
  await shoot('demo');
  await visitor.goto('/accounts');
  const api = await apiOf(page);
  const account_id: string = (await api('GET', 'demo')).account_id;
  await scenario.settle();
  // Somebody of one's own writes to it, from a simulated phone.
  await api('POST', 'contacts', { name: 'Zoe Adams', phone: '+351912000555' });
  await api('POST', `accounts/${account_id}/phones/+351912000555/messages`, { type: 'text', text: { body: 'Hello' } });
  await expect.poll(async () => (await api('GET', 'demo')).others_total).toBe(1);
  await page.getByRole('button', { name: 'Remove the demo data' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove the demo data?' });
  await dialog.getByText('Zoe Adams').waitFor();
  const { people } = await api('GET', 'demo');
  // The answers of the demo are still coming in.
  await dialog.getByText(new RegExp(`${people} made-up people with \\d+ messages are erased`)).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await shoot('remove-demo');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  expect((await api('GET', 'demo')).account_id).toBe(account_id);
  // The same from the person's menu, and from anywhere by keyboard.
  await page.getByRole('button', { name: 'your menu' }).click();
  await page.getByRole('menuitem', { name: 'Remove the demo data' }).click();
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('demo');
  await page.getByRole('option', { name: 'Remove the demo data' }).click();
  await dialog.getByRole('button', { name: 'Remove it all' }).click();
  await page.getByText('The demo data is gone.').first().waitFor({ timeout: 100_000 });
  expect((await api('GET', 'demo')).account_id).toBeNull();
  expect((await api('GET', 'contacts?search=Zoe')).data).toMatchObject([{ name: 'Zoe Adams' }]);
  await page.getByRole('button', { name: 'your menu' }).click();
  await page.getByRole('menuitem', { name: 'Fill with demo data' }).waitFor();
  await page.keyboard.press('Escape');
}, 180_000);

test('small, dark, and in Arabic: nothing to complain about', async () => {
  for (const look of [
    { theme: 'dark', width: 360 },
    { width: 360, language: 'ar' },
  ] as const) {
    const other = await visit(scenario, look);
    await logIn(other, person.email, person.password);
    for (const path of ['/welcome', '/welcome?step=3', '/welcome?step=4']) {
      await other.goto(path);
      await settled(other.page);
      await shoot(`${path.replace(/\W/g, '')}-${'language' in look ? 'ar' : 'dark'}`, other.page);
      expect([path, await accessibilityProblems(other.page)]).toEqual([path, []]);
    }
    expect(other.mistakes).toEqual([]);
    await other.close();
  }
  expect(visitor.mistakes).toEqual([]);
});

/** Calls the API with the session of the page. */
async function apiOf(of: Page) {
  const token = await of.evaluate<string>("localStorage.getItem('recado.csrf')");
  return async (method: string, path: string, body?: object) => {
    const answer = await of.request.fetch(`${addressOf(scenario)}/api/v1/${path}`, {
      method,
      headers: { 'x-csrf-token': token },
      ...(body && { data: body }),
    });
    return answer.json();
  };
}
