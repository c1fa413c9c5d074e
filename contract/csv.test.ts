// Spreadsheets find no formula in our CSV, whatever separator they use, and read numbers unchanged.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, csvText } from './csv.ts';

/** Parses a line as a spreadsheet does: quotes count only at the start of a cell. */
function readLine(line: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  let begun = false;
  const end = () => {
    rows.at(-1)?.push(cell);
    cell = '';
    begun = false;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (quoted && character === '"' && line[at + 1] === '"') {
      cell += '"';
      at++;
    } else if (quoted && character === '"') quoted = false;
    else if (quoted) cell += character;
    else if (!begun && character === '"') {
      quoted = true;
      begun = true;
    } else if (character === separator) end();
    else if (character === '\r' || character === '\n') {
      end();
      rows.push([]);
    } else {
      cell += character;
      begun = true;
    }
  }
  return rows.filter(row => row.length > 0);
}

const corpus = [
  '=1+1',
  ' =1',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1',
  '"=1',
  '+1+2',
  '+1 2',
  "'+1",
  '-1',
  '@SUM(A1)',
  ';=1',
  'a,=1',
  '\u00a0=1',
  '\ufeff=1',
  '\u0000=1',
  '\u200b-1',
  'a\r\n=1',
  '"",=1',
  '﹦1',
  "'\t=1",
];

// A number of digits only is none: it reads as itself.
const isFormula = (cell: string) =>
  !/^\+\d+$/.test(cell) && (/^[\s\p{C}"]*[=+\-@＝＋－＠﹦﹢﹣﹫]/u.test(cell) || /^[\t\r]/.test(cell));

test.each(corpus)('%j is no formula', text => {
  const [cells] = readLine(csvLine([text, 7]), ',');
  expect(cells).toHaveLength(2);
  expect(isFormula(cells?.[0] ?? '')).toBe(false);
  for (const separator of [',', ';', '\t', '|'])
    for (const cell of readLine(csvLine(['x', text, 'y']), separator).flat()) expect(isFormula(cell)).toBe(false);
});

test('for any text, no cell is a formula, and harmless text is unchanged', () => {
  const piece = fc.oneof(fc.constantFrom(...corpus, ',', ';', '"', "'", '=', '-', 'Ana', '\r\n'), fc.string());
  fc.assert(
    fc.property(
      fc.array(
        fc.array(piece, { maxLength: 4 }).map(parts => parts.join('')),
        { minLength: 1, maxLength: 4 },
      ),
      texts => {
        const [cells] = readLine(csvLine(texts), ',');
        expect(cells).toHaveLength(texts.length);
        cells?.forEach((cell, index) => {
          expect(isFormula(cell)).toBe(false);
          if (!/[=+\-@＝＋－＠﹦﹢﹣﹫\t\r\n]/.test(texts[index] ?? '')) expect(cell).toBe(texts[index]);
        });
      },
    ),
  );
});

test('a number stays as it is, and all texts are the same when they are read again', () => {
  expect(csvLine(['+351912000001', '+1+2'])).toBe(`"+351912000001","'+1+2"\r\n`);
  const piece = fc.oneof(fc.constantFrom(...corpus, ',', ';', '"', "'", '=', '-', '+351912000001', 'Ana'), fc.string());
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 5 }).map(parts => parts.join('')),
      text => {
        const [cells] = readLine(csvLine([text]), ',');
        expect(csvText(cells?.[0] ?? '')).toBe(text);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a text of ten times the length takes about ten times as long', async () => {
  const fastest = (length: number) => {
    const text = '\t\u200b='.repeat(length / 3) + '\t'.repeat(length);
    const times = Array.from({ length: 5 }, () => {
      const from = performance.now();
      csvLine([text]);
      return performance.now() - from;
    });
    return Math.min(...times);
  };
  // A busy machine makes one comparison wrong, a search that begins anew at each place makes all of them a hundred.
  await expect.poll(() => fastest(300_000) / fastest(30_000)).toBeLessThan(40);
});

test('numbers stay numbers, a negative one too, and nothing is an empty cell', () => {
  expect(csvLine([-5, 0.25, null, '', 'Ana "A" Souza, São Paulo'])).toBe(
    '-5,0.25,,"","Ana ""A"" Souza, São Paulo"\r\n',
  );
});
