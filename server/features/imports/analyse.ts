// The analysis of a file: its columns with their first values, their likely targets, and the number of rows.
import type { ImportTarget } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { listFields } from '../contacts/index.ts';
import { rowsOf, unreadable } from './file.ts';
import { guessTargets, looksLikeHeader } from './guess.ts';
import type { ColumnRow, FileFacts } from './import.ts';

/** How much of a file tells what its columns are. */
const looked = { rows: 1_000, characters: 2_000_000 };
const [shownValues, longestShown] = [3, 80];

export interface Analysis {
  header: boolean;
  columns: ColumnRow[];
  rows: number;
}

/** Reads a file to its end. `header`: undefined to find out. @throws AppError where it cannot be read, or has no rows */
export async function analyse(
  db: Queryable,
  workspaceId: string,
  id: string,
  facts: Pick<FileFacts, 'encoding' | 'delimiter'> & { header: boolean | undefined },
): Promise<Analysis> {
  const sample: string[][] = [];
  let characters = 0;
  let count = 0;
  let widest = 0;
  for await (const rows of rowsOf(db, id, facts)) {
    for (const { cells, fault, line } of rows) {
      if (fault && count === 0)
        throw unreadable(`Line ${line} has a quote that is not closed, or text behind it. Correct its quotes.`);
      count++;
      if (fault) continue;
      widest = Math.max(widest, cells.length);
      if (sample.length > looked.rows || characters > looked.characters) continue;
      characters += cells.reduce((sum, cell) => sum + cell.length, 0);
      sample.push(cells);
    }
  }
  const [first] = sample;
  if (!first) throw unreadable('The file has no rows.');
  const header = facts.header ?? looksLikeHeader(first, count > 1);
  const data = header ? sample.slice(1) : sample;
  if (data.length === 0) throw unreadable('The file has no rows below the names of its columns.');
  const width = header ? widthOf(first) : widest;
  const fields = await listFields(db, workspaceId);
  const guesses = guessTargets(header ? first : undefined, data, width, fields) as ImportTarget[];
  const columns = guesses.map((guess, at) => ({
    name: header ? (first[at]?.trim() ?? '').slice(0, longestShown) : null,
    values: data
      .map(cells => cells[at]?.trim() ?? '')
      .filter(cell => cell !== '')
      .slice(0, shownValues)
      .map(cell => (cell.length > longestShown ? `${cell.slice(0, longestShown)}…` : cell)),
    guess,
    target: guess,
  }));
  return { header, columns, rows: header ? count - 1 : count };
}

/** Without empty cells at the end. */
const widthOf = (cells: readonly string[]) => cells.findLastIndex(cell => cell.trim() !== '') + 1;
