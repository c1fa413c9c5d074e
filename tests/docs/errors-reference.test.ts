import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorSections as sections } from '../../server/app/error-tables.ts';
import type { ErrorTable } from '../../server/kit/errors.ts';

const page = readFileSync(new URL('../../docs/reference/errors.md', import.meta.url), 'utf8');

/** The rows of each section as their cells, without the two lines that every table begins with. */
function rowsOfPage(): Record<string, string[][]> {
  const parts = page.split(/^## /m).slice(1);
  return Object.fromEntries(
    parts.map(part => {
      const [name = '', ...lines] = part.split('\n');
      const rows = lines.filter(line => line.startsWith('|')).slice(2);
      return [
        name,
        rows.map(row =>
          row
            .split('|')
            .slice(1, -1)
            .map(cell => cell.trim()),
        ),
      ];
    }),
  );
}

const rowsOf = (table: ErrorTable): string[][] =>
  Object.entries(table).map(([code, { status, title, remedy }]) => [`\`${code}\``, String(status), title, remedy]);

test('docs/reference/errors.md has every code of the tables as the code has it, and no other', () => {
  const expected = Object.fromEntries(Object.entries(sections).map(([name, table]) => [name, rowsOf(table)]));
  expect(rowsOfPage()).toEqual(expected);
});

test('every feature that refuses has its section', () => {
  const features = new URL('../../server/features/', import.meta.url);
  const refusing = readdirSync(features).filter(name => existsSync(new URL(`${name}/errors.ts`, features)));
  expect(refusing).toHaveLength(Object.keys(sections).length - 1);
});

test('a code stands for one thing only', () => {
  const codes = Object.values(sections).flatMap(table => Object.keys(table));
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

test('what goes into a cell of the table cannot end it', () => {
  const words = Object.values(sections).flatMap(table =>
    Object.values(table).flatMap(({ title, remedy }) => [title, remedy]),
  );
  expect(words.filter(word => /[|\n]/.test(word))).toEqual([]);
});
