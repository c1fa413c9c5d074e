// The import of contacts in a browser: a file, its columns, its check, mended rows, the run, and the undo.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { goodPassword, join, logIn as logInByApi } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { accessibilityProblems, addressOf, closeBrowser, logIn, said, type Visitor, visit } from './browser.ts';

let scenario: Scenario;
let visitor: Visitor;
beforeAll(async () => {
  scenario = await startScenario();
  const field = { key: 'favourite_shop', name: 'Favourite shop', type: 'text' };
  await scenario.api('POST', '/api/v1/contact-fields', field);
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

/** As Excel writes it in Portugal. */
const customers = Buffer.from(
  [
    'Nome;Telemóvel;Loja;Etiquetas;NIF',
    'Inês Duarte;912345678;Chiado;collector,newsletter;245',
    'Bruno Reis;+351 912 000 111;Almada;newsletter;198',
    'Marc Petit;+33 6 98 76 54 32;;;200',
    'Carla Mota;9198;Chiado;;201',
    'Hélène Dupont;06 12 34 56 78;;;202',
    'Duarte Sá;21;;;203',
  ].join('\r\n'),
  'latin1',
);

/** Chooses a file on the page of the upload. */
const choose = (name: string, buffer: Buffer) =>
  visitor.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });

/** Chooses in a list by what it finds for a text. */
async function pick(label: string, text: string): Promise<void> {
  const field = visitor.page.getByRole('combobox', { name: label, exact: true });
  await field.click();
  await field.fill(text);
  await field.press('Enter');
}

