// Search in a browser: off, being filled and on, words in all conversations with operators, and in one conversation.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join } from '../setup/people.ts';
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

test('while the index is off, a search says so, and who can turn it on', async () => {
  expect((await scenario.api('PUT', '/api/v1/workspace/search', { enabled: false })).status).toBe(200);
  const leo = await join(scenario, 'agent');
  const agent = await visit(scenario, { theme: 'dark', width: 360 });
  await logIn(agent, leo.email, goodPassword);
  for (const { page, goto } of [agent, visitor]) {
    await goto('/inbox?q=is:open+torn');
    await page.getByText('Words in messages are not searched here.').waitFor();
    expect(await page.getByText('Nothing fits').count()).toBe(0);
    // Without operators it is a search for names.
    await goto('/inbox?q=torn');
    await page.getByText('Nobody with this name or number').waitFor();
    await page.getByText('Words in messages are not searched here.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  }
  await agent.page.getByText('An owner can turn it on in Settings, Workspace.').waitFor();
  expect(await agent.page.getByRole('button', { name: 'Turn it on' }).count()).toBe(0);
  await agent.close();
});

test('an index that is being filled is not called empty', async () => {
  const { page } = visitor;
  let isReady = false;
  await page.route('**/api/v1/workspace/search', async route => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), ...(!isReady && { ready: false }) } });
  });
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await page.getByText('Older messages are still being indexed.').waitFor();
  await page.getByRole('searchbox', { name: 'Search people and messages' }).fill('nowhere');
  await page.waitForURL(/q=nowhere/);
  await page.getByText('Older messages are still being indexed.').waitFor();
  expect(await page.getByText('Nothing fits').count()).toBe(0);
  expect((await scenario.api('GET', '/api/v1/workspace/search')).body).toMatchObject({ enabled: true });
  isReady = true;
  await page.getByText('Nothing fits').waitFor();
  await page.unrouteAll();
});

test('words are found once the index is on, and operators narrow them down', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/workspace');
  expect(await page.getByRole('checkbox', { name: 'Search in the text of messages' }).isChecked()).toBe(true);
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
