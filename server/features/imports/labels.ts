// The labels that the rows of an import name.
import { mostLabels } from '@recado/contract';
import { foldedText } from './folded-text.ts';

const longestName = 50;

export type LabelFault = 'label_invalid' | 'label_unknown' | 'too_many_labels';

/** The labels of a workspace, and those that an import would add. */
export interface LabelBook {
  /** The names of the labels that a cell lists, as the workspace writes them. */
  read(cell: string): { names: string[] } | { fault: LabelFault; name: string };
  used(): string[];
  fresh(): string[];
}

/** `known`: the labels for contacts. `others`: how many labels the workspace has beside them. */
export function labelBook(known: readonly string[], others: number, creates: boolean): LabelBook {
  const byFold = new Map(known.map(name => [foldedText(name), name]));
  const used = new Set<string>();
  const fresh = new Set<string>();
  /** A label may have a comma in its name: a part that is a label stays whole. */
  const namesIn = (cell: string): string[] =>
    cell
      .split(/;|:::/)
      .flatMap(part => (byFold.has(foldedText(part)) ? [part] : part.split(',')))
      .map(part => part.trim())
      // The groups of an address book itself, which all contacts have.
      .filter(name => name !== '' && !name.startsWith('* '));
  return {
    read(cell) {
      const names: string[] = [];
      for (const name of namesIn(cell)) {
        const fold = foldedText(name);
        const there = byFold.get(fold);
        if (there === undefined) {
          if (name.length > longestName) return { fault: 'label_invalid', name: name.slice(0, longestName) };
          if (!creates) return { fault: 'label_unknown', name };
          if (byFold.size + others >= mostLabels) return { fault: 'too_many_labels', name };
          byFold.set(fold, name);
          fresh.add(name);
        }
        const own = there ?? name;
        used.add(own);
        if (!names.includes(own)) names.push(own);
      }
      return { names };
    },
    used: () => [...used],
    fresh: () => [...fresh],
  };
}
