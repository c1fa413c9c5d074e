import { describe, expect, test } from 'vitest';
import { guessTargets, looksLikeHeader } from './guess.ts';
import { labelBook } from './labels.ts';
import { rowReader } from './read-row.ts';

const rules = [
  { key: 'shop', name: 'Favourite shop', type: 'choice' as const, choices: ['Chiado', 'Café'] },
  { key: 'born', name: 'Birthday', type: 'date' as const, choices: null },
  { key: 'points', name: 'Points', type: 'number' as const, choices: null },
  { key: 'vip', name: 'VIP', type: 'yes_no' as const, choices: null },
];

const reader = (targets: string[], settings = {}) =>
  rowReader({
    targets,
    settings: { default_country: null, dates: 'ymd', opt_out_category: 'marketing', ...settings },
    rules,
    labels: labelBook(['Collector'], 197, true),
  });
const field = (key: string, cell: string, settings = {}) => {
  const row = reader(['name', `fields.${key}`], settings)(['Ana', cell], 2);
  return row.code ?? row.fields?.[key];
};

describe('a row', () => {
  test('joins its names, and is known by its number, else by its reference', () => {
    expect(reader(['name', 'name', 'reference'])([' Ana ', 'Souza', 'crm-1'], 2)).toMatchObject({
      name: 'Ana Souza',
      key: 'reference crm-1',
    });
    expect(reader(['name', 'phone', 'reference'])(['Ana', '+351912345678', 'crm-1'], 2).key).toBe('+351912345678');
    expect(reader(['name'])(['Ana'], 2).key).toBeUndefined();
    expect(reader(['name', 'phone'])(['', ''], 9)).toMatchObject({ number: 9, code: 'nobody_named', cells: ['', ''] });
  });

  test('has the values of fields as people write them, or says what they must be', () => {
    expect(['Chiado', 'chiado', 'CAFE', 'Porto'].map(cell => field('shop', cell))).toEqual([
      'Chiado',
      'Chiado',
      'Café',
      'field_invalid',
    ]);
    expect(['1', '-2.5', '1,5', '1,234', '1.234', 'x'].map(cell => field('points', cell))).toEqual([
      ...[1, -2.5, 1.5, 'field_invalid', 1.234, 'field_invalid'],
    ]);
    expect(['yes', 'NÃO', 'sí', 'لا', '1', 'maybe'].map(cell => field('vip', cell))).toEqual([
      ...[true, false, true, false, true, 'field_invalid'],
    ]);
    expect(['1990-3-14', '14/03/1990', '1990-02-30'].map(cell => field('born', cell))).toEqual([
      ...['1990-03-14', 'field_invalid', 'field_invalid'],
    ]);
    expect(field('born', '14.3.1990', { dates: 'dmy' })).toBe('1990-03-14');
    expect(field('born', '3/14/1990', { dates: 'mdy' })).toBe('1990-03-14');
    expect(field('gone', 'x')).toBeUndefined();
  });

  test('takes the second number where the first is empty, needs no country beside a +, and has one line', () => {
    const read = reader(['second_phone', 'phone', 'country', 'name']);
    expect(read(['+351211234567', '+351912345678', '', ''], 2)).toMatchObject({ phone: '+351912345678' });
    expect(read(['+351211234567', "'", 'Atlantis', ''], 2)).toMatchObject({
      phone: '+351211234567',
      second_phone: true,
    });
    expect(read(['', '912345678', 'Atlantis', ''], 2)).toMatchObject({ code: 'country_unknown', wrong_column: 3 });
    expect(read(['', '912345678', '+351', ''], 2)).toMatchObject({ phone: '+351912345678' });
    expect(read(['', '+351912345678', '', 'A\nB'], 2)).toMatchObject({ code: 'line_break', wrong_column: 4 });
    // With another fault the number alone makes the row no better.
    expect(read(['', '351912345678', '', 'A\nB'], 2)).toMatchObject({ suggestion: { more: true } });
  });

  test('has a country of its own, a language, labels and an opt-out', () => {
    const read = reader(['phone', 'country', 'language', 'labels', 'opt_out'], { default_country: 'PT' });
    expect(read(['(11) 97777-0190', 'Brasil', 'PT-br', 'collector; new', 'sim'], 2)).toMatchObject({
      phone: '+5511977770190',
      language: 'pt_BR',
      labels: ['Collector', 'new'],
      opt_out: 'marketing',
    });
    expect(read(['912345678', '', 'zh-hans', '', 'ALL'], 3)).toMatchObject({ language: 'zh_Hans', opt_out: 'all' });
    expect(read(['912345678', '', '', 'New,COLLECTOR', 'no'], 4)).toMatchObject({ labels: ['new', 'Collector'] });
    expect(read(['912345678', '', 'english language', '', ''], 5).code).toBe('language_invalid');
    expect(read(['912345678', '', '', '', 'perhaps'], 6)).toMatchObject({ code: 'opt_out_invalid', wrong_column: 5 });
    // The workspace has 198 labels, and gets two more.
    expect(read(['912345678', '', '', 'one more', ''], 7).code).toBeUndefined();
    expect(read(['912345678', '', '', 'one too many', ''], 8).code).toBe('too_many_labels');
    expect(read(['912345678', '', '', 'x'.repeat(51), ''], 9).code).toBe('label_invalid');
  });
});

