// Saved replies in a browser: written in the settings, found by / in the composer, filled in, and sent with their files.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { pdf } from '../setup/media-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, type Visitor, visit } from './browser.ts';
import { people } from './inbox-world.ts';

let scenario: Scenario;
let visitor: Visitor;
let conversation: string;
beforeAll(async () => {
  scenario = await startScenario({ window: true });
  await scenario.api('POST', '/api/v1/contact-fields', { key: 'order', name: 'Order', type: 'text' });
  await people(scenario).write('33613000001', 'One of the books has a torn cover.', 'Ana Souza');
  await scenario.settle();
  conversation = (await scenario.api('GET', '/api/v1/conversations')).body.data[0].id;
  visitor = await visit(scenario, { width: 1100 });
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const field = (page: Page) => page.getByRole('textbox', { name: /^Write to/ });
const options = (page: Page, list: string | RegExp = 'Saved replies') =>
  page.getByRole('listbox', { name: list }).getByRole('option');
async function sent(): Promise<string[]> {
  const { data } = (await scenario.api('GET', `/api/v1/conversations/${conversation}/messages`)).body;
  const ours = data.filter(({ direction }: { direction: string }) => direction === 'outbound').reverse();
  return ours.map((message: { type: string; text?: { body: string } }) => message.text?.body ?? message.type);
}

test('a reply is written in the settings, where an unknown variable is found', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/replies');
  await page.getByText('No saved replies yet').waitFor();
  await page.getByRole('button', { name: 'New reply' }).click();
  const editor = page.getByRole('region', { name: 'Reply' });
  await editor.getByRole('textbox', { name: 'Shortcut' }).fill('return');
  await editor.getByRole('combobox', { name: 'For' }).selectOption('workspace');
  await editor.getByRole('textbox', { name: 'Title' }).fill('Return at the shop');
  await editor
    .getByRole('textbox', { name: 'Text' })
    .fill('Hi {{contact.first_name|there}}, we need order {{field.ordr}}.');
  await editor.getByText('“field.ordr” is not known, so this cannot be saved.').waitFor();
  await editor.getByRole('button', { name: 'Use field.order' }).click();
  await editor.getByText('As Ana Souza would get it').waitFor();
  await editor.locator('input[type=file]').setInputFiles({
    name: 'Return form.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from(pdf()),
  });
  await editor.getByText('Return form.pdf').waitFor();
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay here' }).click();
  await editor.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('table').getByText('/return').waitFor();
  const { data } = (await scenario.api('GET', '/api/v1/saved-replies')).body;
  expect(data).toMatchObject([
    {
      shortcut: 'return',
      scope: 'workspace',
      body: 'Hi {{contact.first_name|there}}, we need order {{field.order}}.',
      files: [{ filename: 'Return form.pdf' }],
    },
  ]);
  await editor.getByRole('textbox', { name: 'Title' }).fill('Return by mail');
  await page.getByRole('button', { name: 'New reply' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave without saving' }).click();
  await editor.getByRole('heading', { name: 'New reply' }).waitFor();
  await page.getByRole('table').getByText('/return').click();
  await editor.getByRole('heading', { name: 'Return at the shop' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('/ opens them anywhere in the text; Enter inserts at the cursor, and Send asks about what is empty', async () => {
  const reply = { shortcut: 'hours', title: 'Opening hours', body: 'We are open until 19:00.', scope: 'workspace' };
  await scenario.api('POST', '/api/v1/saved-replies', reply);
  const { page } = visitor;
  await visitor.goto(`/inbox/${conversation}?side=none`);
  await field(page).fill('Of course. ');
  await page.keyboard.type('/');
  await expect.poll(() => options(page).count()).toBe(2);
  await page.keyboard.press('Escape');
  await expect.poll(() => options(page).count()).toBe(0);
  await page.keyboard.type('ours');
  await expect.poll(() => options(page).count()).toBe(0);
  // A mistyped shortcut does not go to the customer.
  await field(page).fill('');
  await page.keyboard.type('/huors');
  const nothing = page.getByText('No saved reply fits “/huors”.');
  await nothing.waitFor();
  await page.keyboard.press('Enter');
  expect(await field(page).inputValue()).toBe('/huors');
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/huors.png` });
  await page.keyboard.press('Escape');
  await nothing.waitFor({ state: 'detached' });
  expect(await sent()).toEqual([]);
  await field(page).fill('Of course. ');
  await page.keyboard.type('/hrs');
  await options(page).getByText('Opening hours').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  // Inserts, and looks for another.
  await page.keyboard.press('Tab');
  expect(await field(page).inputValue()).toBe('Of course. We are open until 19:00. /');
  await page.keyboard.type('ret');
  await options(page).getByText('Return at the shop').waitFor();
  await page.getByText(/is empty for/).waitFor();
  await page.keyboard.press('Enter');
  expect(await field(page).inputValue()).toBe(
    'Of course. We are open until 19:00. Hi Ana, we need order {{field.order}}.',
  );
  await page.getByRole('list', { name: /files/i }).getByText('Return form.pdf').waitFor();
  await page.getByText(/is empty here/).waitFor();
  // The empty variable is selected, but Send is pressed without a look at it.
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('dialog').getByText('{{field.order}}').waitFor();
  await page.getByRole('button', { name: 'Keep writing' }).click();
  expect(await sent()).toEqual([]);
  await page.getByRole('button', { name: 'Fill it in' }).click();
  await page.keyboard.type('4127');
  await page.keyboard.press('Enter');
  await expect.poll(sent).toEqual(['document', 'Of course. We are open until 19:00. Hi Ana, we need order 4127.']);
  await expect
    .poll(async () =>
      (await scenario.api('GET', '/api/v1/saved-replies')).body.data.map(({ uses }: { uses: number }) => uses),
    )
    .toEqual([1, 1]);
  expect(visitor.mistakes).toEqual([]);
});

test('while the window is closed, a reply opens its template, filled in', async () => {
  const body = { type: 'BODY', text: 'Hello {{first_name}}, your order {{order}} waits at {{place}} for you.' };
  const example = {
    body_text_named_params: ['first_name', 'order', 'place'].map(name => ({ param_name: name, example: 'x' })),
  };
  const { body: made } = await scenario.api('POST', '/api/v1/templates', {
    ...{ account_id: scenario.account.id, name: 'order_return', language: 'en_US', category: 'UTILITY' },
    ...{ parameter_format: 'named', components: [{ ...body, example }] },
  });
  const state = async () => (await scenario.api('GET', `/api/v1/templates/${made.id}`)).body.status;
  await expect.poll(state).toBe('APPROVED');
  const contact = (await scenario.api('GET', `/api/v1/conversations/${conversation}`)).body.contact.id;
  await scenario.api('PATCH', `/api/v1/contacts/${contact}`, { fields: { order: '4127' } });
  const { page } = visitor;
  await visitor.goto('/settings/replies');
  await page.getByRole('table').getByText('/return').click();
  const editor = page.getByRole('region', { name: 'Reply' });
  await editor.getByRole('combobox', { name: 'Window closed' }).selectOption('template order_return (en_US)');
  await editor.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('table').getByText('order_return').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await scenario.sql("update conversation set last_received_at = now() - interval '25 hours' where id = $1", [
    toUuid(conversation),
  ]);
  await visitor.goto(`/inbox/${conversation}?side=none`);
  await page.getByText(/^The 24-hour window closed/).waitFor();
  await page.getByRole('listbox', { name: 'Templates' }).focus();
  await page.keyboard.press('/');
  const search = page.getByRole('combobox', { name: 'Shortcut, title or words' });
  await search.waitFor();
  // The reply without a template does not reach the person.
  await expect.poll(() => options(page).allTextContents()).toEqual([expect.stringContaining('/return')]);
  await page.getByRole('figure').getByText('Hello Ana, your order 4127 waits at x for you.').waitFor();
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/reply-template.png` });
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.type('hours');
  await page.getByText('No saved reply with a template fits.').waitFor();
  await page.keyboard.press('Escape');
  await search.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Saved replies' }).click();
  await search.fill('/ret');
  await options(page).first().waitFor();
  await page.keyboard.press('Enter');
  // The cursor stands where a value is missing.
  const form = page.getByRole('form', { name: 'order_return' });
  await form.getByRole('textbox', { name: 'place' }).waitFor();
  expect(await form.getByRole('textbox', { name: 'first_name' }).inputValue()).toBe('Ana');
  await page.keyboard.type('Chiado');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await sent()).at(-1)).toBe('template');
  // A text that waits for the person gives way to the template too.
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { delivery: { on_window_closed: 'hold' } });
  await visitor.goto(`/inbox/${conversation}?side=none`);
  await page.getByRole('button', { name: /^Write a text that waits/ }).click();
  await field(page).fill('Of course. ');
  await page.keyboard.type('/ret');
  await options(page).getByText('Return at the shop').waitFor();
  await page.keyboard.press('Enter');
  await form.getByRole('textbox', { name: 'place' }).waitFor();
  expect(await sent()).toHaveLength(3);
  // A template that cannot be sent any more.
  await scenario.sql("update template set status = 'PAUSED' where name = 'order_return'");
  await visitor.goto(`/inbox/${conversation}?side=none`);
  await page.getByRole('button', { name: 'Saved replies' }).click();
  await options(page).getByText('Return at the shop').click();
  await page.getByRole('alert').getByText('order_return: Paused by Meta, cannot be sent now').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  for (const look of looks) {
    const other = await visit(scenario, look);
    await logIn(other);
    await other.goto(`/inbox/${conversation}?side=none`);
    await other.page.locator('[data-composer] [aria-expanded=false]').click();
    await options(other.page, /./).first().waitFor();
    expect(await accessibilityProblems(other.page)).toEqual([]);
    if (process.env.SHOTS)
      await other.page.screenshot({ path: `${process.env.SHOTS}/reply-template-${look.theme}.png` });
    expect(other.mistakes).toEqual([]);
    await other.close();
  }
  expect(visitor.mistakes).toEqual([]);
});

test('a reply is deleted after a question', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/replies');
  await page.getByRole('button', { name: 'Actions for Opening hours' }).click();
  await page.getByRole('menuitem', { name: 'Delete the reply' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the reply' }).click();
  await said(page, 'Reply deleted.');
  await expect.poll(() => page.getByText('/hours').count()).toBe(0);
  for (const look of looks) {
    const other = await visit(scenario, look);
    await logIn(other);
    await other.goto('/settings/replies');
    await other.page.getByText('/return').click();
    await other.page.locator('#reply-body').waitFor();
    expect(await accessibilityProblems(other.page)).toEqual([]);
    if (process.env.SHOTS)
      await other.page.screenshot({ path: `${process.env.SHOTS}/replies-${look.theme}.png`, fullPage: true });
    expect(other.mistakes).toEqual([]);
    await other.close();
  }
});
