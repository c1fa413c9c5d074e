// Segments in a browser: conditions that count while one builds them, saved, changed, left out; and static lists.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, addressOf, closeBrowser, logIn, looks, said, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario();
  const made = (path: string, body: object) => scenario.api('POST', `/api/v1${path}`, body);
  await made('/contact-fields', { key: 'shop', name: 'Shop', type: 'choice', choices: ['Chiado', 'Almada'] });
  const label = await made('/labels', { name: 'collector', color: 'teal', on: 'contact' });
  for (const [name, phone, shop, collects] of [
    ['Ana Souza', '+351910000177', 'Chiado', true],
    ['Bruno Reis', '+5511987654321', 'Almada', true],
    ['Chidinma', '+351910000178', null, false],
  ] as const)
    await made('/contacts', {
      name,
      phone,
      ...(shop && { fields: { shop } }),
      label_ids: collects ? [label.body.id] : [],
    });
  visitor = await visit(scenario);
  await logIn(visitor);
});
afterAll(async () => {
  await closeBrowser();
  await scenario.close();
});

const segments = async () => (await scenario.api('GET', '/api/v1/segments')).body.data;

test('builds a segment while it counts, saves it, changes it, and finds its people', async () => {
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  await visitor.goto('/contacts');
  await page.getByRole('link', { name: 'Segments' }).click();
  await page.getByText('No segments yet').waitFor();
  await page.getByRole('link', { name: 'New segment' }).click();
  const total = page.getByRole('status').locator('.text-28');
  await expect.poll(() => total.textContent()).toBe('3');
  await page.getByRole('button', { name: 'With unread messages 0' }).waitFor();

  await page.getByRole('button', { name: 'Condition', exact: true }).click();
  await page.getByText('Give a value.').waitFor();
  await page.getByLabel('Value').selectOption('collector');
  await expect.poll(() => total.textContent()).toBe('2');
  // A group: the number is of Portugal, or the shop is one of two.
  await page.getByRole('button', { name: 'Group' }).click();
  const line = (fact: string) => page.getByRole('group', { name: fact });
  await line('Label of the contact').nth(1).getByLabel('Fact').selectOption('Country of the number');
  await line('Country of the number').getByLabel('Value').selectOption('Portugal');
  await expect.poll(() => total.textContent()).toBe('1');
  await page.getByRole('button', { name: 'Condition', exact: true }).first().click();
  await line('Label of the contact').nth(1).getByLabel('Fact').selectOption('Shop');
  await line('Shop').getByLabel('Comparison').selectOption('is one of');
  await line('Shop').getByLabel('Add a value').selectOption('Almada');
  await line('Shop').getByLabel('Add a value').selectOption('Chiado');
  await line('Shop').getByRole('button', { name: 'Remove Chiado' }).click();
  await expect.poll(() => total.textContent()).toBe('2');
  await page
    .getByRole('row', { name: /Bruno Reis/ })
    .getByText('Shop is one of Almada')
    .waitFor();
  await page
    .getByRole('row', { name: /Ana Souza/ })
    .getByText('Country of the number is Portugal')
    .waitFor();
  await page.getByText('3 of 30 conditions, 2 of 3 levels').waitFor();
  await page.getByText('Can be written to').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  // Who goes elsewhere is asked first.
  await page.getByRole('link', { name: 'Back to the segments' }).click();
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await dialog.getByLabel('Name').fill('Collectors');
  await dialog.getByRole('button', { name: 'Save the segment' }).click();
  await said(page, 'Collectors is saved.');
  await page.waitForURL(/segments\/seg_/);
  expect((await segments())[0].filter.match).toMatchObject({
    all: [
      { field: 'label' },
      {
        any: [
          { field: 'country', value: 'PT' },
          { field: 'field:shop', value: ['Almada'] },
        ],
      },
    ],
  });

  await page.getByText(/^As many as on/).waitFor();
  await line('Shop').getByRole('button', { name: 'Remove the condition' }).click();
  await expect.poll(() => total.textContent()).toBe('1');
  await page.getByRole('button', { name: 'Save' }).click();
  await said(page, 'The segment is saved.');
  await page.getByRole('link', { name: 'See all' }).click();
  await page.getByRole('button', { name: 'Collectors', pressed: true }).waitFor();
  const rows = page
    .getByRole('region', { name: 'Contacts' })
    .getByRole('row')
    .filter({ has: page.getByRole('link') });
  await expect.poll(() => rows.count()).toBe(1);
  expect(visitor.mistakes).toEqual([]);
});

