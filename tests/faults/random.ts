// Seeded random numbers, so that a fault schedule can be replayed.

export interface Random {
  /** A number from 0 up to 1, like Math.random. */
  next(): number;
  /** An integer from `least` to `most`, inclusive. */
  whole(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** One of the names, by weight. */
  weighted<Name extends string>(weights: Record<Name, number>): Name;
  chance(part: number): boolean;
}

/** Mulberry32: small, and good enough to draw faults. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick(items) {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    weighted<Name extends string>(weights: Record<Name, number>) {
      const names = Object.keys(weights) as Name[];
      let rest = next() * names.reduce((sum, name) => sum + weights[name], 0);
      for (const name of names) {
        rest -= weights[name];
        if (rest < 0) return name;
      }
      throw new Error('nothing to pick from');
    },
    chance: part => next() < part,
  };
}
