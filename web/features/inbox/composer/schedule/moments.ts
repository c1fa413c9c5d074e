// Moments as fields for date and time have them, in the zone of the browser.

export type PresetName = 'laterToday' | 'tomorrow' | 'monday';
export interface Preset {
  name: PresetName;
  at: Date;
}

const two = (value: number) => String(value).padStart(2, '0');

export const inputOf = (at: Date): { date: string; time: string } => ({
  date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
  time: `${two(at.getHours())}:${two(at.getMinutes())}`,
});

/** Undefined while the fields are not complete. */
export function momentOf(date: string, time: string): Date | undefined {
  if (date === '' || time === '') return undefined;
  const at = new Date(`${date}T${time}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

const laterMs = 2 * 3_600_000;
const morning = 9;

/** What people mean most: in two hours, tomorrow morning, on Monday morning. */
export function presets(now: Date): [Preset, ...Preset[]] {
  const later = new Date(now.getTime() + laterMs);
  later.setMinutes(Math.ceil(later.getMinutes() / 15) * 15, 0, 0);
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, morning);
  const daysToMonday = (8 - now.getDay()) % 7 || 7;
  const monday = new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysToMonday, morning);
  const rest: Preset[] = [
    { name: 'tomorrow', at: tomorrow },
    ...(daysToMonday > 1 ? [{ name: 'monday' as const, at: monday }] : []),
  ];
  const [first] = rest;
  // In the evening, two hours later is tomorrow.
  if (later.getDate() !== now.getDate() && first) return [first, ...rest.slice(1)];
  return [{ name: 'laterToday', at: later }, ...rest];
}
