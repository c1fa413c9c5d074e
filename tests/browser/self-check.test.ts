// The self-check in a browser: checks appear as they end, each with its state in words and the first step.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, type Visitor, visit } from './browser.ts';

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

test('is run from its page, and says what is well and what to do first', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/self-check');
  await page.getByText('Nobody has run the self-check yet.').waitFor();
  await page.getByRole('button', { name: 'Run the check' }).click();
  await page.getByText(/^Checked .* by Owner$/).waitFor();
  const list = page.getByRole('list', { name: 'Self-check' });
  expect(await list.getByRole('listitem').count()).toBe(13);
  const row = (name: string) => list.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });
  expect(await row('Database').getByRole('img', { name: 'All is well' }).count()).toBe(1);
  expect(await row('Backup').getByRole('img', { name: 'Needs attention' }).count()).toBe(1);
  await row('Backup').getByText('Set BACKUP_DIR, or run npx recado backup every night.').waitFor();
  expect(await row('Redis').getByRole('img', { name: 'Nothing to check' }).count()).toBe(1);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText(/^Checked .* by Owner$/).waitFor();
  expect(visitor.mistakes).toEqual([]);
});
