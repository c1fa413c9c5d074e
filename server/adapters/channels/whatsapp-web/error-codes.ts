// What the codes of WhatsApp Web mean, as sentences for people.

/** WhatsApp's code of a number that may not begin conversations now. */
export const restricted = '463';

const titles: Readonly<Record<string, string>> = {
  [restricted]: 'This link is too new for people who never wrote.',
  not_on_whatsapp: 'The number is not on WhatsApp.',
  '479': 'WhatsApp did not take the message for this person.',
};

/** The sentence for a code. `words` is what the session says of it. */
export const titleOf = (code: string, words?: string): string =>
  titles[code] ?? words ?? `WhatsApp rejected the message with code ${code}.`;

/** The sentence for a refused message to somebody who wrote before: WhatsApp refused each address that is known. */
export const refusedAnswerTitle = 'WhatsApp refuses messages to this person, although they wrote before.';

/** The sentence for a restricted number, with the date of its link. */
export const restrictedTitle = (linkedAt: Date | undefined): string =>
  linkedAt ? `${titleOf(restricted)} It was linked on ${linkedAt.toISOString().slice(0, 10)}.` : titleOf(restricted);
