// Recognizes an id or a phone number in the text of the palette.

const kinds = { msg: 'message', acc: 'account', con: 'contact', cnv: 'conversation' } as const;
type Kind = (typeof kinds)[keyof typeof kinds];

/** The id that the text is, with its kind. */
export function idIn(text: string): { kind: Kind; id: string } | undefined {
  const [, prefix] = /^(msg|acc|con|cnv)_[0-7][0-9a-hjkmnp-tv-z]{25}$/.exec(text) ?? [];
  return prefix === undefined ? undefined : { kind: kinds[prefix as keyof typeof kinds], id: text };
}

/** The international number that the text is: it begins with `+` or `00` and has at least seven digits. */
export function numberIn(text: string): string | undefined {
  if (!/^(\+|00)[\d\s().-]+$/.test(text)) return undefined;
  const digits = text.replace(/^00/, '').replace(/\D/g, '');
  return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : undefined;
}
