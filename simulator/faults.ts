// Forced faults of calls: by a switch in the process, and by rules over HTTP.

/** A rule of the control routes: a number of times, or until it is removed. */
type Rule = { fault: string; times?: number | undefined };

export type Faults<Call, Kind extends Rule> = {
  /** The fault of a call; uses up one time of its rule. */
  of(call: Call): Kind['fault'] | null;
  setSwitch(next: ((call: Call) => Kind['fault'] | null | undefined) | null): void;
  addRule(rule: Kind): void;
  /** The remaining rules with their remaining times. */
  rules(): Kind[];
  clearRules(): void;
};

/** The switch comes first, then the rules in the order of their arrival. */
export const createFaults = <Call, Kind extends Rule>(
  fits: (rule: Kind, call: Call) => boolean,
): Faults<Call, Kind> => {
  let forced: ((call: Call) => Kind['fault'] | null | undefined) | null = null;
  let rules: Kind[] = [];
  return {
    of: call => {
      const named = forced?.(call) ?? null;
      if (named !== null) return named;
      const found = rules.find(rule => fits(rule, call));
      if (found?.times === undefined) return found?.fault ?? null;
      found.times--;
      if (found.times === 0) rules = rules.filter(each => each !== found);
      return found.fault;
    },
    setSwitch: next => {
      forced = next;
    },
    addRule: rule => {
      rules.push({ ...rule });
    },
    rules: () => rules,
    clearRules: () => {
      rules = [];
    },
  };
};

/** Whether a rule's field matches the call; an absent field matches all. */
export const allows = (wanted: string | undefined, given: string | null): boolean =>
  wanted === undefined || wanted === given;
