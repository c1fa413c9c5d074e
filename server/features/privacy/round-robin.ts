// Round-robin: shares limited work among many.

/** Who had the last turn, and whether there may be more work. */
export interface Round {
  last: string | undefined;
  more: boolean;
}

/**
 * Gives each one a turn, starting after the last: batch after batch while they are full. After a full batch the round
 * ends unless it `goesOn`. `all` is sorted by id.
 */
export async function goRound<Each extends { id: string }>(
  all: readonly Each[],
  last: string | undefined,
  goesOn: () => boolean,
  piece: (each: Each) => Promise<boolean>,
): Promise<Round> {
  const behind = all.filter(({ id }) => last !== undefined && id > last);
  const others = all.filter(({ id }) => last === undefined || id <= last);
  for (const each of [...behind, ...others])
    while (await piece(each)) if (!goesOn()) return { last: each.id, more: true };
  return { last, more: false };
}
