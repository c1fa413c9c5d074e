// The browser and the system of a session, by its user agent.

/** Names that are part of others' user agents come last. */
const browsers = [
  ['Edge', /Edg(?:e|A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Firefox', /Firefox\/|FxiOS\//],
  ['Chrome', /Chrome\/|CriOS\//],
  ['Safari', /Safari\//],
] as const;

const systems = [
  ['Android', /Android/],
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
] as const;

const nameIn = (names: readonly (readonly [string, RegExp])[], text: string) =>
  names.find(([, pattern]) => pattern.test(text))?.[0];

/** The browser and the system of a session; undefined if the user agent names neither. */
export function deviceOf(userAgent: string | null): { browser: string; system: string | undefined } | undefined {
  if (userAgent === null || userAgent === '') return undefined;
  // A program names itself first: "curl/8.5".
  const browser = nameIn(browsers, userAgent) ?? userAgent.split(/[ /]/)[0] ?? userAgent;
  return { browser, system: nameIn(systems, userAgent) };
}
