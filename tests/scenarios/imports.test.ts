// Imports of contacts from CSV files: what is detected, what is checked, what becomes of each row, and the undo.
import { type Contact, contactPage, idExamples, importRowSchema } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { logIsOpen } from '../setup/event-log.ts';
import { checked, done, imported, importOf, inState, rowsOf, uploadCsv, uploaded } from '../setup/import-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
  for (const body of [
    { key: 'shop', name: 'Favourite shop', type: 'choice', choices: ['Chiado', 'Almada'] },
    { key: 'born', name: 'Birthday', type: 'date' },
    { key: 'points', name: 'Points', type: 'number' },
  ])
    expect((await api('POST', '/contact-fields', body)).status).toBe(201);
});
afterAll(() => scenario.close());

const api = (method: string, path: string, body?: unknown) => scenario.api(method, `/api/v1${path}`, body);
const withPhone = async (phone: string): Promise<Contact | undefined> =>
  contactPage.parse((await api('GET', `/contacts?phone=${encodeURIComponent(phone)}`)).body).data[0];
/** The types of the events after one of the log. */
const typesAfter = async (event: string): Promise<string[]> => {
  await logIsOpen(scenario);
  const { body } = await api('GET', `/events?limit=1000&after=${event}`);
  return body.data.map(({ type }: { type: string }) => type);
};
const latestEvent = async (): Promise<string> => {
  await logIsOpen(scenario);
  return (await api('GET', '/events?after=latest')).body.last_id;
};

/** Of a shop in Brazil, as an old spreadsheet saves it. */
const shopFile = (tag: string) =>
  Buffer.from(
    [
      'Nome;Telemóvel;Loja;Etiquetas;Aniversário;Pontos;Sair',
      `Ana Souza ${tag};11987650001;chiado;collector, Newsletter;14/03/1990;1,5;`,
      `João ${tag};(11) 98765-0002;Almada;newsletter;;;sim`,
      `Carla ${tag};119876-4;;;;;`,
      ';;;;;7;',
      `Hélène ${tag};5,51199E+12;;;;;`,
      `Duarte ${tag};11987650001;Chiado;;;20;`,
      `Rita ${tag};+351 912 345 678;Porto;;;;`,
    ].join('\r\n'),
    'latin1',
  );
const shopColumns = [
  { column: 3, target: 'fields.shop' },
  { column: 5, target: 'fields.born' },
  { column: 6, target: 'fields.points' },
  { column: 7, target: 'opt_out' },
];
const settings = { columns: shopColumns, default_country: 'BR', dates: 'dmy', if_known: 'replace' };