describe('columns', () => {
  test('are guessed by their names in four languages, and by the names and keys of fields', () => {
    const guess = (...names: string[]) => guessTargets(names, [], names.length, rules);
    expect(guess('Nome', 'Telemóvel', 'País', 'Etiquetas')).toEqual(['name', 'phone', 'country', 'labels']);
    expect(guess('Nombre', 'Móvil', 'Idioma', 'Referencia')).toEqual(['name', 'phone', 'language', 'reference']);
    expect(guess('الاسم', 'رقم الهاتف', 'البلد', 'اللغة')).toEqual(['name', 'phone', 'country', 'language']);
    expect(guess('First name', 'Last Name', 'WhatsApp', 'Phone', 'Opted out')).toEqual([
      ...['name', 'name', 'phone', 'second_phone', 'opt_out'],
    ]);
    expect(guess('favourite shop', 'BORN', 'fields.points', 'vip', 'vip')).toEqual([
      ...['fields.shop', 'fields.born', 'fields.points', 'fields.vip', 'leave_out'],
    ]);
  });

  test('with numbers are WhatsApp, then mobile, then phone; a full name stands for its parts', () => {
    const guess = (names: string[], ...rows: string[][]) => guessTargets(names, rows, names.length, rules);
    expect(
      guess(['Record ID', 'Phone Number', 'Mobile Phone Number'], ['1', '+351211234567', '+351912345678']),
    ).toEqual([...['reference', 'second_phone', 'phone']]);
    expect(guess(['SMS', 'WHATSAPP'], ['33612345680', '33612345681'])).toEqual(['second_phone', 'phone']);
    // They say yes or no here, and nobody has a number in the other one.
    expect(guess(['WhatsApp', 'Phone'], ['yes', '+351912345678'])).toEqual(['leave_out', 'phone']);
    expect(guess(['WhatsApp', 'SMS'], ['', '33612345680'])).toEqual(['second_phone', 'phone']);
    expect(guess(['Celular', 'Nome'], ['5,51199E+12', 'Ana'])).toEqual(['phone', 'name']);
    expect(guess(['Name', 'Given Name', 'Family Name'], ['Ana Sá', 'Ana', 'Sá'])).toEqual([
      ...['name', 'leave_out', 'leave_out'],
    ]);
    expect(guess(['Name', 'First Name', 'Last Name'], ['', 'Ana', 'Sá'])).toEqual(['leave_out', 'name', 'name']);
    expect(guess(['id', 'name'], ['con_01k9m3q5w8e7taz4x2c6v0b1nk', 'Ana'])).toEqual(['contact_id', 'name']);
    expect(guess(['id', 'name'], ['17', 'Ana'])).toEqual(['leave_out', 'name']);
  });

  test('are numbers where at least 80 % of their cells are', () => {
    const rows = Array.from({ length: 10 }, (_, n) => [`c${n}`, n < 8 ? `+35191234567${n}` : 'none', String(n)]);
    expect(guessTargets(['a', 'b', 'c'], rows, 3, [])).toEqual(['leave_out', 'phone', 'leave_out']);
    const fewer = rows.map(([a = '', b = '', c = ''], n) => [a, n < 7 ? b : 'none', c]);
    expect(guessTargets(['a', 'b', 'c'], fewer, 3, [])).toEqual(['leave_out', 'leave_out', 'leave_out']);
  });

  test('have names in the first row where it has words, and others follow', () => {
    expect(looksLikeHeader(['Nome', 'x'], false)).toBe(true);
    expect(looksLikeHeader(['Foo', 'Bar'], true)).toBe(true);
    expect(looksLikeHeader(['Foo', 'Bar'], false)).toBe(false);
    expect(looksLikeHeader(['Ana', '+351912345678'], true)).toBe(false);
    expect(looksLikeHeader(['Ana', 'ana@example.com'], true)).toBe(false);
  });
});
