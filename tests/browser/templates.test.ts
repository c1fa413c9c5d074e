// Templates in a browser: made, reviewed, changed, in another language, paused and deleted.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, closeBrowser, logIn, looks, said, type Visitor, visit } from './browser.ts';

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

const templatesOf = async (name: string) =>
  (await scenario.api('GET', `/api/v1/templates?name=${name}`)).body.data as {
    id: string;
    language: string;
    status: string;
    channel_template_id: string;
    components: unknown[];
  }[];

test('writes a template against the rules of WhatsApp, sends it to review, and sees the answer', async () => {
  const { page } = visitor;
  await visitor.goto('/');
  await page.getByRole('link', { name: 'Templates' }).click();
  await page.getByText('appointment_reminder').waitFor();
  await page.getByRole('link', { name: 'New template' }).click();
  const send = page.getByRole('button', { name: 'Send to review' });
  await page.getByLabel('Name', { exact: true }).fill('Order Ready');
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('order_ready');
  await page.getByLabel('Language', { exact: true }).selectOption('en');
  const body = page.getByLabel('Body', { exact: true });
  await body.fill('Your order is ready at our shop today, dear ');
  await page.getByRole('button', { name: 'Variable' }).click();
  await page.getByText('Does not hold: No variable at the start or the end').waitFor();
  expect(await send.getAttribute('aria-disabled')).toBe('true');
  await body.fill('Hi {{name}}, your order is ready at our shop today.');
  await page.getByText('Does not hold: Every variable has a sample').waitFor();
  await page.getByLabel('Sample of name').fill('Ana');
  await page.getByRole('figure').getByText('Hi Ana, your order is ready at our shop today.').waitFor();
  await page.getByRole('button', { name: 'Add a button' }).click();
  await page.getByRole('menuitem', { name: 'Link' }).click();
  await page.getByLabel('Label').fill('20% off');
  await page.getByText('“20%” reads like an offer.').waitFor();
  await page.getByLabel('Label').fill('Track it');
  await page.getByRole('textbox', { name: 'Link' }).fill('https://farol.example/{{1}}');
  await page.getByLabel('Sample of the end').fill('4127');
  // The page asks before one leaves it.
  await page.getByRole('link', { name: 'Queue' }).click();
  await page.getByRole('button', { name: 'Go on editing' }).click();
  await send.click();
  await said(page, 'Sent to review.');
  await page.waitForURL(/\/templates\/(?!new)/);
  await page.getByText('Approved', { exact: true }).first().waitFor();
  expect((await templatesOf('order_ready')).map(({ components }) => components)).toEqual([
    [
      {
        type: 'BODY',
        text: 'Hi {{name}}, your order is ready at our shop today.',
        example: { body_text_named_params: [{ param_name: 'name', example: 'Ana' }] },
      },
      {
        type: 'BUTTONS',
        buttons: [
          {
            type: 'URL',
            text: 'Track it',
            url: 'https://farol.example/{{1}}',
            example: ['https://farol.example/4127'],
          },
        ],
      },
    ],
  ]);
  expect(visitor.mistakes).toEqual([]);
});

test('adds a language, changes a text, and says what WhatsApp rejects', async () => {
  const { page } = visitor;
  await page.getByRole('link', { name: 'Language' }).click();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('order_ready');
  await page.getByLabel('Language', { exact: true }).selectOption('pt_BR');
  await page.getByLabel('Body', { exact: true }).fill('Olá {{name}}, o seu pedido está pronto na loja hoje.');
  await page.getByRole('button', { name: 'Send to review' }).click();
  await page.getByRole('link', { name: /pt_BR/ }).waitFor();
  await page.getByText('Approved', { exact: true }).first().waitFor();
  await page.getByRole('link', { name: /^English/ }).click();
  const body = page.getByLabel('Body', { exact: true });
  await expect.poll(() => body.inputValue()).toContain('Hi {{name}}');
  const change = async (text: string) => {
    await body.fill(text);
    await page.getByRole('button', { name: 'Send to review' }).click();
  };
  await change('Hi {{name}}, your order waits for you at our shop today.');
  await expect.poll(async () => JSON.stringify(await templatesOf('order_ready'))).toContain('waits for you');
  await page.getByText('Text or parts changed').waitFor();
  await expect
    .poll(async () => (await templatesOf('order_ready')).map(({ status }) => status))
    .toEqual(['APPROVED', 'APPROVED']);
  // WhatsApp takes one change in 24 hours. The typed text stays.
  await page.getByText('Approved', { exact: true }).first().waitFor();
  await change('Hi {{name}}, your order waits for you at our shop until tonight.');
  await page.getByText('An approved template can be edited once in 24 hours.').waitFor();
  expect(await body.inputValue()).toContain('until tonight');
  expect(visitor.mistakes).toEqual([]);
});

test('shows a paused template and leads to what waits, filters the list, and deletes', async () => {
  const { page } = visitor;
  const english = (await templatesOf('order_ready')).find(({ language }) => language === 'en');
  scenario.simulator.templates.act(english?.channel_template_id ?? '', 'pause');
  await visitor.goto('/templates');
  await page.getByText('Meta paused order_ready.').waitFor();
  expect(await page.getByRole('link', { name: 'See what waits' }).getAttribute('href')).toContain(
    'reason=template_paused',
  );
  await page.getByRole('button', { name: /^Paused/ }).click();
  await page.waitForURL('**/templates?state=PAUSED');
  expect(await page.getByRole('row').count()).toBe(2);
  await page.getByRole('button', { name: /^All/ }).click();
  await page.getByLabel('Name or words').fill('remind you');
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  await page.getByLabel('Name or words').fill('nothing like it');
  await page.getByText('No template fits').waitFor();
  await visitor.goto(`/templates/${english?.id}`);
  await page.getByText('Meta paused it.').waitFor();
  await page.getByRole('button', { name: 'Actions for order_ready' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await said(page, 'order_ready is deleted.');
  await page.waitForURL('**/templates');
  expect(await templatesOf('order_ready').then(all => all.length)).toBe(1);
  expect(visitor.mistakes).toEqual([]);
});

test('who may only read sees the parts and no way to change them', async () => {
  const viewer = await join(scenario, 'viewer');
  const other = await visit(scenario);
  await logIn(other, viewer.email, goodPassword);
  await other.goto('/templates');
  expect(await other.page.getByRole('link', { name: 'New template' }).count()).toBe(0);
  await other.page.getByRole('link', { name: 'appointment_reminder' }).click();
  await other.page.getByText('Hello Ana, we remind you of your appointment').waitFor();
  expect(await other.page.getByLabel('Body', { exact: true }).getAttribute('readonly')).not.toBeNull();
  expect(await other.page.getByRole('button', { name: 'Send to review' }).count()).toBe(0);
  expect(other.mistakes).toEqual([]);
  await other.close();
});

test.each(looks)('axe finds nothing, $theme at $width in $language', async look => {
  const visitor = await visit(scenario, look);
  await logIn(visitor);
  const [template] = await templatesOf('appointment_reminder');
  for (const path of ['/templates', '/templates/new', `/templates/${template?.id}`]) {
    await visitor.goto(path);
    await visitor.page.locator('h1').waitFor();
    expect([path, await accessibilityProblems(visitor.page)]).toEqual([path, []]);
  }
  expect(visitor.mistakes).toEqual([]);
  await visitor.close();
});