describe('a file', () => {
  test('is detected, checked, mended, run and undone', async () => {
    const known = (await api('POST', '/contacts', { name: 'Johnny', phone: '+5511987650002' })).body;
    const first = await uploaded(scenario, shopFile('one'));
    expect(first).toMatchObject({
      state: 'uploaded',
      file: { encoding: 'windows-1252', delimiter: 'semicolon', header: true, stored: true },
      counts: { rows: 7 },
    });
    expect(first.columns.map(({ name, target }) => [name, target])).toEqual([
      ['Nome', 'name'],
      ['Telemóvel', 'phone'],
      ['Loja', 'leave_out'],
      ['Etiquetas', 'labels'],
      ['Aniversário', 'leave_out'],
      ['Pontos', 'leave_out'],
      ['Sair', 'leave_out'],
    ]);
    const began = await latestEvent();
    const ready = await checked(scenario, first.id, settings);
    expect(ready.counts).toMatchObject({ new: 1, known: 1, duplicate: 1, invalid: 4, rows: 7 });
    expect(ready.new_labels.sort()).toEqual(['Newsletter', 'collector']);
    const rows = await rowsOf(scenario, first.id);
    expect(rows.map(({ row, fate, code }) => [row, fate, code])).toEqual([
      [2, 'duplicate', 'later_row'],
      [3, 'known', null],
      [4, 'invalid', 'phone_too_short'],
      [5, 'invalid', 'nobody_named'],
      [6, 'invalid', 'phone_scientific'],
      [7, 'new', null],
      [8, 'invalid', 'field_invalid'],
    ]);
    expect(rows[2]).toMatchObject({ column: 2, cells: expect.arrayContaining(['119876-4']), name: 'Carla one' });
    expect(rows[6]?.message).toContain('Chiado, Almada');
    const { body: preview } = await api('GET', `/imports/${first.id}/preview`);
    expect(preview.data).toEqual(rows);
    expect(await withPhone('+5511987650001')).toBeUndefined();

    const bad = await api('GET', `/imports/${first.id}/bad-rows`);
    expect(bad.text.split('\r\n')[0]).toBe(
      '"Nome";"Telemóvel";"Loja";"Etiquetas";"Aniversário";"Pontos";"Sair";"error"',
    );
    expect(bad.text.split('\r\n')).toHaveLength(6);
    const mended = await api('PATCH', `/imports/${first.id}/rows/8`, { cells: [{ column: 3, value: 'Almada' }] });
    expect(importRowSchema.parse(mended.body)).toMatchObject({
      fate: 'new',
      phone: '+351912345678',
      fields: { shop: 'Almada' },
    });
    expect((await api('PATCH', `/imports/${first.id}/rows/8`, { cells: [{ column: 3, value: '' }] })).status).toBe(404);
    // Other settings read the rows again, and keep what was mended.
    const again = await checked(scenario, first.id, { create_labels: true, opt_out_category: 'all' });
    expect(again.counts).toMatchObject({ new: 2, known: 1, duplicate: 1, invalid: 3 });

    const finished = await done(scenario, first.id, 'run');
    expect(finished).toMatchObject({
      counts: { created: 2, updated: 1, duplicate: 1, invalid: 3, new: 0, known: 0 },
      file: { stored: false },
      progress: null,
    });
    const duarte = await withPhone('+5511987650001');
    expect(duarte).toMatchObject({ name: 'Duarte one', import_id: first.id, fields: { shop: 'Chiado', points: 20 } });
    expect(duarte?.field_sources.points).toMatchObject({ kind: 'import', id: first.id, name: 'contacts.csv' });
    const joao = await withPhone('+5511987650002');
    expect(joao).toMatchObject({
      id: known.id,
      name: 'João one',
      fields: { shop: 'Almada' },
      labels: [{ name: 'Newsletter' }],
      opted_out: 'all',
      import_id: null,
    });
    const { body: ledger } = await api('GET', `/opt-outs/ledger?contact_id=${known.id}`);
    expect(ledger.data[0]).toMatchObject({ source: 'import', kind: 'out', proof: { contact_import_id: first.id } });
    const types = await typesAfter(began);
    // A slow machine also tells of the progress.
    const ofImports = types.filter(type => type.startsWith('import.') && type !== 'import.progress');
    expect(ofImports.sort()).toEqual(['import.checked', 'import.checked', 'import.finished', 'import.started']);
    expect(types.filter(type => /^(contact|opt_out)\./.test(type))).toEqual([]);

    // Used since, so it stays as it is.
    const { body: rita } = await api('PATCH', `/contacts/${(await withPhone('+351912345678'))?.id}`, {
      name: 'Rita Reis',
    });
    await api('PATCH', `/contacts/${known.id}`, { fields: { shop: 'Chiado' } });
    const undone = await done(scenario, first.id, 'undo');
    expect(undone.counts.restored).toBe(2);
    expect(await withPhone('+5511987650001')).toBeUndefined();
    expect(await withPhone('+351912345678')).toMatchObject({ id: rita.id, name: 'Rita Reis' });
    expect(await withPhone('+5511987650002')).toMatchObject({
      name: 'Johnny',
      fields: { shop: 'Chiado' },
      labels: [],
      opted_out: null,
    });
    expect((await api('POST', `/imports/${first.id}/undo`)).body.code).toBe('import_state');
  });
});

