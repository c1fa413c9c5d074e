// Whom a note names: `@` and the name of somebody of ours. Pure.

/** A person, as far as a mention needs one. */
export interface Named {
  id: string;
  name: string;
}

/** A piece of a note: a text, or a mention. */
export interface Piece {
  text: string;
  person?: Named;
}

const byLength = <Person extends Named>(people: readonly Person[]): Person[] =>
  people.filter(({ name }) => name !== '').sort((one, other) => other.name.length - one.name.length);

/** The note in pieces. Of two names that fit, the longer one counts. */
export function piecesOf(text: string, people: readonly Named[]): Piece[] {
  const longest = byLength(people);
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const person = longest.find(({ name }) => text.startsWith(name, at + 1));
    if (!person) continue;
    if (at > from) pieces.push({ text: text.slice(from, at) });
    from = at + 1 + person.name.length;
    pieces.push({ text: text.slice(at, from), person });
    at = from - 1;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** The people whom a note names, each once. */
export const mentionedIn = <Person extends Named>(text: string, people: readonly Person[]): Person[] => {
  const ids = new Set(piecesOf(text, people).map(({ person }) => person?.id));
  return people.filter(({ id }) => ids.has(id));
};

/** What is typed of a name at the cursor, from its `@` on; undefined where no mention is being written. */
export function typedMention(text: string, cursor: number): { from: number; typed: string } | undefined {
  const before = text.slice(0, cursor);
  const from = before.lastIndexOf('@');
  const typed = before.slice(from + 1);
  const isBegun = from !== -1 && (from === 0 || /[\s(]/.test(before.charAt(from - 1)));
  return isBegun && typed.length <= 60 && !typed.includes('\n') ? { from, typed } : undefined;
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Those with a word that begins with what is typed, in the order of the list. */
export const fitting = <Person extends Named>(people: readonly Person[], typed: string): Person[] =>
  people.filter(({ name }) => ` ${folded(name)}`.includes(` ${folded(typed)}`));
