/** The digits of a number, however it is written. */
export const toDigits = (text: string): string => text.replace(/\D/g, '');

/** Whether the server searches people for it: two letters, or three digits. */
export const isSearchable = (text: string): boolean =>
  /\p{L}/u.test(text) ? text.length > 1 : toDigits(text).length > 2;
