// The pages before the login, in a browser: first run, login with a second factor, invitation, new password.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../setup/authenticator.ts';
import { goodPassword, invite, join, newEmail } from '../setup/people.ts';
import { owner, type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, addressOf, closeBrowser, logIn, visit } from './browser.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

test('the setup link makes the owner, who is logged in at once', async () => {
  const open = await startScenario({ owner: false });
  const visitor = await visit(open);
  const { page } = visitor;
  try {
    // Without an owner there is nothing else to do.
    await visitor.goto('/');
    await page.getByText('The setup link is missing.').waitFor();
    const { hash } = new URL(open.recado.setupLink ?? '');
    await page.goto('about:blank');
    await visitor.goto(`/setup${hash}`);
    await page.getByLabel('Name').fill('Bruno Reis');
    await page.getByLabel('E-mail').fill('bruno@example.com');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('The password needs at least 12 characters.').waitFor();
    // The focus follows in the next frame.
    await expect.poll(() => page.evaluate("document.activeElement?.getAttribute('name')")).toBe('password');
    await page.getByLabel('Password').fill(goodPassword);
    await page.getByRole('button', { name: 'Continue' }).click();
    // The first run begins.
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.getByRole('link', { name: 'Accounts' }).waitFor();
    // A reload keeps the session, and the token of the link is gone.
    await page.reload();
    await page.getByRole('link', { name: 'Accounts' }).waitFor();
    expect(page.url()).not.toContain('token');
    expect(visitor.mistakes).toEqual([]);
  } finally {
    await visitor.close();
    await open.close();
  }
});

