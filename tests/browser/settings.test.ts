// Settings in a browser: people and API keys.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join, newEmail } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { closeBrowser, logIn, said, type Visitor, visit } from './browser.ts';

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

test('invites a person, changes their role and accounts, and removes them', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/people');
  const email = newEmail('ines');
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill('not an address');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  await dialog.getByText('Must be an e-mail address.').waitFor();
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const link = await dialog.getByLabel('Link').textContent();
  expect(link).toContain('/invitation#token=');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByText(email).waitFor();
  await page.getByRole('button', { name: 'Revoke' }).click();
  await expect.poll(() => page.getByRole('heading', { name: 'Invitations' }).count()).toBe(0);

  const kwame = await join(scenario, 'agent');
  await visitor.goto('/settings/people');
  await page.getByLabel('Role of agent').selectOption('viewer');
  await said(page, 'agent is now Viewer.');
  await page.getByRole('button', { name: 'Actions for agent' }).click();
  await page.getByRole('menuitem', { name: 'Change the accounts' }).click();
  await page.getByRole('dialog').getByLabel('Only these').check();
  await page.getByRole('dialog').getByLabel('Sandbox').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect((await scenario.api('GET', `/api/v1/people/${kwame.id}`)).body).toMatchObject({
    role: 'viewer',
    account_ids: [scenario.account.id],
  });
  await page.getByRole('button', { name: 'Actions for agent' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await said(page, 'agent is removed.');
  expect((await scenario.api('GET', `/api/v1/people/${kwame.id}`)).status).toBe(404);
  expect(visitor.mistakes).toEqual([]);
});

test('makes a key that works, shows it once, renames and revokes it', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/keys');
  await page.getByText('No API keys yet').waitFor();
  await page.getByRole('button', { name: 'New API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Shop');
  await dialog.getByLabel('read accounts').check();
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await page.getByText('The key for “Shop” is made.').waitFor();
  const key = (await page.getByLabel('Key', { exact: true }).textContent()) ?? '';
  expect((await scenario.as(key)('GET', '/api/v1/accounts')).status).toBe(200);
  expect((await scenario.as(key)('GET', '/api/v1/contacts')).status).toBe(403);
  await page.reload();
  await page.getByText('Shop').waitFor();
  expect(await page.content()).not.toContain(key);

  await page.getByRole('button', { name: 'Actions for Shop' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('<img src=x onerror=alert(1)>');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await page.getByText('<img src=x onerror=alert(1)>').waitFor();
  await page.getByRole('button', { name: 'Actions for <img' }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('revoked', { exact: true }).waitFor();
  expect((await scenario.as(key)('GET', '/api/v1/accounts')).status).toBe(401);
  expect(visitor.mistakes).toEqual([]);
});
