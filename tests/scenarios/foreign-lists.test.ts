// Lists of other programs come in, go out and come in again: the same people, and no row is mended by hand.
import { type Contact, contactPage, csvText } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvReader } from '../../server/kit/text/csv-reader.ts';
import { type ForeignFile, foreignFiles } from '../setup/foreign-files.ts';
import { checked, done, importOf, rowsOf, uploadCsv, uploaded } from '../setup/import-files.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let here: Scenario;
let elsewhere: Scenario;
beforeAll(async () => {
  here = await openWorkspace();
  elsewhere = await openWorkspace();
});
afterAll(async () => {
  await here.close();
  await elsewhere.close();
});

const api = (scenario: Scenario, method: string, path: string, body?: unknown) =>
  scenario.api(method, `/api/v1${path}`, body);

/** The contacts of a workspace with a number, and of one import where it is given. */
async function peopleOf(scenario: Scenario, importId?: string): Promise<ForeignFile['people']> {
  const { data } = contactPage.parse((await api(scenario, 'GET', '/contacts?limit=100')).body);
  const those = data.filter(
    ({ phone, import_id: own }) => phone !== null && (importId === undefined || own === importId),
  );
  return Object.fromEntries(
    those.map(({ phone, name, labels }: Contact) => [
      phone,
      { name, ...(labels.length > 0 && { labels: labels.map(each => each.name).sort() }) },
    ]),
  );
}

const sorted = (people: ForeignFile['people']) =>
  Object.fromEntries(
    Object.entries(people).map(([phone, { name, labels }]) => [
      phone,
      { name, ...(labels && { labels: [...labels].sort() }) },
    ]),
  );

/** Takes a file in as a person does who presses three buttons. */
async function takenIn(scenario: Scenario, content: string | Buffer, name: string) {
  const { id } = await uploaded(scenario, content, { name });
  const ready = await checked(scenario, id, { if_known: 'fill_empty' });
  if (ready.counts.suggested > 0)
    expect((await api(scenario, 'POST', `/imports/${id}/take-suggestions`)).status).toBe(200);
  const before = await importOf(scenario, id);
  expect(before.counts.new + before.counts.known).toBe(
    ready.counts.new + ready.counts.known + ready.counts.suggested_new + ready.counts.suggested_known,
  );
  return { ready, finished: await done(scenario, id, 'run') };
}

test.each(foreignFiles.map(file => [file.program, file] as const))('%s', async (_, file) => {
  const { ready, finished } = await takenIn(here, file.content, file.name);
  expect(ready.counts).toMatchObject({ suggested: file.suggested, invalid: file.suggested + file.lost.length });
  const lost = await rowsOf(here, finished.id, 'fate=invalid');
  expect(lost.map(({ code }) => code)).toEqual(file.lost);
  for (const { message } of lost) expect(message).toContain('digits are lost');
  expect(await peopleOf(here, finished.id)).toEqual(sorted(file.people));
});

test('all of them go out, and come in again', async () => {
  const all = Object.assign({}, ...foreignFiles.map(({ people }) => sorted(people)));
  const { text } = await api(here, 'GET', '/contacts/export');
  // Each number is one that other programs read.
  for (const phone of Object.keys(all)) expect(text).toContain(`"${phone}"`);
  // In again where nobody is known, and where all are.
  const moved = await takenIn(elsewhere, text, 'contacts.csv');
  expect(moved.ready.counts).toMatchObject({ invalid: 0, suggested: 0 });
  expect(await peopleOf(elsewhere)).toEqual(all);
  const { finished } = await takenIn(here, text, 'contacts.csv');
  expect(finished.counts).toMatchObject({ unchanged: Object.keys(all).length, created: 0, updated: 0, invalid: 0 });
});

test('an export names also those without a number again, and disarms formulas only', async () => {
  const names = ['=1+1', '-Ana', '＝x', 'Silva; -Ana', "'=quoted", '\tTab', '@ana'];
  for (const name of names) expect((await api(here, 'POST', '/contacts', { name })).status).toBe(201);
  const { text } = await api(here, 'GET', '/contacts/export');
  const reader = csvReader(',', { columns: 100, cell: 10_000, row: 100_000 });
  const rows = [...reader.push(text), ...reader.end()].map(({ cells }) => cells);
  const at = rows[0]?.indexOf('name') ?? -1;
  const cells = rows.slice(1).map(row => row[at] ?? '');
  for (const cell of cells) expect(cell).not.toMatch(/^\s*[=@＝+-]/);
  expect(cells.map(csvText)).toEqual(expect.arrayContaining(names));
  const { finished } = await takenIn(here, text, 'contacts.csv');
  expect(finished.counts).toMatchObject({ created: 0, updated: 0, unchanged: rows.length - 1 });
});

