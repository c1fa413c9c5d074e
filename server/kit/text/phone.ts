// Phone numbers that WhatsApp writes differently from their country: we use one form.

/**
 * A number with + as its country writes it. WhatsApp keeps the 1 in Mexican mobile numbers, which Mexico dropped in
 * 2019. It often omits the 9 that Brazil added to mobile numbers in 2012. It accepts both forms. In Argentina the 9 of
 * a mobile number is often left out by people, and never by WhatsApp; with it and without it is the same subscriber.
 */
export const asDialled = (number: string): string =>
  number
    .replace(/^\+521(\d{10})$/, '+52$1')
    .replace(/^\+55([1-9]{2})([6-9]\d{7})$/, (_, area, rest) => `+55${area}9${rest}`)
    .replace(/^\+54([1-3]\d{9})$/, '+549$1');

/** A number, and the forms in which a channel may name it. */
export const namesOf = (number: string): string[] => {
  const others = [
    number.replace(/^\+52(\d{10})$/, '+521$1'),
    number.replace(/^\+55([1-9]{2})9([6-9]\d{7})$/, '+55$1$2'),
    number.replace(/^\+549([1-3]\d{9})$/, '+54$1'),
  ];
  return [...new Set([number, ...others])];
};

const digit = '0-9\\u0660-\\u0669\\u06f0-\\u06f9\\uff10-\\uff19';
/** Spaces of all kinds, marks that nobody sees, dashes, and the signs of a number. */
const between = ' \\t\\u00a0\\u2000-\\u2015\\u2028-\\u202f\\u2060-\\u2069\\u3000\\ufeff\\uff0b+().-';

/**
 * A name that is a number: at least seven digits, and otherwise only spaces, `+`, `-`, `.`, `(`, `)`. Both JavaScript and
 * PostgreSQL understand it.
 */
export const numberName = `^(?=([^${digit}]*[${digit}]){7})[${digit}${between}]+$`;
const readsSo = new RegExp(numberName);

/** Whether a name is a number, in any notation. */
export const readsAsNumber = (text: string): boolean => readsSo.test(text);

/** The digits of a text that may be a number or a part of it, however written. With letters it is a name: "Room 101". */
export function digitsOf(text: string): string | undefined {
  const digits = text.replaceAll(/[^0-9]/g, '');
  return digits.length < 3 || /\p{L}/u.test(text) ? undefined : digits;
}
