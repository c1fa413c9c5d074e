// Hooks in a browser: made, called, tested, changed, given a new address and revoked.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { letterOf } from '../../server/features/hooks/letter.ts';
import { readCall } from '../../server/features/hooks/read-call.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, settled, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario();
  for (const [name, phone] of [
    ['Bruno Reis', '+351912000111'],
    ['Inês Duarte', '+351912000112'],
  ])
    await scenario.api('POST', '/api/v1/contacts', { name, phone });
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const call = (url: string, body: unknown) =>
  scenario.as(undefined)('POST', new URL(url).pathname, body, {
    ...(typeof body === 'string' && { 'content-type': 'text/plain' }),
  });

test('a hook is made, called, tested, changed, given a new address and revoked', async () => {
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  await visitor.goto('/developers/hooks');
  await page.getByText('No hooks yet').waitFor();
  await page.getByRole('button', { name: 'New hook' }).click();
  await dialog.getByLabel('Name').fill('Backup script');
  await dialog.getByRole('button', { name: 'Make the hook' }).click();
  await dialog.getByText('Choose whom it writes to.').waitFor();
  await dialog.getByRole('button', { name: 'Choose' }).click();
  await page.getByLabel('Bruno Reis').check();
  await page.getByLabel('Inês Duarte').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await dialog.getByLabel('Outside the 24-hour window').selectOption('appointment_reminder en_US');
  await dialog.getByLabel('{{2}}').selectOption('message');
  await dialog.getByRole('button', { name: 'Make the hook' }).click();
  const address = page.getByLabel('Address to paste there');
  const url = (await address.textContent()) ?? '';
  expect(url).toMatch(/\/hooks\/hk_[\w-]{43}$/);
  await page.getByRole('row').getByText('Bruno Reis and 1 other').waitFor();

  expect((await call(url, 'Backup failed\ndisk 3 is gone')).status).toBe(202);
  expect((await call(url, { a: 1 })).status).toBe(400);
  await page.getByRole('link', { name: 'Backup script' }).click();
  await page.getByRole('heading', { name: 'Backup script' }).waitFor();
  await page.getByText('note: Backup failed').waitFor();
  await page.getByText('The body is JSON, but not of').waitFor();

  await page.getByLabel('Group what comes within').fill('0');
  await page.getByRole('button', { name: 'Save' }).click();
  await said(page, 'The hook is saved.');
  await page.getByRole('button', { name: 'Send a test' }).click();
  await said(page, 'A test is on its way.');
  await page.getByText('joined into one message').or(page.getByText('2 messages, all read')).first().waitFor();

  const menu = page.getByRole('button', { name: 'Actions for Backup script' });
  await menu.click();
  await page.getByRole('menuitem', { name: 'New address' }).click();
  await dialog.getByRole('button', { name: 'New address' }).click();
  await expect.poll(() => address.textContent()).toMatch(/\/hooks\/hk_/);
  expect(await address.textContent()).not.toBe(url);
  expect((await call(url, 'former')).status).toBe(404);
  await menu.click();
  await page.getByRole('menuitem', { name: 'Revoke' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('No hooks yet').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('the preview shows what the server writes', async () => {
  const { page } = visitor;
  const { body: contacts } = await scenario.api('GET', '/api/v1/contacts?limit=1');
  const made = await scenario.api('POST', '/api/v1/hooks', {
    ...{ name: 'Grafana', account_id: scenario.account.id, contact_ids: [contacts.data[0].id] },
  });
  await visitor.goto(`/developers/hooks/${made.body.id}`);
  const labels = { alertname: 'DiskFull', instance: 'db-1', severity: 'critical' };
  for (const [view, status] of [
    ['Firing', 'firing'],
    ['Cleared', 'resolved'],
  ] as const) {
    await page.getByRole('button', { name: view }).click();
    const alerts = [{ status, labels, annotations: { summary: '4% left' } }];
    const body = Buffer.from(JSON.stringify({ orgId: 1, status, alerts }));
    const read = readCall({ contentType: 'application/json', body }, null, '');
    if ('why' in read) throw new Error(read.why);
    const row = {
      id: '',
      seq: 0,
      hook_id: '',
      at: new Date(),
      outcome: 'waiting' as const,
      error: null,
      group_id: null,
    };
    const { text } = letterOf([{ ...row, ...read, link: null, body: read.text, attempts: 1, told: [], messages: [] }]);
    expect(await page.getByRole('article').textContent()).toContain(text.replaceAll(/[*\n]/g, ''));
  }
});

test.each(looks)('axe finds nothing in $theme, $width px', async look => {
  const one = await visit(scenario, look);
  await logIn(one);
  const { body } = await scenario.api('GET', '/api/v1/hooks');
  for (const path of ['/developers/hooks', `/developers/hooks/${body.data[0].id}`]) {
    await one.goto(path);
    await settled(one.page);
    expect(await accessibilityProblems(one.page)).toEqual([]);
    expect(await one.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  }
  expect(one.mistakes).toEqual([]);
  await one.close();
});