describe('numbers without +', () => {
  const lines = [
    'name,phone',
    'Home 1,+5511988880011',
    'Home 2,+5511988880012',
    'Ravi,919812345679',
    'Norway or Joinville,4791234567',
    'Ravi again,919812345679',
    'Too short,123',
  ].join('\n');

  test('with one reading are taken together, and those with two stay apart', async () => {
    const { id } = await uploaded(here, lines);
    const ready = await checked(here, id, { if_known: 'fill_empty' });
    expect(ready.counts).toMatchObject({ new: 2, invalid: 4, suggested: 2, two_readings: 1, suggested_new: 1 });
    const [unclear] = await rowsOf(here, id, 'suggestion=two_readings');
    expect(unclear).toMatchObject({
      row: 5,
      code: 'phone_two_readings',
      suggestion: null,
      readings: [
        { phone: '+4791234567', country: 'NO' },
        { phone: '+5547991234567', country: 'BR' },
      ],
    });
    expect((await rowsOf(here, id, 'suggestion=certain')).map(({ row }) => row)).toEqual([4, 6]);
    expect((await rowsOf(here, id, 'suggestion=none')).map(({ row }) => row)).toEqual([7]);
    const { body } = await api(here, 'POST', `/imports/${id}/take-suggestions`);
    expect(body.counts).toMatchObject({ new: 3, duplicate: 1, invalid: 2, suggested: 0, two_readings: 1 });
    // Taken rows stay so when other settings check the file again.
    expect((await checked(here, id, { if_known: 'skip' })).counts).toMatchObject({ new: 3, duplicate: 1, invalid: 2 });
    const chosen = await api(here, 'PATCH', `/imports/${id}/rows/5`, { cells: [{ column: 2, value: '+4791234567' }] });
    expect(chosen.body).toMatchObject({ fate: 'new', phone: '+4791234567' });
    expect((await done(here, id, 'run')).counts).toMatchObject({ created: 4, duplicate: 1, invalid: 1 });
    expect((await api(here, 'POST', `/imports/${id}/take-suggestions`)).body.code).toBe('import_state');
  });

  test('all have their country code where the person says so', async () => {
    const { id } = await uploaded(elsewhere, lines);
    const ready = await checked(elsewhere, id, { numbers_have_country_code: true });
    expect(ready).toMatchObject({
      numbers_have_country_code: true,
      counts: { new: 4, duplicate: 1, invalid: 1, suggested: 0, two_readings: 0 },
    });
    await api(elsewhere, 'POST', `/imports/${id}/cancel`);
  });

  test('of a known contact say whose they are', async () => {
    const { body: known } = await api(here, 'POST', '/contacts', { name: 'Known', phone: '+33612345690' });
    const { id } = await uploaded(here, 'name,phone\nSame,33612345690\nOther,33612345691');
    const ready = await checked(here, id, { if_known: 'fill_empty' });
    expect(ready.counts).toMatchObject({ suggested: 2, suggested_known: 1, suggested_new: 1, suggested_contacts: 1 });
    expect(await rowsOf(here, id, 'suggestion=known')).toMatchObject([
      { row: 2, suggestion: { phone: '+33612345690', country: 'FR', contact_id: known.id } },
    ]);
    await api(here, 'POST', `/imports/${id}/cancel`);
  });
});

test('a broken quote is an error of its lines, and nobody disappears', async () => {
  const { id } = await uploaded(
    here,
    [
      'name,phone,note',
      '"A,+351912000114,',
      'B "quoted" x,+351912000115,',
      '"C "quoted" x",+351912000116,',
      '"D\nnext line",+351912000117,',
      'E,+351912000118,"a note\nof two lines"',
      'F,+351912000119,"never closed',
      'G,+351912000120,',
    ].join('\n'),
  );
  const ready = await checked(here, id, { if_known: 'fill_empty' });
  expect(ready.counts).toMatchObject({ rows: 7, new: 2, invalid: 5 });
  const bad = await rowsOf(here, id, 'fate=invalid');
  expect(bad.map(({ row, code, message }) => [row, code, message])).toEqual([
    [2, 'quote_not_closed', 'Line 2: a quote is not closed. Lines 2 to 3 are left out.'],
    [3, 'quote_not_closed', 'Line 2: a quote is not closed. Lines 2 to 3 are left out.'],
    [4, 'text_after_quote', 'Line 4: text follows a closing quote. Write "" for a quote inside.'],
    [5, 'line_break', expect.stringContaining('The name has a line break')],
    [7, 'quote_not_closed', 'Line 9: a quote is not closed.'],
  ]);
  const file = await api(here, 'GET', `/imports/${id}/bad-rows`);
  for (const lost of ['+351912000114', '+351912000115', '+351912000116', '+351912000117', '+351912000119'])
    expect(file.text).toContain(lost);
  // One is mended in its place.
  const mended = await api(here, 'PATCH', `/imports/${id}/rows/2`, { cells: [{ column: 1, value: 'A' }] });
  expect(mended.body).toMatchObject({ fate: 'new', name: 'A', phone: '+351912000114' });
  expect((await done(here, id, 'run')).counts).toMatchObject({ created: 3 });
});

test('a file that was uploaded and never run leads to its import, and one that ran asks', async () => {
  const content = 'name,phone\nOnce,+351912000200';
  const first = await uploaded(here, content);
  const open = await uploadCsv(here, content);
  expect(open).toMatchObject({ status: 409, body: { code: 'import_open', last_id: first.id } });
  const second = await uploaded(here, content, { fields: { again: 'true' } });
  await api(here, 'POST', `/imports/${second.id}/cancel`);
  await checked(here, first.id, { if_known: 'fill_empty' });
  expect((await uploadCsv(here, content)).body).toMatchObject({ code: 'import_open', last_id: first.id });
  await done(here, first.id, 'run');
  expect((await uploadCsv(here, content)).body).toMatchObject({ code: 'import_repeated', last_id: first.id });
});
