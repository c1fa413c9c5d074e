/** Joins class names; leaves out what is not one. */
export const cx = (...names: (string | false | undefined)[]): string => names.filter(Boolean).join(' ');
