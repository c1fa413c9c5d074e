// Numbers that WhatsApp writes in another form than their country: we have one form of each.

/**
 * A number, with +, as its country writes it. WhatsApp keeps the 1 before Mexican mobile numbers that Mexico gave up in
 * 2019, and often leaves out the 9 that Brazil has put before its mobile numbers since 2012; it takes a number in either
 * form.
 */
export const asDialled = (number: string): string =>
  number
    .replace(/^\+521(\d{10})$/, '+52$1')
    .replace(/^\+55([1-9]{2})([6-9]\d{7})$/, (_, area, rest) => `+55${area}9${rest}`);

/** A number of ours, and the forms in which a channel may name it. */
export const namesOf = (number: string): string[] => {
  const others = [
    number.replace(/^\+52(\d{10})$/, '+521$1'),
    number.replace(/^\+55([1-9]{2})9([6-9]\d{7})$/, '+55$1$2'),
  ];
  return [...new Set([number, ...others])];
};
