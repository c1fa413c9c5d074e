// A gate: at most so many pieces of work at once, the others wait in the order in which they came.

/** Makes a gate for `places` at once. */
export function gate(places: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = places;
  return async work => {
    if (free > 0) free--;
    else await new Promise<void>(resolve => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever waits takes the place over; it is not free in between.
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
