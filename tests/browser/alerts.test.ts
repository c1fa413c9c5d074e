// Alerts in a browser: what fires, taking and muting it, a rule, and the channels in the settings.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, said, type Visitor, visit } from './browser.ts';

const minute = 60_000;
let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', env: { WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' } });
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const quality = async (value: string) => {
  await scenario.sql('update account set quality = $2 where id = $1', [toUuid(scenario.account.id), value]);
  await scenario.advance(minute);
};
const noProblems = async () => expect(await accessibilityProblems(visitor.page)).toEqual([]);

test('shows what fires as it happens; somebody takes it and mutes it, and it becomes history', async () => {
  const { page } = visitor;
  await visitor.goto('/alerts');
  await page.getByText('Nothing fires').waitFor();
  await page.getByRole('link', { name: 'More than 5% fail in an hour' }).waitFor();
  await noProblems();
  await quality('RED');
  await page.getByText('WhatsApp warns of Sandbox').waitFor();
  await page.getByRole('heading', { name: '1 firing' }).waitFor();
  // Everywhere in the app: a number in the navigation, and a word in the title of the tab.
  await page.getByRole('link', { name: 'Alerts 1 alert that nobody took' }).waitFor();
  expect(await page.title()).toMatch(/^Alert · /);
  await noProblems();
  await page.getByRole('button', { name: 'Take', exact: true }).click();
  await page.getByRole('dialog').getByLabel('What you do about it').fill('wrote to Meta');
  await page.getByRole('dialog').getByRole('button', { name: 'Take' }).click();
  await page.getByText('“wrote to Meta”').waitFor();
  await expect.poll(() => page.title()).not.toMatch(/^Alert · /);
  await page.getByRole('button', { name: 'Mute all for 1 h' }).click();
  await page.getByRole('heading', { name: '1 muted' }).waitFor();
  await quality('GREEN');
  await page.getByText('Nothing fires').waitFor();
  await page.getByRole('region', { name: 'History' }).getByText('WhatsApp warns of Sandbox').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('a rule is changed on its page, switched in the list, and made anew', async () => {
  const { page } = visitor;
  await visitor.goto('/alerts');
  await page.getByRole('link', { name: 'More than 5% fail in an hour' }).click();
  await page.getByLabel('Fires above').fill('3');
  await page.getByLabel('Clears below').fill('2');
  await page.getByRole('button', { name: 'Critical' }).click();
  await page.getByLabel('What to do').fill('Ask Bruno.');
  await noProblems();
  await page.getByRole('button', { name: 'Save' }).click();
  await said(page, 'Saved');
  const [changed] = (await scenario.api('GET', '/api/v1/alert-rules')).body.data.filter(
    ({ signal }: { signal: string }) => signal === 'failed_share',
  );
  expect(changed).toMatchObject({ fire_above: 3, clear_below: 2, severity: 'critical', note: 'Ask Bruno.' });
  await page.getByRole('link', { name: 'Alerts' }).first().click();
  await page.getByRole('checkbox', { name: 'More than 3% fail in an hour' }).click();
  await page
    .getByRole('row', { name: /More than 3% fail/ })
    .getByText('Off')
    .waitFor();
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByRole('dialog').getByLabel('What is watched').selectOption('Disk');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'The disk is over 90% full' }).waitFor();
  await page.getByRole('button', { name: 'Delete the rule' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the rule' }).click();
  await page.getByRole('heading', { name: 'Alerts' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('channels, what goes where, quiet hours and the call of each minute', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/notifications');
  await page.getByText('No mail server is set (SMTP_URL)').waitFor();
  await page.getByRole('button', { name: 'New channel' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Channel').selectOption('webhook');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Ops');
  await dialog.getByLabel('Address').fill('http://127.0.0.1:9/hook');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText(/^whsec_/).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('cell', { name: 'Ops', exact: true }).waitFor();
  await page.getByLabel('Notice by Ops').click();
  await expect
    .poll(async () => (await scenario.api('GET', '/api/v1/alert-channels')).body.data.at(-1).tells)
    .toContain('notice');
  await expect.poll(() => page.getByLabel('Notice by Ops').isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Test Ops' }).click();
  await page.getByRole('region', { name: 'Recent deliveries' }).getByText('A test of Recado').waitFor();
  await page.getByLabel('From').fill('23:00');
  await page.locator('form', { hasText: 'Your quiet hours' }).getByRole('button', { name: 'Save' }).click();
  await said(page, 'Saved');
  await page
    .locator('form', { hasText: 'If Recado itself stops' })
    .getByLabel('Address')
    .fill('http://127.0.0.1:9/ping');
  await page.locator('form', { hasText: 'If Recado itself stops' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('127.0.0.1:9', { exact: true }).first().waitFor();
  await noProblems();
  expect(visitor.mistakes).toEqual([]);
});
