// Scripted rules of one kind of call: by a switch in the process, and over HTTP.

/** A rule of the script routes: a number of times, or until it is removed. */
type Rule = { fault?: string | undefined; times?: number | undefined; skip?: number | undefined };

export type Faults<Call, Kind extends Rule> = {
  /** The rule of a call, of which it uses up one time; a switch gives only `fault`. */
  take(call: Call): Partial<Kind> | null;
  /** The fault of a call; uses up one time of its rule. */
  of(call: Call): Kind['fault'] | null;
  setSwitch(next: ((call: Call) => Kind['fault'] | null | undefined) | null): void;
  /** Adds a rule and returns it with its id. */
  addRule(rule: Kind): Listed<Kind>;
  /** The remaining rules with their remaining times. */
  rules(): Listed<Kind>[];
  /** Whether there was one with this id. */
  removeRule(id: number): boolean;
  clearRules(): void;
};

export type Listed<Kind> = Kind & { id: number };

/** The switch comes first, then the rules in the order of their arrival. */
export const createFaults = <Call, Kind extends Rule>(
  fits: (rule: Kind, call: Call) => boolean,
): Faults<Call, Kind> => {
  let forced: ((call: Call) => Kind['fault'] | null | undefined) | null = null;
  let rules: Listed<Kind>[] = [];
  let added = 0;
  const take = (call: Call): Partial<Kind> | null => {
    const named = forced?.(call) ?? null;
    if (named !== null) return { fault: named } as Partial<Kind>;
    for (const rule of rules) {
      if (!fits(rule, call)) continue;
      if (rule.skip !== undefined && rule.skip > 0) {
        rule.skip--;
        continue;
      }
      if (rule.times !== undefined && --rule.times === 0) rules = rules.filter(each => each !== rule);
      return rule;
    }
    return null;
  };
  return {
    take,
    of: call => take(call)?.fault ?? null,
    setSwitch: next => {
      forced = next;
    },
    addRule: rule => {
      const listed = { id: ++added, ...rule };
      rules.push(listed);
      return listed;
    },
    rules: () => rules,
    removeRule: id => {
      const before = rules.length;
      rules = rules.filter(rule => rule.id !== id);
      return rules.length < before;
    },
    clearRules: () => {
      rules = [];
    },
  };
};

/** Whether a rule's field matches the call; an absent field matches all. */
export const allows = (wanted: string | undefined, given: string | null): boolean =>
  wanted === undefined || wanted === given;
