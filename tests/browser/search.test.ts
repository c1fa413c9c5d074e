// Search in a browser: turned on in the settings, words in all conversations with operators, and in one conversation.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, type Visitor, visit } from './browser.ts';
import { people } from './inbox-world.ts';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario();
  const { write } = people(scenario);
  await write('33613000001', 'One of the books has a torn cover.', 'Ana Souza');
  await write('33613000001', 'It was torn in the post.', 'Ana Souza');
  await write('33613000002', 'Is the shop open on Sunday?', 'Bruno');
  await scenario.settle();
  visitor = await visit(scenario, { width: 1100 });
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

test('words are found once the index is on, and operators narrow them down', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/workspace');
  await page.getByRole('checkbox', { name: 'Search in the text of messages' }).click();
  const ready = async () => (await scenario.api('GET', '/api/v1/workspace/search')).body.ready;
  await expect.poll(ready, { timeout: 30_000 }).toBe(true);
  await visitor.goto('/inbox');
  await page.getByRole('searchbox', { name: 'Search people and messages' }).fill('torn');
  const messages = page.getByRole('region', { name: 'Messages', exact: true });
  await messages.getByRole('link').nth(1).waitFor();
  expect(await messages.locator('mark').allTextContents()).toEqual(['torn', 'torn']);
  await page.getByRole('button', { name: 'from:me' }).click();
  await page.getByText('Nothing fits').waitFor();
  await page.getByRole('button', { name: 'from:me', pressed: true }).click();
  await messages.getByRole('link').nth(1).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('a hit opens where it was written, and the search goes on in that conversation', async () => {
  const { page } = visitor;
  await page.getByRole('region', { name: 'Messages', exact: true }).getByRole('link').nth(1).click();
  const field = page.getByRole('searchbox', { name: 'Search this conversation' });
  await page.getByText('2 of 2').waitFor();
  expect(await field.inputValue()).toBe('torn');
  await field.press('Shift+Enter');
  await page.getByText('1 of 2').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await field.press('Escape');
  await field.waitFor({ state: 'detached' });
});

test('a note is found too, and the thread goes to it', async () => {
  const { page } = visitor;
  const [ana] = (await scenario.api('GET', '/api/v1/conversations?search=Ana')).body.data;
  const note = await scenario.api('POST', `/api/v1/conversations/${ana.id}/notes`, { body: 'She gets the torn one.' });
  expect(note.status).toBe(201);
  const found = async () => (await scenario.api('GET', '/api/v1/messages/search?q=torn')).body.page.total;
  await expect.poll(found, { timeout: 30_000 }).toBe(3);
  await visitor.goto('/inbox?q=torn');
  await page.getByRole('region', { name: 'Messages', exact: true }).getByRole('link').first().click();
  await page.waitForURL(new RegExp(`note=${note.body.id}`));
  await page.getByText('1 of 3').waitFor();
  await page.locator('.note-paper.is-chosen').getByText('She gets the torn one.').waitFor();
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/note-found.png` });
  await page.getByRole('searchbox', { name: 'Search this conversation' }).press('Enter');
  await page.getByText('2 of 3').waitFor();
  await page.waitForURL(/message=/);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(visitor.mistakes).toEqual([]);
});
