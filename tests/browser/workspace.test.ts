// Settings of the workspace in a browser: its name, what is kept, the test mail, and who is logged in.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../faults/processes.ts';
import { logIn as logInOver } from '../setup/people.ts';
import { owner, type Scenario, startScenario } from '../setup/scenario.ts';
import { type MailServer, startMailServer } from '../setup/smtp.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, settled, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  // Links in mails need a public address, and a page of another origin changes nothing.
  const port = String(await freePort());
  scenario = await startScenario({
    env: {
      SMTP_URL: mail.url,
      SMTP_FROM: 'recado@example.com',
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    },
  });
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
  await mail.close();
});

test('says what another retention would delete before it is saved', async () => {
  const { page } = visitor;
  for (const to of ['+33600000801', '+33600000802']) await scenario.send(to);
  await scenario.settle();
  await scenario.sql(`update message set created_at = created_at - interval '40 days'`);
  await visitor.goto('/settings/workspace');
  const days = page.getByLabel('Messages, with their files and events');
  await days.fill('none');
  await page.getByRole('button', { name: 'Leave it' }).click();
  await days.fill('30');
  await page.getByText('Would delete now: messages 2, files 0.').waitFor();
  expect((await scenario.api('GET', '/api/v1/workspace')).body.retention.messages_days).toBe(null);
  await page.getByRole('button', { name: 'Save' }).last().click();
  await said(page, 'Saved.');
  expect((await scenario.api('GET', '/api/v1/workspace')).body.retention.messages_days).toBe(30);
  await page.getByLabel('Name', { exact: true }).fill('Farol Books');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByRole('heading', { name: 'Farol Books' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('an owner says above how many people a campaign needs a second person', async () => {
  const { page } = visitor;
  const rule = async () => (await scenario.api('GET', '/api/v1/workspace/campaigns')).body.approval_above;
  await visitor.goto('/settings/workspace');
  const above = page.getByLabel('A second person must approve above');
  await above.fill('many');
  await above.press('Enter');
  await page.getByText('Give a whole number up to 1,000,000, or nothing.').waitFor();
  await above.fill('500');
  await above.press('Enter');
  await said(page, 'Saved.');
  expect(await rule()).toBe(500);
  await above.fill('');
  await above.press('Enter');
  await expect.poll(rule).toBe(null);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(visitor.mistakes).toEqual([]);
});

test('mails a test, and says what the mail server answered', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/workspace');
  await page.getByRole('button', { name: 'Send me a test mail' }).click();
  await page.getByText('The mail server took it.').waitFor();
  expect((await mail.next()).subject).toBe('Recado can send mail');
  mail.refuse(true);
  await page.getByRole('button', { name: 'Send me a test mail' }).click();
  await page.getByText('The server does not take mail for your address.').waitFor();
  await page.getByText(/^550 /).waitFor();
  mail.refuse(false);
  expect(visitor.mistakes).toEqual([]);
});

test('sessions are listed with their person, and end', async () => {
  const { page } = visitor;
  const other = await logInOver(scenario, owner.email, { password: owner.password });
  const api = scenario.as(other.body.access_token);
  const { name } = (await api('GET', '/api/v1/me')).body.person;
  await visitor.goto('/settings/sessions');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  const before = await rows.count();
  expect(before).toBeGreaterThan(1);
  await rows.filter({ hasText: 'node' }).getByRole('button').first().click();
  await said(page, `A session of ${name} is ended.`);
  await expect.poll(() => rows.count()).toBe(before - 1);
  expect((await api('GET', '/api/v1/me')).status).toBe(401);
  expect(visitor.mistakes).toEqual([]);
});

test.each(looks)('is accessible and fits: $theme, $width px, $language', async look => {
  const other = await visit(scenario, look);
  const { page } = other;
  await logIn(other);
  for (const path of ['workspace', 'sessions', 'audit']) {
    await other.goto(`/settings/${path}`);
    await page.locator('tbody tr').first().waitFor();
    await settled(page);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }
  expect(other.mistakes).toEqual([]);
  await other.close();
});
