// Your account: the second factor with its recovery codes, the password, and where you are logged in.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf } from '../setup/authenticator.ts';
import { goodPassword, join, type Somebody } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, said, settled, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let somebody: Somebody;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario();
  somebody = await join(scenario, 'viewer');
  visitor = await visit(scenario);
  await logIn(visitor, somebody.email, goodPassword);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

test('a second factor is set up with a picture or a secret, and its recovery codes are shown once', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'your menu' }).click();
  await page.getByRole('menuitem', { name: 'Your account' }).click();
  await page.getByRole('heading', { name: 'Where you are logged in' }).waitFor();
  await settled(page);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('dialog').getByLabel('Password').fill('not my password');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('The current password is wrong.').waitFor();
  await page.getByRole('dialog').getByLabel('Password').fill(goodPassword);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  const secret = (await page.getByLabel('Secret').textContent())?.replaceAll(' ', '') ?? '';
  await page.getByRole('textbox', { name: 'Code' }).fill('000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('The code is wrong, or was used.').waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret, scenario.clock.now()));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('They are shown now and never again.').waitFor();
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts();
  expect(codes).toHaveLength(10);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  const saved = await readFile(await file.path(), 'utf8');
  for (const code of codes) expect(saved).toContain(code);
  await page.getByRole('button', { name: 'I have saved them' }).click();
  await page.getByText('10 codes are left.').waitFor();

  await page.getByRole('button', { name: 'New recovery codes' }).click();
  await page.getByRole('dialog').getByLabel('Password').fill(goodPassword);
  await page.getByRole('textbox', { name: 'Code' }).fill(codes[0] ?? '');
  await page.getByRole('dialog').getByRole('button', { name: 'New recovery codes' }).click();
  const renewed = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await renewed.first().waitFor();
  const [fresh = ''] = await renewed.allInnerTexts();
  expect(codes).not.toContain(fresh);
  await page.getByRole('button', { name: 'I have saved them' }).click();

  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByLabel('Password').fill(goodPassword);
  await page.getByRole('textbox', { name: 'Code' }).fill(fresh);
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await said(page, 'The second factor is removed.');
  await page.getByRole('button', { name: 'Set up' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('sessions are listed and ended, and a new password ends the others', async () => {
  const { page } = visitor;
  const other = await visit(scenario);
  await logIn(other, somebody.email, goodPassword);
  await visitor.goto('/settings/you');
  const rows = page.getByRole('row').filter({ hasText: 'Chrome on Linux' });
  await expect.poll(() => rows.count()).toBe(2);
  await rows.filter({ hasNotText: 'This one' }).getByRole('button', { name: 'End' }).click();
  await said(page, 'The session has ended.');
  await other.page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  await logIn(other, somebody.email, goodPassword);

  const password = 'green kettle on the roof';
  await page.getByLabel('Current password').fill(password);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The current password is wrong.').waitFor();
  await page.getByLabel('Current password').fill(goodPassword);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await said(page, 'Your password is changed. Your other sessions have ended.');
  await other.page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
  await expect.poll(() => rows.count()).toBe(1);
  await logIn(other, somebody.email, password);
  expect([...visitor.mistakes, ...other.mistakes]).toEqual([]);
  await other.close();
});
