// Contacts in a browser: fields and labels, the list with its filters, one contact, a merge and an erasure.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, addressOf, closeBrowser, logIn, said, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario();
  await scenario.send();
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const contact = async (name: string) =>
  (await scenario.api('GET', `/api/v1/contacts?search=${encodeURIComponent(name)}`)).body.data[0];

test('makes fields and labels, and changes them', async () => {
  const { page } = visitor;
  await visitor.goto('/settings/fields');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New field' }).click();
  await dialog.getByLabel('Name').fill('Favourite shop');
  await dialog.getByRole('button', { name: 'Choice' }).click();
  await dialog.getByRole('button', { name: 'Add the field' }).click();
  await dialog.getByText('Fill this in.').waitFor();
  await dialog.getByLabel('Choices').fill('Chiado\n\nAlmada');
  await dialog.getByRole('button', { name: 'Add the field' }).click();
  await page
    .getByRole('row', { name: /favourite_shop/ })
    .getByText('Chiado, Almada')
    .waitFor();
  await scenario.api('POST', '/api/v1/contact-fields', { key: 'birthday', name: 'Birthday', type: 'date' });
  await scenario.api('POST', '/api/v1/contact-fields', { key: 'customer_no', name: 'Customer no.', type: 'number' });
  await page.getByRole('button', { name: 'Actions for Customer no.' }).click();
  await page.getByRole('menuitem', { name: 'Move up' }).click();
  const names = page
    .getByRole('region', { name: 'Fields of a contact' })
    .getByRole('row')
    .locator('td:first-child bdi');
  await expect.poll(() => names.allTextContents()).toEqual(['Favourite shop', 'Customer no.', 'Birthday']);

  for (const name of ['collector', 'newsletter']) {
    await page.getByRole('button', { name: 'New label' }).click();
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Teal').check();
    await dialog.getByRole('button', { name: 'Create the label' }).click();
    await page.getByRole('row', { name }).getByText('none').waitFor();
  }
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(visitor.mistakes).toEqual([]);
});

test('adds a contact, fills it in, finds it by its filters, and labels all that fit', async () => {
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  await visitor.goto('/contacts');
  await page.getByRole('button', { name: 'New contact' }).click();
  await dialog.getByRole('button', { name: 'Create the contact' }).click();
  await dialog.getByText('Give a name, a number, or both.').waitFor();
  await dialog.getByLabel('Name').fill('Ana Souza');
  await dialog.getByLabel('Number').fill('+55 11 98765-4321');
  await dialog.getByRole('button', { name: 'Create the contact' }).click();
  await page.getByRole('heading', { name: 'Ana Souza', level: 1 }).waitFor();
  await page.getByRole('button', { name: '3 empty fields' }).click();
  await dialog.getByLabel('Favourite shop').selectOption('Chiado');
  await dialog.getByLabel('Birthday').fill('1990-03-14');
  await dialog.getByLabel('Customer no.').fill('many');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('A number, such as 12.5.').waitFor();
  await dialog.getByLabel('Customer no.').fill('20418');
  await dialog.getByLabel('Language').fill('pt_BR');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await said(page, 'The contact is saved.');
  await page.getByText('Brazilian Portuguese').waitFor();
  await page
    .getByText(/^typed by /)
    .first()
    .waitFor();
  expect((await contact('Ana Souza')).fields).toEqual({
    favourite_shop: 'Chiado',
    birthday: '1990-03-14',
    customer_no: 20418,
  });
  await page.getByRole('button', { name: 'Add a label' }).click();
  await page.getByRole('menuitem', { name: 'collector' }).click();
  await page.getByRole('button', { name: 'Take off collector' }).waitFor();

  await scenario.api('POST', '/api/v1/contacts', { name: 'Bruno Reis', phone: '+351912345678' });
  await page.getByRole('link', { name: 'Back to the contacts' }).click();
  const rows = page
    .getByRole('region', { name: 'Contacts' })
    .getByRole('row')
    .filter({ has: page.getByRole('link') });
  await expect.poll(() => rows.count()).toBe(3);
  await page.getByRole('group', { name: 'Filters' }).getByRole('button', { name: 'Label' }).click();
  await page.getByRole('menuitem', { name: 'collector' }).click();
  await expect.poll(() => rows.count()).toBe(1);
  await page.waitForURL(/label=lbl_/);
  // A reload keeps the filter; pressed again, it goes.
  await page.reload();
  await rows.filter({ hasText: 'Ana Souza' }).waitFor();
  await page.getByRole('button', { name: 'collector', pressed: true }).click();
  await page.getByRole('button', { name: 'Field' }).click();
  await dialog.getByLabel('Value').selectOption('Chiado');
  await dialog.getByRole('button', { name: 'Filter' }).click();
  await expect.poll(() => rows.count()).toBe(1);
  const file = await page.request.get(
    `${addressOf(scenario)}${await page.getByRole('link', { name: 'Export' }).getAttribute('href')}`,
  );
  expect(await file.text()).toContain('"Ana Souza"');
  expect(await file.text()).not.toContain('Bruno');
  await page.getByRole('button', { name: 'Favourite shop: Chiado' }).click();
  await page.getByRole('searchbox', { name: 'Name, number, field' }).fill('bruno');
  await page.waitForURL(/q=bruno/);
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByRole('searchbox', { name: 'Name, number, field' }).fill('');
  await expect.poll(() => rows.count()).toBe(3);

  await page.getByRole('checkbox', { name: 'Choose Bruno Reis' }).check();
  await page.getByText('1 chosen').waitFor();
  await page.getByRole('button', { name: 'All 3 that fit' }).click();
  await page.getByText('3 chosen').waitFor();
  // Who changes the choice means the chosen ones again.
  await page.getByRole('checkbox', { name: 'Choose Ana Souza' }).check();
  await page.getByText('2 chosen').waitFor();
  await page.getByRole('button', { name: 'All 3 that fit' }).click();
  await page.getByRole('button', { name: 'Add a label' }).click();
  await page.getByRole('menuitem', { name: 'newsletter' }).click();
  await said(page, '3 contacts changed.');
  expect((await contact('Bruno')).labels).toMatchObject([{ name: 'newsletter' }]);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(visitor.mistakes).toEqual([]);
});

