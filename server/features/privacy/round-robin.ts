// Round-robin: shares limited work among many.

/** Who had the last turn, and whether there may be more work. */
export interface Round {
  last: string | undefined;
  more: boolean;
}

/**
 * Gives each one a turn, starting after the last: batch after batch while they are full. Only full batches count; the
 * round ends after `most` of them. `all` is sorted by id.
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