describe('a hostile file', () => {
  test('gets a clear error that names its row and a remedy, and leaves nothing', async () => {
    const before = (await api('GET', '/imports')).body.page.total;
    const wide = Array.from({ length: 10_000 }, (_, n) => `c${n}`).join(',');
    for (const [content, status, code, says] of [
      ['name,phone\nA\u0000,1', 400, 'import_file_unreadable', 'Row 2 has the character NUL'],
      [
        Buffer.from('name,phone\nAna,+351912345678', 'utf16le'),
        400,
        'import_file_unreadable',
        'UTF-16 without its mark',
      ],
      [`${wide}\n`, 400, 'import_file_unreadable', 'Row 1 has more than 200 columns'],
      [`name\n"${'x'.repeat(1_000_000)}`, 400, 'import_file_unreadable', 'Row 2 has a cell with more than 65536'],
      ['name,"phone\nAna,1\n', 400, 'import_file_unreadable', 'Line 1 has a quote that is not closed'],
      ['', 400, 'import_file_unreadable', 'no rows'],
      ['name,phone\n', 400, 'import_file_unreadable', 'no rows below'],
      [Buffer.alloc(51 * 1024 * 1024, 'x'), 413, 'import_too_large', '50 MB'],
    ] as const) {
      const answer = await uploadCsv(scenario, content);
      expect([answer.status, answer.body?.code, answer.body?.detail]).toEqual([
        status,
        code,
        expect.stringContaining(says),
      ]);
    }
    for (const [fields, field] of [
      [{ other: 'x' }, 'other'],
      [{ again: 'maybe' }, 'again'],
    ] as const)
      expect((await uploadCsv(scenario, 'name\nA', { fields: { ...fields } })).body.errors[0].field).toBe(field);
    expect((await api('GET', '/imports')).body.page.total).toBe(before);
    expect(await scenario.sql(`select 1 from contact_import where state = 'uploading'`)).toEqual([]);
  });

  test('or the right rows: formulas, several numbers, UTF-16, sep=, ragged rows, one delimiter within quotes', async () => {
    const lines = [
      'sep=|',
      'name|phone|reference|country|language|labels',
      `"=HYPERLINK(""http://example.com"")"|'+351912000001|r1||pt-br|`,
      "'=1+1|00351 912 000 002|||PT|=cmd",
      '"two|words"|+351 912 000 003 / +351 912 000 004||||"a, b; A"',
      'arabic|٠٠٣٥١٩١٢٠٠٠٠٠٥||||',
      'wide|\u202a+３５１ ９１２ ０００ ００６\u202c||||',
      'brazil|(11) 98765-0007||Brasil||',
      'nowhere|11 98765-0008||Atlantis||',
      'extra|+351912000009||||x|y|z',
      '|||||',
      'Only a name|||||',
      'by reference||crm-10|||',
      `${'n'.repeat(201)}|+351912000011||||`,
    ];
    const file = Buffer.from(`\ufeff${lines.join('\r\n')}`, 'utf16le');
    const { id, file: facts, columns } = await uploaded(scenario, file);
    expect(facts).toMatchObject({ encoding: 'utf-16le', delimiter: 'pipe', header: true });
    expect(columns.map(({ target }) => target)).toEqual([
      'name',
      'phone',
      'reference',
      'country',
      'language',
      'labels',
    ]);
    await checked(scenario, id, { if_known: 'replace' });
    const rows = await rowsOf(scenario, id);
    expect(rows.map(({ row, fate, code, phone }) => [row, code ?? fate, phone])).toEqual([
      [2, 'new', '+351912000001'],
      [3, 'new', '+351912000002'],
      [4, 'new', '+351912000003'],
      [5, 'new', '+351912000005'],
      [6, 'new', '+351912000006'],
      [7, 'new', '+5511987650007'],
      [8, 'country_unknown', null],
      [9, 'too_many_cells', '+351912000009'],
      [11, 'new', null],
      [12, 'new', null],
      [13, 'name_invalid', '+351912000011'],
    ]);
    expect(rows[0]).toMatchObject({ name: '=HYPERLINK("http://example.com")', language: 'pt_BR', reference: 'r1' });
    expect(rows[1]).toMatchObject({ name: '=1+1', language: 'pt', labels: ['=cmd'] });
    expect(rows[2]).toMatchObject({ name: 'two|words', labels: ['a', 'b'] });
    await done(scenario, id, 'run');
    // The same again is a question. Whom the number or the reference names is known, and a name alone is a person anew.
    const repeated = await uploadCsv(scenario, file);
    expect(repeated).toMatchObject({ status: 409, body: { code: 'import_repeated', last_id: id } });
    const again = await uploaded(scenario, file, { fields: { again: 'true' }, name: 'again.csv' });
    expect((await checked(scenario, again.id, { create_labels: false })).counts).toMatchObject({
      known: 7,
      new: 1,
      invalid: 3,
    });
    expect((await done(scenario, again.id, 'run')).counts).toMatchObject({ unchanged: 7, created: 1 });
    const exported = await api('GET', '/contacts/export?reference=r1');
    expect(exported.text).toContain(`"'=HYPERLINK(""http://example.com"")"`);
  });
});