test('merges two contacts with a choice of values, and erases one by its name', async () => {
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  const body = { name: 'Ana S.', phone: '+5521998760101', fields: { favourite_shop: 'Almada' } };
  await scenario.api('POST', '/api/v1/contacts', body);
  const { id } = await contact('Ana Souza');
  await visitor.goto(`/contacts/${id}`);
  await page.getByRole('button', { name: 'Actions for Ana Souza' }).click();
  await page.getByRole('menuitem', { name: 'Merge with another contact' }).click();
  await dialog.getByLabel('The other contact').fill('Ana S.');
  await dialog.getByRole('button', { name: /^(AS)?Ana S\./ }).click();
  await dialog.getByLabel('Almada').check();
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Merge the two' }).click();
  await said(page, 'Merged into Ana Souza.');
  await expect
    .poll(async () => (await scenario.api('GET', `/api/v1/contacts/${id}`)).body)
    .toMatchObject({ name: 'Ana Souza', other_phones: ['+5521998760101'], fields: { favourite_shop: 'Almada' } });
  await page.getByText('+55 21').waitFor();

  await page.getByRole('button', { name: 'Actions for Ana Souza' }).click();
  await page.getByRole('menuitem', { name: 'Erase the person' }).click();
  await dialog.getByLabel('Type Ana Souza').fill('Ana Souza');
  await dialog.getByRole('button', { name: 'Erase the person' }).click();
  await said(page, 'Ana Souza is erased.');
  await page.waitForURL('**/contacts');
  expect((await scenario.api('GET', `/api/v1/contacts/${id}`)).status).toBe(404);
  expect(visitor.mistakes).toEqual([]);
});

test('who may only read changes nothing', async () => {
  const { email } = await join(scenario, 'viewer');
  const viewer = await visit(scenario);
  await logIn(viewer, email, goodPassword);
  const { id } = await contact('Bruno');
  await viewer.goto(`/contacts/${id}`);
  await viewer.page.getByRole('heading', { name: 'Bruno Reis', level: 1 }).waitFor();
  for (const name of ['Edit', 'Write', 'Add a label'])
    expect(await viewer.page.getByRole('button', { name }).count()).toBe(0);
  await viewer.goto('/contacts');
  await viewer.page.getByRole('link', { name: 'Bruno Reis' }).waitFor();
  expect(await viewer.page.getByRole('checkbox').count()).toBe(0);
  expect(await viewer.page.getByRole('button', { name: 'New contact' }).count()).toBe(0);
  expect(await viewer.page.getByRole('link', { name: /^Import/ }).count()).toBe(0);
  expect(viewer.mistakes).toEqual([]);
  await viewer.close();
});
