// The names that are most like a name that does not exist, for the advice of an error.

/** The number of single-character edits between two texts. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, place) => place);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[to.length] ?? 0;
}

/** At most three names, the most similar first; all if there are no more than three. */
export function nearest(name: string, names: readonly string[]): string[] {
  const wanted = name.slice(0, 100);
  return names
    .map(each => ({ each, far: distance(wanted, each.slice(0, 100)) }))
    .sort((a, b) => a.far - b.far || (a.each < b.each ? -1 : 1))
    .slice(0, 3)
    .map(({ each }) => each);
}
