// Figures and lists in the sentences of checks.

export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

export const inMegabytes = (bytes: number): number => Math.round(bytes / 1_000_000);

const mostNames = 5;

/** The first names of a list. */
export const listed = (names: readonly string[]): string =>
  names.length > mostNames
    ? `${names.slice(0, mostNames).join(', ')} (+${names.length - mostNames})`
    : names.join(', ');
