// Time zones, and the search in them.

/** The time zone of this browser. */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** All zones, with the browser's own even where it has an older name. */
const allZones = (): string[] => [...new Set([ownZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])];

/** How far the clocks of a zone are from UTC at a time: "UTC−3". */
export function offsetOf(zone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(now);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return name
    .replace('GMT', 'UTC')
    .replace(/[+-]0$/, '')
    .replace('-', '−');
}

/** Without accents and case; `_` and `/` part words, as spaces do. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('−', '-')
    .toLowerCase()
    .split(/[\s_/,]+/u)
    .filter(Boolean);

interface Zone {
  name: string;
  offset: string;
  words: string[];
}
let zones: Zone[] | undefined;

/** The zones whose name or offset has all words of a text: "sao pau" finds America/Sao_Paulo. */
export function findZones(text: string): Zone[] {
  const now = new Date();
  zones ??= allZones().map(name => {
    const offset = offsetOf(name, now);
    return { name, offset, words: [...wordsOf(name), ...wordsOf(offset)] };
  });
  const asked = wordsOf(text);
  return zones.filter(({ words }) => asked.every(word => words.some(each => each.startsWith(word))));
}
