// The file of an import: its rows, and how it is written.
import { type ImportDelimiter, importLimits } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { bytesPassed } from '../../kit/os/gc-nudge.ts';
import { CsvError, type CsvRow, csvReader } from '../../kit/text/csv-reader.ts';
import { pieceDecoder, type TextEncoding } from '../../kit/text/decode.ts';
import { problem } from './errors.ts';
import type { FileFacts } from './import.ts';
import { findPart } from './store.ts';

export const delimiterOf: Record<ImportDelimiter, string> = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' };

const remedies: Record<CsvError['code'], string> = {
  nul: 'has the character NUL. Save the file as CSV in UTF-8: it may be of another kind, or in UTF-16 without its mark.',
  cell_too_long: `has a cell with more than ${importLimits.cell} characters. Shorten it, or close its quote.`,
  row_too_long: `has more than ${importLimits.row} characters. Leave columns out, or close its quote.`,
  too_many_columns: `has more than ${importLimits.columns} columns. Leave out those that you do not import.`,
};

/** The error for a file that cannot be read, on the field that it came in. */
export const unreadable = (message: string) =>
  problem('import_file_unreadable', message, { fields: [{ field: 'file', message }] });

const tooManyRows = () => {
  const message = `The file has more than ${importLimits.rows.toLocaleString('en')} rows. Split it.`;
  return problem('import_too_large', message, { fields: [{ field: 'file', message }] });
};

/** How much of a file is text and cells at once: what is alive for long costs memory for longer. */
const sliceBytes = 64 * 1024;

/** Excel writes its delimiter into a line of its own, which it does not show. */
const separatorLine = /^sep=(.)\r?\n/i;

const csvLimits = { columns: importLimits.columns, cell: importLimits.cell, row: importLimits.row };

/**
 * The rows of a file, piece by piece; the first of them may have the names.
 * @throws AppError import_file_unreadable, import_too_large
 */
export async function* rowsOf(
  db: Queryable,
  id: string,
  { encoding, delimiter }: Pick<FileFacts, 'encoding' | 'delimiter'>,
): AsyncGenerator<CsvRow[]> {
  const decoder = pieceDecoder(encoding);
  const reader = csvReader(delimiterOf[delimiter], csvLimits);
  let last = 0;
  let found = 0;
  const read = (work: () => CsvRow[]): CsvRow[] => {
    try {
      const rows = work();
      last = rows.at(-1)?.number ?? last;
      found += rows.length;
      return rows;
    } catch (error) {
      if (error instanceof CsvError) throw unreadable(`Row ${error.row} ${remedies[error.code]}`);
      if (error instanceof TypeError)
        throw unreadable(`After row ${last} there are bytes that are not ${encoding}. Choose another encoding.`);
      throw error;
    }
  };
  let isFirst = true;
  const push = (bytes: Buffer) =>
    read(() => {
      const text = decoder.push(bytes);
      const begun = isFirst ? text.replace(separatorLine, '') : text;
      isFirst = false;
      return reader.push(begun);
    });
  for (let number = 0; ; number++) {
    const bytes = await findPart(db, id, number);
    if (!bytes) break;
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      const rows = push(bytes.subarray(at, at + sliceBytes));
      if (found > importLimits.rows + 1) throw tooManyRows();
      if (rows.length > 0) yield rows;
    }
    // With its text and its cells.
    bytesPassed(10 * bytes.length);
  }
  const rest = read(() => [...reader.push(decoder.end()), ...reader.end()]);
  if (found > importLimits.rows + 1) throw tooManyRows();
  if (rest.length > 0) yield rest;
}

/** How many rows tell the delimiter. */
const mostCompared = 20;

/** The delimiter of a text: of its rows, the most have the same number of cells, above one. */
export function delimiterIn(text: string): ImportDelimiter {
  const kinds = Object.entries(delimiterOf) as [ImportDelimiter, string][];
  const [, named] = separatorLine.exec(text) ?? [];
  const said = kinds.find(([, sign]) => sign === named);
  if (said) return said[0];
  let best: { kind: ImportDelimiter; same: number; width: number } = { kind: 'comma', same: 0, width: 1 };
  for (const [kind, sign] of kinds) {
    const widths = widthsOf(text, sign);
    const width = widths[0] ?? 1;
    if (width < 2) continue;
    const same = widths.filter(each => each === width).length / widths.length;
    if (same > best.same || (same === best.same && width > best.width)) best = { kind, same, width };
  }
  return best.kind;
}

/** The numbers of cells of the first rows, of what can be read. */
function widthsOf(text: string, sign: string): number[] {
  const reader = csvReader(sign, { columns: Number.POSITIVE_INFINITY, cell: text.length, row: text.length });
  try {
    const rows = reader.push(text);
    // The last row of a piece may be cut: of a short file it is complete.
    if (rows.length < mostCompared) rows.push(...reader.end());
    return rows
      .filter(({ fault }) => !fault)
      .slice(0, mostCompared)
      .map(({ cells }) => cells.length);
  } catch (error) {
    if (error instanceof CsvError) return [];
    throw error;
  }
}

/** The beginning of a file as text, without the character that its end may cut. */
export function headOf(bytes: Buffer, encoding: TextEncoding): string {
  try {
    return pieceDecoder(encoding).push(bytes);
  } catch (error) {
    if (error instanceof TypeError) return '';
    throw error;
  }
}