describe('the settings', () => {
  test('of a wrong request are named, and an import does only what its state allows', async () => {
    const { id } = await uploaded(scenario, 'a;b;c\n1;2;3\n4;5;6');
    for (const [change, field] of [
      [{ columns: [{ column: 4, target: 'name' }] }, 'columns[0].column'],
      [{ columns: [{ column: 1, target: 'fields.nothing' }] }, 'columns[0].target'],
      [
        {
          columns: [
            { column: 1, target: 'phone' },
            { column: 2, target: 'phone' },
          ],
        },
        'columns[1].target',
      ],
      [{ columns: [{ column: 1, target: 'phones' }] }, 'columns[0].target'],
      [{ header: false, columns: [] }, 'columns'],
      [{ columns: [{ column: 1, target: 'name' }], default_country: 'ZZ' }, 'default_country'],
      [{}, 'body'],
    ] as const)
      expect([change, (await api('PATCH', `/imports/${id}`, change)).body.errors?.[0].field]).toEqual([change, field]);
    expect((await api('POST', `/imports/${id}/run`)).body).toMatchObject({
      code: 'import_state',
      detail: expect.stringContaining('PATCH'),
    });
    expect((await api('POST', `/imports/${id}/undo`)).body.code).toBe('import_state');
    // Without names, its first row is one of a contact.
    const ready = await checked(scenario, id, { header: false, columns: [{ column: 1, target: 'name' }] });
    expect(ready).toMatchObject({
      counts: { rows: 3, new: 3 },
      columns: [{ name: null, values: ['a', '1', '4'] }, {}, {}],
    });
    expect((await api('POST', `/imports/${id}/cancel`)).body).toMatchObject({
      state: 'cancelled',
      file: { stored: false },
    });
    expect((await api('PATCH', `/imports/${id}`, { dates: 'dmy' })).body.code).toBe('import_state');
    expect((await api('PATCH', `/imports/${id}/rows/2`, { cells: [{ column: 1, value: 'x' }] })).body.code).toBe(
      'import_state',
    );
    for (const path of [`/imports/${idExamples.contact_import}`, `/imports/${idExamples.contact_import}/rows`])
      expect((await api('GET', path)).body.code).toBe('import_not_found');
  });

  test('fill what is empty, replace or skip; a number that may be meant is suggested', async () => {
    const of = async (if_known: string, more: string) => {
      const file = `phone,name,language,Points\n+351913000001,Other ${if_known},en,${more}\n+351913000002,New ${if_known},,1`;
      return imported(scenario, file, { columns: [{ column: 4, target: 'fields.points' }], if_known });
    };
    const { body: known } = await api('POST', '/contacts', { phone: '+351913000001', name: 'Known' });
    expect((await of('skip', '1')).counts).toMatchObject({ created: 1, skipped: 1 });
    expect(await withPhone('+351913000001')).toMatchObject({ name: 'Known', language: null, fields: {} });
    expect((await of('fill_empty', '7')).counts).toMatchObject({ updated: 1, unchanged: 1 });
    expect(await withPhone('+351913000001')).toMatchObject({ name: 'Known', language: 'en', fields: { points: 7 } });
    expect((await of('replace', '')).counts).toMatchObject({ updated: 2 });
    expect(await withPhone('+351913000001')).toMatchObject({
      id: known.id,
      name: 'Other replace',
      fields: { points: 7 },
      import_id: null,
    });
    const { id } = await uploaded(scenario, 'phone,name\n5511987650009,Ana\n+33600000178,Hélène\n06 00 00 01 77,Paul');
    await checked(scenario, id, { if_known: 'fill_empty' });
    expect((await rowsOf(scenario, id, 'fate=invalid')).map(({ code, suggestion }) => [code, suggestion])).toEqual([
      ['phone_without_country', { phone: '+5511987650009', country: 'BR', contact_id: null }],
      ['phone_without_country', { phone: '+33600000177', country: 'FR', contact_id: null }],
    ]);
    expect((await rowsOf(scenario, id, 'code=phone_scientific')).length).toBe(0);
    await api('POST', `/imports/${id}/cancel`);
  });

  test('make a sample file for a template, and take pasted lines', async () => {
    const sample = await api('GET', '/imports/sample');
    expect(sample.text.split('\r\n')[0]).toBe('"phone","name","language"');
    const pasted = await api('POST', '/imports', { content: sample.text, name: 'pasted' });
    expect(pasted).toMatchObject({ status: 201, body: { name: 'pasted', counts: { rows: 2 } } });
    expect(pasted.body.columns.map(({ target }: { target: string }) => target)).toEqual(['phone', 'name', 'language']);
    await api('POST', `/imports/${pasted.body.id}/cancel`);
    expect((await api('GET', '/imports/sample?template_id=tpl_01k9m3q5w8e7taz4x2c6v0b1nk')).body.code).toBe(
      'template_not_found',
    );
    const listed = (await api('GET', '/imports?limit=1')).body.data[0];
    expect(listed).toEqual(await importOf(scenario, pasted.body.id));
  });
});