test('keeps people as a list, adds more, leaves the list out, and deletes both', async () => {
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  const [{ id }] = await segments();
  await visitor.goto(`/contacts/segments/${id}`);
  const total = page.getByRole('status').locator('.text-28');
  await page.getByRole('button', { name: 'Actions for Collectors' }).click();
  await page.getByRole('menuitem', { name: 'Keep these people as a list' }).click();
  await dialog.getByLabel('Name').fill('Staff');
  await dialog.getByRole('button', { name: 'Keep as a list' }).click();
  await page.getByRole('heading', { name: 'Staff', level: 1 }).waitFor();
  await expect.poll(() => total.textContent()).toBe('1');

  await visitor.goto('/contacts');
  await page.getByRole('checkbox', { name: 'Choose Chidinma' }).check();
  await page.getByRole('button', { name: 'Add to a list' }).click();
  await page.getByRole('menuitem', { name: 'Staff' }).click();
  await said(page, '1 contact came into the list.');

  await visitor.goto('/contacts/segments/new');
  await page.getByRole('button', { name: 'Segment or list' }).click();
  await page.getByRole('menuitem', { name: 'Staff' }).click();
  await page.getByText('List, 2 people fit here').waitFor();
  await expect.poll(() => total.textContent()).toBe('1');
  await page.getByRole('button', { name: 'Save' }).click();
  await dialog.getByLabel('Name').fill('collectors');
  await dialog.getByRole('button', { name: 'Save the segment' }).click();
  await dialog.getByText('Another segment or list has this name.').waitFor();
  await dialog.getByLabel('Name').fill('Customers');
  await dialog.getByRole('button', { name: 'Save the segment' }).click();
  await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor();

  // Somebody else changes it meanwhile.
  const customers = (await segments()).find(({ name }: { name: string }) => name === 'Customers');
  const match = { all: [{ field: 'name', op: 'contains', value: 'b' }] };
  await scenario.api('PATCH', `/api/v1/segments/${customers.id}`, { filter: { match } });
  await page.getByRole('button', { name: 'Leave out Staff no more' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await said(page, 'Somebody else changed the segment meanwhile.');

  await visitor.goto('/contacts/segments?kind=list');
  await page.getByRole('row', { name: /Staff/ }).getByText('2').waitFor();
  await page.getByRole('button', { name: 'Actions for Staff' }).click();
  await page.getByRole('menuitem', { name: 'Delete the list' }).click();
  await dialog.getByRole('button', { name: 'Delete the list' }).click();
  await said(page, 'Staff is deleted.');
  await page.getByText('No lists yet').waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test.each(looks)('reads well for everybody: %o', async look => {
  const other = await visit(scenario, look);
  await logIn(other);
  for (const path of [
    '/contacts/segments',
    '/contacts/segments/new',
    `/contacts/segments/${(await segments())[0].id}`,
  ]) {
    await other.page.goto(`${addressOf(scenario)}${path}`);
    expect([path, await accessibilityProblems(other.page)]).toEqual([path, []]);
    const width = await other.page.evaluate('document.documentElement.scrollWidth');
    expect([path, width]).toEqual([path, look.width]);
  }
  expect(other.mistakes).toEqual([]);
  await other.close();
});
