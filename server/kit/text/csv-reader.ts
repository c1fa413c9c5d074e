// Reads CSV piece by piece: rows come out as soon as they are complete, and none may grow without limit.

/** What is wrong with a file, and in which row, counted from 1 as a spreadsheet does. */
export class CsvError extends Error {
  readonly code: 'nul' | 'cell_too_long' | 'row_too_long' | 'too_many_columns';
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
  /** The line of the file in which it begins, from 1. */
  line: number;
  cells: string[];
  /** Its quotes cannot be read: it is one line of the file, split at each delimiter. */
  fault?: QuoteFault;
}

/** A quote that does not close before `until`, or text between a quote that closes and the next delimiter. */
export interface QuoteFault {
  code: 'quote_not_closed' | 'text_after_quote';
  /** The line in which the quote opens, and the last one that nobody can read because of it. */
  line: number;
  until: number;
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

const [quoteCode, lineFeed, carriageReturn, space] = [34, 10, 13, 32];
const lineEnd = /\r\n|\n|\r/;

/**
 * Returns a reader of rows with this delimiter (RFC 4180; lines may end in LF, CR LF or CR). Rows with a broken quote
 * come out with a fault, and the lines after them are read.
 */
export function csvReader(delimiter: string, limits: CsvLimits): CsvReader {
  const delimiterCode = delimiter.charCodeAt(0);
  /** What was read of a row that is not complete. */
  let rest = '';
  let number = 1;
  let line = 1;

  /** Reads rows from a text that begins with a row. The rest of it stays in `rest`. */
  function read(text: string, isLast: boolean): CsvRow[] {
    const rows: CsvRow[] = [];
    let cells: string[] = [];
    let rowStart = 0;
    let lineBreaks = 0;
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
    /** Goes on behind the row, which ends before `end`. */
    const goOn = (end: number) => {
      at = end + (text.charCodeAt(end) === carriageReturn && text.charCodeAt(end + 1) === lineFeed ? 2 : 1);
      rowStart = at;
      cells = [];
      lineBreaks = 0;
    };
    /** Takes the lines up to `end` for rows that nobody can read. */
    const giveUp = (code: QuoteFault['code'], end: number) => {
      if (end - rowStart > limits.row) fail('row_too_long');
      const lines = text.slice(rowStart, end).split(lineEnd);
      const fault = { code, line, until: line + lines.length - 1 };
      for (const each of lines) {
        if (each.includes('\u0000')) fail('nul');
        const parts = each.split(delimiter, limits.columns);
        if (parts.some(part => part !== '')) rows.push({ number, line, cells: parts, fault });
        number++;
        line++;
      }
      goOn(end);
    };
    for (;;) {
      // One cell: the part in quotes, if it begins with one, and what follows up to the delimiter or the line end.
      let quoted = '';
      const isQuoted = text.charCodeAt(at) === quoteCode;
      if (isQuoted) {
        const closed = endOfQuotes(text, at + 1);
        if (closed < 0 && (isLast || text.length - at > limits.cell * 2 + 2)) {
          const end = endOfLine(text, rowStart);
          if ((end >= text.length && !isLast) || end - at > limits.cell) fail('cell_too_long');
          giveUp('quote_not_closed', end);
          continue;
        }
        if (closed < 0 || (closed + 1 >= text.length && !isLast)) break;
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
      if (isQuoted && !isBlank(text, from, at)) {
        const end = endOfLine(text, at);
        if (end + 1 >= text.length && !isLast) {
          if (end - rowStart > limits.row) fail('row_too_long');
          break;
        }
        giveUp(lineEnd.test(text.slice(rowStart, end)) ? 'quote_not_closed' : 'text_after_quote', end);
        continue;
      }
      add(isQuoted ? quoted : text.slice(from, at));
      if (isQuoted) lineBreaks += quoted.split(lineEnd).length - 1;
      if (!isEnd && code === delimiterCode) {
        at++;
        if (at - rowStart > limits.row) fail('row_too_long');
        continue;
      }
      if (at - rowStart > limits.row) fail('row_too_long');
      if (cells.some(cell => cell !== '')) rows.push({ number, line, cells });
      number++;
      line += 1 + lineBreaks;
      goOn(at);
      if (at >= text.length) break;
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

/** The place of the end of a line, or of the text. */
function endOfLine(text: string, from: number): number {
  const found = text.slice(from).search(lineEnd);
  return found < 0 ? text.length : from + found;
}

/** Whether there are only spaces. */
function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) !== space) return false;
  return true;
}
