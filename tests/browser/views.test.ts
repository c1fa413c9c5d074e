// Views of the inbox in a browser: for who works alone, for a team, saved ones, and orders; all of them in the address.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, type Visitor, visit } from './browser.ts';
import { people } from './inbox-world.ts';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario({ window: true });
  const world = people(scenario);
  for (const [number, name] of [
    ['33613000001', 'Ana Souza'],
    ['33613000002', 'Bruno'],
    ['33613000003', 'Carla'],
  ] as const) {
    await world.write(number, 'Is my order ready?', name);
    await scenario.settle();
  }
  // Ana waits for long, and her window closes soon.
  await scenario.sql(
    `update conversation v set waiting_since = now() - interval '40 minutes', last_received_at = now() - interval '23 hours'
      from contact c where c.id = v.contact_id and c.name = 'Ana Souza'`,
  );
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const namesIn = (page: Page) => page.locator('[role="listitem"] .conv > span:nth-child(2) > bdi').allTextContents();
const openViews = async (page: Page) => {
  await page.getByTitle('Views').click();
  await page.getByRole('menu').waitFor();
};

test('who works alone has the chips, and all views behind the title', async () => {
  const { page } = visitor;
  await visitor.goto('/inbox');
  await page.getByRole('button', { name: 'Unread', exact: false }).first().waitFor();
  expect(await page.getByRole('navigation', { name: 'Views' }).count()).toBe(0);
  await openViews(page);
  expect(await page.getByRole('menuitem', { name: /^Mine/ }).count()).toBe(0);
  await page.getByRole('menuitem', { name: /^Window closes within 2 hours/ }).click();
  await page.waitForURL(/closes=120/);
  await page.getByRole('heading', { name: /^Closes in 2 h/ }).waitFor();
  await expect.poll(() => namesIn(page)).toEqual(['Ana Souza']);
});

test('a team has six views, an order, and saves a filter under a name', async () => {
  await join(scenario, 'agent');
  const { page } = visitor;
  await visitor.goto('/inbox');
  const views = page.getByRole('navigation', { name: 'Views' });
  await views.getByRole('link', { name: /^Waiting\s*3/ }).click();
  await page.waitForURL(/unanswered=0/);
  await page.getByText('Longest wait first').first().waitFor();
  await expect.poll(() => namesIn(page)).toEqual(['Ana Souza', 'Bruno', 'Carla']);
  await page.getByRole('button', { name: 'Sort' }).click();
  await page.getByRole('menuitemradio', { name: 'Newest first' }).click();
  await expect.poll(() => namesIn(page)).toEqual(['Carla', 'Bruno', 'Ana Souza']);
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('menuitemradio', { name: 'At least 30 min' }).click();
  await expect.poll(() => namesIn(page)).toEqual(['Ana Souza']);
  await page.getByRole('button', { name: 'Filters: At least 30 min' }).waitFor();
  await openViews(page);
  await page.getByRole('menuitem', { name: 'Save this filter as a view' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Too long');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: /^Too long/ }).waitFor();
  // Who comes by the title finds the same list.
  await visitor.goto('/inbox');
  await openViews(page);
  await page.getByRole('menuitem', { name: /^Too long\s*1/ }).press('Enter');
  await page.waitForURL(/unanswered=30/);
  await expect.poll(() => namesIn(page)).toEqual(['Ana Souza']);
  await openViews(page);
  await page.getByRole('menuitem', { name: 'Change this view' }).click();
  await page.getByRole('button', { name: 'Delete the view' }).click();
  await page.getByRole('button', { name: 'Yes, delete it' }).click();
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  expect((await scenario.api('GET', '/api/v1/saved-views')).body.data).toEqual([]);
  expect(visitor.mistakes).toEqual([]);
});

test('axe has nothing to say of it, in each look', async () => {
  for (const look of looks) {
    // By the names of its parts, which are English here.
    const other = await visit(scenario, { ...look, language: 'en' });
    await logIn(other);
    await other.goto('/inbox');
    await other.page.getByRole('navigation', { name: 'Views' }).waitFor();
    expect(await accessibilityProblems(other.page)).toEqual([]);
    await openViews(other.page);
    // A menu stands beside the landmarks of the page.
    const problems = (await accessibilityProblems(other.page)).filter(problem => !problem.startsWith('region:'));
    expect(problems).toEqual([]);
    if (process.env.SHOTS)
      await other.page.screenshot({ path: `${process.env.SHOTS}/views-${look.theme}-${look.width ?? 0}.png` });
    expect(other.mistakes).toEqual([]);
    await other.close();
  }
});