/** Axe on the page at the width of a phone, in both themes; the bar at the end covers nothing there. */
async function problemsOnPhone(): Promise<string[]> {
  const { page } = visitor;
  const problems: string[] = [];
  await page.setViewportSize({ width: 390, height: 844 });
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    problems.push(...(await accessibilityProblems(page)).map(problem => `${colorScheme} ${problem}`));
    const over = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
    if (over > 0) problems.push(`runs over the edge by ${over} px`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return problems;
}

test('imports a file to the end, with a row mended and one downloaded, and undoes it', async () => {
  const { page } = visitor;
  await scenario.api('POST', '/api/v1/contacts', { name: 'Bruno', phone: '+351912000111' });
  await visitor.goto('/contacts');
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  // A file that cannot be read names the row, and the page takes another.
  await choose('broken.csv', Buffer.from('name,phone\nAna,\u0000'));
  await page.getByText('The file was not taken.').waitFor();
  expect(await problemsOnPhone()).toEqual([]);
  await choose('clientes.csv', customers);

  // The columns: some are guessed, the others are chosen.
  await page.waitForURL(/\/contacts\/import\/imp_/);
  await page.getByText('Windows-1252, semicolons, heading in row 1').waitFor();
  const column = (name: string) => page.getByRole('combobox', { name: `${name} becomes` });
  expect(await column('Nome').inputValue()).toBe('Name');
  await pick('Loja becomes', 'favourite');
  expect(await column('Loja').inputValue()).toBe('Field: Favourite shop');
  await pick('NIF becomes', 'campaigns');
  expect(await column('NIF').inputValue()).toBe('Keep for campaigns');
  await pick('Country of numbers without a country code', 'portug');
  expect(await column('Telemóvel').inputValue()).toBe('Phone, country Portugal +351');
  expect(await problemsOnPhone()).toEqual([]);
  await page.getByRole('button', { name: 'Check the file' }).click();

  // The check: counts before anything is written.
  await page.getByRole('button', { name: 'Import 3 contacts' }).waitFor();
  await page.getByText('New labels: collector and newsletter.').waitFor();
  await page.getByRole('region', { name: '2 rows cannot be read' }).waitFor();
  await page.getByRole('row', { name: /Hélène Dupont.*\+33 6 12 34 56 78.*France/ }).waitFor();
  expect(await problemsOnPhone()).toEqual([]);
  const preview = page.getByRole('region', { name: 'The first rows, as they will be' });
  await preview.getByRole('row', { name: /Inês Duarte.*\+351 912 345 678.*245.*Chiado.*New/ }).waitFor();
  await preview.getByRole('row', { name: /Bruno Reis.*Known/ }).waitFor();
  expect(await contact('Inês Duarte')).toBeUndefined();

  // Mended in place: by hand, and by taking the number that is meant. A wrong one stays, with its cause.
  const cell = page.getByRole('textbox', { name: 'Telemóvel in row 5' });
  const checked = page.waitForResponse(answer => answer.request().method() === 'PATCH');
  await cell.fill('91980');
  await cell.press('Enter');
  await checked;
  await expect.poll(() => cell.getAttribute('aria-busy')).toBe(null);
  await cell.fill('919 800 100');
  await cell.press('Enter');
  await said(page, 'Row 5 is mended.');
  await page.getByRole('button', { name: 'Take the number of row 6' }).click();
  await page.getByRole('button', { name: 'Import 5 contacts' }).waitFor();
  const rest = page.getByRole('link', { name: 'Download it' });
  const file = await page.request.get(`${addressOf(scenario)}${await rest.getAttribute('href')}`);
  const lines = (await file.text()).trim().split(/\r?\n/);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('error');
  expect(lines[1]).toContain('Duarte Sá');

  // A choice for known contacts is saved at once; the check counts again.
  await page.getByLabel('If a contact is known').selectOption('replace');
  await page.getByText('will be updated').waitFor();
  await page.getByRole('button', { name: 'Import 5 contacts' }).click();
  await page.getByRole('button', { name: 'Undo the import' }).waitFor();
  expect(await contact('Inês Duarte')).toMatchObject({
    phone: '+351912345678',
    fields: { favourite_shop: 'Chiado' },
    labels: [{ name: 'collector' }, { name: 'newsletter' }],
  });
  expect(await contact('Bruno')).toMatchObject({ name: 'Bruno Reis', fields: { favourite_shop: 'Almada' } });

  // The rows by their fate; the address keeps the filter.
  await page.getByRole('button', { name: /^Changed/ }).click();
  await page.waitForURL(/fate=updated/);
  await page.reload();
  const rows = page.getByRole('region', { name: 'Rows of the file' }).locator('tbody tr');
  await expect.poll(() => rows.allTextContents()).toEqual([expect.stringContaining('Bruno Reis')]);
  expect(await problemsOnPhone()).toEqual([]);

  // The same file again: the page asks, and leads to the earlier import. Of the second one nothing stays.
  const again = page.getByRole('dialog', { name: 'Import clientes.csv again?' });
  await visitor.goto('/contacts/import');
  await choose('clientes.csv', customers);
  await again.getByText('The same file was imported on').waitFor();
  await again.getByRole('button', { name: 'Import it again' }).click();
  await page.getByRole('button', { name: 'Discard the file' }).click();
  await page.getByRole('row', { name: /clientes\.csv.*Stopped/ }).waitFor();
  await page.getByRole('link', { name: 'Import contacts' }).click();
  await choose('clientes.csv', customers);
  await again.getByRole('link', { name: 'Open that import' }).click();

  await page.getByRole('button', { name: 'Undo the import' }).click();
  const dialog = page.getByRole('dialog', { name: 'Undo the import of clientes.csv?' });
  await dialog.getByText('4 contacts that it added are deleted').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Undo the import' }).click();
  await page.getByText('The import is undone.').waitFor();
  await expect.poll(() => contact('Inês Duarte')).toBeUndefined();
  expect(await contact('Bruno')).toMatchObject({ name: 'Bruno', fields: {} });
  expect(visitor.mistakes).toEqual([]);
});

test('takes all numbers that are certain with one press, and leaves those with two readings to choose', async () => {
  const { page } = visitor;
  const lines = [
    '"Name","Phone Number","Mobile Phone Number"',
    '"Home 1","","+5511988880011"',
    '"Home 2","","+5511988880012"',
    '"Ravi Kumar","","919812345678"',
    '"Claire Petit","33612345679",""',
    '"Norway or Joinville","","4791234567"',
    '"B "quoted" x","","+5511988880013"',
  ].join('\n');
  await scenario.api('POST', '/api/v1/contacts', { name: 'Claire', phone: '+33612345679' });
  await visitor.goto('/contacts/import');
  await choose('whatsapp-export.csv', Buffer.from(lines));
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByText('2 of 6 rows have a number that can be completed.').waitFor();
  await page.getByText('2 fit now, 2 are certain, 1 to choose').waitFor();
  const row = page.getByRole('row', { name: /Ravi Kumar.*919812345678.*\+91 98123 45678.*India/ });
  await row.getByRole('button', { name: 'Take the number of row 4' }).waitFor();
  await page.getByText('“Mobile Phone Number” is taken.').waitFor();
  await page
    .getByRole('region', { name: '1 row cannot be read' })
    .getByText('Line 7: text follows a closing quote.')
    .waitFor();
  expect(await problemsOnPhone()).toEqual([]);
  await page.getByRole('button', { name: /^A contact already/ }).click();
  await page.getByRole('row', { name: /Claire Petit.*France · A contact already/ }).waitFor();
  await expect.poll(() => row.count()).toBe(0);
  await page.getByRole('button', { name: /^All/ }).click();
  await page.getByRole('button', { name: /Norway$/ }).click();
  await said(page, 'Row 6 is mended.');
  // The same file once more leads here: it was not run.
  await visitor.goto('/contacts/import');
  await choose('whatsapp-export.csv', Buffer.from(lines));
  await said(page, 'This file is uploaded already, and was not imported yet. Go on here.');
  await page.getByRole('button', { name: 'Take 2 and import 5' }).click();
  await page.getByRole('button', { name: 'Undo the import' }).waitFor();
  expect(await contact('Ravi Kumar')).toMatchObject({ phone: '+919812345678' });
  expect(await contact('Norway or Joinville')).toMatchObject({ phone: '+4791234567' });
  expect(visitor.mistakes).toEqual([]);
});

test('pasted rows are a file, which is read as the person says', async () => {
  const { page } = visitor;
  await visitor.goto('/contacts/import');
  await page.getByRole('button', { name: 'Go on with these rows' }).click();
  await page.getByText('Paste at least one row.').waitFor();
  const rows = page.getByLabel('Rows', { exact: true });
  await rows.fill('name,"phone\nAna,+5511987654321');
  await page.getByRole('button', { name: 'Go on with these rows' }).click();
  await expect.poll(() => rows.getAttribute('aria-invalid')).toBe('true');
  await rows.fill('Ana Souza|+5511987654321\nBia Nakamura|+5511977770190');
  await page.getByRole('button', { name: 'Go on with these rows' }).click();
  await page.waitForURL(/\/contacts\/import\/imp_/);
  // The first row is a contact, and the person says so.
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByLabel('First row').selectOption('A contact');
  await page.getByRole('button', { name: 'Read it like this' }).click();
  await page.getByText('no heading').waitFor();
  await pick('Column 1 becomes', 'phone');
  await pick('Column 2 becomes', 'phone');
  await page.getByRole('button', { name: 'Check the file' }).click();
  // The server says at which column: two cannot be the phone.
  await page.getByRole('alert').first().waitFor();
  await pick('Column 1 becomes', 'name');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('button', { name: 'Import 2 contacts' }).waitFor();
  expect(visitor.mistakes).toEqual([]);
});

test('shows a run that goes on after a reload, also of an import that somebody else began', async () => {
  const { page } = visitor;
  const { email } = await join(scenario, 'admin');
  const { access_token: token } = (await logInByApi(scenario, email, { password: goodPassword })).body;
  const form = new FormData();
  form.append('name', 'clients.csv');
  form.append('file', new Blob(['name,phone\nBruno Reis,+351912000111\nEva,+351912000112\n']), 'clients.csv');
  const headers = { authorization: `Bearer ${token}` };
  const made = await fetch(`${addressOf(scenario)}/api/v1/imports`, { method: 'POST', headers, body: form });
  expect(made.status).toBe(201);

  await visitor.goto('/contacts/imports');
  await page.getByRole('row', { name: /clients\.csv.*Columns missing.*admin/ }).waitFor();
  expect(await problemsOnPhone()).toEqual([]);
  await page.getByRole('link', { name: 'clients.csv' }).click();
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByLabel('If a contact is known').selectOption('replace');
  await page.getByText('will be updated').waitFor();

  // Somebody else holds the known contact: the run waits for it.
  const { id } = await contact('Bruno');
  const standing = await holdTransaction(scenario, 'select 1 from contact where id = $1 for update', [toUuid(id)]);
  await page.getByRole('button', { name: 'Import 2 contacts' }).click();
  await page.getByRole('progressbar', { name: 'Importing' }).waitFor();
  await page.reload();
  await page.getByRole('progressbar', { name: 'Importing' }).waitFor();
  await page.getByRole('button', { name: 'Stop the import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Go on importing' }).click();
  expect(await problemsOnPhone()).toEqual([]);
  await standing.letGo();
  // Nobody reloads: the events of the import bring its end.
  await page.getByRole('button', { name: 'Undo the import' }).waitFor();
  expect((await contact('Eva')).phone).toBe('+351912000112');
  expect(visitor.mistakes).toEqual([]);
});