describe('the login', () => {
  test('says what is wrong, and leads to the page that was asked for', async () => {
    const visitor = await visit(scenario);
    const { page } = visitor;
    await visitor.goto('/settings/keys');
    await page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
    await page.getByLabel('E-mail').fill(owner.email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('The e-mail or the password is wrong.').waitFor();
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL('**/settings/keys');
    expect(visitor.mistakes).toEqual([]);
    await visitor.close();
  });

  test('counts down how long it pauses after wrong tries', async () => {
    const somebody = await join(scenario, 'viewer');
    const visitor = await visit(scenario);
    const { page } = visitor;
    await visitor.goto('/login');
    await page.getByLabel('E-mail').fill(somebody.email);
    await page.getByLabel('Password').fill('not the password');
    const pause = page.getByText(/Try again in \d+ s\./);
    await expect
      .poll(
        async () => {
          const answered = page.waitForResponse('**/api/v1/auth/login');
          await page.getByRole('button', { name: 'Log in' }).click();
          // A short pause may be over before the next try.
          if ((await answered).status() === 429) await pause.first().waitFor();
          return pause.count();
        },
        { timeout: 45_000 },
      )
      .toBeGreaterThan(0);
    const shown = page.locator('form [role=alert] [aria-hidden=true]').filter({ hasText: 'Try again' });
    await shown.waitFor();
    const first = await shown.textContent();
    await expect.poll(() => shown.textContent()).not.toBe(first);
    expect(visitor.mistakes).toEqual([]);
    await visitor.close();
  });

  test('goes nowhere else afterwards', async () => {
    const visitor = await visit(scenario);
    await visitor.goto('/login?next=https://elsewhere.example/');
    await visitor.page.getByLabel('E-mail').fill(owner.email);
    await visitor.page.getByLabel('Password').fill(owner.password);
    await visitor.page.getByRole('button', { name: 'Log in' }).click();
    await visitor.page.waitForURL('**/welcome');
    expect(new URL(visitor.page.url()).origin).toBe(addressOf(scenario));
    await visitor.close();
  });

  test('of a person who logs in in another tab goes nowhere else either', async () => {
    const visitor = await visit(scenario);
    await visitor.goto('/login?next=/%09/elsewhere.example');
    await visitor.page.getByLabel('E-mail').waitFor();
    const other = await visitor.page.context().newPage();
    await other.goto(`${addressOf(scenario)}/login`);
    await other.getByLabel('E-mail').fill(owner.email);
    await other.getByLabel('Password').fill(owner.password);
    await other.getByRole('button', { name: 'Log in' }).click();
    await Promise.all([other, visitor.page].map(page => page.waitForURL('**/welcome')));
    expect(new URL(visitor.page.url()).origin).toBe(addressOf(scenario));
    await visitor.close();
  });

  test('asks for the code of a second factor', async () => {
    const who = await join(scenario, 'agent');
    const begun = await who.api('POST', '/api/v1/me/second-factor', { password: goodPassword });
    const code = codeOf(begun.body.secret, scenario.clock.now());
    const confirmed = await who.api('POST', '/api/v1/me/second-factor/confirm', { code });
    const visitor = await visit(scenario);
    const { page } = visitor;
    await visitor.goto('/login');
    await page.getByLabel('E-mail').fill(who.email);
    await page.getByLabel('Password').fill(goodPassword);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Enter your code' }).waitFor();
    await page.getByLabel('Code').fill('000000');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('The code is wrong, or was used.').waitFor();
    await page.getByLabel('Code').fill(confirmed.body.recovery_codes[0]);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('link', { name: 'Accounts' }).waitFor();
    expect(visitor.mistakes).toEqual([]);
    await visitor.close();
  });

  test('ends when somebody logs out', async () => {
    const visitor = await visit(scenario);
    const { page } = visitor;
    await logIn(visitor);
    await page.getByRole('button', { name: 'your menu' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
    await visitor.goto('/accounts');
    await page.getByRole('heading', { name: 'Log in to Recado' }).waitFor();
    expect(visitor.mistakes).toEqual([]);
    await visitor.close();
  });

  test('is renewed when its token expires, once for all requests', async () => {
    const visitor = await visit(scenario);
    const { page } = visitor;
    await logIn(visitor);
    await page.getByRole('link', { name: 'Accounts' }).waitFor();
    // No request of this page is under way.
    await page.goto('about:blank');
    await page.context().clearCookies({ name: 'recado_access' });
    let renewals = 0;
    page.on('request', request => {
      if (request.url().endsWith('/auth/refresh')) renewals++;
    });
    await visitor.goto('/settings/people');
    await page.getByText(owner.email).waitFor();
    expect(renewals).toBe(1);
    expect(visitor.mistakes).toEqual([]);
    await visitor.close();
  });
});

test('an invitation lets somebody in, with their role', async () => {
  const token = await invite(scenario.api, { email: newEmail('vera'), role: 'viewer' });
  const visitor = await visit(scenario);
  const { page } = visitor;
  await visitor.goto(`/invitation#token=${token}`);
  // Who invites, to what and as what, and with which address.
  const { person, workspace } = (await scenario.api('GET', '/api/v1/me')).body;
  await page.getByRole('heading', { name: `Join ${workspace.name}` }).waitFor();
  await page.getByText(`${person.name} invites you as Viewer.`).waitFor();
  const address = page.getByLabel('E-mail');
  expect(await address.inputValue()).toMatch(/^vera/);
  expect(await address.isEditable()).toBe(false);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByLabel('Name').fill('Vera Costa');
  await page.getByLabel('Password').fill(goodPassword);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('link', { name: 'Accounts' }).click();
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  // The page offers a viewer nothing that a viewer may not do.
  expect(await page.getByRole('link', { name: 'Connect an account' }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
  await visitor.goto('/settings/people');
  await page.getByText('Your role may not see this page').waitFor();
  await page.goto('about:blank');
  await visitor.goto(`/invitation#token=${token}`);
  await page.getByText('This invitation was used, revoked or has expired.').waitFor();
  expect(visitor.mistakes).toEqual([]);
  await visitor.close();
});

test('a link of somebody who manages people sets a new password', async () => {
  const somebody = await join(scenario, 'agent');
  const made = await scenario.api('POST', `/api/v1/people/${somebody.id}/reset-link`);
  const visitor = await visit(scenario);
  const { page } = visitor;
  await visitor.goto(`/reset${new URL(made.body.link).hash}`);
  const password = 'a lamp beside the sea';
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Save the password' }).click();
  await page.getByRole('heading', { name: 'The password is saved' }).waitFor();
  await logIn(visitor, somebody.email, password);
  await page.getByRole('link', { name: 'Accounts' }).waitFor();
  await visitor.goto('/forgot');
  // Before anything is typed.
  await page.getByText('This server sends no mail.').waitFor();
  expect(await page.getByRole('button', { name: 'Send the link' }).count()).toBe(0);
  await visitor.goto('/setup#token=x');
  await page.getByText('This Recado has an owner.').waitFor();
  await page.getByRole('link', { name: 'Log in' }).click();
  await page.waitForURL('**/login');
  expect(visitor.mistakes).toEqual([]);
  await visitor.close();
});
