// What messages cost, in a browser: a rate card is imported and used, caps and surcharges are set.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, createAtMeta, startWithCallback } from '../setup/meta.ts';
import type { Scenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, said, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startWithCallback();
  await connect(scenario, await createAtMeta(scenario), { name: 'Farol Lisboa' });
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const card = (marketing: string) =>
  `A sample, not a card of WhatsApp\nMarket,Currency,Marketing,Utility,Authentication,Service\nBrazil,USD,${marketing},0.0068,0.0068,0.0068\nMexico,USD,0.0305,n/a,0.0085,n/a\n`;
const importFile = async (name: string, text: string) => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Import a rate card' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel('CSV file')
    .setInputFiles({ name: `${name}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await dialog.getByLabel('Counts from').fill('2026-01-01');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Compare' }).click();
};

test('a rate card is imported, compared and used; one that jumps asks; a bad file says which row', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/cost');
  await page.getByText('No rate card yet').waitFor();
  await importFile('First', card('0.0625'));
  await said(page, 'The file is read. Compare it below.');
  await page.getByRole('button', { name: /^Use from/ }).click();
  await said(page, '“First” is in use.');
  await page.getByText('In use', { exact: true }).waitFor();
  await importFile('Second', card('0.2'));
  await page.getByText(/Brazil, Marketing goes from \$0\.0625 to \$0\.20/).waitFor();
  const use = page.getByRole('button', { name: /^Use from/ });
  expect(await use.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'It is right' }).click();
  expect(await accessibilityProblems(page)).toEqual([]);
  await use.click();
  await said(page, '“Second” is in use.');
  await importFile('Bad', 'Market,Currency,Marketing\nBrazil,USD,free\n');
  await page
    .getByRole('dialog')
    .getByText(/Row 2 has/)
    .waitFor();
  await page.keyboard.press('Escape');
});

test('caps and surcharges are saved, and the gauge shows the month', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/cost');
  await page.getByLabel('A month, the workspace').fill('2500');
  await page.getByLabel('A campaign, if it names none').fill('300');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await said(page, 'Saved.');
  await page.getByRole('meter', { name: 'The workspace, this month' }).waitFor();
  await page.getByLabel('Farol Lisboa, Of the rate').fill('8');
  await page.getByRole('button', { name: 'Save' }).last().click();
  await expect
    .poll(async () => (await scenario.api('GET', '/api/v1/cost/settings')).body)
    .toMatchObject({ cap: '2500', campaign_cap: '300', accounts: [{ surcharge_percent: '8', cap: null }] });
  expect(visitor.mistakes).toEqual([]);
});
