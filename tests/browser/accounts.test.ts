// Accounts in a browser: connect, limits, pause, delete; and the shell around them.
import { once } from 'node:events';
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../faults/processes.ts';
import { control, createAtMeta, createToken, startWithCallback } from '../setup/meta.ts';
import type { Scenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
let meta: Line;
beforeAll(async () => {
  const port = await freePort();
  scenario = await startWithCallback({ env: { GRAPH_URL: `http://127.0.0.1:${port}` } });
  meta = lineTo(new URL(scenario.simulator.url), port);
  await meta.mend();
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await meta.cut();
  await scenario.close();
});

interface Line {
  mend(): Promise<void>;
  cut(): Promise<void>;
}

/** The way from the server to Meta, which may be cut. */
function lineTo({ hostname, port: target }: URL, port: number): Line {
  let server: Server | undefined;
  const sockets = new Set<Socket>();
  return {
    async mend() {
      server = createServer(client => {
        const upstream = connectTo(Number(target), hostname);
        for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
        client.pipe(upstream).pipe(client);
      }).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async cut() {
      const closed = server?.listening && once(server, 'close');
      server?.close();
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      await closed;
    },
  };
}

test('shows what was sent, and changes limits, which hold at once', async () => {
  const { page } = visitor;
  await scenario.send();
  await scenario.settle();
  await visitor.goto('/accounts');
  await page.getByRole('link', { name: 'Sandbox' }).click();
  await page.getByText('Today’s 1 message').waitFor();
  // A field says what is wrong with it while somebody types, and stops once it is right.
  const messages = page.getByLabel('Messages', { exact: true });
  const wrong = page.getByText('A whole number, 1 or more.');
  for (const text of ['0', 'abc']) {
    await messages.fill(text);
    await wrong.waitFor();
    expect(await messages.getAttribute('aria-invalid')).toBe('true');
    await messages.fill('7');
    await wrong.waitFor({ state: 'detached' });
  }
  // The page asks before one leaves it.
  await page.getByRole('link', { name: 'Queue' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving' }).waitFor();
  await page.getByRole('button', { name: 'Stay here' }).click();
  expect(await messages.inputValue()).toBe('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await said(page, 'The limits of Sandbox are saved.');
  const account = (await scenario.api('GET', `/api/v1/accounts/${scenario.account.id}`)).body;
  expect(account.limits).toEqual({
    ...scenario.account.limits,
    rate: { ...scenario.account.limits.rate, messages: 7 },
  });
  // Saved, nothing is asked; unsaved, the changes go only with a click.
  await messages.fill('9');
  await page.getByRole('link', { name: 'Queue' }).click();
  await page.getByRole('button', { name: 'Leave without saving' }).click();
  await page.waitForURL('**/queue');
  await visitor.goto(`/accounts/${scenario.account.id}`);
  await expect.poll(() => messages.inputValue()).toBe('7');
  // A change by somebody else leaves typed values, and shows in the other fields.
  await messages.fill('9');
  const path = `/api/v1/accounts/${scenario.account.id}`;
  await scenario.api('PATCH', path, { limits: { on_limit: 'reject', per_day: 44 } });
  await scenario.api('POST', `${path}/pause`, {});
  await page.getByRole('button', { name: 'Resume' }).first().waitFor();
  await expect.poll(() => page.getByLabel('Messages a day').inputValue()).toBe('44');
  expect(await messages.inputValue()).toBe('9');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(async () => (await scenario.api('GET', path)).body.limits)
    .toMatchObject({ rate: { messages: 9 }, on_limit: 'reject', per_day: 44 });
  await scenario.api('POST', `${path}/resume`, {});
  expect(visitor.mistakes).toEqual([]);
});

test('pauses, resumes, and gets another time zone by the keyboard', async () => {
  const { page } = visitor;
  await visitor.goto(`/accounts/${scenario.account.id}`);
  await page.getByRole('button', { name: 'Pause' }).click();
  await said(page, 'Sandbox is paused.');
  await page.getByRole('button', { name: 'Resume' }).first().click();
  await said(page, 'Sandbox sends again.');

  await page.getByRole('button', { name: 'Actions for Sandbox' }).click();
  await page.getByRole('menuitem', { name: 'Change the time zone' }).click();
  const dialog = page.getByRole('dialog');
  const zone = dialog.getByRole('combobox', { name: 'Time zone' });
  await zone.focus();
  await page.keyboard.press('ArrowDown');
  expect(await dialog.getByRole('option').count()).toBeGreaterThan(300);
  await page.keyboard.press('Escape');
  expect(await zone.getAttribute('aria-expanded')).toBe('false');
  await page.keyboard.type('nowhere');
  await dialog.getByText('Nothing fits “nowhere”.').waitFor();
  await zone.fill('america bahia');
  await dialog.getByRole('option', { name: 'America/Bahia_Banderas' }).waitFor();
  expect(await dialog.getByRole('option').count()).toBe(2);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(await zone.inputValue()).toBe('America/Bahia, UTC−3');
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect((await scenario.api('GET', `/api/v1/accounts/${scenario.account.id}`)).body.time_zone).toBe('America/Bahia');
  expect(visitor.mistakes).toEqual([]);
});

test('connects a number at Meta that is chosen from its list, with checks while its token is typed', async () => {
  const { page } = visitor;
  const at = await createAtMeta(scenario);
  const { appId, appSecret, businessId, token } = at;
  const second = await createAtMeta(scenario, { appId, appSecret, businessId, token });
  await visitor.goto('/accounts/new');
  await page.getByText('Meta lists your numbers as soon as both are right.').waitFor();
  await page.getByLabel('Access token').fill('EAAJB wrong');
  await page.getByText('It has a space in it.').waitFor();
  await page.getByLabel('Access token').fill('a-token-of-nobody');
  await page.getByText('It has a space in it.').waitFor({ state: 'detached' });
  await page.getByLabel('App secret').fill(at.appSecret);
  const checks = page.getByRole('listitem');
  await checks.filter({ hasText: 'Token is valid' }).getByRole('img', { name: 'Not in order' }).waitFor();
  // The token is the fault: ids by hand would not help.
  expect(await page.getByText('Enter the ids by hand').count()).toBe(0);
  expect(await page.getByLabel('Phone number id').count()).toBe(0);
  await page.getByLabel('Access token').fill(at.token);
  const list = page.getByRole('radiogroup', { name: 'Number' });
  await list.getByRole('radio', { name: second.phone.slice(1) }).waitFor();
  expect(await list.getByRole('radio', { checked: true }).count()).toBe(0);
  await page.getByText('3 of 6').waitFor();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText('Choose a number.').waitFor();
  // By keyboard: the first of the list, then the next one and back.
  await list.getByRole('radio', { name: at.phone.slice(1) }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  expect(await list.getByRole('radio', { name: second.phone.slice(1) }).isChecked()).toBe(true);
  await page.keyboard.press('ArrowUp');
  await page.getByText('6 of 6').waitFor();
  await page.getByLabel('Name').fill('Farol Porto');
  // Nothing was created or changed by asking.
  expect((await scenario.api('GET', '/api/v1/accounts')).body.data).toHaveLength(1);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { name: 'Farol Porto', level: 1 }).waitFor();
  await page.getByText('Simulated business').waitFor();
  await page.getByText('All fields that Recado needs come').waitFor();

  await page.getByRole('button', { name: 'Actions for Farol Porto' }).click();
  await page.getByRole('menuitem', { name: 'Check the connection' }).click();
  await page.getByRole('dialog').getByRole('img', { name: 'In order' }).nth(7).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Actions for Farol Porto' }).click();
  await page.getByRole('menuitem', { name: 'Save a new token' }).click();
  await page.getByRole('dialog').getByLabel('Access token').fill('another-token-of-nobody');
  await page.getByRole('dialog').getByRole('button', { name: 'Check and save' }).click();
  await page
    .getByRole('dialog')
    .getByText(/^Meta says/)
    .waitFor();
  await page
    .getByRole('dialog')
    .getByLabel('Access token')
    .fill(await createToken(scenario, at));
  await page.getByRole('dialog').getByRole('button', { name: 'Check and save' }).click();
  await said(page, 'The credentials of Farol Porto are checked and saved.');
  const connected = (await scenario.api('GET', '/api/v1/accounts')).body.data.find(
    ({ name }: { name: string }) => name === 'Farol Porto',
  );
  expect((await scenario.api('DELETE', `/api/v1/accounts/${connected.id}`)).status).toBe(204);
  expect(visitor.mistakes).toEqual([]);
});

test('asks for no PIN of a number that is in the WhatsApp Business app', async () => {
  const { page } = visitor;
  const at = await createAtMeta(scenario);
  await control(scenario, 'PATCH', `/business/numbers/${at.numberId}`, { is_on_biz_app: true });
  await visitor.goto('/accounts/new');
  await page.getByLabel('Access token').fill(at.token);
  await page.getByLabel('App secret').fill(at.appSecret);
  await page.getByText('In use in the WhatsApp Business app: it needs no PIN.').waitFor();
  await page.getByText('Recado never registers such a number anew').waitFor();
  await page.getByText('6 of 6').waitFor();
  expect(await page.getByLabel('Two-step PIN').count()).toBe(0);
});

test.each(looks)('the list of numbers is accessible: $theme, $width px, $language', async look => {
  const at = await createAtMeta(scenario);
  const { appId, appSecret, businessId, token } = at;
  await createAtMeta(scenario, { appId, appSecret, businessId, token, registered: false });
  const other = await visit(scenario, look);
  const { page } = other;
  await logIn(other);
  await other.goto('/accounts/new');
  await page.locator('input[name=access_token]').fill(token);
  await page.locator('input[name=app_secret]').fill(appSecret);
  await page.locator('input[name=listed_number]').nth(1).check();
  await page.locator('input[name=pin]').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test('takes typed ids where Meta lists no number, and says why it cannot be asked', async () => {
  const { page } = visitor;
  const at = await createAtMeta(scenario);
  const nowhere = await createToken(scenario, { appId: at.appId, businessId: '4711' });
  await visitor.goto('/accounts/new');
  await page.getByLabel('Access token').fill(nowhere);
  await page.getByLabel('App secret').fill(at.appSecret);
  await page.getByText('Meta lists no number for this token.').waitFor();
  await page.getByLabel('Phone number id').fill(at.numberId);
  await page.getByLabel('WhatsApp business account id').fill(at.businessId);
  expect(await page.getByLabel('Two-step PIN').count()).toBe(0);
  await page
    .getByText(/^Meta says .*Copy the Phone number ID/)
    .first()
    .waitFor();

  await page.route('**/api/v1/accounts/find-numbers', route => route.abort());
  await page.getByLabel('Access token').fill(at.token);
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await page.unroute('**/api/v1/accounts/find-numbers');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('radio', { name: at.phone.slice(1) }).waitFor();
  await page.getByText('6 of 6').waitFor();
});

test('says beside Connect that Meta cannot be reached, keeps the entries and asks again', async () => {
  const { page } = visitor;
  const at = await createAtMeta(scenario);
  await visitor.goto('/accounts/new');
  await meta.cut();
  await page.getByLabel('Access token').fill(at.token);
  await page.getByLabel('App secret').fill(at.appSecret);
  const form = page.locator('main form');
  const alert = form.getByRole('alert').filter({ hasText: 'WhatsApp cannot be reached from this machine.' });
  await alert.waitFor();
  // Nothing was listed, so there is nothing to choose: Connect asks again.
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await alert.waitFor();
  expect(await page.getByText('Choose a number.').count()).toBe(0);
  expect(await page.getByLabel('Access token').inputValue()).toBe(at.token);
  await meta.mend();
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('radio', { name: at.phone.slice(1) }).waitFor();
  await alert.waitFor({ state: 'detached' });
  // The browser's time zone stands there as a sentence until somebody wants another one.
  expect(await page.getByRole('combobox', { name: 'Time zone' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Choose another' }).click();
  await page.getByRole('combobox', { name: 'Time zone' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('deletes an account only when its name is typed', async () => {
  const { page } = visitor;
  await visitor.goto('/accounts/new?channel=sandbox');
  await page.getByLabel('Name').fill('Farol Casablanca');
  await page.getByRole('button', { name: 'Create the Sandbox' }).click();
  await page.getByRole('heading', { name: 'Farol Casablanca', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Actions for Farol Casablanca' }).click();
  await page.getByRole('menuitem', { name: 'Delete the account' }).click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: 'Delete the account' });
  expect(await confirm.getAttribute('aria-disabled')).toBe('true');
  await dialog.getByLabel('Type the name of the account').fill('Farol Casablanca');
  await confirm.click();
  await said(page, 'Farol Casablanca is deleted.');
  await page.waitForURL('**/accounts');
  expect((await scenario.api('GET', '/api/v1/accounts')).body.data).toHaveLength(1);
  expect(visitor.mistakes).toEqual([]);
});

test('the keyboard reaches every page: ⌘K, g and ?', async () => {
  const { page } = visitor;
  await visitor.goto('/accounts');
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  await page.keyboard.type('gs');
  await page.waitForURL('**/settings/people');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('sandb');
  await page.getByRole('option', { name: 'Sandbox', exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/accounts/acc_*');
  await page.getByRole('heading', { name: 'Sandbox', level: 1 }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(visitor.mistakes).toEqual([]);
});

test('⌘K finds people, conversations, ids and numbers, and acts', async () => {
  const { page } = visitor;
  const { api, account } = scenario;
  const james = await api('POST', '/api/v1/contacts', { name: 'James Ngugi', phone: '+254712000111' });
  await api('POST', '/api/v1/contacts', { name: 'Jamila', phone: '+254712000222' });
  const conversation = (
    await api('POST', '/api/v1/conversations', { account_id: account.id, contact_id: james.body.id })
  ).body;
  const message = await scenario.send();
  await visitor.goto('/accounts');
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  const find = async (text: string) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(text);
  };
  const option = (name: string | RegExp) => page.getByRole('option', { name });
  await find('jam');
  await option(/James Ngugi.*Sandbox/).waitFor();
  await option(/Jamila/).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/inbox/${conversation.id}`);

  // The name is changed in place.
  await visitor.goto(`/inbox/${conversation.id}?side=details`);
  await page.getByRole('button', { name: 'Change the name' }).click();
  const side = page.getByRole('complementary', { name: 'Details' });
  await side.getByLabel('Name', { exact: true }).fill('James Mwangi');
  await page.keyboard.press('Enter');
  await side.getByText('James Mwangi', { exact: true }).waitFor();
  expect((await api('GET', `/api/v1/contacts/${james.body.id}`)).body.name).toBe('James Mwangi');

  await find(message.id);
  await option(/Message with/).click();
  await page.waitForURL(`**/messages/${message.id}`);

  await find('+351 912 345 678');
  await option(/Write to \+351.*Sandbox/).click();
  await page.waitForURL(url => /^\/inbox\/cnv_/.test(url.pathname) && !url.pathname.endsWith(conversation.id));
  const written = (await api('GET', `/api/v1/conversations/${new URL(page.url()).pathname.split('/').at(-1)}`)).body;
  expect(written.contact.phone).toBe('+351912345678');

  await find('pause sand');
  await option('Pause Sandbox').click();
  await said(page, 'Sandbox is paused.');
  await find('resume');
  await option('Resume Sandbox').click();
  await said(page, 'Sandbox sends again.');
  await find('change the limits');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/accounts/${account.id}#limits`);

  await find('msg_01k9m3q5w8e7taz4x2c6v0b1n8');
  await page.getByText('Nothing found for “msg_01k9m3q5w8e7taz4x2c6v0b1n8”.').waitFor();
  await page.getByRole('combobox').fill('no such thing');
  await page.getByText('Nothing found for “no such thing”.').waitFor();
  await page.keyboard.press('Escape');
  expect(visitor.mistakes).toEqual([]);
});

test('says that the network is gone, and that it is back', async () => {
  const { page } = visitor;
  await visitor.goto('/accounts');
  await page.getByRole('link', { name: 'Sandbox' }).waitFor();
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await page.context().setOffline(false);
  await page.getByText('You are offline.').waitFor({ state: 'detached' });
});
