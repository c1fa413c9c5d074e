// Progress output: the table, rows and bytes, and the share of the total.
import type { OnContent } from './backup-contents.ts';
import type { BackupHeader, OnRows } from './backup-header.ts';

const everyMs = 2_000;

/** Progress of rows and contents of a backup, both with the same verb. */
export const progressOf = (verb: string, header: BackupHeader, say: (line: string) => void) => ({
  onRows: rowsProgress(verb, header, say),
  onContent: contentsProgress(verb, header, say),
});

function contentsProgress(verb: string, { media }: BackupHeader, say: (line: string) => void): OnContent {
  let [contents, bytes] = [0, 0];
  let spokeAt = Number.NEGATIVE_INFINITY;
  return (more, ended) => {
    bytes += more;
    if (ended) contents += 1;
    if (contents !== media?.contents && performance.now() - spokeAt < everyMs) return;
    spokeAt = performance.now();
    say(`${verb} media contents: ${contents} of ${media?.contents}, ${sizeOf(bytes)} of ${sizeOf(media?.bytes ?? 0)}`);
  };
}

/** Prints progress: a line for each table, and every two seconds within a long one. */
function rowsProgress(verb: string, header: BackupHeader, say: (line: string) => void): OnRows {
  const all = header.tables.reduce((sum, { rows }) => sum + rows, 0);
  let [rows, bytes, before] = [0, 0, 0];
  let spokeAt = performance.now();
  let current = '';
  return (table, moreRows, moreBytes) => {
    if (table.name !== current) [current, rows, bytes] = [table.name, 0, 0];
    rows += moreRows;
    bytes += moreBytes;
    before += moreRows;
    const complete = rows === table.rows;
    if (!complete && performance.now() - spokeAt < everyMs) return;
    spokeAt = performance.now();
    say(
      `${verb} ${table.name}: ${complete ? rows : `${rows} of ${table.rows}`} rows, ${sizeOf(bytes)}, ${Math.floor((100 * before) / all)} % of all`,
    );
  };
}

/** A human-readable size, such as 3.4 MB. */
export function sizeOf(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [size, unit] = [bytes, 0];
  for (; size >= 1_000 && unit < units.length - 1; unit++) size /= 1_000;
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}
