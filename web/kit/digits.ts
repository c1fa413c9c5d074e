/** The digits of a number, however it is written. */
export const toDigits = (text: string): string => text.replace(/\D/g, '');
