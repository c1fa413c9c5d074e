// CSV that spreadsheets read as data: no cell of text can act as a formula, however the line is split.

// What makes a formula, in its plain and its full-width forms, after whatever a spreadsheet skips before it.
const formula = String.raw`(?=[\s\p{C}"']*[=+\-@＝＋－＠﹦﹢﹣﹫])`;
// Characters at which a reader with other settings would begin a new cell.
const within = new RegExp(`([,;|\t\r\n])${formula}`, 'gu');
const atBeginning = new RegExp(`^(?:${formula}|(?=[\t\r\n]))`, 'u');

/** The text with an apostrophe before each place where a formula could begin. */
const neutral = (text: string): string => text.replace(within, "$1'").replace(atBeginning, "'");

/** A line with its end. Texts are quoted and neutralised; numbers stay numbers; nothing is an empty cell. */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells
    .map(cell => (typeof cell === 'string' ? `"${neutral(cell).replaceAll('"', '""')}"` : (cell?.toString() ?? '')))
    .join(',')}\r\n`;
