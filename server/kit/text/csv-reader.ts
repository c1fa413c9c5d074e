// Reads CSV piece by piece: rows come out as soon as they are complete, and none may grow without limit.

/** What is wrong with a file, and in which row, counted from 1 as a spreadsheet does. */
export class CsvError extends Error {
  readonly code: 'nul' | 'cell_too_long' | 'row_too_long' | 'too_many_columns' | 'quote_without_end';
  readonly row: number;

  constructor(code: CsvError['code'], row: number) {
    super(`${code} in row ${row}`);
    this.code = code;
    this.row = row;
  }
}

/** A row with its place in the file, from 1. Blank rows have a place too, and are left out. */
export interface CsvRow {
  number: number;
  cells: string[];
}

export interface CsvLimits {
  columns: number;
  /** The most characters of a cell. */
  cell: number;
  /** The most characters of a row. */
  row: number;
}

export interface CsvReader {
  /** Takes the next piece of the text. Returns the rows that are complete now. @throws CsvError */
  push(text: string): CsvRow[];
  /** Returns what is left at the end. @throws CsvError */
  end(): CsvRow[];
}

const [quoteCode, lineFeed, carriageReturn] = [34, 10, 13];

/** Returns a reader of rows with this delimiter (RFC 4180; lines may end in LF, CR LF or CR). */
export function csvReader(delimiter: string, limits: CsvLimits): CsvReader {
  const delimiterCode = delimiter.charCodeAt(0);
  /** What was read of a row that is not complete. */
  let rest = '';
  let number = 1;

  /** Reads rows from a text that begins with a row. The rest of it stays in `rest`. */
  function read(text: string, isLast: boolean): CsvRow[] {
    const rows: CsvRow[] = [];
    let cells: string[] = [];
    let rowStart = 0;
    let at = 0;
    const fail = (code: CsvError['code']): never => {
      throw new CsvError(code, number);
    };
    /** Adds a cell; `content` is its text without quotes. */
    const add = (content: string) => {
      if (content.length > limits.cell) fail('cell_too_long');
      if (cells.length >= limits.columns) fail('too_many_columns');
      cells.push(content);
    };
    for (;;) {
      // One cell: the part in quotes, if it begins with one, and what follows up to the delimiter or the line end.
      let quoted = '';
      if (text.charCodeAt(at) === quoteCode) {
        const closed = endOfQuotes(text, at + 1);
        const complete = closed >= 0 && (closed + 1 < text.length || isLast);
        if (!complete) {
          if (text.length - at > limits.cell * 2 + 2) fail('cell_too_long');
          if (isLast) fail('quote_without_end');
          break;
        }
        quoted = text.slice(at + 1, closed).replaceAll('""', '"');
        if (quoted.includes('\u0000')) fail('nul');
        at = closed + 1;
      }
      const from = at;
      let code = text.charCodeAt(at);
      while (at < text.length && code !== delimiterCode && code !== lineFeed && code !== carriageReturn) {
        if (code === 0) fail('nul');
        code = text.charCodeAt(++at);
      }
      const isEnd = at >= text.length;
      if (isEnd && !isLast) {
        if (at - from > limits.cell) fail('cell_too_long');
        break;
      }
      // A line feed may follow in the next piece.
      if (!isEnd && code === carriageReturn && at + 1 >= text.length && !isLast) break;
      if (isEnd && cells.length === 0 && quoted === '' && at === rowStart) break;
      add(from === at ? quoted : quoted + text.slice(from, at));
      if (!isEnd && code === delimiterCode) {
        at++;
        if (at - rowStart > limits.row) fail('row_too_long');
        continue;
      }
      if (at - rowStart > limits.row) fail('row_too_long');
      if (cells.some(cell => cell !== '')) rows.push({ number, cells });
      number++;
      cells = [];
      at += !isEnd && code === carriageReturn && text.charCodeAt(at + 1) === lineFeed ? 2 : 1;
      rowStart = at;
      if (isEnd || at >= text.length) break;
    }
    rest = text.slice(rowStart);
    if (rest.length > limits.row * 2) fail('row_too_long');
    return rows;
  }

  return {
    push: text => read(rest + text, false),
    end: () => read(rest, true),
  };
}

/** The place of the quote that ends a cell whose content begins at `from`; -1 where there is none. */
function endOfQuotes(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === quoteCode) at = text.indexOf('"', at + 2);
  return at;
}
