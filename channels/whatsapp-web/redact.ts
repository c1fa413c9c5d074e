// Makes texts of others safe for the log: no number of a person, no key.

/** Digits of a phone number or LID. */
const longNumber = /\d{6,}/g;
/** What may be a key, in hex or base64. */
const longCode = /[A-Za-z0-9+/=_-]{32,}/g;

/** The text without numbers and keys, and at most 300 characters of it. */
export const redact = (text: string): string => text.replace(longCode, '…').replace(longNumber, '…').slice(0, 300);

/** The message of an error, safe for the log. */
export const errorText = (error: unknown): string => redact(error instanceof Error ? error.message : String(error));
