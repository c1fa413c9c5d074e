// The overview, and the wall view that a team hangs up.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, looks, settled, type Visitor, visit } from './browser.ts';

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
