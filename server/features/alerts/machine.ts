// The state machine of a rule and a subject: what a value of the present makes of the state before. Without side effects.
export interface Condition {
  fireAbove: number;
  clearBelow: number;
  forMs: number;
  keepMs: number;
}

/** fine: nothing is wrong. no_data: nothing is known. */
export type WatchState = 'ok' | 'pending' | 'firing' | 'clearing' | 'no_data';

export interface Watch {
  state: WatchState;
  /** Since when, in milliseconds. */
  since: number;
  /** When it began to fire and ceased to, within the last hour. */
  changes: readonly number[];
}

const hourMs = 3_600_000;
/** More changes than these in an hour are unstable. */
const mostChanges = 4;

const fires = (state: WatchState) => state === 'firing' || state === 'clearing';

/** Whether an alert changes so often that it is told once. */
export const isUnstable = ({ changes }: Watch): boolean => changes.length > mostChanges;

/** The state after a round. `value`: null where there is no data, which neither fires nor clears. */
export function step(condition: Condition, before: Watch | undefined, value: number | null, now: number): Watch {
  const was = before?.state ?? 'ok';
  const changes = (before?.changes ?? []).filter(at => at > now - hourMs);
  const next = nextState(condition, before, value, now);
  const changed = fires(next) !== fires(was);
  return {
    state: next,
    since: next === was ? (before?.since ?? now) : now,
    changes: changed ? [...changes, now] : changes,
  };
}

function nextState(
  { fireAbove, clearBelow, forMs, keepMs }: Condition,
  before: Watch | undefined,
  value: number | null,
  now: number,
): WatchState {
  const was = before?.state ?? 'ok';
  const since = before?.since ?? now;
  if (fires(was)) {
    if (value === null || value >= clearBelow) return 'firing';
    if (keepMs === 0) return 'ok';
    return was === 'clearing' && now - since >= keepMs ? 'ok' : 'clearing';
  }
  if (value === null) return 'no_data';
  if (value <= fireAbove) return 'ok';
  if (forMs === 0) return 'firing';
  return was === 'pending' && now - since >= forMs ? 'firing' : 'pending';
}
