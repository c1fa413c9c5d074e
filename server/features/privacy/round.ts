// Whose turn it is, where many share what is done at once.

/** Who had the last turn, and whether there may be more to do. */
export interface Round {
  last: string | undefined;
  more: boolean;
}

/**
 * Gives everybody a turn, beginning behind whoever had the last one: a piece after the other while they are full. Only full
 * ones count, and the round ends after `most` of them. `all` is in the order of the ids.
 */
export async function goRound<Each extends { id: string }>(
  all: readonly Each[],
  last: string | undefined,
  most: number,
  piece: (each: Each) => Promise<boolean>,
): Promise<Round> {
  let left = most;
  const behind = all.filter(({ id }) => last !== undefined && id > last);
  const others = all.filter(({ id }) => last === undefined || id <= last);
  for (const each of [...behind, ...others])
    while (await piece(each)) {
      left--;
      if (left === 0) return { last: each.id, more: true };
    }
  return { last, more: false };
}
