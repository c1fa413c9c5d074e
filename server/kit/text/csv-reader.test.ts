import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvError, type CsvRow, csvReader } from './csv-reader.ts';
import { encodingWatch, pieceDecoder, type TextEncoding } from './decode.ts';

const limits = { columns: 200, cell: 1_000, row: 10_000 };
const read = (text: string, delimiter = ',', sizes: number[] = []): CsvRow[] => {
  const reader = csvReader(delimiter, limits);
  const rows: CsvRow[] = [];
  let at = 0;
  for (const size of sizes) {
    rows.push(...reader.push(text.slice(at, at + size)));
    at += size;
  }
  return [...rows, ...reader.push(text.slice(at)), ...reader.end()];
};
const cellsOf = (text: string, delimiter?: string) => read(text, delimiter).map(({ cells }) => cells);

describe('rows', () => {
  test('come out as they were written, whatever the delimiter, the line end, the encoding and the pieces', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'ç', '€', '"', ',', ';', '\t', '|', '\n', '\r', ' ', 'ب', '😀'),
      maxLength: 8,
    });
    const encode: Partial<Record<TextEncoding, (text: string) => Buffer>> = {
      'utf-8': text => Buffer.from(`\ufeff${text}`, 'utf8'),
      'utf-16le': text => Buffer.from(`\ufeff${text}`, 'utf16le'),
      'utf-16be': text => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
    };
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.constantFrom(...(Object.keys(encode) as TextEncoding[])),
        fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 }),
        (rows, delimiter, lineEnd, endsLine, encoding, sizes) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const text = rows.map(row => row.map(quoted).join(delimiter)).join(lineEnd) + (endsLine ? lineEnd : '');
          const bytes = encode[encoding]?.(text) ?? Buffer.alloc(0);
          const watch = encodingWatch();
          const decoder = pieceDecoder(encoding);
          const reader = csvReader(delimiter, limits);
          const found: CsvRow[] = [];
          let at = 0;
          for (const size of [...sizes, bytes.length]) {
            const piece = bytes.subarray(at, at + size);
            watch.push(piece);
            found.push(...reader.push(decoder.push(piece)));
            at += size;
          }
          found.push(...reader.push(decoder.end()), ...reader.end());
          expect(watch.end()).toBe(encoding);
          const expected = rows.flatMap((cells, place) =>
            cells.some(each => each !== '') ? [{ number: place + 1, cells }] : [],
          );
          expect(found.map(({ number, cells }) => ({ number, cells }))).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('may be written loosely', () => {
    expect(cellsOf('a,b\n\n c ,\n,\n"x"  ,"a ""b"""\r')).toEqual([
      ['a', 'b'],
      [' c ', ''],
      ['x', 'a "b"'],
    ]);
    expect(read('a\n\nb').map(({ number }) => number)).toEqual([1, 3]);
    expect(cellsOf('a"b,c')).toEqual([['a"b', 'c']]);
    expect(cellsOf('')).toEqual([]);
  });

  test('with a broken quote have a fault with its line, and swallow no other row', () => {
    const faults = (text: string, sizes?: number[]) =>
      read(text, ',', sizes).map(({ number, line, cells, fault }) => [
        number,
        line,
        cells.join('|'),
        fault?.code,
        fault?.until,
      ]);
    // The first quote would close in the next line.
    const swallowing = 'name,phone\n"A,1\nB "quoted" x,2\n"C\nc",3\nD,4';
    expect(faults(swallowing)).toEqual([
      [1, 1, 'name|phone', undefined, undefined],
      [2, 2, '"A|1', 'quote_not_closed', 3],
      [3, 3, 'B "quoted" x|2', 'quote_not_closed', 3],
      [4, 4, 'C\nc|3', undefined, undefined],
      [5, 6, 'D|4', undefined, undefined],
    ]);
    expect(faults('a\r\n"B "q" x",2\r\nc,"d\r\ne,3\r\n')).toEqual([
      [1, 1, 'a', undefined, undefined],
      [2, 2, '"B "q" x"|2', 'text_after_quote', 2],
      [3, 3, 'c|"d', 'quote_not_closed', 3],
      [4, 4, 'e|3', undefined, undefined],
    ]);
    // Behind the limit of a cell the quote counts as not closed, and the rows go on.
    const long = `"a\n${'b,1\n'.repeat(1_000)}`;
    expect(faults(long)).toHaveLength(1_001);
    expect(faults(long)[0]).toEqual([1, 1, '"a', 'quote_not_closed', 1]);
  });

  test('are the same whatever the pieces, also with quotes anywhere, and no character is lost', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '"', ',', '\n', '\r', ' '), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }), (given, sizes) => {
        const rows = read(given);
        expect(read(given, ',', sizes)).toEqual(rows);
        const letters = (all: string) => all.replaceAll(/[^a]/g, '').length;
        expect(letters(rows.flatMap(({ cells }) => cells).join())).toBe(letters(given));
        const lines = given.split(/\r\n|\n|\r/).length;
        for (const { line, fault } of rows) expect(line).toBeLessThanOrEqual(fault?.until ?? lines);
      }),
      { numRuns: 2_000 },
    );
  });

  test('end in an error that names the row, before they fill the memory', () => {
    const code = (work: () => unknown) => {
      try {
        work();
        return undefined;
      } catch (error) {
        return error instanceof CsvError ? [error.code, error.row] : error;
      }
    };
    expect(code(() => read('a\nb\u0000'))).toEqual(['nul', 2]);
    expect(code(() => read('a\n"b\u0000"'))).toEqual(['nul', 2]);
    expect(code(() => read(`a\n"${'x'.repeat(1_001)}"`))).toEqual(['cell_too_long', 2]);
    expect(code(() => csvReader(',', limits).push('x'.repeat(1_001)))).toEqual(['cell_too_long', 1]);
    expect(code(() => csvReader(',', limits).push(`"${'x'.repeat(3_000)}`))).toEqual(['cell_too_long', 1]);
    expect(code(() => read(`a\n"b${'x'.repeat(3_000)}\nc`))).toEqual(['cell_too_long', 2]);
    expect(code(() => read(`${','.repeat(201)}`))).toEqual(['too_many_columns', 1]);
    expect(code(() => read(Array(100).fill('y'.repeat(200)).join(',')))).toEqual(['row_too_long', 1]);
  });
});

describe('an encoding', () => {
  const watched = (bytes: Buffer) => {
    const watch = encodingWatch();
    for (const byte of bytes) watch.push(Buffer.from([byte]));
    return watch.end();
  };

  test('is UTF-8 where the bytes are, or else Windows-1252', () => {
    expect(watched(Buffer.from('Telemóvel'))).toBe('utf-8');
    expect(watched(Buffer.from('Telemóvel', 'latin1'))).toBe('windows-1252');
    expect(watched(Buffer.from([0x61, 0xc3]))).toBe('windows-1252');
    expect(pieceDecoder('windows-1252').push(Buffer.from([0x80, 0x93, 0xe9]))).toBe('€“é');
    expect(() => pieceDecoder('utf-8').push(Buffer.from([0xe9, 0x61]))).toThrow(TypeError);
  });
});