test('an erasure deletes the rows of the person, and ends imports whose rows nobody read yet', async () => {
  const finished = await imported(
    scenario,
    'phone,name,reference\n+351914000001,Canary Um,canary-1\n+351914000002,Other,',
    {
      if_known: 'replace',
    },
  );
  const ready = await uploaded(scenario, 'phone,name\n+351914000001,Canary Dois\n+351914000003,Other');
  await checked(scenario, ready.id, { if_known: 'replace' });
  const unread = await uploaded(scenario, 'phone,name\n+351914000001,Canary Três');
  const person = await withPhone('+351914000001');
  await expect.poll(async () => (await api('POST', `/contacts/${person?.id}/erase`)).status).toBe(200);
  expect((await rowsOf(scenario, finished.id)).map(({ name }) => name)).toEqual(['Other']);
  expect((await rowsOf(scenario, ready.id)).map(({ name }) => name)).toEqual(['Other']);
  expect(await importOf(scenario, ready.id)).toMatchObject({
    file: { stored: false },
    columns: [{ values: [] }, { values: [] }],
  });
  expect((await api('PATCH', `/imports/${ready.id}`, { dates: 'dmy' })).body.code).toBe('import_file_gone');
  expect(await importOf(scenario, unread.id)).toMatchObject({ state: 'failed', error: { code: 'import_file_gone' } });
  for (const table of ['contact_import', 'contact_import_row', 'contact_import_part']) {
    const text = table === 'contact_import_part' ? `convert_from(bytes, 'UTF8')` : 't::text';
    const ids = [finished.id, ready.id, unread.id].map(id => toUuid(id));
    const left = await scenario.sql(
      `select 1 from ${table} t where ${table === 'contact_import' ? 'id' : 'import_id'} = any ($1)
        and ${text} ~ 'Canary|canary|351914000001'`,
      [ids],
    );
    expect([table, left]).toEqual([table, []]);
  }
  expect((await done(scenario, ready.id, 'run')).counts).toMatchObject({ created: 1 });
  await inState(scenario, ready.id, 'finished');
});

test('after 7 days the rows and the values are gone, the counts stay, and nothing can be undone', async () => {
  const later = await startScenario({ clock: 'manual' });
  try {
    const { id } = await imported(later, 'phone,name\n+351915000001,Ana', { if_known: 'replace' });
    const waiting = await uploaded(later, 'phone,name\n+351915000002,Bea');
    await later.advance(7 * 24 * 3_600_000 - 1_000);
    expect(await rowsOf(later, id)).toHaveLength(1);
    await later.advance(3_600_000);
    expect(await rowsOf(later, id)).toEqual([]);
    expect(await importOf(later, id)).toMatchObject({
      state: 'finished',
      counts: { created: 1 },
      columns: [{ name: 'phone', values: [] }, { values: [] }],
    });
    expect((await later.api('POST', `/api/v1/imports/${id}/undo`)).body.code).toBe('import_undo_over');
    expect(await importOf(later, waiting.id)).toMatchObject({ state: 'cancelled', file: { stored: false } });
    expect(await later.sql('select 1 from contact_import_part')).toEqual([]);
  } finally {
    await later.close();
  }
});

test('one who may not import, or is limited to some accounts, does not', async () => {
  const { id } = await uploaded(scenario, 'phone,name\n+351916000001,Ana');
  const limits = { account_ids: [scenario.account.id] };
  for (const [body, status] of [
    [{ name: 'No import', scopes: ['contacts.manage', 'contacts.read'] }, 403],
    [{ name: 'Some accounts', scopes: ['contacts.import'], ...limits }, 403],
    [{ name: 'Import', scopes: ['contacts.import'] }, 200],
  ] as const) {
    const { body: key } = await api('POST', '/keys', body);
    const answers = await Promise.all(
      ['', `/${id}`, `/${id}/rows`, `/${id}/preview`, `/${id}/bad-rows`, '/sample'].map(path =>
        scenario.as(key.key)('GET', `/api/v1/imports${path}`),
      ),
    );
    expect([body.name, answers.map(answer => answer.status)]).toEqual([body.name, Array(6).fill(status)]);
    if (status === 403)
      for (const action of ['run', 'cancel', 'undo'])
        expect((await scenario.as(key.key)('POST', `/api/v1/imports/${id}/${action}`)).status).toBe(403);
  }
  expect((await importOf(scenario, id)).state).toBe('uploaded');
});
