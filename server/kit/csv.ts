// CSV that spreadsheets read as data: no cell of text can act as a formula, however the line is split.

// What makes a formula, in its plain and its full-width forms, after whatever a spreadsheet skips before it; at the
// beginning of a cell, and behind each character at which another setting of the reader would begin a new one.
const formula = /(^|[,;|\t\r\n])(?=[\s\p{C}"']*[=+\-@＝＋－＠﹦﹢﹣﹫])/gu;

/** The text with an apostrophe before each place where a formula could begin. */
const neutral = (text: string): string => text.replace(formula, "$1'").replace(/^(?=[\t\r\n])/, "'");

/** A line with its end. Texts are quoted and neutralised; numbers stay numbers; nothing is an empty cell. */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells
    .map(cell => (typeof cell === 'string' ? `"${neutral(cell).replaceAll('"', '""')}"` : (cell?.toString() ?? '')))
    .join(',')}\r\n`;
