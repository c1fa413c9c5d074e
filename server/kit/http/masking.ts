// Phone numbers of contacts, for callers who may not see them: the last four digits.
import { commonProblem } from '../errors.ts';

const number = /^\+\d{7,15}$/;

/** Fields with a number, or with a name that falls back to one. Texts that people wrote stay as they are. */
const numberFields: ReadonlySet<string> = new Set(['phone', 'to', 'from', 'number', 'name']);

/** Fields with what people wrote, also cards of contacts that they shared. */
const writtenFields: ReadonlySet<string> = new Set(['content', 'contacts']);

/** An E.164 number as `•••` and its last four digits; any other text as it is. */
export const maskNumber = (text: string): string => (number.test(text) ? `•••${text.slice(-4)}` : text);

/** A copy of what the API shows, with the numbers of contacts masked. Numbers of accounts are public, and stay. */
export function maskNumbers<Shown>(shown: Shown): Shown {
  if (Array.isArray(shown)) return shown.map(each => maskNumbers(each)) as Shown;
  if (typeof shown !== 'object' || shown === null || shown.constructor !== Object) return shown;
  const isOwn = 'phone_number_id' in shown || 'linked_at' in shown;
  const masked = Object.entries(shown).map(([field, value]) => {
    if (typeof value === 'string') return [field, numberFields.has(field) && !isOwn ? maskNumber(value) : value];
    return [field, writtenFields.has(field) ? value : maskNumbers(value)];
  });
  return Object.fromEntries(masked) as Shown;
}

/** Rejects callers who do not see numbers, for files full of them. @throws AppError */
export function demandNumbers({ seesNumbers }: { seesNumbers: boolean }): void {
  if (!seesNumbers) throw commonProblem('forbidden', 'This file has the numbers of contacts, which you do not see.');
}
