// Work that is too much for one transaction.

/** Does a piece after the other, each with a COMMIT of its own, until one was less than `whole`; gives the sum. */
export async function inPieces(whole: number, piece: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const done = await piece();
    sum += done;
    if (done < whole) return sum;
  }
}
