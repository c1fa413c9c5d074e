// How the app looks and reads: its font, WhatsApp's formatting, numbers, keys, and what stays when the server is away.
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join } from '../setup/people.ts';
import { owner, type Scenario, startScenario } from '../setup/scenario.ts';
import {
  accessibilityProblems,
  addressOf,
  closeBrowser,
  hold,
  logIn,
  said,
  settled,
  type Visitor,
  visit,
} from './browser.ts';
import { people } from './inbox-world.ts';

const ana = '33613000001';
const nameless = '5511955501101';
const nameOfNameless = '+55 11 95550-1101';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario();
  await people(scenario).write(ana, 'Is it ready?', 'Ana');
  await scenario.send(`+${nameless}`, '*Bold* and _it_, see https://a.example/x_y\n- one\n- `*raw*` <b>no</b>');
  await scenario.settle();
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const log = ({ page } = visitor) => page.getByRole('log', { name: /^Messages with/ });
const field = ({ page } = visitor) => page.getByRole('textbox', { name: /^Write to/ });

const openAna = async ({ page }: Visitor) =>
  page.getByRole('listitem').filter({ hasText: 'Ana' }).getByRole('link').press('Enter');

test('the app is drawn in its own font, which comes from this server', async () => {
  const { page } = visitor;
  const fonts: string[] = [];
  page.on('response', response => {
    if (response.url().endsWith('.woff2')) fonts.push(response.headers()['content-type'] ?? '');
  });
  await visitor.goto('/inbox');
  await settled(page);
  const faces = await page.evaluate<string[]>(
    `document.fonts.ready.then(fonts => [...fonts].filter(font => font.status === 'loaded').map(font => font.family))`,
  );
  expect(faces).toContain('Inter');
  expect(new Set(fonts)).toEqual(new Set(['font/woff2']));
  expect(visitor.mistakes).toEqual([]);
});

