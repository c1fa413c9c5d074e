// The pages for developers in a browser: the request log and dead letters.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, settled, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
const { envelope, post } = metaPosts(() => scenario);
beforeAll(async () => {
  scenario = await startScenario();
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

test('the request log shows what a key asked and was answered, and filters', async () => {
  const { page } = visitor;
  const { body } = await scenario.api('POST', '/api/v1/keys', { name: 'Shop', scopes: ['contacts.read'] });
  await scenario.as(body.key)('GET', '/api/v1/contacts?search=%2B5511912345678', undefined, {
    'x-request-id': 'shop-7',
  });
  await scenario.as(body.key)('POST', '/api/v1/contacts', { name: 'Ana' }, { 'x-request-id': 'shop-8' });
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.getByRole('heading', { name: 'Developers' }).waitFor();
  await settled(page);
  const rows = page.getByRole('row').filter({ hasText: 'shop-' });
  await expect.poll(() => rows.count()).toBe(2);
  expect(await rows.first().textContent()).toMatch(/POST.*\/contacts.*forbidden.*403.*Shop/);
  expect(await page.content()).not.toContain('5511912345678');
  await page.getByRole('button', { name: 'Refused' }).click();
  await expect.poll(() => rows.count()).toBe(1);
  await rows.getByRole('link', { name: 'Shop' }).click();
  await page.getByRole('button', { name: 'Only Shop' }).click();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Request id' }).fill('shop-7');
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByRole('button', { name: 'Failed' }).click();
  await page.getByText('No request fits').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('a dead letter is looked at, tried again and discarded', async () => {
  const { page } = visitor;
  await post(envelope({ messages: [incoming('33600000700', 'wamid.bad', { timestamp: 'never' })] }));
  await visitor.goto('/developers/dead-letters');
  await page.getByText('An item has an unknown form').waitFor();
  await page.getByRole('button', { name: 'Actions for timestamp is not a time' }).click();
  await page.getByRole('menuitem', { name: 'Look at it' }).click();
  await page.getByRole('dialog').getByText('wamid.bad').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Actions for timestamp is not a time' }).click();
  await page.getByRole('menuitem', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await said(page, 'The dead letter is discarded.');
  await page.getByText('No dead letters').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test.each(looks)('is accessible and fits: $theme, $width px, $language', async look => {
  const other = await visit(scenario, look);
  const { page } = other;
  await logIn(other);
  await post(envelope({ messages: [incoming('33600000700', 'wamid.worse', { timestamp: 'never' })] }));
  for (const path of ['/developers/requests', '/developers/dead-letters']) {
    await other.goto(path);
    await page.locator('tbody tr').first().waitFor();
    await settled(page);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }
  expect(other.mistakes).toEqual([]);
  await other.close();
});
