// Settings in a browser: people and API keys.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join, newEmail } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, said, type Visitor, visit } from './browser.ts';

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
  // Corrected, it is right before anything is sent.
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByText('Must be an e-mail address.').waitFor({ state: 'detached' });
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
  await page.getByRole('menuitem', { name: 'Change access' }).click();
  await page.getByRole('dialog').getByLabel('Only these').check();
  await page.getByRole('dialog').getByLabel('Sandbox').check();
  await page.getByRole('dialog').getByLabel('Sees phone numbers').uncheck();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect((await scenario.api('GET', `/api/v1/people/${kwame.id}`)).body).toMatchObject({
    role: 'viewer',
    account_ids: [scenario.account.id],
    sees_numbers: false,
  });
  await page.getByText('Numbers masked').waitFor();
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
  // A test key is the first choice, and presets tick the boxes.
  expect(await dialog.getByRole('radio', { name: 'Test key' }).isChecked()).toBe(true);
  await dialog.getByRole('button', { name: 'Read only' }).click();
  expect(await dialog.getByLabel('send messages').isChecked()).toBe(false);
  await dialog.getByRole('button', { name: 'Send only' }).click();
  expect(await dialog.getByLabel('send messages').isChecked()).toBe(true);
  await dialog.getByLabel('read accounts').check();
  // Without numbers it may do no more than an agent.
  await dialog.getByLabel('change webhook endpoints').check();
  await dialog.getByRole('checkbox', { name: 'Sees phone numbers' }).uncheck();
  await expect.poll(() => dialog.getByLabel('change webhook endpoints').count()).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await page.getByText('The key for “Shop” is made.').waitFor();
  await page.getByText('Numbers masked').waitFor();
  const key = (await page.getByLabel('Key', { exact: true }).textContent()) ?? '';
  expect((await scenario.as(key)('GET', '/api/v1/accounts')).status).toBe(200);
  expect((await scenario.as(key)('GET', '/api/v1/contacts')).status).toBe(403);
  // Its curl is there, and works from here as the key.
  expect(await page.locator('pre').first().textContent()).toContain(`Authorization: Bearer ${key}`);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Run it here' }).click();
  await page.getByText(/"id": "msg_/).waitFor();
  const [{ id }] = (await scenario.api('GET', '/api/v1/keys?limit=1')).body.data;
  expect((await scenario.api('GET', `/api/v1/messages?created_by=${id}`)).body.data).toHaveLength(1);
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

test('the audit log says who did what, filters, shows an entry, and is saved as a file', async () => {
  const { page } = visitor;
  const member = await join(scenario, 'viewer');
  await scenario.api('PATCH', `/api/v1/people/${member.id}`, { role: 'agent' });
  await visitor.goto('/settings/audit');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  await page.getByRole('searchbox', { name: 'On what: an id' }).fill(member.id);
  await page.getByRole('button', { name: `${member.id.slice(0, 8)}…${member.id.slice(-4)}` }).waitFor();
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.first().textContent()).toMatch(/person\.changed/);
  await page.getByRole('button', { name: 'person.changed' }).click();
  await page.getByRole('dialog').getByText('"role": "agent"').waitFor();
  await page.keyboard.press('Escape');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV, for a spreadsheet' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('audit.csv');
  await page.getByRole('combobox', { name: 'What' }).fill('api_key.');
  await page.getByRole('option', { name: 'api_key.' }).first().click();
  await page.getByText('No entry fits').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('a list says how long it is, shows all of it on demand, and choices have all of it', async () => {
  const { page } = visitor;
  const make = async (path: string, count: number, body: (n: number) => object) => {
    for (let n = 0; n < count; n += 10)
      await Promise.all(
        Array.from({ length: 10 }, async (_, m) => {
          const { status } = await scenario.api('POST', path, body(n + m));
          expect(status).toBe(201);
        }),
      );
  };
  await make('/api/v1/keys', 110, n => ({ name: `Many ${n}`, scopes: ['messages.read'] }));
  await make('/api/v1/accounts', 110, n => ({ name: `Shop ${n}`, channel: 'sandbox' }));
  const rows = page.getByRole('row').filter({ hasText: 'Many' });
  const { total } = (await scenario.api('GET', '/api/v1/keys?limit=1')).body.page;
  await visitor.goto('/settings/keys');
  await page.getByRole('link', { name: `API keys ${total}` }).waitFor();
  await page.getByText(`100 of ${total}`).waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => rows.count()).toBe(110);
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);

  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByRole('dialog').getByLabel('Only these').check();
  await expect
    .poll(() =>
      page
        .getByRole('dialog')
        .getByLabel(/^Shop \d+$/)
        .count(),
    )
    .toBe(110);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

  await visitor.goto('/accounts');
  await page.getByText('50 of 111').waitFor();
  const cards = page.getByRole('region', { name: /^(Shop \d+|Sandbox)$/ });
  await expect.poll(() => cards.count()).toBe(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => cards.count()).toBe(100);
  expect(visitor.mistakes).toEqual([]);
});

test('names the workspace, and enters a new one', async () => {
  const { page } = visitor;
  await visitor.goto('/workspaces');
  const { name } = (await scenario.api('GET', '/api/v1/workspace')).body;
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Farol Books');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('row', { name: 'Farol Books' }).waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByText('Farol Books').waitFor();
  await page.getByRole('button', { name: 'New workspace' }).click();
  await dialog.getByRole('button', { name: 'Create and enter' }).click();
  await dialog.getByText('Fill this in.').waitFor();
  await dialog.getByLabel('Name').fill('Second shop');
  await dialog.getByRole('button', { name: 'Create and enter' }).click();
  // A workspace without messages begins with the first run.
  await page.waitForURL('**/welcome');
  await visitor.goto('/workspaces');
  await page.getByRole('row', { name: 'Second shop' }).getByText('You are here').waitFor();
  await page.getByRole('row', { name: 'Farol Books' }).getByRole('button', { name: 'Enter' }).click();
  await page.waitForURL(({ pathname }) => pathname !== '/workspaces');
  expect(visitor.mistakes).toEqual([]);
});
