// Places that several share: the next free place goes to the waiting one that has the fewest.

interface Line {
  busy: number;
  waiting: (() => void)[];
}

interface Group {
  busy: number;
  lines: Map<string, Line>;
}

/** Runs work once a place of its group is free. Nobody of a group keeps the others out by asking for many. */
export type FairPlaces = <Result>(group: string, key: string, work: () => Promise<Result>) => Promise<Result>;

/** Creates `count` places for each group. */
export function fairPlaces(count: number): FairPlaces {
  const groups = new Map<string, Group>();

  function admit(group: Group): void {
    while (group.busy < count) {
      let next: Line | undefined;
      for (const line of group.lines.values())
        if (line.waiting.length > 0 && (!next || line.busy < next.busy)) next = line;
      const start = next?.waiting.shift();
      if (!next || !start) return;
      next.busy++;
      group.busy++;
      start();
    }
  }

  return async (name, key, work) => {
    const group = groups.get(name) ?? { busy: 0, lines: new Map() };
    groups.set(name, group);
    const line = group.lines.get(key) ?? { busy: 0, waiting: [] };
    group.lines.set(key, line);
    await new Promise<void>(resolve => {
      line.waiting.push(resolve);
      admit(group);
    });
    try {
      return await work();
    } finally {
      line.busy--;
      group.busy--;
      if (line.busy === 0 && line.waiting.length === 0) group.lines.delete(key);
      if (group.lines.size === 0) groups.delete(name);
      admit(group);
    }
  };
}
