// The composer in a browser: text, drafts, files, voice notes, templates, schedules, and what happens without a network.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { closeBrowser, logIn, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
/** The conversation with Ana, whose window is open. */
let ana: string;
beforeAll(async () => {
  scenario = await startScenario({ window: true });
  ana = await writtenBy('+12025550123');
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

/** A person writes to the account; returns the conversation. */
async function writtenBy(phone: string, body = 'Is it ready?'): Promise<string> {
  const answer = await fetch(`${scenario.simulator.url}/phones/${phone.slice(1)}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, text: { body } }),
  });
  expect(answer.status).toBe(202);
  await scenario.settle();
  const { data } = (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body;
  return data[0].id;
}

/** What was sent in a conversation, oldest first. */
async function sentIn(conversation: string): Promise<{ type: string; [field: string]: unknown }[]> {
  const { data } = (await scenario.api('GET', `/api/v1/conversations/${conversation}/messages`)).body;
  return data.filter(({ direction }: { direction: string }) => direction === 'outbound').reverse();
}

const textsIn = async (conversation: string) =>
  (await sentIn(conversation)).map(message => (message.text as { body: string } | undefined)?.body);

const field = (of: Visitor = visitor) => of.page.getByRole('textbox', { name: /^Write to/ });

test('sends with Enter, keeps a line with Shift Enter, and a draft over a reload', async () => {
  const { page } = visitor;
  await visitor.goto(`/inbox/${ana}`);
  await field().fill('It is.');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('Come at five.');
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('Come at five.').waitFor();
  expect(await field().inputValue()).toBe('');
  await expect.poll(() => textsIn(ana)).toEqual(['It is.\nCome at five.']);
  await field().fill('Or at');
  await page.reload();
  await expect.poll(() => field().inputValue()).toBe('Or at');
  await page.keyboard.press('Tab');
  await field().focus();
  await page.keyboard.press('End');
  await page.keyboard.type(' six');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => textsIn(ana)).toEqual(['It is.\nCome at five.', 'Or at six']);
  expect(visitor.mistakes).toEqual([]);
});

test('keeps what is written without a network, and sends it once and in order when it is back', async () => {
  const { page } = visitor;
  const before = (await textsIn(ana)).length;
  // The first answer is lost: the server has the message, the browser does not know.
  await page.route('**/api/v1/messages', async route => {
    await route.fetch();
    await route.abort();
  });
  await field().fill('one');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await textsIn(ana)).length).toBe(before + 1);
  await page.context().setOffline(true);
  await page.unroute('**/api/v1/messages');
  for (const text of ['two', 'three']) {
    await field().fill(text);
    await page.keyboard.press('Enter');
  }
  await page.getByText('Kept here. It leaves when the connection is back.').nth(2).waitFor();
  await page.context().setOffline(false);
  await expect.poll(async () => (await textsIn(ana)).slice(before)).toEqual(['one', 'two', 'three']);
  await page.getByText('Kept here.').first().waitFor({ state: 'detached' });
  expect(visitor.mistakes).toEqual([]);
});
