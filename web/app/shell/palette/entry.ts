// A line of the palette.
import type { LucideIcon } from 'lucide-react';

export interface Entry {
  /** Unique in its group. */
  id: string;
  group: string;
  label: string;
  /** At the end of the line: a number, an account. */
  detail?: string | undefined;
  icon: LucideIcon;
  act: () => void;
}

/** Dialogs of the shell that an entry opens. */
export interface PaletteActs {
  onClose: () => void;
  onHelp: () => void;
  onLogOut: () => void;
  onRemoveDemo: () => void;
}

/** Moves through the lines, and runs the chosen one. */
export interface ResultKeys {
  move: (by: number) => void;
  run: () => void;
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
export const wordsOf = (text: string): string[] => plain(text).split(/\s+/).filter(Boolean);

/** Whether an entry has all the words, without regard to accents and capitals. */
export const fits = ({ label, group, detail = '' }: Entry, words: readonly string[]): boolean => {
  const text = plain(`${label} ${group} ${detail}`);
  return words.every(word => text.includes(word));
};

const mostOfGroup = 6;

/** The first entries of each group, in their order. */
export function firstOfGroups(entries: readonly Entry[]): Entry[] {
  const counts = new Map<string, number>();
  return entries.filter(({ group }) => {
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    return count <= mostOfGroup;
  });
}
