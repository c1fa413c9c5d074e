// Faults that are forced on calls: by a switch of the process, and by rules that come over HTTP.

/** A fault as the control routes take it: so many times, or until it is taken away. */
type Rule = { fault: string; times?: number | undefined };

export type Faults<Call, Kind extends Rule> = {
  /** The fault of a call, and one time less of its rule. */
  of(call: Call): Kind['fault'] | null;
  setSwitch(next: ((call: Call) => Kind['fault'] | null | undefined) | null): void;
  addRule(rule: Kind): void;
  /** Those that are left, with how many times are left of each. */
  rules(): Kind[];
  clearRules(): void;
};

/** The switch of the process first, then the rules in the order in which they came. */
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

/** Whether a field of a rule leaves the call in; without the field it does. */
export const allows = (wanted: string | undefined, given: string | null): boolean =>
  wanted === undefined || wanted === given;
