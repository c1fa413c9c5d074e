// Phone numbers of contacts, for callers who may not see them: the last four digits.
import { commonProblem } from '../errors.ts';

const number = /^\+\d{7,15}$/;
/** The channel's own fields write a number without +. */
const digits = /\+?\d{7,15}/g;

/** Fields with a number, or with a name that falls back to one. Texts that people wrote stay as they are. */
const numberFields: ReadonlySet<string> = new Set(['phone', 'to', 'from', 'number', 'name']);

/** Objects of the channel, and their fields that may have a number. */
const channelFields: Readonly<Record<string, readonly string[]>> = { context: ['from'], system: ['body', 'wa_id'] };

/** Ids of the channel. Meta's encode the number of the contact in base64. */
const encodingFields: ReadonlySet<string> = new Set(['channel_message_id']);

/** Fields with what people wrote, also cards of contacts that they shared. */
const writtenFields: ReadonlySet<string> = new Set(['content', 'contacts']);

const isObject = (shown: unknown): shown is object =>
  typeof shown === 'object' && shown !== null && shown.constructor === Object;

/** An E.164 number as `•••` and its last four digits; any other text as it is. */
export const maskNumber = (text: string): string => (number.test(text) ? `•••${text.slice(-4)}` : text);

function maskField(field: string, text: string): string {
  if (encodingFields.has(field)) return '•••';
  return numberFields.has(field) ? maskNumber(text) : text;
}

/** An object of the channel, such as `system` with `A changed from 351912662345 to 351912662346`. */
function maskChannel(shown: object, fields: readonly string[]): object {
  const masked = Object.entries(maskNumbers(shown)).map(([field, value]) => [
    field,
    typeof value === 'string' && fields.includes(field)
      ? value.replaceAll(digits, found => `•••${found.slice(-4)}`)
      : value,
  ]);
  return Object.fromEntries(masked);
}

/** A copy of what the API shows, with the numbers of contacts masked. Numbers of accounts are public, and stay. */
export function maskNumbers<Shown>(shown: Shown): Shown {
  if (Array.isArray(shown)) return shown.map(each => maskNumbers(each)) as Shown;
  if (!isObject(shown)) return shown;
  const isOwn = 'phone_number_id' in shown || 'linked_at' in shown;
  const masked = Object.entries(shown).map(([field, value]) => {
    if (typeof value === 'string') return [field, isOwn ? value : maskField(field, value)];
    if (writtenFields.has(field)) return [field, value];
    const channels = channelFields[field];
    return [field, channels && isObject(value) ? maskChannel(value, channels) : maskNumbers(value)];
  });
  return Object.fromEntries(masked) as Shown;
}

/** Rejects callers who do not see numbers, for files full of them. @throws AppError */
export function demandNumbers({ seesNumbers }: { seesNumbers: boolean }): void {
  if (!seesNumbers) throw commonProblem('forbidden', 'This file has the numbers of contacts, which you do not see.');
}
