// CSV that spreadsheets read as data: no text cell can act as a formula, whatever separator they use.

// What starts a formula, in ASCII and full-width forms.
const sign = /[=+\-@＝＋－＠﹦﹢﹣﹫]/u;
// What a spreadsheet skips before a formula.
const skipped = /[\s\p{C}"']/u;
// Characters that start a new cell in a reader with other settings.
const separator = /[,;|\t\r\n]/;

// A phone number, which a spreadsheet and other programs read as a number.
const onlyNumber = /^\+\d+$/;

/** Adds an apostrophe before each place where a formula could start. A + with digits only stays as it is. */
function neutral(text: string): string {
  if (onlyNumber.test(text)) return text;
  const guard = /^[\t\r\n]/.test(text) ? "'" : '';
  if (!sign.test(text)) return guard + text;
  // From the end to the beginning, so that one pass knows what follows each separator.
  const characters = [...text];
  let isAhead = false;
  for (let at = characters.length - 1; at >= 0; at--) {
    const character = characters[at] ?? '';
    if (isAhead && separator.test(character)) characters[at] = `${character}'`;
    isAhead = sign.test(character) || (isAhead && skipped.test(character));
  }
  return (isAhead ? "'" : guard) + characters.join('');
}

/** The text of a cell that `csvLine` wrote: without the apostrophes that disarm formulas. */
export function csvText(cell: string): string {
  if (!cell.includes("'")) return cell;
  const characters = [...cell];
  let isAhead = false;
  for (let at = characters.length - 1; at >= 0; at--) {
    const character = characters[at] ?? '';
    const before = characters[at - 1];
    // The apostrophe that `neutral` adds stands behind a separator, or at the begin of the text.
    const isBegin = before === undefined && (isAhead || /[\t\r\n]/.test(characters[at + 1] ?? ''));
    const isAdded = character === "'" && (isBegin || (isAhead && before !== undefined && separator.test(before)));
    if (isAdded) characters[at] = '';
    else isAhead = sign.test(character) || (isAhead && skipped.test(character));
  }
  return characters.join('');
}

/** A line with its line end. Texts are quoted and neutralized, numbers stay numbers, null is an empty cell. */
export const csvLine = (cells: readonly (string | number | null)[], delimiter = ','): string =>
  `${cells
    .map(cell => (typeof cell === 'string' ? `"${neutral(cell).replaceAll('"', '""')}"` : (cell?.toString() ?? '')))
    .join(delimiter)}\r\n`;
