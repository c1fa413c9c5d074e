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
