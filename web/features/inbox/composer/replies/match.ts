// Which saved replies fit what is typed after /, and where in the text it stands.
import type { SavedReply } from '@recado/client';

/** What is typed after the / that asks for replies. */
export interface Asked {
  /** Where the / stands. */
  start: number;
  /** Where the cursor is. */
  end: number;
  query: string;
  /** Whether the text is nothing else. */
  isAlone: boolean;
}

const afterSlash = /(?:^|\s)\/([^\s/]{0,40})$/;

/** The question before the cursor; a / within a word asks for nothing. */
export function askedBefore(text: string, cursor: number): Asked | undefined {
  const found = afterSlash.exec(text.slice(0, cursor));
  if (!found) return undefined;
  const query = found[1] ?? '';
  const start = cursor - query.length - 1;
  const isAlone = text.trim() === text.slice(start, cursor);
  return { start, end: cursor, query: query.toLocaleLowerCase(), isAlone };
}

export interface Match {
  reply: SavedReply;
  /** The places of the shortcut's letters that fit. */
  letters: ReadonlySet<number>;
}

const most = 20;

/** The best fits first; of equal ones the order stays, so the most used one. */
export function matches(replies: readonly SavedReply[], query: string): Match[] {
  return replies
    .map(reply => ({ reply, ...rank(reply, query) }))
    .filter(({ points }) => points > 0)
    .sort((one, other) => other.points - one.points)
    .slice(0, most)
    .map(({ reply, letters }) => ({ reply, letters }));
}

function rank({ shortcut, title, body }: SavedReply, query: string): { points: number; letters: ReadonlySet<number> } {
  if (query === '') return { points: 1, letters: new Set() };
  const at = shortcut.indexOf(query);
  if (at >= 0) return { points: at === 0 ? 6 : 5, letters: new Set([...query].map((_, place) => at + place)) };
  const letters = inOrder(shortcut, query);
  const name = title.toLocaleLowerCase();
  if (name.startsWith(query)) return { points: 4.5, letters: new Set() };
  if (letters) return { points: 4, letters };
  if (name.includes(query)) return { points: 3, letters: new Set() };
  if (inOrder(name, query)) return { points: 2, letters: new Set() };
  return { points: body.toLocaleLowerCase().includes(query) ? 1 : 0, letters: new Set() };
}

/** The places of letters that stand in a text in this order; undefined if they do not. */
function inOrder(text: string, letters: string): ReadonlySet<number> | undefined {
  const places = new Set<number>();
  let from = 0;
  for (const letter of letters) {
    const at = text.indexOf(letter, from);
    if (at < 0) return undefined;
    places.add(at);
    from = at + 1;
  }
  return places;
}
