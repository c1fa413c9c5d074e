// The overview, and the wall view that a team hangs up.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, settled, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { name: 'Farol Online' });
  for (let n = 0; n < 3; n++) await scenario.send();
  await scenario.settle();
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

/** A screen that shows a wall view, on a clock that the test moves. */
async function hangUp(look = {}): Promise<Visitor & { id: string; token: string }> {
  const { body } = await scenario.api('POST', '/api/v1/wall-views', { name: 'Shop floor' });
  const screen = await visit(scenario, look);
  await screen.page.clock.install();
  await screen.goto(`/wall#token=${body.token}`);
  await settled(screen.page);
  return { ...screen, id: body.id, token: body.token };
}

test.each(looks)(
  'a screen shows the figures of today without a login: axe finds nothing in $theme, $width px',
  async look => {
    const { page, mistakes, close } = await hangUp(look);
    await expect.poll(() => page.locator('[data-stage=sent] .n').textContent()).not.toBe('0');
    expect(await page.locator('[data-tone]').count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(mistakes).toEqual([]);
    await close();
  },
);

test('it says from when its figures are, goes on by itself, and shows nothing once its link is revoked', async () => {
  const { page, id, close } = await hangUp();
  await page.getByText('live', { exact: true }).waitFor();
  await page.route('**/wall-views/show', route => route.abort());
  await page.clock.runFor(60_000);
  await page
    .getByRole('alert')
    .getByText(/^These numbers are from/)
    .waitFor();
  await page.getByText('not live').waitFor();
  await page.unroute('**/wall-views/show');
  await scenario.send();
  await scenario.settle();
  await page.clock.runFor(6_000);
  await page.getByText('live', { exact: true }).waitFor();
  await scenario.api('DELETE', `/api/v1/wall-views/${id}`);
  await page.clock.runFor(6_000);
  await page.getByRole('heading', { name: 'This link shows nothing any more' }).waitFor();
  await close();
});

const metric = (page: Page, name: string) =>
  page.getByRole('group', { name: 'Figures' }).getByRole('button', { name: new RegExp(`^${name}`) });

describe('the overview', () => {
  let visitor: Visitor;
  beforeAll(async () => {
    scenario.simulator.setFault(() => 'window-closed');
    for (let n = 0; n < 2; n++) await scenario.send();
    await scenario.settle();
    scenario.simulator.setFault(null);
    visitor = await visit(scenario);
    await logIn(visitor);
  });
  afterAll(() => visitor.close());

  test('its figures are those of the messages, and the address keeps what is shown', async () => {
    const { page } = visitor;
    // Keys work once the page is there.
    await settled(page);
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.waitForURL('**/overview');
    await metric(page, 'Failed').click();
    await page.waitForURL('**/overview?metric=failed');
    await page.getByRole('button', { name: '7 days' }).click();
    await page.waitForURL('**/overview?*period=week*');
    await page.reload();
    await settled(page);
    expect(await metric(page, 'Failed').getAttribute('aria-pressed')).toBe('true');
    const { body } = await scenario.api('GET', '/api/v1/statistics');
    await expect.poll(() => metric(page, 'Sent').textContent()).toContain(`Sent${body.total.sent}`);
    await page.getByRole('heading', { name: 'Why 2 failed, and who must act' }).waitFor();
    await page.getByRole('link', { name: '24-hour window closed' }).click();
    await page.waitForURL('**/queue?*131047*');
    await page.goBack();
    expect(visitor.mistakes).toEqual([]);
  });

  test('what messages cost is shown once a rate card is in use', async () => {
    const { page } = visitor;
    await visitor.goto('/overview');
    await page.getByRole('heading', { name: 'No rate card yet' }).waitFor();
    const text = 'Market,Currency,Marketing,Utility,Authentication,Service\nBrazil,USD,0.0625,0.0068,0.0068,0.0068\n';
    const card = { file_name: 'sample.csv', text, valid_from: '2020-01-01' };
    const { body } = await scenario.api('POST', '/api/v1/cost/cards', card);
    await scenario.api('POST', `/api/v1/cost/cards/${body.id}/use`, {});
    await page.reload();
    await page.getByRole('heading', { name: /^Cost, / }).waitFor();
    await page.getByText(/^until today/).waitFor();
    await page.getByRole('slider', { name: /^Cost, / }).focus();
    expect(visitor.mistakes).toEqual([]);
  });

  test('a chart is read by arrows, as a table and as a file', async () => {
    const { page } = visitor;
    await visitor.goto('/overview');
    await settled(page);
    const line = page.getByRole('slider', { name: /^Sent by hour, against last/ });
    await line.focus();
    await page.keyboard.press('Home');
    expect(await line.getAttribute('aria-valuenow')).toBe('0');
    const first = await line.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => line.getAttribute('aria-valuenow')).toBe('1');
    expect(await line.getAttribute('aria-valuetext')).not.toBe(first);
    const card = page.getByRole('region', { name: 'Figures' });
    await card.getByRole('button', { name: 'View as table' }).click();
    await expect.poll(() => card.getByRole('row').count()).toBe(25);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      card.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('sent-hour.csv');
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect([lines.length, lines[0]]).toEqual([25, expect.stringMatching(/^"Hour","Sent","last \w+"$/)]);
  });

  test('days are chosen by their dates, and wrong ones are said', async () => {
    const { page } = visitor;
    await page.getByRole('button', { name: 'Custom' }).click();
    const dialog = page.getByRole('dialog', { name: 'Which days?' });
    const [from, until] = [27, 20].map(ago => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10));
    await dialog.getByLabel('From').fill(`${until}`);
    await dialog.getByLabel('Until').fill(`${from}`);
    await dialog.getByRole('button', { name: 'Show' }).click();
    await dialog.getByText('Must not be before the first day.').waitFor();
    await dialog.getByLabel('From').fill(`${from}`);
    await dialog.getByLabel('Until').fill(`${until}`);
    await dialog.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(`**/overview?*from=${from}&until=${until}*`);
    await page
      .getByText(/^Sent by day, against the period before/)
      .first()
      .waitFor();
    await page.getByText('Nothing failed in this time.').waitFor();
  });

  test('what cannot be read says why, and comes once it can', async () => {
    const { page } = visitor;
    await page.route('**/api/v1/statistics?*group_by=account*', route => route.fulfill({ status: 503, json: {} }));
    await visitor.goto('/overview');
    const card = page.getByRole('region', { name: 'Accounts' });
    await card.getByRole('heading', { name: 'The figures cannot be shown' }).waitFor();
    await page.unroute('**/api/v1/statistics?*group_by=account*');
    await card.getByRole('button', { name: 'Try again' }).click();
    await card.getByRole('link', { name: 'Farol Online' }).waitFor();
  });

  test('a link for a screen is made, shown once and revoked', async () => {
    const { page } = visitor;
    await page.getByRole('button', { name: 'For the wall' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    await page.getByLabel('Where does the screen hang?').fill('Shop floor 2');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const url = await page.getByRole('dialog').getByLabel('Link').textContent();
    expect(url).toContain('/wall#token=');
    const screen = await visit(scenario);
    await screen.goto(`/wall#${url?.split('#')[1]}`);
    await screen.page.getByText('live', { exact: true }).waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'Shop floor 2' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    expect(await accessibilityProblems(page)).toEqual([]);
    await row.getByRole('button', { name: 'Revoke: it goes dark' }).click();
    await row.waitFor({ state: 'detached' });
    await screen.page.reload();
    await screen.page.getByRole('heading', { name: 'This link shows nothing any more' }).waitFor();
    await screen.close();
  });
});
