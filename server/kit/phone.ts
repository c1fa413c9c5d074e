// Numbers that WhatsApp writes in another form than their country: we have one form of each.

/**
 * A number, with +, as its country writes it. WhatsApp keeps the 1 before Mexican mobile numbers that Mexico gave up in
 * 2019, and takes a number in either form.
 */
export const asDialled = (number: string): string => number.replace(/^\+521(\d{10})$/, '+52$1');

/** A number of ours, and the forms in which a channel may name it. */
export const namesOf = (number: string): string[] => [
  number,
  ...(/^\+52\d{10}$/.test(number) ? [number.replace('+52', '+521')] : []),
];
