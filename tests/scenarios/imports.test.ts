// Imports of contacts from CSV files: what is detected, what is checked, what becomes of each row, and the undo.
import { type Contact, contactPage, importRowSchema } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logIsOpen } from '../setup/event-log.ts';
import { checked, done, rowsOf, uploaded } from '../setup/import-files.ts';
import type { Scenario } from '../setup/scenario.ts';
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
    expect(types.filter(type => type.startsWith('import.')).sort()).toEqual([
      'import.checked',
      'import.checked',
      'import.finished',
      'import.started',
    ]);
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