test('a text has WhatsApp’s formatting in the thread, and its words in the list', async () => {
  const { page } = visitor;
  const row = page.getByRole('listitem').filter({ hasText: nameOfNameless });
  await row.getByText('You: Bold and it, see https://a.example/x_y').waitFor();
  await row.getByRole('link').click();
  await page.getByRole('heading', { name: nameOfNameless }).first().waitFor();
  const bubble = log().getByRole('article').first();
  await bubble.locator('strong', { hasText: /^Bold$/ }).waitFor();
  await bubble.locator('em', { hasText: /^it$/ }).waitFor();
  expect(await bubble.getByRole('link').getAttribute('href')).toBe('https://a.example/x_y');
  expect(await bubble.getByRole('listitem').allInnerTexts()).toEqual(['one', '*raw* <b>no</b>']);
  expect(await bubble.locator('code').allInnerTexts()).toEqual(['*raw*']);
  await scenario.send(`+${nameless}`, '🎉');
  await log().getByText('🎉', { exact: true }).waitFor();
  const size = "parseFloat(getComputedStyle(document.querySelector('[role=log] .emoji-largest')).fontSize)";
  expect(await page.evaluate(size)).toBeGreaterThan(30);
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('the field follows the script, and Enter does what its hint says', async () => {
  const { page } = visitor;
  const hint = (words: string) => page.getByText(words).waitFor();
  await openAna(visitor);
  await field().fill('مرحبا');
  expect(await page.evaluate('getComputedStyle(document.activeElement).direction')).toBe('rtl');
  await field().fill('');
  await hint('Enter sends · Shift Enter for a new line');
  const more = page.getByRole('button', { name: 'Send later, and more' });
  await more.click();
  // Without a text the menu says why nothing can be sent later.
  await page.getByRole('menuitem', { name: 'Send later' }).getByText('Write something first.').waitFor();
  await page.getByRole('menuitem', { name: 'Enter sends' }).click();
  await hint('Ctrl Enter sends · Enter for a new line');
  await field().fill('one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  expect(await field().inputValue()).toBe('one\ntwo');
  await page.keyboard.press('Control+Enter');
  await log().getByText('one\ntwo').waitFor();
  await page.reload();
  await hint('Ctrl Enter sends · Enter for a new line');
  await more.click();
  await page.getByRole('menuitem', { name: 'Enter sends' }).click();
  await hint('Enter sends · Shift Enter for a new line');
});

test('a person who sees no whole numbers is told so in place of the phone, and is offered no test number', async () => {
  const leo = await join(scenario, 'agent');
  await scenario.api('PATCH', `/api/v1/people/${leo.id}`, { sees_numbers: false });
  const [{ id }] = (await scenario.api('GET', `/api/v1/conversations?account_id=${scenario.account.id}`)).body.data;
  const other = await visit(scenario);
  await logIn(other, leo.email, goodPassword);
  await other.goto(`/inbox/${id}?side=phone`);
  const pane = other.page.getByRole('complementary', { name: 'Phone' });
  await pane.getByText('You do not see whole numbers').waitFor();
  expect(await pane.locator('.phone').count()).toBe(0);
  expect(await pane.getByText('+').count()).toBe(0);
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test('the sheet shows every key, and an address without a page stays within the app', async () => {
  const { page } = visitor;
  await visitor.goto('/queue');
  await settled(page);
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  const meanings = sheet.getByRole('definition');
  for (const words of ['Next conversation', 'Mark as read', 'Reply', 'React', 'Show its details', 'Select up to here'])
    await sheet.getByText(words, { exact: true }).waitFor();
  expect(await meanings.count()).toBeGreaterThan(20);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.waitForURL('**/accounts');
  await visitor.goto('/nowhere');
  await page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Go to Inbox' }).click();
  await page.waitForURL('**/inbox');
});

test('what was said covers no button, however often', async () => {
  const { page } = visitor;
  await visitor.goto(`/accounts/${scenario.account.id}`);
  const say = async (button: string, sentence: string) => {
    await page.getByRole('button', { name: button }).first().click();
    await said(page, sentence);
  };
  await say('Pause', 'Sandbox is paused.');
  await say('Resume', 'Sandbox sends again.');
  await page.getByLabel('Messages', { exact: true }).fill('7');
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  // Playwright clicks only what nothing covers.
  await page.getByRole('button', { name: 'Save' }).click({ timeout: 3_000 });
  await said(page, 'Saved');
  expect(await page.getByText('Sandbox is paused.').count()).toBe(0);
});

test('what to do about a failed message is said in the person’s language, or marked as English', async () => {
  const { page } = visitor;
  const closed = await scenario.send('+12025550113');
  const other = await scenario.send('+12025550123');
  await scenario.settle();
  const speak = async (language: string) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(language);
    await page.getByRole('option', { name: language }).waitFor();
    await page.keyboard.press('Enter');
  };
  await visitor.goto(`/messages/${closed.id}`);
  await settled(page);
  await speak('Português');
  await page.getByText('Envie um modelo: a pessoa não escreveu nada em 24 horas.').waitFor();
  await visitor.goto(`/messages/${other.id}`);
  await page.locator('[lang=en]', { hasText: 'Meta had an error of its own' }).first().waitFor();
  await speak('English');
  await page.getByRole('heading', { name: /^Message to/ }).waitFor();
});

test('the list shows before the rest of the app is there, and no key is lost meanwhile', async () => {
  const other = await visit(scenario);
  await logIn(other);
  const { page } = other;
  const letTable = await hold(page, /\/assets\/phone-/);
  const letResults = await hold(page, /\/assets\/results-/);
  const letThread = await hold(page, /\/assets\/conversation-/);
  await other.goto('/inbox');
  await page
    .getByRole('listitem')
    .filter({ hasText: `+${nameless}` })
    .waitFor();
  letTable();
  await page.getByRole('listitem').filter({ hasText: nameOfNameless }).waitFor();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('que');
  expect(await page.getByRole('combobox').inputValue()).toBe('que');
  letResults();
  await page.getByRole('option', { name: 'Queue', exact: true }).waitFor();
  await page.keyboard.press('Escape');

  await other.goto('/inbox');
  await openAna(other);
  await page.waitForURL('**/inbox/*');
  await page.keyboard.type('jokes, ruled out?');
  letThread();
  await expect.poll(() => field(other).inputValue()).toBe('jokes, ruled out?');
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test('every page opens while the server is away, and goes on when it is back', async () => {
  const first = await scenario.node('api,worker');
  const port = new URL(addressOf({ ...scenario, recado: first })).port;
  const other = await visit({ ...scenario, recado: first });
  const { page } = other;
  await other.goto('/login');
  await page.getByRole('textbox').first().waitFor();
  // A page that cannot be loaded says so, and stays within the app.
  await page.route('**/assets/page-*.js', route => route.abort());
  await page.locator('input[name=email]').fill(owner.email);
  await page.locator('input[name=password]').fill(owner.password);
  await page.keyboard.press('Enter');
  await page.getByText('The server does not answer.').waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  await page.getByRole('button', { name: 'Try again' }).click();
  await openAna(other);
  await log(other).getByText('Is it ready?').waitFor();
  // The parts of the app are loaded while the browser rests.
  const parts = (await readdir(new URL('../../web/dist/assets', import.meta.url))).filter(name =>
    /^(page|conversation|side-pane|new-dialog|results|phone)-.*\.js$/.test(name),
  );
  const loaded = () =>
    page.evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1))`);
  await expect.poll(loaded, { timeout: 20_000 }).toEqual(expect.arrayContaining(parts));
  await first.close();
  for (const name of ['Queue', 'Accounts', 'Settings', 'Inbox']) {
    // A number may follow the name.
    const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: new RegExp(`^${name}\\b`) });
    await link.click();
    await page.getByRole('heading', { name, exact: true }).first().waitFor();
  }
  await openAna(other);
  await field(other).fill('While it was away');
  await page.keyboard.press('Enter');
  await page.getByText('Kept here. The server does not answer.').waitFor();
  await scenario.node('api,worker', { PORT: port });
  await page.getByText('Kept here.').waitFor({ state: 'detached', timeout: 40_000 });
  expect(await log(other).getByText('While it was away').count()).toBe(1);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Accounts', exact: true }).click();
  await page.getByText('Sandbox').first().waitFor();
  // The browser itself writes of a server that is away.
  expect(other.mistakes.filter(mistake => !mistake.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
  await other.close();
});
