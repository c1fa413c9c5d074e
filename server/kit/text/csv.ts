// CSV that spreadsheets read as data: no text cell can act as a formula, whatever separator they use.

// The start of a formula, in ASCII and full-width forms, after what a spreadsheet skips.
const formula = String.raw`(?=[\s\p{C}"']*[=+\-@＝＋－＠﹦﹢﹣﹫])`;
// Characters that start a new cell in a reader with other settings.
const within = new RegExp(`([,;|\t\r\n])${formula}`, 'gu');
const atBeginning = new RegExp(`^(?:${formula}|(?=[\t\r\n]))`, 'u');

/** Adds an apostrophe before each place where a formula could start. */
const neutral = (text: string): string => text.replace(within, "$1'").replace(atBeginning, "'");

/** A line with its line end. Texts are quoted and neutralized, numbers stay numbers, null is an empty cell. */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells
    .map(cell => (typeof cell === 'string' ? `"${neutral(cell).replaceAll('"', '""')}"` : (cell?.toString() ?? '')))
    .join(',')}\r\n`;
