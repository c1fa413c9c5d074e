// Whether a connected phone is silent for longer than it usually is. A rule without side effects, over times in
// milliseconds.

/** The rhythm of an account: the longest usual pause between messages, for each hour of the day in UTC. */
export interface Rhythm {
  heardAt: number;
  longest: readonly number[];
  /** How many pauses are known. */
  pauses: number;
  /** What was done about the current silence, and when. */
  acted: { step: 'probed' | 'reconnected'; at: number } | undefined;
}

/** What to do about a silence, and how long it is. */
export interface Silence {
  action: 'probe' | 'reconnect';
  silentMs: number;
  usualMs: number;
}

const hourMs = 3_600_000;
const dayHours = 24;
/** With fewer pauses there is no rhythm. */
const fewestPauses = 20;
/** A shorter silence means nothing. */
const shortestMs = 15 * 60_000;
/** How much longer than usual a silence has to be. */
const factor = 4;
/** How fast a long pause of an hour is forgotten while shorter ones follow. */
const decay = 0.98;

const hourOf = (at: number): number => Math.floor(at / hourMs) % dayHours;

/** The rhythm of an account that has just connected. */
export const newRhythm = (now: number, before?: Rhythm): Rhythm => ({
  heardAt: now,
  longest: before?.longest ?? Array.from({ length: dayHours }, () => 0),
  pauses: before?.pauses ?? 0,
  acted: before?.acted,
});

/** A message came or went. The pause before it counts for each hour that it touched. */
export function heard(rhythm: Rhythm, now: number): Rhythm {
  const pause = Math.max(0, now - rhythm.heardAt);
  const longest = [...rhythm.longest];
  const hours = Math.min(dayHours - 1, Math.floor(now / hourMs) - Math.floor(rhythm.heardAt / hourMs));
  for (let back = 0; back <= hours; back++) {
    const hour = hourOf(now - back * hourMs);
    longest[hour] = Math.max(pause, (longest[hour] ?? 0) * decay);
  }
  return { heardAt: now, longest, pauses: rhythm.pauses + 1, acted: undefined };
}

/** What to do about a silence now: first ask whether the connection works, then connect again, then wait for a message. */
export function silenceAt(rhythm: Rhythm, now: number): Silence | undefined {
  if (rhythm.pauses < fewestPauses || rhythm.acted?.step === 'reconnected') return undefined;
  const hour = hourOf(now);
  const here = Math.max(rhythm.longest[hour] ?? 0, rhythm.longest[(hour + dayHours - 1) % dayHours] ?? 0);
  // Of an hour that it has not lived through, nothing is known: then the longest of all counts.
  const usualMs = here > 0 ? here : Math.max(...rhythm.longest);
  const silentMs = now - rhythm.heardAt;
  const enough = Math.max(shortestMs, factor * usualMs);
  if (silentMs <= enough) return undefined;
  if (rhythm.acted === undefined) return { action: 'probe', silentMs, usualMs };
  return now - rhythm.acted.at > shortestMs ? { action: 'reconnect', silentMs, usualMs } : undefined;
}
