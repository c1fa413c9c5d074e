// The queue in a browser: why messages wait and fail, and what can be done about many of them or one.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, settled, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
let numbers = 0;
const number = () => `+1202555${String(2_000 + ++numbers)}`;
const post = async (more: object = {}) => {
  const answer = await scenario.api('POST', '/api/v1/messages', {
    account_id: scenario.account.id,
    to: number(),
    type: 'text',
    text: { body: 'Your table is ready.' },
    ...more,
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as { id: string; to: string };
};
const template = { name: 'hello_world', language: { code: 'en_US' } };
const statusOf = async ({ id }: { id: string }) => (await scenario.message(id)).status;

/** Sends while the channel does as told. */
async function sendUnder(fault: 'window-closed' | 'answer-and-receipts-lost', count: number) {
  scenario.simulator.setFault(() => fault);
  const sent = [];
  for (let n = 0; n < count; n++) sent.push(await post());
  await scenario.settle();
  scenario.simulator.setFault(null);
  return sent;
}

let failed: { id: string; to: string }[];
let unknown: { id: string; to: string }[];
beforeAll(async () => {
  scenario = await startScenario();
  failed = await sendUnder('window-closed', 6);
  unknown = await sendUnder('answer-and-receipts-lost', 2);
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { name: 'Farol Online' });
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  for (let n = 0; n < 4; n++) await post();
  await post({ send_at: new Date(scenario.clock.now() + 86_400_000).toISOString() });
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

test('shows where messages are and why they wait, with the remedy', async () => {
  const { page } = visitor;
  await visitor.goto('/queue');
  await settled(page);
  await page.getByRole('heading', { name: 'Why 4 wait' }).waitFor();
  await page.getByText('Farol Online waits until somebody resumes it').waitFor();
  await page.getByText('1 more is scheduled').waitFor();
  await page.getByRole('link', { name: 'Failed' }).first().click();
  await page.waitForURL('**/queue?*status=failed*');
  await page.getByText('24-hour window closed').nth(5).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('selected messages are sent again, by the keyboard alone', async () => {
  const { page } = visitor;
  await visitor.goto('/queue?status=failed');
  await settled(page);
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
  await scenario.settle();
  await page.locator('tbody tr[tabindex="0"]').last().focus();
  await page.keyboard.press('x');
  await page.getByText('1 selected').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+X');
  await page.getByText('2 selected').waitFor();
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Send again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send 2 messages again?' });
  await dialog.getByLabel('Reason').fill('They wrote again');
  await page.keyboard.press('Enter');
  await said(page, '2 messages are queued again.');
  await scenario.settle();
  expect(await Promise.all(failed.map(statusOf))).toEqual([...Array(4).fill('failed'), 'read', 'read']);
  const { data } = (await scenario.api('GET', '/api/v1/audit?action=messages.retried&limit=1')).body;
  expect(data[0].detail).toEqual({ messages: 2, reason: 'They wrote again', filter: { ids: 2 } });
  // Enter opens the row.
  await page.getByText('4 of 4').waitFor();
  await page.locator('tbody tr[tabindex="0"]').last().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/messages/msg_*');
  await page.getByText('Not sent: 24-hour window closed (131047).').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('each waiting message tells its own time and place, and is found by name, number and id', async () => {
  const { page } = visitor;
  const { api } = scenario;
  const account = (await api('POST', '/api/v1/accounts', { name: 'Farol Slow', channel: 'sandbox' })).body;
  await api('PATCH', `/api/v1/accounts/${account.id}`, { limits: { rate: { messages: 3, seconds: 60 } } });
  await api('POST', '/api/v1/contacts', { name: 'Zélia Prado', phone: '+351912000777' });
  for (let n = 0; n < 26; n++) await post({ account_id: account.id, type: 'template', text: undefined, template });
  const last = await post({ account_id: account.id, to: '+351912000777', type: 'template', text: undefined, template });
  await visitor.goto(`/queue?account=${account.id}`);
  const row = page.getByRole('row', { name: 'Zélia Prado' });
  // 3 have left, 23 are before it: in the eighth minute.
  const wait = row.getByText(/23 before it, leaves in about [78] min/);
  await wait.waitFor();
  const first = await wait.textContent();
  await expect.poll(() => wait.textContent()).not.toBe(first);
  await page.getByText(/next in \d+ sec/).waitFor();

  const field = page.getByRole('combobox', { name: 'Name, number or message id' });
  await field.fill('zelia');
  await page.getByRole('option', { name: /Zélia Prado/ }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await field.press('Enter');
  await page.getByText('1 of 1').waitFor();
  await page.getByRole('button', { name: 'Zélia Prado', exact: true }).click();
  await field.fill('912 000 777');
  await page.getByRole('option', { name: /Zélia Prado/ }).waitFor();
  await field.fill('nobody at all');
  await page.getByText('Nobody fits “nobody at all”.').waitFor();
  await field.fill(last.id);
  await page.getByRole('option', { name: 'Open the message' }).click();
  await page.waitForURL(`**/messages/${last.id}`);
  await page.getByText(/23 before it, leaves in about [78] min/).waitFor();

  // A row opens wherever it is clicked, and j and k move.
  await page.goBack();
  await page.getByRole('link', { name: 'Change limits' }).waitFor();
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await expect.poll(() => page.evaluate("document.activeElement?.getAttribute('data-index')")).toBe('0');
  await page.keyboard.press('j');
  await expect.poll(() => page.evaluate("document.activeElement?.getAttribute('data-index')")).toBe('1');
  await page.keyboard.press('k');
  await expect.poll(() => page.evaluate("document.activeElement?.getAttribute('data-index')")).toBe('0');
  await row.getByRole('cell', { name: 'Farol Slow' }).click();
  await page.waitForURL(`**/messages/${last.id}`);
  await page.goBack();
  await page.getByRole('link', { name: 'Change limits' }).click();
  await page.waitForURL(`**/accounts/${account.id}#limits`);
  // All of the form is in view.
  const below = () => page.locator('#limits').evaluate(form => form.getBoundingClientRect().bottom - 900);
  await expect.poll(below).toBeLessThanOrEqual(0);
  await api('DELETE', `/api/v1/accounts/${account.id}`);
  expect(visitor.mistakes).toEqual([]);
});

test('nothing is zero before it is read', async () => {
  const { page } = visitor;
  await page.route('**/api/v1/queue?*', () => undefined);
  await page.route('**/api/v1/queue', () => undefined);
  await page.route('**/api/v1/messages/statistics*', () => undefined);
  await page.route('**/api/v1/accounts/*/queue', () => undefined);
  await visitor.goto('/queue');
  await page.getByText('Attempts a minute').waitFor();
  expect(await page.getByText(/none failed|no attempt in the last hour|nothing due/).count()).toBe(0);
  await visitor.goto(`/accounts/${scenario.account.id}`);
  await page.getByText('Limits in use').waitFor();
  expect(await page.getByText(/Today’s|^0 of/).count()).toBe(0);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('one message: its way, timeline and attempts, and sending it again', async () => {
  const { page } = visitor;
  const [message] = failed;
  if (!message) throw new Error('no message failed');
  await visitor.goto(`/messages/${message.id}`);
  const to = `+1 202 555-${message.to.slice(-4)}`;
  await page.getByRole('heading', { name: `Message to ${to}` }).waitFor();
  await page.getByRole('list', { name: 'Where the message is' }).getByText('accepted').waitFor();
  await page.getByText('Attempt 1 begins').waitFor();
  await page.getByRole('region', { name: 'Attempts' }).getByText('rejected').waitFor();
  await page.getByText(message.id).waitFor();
  await page.getByRole('button', { name: 'Send again' }).click();
  await said(page, '1 message is queued again.');
  await scenario.settle();
  await page.getByText(`${to} has read it.`).waitFor();
  await page.getByText('Queued again', { exact: true }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('all that fit the filter are sent again, and what is left out is said', async () => {
  const { page } = visitor;
  await scenario.sql(`update message set error_code = 'unknown_outcome' where id = (
    select id from message where status = 'failed' order by seq limit 1)`);
  await visitor.goto('/queue?status=failed');
  await settled(page);
  await page
    .getByRole('checkbox', { name: /^Select the message/ })
    .first()
    .check();
  await page.getByRole('button', { name: 'All 3 that fit the filter' }).click();
  await page.getByText('3 selected').waitFor();
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Send again' }).click();
  await page
    .getByRole('dialog', { name: 'Send 3 messages again?' })
    .getByRole('button', { name: 'Send again' })
    .click();
  const result = page.getByRole('dialog', { name: '2 messages are queued again.' });
  await result.getByText('Their outcome is unknown').waitFor();
  await result.getByRole('button', { name: 'Done' }).click();
  await scenario.settle();
  expect((await Promise.all(failed.map(statusOf))).filter(status => status === 'failed')).toHaveLength(1);
  expect(visitor.mistakes).toEqual([]);
});

test('unknown messages are resolved', async () => {
  const { page } = visitor;
  await visitor.goto('/queue?status=unknown');
  await settled(page);
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Resolve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resolve 2 messages?' });
  expect(await dialog.getByRole('radio', { checked: true }).count()).toBe(0);
  await dialog.getByLabel('They did not arrive').check();
  await dialog.getByRole('button', { name: 'Resolve' }).click();
  await said(page, '2 messages are resolved.');
  await page.getByText('No outcome is unknown.').waitFor();
  expect(await Promise.all(unknown.map(statusOf))).toEqual(['failed', 'failed']);
  expect(visitor.mistakes).toEqual([]);
});

test('what comes in is counted at the top and moves no row', async () => {
  const { page } = visitor;
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  await post();
  await visitor.goto('/queue?status=waiting');
  await settled(page);
  await page.getByText('1 of 1').waitFor();
  await post({ text: { body: '<img src=x onerror="document.title=1">' } });
  await page.getByRole('button', { name: '1 new' }).click();
  await page.getByText('<img src=x onerror="document.title=1">').waitFor();
  await page.getByRole('button', { name: 'Paused' }).click();
  await page.waitForURL('**/queue?*reason=paused*');
  await page.getByText('2 of 2').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('a viewer sees it and changes nothing, and the server rejects it all the same', async () => {
  const viewer = await join(scenario, 'viewer');
  const other = await visit(scenario);
  await logIn(other, viewer.email, goodPassword);
  await other.goto('/queue?status=waiting');
  await settled(other.page);
  await other.page.getByText('2 of 2').waitFor();
  expect(await other.page.getByRole('checkbox').count()).toBe(0);
  expect(await other.page.getByRole('button', { name: 'Pause an account' }).count()).toBe(0);
  expect(await other.page.getByRole('button', { name: 'Resume' }).count()).toBe(0);
  const account_id = scenario.account.id;
  for (const [action, body] of Object.entries({ cancel: {}, retry: {}, resolve: { resolution: 'sent' } }))
    expect((await viewer.api('POST', `/api/v1/messages/${action}`, { account_id, ...body })).status).toBe(403);
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test.each(looks)('axe finds nothing: $theme, $width px, $language', async look => {
  const other = await visit(scenario, look);
  await logIn(other);
  const problems: string[] = [];
  const paths = ['/queue', '/queue?status=failed&range=month', '/queue?status=unknown', `/messages/${failed[0]?.id}`];
  for (const path of paths) {
    await other.goto(path);
    await settled(other.page);
    problems.push(...(await accessibilityProblems(other.page)).map(problem => `${path} ${problem}`));
    const over = (await other.page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
    if (over > 0) problems.push(`${path} runs over the edge by ${over} px`);
  }
  expect(problems).toEqual([]);
  expect(other.mistakes).toEqual([]);
  await other.close();
});
